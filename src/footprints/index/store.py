"""The index: what is known of a build, its search, and the segments of its documents."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from footprints.index.facts import BuildFacts
from footprints.index.gather import facts_of, numbered
from footprints.index.search import EmbeddedSearch
from footprints.index.segment import Segment
from footprints.index.sentence_rows import Sentences
from footprints.lock import Use
from footprints.types import Candidate, Document, Found, Passage, PassageSearch

OPEN = 512
"""How many documents are held open at a time: those that were used last."""


class Segments:
    """The segments of a build by name, each opened when it is used. Several threads may ask."""

    def __init__(
        self, open_one: Callable[[str], Segment], use: Use | None = None, most: int = OPEN
    ) -> None:
        """Take what opens a segment, and what keeps their files from being removed meanwhile."""
        self._open, self._use, self._most = open_one, use, most
        self._held: OrderedDict[str, Segment] = OrderedDict()
        self._lock = Lock()

    def __getitem__(self, name: str) -> Segment:
        """Return a segment.

        Raises:
            IndexDamaged, CannotRead: it cannot be opened, or is not what the build wrote.
        """
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name]
        opened = self._open(name)
        with self._lock:
            self._held[name] = opened
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return opened


@dataclass(frozen=True, slots=True, eq=False)
class Documents(Mapping[str, Document]):
    """The documents of a build by id, in order, each read when it is used."""

    facts: BuildFacts
    segments: Segments

    def __getitem__(self, doc_id: str) -> Document:
        name = self.facts.segment_of(doc_id)
        if name is None:
            raise KeyError(doc_id)
        return self.segments[name].document

    def __iter__(self) -> Iterator[str]:
        return (document.doc_id for document in self.facts.documents)

    def __len__(self) -> int:
        return self.facts.counts["documents"]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Index:
    """Everything built from a corpus: what is known of it all, its search, and its documents."""

    facts: BuildFacts
    search: PassageSearch
    segments: Segments

    @classmethod
    def of(cls, segments: Sequence[Segment], abbreviations: Mapping[str, str]) -> Index:
        """Put segments together in memory, in the order of their documents."""
        numbers = numbered(segments, {})
        facts = facts_of(segments, numbers, abbreviations)
        named = {segment.digest: segment for segment in segments}
        return cls(facts, EmbeddedSearch.of(segments, facts, numbers), Segments(named.__getitem__))

    @property
    def documents(self) -> Mapping[str, Document]:
        """Return the documents by id, in order."""
        return Documents(self.facts, self.segments)

    @property
    def passages(self) -> Iterator[Passage]:
        """Yield every passage, in the order of the documents."""
        for document in self.facts.documents:
            yield from self.segments[document.segment].passages

    def segment_of(self, doc_id: str) -> Segment:
        """Return the segment of a document."""
        return self.segments[str(self.facts.segment_of(doc_id))]

    def passage(self, found: Found) -> Passage:
        """Return a passage that was found."""
        return self.segments[found.segment].passage(found.row)

    def candidates(self, found: Found) -> Iterator[Candidate]:
        """Yield the sentences of a passage that was found."""
        return self.segments[found.segment].candidates(found.row)

    def sentences(self, candidates: Sequence[Candidate]) -> Sentences:
        """Return what is kept of sentences."""
        return Sentences(candidates, self.segment_of, self.facts)
