"""The list of documents: what is shown of each, which are chosen, and what is found in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from footprints.answer.answerer import Reading
from footprints.corpus.clean import words_of
from footprints.index.split import sentences_of
from footprints.types import BlockKind, Document, Sentence
from footprints.web.places import Documents

Order = Literal["title", "publisher", "period", "length"]

MOST = 10
"""How many passages a search shows."""

_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_FEWEST_WORDS = 5
"""An opening with fewer words is a date, a name or a label."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list."""

    document: Document
    words: int
    opening: str
    years: range
    """From the first year that it is of or describes to the last; empty if none is known."""

    @classmethod
    def of(cls, document: Document) -> Row:
        """Describe a document."""
        words = len(words_of(document.text))
        return cls(document, words, opening_of(document), years_of(document))


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a search found: its document, and the sentence in it that fits best."""

    document: Document
    headings: tuple[str, ...]
    before: str
    sentence: str
    after: str
    place: Sentence


@dataclass(frozen=True, slots=True)
class Choice:
    """Which documents are listed, and in which order; what is empty does not narrow it."""

    publisher: str = ""
    year: int | None = None
    sort: Order = "title"

    def holds(self, row: Row) -> bool:
        """Tell whether a document is one of those chosen."""
        by_publisher = not self.publisher or self.publisher == row.document.publisher
        return by_publisher and (self.year is None or self.year in row.years)

    def of(self, rows: Iterable[Row]) -> list[Row]:
        """Return the chosen rows in order; equal ones by title."""
        by_title = sorted(filter(self.holds, rows), key=_ORDERS["title"])
        return sorted(by_title, key=_ORDERS[self.sort])


_ORDERS: dict[Order, Callable[[Row], tuple[bool, str | int]]] = {
    "title": lambda row: (False, row.document.title.casefold()),
    "publisher": lambda row: (
        not row.document.publisher,
        (row.document.publisher or "").casefold(),
    ),
    "period": lambda row: (not row.years, row.years.start),
    "length": lambda row: (False, -row.words),
}
"""What the rows are sorted by; those of which it is not known come last."""


def opening_of(document: Document) -> str:
    """Return a document's own first sentence, dates and labels above it passed over."""
    openings = (
        document.at(sentence)
        for block in document.blocks
        if block.kind is BlockKind.PARAGRAPH
        for sentence in sentences_of(document, block)
    )
    return next((one for one in openings if len(words_of(one)) >= _FEWEST_WORDS), "")


def years_of(document: Document) -> range:
    """Return the years that a document is of or describes."""
    said = f"{document.published or ''} {document.describes or ''}"
    years = [int(year) for year in _YEAR.findall(said)]
    return range(min(years), max(years) + 1) if years else range(0)


def options_of(rows: Sequence[Row]) -> dict[str, list[tuple[str, str]]]:
    """Return what there is to choose from, each as it is sent and as it is shown."""
    years = sorted({year for row in rows for year in row.years}, reverse=True)
    publishers = {row.document.publisher for row in rows if row.document.publisher}
    return {
        "publisher": [("", "All"), *((one, one) for one in sorted(publishers, key=str.casefold))],
        "year": [("", "All"), *((str(year), str(year)) for year in years)],
        "sort": [(order, order.capitalize()) for order in _ORDERS],
    }


def found_in(reading: Reading, chosen: Sequence[Row], documents: Documents) -> list[Found]:
    """Return the passages that a search found in the chosen documents, best first, each once."""
    ids = {row.document.doc_id for row in chosen}
    return [found for found in _passages(reading, documents) if found.document.doc_id in ids][:MOST]


def _passages(reading: Reading, documents: Documents) -> Iterator[Found]:
    seen: set[str] = set()
    for scored in reading.ranking:
        passage, best = scored.item.passage, scored.item.sentence
        if passage.passage_id in seen:
            continue
        seen.add(passage.passage_id)
        document = documents[passage.doc_id]
        yield Found(
            document,
            passage.headings,
            document.text[passage.start : best.start],
            document.at(best),
            document.text[best.end : passage.end],
            best,
        )
