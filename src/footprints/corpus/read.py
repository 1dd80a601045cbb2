"""A corpus folder in, Documents out."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from footprints.corpus.catalogue import (
    CATALOGUE,
    ID_PATTERN,
    Entry,
    is_document_name,
    read_catalogue,
)
from footprints.corpus.loaders import LOADERS
from footprints.corpus.loaders.layout import Layout
from footprints.errors import BadCorpus
from footprints.types import BlockKind, Document


class CorpusWarning(UserWarning):
    """Something the people who run the corpus should look at, though it can be indexed."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus with its bytes, read once so that digest and text agree."""

    path: Path
    content: bytes


def read_files(folder: Path) -> list[SourceFile]:
    """Read every file that is a document, by name; folders, ``*.toml`` and hidden files are not.

    Raises:
        BadCorpus: the folder or one of its files cannot be read, named with the cure.
    """
    if not folder.is_dir():
        raise BadCorpus(f"There is no corpus folder {folder}; make it or name one with --corpus.")
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise BadCorpus(
            f"{folder} cannot be listed ({error.strerror}); check its rights."
        ) from error
    files = [SourceFile(path, _bytes(path)) for path in paths if _is_meant(path)]
    if not files:
        raise BadCorpus(f"{folder} holds no documents; put {_formats()} files in it.")
    return files


def corpus_digest(folder: Path, files: list[SourceFile]) -> str:
    """Return the SHA-256 over the names and bytes of all files and the catalogue."""
    catalogue = folder / CATALOGUE
    digest = hashlib.sha256(catalogue.read_bytes() if catalogue.is_file() else b"")
    for file in files:
        name = os.fsencode(file.path.name)
        digest.update(len(name).to_bytes(8) + name)
        digest.update(len(file.content).to_bytes(8) + file.content)
    return digest.hexdigest()


def read_documents(folder: Path, files: list[SourceFile]) -> list[Document]:
    """Turn the files of a corpus into Documents.

    Raises:
        BadCorpus: a file is not text, or the catalogue is wrong.
    """
    entries = read_catalogue(folder)
    documents = [read_document(file, entries.get(file.path.name)) for file in files]
    seen: dict[str, str] = {}
    for document in documents:
        if document.doc_id in seen:
            raise BadCorpus(
                f"{seen[document.doc_id]} and {document.origin} both get the id "
                f"{document.doc_id!r}; give one an entry in {folder / CATALOGUE}."
            )
        seen[document.doc_id] = document.origin
    return documents


def read_document(file: SourceFile, entry: Entry | None) -> Document:
    """Turn one file into a Document; without an entry it is titled by its first heading or name."""
    name = file.path.name
    text = _text(file)
    try:
        layout = LOADERS[file.path.suffix.lower()](text)
    except BadCorpus as error:
        raise BadCorpus(f"{file.path} cannot be read. {error}") from error
    if not layout.blocks:
        raise BadCorpus(f"{file.path} is empty; give it text or remove it.")
    if entry is None:
        warnings.warn(
            f"{name} has no entry in {CATALOGUE}: who says it and when is unknown.",
            CorpusWarning,
            stacklevel=2,
        )
        entry = Entry(id=_slug(file.path.stem), file=name)
    return Document(
        doc_id=entry.id,
        title=entry.title or _first_heading(layout) or file.path.stem,
        publisher=entry.publisher,
        published=entry.published,
        describes=entry.describes,
        inferred=entry.inferred,
        origin=name,
        text=layout.text,
        blocks=tuple(layout.blocks),
        digest=hashlib.sha256(file.content).hexdigest(),
    )


def _is_meant(path: Path) -> bool:
    """Tell a document from what stands beside it; a folder named like a document is a mistake."""
    if not is_document_name(path.name):
        return False
    return path.suffix.lower() in LOADERS or not path.is_dir()


def _bytes(path: Path) -> bytes:
    try:
        path.name.encode()
    except UnicodeEncodeError as error:
        raise BadCorpus(f"The name of {str(path)!r} is not Unicode text; rename it.") from error
    if path.is_symlink() and not path.exists():
        raise BadCorpus(f"{path} is a link to a file that is not there; mend or remove the link.")
    if path.is_dir():
        raise BadCorpus(f"{path} is a folder named like a document; rename it.")
    if not path.is_file():
        raise BadCorpus(f"{path} is not a regular file; remove it.")
    if path.suffix.lower() not in LOADERS:
        raise BadCorpus(f"{path} is not one of {_formats()}; convert it or move it elsewhere.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadCorpus(f"{path} cannot be read ({error.strerror}); check its rights.") from error


def _text(file: SourceFile) -> str:
    if b"\0" in file.content:
        at = file.content.index(b"\0")
        raise BadCorpus(
            f"{file.path} is not text (a zero byte at offset {at}); save it as UTF-8 text."
        )
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        shown = error.object[error.start : error.start + 4].hex(" ")
        raise BadCorpus(
            f"{file.path} is not UTF-8 (bytes {shown} at offset {error.start}); save it as UTF-8."
        ) from error


def _first_heading(layout: Layout) -> str | None:
    headings: Iterator[str] = (
        layout.text[block.start : block.end]
        for block in layout.blocks
        if block.kind is BlockKind.HEADING
    )
    return next(headings, None)


def _slug(stem: str) -> str:
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if re.match(ID_PATTERN, slug):
        return slug
    return "document-" + hashlib.sha256(os.fsencode(stem)).hexdigest()[:8]


def _formats() -> str:
    return ", ".join(sorted(LOADERS))
