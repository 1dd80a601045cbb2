"""Measures in words, for people who look after documents."""

from __future__ import annotations

from collections.abc import Sequence

from footprints.evals.compare import Comparison

_OUTCOMES = {
    "success@1": ("first quote right", "first quote wrong"),
    "in_view@1": ("answer beside the first quote", "no answer beside the first quote"),
    "in_view": ("answer among the quotes", "no answer among the quotes"),
    "evidence_shown": ("answer shown", "answer not shown"),
    "denied": ("nothing useful shown", "something useful shown"),
    "subject_missing": ("short quotes without their subject", "short quotes with their subject"),
    "asserted": ("presented as an answer", "not presented as an answer"),
    "decision": ("decided rightly", "decided wrongly"),
}
_PARTS = {
    "in_view": "part of the answer among the quotes",
    "evidence_shown": "part of the answer shown",
}
_SHARES = {
    "quote_precision": "of the quotes useful",
    "subject_missing": "of the short quotes without their subject",
    "agreement": "the same when spelled differently",
}


def outcome(measure: str, value: float) -> str:
    """Say what a metric of one question means."""
    if measure in _OUTCOMES and value in (0, 1):
        return _OUTCOMES[measure][value == 0]
    if measure in _PARTS:
        return f"{_PARTS[measure]} ({value:.0%})"
    if measure == "words_to_evidence":
        return f"{value:.0f} words to the answer"
    if measure == "out_of_order":
        return f"{value:.0f} out of reading order"
    return f"{value:.0%} {_SHARES.get(measure, measure)}"


def first_quotes(differences: Sequence[Comparison]) -> str:
    """Say how often the first quote was right, and how often before."""
    for one in differences:
        if one.measure == "success@1" and one.n:
            before, now = round(one.before * one.n), round(one.after * one.n)
            then = "as before" if before == now else f"{before} before"
            return f"First quotes right: {now} of {one.n}, {then}."
    return "No question has a right quote to compare."
