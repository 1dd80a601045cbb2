"""Which documents a question is asked of: of some publishers, or about some years."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from footprints.errors import BadQuestion
from footprints.index.store import Index
from footprints.types import Citation, Document, Only

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NONE = np.zeros(0, dtype=np.int64)


def years(dated: Document | Citation) -> tuple[int, int] | None:
    """Return the first and the last year that a document describes or was published in, if any."""
    found = [int(year) for year in _YEAR.findall(dated.describes or "")]
    found += [dated.published.year] if dated.published else []
    return (min(found), max(found)) if found else None


def fits(document: Document, only: Only) -> bool:
    """Tell whether a document is one of those that are asked."""
    if only.publishers and document.publisher not in only.publishers:
        return False
    if only.since is None and only.until is None:
        return True
    about = years(document)
    return bool(
        about
        and (only.since is None or about[1] >= only.since)
        and (only.until is None or about[0] <= only.until)
    )


def rows_of(only: Only, index: Index) -> NDArray[np.int64]:
    """Return the rows of the passages of the documents that are asked, in order.

    Raises:
        BadQuestion: there are none.
    """
    asked = [id_ for id_, document in index.documents.items() if fits(document, only)]
    rows = np.concatenate([_NONE, *(np.array(index.passages.rows_of(id_)) for id_ in asked)])
    if not len(rows):
        raise BadQuestion(f"No document is {in_words(only)}; widen the choice of documents.")
    return rows.astype(np.int64)


def only_of(publisher: str, since: str, until: str) -> Only:
    """Read a choice of documents as a form gives it; what is empty chooses nothing.

    Raises:
        BadQuestion: a year is not one.
    """
    years = [_year(text.strip()) for text in (since, until)]
    return Only((publisher,) if publisher else (), *years)


def _year(text: str) -> int | None:
    if text and not _YEAR.fullmatch(text):
        raise BadQuestion(f"{text!r} is not a year; write it like this: 2016.")
    return int(text) if text else None


def in_words(only: Only) -> str:
    """Say which documents are asked: “by NHS England, about 2016 to 2019”."""
    by = f"by {' or '.join(only.publishers)}" if only.publishers else ""
    since, until = only.since, only.until
    if since is not None and until is not None:
        about = f"about {since}" if since == until else f"about {since} to {until}"
    elif since is not None:
        about = f"about {since} or later"
    else:
        about = f"about {until} or earlier" if until is not None else ""
    return ", ".join(filter(None, (by, about)))


def publishers_of(documents: Iterable[Document]) -> list[str]:
    """Return the publishers of documents, in the order of the alphabet."""
    return sorted({document.publisher for document in documents if document.publisher})
