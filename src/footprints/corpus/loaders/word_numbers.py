"""The numbers that Word writes before headings and items by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from footprints.corpus.loaders.numerals import LARGEST, numeral
from footprints.corpus.loaders.word_styles import WORD, Styles, value_of

_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered: “%1.%2” is its number behind that of the level above."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    style: str = ""


class Numbering:
    """Counts the paragraphs of a document's lists, in the order in which they are asked for."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        abstract = {} if root is None else {
            one.get(f"{WORD}abstractNumId", ""): one for one in root.iter(f"{WORD}abstractNum")
        }  # fmt: skip
        for number in root.iter(f"{WORD}num") if root is not None else ():
            self._add(number, abstract)

    def label(self, paragraph: etree._Element) -> str:
        """Return the number of the next paragraph, such as “2.1”; nothing if it has none."""
        found = self._styles.of(paragraph, f"{WORD}numPr")
        number = "" if found is None else value_of(found.find(f"{WORD}numId"))
        if found is None or number not in self._lists:
            return ""
        kind, levels = self._lists[number]
        at = self._level(paragraph, found, levels)
        counts = self._counts.setdefault(kind, [None] * _LEVELS)
        for level, start in self._starts.pop(number, {}).items():
            counts[level] = start - 1
        for above in range(at + 1):
            if counts[above] is None:
                counts[above] = levels.get(above, _Level()).start - (above == at)
        counts[at] = (counts[at] or 0) + 1
        counts[at + 1 :] = [None] * (_LEVELS - at - 1)
        return _written(levels.get(at, _Level()).text, counts, levels)

    def _level(
        self, paragraph: etree._Element, found: etree._Element, levels: dict[int, _Level]
    ) -> int:
        """Return the level of a paragraph: its own, or that of its style in the list."""
        own = value_of(found.find(f"{WORD}ilvl"))
        if own.isdecimal():
            return min(int(own), _LEVELS - 1)
        name = value_of(paragraph.find(f"{WORD}pPr/{WORD}pStyle"))
        return next((at for at, level in levels.items() if name and level.style == name), 0)

    def _add(self, number: etree._Element, abstract: dict[str, etree._Element]) -> None:
        id_ = number.get(f"{WORD}numId", "")
        kind = value_of(number.find(f"{WORD}abstractNumId"))
        levels = dict(map(_level_of, abstract[kind].iter(f"{WORD}lvl"))) if kind in abstract else {}
        for override in number.iter(f"{WORD}lvlOverride"):
            at = _number(override.get(f"{WORD}ilvl"), 0)
            start = override.find(f"{WORD}startOverride")
            if start is not None and at < _LEVELS:
                self._starts.setdefault(id_, {})[at] = _number(value_of(start), 1)
            levels |= dict(map(_level_of, override.iterfind(f"{WORD}lvl")))
        self._lists[id_] = (kind, levels)


def _level_of(level: etree._Element) -> tuple[int, _Level]:
    said = {
        name: value_of(found)
        for name in ("start", "numFmt", "lvlText", "pStyle")
        if (found := level.find(f"{WORD}{name}")) is not None
    }
    return min(_number(level.get(f"{WORD}ilvl"), 0), _LEVELS - 1), _Level(
        _number(said.get("start"), 1),
        said.get("numFmt", "decimal"),
        said.get("lvlText", ""),
        said.get("pStyle", ""),
    )


def _number(text: str | None, otherwise: int) -> int:
    return min(int(text), LARGEST) if text and text.isdecimal() else otherwise


def _written(text: str, counts: list[int | None], levels: dict[int, _Level]) -> str:
    """Write a number by its pattern; bullets and signs of one's own are none."""

    def one(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        return numeral(counts[at] or 0, levels.get(at, _Level()).form)

    written, many = re.subn(r"%([1-9])", one, text)
    return written.strip() if many and written.strip(" .()") else ""
