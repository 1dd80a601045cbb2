"""Markdown, rendered by a CommonMark parser (with tables) and read as HTML is.

Front matter is not text: it says what the document is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from footprints.corpus.clean import clean
from footprints.corpus.dates import date_of
from footprints.corpus.loaders.dom import read_tree
from footprints.corpus.loaders.html import is_beside, parsed
from footprints.corpus.loaders.layout import Layout
from footprints.errors import BadCorpus
from footprints.types import UNKNOWN, Facts

# The parser leaves out what is nested deeper than this; no page for people is.
_DEEPEST = 100

_SAID = re.compile(r"^(title|date|publisher)\s*:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)


class _Renderer(RendererHTML):
    """Writes of a picture what it shows, in words, and of emphasis and links nothing."""

    def image(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        """Return the words that stand for a picture."""
        return escapeHtml(self.renderInlineAsText(tokens[at].children or (), options, env))

    def em_open(self, *_: Any) -> str:
        """Return nothing: elements thousands deep would lose their words."""
        return ""

    em_close = strong_open = strong_close = link_open = link_close = em_open


_PARSER = (
    MarkdownIt("commonmark", {"maxNesting": _DEEPEST}, renderer_cls=_Renderer)
    .enable(["table", "strikethrough"])
    .use(front_matter_plugin)
)


def read_markdown(source: str) -> Layout:
    """Read Markdown into its blocks.

    Raises:
        BadCorpus: lists or quotes are nested so deeply that words would be lost.
    """
    tokens = _parse(source)
    html = parsed(_PARSER.renderer.render(tokens, _PARSER.options, {}))
    layout = read_tree(html, is_beside)
    layout.proposed = _proposed(tokens)
    return layout


def _parse(source: str) -> list[Token]:
    try:
        tokens = _PARSER.parse(source)
    except RecursionError:
        tokens = None
    if tokens is None or any(token.level >= _DEEPEST - 1 for token in tokens):
        raise BadCorpus("has lists, quotes or images nested too deeply to read; make them flatter.")
    return tokens


def _proposed(tokens: Sequence[Token]) -> Facts:
    """Return what the front matter says of the document."""
    front = next((one.content for one in tokens if one.type == "front_matter"), "")
    said = {name: clean(words) or None for name, words in _SAID.findall(front)}
    return replace(
        UNKNOWN,
        title=said.get("title"),
        publisher=said.get("publisher"),
        published=date_of(said.get("date") or ""),
    )
