"""Plain text: paragraphs between blank lines, bulleted and numbered items, nothing clever."""

from __future__ import annotations

import re

from footprints.corpus.clean import clean
from footprints.corpus.loaders.layout import Layout
from footprints.types import BlockKind

MARKER = re.compile(r"\s*(?:[•◦▪‣·●○■⁃\uf0b7*+–-]|\(?(?:\d{1,3}|[a-z])[.)])(?:\s+(?=\S)|\s*$)")


def without_bullet(text: str) -> str:
    """Return the text of a list item; a number or letter before it stays, as others refer to it."""
    marker = MARKER.match(text)
    return text[marker.end() :] if marker and not any(map(str.isalnum, marker[0])) else text


def read_plain(source: str) -> Layout:
    """Read plain text into its blocks."""
    layout = Layout()
    kind, words = BlockKind.PARAGRAPH, list[str]()
    for line in [*source.splitlines(), ""]:
        marker = MARKER.match(line)
        if marker or not clean(line):
            layout.add(kind, " ".join(words), level=int(kind is BlockKind.LIST_ITEM))
            kind = BlockKind.LIST_ITEM if marker else BlockKind.PARAGRAPH
            words = [without_bullet(line)] if marker else []
        else:
            words.append(line)
    return layout
