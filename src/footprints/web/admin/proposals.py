"""What stands in the fields of a document's details, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from footprints.contract import FileReading
from footprints.types import Facts, PartialDate
from footprints.wording import as_known


class Proposal(NamedTuple):
    """What stands in a field, why, and what else it could be."""

    value: str
    hint: str
    other: str = ""


def proposals(
    reading: FileReading, replaced: Facts | None, typed: Mapping[str, str] | None
) -> Mapping[str, Proposal]:
    """Return what stands in each field: what somebody has typed there, else what is proposed.

    Who made a file, and when, is only offered: that may be neither publisher nor date.
    """
    old = {
        name: getattr(replaced, name, None) for name in ("title", "publisher", "describes", "url")
    }
    no_title = "The file has no title. If you leave this empty, its first heading is used."
    proposed = {
        "title": _proposal(old["title"], reading.title, no_title),
        "publisher": _proposal(old["publisher"], reading.publisher, *_author(reading)),
        "published": _proposal(None, _words(reading.published), *_made(reading)),
        "describes": _proposal(old["describes"], None, "Leave this empty if you do not know."),
        "url": _proposal(old["url"], reading.url, "Leave this empty if it is not on the web."),
        "retrieved": _proposal(None, None, "When it was taken from there, if you know."),
    }
    if typed is None:
        return proposed
    return {name: _typed(one, typed.get(name, "")) for name, one in proposed.items()}


def _proposal(old: str | None, own: str | None, unknown: str, other: str = "") -> Proposal:
    if proposed := old or own:
        whence = "the document it replaces" if old else "the file"
        return Proposal(proposed, f"Proposed from {whence}; please check it.")
    return Proposal("", unknown, other)


def _typed(proposal: Proposal, value: str) -> Proposal:
    """Put what was typed in the place of what is proposed, which is offered then."""
    if value == proposal.value or not proposal.value:
        return proposal._replace(value=value)
    return Proposal(value, f"Proposed: {proposal.value}.", proposal.value)


def _author(reading: FileReading) -> tuple[str, str]:
    if not reading.author:
        return "The file does not name one. Leave this empty if you do not know.", ""
    return (
        f"The file names only its author, {reading.author}. Enter that if it is who published it.",
        reading.author,
    )


def _made(reading: FileReading) -> tuple[str, str]:
    if not (made := _words(reading.made)):
        return "The file does not say. Leave this empty if you do not know.", ""
    return f"The file says only when it was made or last changed: {made}.", made


def _words(known: PartialDate | None) -> str | None:
    return as_known(known) if known else None
