"""What a corpus folder holds at one moment, without the bytes of its files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from footprints.corpus.catalogue import (
    ABBREVIATIONS,
    CATALOGUE,
    Entry,
    is_document_name,
    leftover,
    read_abbreviations,
    read_catalogue,
)
from footprints.corpus.clean import is_plain_name
from footprints.corpus.loaders import LOADERS, VERSION
from footprints.corpus.read import (
    SourceFile,
    check_name,
    formats,
    opened,
    proposed,
    read_bytes,
    read_document,
)
from footprints.errors import BadCorpus
from footprints.progress import Progress, Tick, idle, told
from footprints.types import Document


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus that can be read, and the document that it is.

    ``digest`` is another where its bytes, its entry in the catalogue or how it is read are; where
    the caller knows that already, ``document`` is None. ``warnings`` are sentences on what the
    people who run the corpus should look at, though it can be indexed.
    """

    origin: str
    doc_id: str
    digest: str
    document: Document | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of the corpus that could not be read; ``reason`` names it and the cure."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of documents as it stood at one moment.

    ``files`` are the documents with their SHA-256, by name, ``refused`` those without one, and
    ``left_out`` says what else stands there. ``digest`` is over all that a build is made from.
    """

    folder: Path
    files: Mapping[Path, str]
    refused: tuple[Refused, ...]
    left_out: Mapping[str, str]
    entries: Mapping[str, Entry]
    abbreviations: Mapping[str, str]
    digest: str

    @classmethod
    def of(cls, folder: Path) -> Corpus:
        """Take the digest of every file, one after the other.

        Raises:
            BadCorpus: the folder cannot be listed or holds no documents at all, or one of its
                tables is wrong.
        """
        documents, left_out = listed(folder)
        if not documents:
            raise BadCorpus(f"{folder} holds no documents; put {formats()} files in it.")
        files, refused = {}, []
        for path in documents:
            try:
                _check(folder, path)
                files[path] = _digest(path)
            except BadCorpus as error:
                refused.append(Refused(path.name, str(error)))
        tables = [path for name in (CATALOGUE, ABBREVIATIONS) if (path := folder / name).is_file()]
        # Before they are read: what is written into them meanwhile is taken up by the next build.
        digest = _digest_of_all({path: _digest(path) for path in tables} | files)
        entries, abbreviations = read_catalogue(folder), read_abbreviations(folder)
        return cls(folder, files, tuple(refused), left_out, entries, abbreviations, digest)

    def read(
        self,
        known: Container[str] = frozenset(),
        progress: Progress = idle,
    ) -> tuple[list[Source], list[Refused]]:
        """Turn the files into Documents, with the bytes of one at a time.

        Those that cannot be read are refused one by one; one with a digest that is known is not
        read again. ``progress`` is called several times a second while a file is read, too; what
        it raises ends the reading at once.
        """
        sources: dict[str, Source] = {}
        refused = list(self.refused)
        for number, path in enumerate(told([*self.files], progress)):
            try:
                source = self._source(path, known, partial(progress, number, len(self.files)))
                if same := sources.get(source.doc_id):
                    raise BadCorpus(
                        f"{same.origin} and {source.origin} both get the id {source.doc_id!r}; "
                        f"give one an entry in {self.folder / CATALOGUE}."
                    )
                sources[source.doc_id] = source
            except BadCorpus as error:
                refused.append(Refused(path.name, str(error)))
        return list(sources.values()), refused

    def documents(self) -> list[Document]:
        """Turn the files into Documents.

        Raises:
            BadCorpus: one of them cannot be read.
        """
        sources, refused = self.read()
        if refused:
            raise BadCorpus(refused[0].reason)
        return [source.document for source in sources if source.document]

    def _source(self, path: Path, known: Container[str], tick: Tick) -> Source:
        entry = self.entries.get(path.name)
        own = entry or proposed(path)
        facts = f"{VERSION} {self.files[path]} {own.model_dump_json()}"
        digest = hashlib.sha256(facts.encode()).hexdigest()
        if digest in known:
            return Source(path.name, own.id, digest, None)
        document, warnings = read_document(self._file(path), entry, tick)
        return Source(path.name, own.id, digest, document, warnings)

    def _file(self, path: Path) -> SourceFile:
        """Read the bytes of a file.

        Raises:
            BadCorpus: it cannot be read, or is another by now.
        """
        file = SourceFile(path, read_bytes(path)) if path.exists() else None
        if file is None or file.digest != self.files[path]:
            raise BadCorpus(f"{path} changed while it was read; index again.")
        return file


def listed(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """List what is meant as a document, and what else stands there with what it is.

    Hidden files and the tables are not told; a folder named like a document is a mistake for one.

    Raises:
        BadCorpus: the folder cannot be listed.
    """
    if not folder.is_dir():
        raise BadCorpus(f"There is no corpus folder {folder}; make it or name one with --corpus.")
    documents, left_out = [], {}
    try:
        for path in sorted(folder.iterdir()):
            if path.name.startswith("."):
                continue
            if path.is_dir() and path.suffix.lower() not in LOADERS:
                left_out[_shown(path.name)] = "a folder"
            elif what := leftover(path.name):
                left_out[_shown(path.name)] = what
            elif is_document_name(path.name):
                documents.append(path)
    except OSError as error:
        raise BadCorpus(
            f"{folder} cannot be listed ({error.strerror}); check its rights."
        ) from error
    return documents, left_out


def _check(folder: Path, path: Path) -> None:
    """Hold a file of a folder, or a link in it, against what may be a document.

    Raises:
        BadCorpus: it may not, in one sentence with the cure.
    """
    check_name(path)
    if path.is_symlink() and not path.exists():
        raise BadCorpus(f"{path} is a link to a file that is not there; mend or remove the link.")
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise BadCorpus(f"{path} is a link out of its folder; put the file itself there.")


def _digest(path: Path) -> str:
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of_all(files: Mapping[Path, str]) -> str:
    """Return the SHA-256 over the names and bytes of files.

    The version of the loaders is in it too: what they read otherwise is to be indexed again.
    """
    digest = hashlib.sha256(VERSION.to_bytes(8))
    for path, own in files.items():
        name = os.fsencode(path.name)
        digest.update(len(name).to_bytes(8) + name + bytes.fromhex(own))
    return digest.hexdigest()


def _shown(name: str) -> str:
    return name if is_plain_name(name) else ascii(name)
