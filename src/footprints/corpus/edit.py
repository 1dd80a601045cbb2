"""Change a corpus folder: add a file and its entry, replace or remove both. Comments stay."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from footprints.corpus.catalogue import CATALOGUE, Entry, is_document_name, read_catalogue
from footprints.corpus.dates import YEAR
from footprints.corpus.entries import with_changed, with_entry, without_entry
from footprints.corpus.read import (
    SourceFile,
    check_name,
    first_heading,
    read_bytes,
    read_layout,
    slug,
)
from footprints.corpus.snapshot import Corpus, Listing
from footprints.errors import BadCorpus, BadFacts, CannotWrite, NotStaged

_CURE = "make room there or check its permissions."


Ask = Callable[[str, str | None], str]
"""Asks a person for a field, given what the file says of it."""


def read_outside(path: Path) -> SourceFile:
    """Read a file from anywhere that could become a document.

    Raises:
        BadCorpus: it cannot be one.
    """
    check_name(path)
    if not path.exists():
        raise BadCorpus(f"There is no file {path}; check its name.")
    if not is_document_name(path.name):
        raise BadCorpus(f"{path} is a hidden file; rename it.")
    return SourceFile(path, read_bytes(path))


_RULES = {
    "id": "An id has small letters, digits and hyphens only",
    "describes": "A period has a year, such as 2016/17",
    "url": "An address begins with http:// or https:// and has no spaces",
}
"""What a value must be like, where its pattern says that to programmers alone or it has none."""

_TAKEN_FROM = ("url", "retrieved")
"""Where a document was taken from and when, which nobody is asked, and few files say."""


def draft(file: SourceFile, given: Mapping[str, Any], ask: Ask | None) -> Entry:
    """Write the entry of a file from the values given, the file itself, and answers to ``ask``.

    ``ask`` is called with each field that is not given and with what the file says of it; an
    empty answer leaves the field unknown. Without ``ask`` nothing is asked.

    Raises:
        BadCorpus: the file cannot be read.
        BadFacts: values are wrong.
    """
    layout = read_layout(file)
    said = asdict(layout.proposed)
    said["title"] = said["title"] or first_heading(layout)
    known = {name: value for name, value in given.items() if value is not None}
    for name, found in said.items():
        if name not in known and name not in _TAKEN_FROM:
            known[name] = ask(name, str(found) if found else None) if ask else found
    return entry_of(file, known)


def entry_of(file: SourceFile, known: Mapping[str, Any]) -> Entry:
    """Write the entry of a file from known values; an empty one means unknown.

    Raises:
        BadFacts: values are wrong.
    """
    known = {"id": slug(file.path.stem), **known}
    values = {name: value for name, value in known.items() if value not in ("", None)}
    wrong: dict[str, str] = {}
    if "describes" in values:
        # A period without a year puts a document into none.
        years = YEAR.findall(str(values["describes"]))
        if not years:
            wrong["describes"] = _RULES["describes"]
        elif years[0] > years[-1]:
            wrong["describes"] = f"The period ends in {years[-1]}, before it begins in {years[0]}"
    try:
        entry = Entry.model_validate({**values, "file": file.path.name})
    except ValidationError as error:
        said = {str(one["loc"][0]): one["msg"] for one in error.errors()}
        wrong |= {name: _RULES.get(name, words) for name, words in said.items()}
    if wrong:
        raise BadFacts({name: f"{words}; correct it." for name, words in wrong.items()})
    return entry


def add_document(folder: Path, file: SourceFile, entry: Entry) -> Path:
    """Copy a file into a corpus folder and write its entry; nothing is ever overwritten.

    Raises:
        BadCorpus: the file cannot be read, or its name or id is taken; nothing was changed.
        CannotWrite: there is no space or permission; nothing was changed.
    """
    read_layout(file)
    Listing.of(folder).check_is_new(entry)
    return _put(folder, file, entry)


def _put(folder: Path, file: SourceFile, entry: Entry) -> Path:
    catalogue, target = folder / CATALOGUE, folder / entry.file
    text = with_entry(_text(catalogue), entry)
    write_atomically(target, file.content)
    try:
        write_atomically(catalogue, text.encode())
    except CannotWrite:
        target.unlink()
        raise
    return target


def _replace(folder: Path, name: str, file: SourceFile, entry: Entry) -> None:
    """Put a file and its entry in the place of another file and its entry, if it has one.

    Raises:
        CannotWrite: there is no space or permission; nothing was changed.
    """
    catalogue, target = folder / CATALOGUE, folder / entry.file
    before, text = target.read_bytes() if entry.file == name else None, _text(catalogue)
    has_entry = name in read_catalogue(folder)
    new = with_changed(text or "", entry.id, entry) if has_entry else with_entry(text, entry)
    write_atomically(target, file.content)
    try:
        write_atomically(catalogue, new.encode())
        if entry.file != name:
            _unlink(folder / name)
    except CannotWrite:
        _restore(target, before)
        _restore(catalogue, None if text is None else text.encode())
        raise


def _restore(path: Path, before: bytes | None) -> None:
    """Bring back what was at a path, or nothing."""
    if before is None:
        path.unlink(missing_ok=True)
    elif path.read_bytes() != before:
        write_atomically(path, before)


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise CannotWrite(
            f"{path} cannot be removed ({error.strerror}); check its folder's permissions."
        ) from error


def _text(catalogue: Path) -> str | None:
    """Read a catalogue, every byte of it; None where there is none."""
    return catalogue.read_bytes().decode() if catalogue.exists() else None


def remove_document(folder: Path, doc_id: str) -> str:
    """Remove a document's file and entry from a corpus folder; return the name of the file.

    Raises:
        BadCorpus: no document has this id; nothing was changed.
        CannotWrite: see ``_take_out``.
    """
    name = Listing.of(folder).name_of(doc_id)
    _take_out(folder, name, doc_id)
    return name


def _take_out(folder: Path, name: str, doc_id: str) -> None:
    """Remove this very file from a corpus folder, and its entry if it has one with this id.

    Raises:
        CannotWrite: it cannot be removed, or its entry cannot; nothing was changed.
    """
    catalogue, entry = folder / CATALOGUE, read_catalogue(folder).get(name)
    if entry is None or entry.id != doc_id:
        return _unlink(folder / name)
    before = catalogue.read_bytes()
    left = without_entry(before.decode(), doc_id)
    _restore(catalogue, None if left is None else left.encode())
    try:
        _unlink(folder / name)
    except CannotWrite:
        write_atomically(catalogue, before)
        raise


def apply(corpus: Corpus) -> None:
    """Make a folder match a planned snapshot of it; leave what matches already.

    Raises:
        NotStaged: the folder is no longer what the snapshot was made from; nothing was changed.
        CannotWrite: there is no space or permission for a change; it was not made.
    """
    folder, base = corpus.folder, corpus.base
    if base is None:
        return
    now = Corpus.of(folder).digest
    if now == corpus.digest:
        return
    if now != base.digest:
        raise NotStaged(
            f"The documents in {folder} have changed since this build was made; make it again."
        )
    added = [(file, corpus.entries[path.name]) for path, file in corpus.added.items()]
    replaced = {base.names[entry.id] for _, entry in added if entry.id in base.names}
    for path in base.paths:
        if path.name not in replaced and (path not in corpus.paths or path in corpus.added):
            _take_out(folder, path.name, base.entry(path).id)
    for file, entry in added:
        if entry.id in base.names:
            _replace(folder, base.names[entry.id], file, entry)
        else:
            _put(folder, file, entry)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there in one step.

    Raises:
        CannotWrite: it cannot be written; what was there stays.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:50]}.")
    except OSError as error:
        raise CannotWrite(
            f"{path.parent} cannot be written to ({error.strerror}); {_CURE}"
        ) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except OSError as error:
        with suppress(OSError):
            Path(name).unlink()
        raise CannotWrite(f"{path} cannot be written ({error.strerror}); {_CURE}") from error
