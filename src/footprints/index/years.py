"""What years a document is about, and whether it is one of those that are asked."""

from __future__ import annotations

from typing import Protocol

from footprints.corpus.dates import YEAR
from footprints.types import Only, PartialDate


class Dated(Protocol):
    """Anything with the date and the period of a document."""

    @property
    def published(self) -> PartialDate | None:
        """Return when it was published."""
        ...

    @property
    def describes(self) -> str | None:
        """Return what time it describes, in words."""
        ...


class HasFacts(Dated, Protocol):
    """Anything with a document's publisher too."""

    @property
    def publisher(self) -> str | None:
        """Return who published it."""
        ...


def years(dated: Dated) -> tuple[int, int] | None:
    """Return the first and the last year that a document describes or was published in, if any."""
    found = [int(year) for year in YEAR.findall(dated.describes or "")]
    found += [int(dated.published[:4])] if dated.published else []
    return (min(found), max(found)) if found else None


def fits(document: HasFacts, only: Only) -> bool:
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
