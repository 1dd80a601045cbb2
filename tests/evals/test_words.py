"""Measures in words."""

from __future__ import annotations

import pytest

from footprints.evals.changes import ChangedAnswer, Direction, Told
from footprints.evals.compare import QUALITY, Comparison
from footprints.evals.gate import GateReport
from footprints.evals.words import first_quotes, how_it_went, outcome, why_held_back


def compared(before: float, after: float, n: int = 431) -> Comparison:
    """Compare how often the first quote was right."""
    return Comparison("success@1", before, after, n, 1.0, (), ())


@pytest.mark.parametrize(
    ("comparison", "said"),
    [
        (compared(305 / 431, 305 / 431), "First quotes right: 305 of 431, as before."),
        (compared(300 / 431, 305 / 431), "First quotes right: 305 of 431, 300 before."),
        (compared(float("nan"), float("nan"), 0), "No question has a right quote to compare."),
    ],
)
def test_first_quotes(comparison: Comparison, said: str) -> None:
    """The measure that counts most is a sentence with its counts."""
    assert first_quotes([comparison]) == said


@pytest.mark.parametrize("measure", QUALITY)
def test_every_outcome_has_words(measure: str) -> None:
    """No measure is shown to managers under its technical name."""
    for value in (0.0, 1.0):
        said = outcome(measure, value)
        assert measure not in said
        assert said != outcome(measure, 1 - value)


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("in_view", "67% of the answer among the quotes"),
        ("evidence_shown", "67% of the right text shown"),
        ("quote_precision", "67% of the quotes are useful"),
    ],
)
def test_a_part_of_an_answer(measure: str, said: str) -> None:
    """Where only a part was found, the words are those of all and of nothing, with the share."""
    assert outcome(measure, 2 / 3) == said


@pytest.mark.parametrize("measure", QUALITY)
def test_every_fall_has_words(measure: str) -> None:
    """A verdict names each measure that fell in words, with how it was before and for how many."""
    fell = Comparison(measure, 0.75, 0.25, 40, 0.0, ("c-1",), ("c-2", "c-3"))
    said = why_held_back(GateReport(differences=(fell,)))
    assert measure not in said
    assert said.startswith("Answers are significantly worse: ")
    assert said.endswith(" before; worse for 2 of 40 questions, better for 1).")


def test_a_small_fall_is_seen() -> None:
    """A measure that seems the same in whole figures is given more finely."""
    fell = Comparison("quote_precision", 0.412, 0.407, 637, 0.001, ("c-1",), ("c-2", "c-3"))
    said = why_held_back(GateReport(differences=(fell,)))
    assert "40.7% of the quotes are useful (41.2% before; worse for 2 of 637" in said


def test_why_questions_fail() -> None:
    """Questions that now end in an error are counted."""
    said = why_held_back(GateReport(failed=("c-1", "c-2")))
    assert said == "Evaluation questions that now end in an error: 2."


def changed(verdict: Direction, newcomer: str | None = None) -> ChangedAnswer:
    """Return an answer that changed."""
    return ChangedAnswer(
        *("c-1", "Who leads?", verdict, "success@1", (1.0, 0.0), Told("Tim."), Told("Ann.")),
        newcomer=newcomer,
    )


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], "none are worse and none better."),
        (
            [changed("worse"), changed("better")],
            "1 is worse and 1 better; read those that are worse before you decide.",
        ),
        (
            [changed("worse"), changed("worse", newcomer="kent"), changed("changed")],
            "2 are worse (1 with a new document quoted first) and none better; read",
        ),
    ],
)
def test_how_it_went(answers: list[ChangedAnswer], said: str) -> None:
    """Where nothing holds a change back, it is said what got worse and what better."""
    gate = GateReport(asked=1015, changed=tuple(answers))
    assert how_it_went(gate).startswith("Taken together, answers are as good as before: ")
    assert "Of 1,015 answers to evaluation questions, " in how_it_went(gate)
    assert "read" not in how_it_went(gate, leads_back=True)
    assert said in how_it_went(gate)


def test_what_was_not_checked_is_said() -> None:
    """Where no question was asked, nothing is said to be right."""
    assert how_it_went(GateReport(unchecked="Nothing was checked.")) == "Nothing was checked."
