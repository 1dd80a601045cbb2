"""Measures in words, for people who look after documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from footprints.evals.compare import Comparison

if TYPE_CHECKING:
    from footprints.evals.gate import GateReport

_OUTCOMES = {
    "success@1": ("first quote right", "first quote wrong"),
    "in_view@1": ("answer in or beside the first quote", "no answer in or beside the first quote"),
    "in_view": ("answer among the quotes", "no answer among the quotes"),
    "evidence_shown": ("right text shown", "right text not shown"),
    "denied": ("nothing useful shown", "something useful shown"),
    "subject_missing": ("short quotes without their subject", "short quotes with their subject"),
    "asserted": ("presented as an answer", "not presented as an answer"),
    "decision": ("decided rightly", "decided wrongly"),
}
_PARTS = {"in_view": "of the answer among the quotes", "evidence_shown": "of the right text shown"}
_MEANS = {
    "success@1": "of the first quotes are right",
    "in_view@1": "of the answers stand in or beside the first quote",
    "in_view": "of the answers stand among the quotes",
    "evidence_shown": "of the answers are shown",
    "denied": "of the answerable questions are shown nothing useful",
    "asserted": "of the unanswerable questions are presented as answered",
    "words_to_evidence": "words to the answer",
    "quote_precision": "of the quotes are useful",
    "subject_missing": "of the short quotes without their subject",
    "out_of_order": "out of reading order",
    "decision": "of the questions are decided rightly",
    "agreement": "the same when spelled differently",
}


def outcome(measure: str, value: float) -> str:
    """Say what a metric of one question means."""
    if measure in _OUTCOMES and value in (0, 1):
        return _OUTCOMES[measure][value == 0]
    if measure in _PARTS:
        return f"{value:.0%} {_PARTS[measure]}"
    return f"{_figure(measure, value)} {_MEANS.get(measure, measure)}"


def first_quotes(differences: Sequence[Comparison]) -> str:
    """Say how often the first quote was right, and how often before."""
    for one in differences:
        if one.measure == "success@1" and one.n:
            before, now = round(one.before * one.n), round(one.after * one.n)
            then = "as before" if before == now else f"{before} before"
            return f"First quotes right: {now} of {one.n}, {then}."
    return "No question has a right quote to compare."


def how_it_went(gate: GateReport, leads_back: bool = False) -> str:
    """Say what the gate found where it holds nothing back, to who decides about a build.

    Where that ``leads_back`` to what was answered before, there is nothing to read.
    """
    if gate.unchecked:
        return gate.unchecked
    worse = [one for one in gate.changed if one.verdict == "worse"]
    by_new = sum(one.newcomer is not None for one in worse)
    better = sum(one.verdict == "better" for one in gate.changed)
    because = f" ({by_new} with a new document quoted first)" if by_new else ""
    are = "is" if len(worse) == 1 else "are"
    read = "; read those that are worse before you decide" if worse and not leads_back else ""
    return (
        "Taken together, answers are as good as before: no measure fell by more than chance. "
        f"Of {gate.asked:,} answers to evaluation questions, {len(worse) or 'none'} {are} "
        f"worse{because} and {better or 'none'} better{read}."
    )


def why_held_back(gate: GateReport) -> str:
    """Say why the gate would not put a build into use, to who decides whether it is."""
    if gate.altered:
        return f"Answers that quote what their documents do not say: {len(gate.altered)}."
    if gate.failed:
        return f"Evaluation questions that now end in an error: {len(gate.failed)}."
    return f"Answers are significantly worse: {'; '.join(map(_fall, gate.fell))}."


def _fall(one: Comparison) -> str:
    """Say how far a measure fell, finely enough to be seen, and for how many questions."""
    now = before = ""
    for digits in range(3):
        now, before = (_figure(one.measure, value, digits) for value in (one.after, one.before))
        if now != before:
            break
    return (
        f"{now} {_MEANS[one.measure]} ({before} before; worse for {len(one.worse)} of {one.n} "
        f"questions, better for {len(one.better)})"
    )


def _figure(measure: str, value: float, digits: int = 0) -> str:
    """Write a metric, or a mean of it, in its unit, with so many digits more than it needs."""
    if measure == "words_to_evidence":
        return f"{value:.{digits}f}"
    return f"{value:.{digits + 2}g}" if measure == "out_of_order" else f"{value:.{digits}%}"
