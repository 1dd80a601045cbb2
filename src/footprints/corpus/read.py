"""A corpus folder in, Documents out."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
import warnings
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from footprints.corpus.catalogue import (
    ABBREVIATIONS,
    CATALOGUE,
    ID_PATTERN,
    Entry,
    is_document_name,
    read_catalogue,
)
from footprints.corpus.clean import is_plain_name
from footprints.corpus.loaders import LOADERS, VERSION
from footprints.corpus.loaders.kinds import check_kind
from footprints.corpus.loaders.layout import Layout
from footprints.errors import BadCorpus
from footprints.progress import Progress, Tick, idle, told
from footprints.types import BlockKind, Document

MAX_BYTES = 50 * 2**20
"""No file of the corpus has more bytes."""


class CorpusWarning(UserWarning):
    """Something the people who run the corpus should look at, though it can be indexed."""


@dataclass(frozen=True)
class SourceFile:
    """A file of the corpus with its bytes, read once so that digest and text agree."""

    path: Path
    content: bytes

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus that can be read, and the document that it is.

    ``digest`` is another where its bytes, its entry in the catalogue or how it is read are; where
    the caller knows that already, ``document`` is None.
    """

    origin: str
    doc_id: str
    digest: str
    document: Document | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of the corpus that could not be read; ``reason`` names it and the cure."""

    name: str
    reason: str


def read_files(folder: Path) -> list[SourceFile]:
    """Read every file that is a document, by name; folders, ``*.toml`` and hidden files are not.

    Raises:
        BadCorpus: the folder or one of its files cannot be read, named with the cure.
    """
    return [read_file(folder, path) for path in document_paths(folder)]


def read_each_file(folder: Path) -> tuple[list[SourceFile], list[Refused]]:
    """Read every file that is a document; those that cannot be read are refused one by one.

    Raises:
        BadCorpus: the folder cannot be listed or holds no documents at all.
    """
    files, refused = [], []
    for path in document_paths(folder):
        try:
            files.append(read_file(folder, path))
        except BadCorpus as error:
            refused.append(Refused(path.name, str(error)))
    return files, refused


def document_paths(folder: Path) -> list[Path]:
    """List what is meant as a document, by name.

    Raises:
        BadCorpus: the folder cannot be listed or holds no documents at all.
    """
    if not folder.is_dir():
        raise BadCorpus(f"There is no corpus folder {folder}; make it or name one with --corpus.")
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise BadCorpus(
            f"{folder} cannot be listed ({error.strerror}); check its rights."
        ) from error
    meant = [path for path in paths if _is_meant(path)]
    if not meant:
        raise BadCorpus(f"{folder} holds no documents; put {formats()} files in it.")
    return meant


def corpus_digest(folder: Path, files: list[SourceFile]) -> str:
    """Return the SHA-256 over the names and bytes of all files, catalogue and abbreviations.

    The version of the loaders is in it too: what they read otherwise is to be indexed again.
    """
    tables = [folder / CATALOGUE, folder / ABBREVIATIONS]
    parts = [SourceFile(path, path.read_bytes()) for path in tables if path.is_file()]
    digest = hashlib.sha256(VERSION.to_bytes(8))
    for file in [*parts, *files]:
        name = os.fsencode(file.path.name)
        digest.update(len(name).to_bytes(8) + name + bytes.fromhex(file.digest))
    return digest.hexdigest()


def read_documents(folder: Path, files: list[SourceFile]) -> list[Document]:
    """Turn the files of a corpus into Documents.

    Raises:
        BadCorpus: a file is not text, or the catalogue is wrong.
    """
    sources, _ = _read_each(folder, files, known=frozenset(), strict=True, progress=idle)
    return [source.document for source in sources if source.document]


def read_each(
    folder: Path,
    files: Sequence[SourceFile],
    known: Container[str] = frozenset(),
    progress: Progress = idle,
) -> tuple[list[Source], list[Refused]]:
    """Turn the files of a corpus into Documents; those that can't be read are refused one by one.

    What has a digest that is known is not read again. ``progress`` is called several times a
    second while a file is read, too; what it raises ends the reading at once.

    Raises:
        BadCorpus: the catalogue is wrong.
    """
    return _read_each(folder, files, known, strict=False, progress=progress)


def _read_each(
    folder: Path,
    files: Sequence[SourceFile],
    known: Container[str],
    strict: bool,
    progress: Progress,
) -> tuple[list[Source], list[Refused]]:
    entries = read_catalogue(folder)
    sources: list[Source] = []
    refused: list[Refused] = []
    seen: dict[str, str] = {}
    for number, file in enumerate(told(files, progress)):
        tick = partial(progress, number, len(files))
        try:
            source = _read(file, entries.get(file.path.name), known, tick)
            if source.doc_id in seen:
                raise BadCorpus(
                    f"{seen[source.doc_id]} and {source.origin} both get the id "
                    f"{source.doc_id!r}; give one an entry in {folder / CATALOGUE}."
                )
        except BadCorpus as error:
            if strict:
                raise
            refused.append(Refused(file.path.name, str(error)))
            continue
        seen[source.doc_id] = source.origin
        sources.append(source)
    return sources, refused


def _read(file: SourceFile, entry: Entry | None, known: Container[str], tick: Tick) -> Source:
    own = entry or _proposed(file)
    digest = hashlib.sha256(f"{VERSION} {file.digest} {own.model_dump_json()}".encode()).hexdigest()
    document = None if digest in known else read_document(file, entry, tick)
    return Source(file.path.name, own.id, digest, document)


def _proposed(file: SourceFile) -> Entry:
    """Return the entry of a file that has none."""
    return Entry(id=slug(file.path.stem), file=file.path.name)


def read_document(file: SourceFile, entry: Entry | None, tick: Tick = idle) -> Document:
    """Turn one file into a Document; without an entry it is titled by its first heading or name."""
    name = file.path.name
    layout = read_layout(file, tick)
    for warning in layout.warnings:
        warnings.warn(f"{name}: {warning}", CorpusWarning, stacklevel=2)
    if entry is None:
        warnings.warn(
            f"{name} has no entry in {CATALOGUE}: who says it and when is unknown.",
            CorpusWarning,
            stacklevel=2,
        )
        entry = _proposed(file)
    return Document(
        doc_id=entry.id,
        title=entry.title or first_heading(layout) or file.path.stem,
        publisher=entry.publisher,
        published=entry.published,
        describes=entry.describes,
        inferred=entry.inferred,
        origin=name,
        text=layout.text,
        blocks=tuple(layout.blocks),
        digest=file.digest,
    )


def read_layout(file: SourceFile, tick: Tick = idle) -> Layout:
    """Read the blocks of a file, whatever it is called; what ``tick`` raises ends the reading.

    Raises:
        BadCorpus: it cannot be read, in one sentence with the cure.
    """
    suffix = file.path.suffix.lower()
    try:
        check_kind(suffix, file.content)
        layout = LOADERS[suffix](file.content, tick)
    except BadCorpus as error:
        raise BadCorpus(f"{file.path} {error}") from error
    if not layout.blocks:
        raise BadCorpus(f"{file.path} is empty; give it text or remove it.")
    return layout


def read_file(folder: Path, path: Path) -> SourceFile:
    """Read the bytes of a file of a folder, or of a link to one in it.

    Raises:
        BadCorpus: it is no document, or leads out of the folder, in one sentence with the cure.
    """
    check_name(path)
    if path.is_symlink() and not path.exists():
        raise BadCorpus(f"{path} is a link to a file that is not there; mend or remove the link.")
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise BadCorpus(f"{path} is a link out of its folder; put the file itself there.")
    return SourceFile(path, read_bytes(path))


def check_name(path: Path) -> None:
    """Hold the name of a file against what a document may be called.

    Raises:
        BadCorpus: it has characters that no one sees, or another ending than documents have.
    """
    try:
        path.name.encode()
    except UnicodeEncodeError as error:
        raise BadCorpus(f"The name of {str(path)!r} is not Unicode text; rename it.") from error
    if not is_plain_name(path.name):
        raise BadCorpus(f"The name of {str(path)!a} has characters that no one sees; rename it.")
    if path.suffix.lower() not in LOADERS and not path.is_dir():
        raise BadCorpus(f"{path} is not one of {formats()}; convert it or move it elsewhere.")


def _is_meant(path: Path) -> bool:
    """Tell a document from what stands beside it; a folder named like a document is a mistake."""
    if not is_document_name(path.name):
        return False
    return path.suffix.lower() in LOADERS or not path.is_dir()


def read_bytes(path: Path) -> bytes:
    """Read a file whole.

    Raises:
        BadCorpus: it cannot be read, is no regular file or is too large.
    """
    if path.is_dir():
        raise BadCorpus(f"{path} is a folder named like a document; rename it.")
    if not path.is_file():
        raise BadCorpus(f"{path} is not a regular file; remove it.")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BadCorpus(
                f"{path} has {size / 2**20:.0f} MB, more than {MAX_BYTES // 2**20}; split it."
            )
        return path.read_bytes()
    except OSError as error:
        raise BadCorpus(f"{path} cannot be read ({error.strerror}); check its rights.") from error


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
    """Name the suffixes of documents."""
    return ", ".join(sorted(LOADERS))
