"""Feedback as drafts of evaluation cases, and as managers see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import Page
from kept import DATED, answer, citation
from managing import browsing, signed_in, words
from pydantic import ValidationError
from starlette.testclient import TestClient

from footprints.evals.cases import CaseLine
from footprints.settings import Settings
from footprints.types import Answer, AnswerStatus
from footprints.web.conversations import PAGE, Conversations, Helped
from footprints.web.feedback import drafts

pytest_plugins = "managed"


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


def rate(client: TestClient, one: Answer, helped: Helped, said: str = "") -> str:
    """Say in a conversation of its own whether an answer helped, and return its id."""
    kept: Conversations = client.app.state.conversations  # type: ignore[attr-defined]
    turn = kept.add(kept.start(), one)
    kept.say(turn.turn_id, helped, said)
    return turn.turn_id


def test_managers_see_what_askers_said(managed: Settings) -> None:
    """Managers see the word, what was written and what was quoted; whoever is no manager does not.

    Neither the question nor a way to the answer is on the page.
    """
    quote = citation("Angela leads Devon.", start=7, doc_id="devon", title="Devon")
    with signed_in(managed) as client:
        assert "Nobody has rated an answer yet." in words(client, "/admin/feedback")
        told = rate(
            client, answer("Who leads the secret?", quote), Helped.PARTLY, "No <b>date</b>."
        )
        rate(client, answer("Who leads Hull?"), Helped.NO)
        page = Page(client.get("/admin/feedback"))
        assert (
            "Of 2 answers that people rated, 0 helped, 1 helped partly and 1 did not" in page.words
        )
        assert "No Answer: The documents do not answer this." in page.words
        assert "Partly: “No <b>date</b>.” Quoted first: “Angela leads Devon.” (Devon)" in page.words
        assert "/documents/devon?start=7&end=26#quote" in page.links
        assert "secret" not in page.words
        assert told not in client.get("/admin/feedback").text
        assert "/admin/feedback" in Page(client.get("/admin/documents")).links
        client.post("/admin/sign-out")
        assert client.get("/admin/feedback").headers["location"] == "/admin/sign-in"


def test_managers_see_the_question_where_questions_are_logged(managed: Settings) -> None:
    """The question stands on the page where questions are logged; askers are told either way."""
    with browsing(managed) as client:
        assert "but not your question" in words(client, "/about")
    with signed_in(managed.model_copy(update={"log_questions": True})) as client:
        rate(client, answer("Who leads Hull?"), Helped.YES)
        assert "Yes Asked: Who leads Hull?" in words(client, "/admin/feedback")
        assert "with your question" in words(client, "/about")


def test_feedback_is_shown_a_page_at_a_time(managed: Settings) -> None:
    """The newest come first, so many to a page, and links lead back in time and forward."""
    with signed_in(managed) as client:
        for number in range(PAGE + 1):
            rate(client, answer("Why?"), Helped.YES, f"Word {number}.")
        first, second = (Page(client.get(f"/admin/feedback?page={n}")) for n in (1, 2))
        assert f"Word {PAGE}." in first.words and "Word 0." not in first.words
        assert "Word 0." in second.words and "Word 1." not in second.words
        assert "/admin/feedback?page=2" in first.links
        assert "/admin/feedback" in second.links
        assert "/admin/feedback?page=3" not in second.links
        assert "Nothing so far back." in words(client, "/admin/feedback?page=3")
        assert client.get("/admin/feedback?page=0").status_code == 422
