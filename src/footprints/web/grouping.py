"""Group an answer's quotes by the page they stand on, oldest page first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from footprints.types import Citation


@dataclass(frozen=True, slots=True)
class Source:
    """A document and the quotes of an answer that stand in it, best first."""

    doc_id: str
    title: str
    citations: tuple[Citation, ...]

    @property
    def first(self) -> Citation:
        """Return the best of its quotes."""
        return self.citations[0]


def by_source(citations: Sequence[Citation]) -> list[Source]:
    """Return the documents quoted, in order of date.

    The date of publication decides, else the first year in what the page describes; pages of
    which neither is known come last. Equals stand by their best quote.
    """
    grouped: dict[str, list[Citation]] = {}
    for citation in citations:
        grouped.setdefault(citation.doc_id, []).append(citation)
    sources = [Source(doc_id, own[0].title, tuple(own)) for doc_id, own in grouped.items()]
    return sorted(sources, key=lambda source: _age(source.first))


def _age(citation: Citation) -> tuple[date, int]:
    years = re.findall(r"\b(?:19|20)\d\d\b", citation.describes or "")
    described = date(int(years[0]), 1, 1) if years else date.max
    return citation.published or described, citation.number
