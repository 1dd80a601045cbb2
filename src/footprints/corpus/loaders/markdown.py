"""Markdown, read by a CommonMark parser (with tables). Raw HTML is text, never markup."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from footprints.corpus.loaders.layout import Layout
from footprints.types import BlockKind

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_BREAKS = {"softbreak", "hardbreak"}


def read_markdown(source: str) -> Layout:
    """Read Markdown into its blocks."""
    layout = Layout()
    for node in SyntaxTreeNode(_PARSER.parse(source)).children:
        _read(node, layout, depth=0)
    return layout


def _read(node: SyntaxTreeNode, layout: Layout, depth: int) -> None:
    match node.type:
        case "heading":
            layout.add(BlockKind.HEADING, _words(node), level=int(node.tag[1:]))
        case "paragraph":
            first = depth > 0 and node.parent is not None and node.parent.children[0] is node
            kind = BlockKind.LIST_ITEM if first else BlockKind.PARAGRAPH
            layout.add(kind, _words(node), level=depth)
        case "fence" | "code_block":
            layout.add(BlockKind.PARAGRAPH, node.content, level=depth)
        case "tr":
            layout.add_row([_words(cell) for cell in node.children])
        case "bullet_list" | "ordered_list":
            for item in node.children:
                _read(item, layout, depth + 1)
        case _:
            for child in node.children:
                _read(child, layout, depth)


def _words(node: SyntaxTreeNode) -> str:
    """Return what a reader sees of a node: link targets dropped, their text and all other kept."""
    if node.type in _BREAKS:
        return " "
    if node.type == "image" or not node.children:
        return node.content
    return "".join(_words(child) for child in node.children)
