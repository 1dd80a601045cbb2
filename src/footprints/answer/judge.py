"""Judge how far the documents answer: surely, possibly or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footprints.answer.confidence import Confidence
from footprints.index.lexical import terms
from footprints.types import AnswerStatus, Candidate, Scored, Understood

SHOWING = frozenset({AnswerStatus.ANSWERED, AnswerStatus.POSSIBLE})
"""The outcomes that have quotes."""

NOTHING_NEAR = frozenset(
    {AnswerStatus.ABSTAINED_OFF_TOPIC, AnswerStatus.ABSTAINED_NEEDS_REPHRASING}
)
"""The outcomes of a question that nothing in the documents comes near."""

BEST_FIRST = (
    AnswerStatus.ANSWERED,
    AnswerStatus.POSSIBLE,
    AnswerStatus.ABSTAINED_NOT_IN_CORPUS,
    AnswerStatus.ABSTAINED_OFF_TOPIC,
    AnswerStatus.ABSTAINED_NEEDS_REPHRASING,
)
"""The outcomes, best first: a question of several parts has the best one of them."""


_HARDLY, _ELSEWHERE = 0.6, 0.8
"""From this share of a yes-or-no question unmatched, and of any other, the best sentence is on the
subject and may say something else: of those of ``dev`` that were called answered, the first quote
was right for half, below it for far more."""

_NOWHERE = 0.95
"""From this share unmatched, the best sentence says something else more often than not."""

_SAID = 5
"""A superlative that is asked for stands in one of so many sentences, or hardly anywhere."""


_ANSWERS = 0.4
"""From this probability on, what is only possible answers more often than not (on ``dev``)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome of a question, and how likely the best sentence answers it.

    What is only possible may be ``likely``: then it answers more often than not.
    """

    status: AnswerStatus
    probability: float
    likely: bool = False


def judge(
    question: Understood,
    ranking: Sequence[Scored[Candidate]],
    confidence: Confidence,
) -> Judged:
    """Judge what comes of a question.

    A question about a name that no document mentions is never surely answered, and not at all if
    it asks about nothing else; nor is surely answered one whose words are hardly in the best
    sentence, nor a follow-up whose name is not in it or that is read without what it points at,
    nor one for the most of something where no sentence says what that is, nor one whose best
    sentence asks or says nothing of the kind that is asked for, nor one with a word that nobody
    knows. Of a name that no document has or the best sentence lacks, of what is not known, of the
    most of something and of words that are nowhere in the best sentence, an answer is not even
    likely.
    """
    if not terms(question.text):
        return Judged(AnswerStatus.ABSTAINED_NEEDS_REPHRASING, 0.0)
    probability = confidence.probability(question, ranking)
    if not confidence.comes_near(ranking):
        return Judged(AnswerStatus.ABSTAINED_OFF_TOPIC, probability)
    if probability < confidence.thresholds.possible or _asks_nothing_else(question):
        return Judged(AnswerStatus.ABSTAINED_NOT_IN_CORPUS, probability)
    nameless = question.names and not ranking[0].signals.named
    unmatched = ranking[0].signals.unmatched
    hardly = unmatched > (_HARDLY if question.yes_or_no else _ELSEWHERE)
    strays = question.after and nameless
    middling = all(one.signals.middling for one in ranking[:_SAID])
    asks, amiss = not ranking[0].signals.states, ranking[0].signals.amiss
    astray = question.missing or question.unbound or amiss
    doubts = (astray, hardly, strays, middling, asks)
    if probability < confidence.thresholds.answered or any(doubts):
        unlikely = (astray, nameless, middling, unmatched >= _NOWHERE)
        likely = probability >= _ANSWERS and not any(unlikely)
        return Judged(AnswerStatus.POSSIBLE, probability, likely)
    return Judged(AnswerStatus.ANSWERED, probability)


def _asks_nothing_else(question: Understood) -> bool:
    """Tell whether all that a question asks about are names that no document mentions."""
    asked = {*terms(question.text[question.carried :])}
    return bool(question.unmentioned) and asked <= {*terms(" ".join(question.unmentioned))}
