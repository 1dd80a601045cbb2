"""Select the evidence: what of a ranking is quoted, and whether it answers at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import exp

from footprints.index.lexical import terms
from footprints.types import AnswerStatus, Candidate, Evidence, Scored

# Every figure below was chosen on the `dev` cases.

MAX_QUOTES = 5

MARGIN = 0.08
"""A sentence is quoted if its score is at most so far below the best one's."""

OFF_TOPIC_SCORE, OFF_TOPIC_NEAREST = 0.36, 0.45
"""A question is off topic if its best sentence scores, and its nearest passage is, below these."""

ABSTAIN_BELOW = 0.55
"""A probability below this is no answer; 1 in 20 questions with an answer is lost to these."""

_INTERCEPT, _NEAREST = -1.46, 5.35

_ASKS_FOR_LIST = re.compile(
    r"\b(list|name (all|the|every|each)|what (are|were|else)|which (are|were)|who (are|were)"
    r"|(what|which) (?!is\b|was\b|does\b|has\b|this\b)\w+s)\b",
    re.I,
)


def select_evidence(question: str, ranking: Sequence[Scored[Candidate]]) -> Evidence:
    """Accept the best sentences, or none where they are unlikely to answer.

    A lead-in is quoted with its list; so is an item when the question asks for a list. What
    stands inside an accepted quote is not quoted again.
    """
    status, probability = judge(question, ranking)
    if status is not AnswerStatus.ANSWERED:
        return Evidence(status, probability, (), tuple(ranking))
    with_items = asks_for_list(question)
    least = ranking[0].score - MARGIN
    accepted: list[Scored[Candidate]] = []
    rejected: list[Scored[Candidate]] = []
    for scored in ranking:
        quotable = replace(scored, item=_quotable(scored.item, with_items))
        if scored.score >= least and not any(_overlap(quotable, other) for other in accepted):
            accepted.append(quotable)
        else:
            rejected.append(scored)
    return Evidence(status, probability, tuple(accepted), tuple(rejected))


def judge(question: str, ranking: Sequence[Scored[Candidate]]) -> tuple[AnswerStatus, float]:
    """Return how the question should end, and how likely the best sentence answers it.

    The probability is 1 / (1 + exp(1.46 − 5.35 · nearest)), fitted by logistic regression;
    ``nearest`` is the greatest cosine of the question and a passage.
    """
    if not terms(question):
        return AnswerStatus.ABSTAINED_NEEDS_REPHRASING, 0.0
    nearest = max(scored.signals["passage"] for scored in ranking)
    probability = 1 / (1 + exp(-(_INTERCEPT + _NEAREST * nearest)))
    if ranking[0].score < OFF_TOPIC_SCORE and nearest < OFF_TOPIC_NEAREST:
        return AnswerStatus.ABSTAINED_OFF_TOPIC, probability
    if probability < ABSTAIN_BELOW:
        return AnswerStatus.ABSTAINED_NOT_IN_CORPUS, probability
    return AnswerStatus.ANSWERED, probability


def asks_for_list(question: str) -> bool:
    """Tell whether a question asks for several things: “list …”, “what are …”, “which plans …”."""
    return bool(_ASKS_FOR_LIST.search(question))


def _quotable(candidate: Candidate, with_items: bool) -> Candidate:
    """Widen a lead-in to its whole list, and an item too if the list was asked for."""
    sentence = candidate.sentence
    if sentence.whole is None or (sentence.lead is not None and not with_items):
        return candidate
    whole = replace(sentence, start=sentence.whole.start, end=sentence.whole.end)
    return replace(candidate, sentence=whole)


def _overlap(one: Scored[Candidate], other: Scored[Candidate]) -> bool:
    a, b = one.item, other.item
    return (
        a.passage.doc_id == b.passage.doc_id
        and a.sentence.start < b.sentence.end
        and b.sentence.start < a.sentence.end
    )
