"""Markdown, read by a CommonMark parser (with tables). Raw HTML is text, never markup."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from footprints.corpus.loaders.layout import Layout
from footprints.errors import BadCorpus
from footprints.types import BlockKind

# The parser leaves out what is nested deeper than this; no page for people is.
_DEEPEST = 100

_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable("table")


def read_markdown(source: str) -> Layout:
    """Read Markdown into its blocks.

    Raises:
        BadCorpus: lists or quotes are nested so deeply that words would be lost.
    """
    layout = Layout()
    tokens = iter(_parse(source))
    depth = 0
    begins_item = False
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                begins_item = True
            case "list_item_close":
                begins_item = False
            case "heading_open":
                layout.add(BlockKind.HEADING, _words(next(tokens)), level=int(token.tag[1:]))
            case "paragraph_open":
                kind = BlockKind.LIST_ITEM if begins_item else BlockKind.PARAGRAPH
                layout.add(kind, _words(next(tokens)), level=depth)
                begins_item = False
            case "fence" | "code_block":
                layout.add(BlockKind.PARAGRAPH, token.content, level=depth)
                begins_item = False
            case "tr_open":
                cells = list(_cells(tokens))
                header = any(cell.type == "th_open" for cell in cells)
                layout.add_row([_words(c) for c in cells if c.type == "inline"], header)
                begins_item = False
    return layout


def _parse(source: str) -> list[Token]:
    try:
        tokens = _PARSER.parse(source)
    except RecursionError:
        tokens = None
    if tokens is None or any(token.level >= _DEEPEST - 1 for token in tokens):
        raise BadCorpus("has lists, quotes or images nested too deeply to read; make them flatter.")
    return tokens


def _cells(tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield the tokens of a table row, up to its end."""
    for token in tokens:
        if token.type == "tr_close":
            return
        yield token


def _words(inline: Token) -> str:
    """Return what a reader sees: link targets and marks dropped, all else kept."""
    return "".join(map(_word, inline.children or ()))


def _word(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return _words(token) if token.type == "image" else token.content
