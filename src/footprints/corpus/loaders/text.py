"""Bytes in, text out, for the text formats; an uncertain encoding is refused."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from footprints.corpus.loaders.layout import Layout
from footprints.errors import BadCorpus

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8-sig",
}


def of_text(read: Callable[[str], Layout]) -> Callable[[bytes], Layout]:
    """Make a loader of bytes from one of text."""
    return lambda content: read(decode(content))


def marked_encoding(content: bytes) -> str | None:
    """Return the encoding that a byte-order mark names, if there is one."""
    marks = (name for mark, name in _MARKS.items() if content.startswith(mark))
    return next(marks, None)


def decode(content: bytes) -> str:
    """Decode UTF-8, or UTF-16 and UTF-32 that say so by their byte-order mark.

    Bytes that are neither are refused: nearly all of them would also decode as Windows-1252, as
    Windows-1250 or as Mac Roman, each to other words, and a quote must be exact.

    Raises:
        BadCorpus: it is not such text; the message says where.
    """
    encoding = marked_encoding(content) or "utf-8"
    if encoding.startswith("utf-8") and b"\0" in content:
        at = content.index(b"\0")
        raise BadCorpus(f"is not text (a zero byte at offset {at}); save it as UTF-8 text.")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        shown = content[error.start : error.start + 4].hex(" ")
        name = encoding.upper().removesuffix("-SIG")
        raise BadCorpus(
            f"is not {name} (bytes {shown} at offset {error.start}); save it as UTF-8."
        ) from error
