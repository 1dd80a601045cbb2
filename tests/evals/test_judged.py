"""What people say of new answers becomes cases, and no file but one is ever written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny import document

from footprints.errors import CannotWrite
from footprints.evals.cases import JUDGED, GoldQuote, gold_of, load_cases, read_cases
from footprints.evals.changes import ChangedAnswer
from footprints.evals.judged import keep_judged, lapsed
from footprints.types import Place

HANDWRITTEN = (
    '{"id": "a-1", "kind": "absent", "question": "Who leads Kent?", "answerable": false,'
    ' "gold": [], "unmentioned": ["Kent"]}\n\n'
    '{"id": "a-2", "kind": "absent", "question": "And Essex?", "history": ["Who leads Kent?"],'
    ' "answerable": false, "gold": []}\n'
)
TIM = GoldQuote(doc_id="kent", quote="Tim leads Kent.")


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Write two cases by hand."""
    (tmp_path / "absent.jsonl").write_text(HANDWRITTEN)
    return tmp_path


def answer(case_id: str, found: GoldQuote | None = TIM) -> ChangedAnswer:
    """Return a new answer to a case."""
    values = (case_id, "?", "changed", "asserted", (0.0, 1.0), "No.", "Tim leads Kent.")
    return ChangedAnswer(*values, found=found)  # type: ignore[arg-type]


def test_a_right_answer_is_gold(cases: Path) -> None:
    """A question that is rightly answered now has the quote as its gold, and keeps its id."""
    keep_judged(cases, [answer("a-1"), answer("a-2")], {"a-1": True, "a-2": True})
    first, second = read_cases(cases)
    assert (first.id, first.kind, first.answerable, first.gold) == ("a-1", "fact", True, ((TIM,),))
    assert first.unmentioned == ()
    assert (second.kind, second.history) == ("followup", ("Who leads Kent?",))


def test_a_wrong_answer_is_noted(cases: Path) -> None:
    """A question that is wrongly answered stays unanswerable, with what does not answer it."""
    keep_judged(cases, [answer("a-1")], {"a-1": False})
    judged = next(line for line in read_cases(cases) if line.id == "a-1")
    assert (judged.kind, judged.answerable, judged.gold) == ("absent", False, ())
    assert judged.note == "Not answered by “Tim leads Kent.” (kent)."


def test_a_verdict_ends_with_its_quote(cases: Path) -> None:
    """Where the quote is gone, with its document or without, the case counts as it did before."""
    keep_judged(cases, [answer("a-1")], {"a-1": True})
    kent, other = document("Tim leads Kent.", "kent"), document("Ann leads Kent.", "kent")
    for pages, answerable in (({"kent": kent}, True), ({"kent": other}, False), ({}, False)):
        cases_now = {case.case_id: case for case in load_cases(cases, pages)}
        assert cases_now["a-1"].answerable is answerable
        assert len(cases_now) == 2


def test_what_has_lapsed_is_dropped(cases: Path) -> None:
    """A verdict whose quote is gone is named and dropped; one that an answer is wrong stays."""
    keep_judged(cases, [answer("a-1"), answer("a-2")], {"a-1": True, "a-2": False})
    assert lapsed(cases, {"kent": document("Tim leads Kent.", "kent")}) == ()
    assert lapsed(cases, {"kent": document("Ann leads Kent.", "kent")}) == ("a-1",)
    keep_judged(cases, [], {}, lapsed(cases, {}))
    assert [json.loads(line)["id"] for line in (cases / JUDGED).read_text().splitlines()] == ["a-2"]
    assert {line.id: line.note is None for line in read_cases(cases)} == {"a-1": True, "a-2": False}


def test_other_lines_stay(cases: Path) -> None:
    """What is written by hand stays byte for byte, in the file of verdicts too."""
    own = '{"id":  "own", "kind": "absent", "question": "Why?", "answerable": false, "gold": []}'
    (cases / JUDGED).write_text(own)
    for right in (True, False):
        keep_judged(cases, [answer("a-1")], {"a-1": right})
        lines = (cases / JUDGED).read_text().splitlines()
        assert (lines[0], json.loads(lines[1])["answerable"]) == (own, right)
        assert len(lines) == 2
    assert (cases / "absent.jsonl").read_text() == HANDWRITTEN


def test_nothing_is_written_for_what_nobody_judged(cases: Path) -> None:
    """Without a verdict, a quote to be gold or a case there is no file."""
    keep_judged(cases, [answer("a-1"), answer("a-2", None)], {"a-2": True, "none": True})
    assert [path.name for path in cases.iterdir()] == ["absent.jsonl"]


def test_what_cannot_be_written_leaves_the_file(
    cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be replaced stays whole."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    keep_judged(cases, [answer("a-1")], {"a-1": True})
    before = (cases / JUDGED).read_bytes()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CannotWrite):
        keep_judged(cases, [answer("a-1")], {"a-1": False})
    assert (cases / JUDGED).read_bytes() == before
    assert sorted(path.name for path in cases.iterdir()) == ["absent.jsonl", JUDGED]


def test_gold_of_what_stands_twice() -> None:
    """A quote that stands twice is told apart by its heading, or is no gold."""
    page = document("# A\n\nYes.\n\n# B\n\nYes.\n\n# C\n\nNo.\n\nNo.")
    at = page.text.rindex("Yes.")
    assert gold_of("Yes.", Place("page", at, at + 4), page) == GoldQuote(
        doc_id="page", quote="Yes.", under="B"
    )
    at = page.text.index("No.")
    assert gold_of("No.", Place("page", at, at + 3), page) is None
