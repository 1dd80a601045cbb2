"""What people ask and do not find: counted, never kept, and shown only when it tells nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from browsing import ask, browse
from kept import ABSTAINED, ANSWERED, answer
from managing import signed_in, words
from serving import tiny_answerer

from footprints.errors import StorageFailed
from footprints.settings import Settings
from footprints.types import Answer, AnswerStatus
from footprints.web import gaps
from footprints.web.gaps import LEAST, Gaps, Missing, Week

pytest_plugins = "managed"

TODAY = date(2022, 7, 7)
MONDAY = date(2022, 7, 4)
ANSWERER = tiny_answerer()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gaps]:
    """Open an empty file on a known day."""
    on(TODAY, monkeypatch)
    with closing(Gaps(tmp_path / "gaps.sqlite3")) as opened:
        yield opened


def on(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it a day."""
    monkeypatch.setattr(gaps, "_today", lambda: day)


def said(question: str, status: AnswerStatus = ABSTAINED, *names: str) -> Answer:
    """Return how a question ended, and the names in it that no document has."""
    return replace(answer(question, status=status), unmentioned=names)


def noted(kept: Gaps, one: Answer, askers: int = LEAST) -> None:
    """Let so many people get an answer."""
    for number in range(askers):
        kept.note(one, ANSWERER, str(number))


def test_counts_by_week(kept: Gaps, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question counts in its week by how it ended; a remark to the chat does not."""
    noted(kept, said("Who leads Devon?", ANSWERED), 2)
    noted(kept, said("Devon?", AnswerStatus.POSSIBLE), 1)
    noted(kept, said("Hello", AnswerStatus.GUIDANCE))
    on(TODAY + timedelta(days=7), monkeypatch)
    noted(kept, said("Who leads Devon?"), 4)
    noted(kept, said("Devon?", AnswerStatus.ABSTAINED_OFF_TOPIC), 1)
    assert kept.weeks() == [Week(MONDAY + timedelta(days=7), 0, 0, 5), Week(MONDAY, 2, 1, 0)]


def test_words_that_no_document_has(kept: Gaps) -> None:
    """Names stand whole, other words by themselves; what a document has in any form is none."""
    question = "Does the King's Fund plan privatisation in Devon, 07700 900123, x@example.org?"
    noted(kept, said(question, AnswerStatus.POSSIBLE, "King's Fund"))
    assert {one.word for one in kept.missing()} == {
        "King's Fund",
        "privatisation",
        "example",
        "org",
    }
    noted(kept, said("Plans leading to privatisation?", ANSWERED))
    assert Missing("privatisation", LEAST) in kept.missing()


def test_rare_words_are_not_shown(kept: Gaps) -> None:
    """A word is shown when enough people have used it, however often one of them does."""
    for _ in range(LEAST):
        noted(kept, said("Norwich?"), LEAST - 1)
    assert kept.missing() == []
    kept.note(said("NORWICH?"), ANSWERER, "another")
    assert kept.missing() == [Missing("norwich", LEAST)]


def test_what_is_old_is_deleted(
    kept: Gaps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words go when a conversation would, counts after a year; from the file too."""
    noted(kept, said("Norwich?"))
    on(MONDAY + timedelta(days=36), monkeypatch)
    kept.sweep()
    assert kept.missing() == [Missing("norwich", LEAST)]
    on(MONDAY + timedelta(days=37), monkeypatch)
    assert kept.missing() == []
    kept.sweep()
    assert len(kept.weeks()) == 1
    on(MONDAY + timedelta(weeks=54), monkeypatch)
    kept.sweep()
    assert kept.weeks() == []
    with closing(sqlite3.connect(tmp_path / "gaps.sqlite3")) as file:
        assert file.execute("select * from word").fetchall() == []
    assert b"norwich" not in (tmp_path / "gaps.sqlite3").read_bytes()


def test_no_question_is_kept(kept: Gaps, tmp_path: Path) -> None:
    """The file has words by themselves: neither a question, nor who asked, nor in what order."""
    kept.note(said("Why does Norwich despise Ipswich?"), ANSWERER, "the asker")
    with closing(sqlite3.connect(tmp_path / "gaps.sqlite3")) as file:
        assert sorted(file.execute("select * from word").fetchall()) == [
            ("2022-07-04", "despise", 1),
            ("2022-07-04", "ipswich", 1),
            ("2022-07-04", "norwich", 1),
        ]
        assert file.execute("select * from outcome").fetchall() == [("2022-07-04", "no", 1)]


def test_the_chat_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked in the browser or by a program is counted, and a failure harms no answer."""
    with browse(ANSWERER) as client:
        ask(client, "Who leads Norwich?")
        client.post("/api/ask", json={"question": "Who leads Norwich?"})
        counted = client.app.state.gaps.weeks()  # type: ignore[attr-defined]
        assert sum(week.answered + week.possible + week.no for week in counted) == 2

        def full(*_: object) -> None:
            raise StorageFailed("full")

        monkeypatch.setattr(Gaps, "note", full)
        assert ask(client, "Who leads Devon?").status_code == 200


def test_managers_see_it(managed: Settings) -> None:
    """The page has the weeks, the words and why rarer ones are missing; only managers see it."""
    with signed_in(managed) as client:
        assert "Nothing has been asked yet." in words(client, "/admin/gaps")
        noted(client.app.state.gaps, said("Norwich?"))  # type: ignore[attr-defined]
        page = words(client, "/admin/gaps")
        assert "norwich (3)" in page
        assert "Answered No clear answer No answer" in page
        client.post("/admin/sign-out")
        assert client.get("/admin/gaps").headers["location"] == "/admin/sign-in"
