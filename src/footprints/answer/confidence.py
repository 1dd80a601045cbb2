"""Confidence: one calibrated probability that the best sentence answers the question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from math import exp
from typing import Literal

from pydantic import BaseModel, ConfigDict

from footprints.types import Candidate, Expected, Scored, Understood

SUBJECT = 0.2
"""From this mean cosine with all passages, a question is on the documents' one subject."""

_SUPPORT = 5
_APART = ("maxsim", "lacks", "particular", "nameless", "support", "unmatched")

Caution = Literal["cautious", "balanced", "eager"]

FILE = "confidence.json"
"""The fitted model, beside this module; ``make fit`` writes it."""


class Term(BaseModel):
    """A feature of the model, which adds ``weight × (value − mean) / scale``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean: float
    scale: float
    weight: float


class Thresholds(BaseModel):
    """The least probability for an answer to count as one, and as a possible one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answered: float
    possible: float


class Model(BaseModel):
    """A logistic model, and the thresholds of each degree of caution.

    What has less ``reach`` than ``off_topic`` has nothing to do with the documents.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    features: dict[str, Term]
    intercept: float
    thresholds: dict[Caution, Thresholds]
    off_topic: float
    fitted_on: str


class Confidence:
    """Judges how likely the best sentence of a ranking answers the question.

    The probability is 1 / (1 + exp(−(intercept + Σ weight × (value − mean) / scale))).
    """

    def __init__(self, caution: Caution = "balanced", model: Model | None = None) -> None:
        self.caution = caution
        self._model = model or load_model()
        self.thresholds = self._model.thresholds[caution]
        self.off_topic = self._model.off_topic

    def comes_near(self, ranking: Sequence[Scored[Candidate]]) -> bool:
        """Tell whether the documents have anything to do with what was asked."""
        return reach(ranking) >= self.off_topic

    def probability(self, question: Understood, ranking: Sequence[Scored[Candidate]]) -> float:
        """Return the probability, 0 to 1."""
        counts = (counts for _, _, counts in self.parts(question, ranking))
        return 1 / (1 + exp(-(self._model.intercept + sum(counts))))

    def of(
        self,
        question: Understood,
        ranking: Sequence[Scored[Candidate]],
        scored: Scored[Candidate],
    ) -> float:
        """Return what the probability would be if a sentence were the best of its ranking."""
        key = scored.item.key
        others = [one for one in ranking if one.item.key != key]
        return self.probability(question, [scored, *others])

    def parts(
        self, question: Understood, ranking: Sequence[Scored[Candidate]]
    ) -> Iterator[tuple[str, float, float]]:
        """Yield every feature's name, its value and what it adds."""
        values = features(question, ranking)
        for name, term in self._model.features.items():
            yield name, values[name], term.weight * (values[name] - term.mean) / term.scale


def features(question: Understood, ranking: Sequence[Scored[Candidate]]) -> Mapping[str, float]:
    """Return the features that the probability is computed from.

    - ``nearest``: the greatest cosine of the question and a passage;
    - ``named``, ``least``, ``unmatched``: signals of the best sentence;
    - ``nameless``: 1 if the question names nothing; ``unmentioned``: 1 if no document has one of
      its names;
    - ``lacks``: 1 if the best sentence lacks the kind of value that is expected, ½ if it has only
      an office where the question asks who;
    - ``particular``: 1 if some kind of value is expected at all;
    - ``read``, ``none``: what a reader gives the best sentence, and how likely it finds none does;
    - ``lead``: how far the best sentence is above the next; ``support``: the mean score of the
      first five;
    - ``apart``: 0 if the question is on the one subject of all documents, 1 if they have none in
      common with it: 1 − ``subject`` / 0.2, from 0 to 1;
    - those that end in ``_apart``: ``apart`` times the signal ``maxsim`` or one of the above. Where
      every page is on the question's subject, a near miss repeats its words as well as an answer
      does; elsewhere words tell most.
    """
    best, first = ranking[0], [scored.score for scored in ranking[:_SUPPORT]]
    apart = min(max(1 - best.signals.subject / SUBJECT, 0.0), 1.0)
    own = {
        "nearest": nearest(ranking),
        "named": best.signals.named,
        "nameless": float(not question.names),
        "unmentioned": float(bool(question.unmentioned)),
        "lacks": _lacks(question, best),
        "particular": float(question.expects is not None),
        "lead": best.score - ranking[1].score if len(ranking) > 1 else 0.0,
        "support": sum(first) / len(first),
        "least": best.signals.least,
        "unmatched": best.signals.unmatched,
        "apart": apart,
        "read": best.signals.read,
        "none": best.signals.none,
    }
    both = own | {"maxsim": best.signals.maxsim}
    return own | {f"{name}_apart": apart * both[name] for name in _APART}


def _lacks(question: Understood, best: Scored[Candidate]) -> float:
    nameless = question.expects is Expected.PERSON and not best.signals.somebody
    return max(1 - best.signals.expected, 0.5 * nameless)


def nearest(ranking: Sequence[Scored[Candidate]]) -> float:
    """Return the greatest cosine of the question and a passage."""
    return max(scored.signals.passage for scored in ranking)


def reach(ranking: Sequence[Scored[Candidate]]) -> float:
    """Return how near the documents come: the greatest of all scores and cosines."""
    return max(ranking[0].score, nearest(ranking))


def load_model() -> Model:
    """Read the model that comes with the package."""
    return Model.model_validate_json(files(__package__).joinpath(FILE).read_bytes())
