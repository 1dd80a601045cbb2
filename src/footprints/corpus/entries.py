"""The text of ``sources.toml`` with an entry more, less or changed; all else stays as it is.

What was added is taken out again to the last byte. Where there is no file, its text is None.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import tomlkit

from footprints.corpus.catalogue import Entry

_HEAD = re.compile(r"\s*\[\[\s*document\s*\]\]")


def with_entry(text: str | None, entry: Entry) -> str:
    """Return a catalogue with one more entry, at its end."""
    entries = [*_entries(text), _values(entry)]
    line = "\r\n" if text and "\r\n" in text else "\n"
    written = tomlkit.dumps({"document": [_values(entry)]}).replace("\n", line)
    return _if_it_says(entries, written if text is None else f"{text}{line}{written}", text or "")


def without_entry(text: str, doc_id: str) -> str | None:
    """Return a catalogue without an entry; the comments above the next one stay.

    It is None where the file was made for this entry.
    """
    entries = _entries(text)
    at = _number(entries, doc_id)
    left = entries[:at] + entries[at + 1 :]
    if (lines := _cut(text, len(entries), at)) is None:
        return _if_it_says(left, "", text)
    before, _, above, after = map("".join, lines)
    if not (before or above.strip() or after):
        return None
    if not (above.strip() or after):
        before = re.sub(r"\r?\n\Z", "", before)
    return _if_it_says(left, before + (above if above.strip() else "") + after, text)


def with_changed(text: str, doc_id: str, entry: Entry) -> str:
    """Return a catalogue with an entry in the place of another, whose comments stay."""
    entries = _entries(text)
    at = _number(entries, doc_id)
    changed = [*entries[:at], _values(entry), *entries[at + 1 :]]
    if (lines := _cut(text, len(entries), at)) is None:
        return _if_it_says(changed, "", text)
    before, own, above, after = map("".join, lines)
    catalogue = tomlkit.parse(own)
    (table,) = catalogue["document"]
    values = _values(entry)
    for name in [*table]:
        if name not in values:
            del table[name]
    for name, value in values.items():
        if table.get(name) != value:
            table[name] = value
    return _if_it_says(changed, before + tomlkit.dumps(catalogue) + above + after, text)


def _entries(text: str | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(text or "").get("document", [])
    return found


def _number(entries: Sequence[Mapping[str, Any]], doc_id: str) -> int:
    return next(number for number, entry in enumerate(entries) if entry["id"] == doc_id)


def _values(entry: Entry) -> dict[str, Any]:
    """Return what is known of a document."""
    known = {name: value for name, value in entry.model_dump().items() if value not in (None, ())}
    for name, value in known.items():
        if isinstance(value, tuple):
            known[name] = list(value)
        elif name in ("published", "retrieved"):
            with suppress(ValueError):  # TOML has dates for days alone
                known[name] = date.fromisoformat(value)
    return known


def _cut(text: str, count: int, at: int) -> tuple[list[str], ...] | None:
    """Cut a catalogue in four: before an entry, the entry, what is above the next, and the rest.

    It is None where the entries do not begin with a line ``[[document]]`` each.
    """
    lines = text.splitlines(keepends=True)
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)] + [len(lines)]
    if len(heads) != count + 1:
        return None
    start = end = heads[at + 1]
    while lines[start - 1].lstrip().startswith("#") or not lines[start - 1].strip():
        start -= 1
    return lines[: heads[at]], lines[heads[at] : start], lines[start:end], lines[end:]


def _if_it_says(entries: list[dict[str, Any]], new: str, old: str) -> str:
    """Return a new text if it has these entries, or else the old one rewritten to have them."""
    with suppress(tomllib.TOMLDecodeError):
        if _entries(new) == entries:
            return new
    catalogue = tomlkit.parse(old)
    catalogue.pop("document", None)
    if entries:
        catalogue["document"] = tomlkit.item(entries)
    return tomlkit.dumps(catalogue)
