"""What a file was read as, part by part: its pages, slides, sheets or headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from footprints.corpus.loaders.layout import Layout, Part
from footprints.types import Block, BlockKind

_NAMES = {
    BlockKind.PARAGRAPH: ("paragraph", "paragraphs"),
    BlockKind.LIST_ITEM: ("list item", "list items"),
    BlockKind.TABLE_ROW: ("table row", "table rows"),
}


def parts_of(layout: Layout) -> list[Part]:
    """Return the pages of a file as its reader says they are, else its slides or its headings."""
    if layout.parts:
        return layout.parts
    parts: list[list[Block]] = []
    for block in layout.blocks:
        if not parts or _begins(block, parts[-1][-1]):
            parts.append([])
        parts[-1].append(block)
    return [_part(layout, blocks) for blocks in parts]


def _begins(block: Block, before: Block) -> bool:
    if _slide(block):
        return block.locator != before.locator
    return block.kind is BlockKind.HEADING


def _slide(block: Block) -> str | None:
    return block.locator if (block.locator or "").startswith("slide ") else None


def _part(layout: Layout, blocks: Sequence[Block]) -> Part:
    first = blocks[0]
    heading = layout.at(first) if first.kind is BlockKind.HEADING else "no heading"
    counts = Counter(block.kind for block in blocks)
    how = [
        f"{counts[kind]} {names[counts[kind] > 1]}"
        for kind, names in _NAMES.items()
        if counts[kind]
    ]
    words = sum(len(layout.at(block).split()) for block in blocks)
    return Part(_slide(first) or heading, words, ", ".join(how) or "a heading alone")
