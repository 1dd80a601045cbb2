"""One loader a format: the bytes of a file in, clean text and its blocks out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.markdown import read_markdown
from footprints.corpus.loaders.plain import read_plain
from footprints.corpus.loaders.sandbox import in_child
from footprints.corpus.loaders.text import of_text

VERSION = 1
"""Raised whenever the same file would be read in another way."""

_SHORT = 50_000
"""Markdown of so many bytes is read within seconds, however it was made to take long."""


def _read_markdown(content: bytes) -> Layout:
    """Read Markdown; a long file in a child, as a parser of brackets may take square time."""
    read = of_text(read_markdown) if len(content) <= _SHORT else in_child(".md")
    return read(content)


LOADERS: Mapping[str, Callable[[bytes], Layout]] = {
    ".docx": in_child(".docx"),
    ".htm": in_child(".html"),
    ".html": in_child(".html"),
    ".markdown": _read_markdown,
    ".md": _read_markdown,
    ".pdf": in_child(".pdf"),
    ".txt": of_text(read_plain),
}
"""Loaders by file suffix, lower case.

Each raises ``BadCorpus`` with the rest of a sentence that begins with the name of the file.
"""
