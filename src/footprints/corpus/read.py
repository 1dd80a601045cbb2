"""The bytes of one file in, a Document out."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from io import BufferedReader
from pathlib import Path

from footprints.corpus.catalogue import CATALOGUE, ID_PATTERN, Entry, leftover, unreadable
from footprints.corpus.clean import is_plain_name
from footprints.corpus.loaders import LOADERS
from footprints.corpus.loaders.kinds import OTHER_OFFICE, check_kind
from footprints.corpus.loaders.layout import Layout
from footprints.errors import BadCorpus
from footprints.progress import Tick, idle
from footprints.types import BlockKind, Document, Facts

MAX_BYTES = 50 * 2**20
"""The most bytes a file of the corpus may have."""


@dataclass(frozen=True)
class SourceFile:
    """A file with its bytes, read once so that digest and text agree."""

    path: Path
    content: bytes

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


def read_document(
    file: SourceFile, entry: Entry | None, tick: Tick = idle
) -> tuple[Document, tuple[str, ...]]:
    """Turn one file into a Document, with warnings for people to check.

    Without an entry it is titled by its first heading or its name.

    Raises:
        BadCorpus: see ``read_layout``.
    """
    layout = read_layout(file, tick)
    warnings = tuple(layout.warnings)
    if entry is None:
        warnings += (f"It has no entry in {CATALOGUE}: its publisher and date are unknown.",)
        entry = proposed(file.path)
    title = entry.title or first_heading(layout) or file.path.stem
    document = Document(
        **asdict(replace(Facts.of(entry), title=title)),
        doc_id=entry.id,
        inferred=entry.inferred,
        origin=file.path.name,
        text=layout.text,
        blocks=tuple(layout.blocks),
        digest=file.digest,
    )
    return document, warnings


def proposed(path: Path) -> Entry:
    """Return the entry of a file that has none."""
    return Entry(id=slug(path.stem), file=path.name)


def read_layout(file: SourceFile, tick: Tick = idle) -> Layout:
    """Read the blocks of a file, whatever it is called; what ``tick`` raises ends the reading.

    Raises:
        BadCorpus: it cannot be read.
    """
    suffix = file.path.suffix.lower()
    try:
        check_kind(suffix, file.content)
        layout = LOADERS[suffix](file.content, tick)
    except BadCorpus as error:
        raise BadCorpus(f"{file.path} {error}") from error
    if not layout.blocks:
        left_out = [said for said in layout.warnings if said.startswith("Left out")]
        if left_out:
            raise BadCorpus(" ".join([f"{file.path} has nothing that can be read.", *left_out]))
        raise BadCorpus(f"{file.path} is empty; give it text or remove it.")
    return layout


def check_name(path: Path) -> None:
    """Check that a document may have this file name.

    Raises:
        BadCorpus: it has invisible characters, an ending that no document has, or is that of a
            file which a program leaves beside a document.
    """
    try:
        path.name.encode()
    except UnicodeEncodeError as error:
        raise BadCorpus(f"The name of {str(path)!r} is not Unicode text; rename it.") from error
    if not is_plain_name(path.name):
        raise BadCorpus(f"The name of {str(path)!a} has invisible characters; rename it.")
    if what := leftover(path.name):
        raise BadCorpus(f"{path} is {what}; take the document itself.")
    if cure := OTHER_OFFICE.get(path.suffix.lower()):
        raise BadCorpus(f"{path} is in another Office format; save it as {cure}.")
    if path.suffix.lower() not in LOADERS and not path.is_dir():
        raise BadCorpus(f"{path} is not one of {formats()}; convert it or move it elsewhere.")


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        BadCorpus: see ``opened``.
    """
    with opened(path) as file:
        return file.read()


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a file to read its bytes.

    Raises:
        BadCorpus: it cannot be read, is no regular file or is too large.
        CannotRead: the machine is short of what it takes to read any file.
    """
    try:
        if path.is_dir():
            raise BadCorpus(f"{path} is a folder named like a document; rename it.")
        if not path.is_file():
            raise BadCorpus(f"{path} is not a regular file; remove it.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BadCorpus(
                f"{path} has {size / 2**20:.0f} MB, more than {MAX_BYTES // 2**20}; split it."
            )
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise unreadable(f"{path} cannot be read", error, "check its permissions.") from error


def first_heading(layout: Layout) -> str | None:
    """Return the words of the first heading, if there is one."""
    headings: Iterator[str] = (
        layout.at(block) for block in layout.blocks if block.kind is BlockKind.HEADING
    )
    return next(headings, None)


def slug(stem: str) -> str:
    """Make an id of the name of a file."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if re.match(ID_PATTERN, slug):
        return slug
    return "document-" + hashlib.sha256(os.fsencode(stem)).hexdigest()[:8]


def formats() -> str:
    """List the suffixes of documents."""
    return ", ".join(sorted(LOADERS))
