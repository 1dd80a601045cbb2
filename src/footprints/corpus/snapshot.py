"""What a corpus folder holds at one moment, without the bytes of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from footprints.corpus.catalogue import (
    CATALOGUE,
    Entry,
    is_document_name,
    leftover,
    read_abbreviations,
    read_catalogue,
    read_scope,
    unreadable,
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
from footprints.progress import ProgressCallback, Tick, idle, told
from footprints.types import ANY_CORPUS, Document, Scope

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Readable:
    """A file of the corpus that can be read, and the document that it is.

    ``digest`` changes with its bytes, its entry in the catalogue and how it is read; if the
    caller knows it already, ``document`` is None. ``warnings`` are sentences for the people who
    run the corpus, about a file that can still be indexed.
    """

    origin: str
    doc_id: str
    digest: str
    document: Document | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """What a corpus folder holds, by its names alone.

    ``paths`` are meant as documents, ``left_out`` says what else stands there. ``entries`` are
    those of the catalogue, by the names of their files.
    """

    folder: Path
    paths: tuple[Path, ...]
    left_out: Mapping[str, str]
    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, folder: Path) -> Listing:
        """List a folder.

        Hidden files and the tables are not listed; a folder named like a document is refused.

        Raises:
            BadCorpus: the folder cannot be listed, or its catalogue is wrong.
        """
        if not folder.is_dir():
            raise BadCorpus(
                f"There is no corpus folder {folder}; make it or name one with --corpus."
            )
        try:
            listed = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
            left_out = {path: what for path in listed if (what := _left_out(path))}
        except OSError as error:
            raise unreadable(
                f"{folder} cannot be listed", error, "check its permissions."
            ) from error
        paths = [one for one in listed if one not in left_out and is_document_name(one.name)]
        shown = {_shown(path.name): what for path, what in left_out.items()}
        return Listing(folder, tuple(paths), shown, read_catalogue(folder))

    def entry(self, path: Path) -> Entry:
        """Return the entry of a file; one that its name makes, if it has none."""
        return self.entries.get(path.name) or proposed(path)

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the names of the files of all documents by their ids.

        An entry has its id before a file without one.
        """
        names = {entry.id: entry.file for entry in self.entries.values()}
        for path in self.paths:
            if path.name not in self.entries and path.suffix.lower() in LOADERS and path.is_file():
                names.setdefault(self.entry(path).id, path.name)
        return names

    def name_of(self, doc_id: str) -> str:
        """Return the name of the file of a document.

        Raises:
            BadCorpus: no document has this id.
        """
        try:
            return self.names[doc_id]
        except KeyError:
            raise BadCorpus(
                f"No document in {self.folder} has the id {doc_id!r}; see: footprints documents"
            ) from None

    def check_is_new(self, entry: Entry) -> None:
        """Make sure that there is neither the file nor the id of an entry.

        Raises:
            BadCorpus: there is.
        """
        path = self.folder / entry.file
        if path in self.paths:
            raise BadCorpus(f"{path} is already there; remove it first or rename the new file.")
        if taken := self.names.get(entry.id):
            raise BadCorpus(
                f"{taken} has the id {entry.id!r}; give another with --id or rename the new file."
            )


@dataclass(frozen=True)
class Corpus(Listing):
    """A folder of documents as it stood at one moment, or as it would be after a change.

    ``files`` are the documents with their SHA-256, ``refused`` says why the
    others have none. What it would
    be has its ``base``, the folder as it stood, and in ``added`` the files that are not there yet.
    """

    files: Mapping[Path, str]
    refused: Mapping[str, str]
    abbreviations: Mapping[str, str]
    scope: Scope = ANY_CORPUS
    base: Corpus | None = None
    added: Mapping[Path, SourceFile] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Corpus:
        """Compute the digest of every file, one after the other.

        Raises:
            BadCorpus: the folder cannot be listed, or one of its tables is wrong.
        """
        found = Listing.of(folder)
        files, refused = {}, {}
        for path in found.paths:
            try:
                _check(folder, path)
                files[path] = _digest(path)
            except BadCorpus as error:
                refused[path.name] = str(error)
        return Corpus(
            *(folder, found.paths, found.left_out, found.entries),
            *(files, refused, read_abbreviations(folder), read_scope(folder)),
        )

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 over all that a build is made from.

        It includes the version of the loaders: what they read differently must be indexed again.
        """
        files = {path.name: self.files.get(path) for path in self.paths}
        entries = {name: entry.model_dump(mode="json") for name, entry in self.entries.items()}
        made_from = [VERSION, files, entries, dict(self.abbreviations), asdict(self.scope)]
        return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()

    def with_added(self, file: SourceFile, entry: Entry) -> Corpus:
        """Return what the folder would be with a file and its entry, and leave it as it is.

        Raises:
            BadCorpus: the name or the id is taken.
        """
        self.check_is_new(entry)
        path = self.folder / entry.file
        return replace(
            self,
            paths=tuple(sorted((*self.paths, path))),
            entries={**self.entries, entry.file: entry},
            files=dict(sorted({**self.files, path: file.digest}.items())),
            base=self.base or self,
            added={**self.added, path: SourceFile(path, file.content)},
        )

    def without(self, doc_id: str) -> Corpus:
        """Return what the folder would be without a document, and leave it as it is.

        Raises:
            BadCorpus: no document has this id, or it is the only one.
        """
        path = self.folder / self.name_of(doc_id)
        if self.paths == (path,):
            raise BadCorpus(f"{path} is the only document; add another before you remove it.")
        return self._apart_from(path)

    def with_replaced(self, doc_id: str, file: SourceFile, entry: Entry) -> Corpus:
        """Return what the folder would be with a file in the place of a document, whose id it has.

        Raises:
            BadCorpus: no document has this id, or another file has the name.
        """
        path = self.folder / self.name_of(doc_id)
        return self._apart_from(path).with_added(file, entry.model_copy(update={"id": doc_id}))

    def _apart_from(self, path: Path) -> Corpus:
        return replace(
            self,
            paths=tuple(one for one in self.paths if one != path),
            entries=_less(self.entries, path.name),
            files=_less(self.files, path),
            refused=_less(self.refused, path.name),
            base=self.base or self,
            added=_less(self.added, path),
        )

    def read(
        self,
        known: Container[str] = frozenset(),
        progress: ProgressCallback = idle,
    ) -> tuple[list[Readable], dict[str, str]]:
        """Turn the files into Documents, with the bytes of one at a time.

        Those that cannot be read are refused one by one, by their names, with the reason; one
        with a digest that is known is not read again. ``progress`` is called several times a
        second while a file is read, too; what it raises ends the reading at once.

        Raises:
            BadCorpus: there are no files at all.
        """
        if not self.paths:
            raise BadCorpus(f"{self.folder} has no documents; put {formats()} files in it.")
        sources: dict[str, Readable] = {}
        refused = dict(self.refused)
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
                refused[path.name] = str(error)
        return list(sources.values()), refused

    def documents(self) -> list[Document]:
        """Turn the files into Documents.

        Raises:
            BadCorpus: one of them cannot be read.
        """
        sources, refused = self.read()
        if refused:
            raise BadCorpus(next(iter(refused.values())))
        return [source.document for source in sources if source.document]

    def _source(self, path: Path, known: Container[str], tick: Tick) -> Readable:
        own = self.entry(path)
        facts = f"{VERSION} {self.files[path]} {own.model_dump_json()}"
        digest = hashlib.sha256(facts.encode()).hexdigest()
        if digest in known:
            return Readable(path.name, own.id, digest, None)
        document, warnings = read_document(self._file(path), self.entries.get(path.name), tick)
        return Readable(path.name, own.id, digest, document, warnings)

    def _file(self, path: Path) -> SourceFile:
        """Read the bytes of a file.

        Raises:
            BadCorpus: it cannot be read, or has changed.
        """
        file = self.added.get(path)
        if file is None and path.exists():
            file = SourceFile(path, read_bytes(path))
        if file is None or file.digest != self.files[path]:
            raise BadCorpus(f"{path} changed while it was read; index again.")
        return file


def _left_out(path: Path) -> str | None:
    """Say what something in a corpus folder is, if it is not meant as a document."""
    if path.is_dir() and path.suffix.lower() not in LOADERS:
        return "a folder"
    return leftover(path.name)


def _check(folder: Path, path: Path) -> None:
    """Check that a file of a folder, or a link in it, may be a document.

    Raises:
        BadCorpus: it may not.
    """
    check_name(path)
    if path.is_symlink() and not path.exists():
        raise BadCorpus(f"{path} is a link to a missing file; correct or remove the link.")
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        raise BadCorpus(f"{path} is a link to a file elsewhere; put the file itself there.")


def _digest(path: Path) -> str:
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _less(mapping: Mapping[_Key, _Value], key: _Key) -> dict[_Key, _Value]:
    return {one: value for one, value in mapping.items() if one != key}


def _shown(name: str) -> str:
    return name if is_plain_name(name) else ascii(name)
