"""Feedback as drafts of evaluation cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept import DATED, answer
from pydantic import ValidationError

from footprints.evals.cases import CaseLine
from footprints.types import AnswerStatus
from footprints.web.conversations import Conversations, Helped
from footprints.web.feedback import drafts


@pytest.fixture
def store(tmp_path: Path) -> Conversations:
    """Open an empty file of conversations."""
    return Conversations(tmp_path / "kept.sqlite3")


def test_what_helped_is_a_whole_case(store: Conversations) -> None:
    """An answer that helped is a case whose gold is its first quote; a right no has none."""
    conversation = store.start()
    yes = store.add(conversation, answer("Who leads?", DATED))
    no = store.add(conversation, answer("And why?"))
    for turn in (yes, no):
        store.say(turn.turn_id, Helped.YES, "")
    first, second = drafts((turn, store.before(turn)) for turn in store.with_feedback())
    assert CaseLine.model_validate(first).gold[0][0].quote == DATED.quote
    assert (first["kind"], first["history"]) == ("fact", [])
    assert CaseLine.model_validate(second).gold == ()
    assert (second["kind"], second["history"]) == ("followup", ["Who leads?"])


@pytest.mark.parametrize("helped", [Helped.PARTLY, Helped.NO])
def test_what_did_not_help_must_be_completed(store: Conversations, helped: Helped) -> None:
    """What helped partly or not says which, and is no case until somebody adds the answer."""
    turn = store.add(store.start(), answer("Who leads?", DATED))
    store.say(turn.turn_id, helped, "It is Anna.")
    (draft,) = drafts((turn, store.before(turn)) for turn in store.with_feedback())
    shown = [DATED.quote]
    assert draft["note"] == {"helped": helped, "words": "It is Anna.", "shown": shown}
    with pytest.raises(ValidationError):
        CaseLine.model_validate(draft)


def test_what_may_help_counts_as_shown(store: Conversations) -> None:
    """Where passages that may help did help, their first is the gold of a case."""
    turn = store.add(store.start(), answer("Who?", DATED, status=AnswerStatus.POSSIBLE))
    store.say(turn.turn_id, Helped.YES, "")
    (draft,) = drafts((turn, store.before(turn)) for turn in store.with_feedback())
    case = CaseLine.model_validate(draft)
    assert (case.answerable, case.gold[0][0].quote) == (True, DATED.quote)


@pytest.mark.parametrize("helped", Helped)
def test_guidance_is_no_case(store: Conversations, helped: Helped) -> None:
    """What is said of guidance is no case: it says nothing of the documents."""
    turn = store.add(store.start(), answer("hello", status=AnswerStatus.GUIDANCE))
    store.say(turn.turn_id, helped, "")
    assert list(drafts((one, ()) for one in store.with_feedback())) == []
