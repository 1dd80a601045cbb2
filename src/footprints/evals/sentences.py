"""An evaluation for people: its figures by split, in plain words, and what came of each case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from footprints.evals.figures import CONFIDENCE, RESAMPLES, SEED, Figure, Results
from footprints.evals.report import LABELS
from footprints.evals.score import STATUS_OF

Split = Literal["test", "dev", "all"]
Case = Mapping[str, float | str | None]

ASKED: Mapping[Split, str] = {
    "test": "it had not seen",
    "dev": "it was tuned on",
    "all": "it was asked",
}
"""What the questions of each split are, in words that follow “the questions”."""

_KINDS = {
    "asserted_nearmiss": ("asserted", "nearmiss"),
    "asserted_absent": ("asserted", "absent"),
    "asserted_offtopic": ("asserted", "offtopic"),
    "guidance_right": ("status_right", "guidance"),
    "overview_right": ("status_right", "overview"),
}
"""The figures over the cases of one kind: of which metric, and which kind."""
_SUMS = {"out_of_order", "errors"}


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in words and as so many of ten."""

    label: str
    sentence: str
    share: str
    tenths: int


_TOLD: tuple[tuple[str, bool, str, str], ...] = (
    (
        "success@1",
        False,
        "First quote right",
        "Of the questions {asked}, {n} have an answer in the documents: the first quote was right "
        "for {share}.",
    ),
    (
        "evidence_shown",
        False,
        "What was needed was shown",
        "For {share}, what was needed was shown.",
    ),
    (
        "in_view_sure",
        False,
        "Shown as the answer",
        "It answered {n} questions outright: for {share}, what was needed was in view. One that "
        "has no answer counts as a miss.",
    ),
    (
        "in_view_likely",
        False,
        "“This may be an answer”",
        "It said “This may be an answer” to {n}: for {share}, what was needed was in view.",
    ),
    (
        "in_view_unclear",
        False,
        "“We found no clear answer”",
        "It said “We found no clear answer” to {n} and showed quotes that may help: for {share}, "
        "what was needed was in view.",
    ),
    (
        "asserted_nearmiss",
        True,
        "Near misses recognised",
        "{n} other questions come close to what the documents say, but are not answered there: "
        "for {share}, it did not claim an answer.",
    ),
    (
        "asserted_absent",
        True,
        "Missing subjects recognised",
        "Another {n} ask about something that the documents do not have: for {share}, it did not "
        "claim an answer.",
    ),
    (
        "asserted_offtopic",
        True,
        "Off-topic questions recognised",
        "Another {n} have nothing to do with the documents: for {share}, it did not claim an "
        "answer.",
    ),
    (
        "verbatim",
        False,
        "Quotes word for word",
        "Quotes are compared with their documents letter by letter: {share} were the same.",
    ),
)
"""Which figures are told, whether what is told is their opposite, their labels and sentences."""

EXPLAINED: Mapping[str, str] = {
    "success@1": "Does the first quote hold something that the answer needs?",
    "evidence@1": "How much of what the answer needs stands in the first quote alone.",
    "evidence@3": "The same for the first three quotes.",
    "evidence@5": "The same for the first five quotes.",
    "in_view@1": "Is something needed in the first quote or in the words shown around it?",
    "in_view": "How much of what is needed is in the quotes and the words around them.",
    "in_view_sure": "The same of all questions that it showed quotes for as the answer.",
    "in_view_likely": "The same of those where it said that this may be an answer.",
    "in_view_unclear": "The same of those where it said that it found no clear answer.",
    "evidence_shown": "In view with the quotes, or under “More from the documents”.",
    "denied": "The documents answer, but nothing that helps was shown.",
    "refused": "The documents answer, but it said that they do not.",
    "asserted": "The documents do not answer, but it showed quotes as if they did.",
    "asserted_nearmiss": "The same where the documents come close to an answer.",
    "asserted_absent": "The same where the documents do not have what is asked about.",
    "asserted_offtopic": "The same where the question is about something else altogether.",
    "words_to_evidence": "How many words one reads until everything needed has been read.",
    "quote_precision": "How many of the quotes hold something that is needed.",
    "subject_missing": "Short quotes shown without the heading that says what they are about.",
    "out_of_order": "How often a quote has a lower number than one that stands above it.",
    "verbatim": "Quotes that are in the document letter by letter.",
    "decision": "Answered if the documents answer, and not if they do not.",
    "guidance_right": "Questions about the chat itself that were taken as that.",
    "overview_right": "Requests for an overview that got one.",
    "auroc": "How well the probability tells questions with an answer from those without: "
    "1 is always, 0.5 is by chance.",
    "auroc_nearmiss": "The same where the documents come close to an answer.",
    "auroc_absent": "The same where the documents do not have what is asked about.",
    "auroc_offtopic": "The same where the question is about something else altogether.",
    "aurc": "How many first quotes are wrong when only the most probable answers count.",
    "brier": "How far the probability is from what came out, squared: 0 is never.",
    "passage_success@1": "Is what is needed in the first passage found, before any is chosen?",
    "passage_success@5": "The same for the first five passages.",
    "passage_success@20": "The same for all twenty passages that are looked at.",
    "passage_ndcg@10": "How near the top the needed passages are among ten: 1 is at the top.",
    "passage_rr": "One divided by the rank of the first needed passage: 1 is first.",
    "followup_ratio": "Follow-up questions answered as well as the same question in full: 1 is.",
    "agreement": "How often the answer stays the same when the question has a slip in it.",
    "milliseconds_p50": "Half of the answers took less time than this.",
    "milliseconds_p95": "19 in 20 answers took less time than this.",
    "differences_right": "Where it says that documents differ, they do.",
    "errors": "Questions at which the program failed.",
    "differences_precision": "Of the pairs that the rule says differ, how many do.",
    "differences_recall": "Of the pairs that differ, how many the rule finds.",
}
"""What every measure means, for those who do not know its name."""


def of_split(results: Results, split: Split) -> dict[str, Figure]:
    """Return the figures over the cases of a split, as far as the metrics of cases give them.

    Over all cases they are those of the results.
    """
    if split == "all":
        return {name: results.figures[name] for name in LABELS if name in results.figures}
    cases = [case for case in results.cases.values() if case["split"] == split]
    found = {name: _figure(name, cases) for name in LABELS if name not in _SUMS}
    return {name: figure for name, figure in found.items() if figure.n}


def _figure(name: str, cases: Sequence[Case]) -> Figure:
    """Return a mean (of words read, the median) with its bootstrap interval."""
    metric, kind = _KINDS.get(name, (name, None))
    own = [case.get(metric) for case in cases if kind in (None, case["kind"])]
    values = np.array([value for value in own if isinstance(value, float)])
    if not len(values):
        return Figure(value=None, low=None, high=None, n=0)
    statistic: Callable[..., NDArray[np.float64]] = np.mean
    if name == "words_to_evidence":
        statistic = np.median
    draws = np.random.default_rng(SEED).integers(len(values), size=(RESAMPLES, len(values)))
    ends = [50 - 50 * CONFIDENCE, 50 + 50 * CONFIDENCE]
    low, high = np.percentile(statistic(values[draws], axis=1), ends)
    value, low, high = (round(float(one), 4) for one in (statistic(values), low, high))
    return Figure(value=value, low=low, high=high, n=len(values))


def told(figures: Mapping[str, Figure], split: Split) -> list[Told]:
    """Say in plain words what the main figures are; those that are missing are left out."""
    found = []
    for name, opposite, label, sentence in _TOLD:
        figure = figures.get(name)
        if figure is None or figure.value is None:
            continue
        value = 1 - figure.value if opposite else figure.value
        share = in_ten(value)
        said = sentence.format(asked=ASKED[split], n=figure.n, share=share)
        found.append(Told(label, said, share, round(10 * value)))
    return found


def in_ten(value: float) -> str:
    """Write a share as people say it; nearly all is not all."""
    if value in (0, 1):
        return "all of them" if value else "none of them"
    if value >= 0.95:
        return "nearly all of them"
    return f"{max(round(10 * value), 1)} in 10" if value >= 0.05 else "hardly any of them"


OUTCOMES = (
    "The program failed",
    "Nothing that was needed was shown",
    "Shown as answered, though the documents do not answer",
    "No guidance or overview, though it was asked for",
    "What was needed was only under “More from the documents”",
    "What was needed was in view, but not first",
    "The first quote was right",
    "Guidance or an overview, as asked for",
    "Recognised as not answered",
)
"""What may come of a case, worst first."""


def outcome_of(case: Case) -> str:
    """Say what came of a case."""
    if case["status"] == "error":
        return OUTCOMES[0]
    if case["kind"] in STATUS_OF:
        return OUTCOMES[7] if case.get("status_right") else OUTCOMES[3]
    if case.get("asserted") is not None:
        return OUTCOMES[2] if case["asserted"] else OUTCOMES[8]
    if not case.get("evidence_shown"):
        return OUTCOMES[1]
    if case.get("success@1"):
        return OUTCOMES[6]
    return OUTCOMES[5] if case.get("in_view") else OUTCOMES[4]


def by_outcome(results: Results, split: Split) -> dict[str, list[str]]:
    """Return the ids of the cases of a split by what came of them, worst first."""
    found: dict[str, list[str]] = {outcome: [] for outcome in OUTCOMES}
    for case_id, case in results.cases.items():
        if split in ("all", case["split"]):
            found[outcome_of(case)].append(case_id)
    return {outcome: ids for outcome, ids in found.items() if ids}
