"""One loader a format: the text of a file in, clean text and its blocks out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.markdown import read_markdown
from footprints.corpus.loaders.plain import read_plain

LOADERS: Mapping[str, Callable[[str], Layout]] = {
    ".markdown": read_markdown,
    ".md": read_markdown,
    ".txt": read_plain,
}
"""Loaders by file suffix, lower case."""
