"""One loader per format: the bytes of a file in, clean text and its blocks out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.markdown import read_markdown
from footprints.corpus.loaders.plain import read_plain
from footprints.corpus.loaders.sandbox import Loader, in_child
from footprints.corpus.loaders.text import of_text
from footprints.progress import Tick, idle

VERSION = 5
"""Raised whenever the same file would be read differently."""

_SHORT = 50_000
"""Text of this many bytes is read within seconds, however malicious it is."""


def _text(suffix: str, read: Callable[[str], Layout], markup: bytes = b"") -> Loader:
    """Make a loader that reads short text at once; what is long, or may have markup, in a child."""
    here, there = of_text(read), in_child(suffix)

    def load(content: bytes, tick: Tick = idle) -> Layout:
        is_plain = len(content) <= _SHORT and not (markup and markup in content)
        return here(content) if is_plain else there(content, tick)

    return load


LOADERS: Mapping[str, Loader] = {
    ".csv": in_child(".csv"),
    ".docx": in_child(".docx"),
    ".htm": in_child(".html"),
    ".html": in_child(".html"),
    ".markdown": _text(".md", read_markdown, b"<"),
    ".md": _text(".md", read_markdown, b"<"),
    ".ods": in_child(".ods"),
    ".pdf": in_child(".pdf"),
    ".pptx": in_child(".pptx"),
    ".txt": _text(".txt", read_plain),
    ".xlsx": in_child(".xlsx"),
}
"""Loaders by file suffix, lower case.

Each raises ``BadCorpus`` with the rest of a sentence that begins with the name of the file, and
whatever its ``tick`` raises.
"""
