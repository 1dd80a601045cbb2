"""The numbers that a browser writes before the items of an ordered list."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from footprints.corpus.loaders.numerals import numeral

_FORMS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero",
}
_NUMBER = re.compile(r"\s*([-+]?[0-9]{1,6})\s*")
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*(?:inside\s+|outside\s+)?([\w-]+)", re.IGNORECASE)
_UNNUMBERED = frozenset({"none", "disc", "circle", "square"})
_CLASSES = re.compile(r"unstyled|unlisted|list-none|no-(?:bullet|number|list)", re.IGNORECASE)


class ListNumbers:
    """Counts the items of a list; one that is not shown with numbers has none."""

    def __init__(self, element: HtmlElement) -> None:
        styled = _STYLE.search(element.get("style", ""))
        self._form = styled[1].lower() if styled else element.get("type", "1")
        unstyled = not styled and _CLASSES.search(element.get("class", ""))
        self._shown = element.tag == "ol" and not unstyled and self._form not in _UNNUMBERED
        backwards = element.get("reversed") is not None
        self._step = -1 if backwards else 1
        items = sum(1 for _ in element.iterchildren("li")) if backwards else 1
        self._count = _number(element.get("start"), items)

    def before(self, item: HtmlElement) -> str:
        """Return what is written before the next item: “3.”, or nothing."""
        count = _number(item.get("value"), self._count)
        self._count = count + self._step
        form = item.get("type", self._form)
        return f"{numeral(count, _FORMS.get(form, 'decimal'))}." if self._shown else ""


def _number(said: str | None, otherwise: int) -> int:
    found = _NUMBER.fullmatch(said or "")
    return int(found[1]) if found else otherwise
