"""The list of documents: what is shown of each, which are chosen, and what is found in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from footprints.answer.only import publishers_of
from footprints.answer.searching import Reading
from footprints.index.facts import IndexedDocument
from footprints.index.lexical import terms
from footprints.index.listing import ListedDocument
from footprints.index.years import fits, years
from footprints.types import Document, Only, Sentence
from footprints.web.grouping import marked
from footprints.web.places import Documents

Order = Literal["title", "publisher", "period", "length"]

MOST = 10
"""How many passages a search shows."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the list."""

    document: IndexedDocument
    years: range
    """From the first year that it is about to the last; empty if none is known."""
    indexed: datetime | None

    @classmethod
    def of(cls, document: IndexedDocument, entry: ListedDocument | None = None) -> Listed:
        """Describe a document."""
        about = years(document)
        described = range(about[0], about[1] + 1) if about else range(0)
        return cls(document, described, entry.indexed if entry else None)


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage that a search found: its document, and the sentence in it that fits best."""

    document: Document
    headings: tuple[str, ...]
    before: str
    sentence: str
    after: str
    place: Sentence
    sought: frozenset[str]
    """The stems of the words that were sought."""

    @property
    def runs(self) -> Iterator[tuple[str, Iterator[tuple[str, bool]]]]:
        """Yield what stands around the sentence and the sentence, with the sought words marked."""
        for style, text in (
            ("around", self.before),
            ("quote", self.sentence),
            ("around", self.after),
        ):
            yield style, marked(text, self.sought)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which documents are listed, and in which order; what is empty does not narrow it."""

    publisher: str = ""
    year: int | None = None
    sort: Order = "title"

    @property
    def only(self) -> Only:
        """Return the choice as that of the documents that a question is asked of."""
        return Only((self.publisher,) if self.publisher else (), self.year, self.year)

    def of(self, rows: Iterable[Listed]) -> list[Listed]:
        """Return the chosen rows in order; equal ones by title."""
        chosen = (row for row in rows if fits(row.document, self.only))
        by_title = sorted(chosen, key=_ORDERS["title"])
        return sorted(by_title, key=_ORDERS[self.sort])


_ORDERS: dict[Order, Callable[[Listed], tuple[bool, str | int]]] = {
    "title": lambda row: (False, row.document.title.casefold()),
    "publisher": lambda row: (
        not row.document.publisher,
        (row.document.publisher or "").casefold(),
    ),
    "period": lambda row: (not row.years, row.years.start),
    "length": lambda row: (False, -row.document.words),
}
"""What the rows are sorted by; those of which it is not known come last."""


def options_of(rows: Sequence[Listed]) -> dict[str, list[tuple[str, str]]]:
    """Return what there is to choose from, each as it is sent and as it is shown."""
    about = sorted({year for row in rows for year in row.years}, reverse=True)
    publishers = publishers_of(row.document for row in rows)
    return {
        "publisher": [("", "All"), *((one, one) for one in publishers)],
        "year": [("", "All"), *((str(year), str(year)) for year in about)],
        "sort": [(order, order.capitalize()) for order in _ORDERS],
    }


def found_in(reading: Reading, documents: Documents) -> list[FoundPassage]:
    """Return the passages that a search found, best first, each once."""
    return list(islice(_passages(reading, documents), MOST))


def _passages(reading: Reading, documents: Documents) -> Iterator[FoundPassage]:
    sought, seen = frozenset(terms(reading.question.text)), set[str]()
    for scored in reading.ranking:
        passage, best = scored.item.passage, scored.item.sentence
        if passage.passage_id in seen:
            continue
        seen.add(passage.passage_id)
        document = documents[passage.doc_id]
        yield FoundPassage(
            document,
            passage.headings,
            document.text[passage.start : best.start],
            document.at(best),
            document.text[best.end : passage.end],
            best,
            sought,
        )
