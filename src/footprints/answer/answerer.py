"""The Answerer: a question in, an Answer of exact quotes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, zip_longest
from types import MappingProxyType
from typing import Any

from footprints.answer.cite import cite, further
from footprints.answer.confidence import Caution, Confidence
from footprints.answer.differ import differences
from footprints.answer.encoded import Encoded, Stopwatch
from footprints.answer.followup import asks_who_says
from footprints.answer.judge import BEST_FIRST, NOTHING_NEAR, SHOWING, Judged, judge
from footprints.answer.only import check
from footprints.answer.question import checked
from footprints.answer.rank import SignalRanker
from footprints.answer.reading import ReadBy
from footprints.answer.searching import Reading, Searcher
from footprints.answer.select import LEAST, MAX_QUOTES, select
from footprints.answer.suggest import examples_of
from footprints.answer.understand import Understanding
from footprints.errors import ReaderFailed
from footprints.index.encoder import load_encoder
from footprints.index.listing import ListedDocument, Listing
from footprints.index.opening import open_index
from footprints.index.store import Index
from footprints.index.years import fits
from footprints.reader.opening import open_reader
from footprints.settings import Settings
from footprints.types import (
    ALL_DOCUMENTS,
    ANY_CORPUS,
    Answer,
    AnswerPart,
    AnswerStatus,
    Candidate,
    Citation,
    Encoder,
    Only,
    Ranker,
    Reader,
    Scope,
    Scored,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one question by itself: its words, ranking, quotes and outcome."""

    question: str
    reading: Reading
    judged: Judged
    quotes: tuple[Scored[Candidate], ...]


class Answerer:
    """Answer questions from one index; what came before changes how fast, never what."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        index_build: str,
        ranker: Ranker | None = None,
        listing: Mapping[str, ListedDocument] = MappingProxyType({}),
        caution: Caution = "balanced",
        scope: Scope = ANY_CORPUS,
        read_by: ReadBy | None = None,
    ) -> None:
        self.index = index
        self.scope = scope
        self.only = ALL_DOCUMENTS
        self.index_build = index_build
        self.listing = listing
        self.encoder = encoder
        self.read_by = read_by
        self.confidence = Confidence(caution, read_by.trust.model if read_by else None)
        self._searcher = Searcher(
            index, encoder, Understanding(index), ranker or SignalRanker(index)
        )

    @classmethod
    def open(
        cls,
        settings: Settings,
        encoder: Callable[[str], Encoder] = load_encoder,
        reader: Callable[[Settings], Reader | None] = open_reader,
    ) -> Answerer:
        """Open the current index with the encoder and the reader that the settings name.

        Raises:
            NoIndex, IndexMismatch, IndexDamaged, BadEncoder: see ``open_index``.
            BadReader: see ``open_reader``.
        """
        loaded, opened = encoder(settings.encoder), reader(settings)
        index, manifest = open_index(settings, loaded)
        return cls(
            index,
            loaded,
            manifest.build,
            listing=Listing(settings.index_dir / manifest.build),
            caution=settings.caution,
            scope=manifest.scope,
            read_by=ReadBy.of(opened, settings.reader_seconds) if opened else None,
        )

    def of(self, only: Only) -> Answerer:
        """Return the same answerer, asking some documents alone.

        Raises:
            BadQuestion: there are no such documents.
        """
        if only == ALL_DOCUMENTS:
            return self
        check(only, self.index.facts.documents)
        limited = copy(self)
        limited.only, limited._searcher = only, replace(self._searcher, only=only)
        return limited

    @property
    def unread(self) -> Answerer:
        """Return the same answerer without its reader, for what many questions are asked for."""
        if self.read_by is None:
            return self
        plain = copy(self)
        plain.read_by, plain.confidence = None, Confidence(self.confidence.caution)
        return plain

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """Return a few questions that the documents answer."""
        return examples_of(self.unread)

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question; ``history`` is the earlier questions, oldest first.

        Raises:
            BadQuestion: it is empty, longer than 500 characters, without words or not Unicode.
        """
        watch, encoded = Stopwatch(), Encoded(self.encoder.encode_questions)
        question, history = _turns(question, history)
        if history and asks_who_says(question):
            # Each quote stands with who says it, and when.
            last = self.answer(history[-1], history[:-1])
            if last.citations:
                read_after = (*last.read_after, history[-1])
                return replace(last, question=question, read_after=read_after)
        understanding = self._searcher.understanding
        corrected = understanding.corrected(question)
        searched_for = corrected if corrected != question else None
        overview = understanding.overview(corrected, lambda one: fits(one, self.only))
        if overview:
            return self._overview(question, overview, searched_for, encoded, watch)
        if topic := self._searcher.topic_of(question, bool(history), encoded):
            return self._answer(question, AnswerStatus.GUIDANCE, watch, topic=topic)
        parts = self._searcher.parts(corrected, history, encoded)
        outcomes = [self._outcome(part, before, encoded) for part, before in parts]
        return self._joined(question, searched_for, outcomes, watch)

    def _overview(
        self,
        question: str,
        overview: Sequence[Scored[Candidate]],
        searched_for: str | None,
        encoded: Encoded,
        watch: Stopwatch,
    ) -> Answer:
        """Show an outline, and below it what a search finds."""
        citations = cite(overview, self.index.documents)
        reading = self._searcher.search(searched_for or question, (), encoded)
        return self._answer(
            question,
            AnswerStatus.OVERVIEW,
            watch,
            1.0,
            citations,
            reading.timings_ms,
            further=further(
                reading.ranking,
                citations,
                self.index.documents,
                lambda scored: self.confidence.of(reading.question, reading.ranking, scored),
            ),
            searched_for=searched_for,
        )

    def _outcome(self, question: str, history: Sequence[str], encoded: Encoded) -> Outcome:
        """Answer one question by itself."""
        reading = self._read(self._searcher.search(question, history, encoded))
        judged = judge(reading.question, reading.ranking, self.confidence)
        quotes: tuple[Scored[Candidate], ...] = ()
        if judged.status in SHOWING:
            least = LEAST if judged.status is AnswerStatus.ANSWERED else MAX_QUOTES
            quotes = select(reading.question, reading.ranking, self.index.documents, least)
        return Outcome(question, reading, judged, quotes)

    def _joined(
        self, question: str, searched_for: str | None, outcomes: Sequence[Outcome], watch: Stopwatch
    ) -> Answer:
        """Join the results of a question's parts into one answer."""
        likely = self._likely(outcomes)
        citations, parts = self._numbered(outcomes, likely)
        best = min(
            (one.judged for one in outcomes),
            key=lambda judged: (BEST_FIRST.index(judged.status), -judged.probability),
        )
        rest = chain.from_iterable(zip_longest(*(one.reading.ranking for one in outcomes)))
        return self._answer(
            question,
            best.status,
            watch,
            best.probability,
            citations,
            further=further(filter(None, rest), citations, self.index.documents, likely)
            if best.status not in NOTHING_NEAR
            else (),
            searched_for=searched_for,
            likely=best.likely,
            # Parts after the first lean on it, which everybody sees.
            read_after=outcomes[0].reading.read_after,
            parts=parts if len(parts) > 1 else (),
            unmentioned=tuple(
                dict.fromkeys(name for one in outcomes for name in one.reading.question.missing)
            ),
            timings=_added(one.reading.timings_ms for one in outcomes),
        )

    def _numbered(
        self, outcomes: Sequence[Outcome], likely: Callable[[Scored[Candidate]], float]
    ) -> tuple[tuple[Citation, ...], tuple[AnswerPart, ...]]:
        """Return the quotes of all parts, numbered on, and each part with its own numbers."""
        most = MAX_QUOTES if len(outcomes) == 1 else LEAST
        among = [quote for one in outcomes for quote in one.quotes[:most]]
        firsts = {one.quotes[0].item.key for one in outcomes if one.quotes}
        citations: tuple[Citation, ...] = ()
        parts = []
        for one in outcomes:
            # What another part is answered by first stands there.
            own = [*one.quotes[:1], *(q for q in one.quotes[1:most] if q.item.key not in firsts)]
            cited = cite(own, self.index.documents, likely, citations, among, one.reading.ranking)
            citations += tuple(new for new in cited if new.number > len(citations))
            parts.append(
                AnswerPart(
                    one.question,
                    one.judged.status,
                    round(one.judged.probability, 4),
                    tuple(citation.number for citation in cited),
                    one.judged.likely,
                )
            )
        return citations, tuple(parts)

    def _likely(self, outcomes: Sequence[Outcome]) -> Callable[[Scored[Candidate]], float]:
        """Return what tells how likely a sentence answers the part that it was found for."""
        asked = {
            id(scored): one.reading
            for one in outcomes
            for scored in (*one.reading.ranking, *one.quotes)
        }

        def likely(scored: Scored[Candidate]) -> float:
            reading = asked[id(scored)]
            return self.confidence.of(reading.question, reading.ranking, scored)

        return likely

    def _answer(
        self,
        question: str,
        status: AnswerStatus,
        watch: Stopwatch,
        probability: float = 0.0,
        citations: tuple[Citation, ...] = (),
        timings: Mapping[str, float] = MappingProxyType({}),
        **more: Any,
    ) -> Answer:
        differing = differences(citations, self.index.documents, question)
        return Answer(
            question=question,
            status=status,
            probability=round(probability, 4),
            citations=citations,
            further=more.pop("further", ()),
            index_build=self.index_build,
            only=self.only,
            differs=bool(differing),
            differences=differing,
            timings_ms={**timings, "total": watch.lap()},
            **more,
        )

    def search(self, question: str, history: Sequence[str] = ()) -> Reading:
        """Return the ranking that ``answer`` selects from, with every signal's value.

        Raises:
            BadQuestion: see ``answer``.
        """
        question, history = _turns(question, history)
        encoded = Encoded(self.encoder.encode_questions)
        return self._read(self._searcher.search(question, history, encoded))

    def parts(self, question: str, history: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
        """Return the questions in one, its spelling corrected, each with those it is read after."""
        question, history = _turns(question, history)
        return self._searcher.parts(question, history, Encoded(self.encoder.encode_questions))

    def _read(self, reading: Reading) -> Reading:
        """Let the reader put a ranking in order, if there is one; else leave it as it is."""
        if self.read_by is None:
            return reading
        watch, ranking, stage = Stopwatch(), reading.ranking, "read"
        try:
            ranking = self.read_by.reordered(reading.question.text, ranking, self.index.documents)
        except ReaderFailed:
            stage = "reader_failed"
        return replace(
            reading, ranking=ranking, timings_ms={**reading.timings_ms, stage: watch.lap()}
        )


def _turns(question: str, history: Sequence[str]) -> tuple[str, list[str]]:
    """Check a question and those before it, and pass over those that ask who says so.

    They ask for nothing that the next could go on with.
    """
    question, *history = map(checked, [question, *history])
    return question, [one for one in history if not asks_who_says(one)]


def _added(timings: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Add up the time that the parts of a question took, stage by stage."""
    total: Counter[str] = Counter()
    for one in timings:
        total.update(one)
    return {stage: round(taken, 3) for stage, taken in total.items()}
