"""Which answers differ between two builds: better and worse by what is found alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from footprints.evals.cases import Case
from footprints.evals.changes import BuildAnswers, CaseMetrics, changed_answers
from footprints.evals.compare import QUALITY
from footprints.evals.run import Row, ShownQuote
from footprints.types import AnswerStatus

CASE = Case("c-1", "fact", "Who leads Kent?", (), answerable=True, parts=())
FOUND = dict.fromkeys(QUALITY, 0.5)


def answers(metrics: CaseMetrics, error: str) -> BuildAnswers:
    """Answer the case, in other words with each ``error``."""
    row = Row(case_id="c-1", variant="", question=CASE.question, error=error)
    return BuildAnswers({"c-1": row}, {"c-1": metrics})


@pytest.mark.parametrize(
    ("measure", "verdict"),
    [
        ("success@1", "better"),
        ("evidence_shown", "better"),
        ("decision", "better"),
        ("denied", "worse"),
        ("asserted", "worse"),
        ("quote_precision", "changed"),
        ("words_to_evidence", "changed"),
        ("subject_missing", "changed"),
        ("out_of_order", "changed"),
    ],
)
def test_what_is_found_decides(measure: str, verdict: str) -> None:
    """More or fewer words around the right ones make an answer neither better nor worse."""
    before, after = answers(FOUND, "1"), answers(FOUND | {measure: 1.0}, "2")
    (changed,) = changed_answers([CASE], before, after, {})
    assert (changed.verdict, changed.measure, changed.values) == (verdict, measure, (0.5, 1.0))


def test_what_is_found_comes_first() -> None:
    """Where an answer is longer and decided otherwise, how it is decided is what is told."""
    longer = FOUND | {"words_to_evidence": 400.0, "quote_precision": 0.1, "decision": 1.0}
    (changed,) = changed_answers([CASE], answers(FOUND, "1"), answers(longer, "2"), {})
    assert (changed.verdict, changed.measure) == ("better", "decision")


def test_what_differs_is_shown() -> None:
    """Of two answers that begin alike the first quotes that differ are shown, as asked."""
    followup = replace(CASE, question="And Devon?", history=("Who leads Kent?",))

    def quoting(*texts: str) -> BuildAnswers:
        quotes = tuple(ShownQuote(text=text, places=()) for text in texts)
        row = (
            answers(FOUND, "")
            .rows["c-1"]
            .model_copy(update={"status": AnswerStatus.ANSWERED, "quotes": quotes, "error": None})
        )
        return BuildAnswers({"c-1": row}, {"c-1": FOUND})

    (changed,) = changed_answers([followup], quoting("Ann.", "Bob."), quoting("Ann.", "Cy."), {})
    assert (changed.before, changed.after) == ("Bob.", "Cy.")
    assert changed.question == "Who leads Kent? And Devon?"
