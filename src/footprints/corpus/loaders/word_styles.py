"""Word's styles: what a paragraph or a run has by itself, or from the styles it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from lxml import etree

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_DEEPEST_HEADING = 6
_HEADING_NAME = re.compile(r"heading ([1-9])", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: etree._Element | None) -> None:
        styles = root.iter(f"{WORD}style") if root is not None else ()
        self._styles = {style.get(f"{WORD}styleId", ""): style for style in styles}

    def based_on(self, style_id: str) -> Iterator[etree._Element]:
        """Yield a style and those it is based on, itself first."""
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            yield style
            style_id = value_of(style.find(f"{WORD}basedOn"))

    def is_on(self, run: etree._Element, name: str) -> bool:
        """Tell whether a run has a property such as ``vanish``."""
        own = run.find(f"{WORD}rPr/{WORD}{name}")
        if own is not None:
            return value_of(own) not in _OFF
        paragraph = next(iter(run.iterancestors(f"{WORD}p")), None)
        named = [run.find(f"{WORD}rPr/{WORD}rStyle")]
        if paragraph is not None:
            named.append(paragraph.find(f"{WORD}pPr/{WORD}pStyle"))
        above = chain.from_iterable(self.based_on(value_of(style)) for style in named)
        found = (style.find(f"{WORD}rPr/{WORD}{name}") for style in above)
        first = next((one for one in found if one is not None), None)
        return first is not None and value_of(first) not in _OFF

    def of(self, paragraph: etree._Element, path: str) -> etree._Element | None:
        """Return a property of a paragraph, its own or that of its style."""
        own = paragraph.find(f"{WORD}pPr/{path}")
        if own is not None:
            return own
        found = (above.find(f"{WORD}pPr/{path}") for above in self._above(paragraph))
        return next((one for one in found if one is not None), None)

    def _above(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        return self.based_on(value_of(paragraph.find(f"{WORD}pPr/{WORD}pStyle")))

    def heading_level(self, paragraph: etree._Element) -> int:
        """Return the level of a heading, or 0: by its outline, or by what its style is called."""
        outline = self.of(paragraph, f"{WORD}outlineLvl")
        if outline is not None:
            level = value_of(outline)
            return min(int(level) + 1, _DEEPEST_HEADING) if re.fullmatch("[0-8]", level) else 0
        for above in self._above(paragraph):
            name = value_of(above.find(f"{WORD}name"))
            if name == "Title":
                return 1
            if found := _HEADING_NAME.fullmatch(name):
                return min(int(found[1]), _DEEPEST_HEADING)
        return 0


def value_of(element: etree._Element | None) -> str:
    """Return the value of a property: of one that only stands there “1”, of none nothing."""
    return "" if element is None else element.get(f"{WORD}val", "1")
