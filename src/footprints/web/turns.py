"""What the templates show of one turn: its question, its answer and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from fastapi import Request

from footprints.answer.only import in_words
from footprints.answer.period import asks_for_now
from footprints.errors import StorageFailed
from footprints.index.years import fits
from footprints.types import ALL_DOCUMENTS, Answer, AnswerStatus, KnownDocument, Only, Topic
from footprints.web.conversations import Turn
from footprints.web.grouping import cards, sections
from footprints.web.places import has_changed, link_now
from footprints.web.state import answerer_of, conversations_of, documents_of
from footprints.wording import age_of, announcement, covered, differing, guidance, who_says

_WITH_EXAMPLES = frozenset({Topic.GREETING, Topic.HELP, Topic.SHORTER})
"""Where the examples help."""

_UNSURE = frozenset({
    AnswerStatus.POSSIBLE,
    AnswerStatus.ABSTAINED_NOT_IN_CORPUS,
    AnswerStatus.ABSTAINED_OFF_TOPIC,
})  # fmt: skip
"""Where it helps to know whom else to ask."""


def turn_context(
    request: Request, turn: Turn, owned: bool, kept: bool = True, by_date: bool = False
) -> dict[str, Any]:
    """Return what the partial of one turn needs; whoever ``owned`` it may say whether it helped."""
    answer, documents = turn.answer, answerer_of(request).index.documents
    shorter = _answer_before(request, turn) if answer.topic is Topic.SHORTER and kept else None
    return {
        "turn": turn,
        "owned": owned,
        "kept": kept,
        "answer": answer,
        "sections": sections(answer, by_date, documents),
        "further": cards(answer.further, documents=documents),
        "age": age_of(answer),
        "about_now": asks_for_now(answer.question),
        "said": announcement(answer),
        "guidance": guidance(answer.topic, documents_of(request)) if answer.topic else [],
        "shorter": shorter if owned else None,
        "examples": () if shorter else _examples(request, answer.topic),
        "covered": covered(documents_of(request)),
        "asked": _asked(request, answer),
        "unsure": any(part.status in _UNSURE for part in sections(answer, by_date)),
        "nothing": answer.status is AnswerStatus.ABSTAINED_NOT_IN_CORPUS,
        "by_date": by_date,
        "dates": len({(one.published, one.describes) for one in answer.citations}),
        "differing": differing(answer),
        "documents": documents,
        "link": partial(link_now, documents, turn.turn_id if kept else None),
        "outdated": answer.index_build != answerer_of(request).index_build,
        "changed": has_changed(answer, documents),
        "whose": who_says(answer),
        "suggested": (),
        "later": False,
        **choice(answer.only),
    }


def _answer_before(request: Request, turn: Turn) -> Turn | None:
    """Return the last turn before this one with quotes, if it can be read."""
    with suppress(StorageFailed):
        recent = conversations_of(request).recent(turn.conversation_id, turn.turn_id)
        return next((one for one in reversed(recent.turns) if one.answer.citations), None)
    return None


def _examples(request: Request, topic: Topic | None) -> tuple[str, ...]:
    return answerer_of(request).examples if topic in _WITH_EXAMPLES else ()


def _asked(request: Request, answer: Answer) -> Sequence[KnownDocument]:
    """Return the documents that a “no” speaks for, those that were asked; else all there are."""
    known = documents_of(request)
    if answer.status is not AnswerStatus.ABSTAINED_NOT_IN_CORPUS or answer.only == ALL_DOCUMENTS:
        return known
    return [one for one in known if fits(one, answer.only)]


def choice(only: Only) -> dict[str, Any]:
    """Return a choice of documents in words, and as the values of each field of the form."""
    years = {"since": only.since, "until": only.until}
    of_years = {name: [year] if year else [] for name, year in years.items()}
    return {"only": in_words(only), "chosen": {"publisher": only.publishers, **of_years}}
