"""Judge how far the documents answer: surely, possibly or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footprints.answer.confidence import Confidence
from footprints.index.lexical import terms
from footprints.types import AnswerStatus, Candidate, Expected, Scored, Understood

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

_AGAIN = 0.32
"""What was asked before of another name is not answered for a new one by a sentence that matches
one of its words by less: of 22 such follow-ups, all seven below it had a wrong first quote."""

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

    A question is not answered, nor likely to be, of a name that no document mentions, and gets a
    “no” if it asks about nothing else; nor with a word that nobody knows or without what it points
    at, nor where yes or no or a value is asked of a place that only the asker knows, nor by a
    sentence that says nothing of the kind that is asked for; nor for another name by one that has
    not what was asked, nor by what was shown before and lacks the kind of value, nor for the most
    of something where no sentence says what that is. Nor is an answer sure where the best sentence
    itself asks or has not the most that is asked for, where it is about another abbreviation than
    the one that is asked about, where what was shown before is to be the reason, where it has none
    of the names that a value or a follow-up is asked of, where others say it than the publisher
    that is asked, or where the words of the question are hardly in it.
    """
    if not terms(question.text):
        return Judged(AnswerStatus.ABSTAINED_NEEDS_REPHRASING, 0.0)
    probability = confidence.probability(question, ranking)
    if not confidence.comes_near(ranking):
        return Judged(AnswerStatus.ABSTAINED_OFF_TOPIC, probability)
    if probability < confidence.thresholds.possible or _asks_nothing_else(question):
        return Judged(AnswerStatus.ABSTAINED_NOT_IN_CORPUS, probability)
    best, yes_or_no = ranking[0].signals, question.yes_or_no
    nameless = question.names and not best.named
    astray = any((
        question.missing,
        question.unbound,
        question.unplaced and (yes_or_no or question.expects),
        best.amiss,
        best.repeats and not best.expected,
        question.renamed and best.least < _AGAIN,
        all(one.signals.middling for one in ranking[:_SAID]),
    ))  # fmt: skip
    unsure = any((
        not best.states,
        nameless and (question.after or question.expects),
        question.publishers and not best.publisher,
        best.middling,
        best.elsewhere,
        best.repeats and question.expects is Expected.REASON,
        best.unmatched > (_HARDLY if yes_or_no else _ELSEWHERE),
    ))  # fmt: skip
    if probability >= confidence.thresholds.answered and not (astray or unsure):
        return Judged(AnswerStatus.ANSWERED, probability)
    unlikely = astray or nameless or best.unmatched >= _NOWHERE
    return Judged(AnswerStatus.POSSIBLE, probability, probability >= _ANSWERS and not unlikely)


def _asks_nothing_else(question: Understood) -> bool:
    """Tell whether all that a question asks about are names that no document mentions."""
    asked = {*terms(question.text[question.carried :])}
    return bool(question.unmentioned) and asked <= {*terms(" ".join(question.unmentioned))}
