"""The Answerer: a question in, an Answer of exact quotes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from threadpoolctl import threadpool_limits

from footprints.answer.compose import cite, closest
from footprints.answer.confidence import Caution, Confidence
from footprints.answer.differ import differences
from footprints.answer.evidence import select_evidence
from footprints.answer.followup import resolve_followup
from footprints.answer.rank import SignalRanker
from footprints.answer.retrieve import retrieve
from footprints.answer.understand import Understanding
from footprints.corpus.clean import clean
from footprints.errors import BadQuestion
from footprints.index.build import open_index
from footprints.index.encoder import load_encoder
from footprints.index.lexical import terms
from footprints.index.store import Index
from footprints.settings import Settings
from footprints.types import (
    Answer,
    AnswerStatus,
    Candidate,
    Encoder,
    Passage,
    Ranker,
    Scored,
    Understood,
)

MAX_CHARACTERS = 500
"""The longest question that is taken, in characters."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\U000e0000-\U000e007f]")
"""Control characters but for tab and line ends, and tag characters, which hide text in text."""

_OWN_TERMS = 0.3
"""What the coverage of a follow-up's own words counts when its readings are compared."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was understood, what was ranked for it, and what that took.

    ``searched_for`` is the question with its spelling corrected, None where it was in order.
    """

    question: Understood
    searched_for: str | None
    passages: tuple[Passage, ...]
    ranking: list[Scored[Candidate]]
    timings_ms: dict[str, float]


class Answerer:
    """Answers questions from one index; it keeps nothing between questions."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        index_build: str,
        ranker: Ranker | None = None,
        indexed: datetime | None = None,
        caution: Caution = "balanced",
    ) -> None:
        self.index = index
        self.index_build = index_build
        self.indexed = indexed
        self.encoder = encoder
        self._understanding = Understanding(index)
        self.confidence = Confidence(caution)
        self._ranker = ranker or SignalRanker(index)

    @classmethod
    def open(cls, settings: Settings, encoder: Callable[[str], Encoder] = load_encoder) -> Answerer:
        """Open the current index with the encoder that the settings name.

        Raises:
            NoIndex, IndexMismatch, IndexDamaged, BadEncoder: see ``open_index``.
        """
        loaded = encoder(settings.encoder)
        index, manifest = open_index(settings, loaded)
        # After a product of its own, a BLAS with several threads keeps them spinning for a while,
        # and the encoder's threads wait behind them: ten times slower on two cores.
        threadpool_limits(limits=1, user_api="blas")
        return cls(
            index, loaded, manifest.build, indexed=manifest.created, caution=settings.caution
        )

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question; ``history`` is the earlier questions, oldest first.

        Raises:
            BadQuestion: it is empty, longer than 500 characters, without words or not Unicode.
        """
        watch = Stopwatch()
        reading = self.search(question, history)
        documents = self.index.documents
        evidence = select_evidence(reading.question, reading.ranking, documents, self.confidence)
        probability = evidence.probability
        answered = evidence.status is AnswerStatus.ANSWERED
        citations = cite(evidence.accepted, documents, probability)
        differing = differences(citations, documents)
        return Answer(
            question=checked(question),
            status=evidence.status,
            probability=round(probability, 4),
            citations=citations,
            related=() if answered else closest(evidence.rejected, documents, probability),
            index_build=self.index_build,
            timings_ms={**reading.timings_ms, "total": watch.lap()},
            searched_for=reading.searched_for,
            doubtful=answered and probability < self.confidence.doubt,
            differs=bool(differing),
            differences=differing,
        )

    def search(self, question: str, history: Sequence[str] = ()) -> Reading:
        """Return the ranking that ``answer`` selects from, with every signal's value.

        Raises:
            BadQuestion: see ``answer``.
        """
        question, watch = checked(question), Stopwatch()
        corrected, *earlier = map(self._understanding.corrected, [question, *map(checked, history)])
        readings = [
            self._understanding.understand(text, own=corrected)
            for text in resolve_followup(corrected, earlier)
        ]
        timings = {"understand": watch.lap()}
        encodings = self.encoder.encode_questions([reading.text for reading in readings])
        timings["encode"] = watch.lap()
        found = [
            retrieve(self.index, terms(reading.text), encoding)
            for reading, encoding in zip(readings, encodings, strict=True)
        ]
        timings["retrieve"] = watch.lap()
        rankings = [
            self._ranker.rank(reading, encoding, passages)
            for reading, encoding, passages in zip(readings, encodings, found, strict=True)
        ]
        timings["rank"] = watch.lap()
        best = self._best_reading(corrected, rankings)
        return Reading(
            question=readings[best],
            searched_for=corrected if corrected != question else None,
            passages=tuple(self.index.passages[scored.item] for scored in found[best]),
            ranking=rankings[best],
            timings_ms=timings,
        )

    def _best_reading(self, question: str, rankings: Sequence[list[Scored[Candidate]]]) -> int:
        """Let the evidence decide between readings: return which ranking's best sentence fits best.

        Fit = its score + 0.3 × its coverage of the words that the question itself brings.
        """
        best = [ranking[0] for ranking in rankings]
        rows = [one.item.sentence_row for one in best]
        own = self.index.sentence_terms.coverage(terms(question), rows)
        fits = [one.score + _OWN_TERMS * float(share) for one, share in zip(best, own, strict=True)]
        return fits.index(max(fits))


def checked(question: str) -> str:
    """Return a question's clean text.

    Raises:
        BadQuestion: it is empty, longer than 500 characters, without words, not Unicode, or has
            control or tag characters.
    """
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise BadQuestion("The question is not valid Unicode text; write it anew.") from error
    if found := _FORBIDDEN.search(question):
        kind = "tag" if found[0] >= "\U000e0000" else "control"
        raise BadQuestion(f"The question has a {kind} character, U+{ord(found[0]):04X}; delete it.")
    cleaned = clean(question)
    if not cleaned:
        raise BadQuestion("The question is empty; write one.")
    if len(cleaned) > MAX_CHARACTERS:
        raise BadQuestion(
            f"The question has {len(cleaned)} characters; shorten it to {MAX_CHARACTERS} or fewer."
        )
    if not re.search(r"[^\W_]", cleaned):
        raise BadQuestion("The question has no words; write it in words.")
    return cleaned


class Stopwatch:
    """Measures milliseconds from one lap to the next."""

    def __init__(self) -> None:
        self._from = perf_counter()

    def lap(self) -> float:
        """Return the milliseconds since the last lap, and start the next."""
        now, last = perf_counter(), self._from
        self._from = now
        return round((now - last) * 1000, 3)
