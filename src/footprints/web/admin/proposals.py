"""What a file says of itself, proposed for a person to confirm, and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from footprints.contract import FileReading
from footprints.types import Facts

_OWN = "Proposed from the file; please check it."
_OLD = "Proposed from the document it replaces; please check it."


class Proposal(NamedTuple):
    """What stands in a field at first, why, and what else it could be."""

    value: str
    hint: str
    other: str = ""


def proposals(reading: FileReading, replaced: Facts | None) -> Mapping[str, Proposal]:
    """Propose a value for each field of a document's details; an empty one where none is known.

    Who made a file, and when, is only offered: that may be neither publisher nor date.
    """
    old = {
        name: getattr(replaced, name, None) for name in ("title", "publisher", "describes", "url")
    }
    no_title = "The file has no title. If you leave this empty, its first heading is used."
    return {
        "title": _proposal(old["title"], reading.title, no_title),
        "publisher": _proposal(old["publisher"], reading.publisher, *_author(reading)),
        "published": _proposal(None, _words(reading.published), *_made(reading)),
        "describes": _proposal(old["describes"], None, "Leave this empty if you do not know."),
        "url": _proposal(old["url"], None, "Leave this empty if it is not on the web."),
        "retrieved": _proposal(None, None, "When it was taken from there, if you know."),
    }


def _proposal(old: str | None, own: str | None, unknown: str, other: str = "") -> Proposal:
    if old or own:
        return Proposal(old or own or "", _OLD if old else _OWN)
    return Proposal("", unknown, other)


def _author(reading: FileReading) -> tuple[str, str]:
    if not reading.author:
        return "The file does not name one. Leave this empty if you do not know.", ""
    return f"The file names only its author: {reading.author}.", reading.author


def _made(reading: FileReading) -> tuple[str, str]:
    if not (day := _words(reading.made)):
        return "The file does not say. Leave this empty if you do not know.", ""
    return f"The file says only when it was made or last changed: {day}.", day


def _words(day: date | None) -> str | None:
    return f"{day.day} {day:%B %Y}" if day else None
