"""Feedback on answers: what managers see of it, and drafts of evaluation cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from footprints.types import AnswerStatus, Citation
from footprints.web.conversations import Helped, Turn


@dataclass(frozen=True, slots=True)
class Said:
    """What an asker said of an answer, without the ids that lead to it and its conversation.

    ``shown`` is the first quote of the answer; ``question`` is there only where it may be seen.
    """

    helped: Helped
    words: str
    asked: datetime
    status: AnswerStatus
    shown: Citation | None
    question: str | None


def for_managers(turns: Iterable[Turn], with_questions: bool) -> list[Said]:
    """Return what was said of answers, with the questions only where those are logged too."""
    return [
        Said(
            turn.helpful,
            turn.words,
            turn.asked,
            turn.answer.status,
            next(iter(turn.answer.citations), None),
            turn.answer.question if with_questions else None,
        )
        for turn in turns
        if turn.helpful
    ]


def drafts(said: Iterable[tuple[Turn, Sequence[str]]]) -> Iterator[dict[str, Any]]:
    """Turn feedback, each with the questions before it, into lines of ``evals/cases``.

    What helped is a whole case: its first quote is the gold, or there is none. What helped partly
    or not lacks ``answerable`` and ``gold`` until somebody has read the documents, and is refused
    until then; ``note`` says which it was, what the asker wrote and what was shown.
    """
    for turn, history in said:
        if turn.answer.status is AnswerStatus.GUIDANCE:
            continue  # it says nothing of the documents
        answered = bool(turn.answer.citations)
        case: dict[str, Any] = {
            "id": f"feedback-{turn.turn_id}",
            "kind": "followup" if history else "fact" if answered else "absent",
            "question": turn.answer.question,
            "history": list(history),
        }
        if turn.helpful is Helped.YES:
            first = [{"doc_id": c.doc_id, "quote": c.quote} for c in turn.answer.citations[:1]]
            note = f"The asker said that this helped. {turn.words}".strip()
            yield case | {
                "answerable": answered,
                "gold": [first] if answered else [],
                "note": note,
            }
        else:
            shown = [citation.quote for citation in turn.answer.citations]
            yield case | {"note": {"helped": turn.helpful, "words": turn.words, "shown": shown}}
