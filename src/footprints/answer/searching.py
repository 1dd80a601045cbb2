"""The search for one question: which reading of it, behind those before it, finds the most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from footprints.answer.encoded import Encoded, Stopwatch
from footprints.answer.followup import (
    asks_for_more,
    leans,
    led_up,
    read_behind,
    resolve_followup,
    stands_alone,
)
from footprints.answer.guidance import guidance_of
from footprints.answer.parts import asks, compares
from footprints.answer.plain import plain
from footprints.answer.rank import without
from footprints.answer.recent import Recent
from footprints.answer.retrieve import keywords, retrieve
from footprints.answer.select import select
from footprints.answer.understand import Understanding
from footprints.index.lexical import terms
from footprints.index.store import Index
from footprints.types import (
    ALL_DOCUMENTS,
    Candidate,
    Encoder,
    Only,
    Passage,
    Place,
    Ranker,
    Scored,
    Shown,
    Topic,
    Understood,
)

_OWN_TERMS = 0.3
"""What the coverage of a follow-up's own words counts when its readings are compared."""

_REWORDED = 0.03
"""What a sentence loses that is found in terms of policy, not in the asker's own words."""

TURNS = 8
"""So many earlier questions count at most: each may be searched for, to know what was shown."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was understood, the ranking for it, and the time that took.

    ``searched_for`` is the question with its spelling corrected; None if nothing was.
    ``read_after`` are the questions that it was read behind, if it was.
    """

    question: Understood
    searched_for: str | None
    passages: tuple[Passage, ...]
    ranking: list[Scored[Candidate]]
    timings_ms: dict[str, float]
    read_after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Searcher:
    """Understands questions and ranks sentences for them, of the documents that are asked."""

    index: Index
    encoder: Encoder
    understanding: Understanding
    ranker: Ranker
    only: Only = ALL_DOCUMENTS
    _topics: Recent[tuple[str, bool], Topic | None] = field(default_factory=Recent)
    _readings: Recent[tuple[Only, tuple[str, ...]], Reading] = field(default_factory=Recent)
    """What was searched for last: a conversation goes on from there."""

    def parts(
        self, question: str, history: Sequence[str], encoded: Encoded
    ) -> list[tuple[str, Sequence[str]]]:
        """Return the questions in one, its spelling corrected, each with those it is read after."""

        def shown() -> Shown | None:
            earlier = [*map(self.understanding.corrected, history)]
            return self._shown(_turns(earlier), encoded) if history else None

        whole = self.understanding.compared(plain(question), history, shown)
        parts = self.understanding.parts(whole)
        before = () if stands_alone(whole) else history
        # One side of a comparison says nothing of the other.
        leaning = () if compares(whole) else parts
        return [(part, [*before, *leaning[:at]]) for at, part in enumerate(parts)]

    def topic_of(self, question: str, follows: bool, encoded: Encoded) -> Topic | None:
        """Return what a question asks about the chat itself; None if it is about the documents.

        Thanks before a question are passed over: “Thanks. And who leads it?”. What stands alone
        follows nothing.
        """
        follows = follows and not stands_alone(question)
        (encoding,) = encoded.of([question])
        topic = guidance_of(self.encoder).topic_of(question, encoding.vector, follows)
        rest = plain(question)
        if topic is Topic.THANKS and rest != question and asks(rest):
            topic = self.topic_of(rest, follows, encoded)
        return self._topics.keep((question, follows), topic)

    def search(self, question: str, history: Sequence[str], encoded: Encoded) -> Reading:
        """Understand one question behind those before it, and rank what is found."""
        watch = Stopwatch()
        *earlier, corrected = map(self.understanding.corrected, (*history, question))
        reading = self._searched(_turns([*earlier, corrected]), encoded, watch)
        as_asked = dict(zip(map(plain, earlier), history, strict=True))
        return replace(
            reading,
            searched_for=corrected if corrected != question else None,
            read_after=tuple(as_asked[one] for one in reading.read_after),
        )

    def _searched(self, turns: tuple[str, ...], encoded: Encoded, watch: Stopwatch) -> Reading:
        """Rank what is found for the last question behind the others."""
        *earlier, asked = turns
        after = self._shown(turns[:-1], encoded) if earlier else None
        texts = (
            *resolve_followup(asked, earlier),
            *self.understanding.of_what_was_shown(asked, earlier, after),
        )
        readings = [self.understanding.understand(text, asked, after, self.only) for text in texts]
        timings = {"understand": watch.lap()}
        # Several texts are encoded side by side.
        sure = self.understanding.in_other_forms(readings[0]) if len(readings) == 1 else ()
        encodings = encoded.of([one.text for one in (*readings, *sure)])[: len(readings)]
        watch.lap()
        timings["encode"] = encoded.lap()
        found = [
            retrieve(self.index, keywords(reading), encoding, only=self.only)
            for reading, encoding in zip(readings, encodings, strict=True)
        ]
        timings["retrieve"] = watch.lap()
        rankings = [
            self.ranker.rank(reading, encoding, passages)
            for reading, encoding, passages in zip(readings, encodings, found, strict=True)
        ]
        best = self._best_reading(asked, rankings)
        for other in self.understanding.in_other_forms(readings[best]):
            again = self._in_other_words(other, encoded)
            rankings[best] = _better_of(rankings[best], again)
        if after and asks_for_more(asked):
            rankings[best] = without(after.quotes, rankings[best])
        timings["rank"] = watch.lap()
        reading = Reading(
            question=readings[best],
            searched_for=None,
            passages=tuple(self.index.passage(scored.item) for scored in found[best]),
            ranking=rankings[best],
            timings_ms=timings,
            read_after=() if texts[best] == asked else read_behind(earlier),
        )
        return self._readings.keep((self.only, turns), reading)

    def _in_other_words(self, other: Understood, encoded: Encoded) -> list[Scored[Candidate]]:
        """Rank what is found for a question in other words.

        Another form of a term is the same; a term of policy is near it, and finds nothing of what
        is only like the names that are asked about.
        """
        (encoding,) = encoded.of([other.text])
        passages = retrieve(self.index, keywords(other), encoding, only=self.only)
        ranking = self.ranker.rank(other, encoding, passages)
        if other.defined:
            return ranking
        return [replace(one, score=one.score - _REWORDED) for one in ranking if one.signals.named]

    def _shown(self, turns: tuple[str, ...], encoded: Encoded) -> Shown | None:
        """Return what the previous answer showed, if it was about the documents."""
        asked, follows = turns[-1], len(turns) > 1
        if self._topics.get((asked, follows), lambda: self.topic_of(asked, follows, encoded)):
            return None
        reading = self._readings.get(
            (self.only, turns), lambda: self._searched(turns, encoded, Stopwatch())
        )
        shown = [
            one.item for one in select(reading.question, reading.ranking, self.index.documents)
        ]
        quotes = tuple(
            Place(one.passage.doc_id, one.sentence.start, one.sentence.end) for one in shown
        )
        return Shown(shown[0].passage.headings, quotes)

    def _best_reading(self, question: str, rankings: Sequence[list[Scored[Candidate]]]) -> int:
        """Let the evidence decide between readings: return which ranking's best sentence fits best.

        Fit = its score + 0.3 × its coverage of the words that the question itself brings. If none
        has any of them, and the question does not lean on those before it, the plainest one fits.
        """
        best = [ranking[0] for ranking in rankings]
        own = self.index.sentences([one.item for one in best]).coverage(terms(question))
        fits = [one.score + _OWN_TERMS * float(share) for one, share in zip(best, own, strict=True)]
        return fits.index(max(fits)) if own.any() or leans(question) else 0


def _better_of(*rankings: Sequence[Scored[Candidate]]) -> list[Scored[Candidate]]:
    """Rank each sentence as it stands in the ranking that gives it the best score."""
    scored = sorted(chain.from_iterable(rankings), key=lambda one: -one.score)
    best: dict[tuple[str, int], Scored[Candidate]] = {}
    for one in scored:
        best.setdefault(one.item.key, one)
    return [*best.values()]


def _turns(questions: Sequence[str]) -> tuple[str, ...]:
    """Return the last question behind those it goes on from, each as it is searched for."""
    *earlier, asked = map(plain, questions)
    return (*(() if stands_alone(asked) else led_up(earlier[-TURNS:])), asked)
