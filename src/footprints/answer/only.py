"""Which documents a question is asked of: of some publishers, or about some years."""

from __future__ import annotations

from collections.abc import Iterable

from footprints.corpus.dates import YEAR
from footprints.errors import BadChoice
from footprints.index.facts import IndexedDocument
from footprints.index.years import fits
from footprints.types import KnownDocument, Only


def check(only: Only, documents: Iterable[IndexedDocument]) -> None:
    """Check that there are documents of a choice.

    Raises:
        BadChoice: there are none, or its years are the wrong way round.
    """
    since, until = only.since, only.until
    if since is not None and until is not None and since > until:
        raise BadChoice(
            f"‘From’ ({since}) is after ‘to’ ({until}); put the earlier year first.",
            ("since", "until"),
        )
    if not any(fits(document, only) and document.passages for document in documents):
        fields = {"publisher": only.publishers, "since": only.since, "until": only.until}
        raise BadChoice(
            f"No document is {in_words(only)}; widen the choice of documents.",
            tuple(name for name, chosen in fields.items() if chosen),
        )


def only_of(publishers: Iterable[str], since: str, until: str) -> Only:
    """Read a choice of documents as a form gives it; what is empty chooses nothing.

    Raises:
        BadChoice: a year is not one.
    """
    years = [_year(name, text.strip()) for name, text in (("since", since), ("until", until))]
    return Only(tuple(filter(None, publishers)), *years)


def _year(name: str, text: str) -> int | None:
    if text and not YEAR.fullmatch(text):
        raise BadChoice(f"{text!r} is not a year; write it like this: 2016.", (name,))
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


def publishers_of(documents: Iterable[KnownDocument]) -> list[str]:
    """Return the publishers of documents, in the order of the alphabet."""
    return sorted({document.publisher for document in documents if document.publisher})
