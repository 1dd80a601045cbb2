"""Feedback as drafts of evaluation cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from kept import DATED, answer
from pydantic import ValidationError

from footprints.evals.cases import CaseLine
from footprints.web.conversations import Conversations
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
        store.say(turn.turn_id, True, "")
    first, second = drafts((turn, store.before(turn)) for turn in store.with_feedback())
    assert CaseLine.model_validate(first).gold[0][0].quote == DATED.quote
    assert (first["kind"], first["history"]) == ("fact", [])
    assert CaseLine.model_validate(second).gold == ()
    assert (second["kind"], second["history"]) == ("followup", ["Who leads?"])


def test_what_did_not_help_must_be_completed(store: Conversations) -> None:
    """An answer that did not help is no case until somebody says what the answer is."""
    turn = store.add(store.start(), answer("Who leads?", DATED))
    store.say(turn.turn_id, False, "It is Anna.")
    (draft,) = drafts((turn, store.before(turn)) for turn in store.with_feedback())
    assert draft["note"] == {"words": "It is Anna.", "shown": [DATED.quote]}
    with pytest.raises(ValidationError):
        CaseLine.model_validate(draft)
