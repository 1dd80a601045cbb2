"""An HTML tree in, blocks out: what a reader sees of an element, in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

from footprints.corpus.clean import clean
from footprints.corpus.loaders.formulas import of_page
from footprints.corpus.loaders.html_numbers import ListNumbers
from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.raised import as_power
from footprints.corpus.loaders.sandbox import MAX_LOCATOR
from footprints.types import BlockKind

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
})  # fmt: skip
_LISTS = frozenset({"ul", "ol", "menu", "dl"})
_ITEMS = frozenset({"li", "dt", "dd"})
_ROLES_OF_LAYOUT = frozenset({"presentation", "none"})
_WIDEST = 1000
"""No table has more columns, whatever it says."""

_MARK = re.compile(r"\[?\s*([\d*†‡§]{1,4}|[a-z]|[ivx]{1,5})\s*\]?")
_NOTES = re.compile(r"\[?\s*(\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[*†‡§]{1,3})\s*\]?")
_BEFORE = 8
_LONGEST = 60
"""So many parts of a text, and letters of them, tell what is raised behind them."""

_STRUCK = frozenset({"del", "s", "strike"})
_STRIKING = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_BACK = re.compile(r"[\s↩↑^\ufe0e\ufe0f⇧⤴]*[↩↑^⇧⤴][\s\ufe0e\ufe0f]*")

Skip = Callable[[HtmlElement], bool]
"""Tells whether an element and all in it is left out."""


def read_tree(root: HtmlElement, skip: Skip, anchors: bool = False, numbers: bool = True) -> Layout:
    """Read an element into blocks.

    With anchors they say the nearest id at or above them; with numbers items begin with theirs.
    """
    reader = _BlockReader(skip, anchors, numbers)
    reader.read(root)
    reader.flush()
    return reader.layout


class _BlockReader:
    """Goes through a tree once, gathering words until a block begins or ends."""

    def __init__(self, skip: Skip, anchors: bool, numbers: bool) -> None:
        self.layout = Layout()
        self._skip = skip
        self._anchors = anchors
        self._numbers = numbers
        self._anchor: str | None = None
        self._words: list[str] = []
        self._heading = 0
        self._depth = 0
        self._begins_item = False
        self._lists: list[ListNumbers] = []
        self._number = ""

    def flush(self) -> None:
        """End the block that is under way."""
        words = "".join(self._words)
        self._words.clear()
        if not clean(words):
            return
        if self._heading:
            self.layout.add(BlockKind.HEADING, words, self._heading, self._anchor)
            return
        kind = BlockKind.LIST_ITEM if self._begins_item else BlockKind.PARAGRAPH
        self.layout.add(kind, f"{self._number} {words}", self._depth, self._anchor)
        self._begins_item, self._number = False, ""

    def read(self, element: HtmlElement) -> None:
        """Read an element with all in it, but not what follows it."""
        if not isinstance(element.tag, str) or self._skip(element):
            return
        if element.tag in _STRUCK or _STRIKING.search(element.get("style", "")):
            return
        if element.tag == "br":
            self._break(element)
        elif element.tag in _BLOCKS:
            above = self._open(element)
            self._block(element)
            self.flush()
            # A heading names what follows it; any other element only what is in it.
            self._anchor = self._anchor if heading_level(element) else above
        elif element.tag == "sup" and (raised := _raised(element, "".join(self._words[-_BEFORE:]))):
            self._words.append(raised)
        elif element.tag == "a" and self._begins_note(element):
            self._words.append(f"[{_text(element)}] ")
        elif element.tag == "math":
            self._words.append(of_page(element))
        elif element.tag == "rt":
            self._words += [" (", _text(element), ")"]
        elif element.tag != "rp" and not (element.tag == "a" and _BACK.fullmatch(_text(element))):
            self._inside(element)

    def _inside(self, element: HtmlElement) -> None:
        self._words.append(element.text or "")
        for child in element:
            self.read(child)
            self._words.append(child.tail or "")

    def _begins_note(self, link: HtmlElement) -> bool:
        """Tell the sign of a note, which leads back to its place, from the note's first word."""
        if not (link.get("href", "").startswith("#") and _NOTES.fullmatch(_text(link))):
            return False
        return not clean("".join(self._words)) and (link.tail or "")[:1].isalnum()

    def _break(self, element: HtmlElement) -> None:
        """Read a line break as a space, and two of them as the end of a paragraph."""
        before = element.getprevious()
        twice = before is not None and before.tag == "br" and not (before.tail or "").strip()
        if twice:
            self.flush()
        self._words.append(" ")

    def _open(self, element: HtmlElement) -> str | None:
        """Begin a block; return the anchor above it."""
        self.flush()
        above = self._anchor
        if self._anchors and (id_ := _id_of(element)):
            self._anchor = f"#{id_}"
        return above

    def _block(self, element: HtmlElement) -> None:
        level = heading_level(element)
        if level:
            self._heading = level
            self._inside(element)
            self.flush()
            self._heading = 0
        elif element.tag in _LISTS:
            self._depth += 1
            self._lists.append(ListNumbers(element))
            self._inside(element)
            self.flush()
            self._lists.pop()
            self._begins_item = False
            self._depth -= 1
        elif element.tag in _ITEMS:
            self._item(element)
        elif element.tag == "table" and _is_data(element):
            self._table(element)
        else:
            self._inside(element)

    def _item(self, element: HtmlElement) -> None:
        """Read an item; the explanation of a term stands below the term as its only item."""
        below = int(element.tag == "dd")
        self._depth = max(self._depth, 1) + below
        self._begins_item = True
        self._number = self._lists[-1].before(element) if self._numbers and self._lists else ""
        self._inside(element)
        self.flush()
        self._begins_item, self._number = False, ""
        self._depth -= below

    def _table(self, table: HtmlElement) -> None:
        for caption in table.iterchildren("caption"):
            self._inside(caption)
            self.flush()
        carried: dict[int, tuple[int, str]] = {}
        for row in _rows(table):
            if self._skip(row):
                continue
            cells = self._cells(row, carried)
            header = row.getparent().tag == "thead" or (
                len(row) > 1 and all(cell.tag == "th" for cell in row.iterchildren("th", "td"))
            )
            self.layout.add_row(cells, header, self._anchor)

    def _cells(self, row: HtmlElement, carried: dict[int, tuple[int, str]]) -> list[str]:
        """Return the cells of a row; one that spans rows is said in each of them."""
        cells: list[str] = []
        for cell in row.iterchildren("th", "td"):
            self._carry(cells, carried)
            if len(cells) >= _WIDEST:
                break
            words = self._words_of(cell)
            rows = _span(cell, "rowspan")
            if rows > 1:
                carried[len(cells)] = (rows - 1, words)
            cells += [words] + [""] * (_span(cell, "colspan") - 1)
        self._carry(cells, carried)
        return cells

    def _carry(self, cells: list[str], carried: dict[int, tuple[int, str]]) -> None:
        while left := carried.pop(len(cells), None):
            rows, words = left
            if rows > 1:
                carried[len(cells)] = (rows - 1, words)
            cells.append(words)

    def _words_of(self, cell: HtmlElement) -> str:
        """Return the words of a cell, its blocks one after the other."""
        inner = _BlockReader(self._skip, False, self._numbers)
        inner.read(cell)
        inner.flush()
        return inner.layout.text


def heading_level(element: HtmlElement) -> int:
    """Return the level of a heading, or 0."""
    if element.get("role") == "heading":
        level = element.get("aria-level", "2")
        return min(int(level), 6) if re.fullmatch("[1-9]", level) else 2
    return HEADINGS.get(element.tag, 0)


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from child.iterchildren("tr")


def _is_data(table: HtmlElement) -> bool:
    """Tell a table of data from one that only lays a page out."""
    if table.get("role") in _ROLES_OF_LAYOUT:
        return False
    if any(True for _ in table.iterdescendants(*HEADINGS)):
        return False
    if any(True for _ in table.iterdescendants("table")):
        return any(True for _ in table.iterchildren("thead"))
    return any(len(row) > 1 or (row[:1] and row[0].tag == "th") for row in _rows(table))


def _span(cell: HtmlElement, name: str) -> int:
    said = cell.get(name, "1").strip()
    return max(1, min(int(said), _WIDEST)) if re.fullmatch(r"[0-9]{1,6}", said) else 1


def _raised(element: HtmlElement, before: str) -> str:
    """Write a raised sign so that it stands apart from what is before it.

    A power stays raised, “m²”; any other number, and whatever is a link, refers to a note: “[9]”.
    """
    words = _text(element)
    linked = any(True for _ in element.iter("a"))
    if not linked and (power := as_power(before[-_LONGEST:], words)):
        return power
    mark = (_MARK if linked else _NOTES).fullmatch(words)
    return f"[{mark[1]}]" if mark else ""


def _id_of(element: HtmlElement) -> str | None:
    """Return the id of an element, or of what stands at the front of a heading."""
    ids = [element.get("id")]
    if heading_level(element):
        ids += [value for part in element.iterdescendants() for value in _names(part)]
    return next((id_ for id_ in ids if id_ and _usable(id_)), None)


def _names(element: HtmlElement) -> list[str | None]:
    if not isinstance(element.tag, str):
        return []
    return [element.get("id"), element.get("name") if element.tag == "a" else None]


def _usable(id_: str) -> bool:
    return len(id_) < MAX_LOCATOR and clean(id_) == id_ and " " not in id_


def _text(element: HtmlElement) -> str:
    return clean(element.text_content())
