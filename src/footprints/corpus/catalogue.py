"""The catalogue ``sources.toml``: what each document is, who says it, when."""

from __future__ import annotations

import errno
import tomllib
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from footprints.corpus.dates import date_of, is_future
from footprints.errors import BadCorpus, CannotRead, FootprintsError
from footprints.types import PartialDate, Scope

CATALOGUE = "sources.toml"
ABBREVIATIONS = "abbreviations.toml"
ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
_BACKUPS = ("~", ".bak", ".orig", ".swo", ".swp")

_Text = Annotated[str, Field(min_length=1)]
_SCOPE = TypeAdapter(Scope)
_ABBREVIATIONS = TypeAdapter(dict[_Text, Annotated[str, Field(pattern=r"\w")]])


def _known(written: object) -> PartialDate:
    """Read a date, which TOML may have read already, as far as it is known."""
    known = date_of(str(written))
    if known is None:
        raise PydanticCustomError(
            "date",
            "‘{written}’ is not a date such as 2 August 2016, August 2016 or 2016",
            {"written": str(written)},
        )
    if is_future(known):
        raise PydanticCustomError("date", "‘{written}’ is in the future", {"written": str(written)})
    return known


_Date = Annotated[PartialDate, BeforeValidator(_known)]


class Entry(BaseModel):
    """The facts about one file; ``None`` means unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=ID_PATTERN)]
    file: _Text
    title: _Text | None = None
    publisher: _Text | None = None
    published: _Date | None = None
    describes: _Text | None = None
    url: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$")] | None = None
    retrieved: _Date | None = None
    inferred: tuple[Literal["title", "publisher", "published", "describes"], ...] = ()


def read_catalogue(folder: Path) -> dict[str, Entry]:
    """Read the entries of a corpus folder by file name; without a catalogue there are none.

    Raises:
        BadCorpus: naming the file and the key that is wrong.
    """
    path = folder / CATALOGUE
    content = _toml(path)
    unknown = sorted(content.keys() - {"document", "corpus"})
    if unknown:
        raise BadCorpus(
            f"{path}: unknown key {unknown[0]!r}; entries go under [[document]], "
            "what holds for all of them under [corpus]."
        )
    tables = content.get("document", [])
    if not isinstance(tables, list):
        raise BadCorpus(f"{path}: write [[document]] with two brackets, once for each entry.")
    entries = [_entry(path, number, table) for number, table in enumerate(tables, start=1)]
    for key in ("id", "file"):
        _refuse_equal(path, key, [getattr(entry, key) for entry in entries])
    for entry in entries:
        if Path(entry.file).name != entry.file or entry.file in {".", ".."}:
            raise BadCorpus(f"{path}: file {entry.file!r} must be a name in {folder}, not a path.")
        if not is_document_name(entry.file) or (folder / entry.file).is_dir():
            raise BadCorpus(f"{path}: file {entry.file!r} is not a document; remove its entry.")
        if not (folder / entry.file).exists():
            raise BadCorpus(
                f"{path}: file {entry.file!r} is not in {folder}; add it or remove its entry."
            )
    return {entry.file: entry for entry in entries}


def read_scope(folder: Path) -> Scope:
    """Read how the catalogue heads and introduces the corpus; both are optional.

    Raises:
        BadCorpus: ``[corpus]`` has another key, or a value that is not text.
    """
    path = folder / CATALOGUE
    try:
        return _SCOPE.validate_python(_toml(path).get("corpus", {}), extra="forbid")
    except ValidationError as error:
        key = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadCorpus(
            f"{path}: [corpus] {key}: give a heading and an introduction, each as text, or neither."
        ) from error


def read_abbreviations(folder: Path) -> dict[str, str]:
    """Read the abbreviations that no document spells out; the file is optional.

    Raises:
        BadCorpus: a line of it is not ``LN = "long name"``.
    """
    path = folder / ABBREVIATIONS
    try:
        return _ABBREVIATIONS.validate_python(_toml(path))
    except ValidationError as error:
        key = error.errors()[0]["loc"][0]
        raise BadCorpus(f'{path}: write {key} as a line {key} = "what it stands for".') from error


def is_document_name(name: str) -> bool:
    """Tell whether a file of this name is a document.

    Hidden and ``*.toml`` files are not, nor is what a program has left beside one.
    """
    return not (name.startswith(".") or name.endswith(".toml") or leftover(name))


def leftover(name: str) -> str | None:
    """Say what a program has left beside a document under this name; None for anything else."""
    if name.startswith("~$"):
        return "a lock file of Word"
    if name.lower().endswith(".tmp"):
        return "a temporary file"
    is_autosaved = name.startswith("#") and name.endswith("#")
    return "a backup" if is_autosaved or name.lower().endswith(_BACKUPS) else None


def unreadable(what: str, error: OSError, cure: str) -> FootprintsError:
    """Return what to raise for an error of the system: of the file, or of a machine that is short.

    Too many open files, or no memory, say nothing of the file.
    """
    if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
        return CannotRead(f"{what} for now ({error.strerror}); correct that and try again.")
    return BadCorpus(f"{what} ({error.strerror}); {cure}")


def _toml(path: Path) -> dict[str, object]:
    """Read a TOML file; one that is not there is empty."""
    if not path.exists() and not path.is_symlink():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise unreadable(f"{path} cannot be read", error, "correct that.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadCorpus(f"{path} is not valid TOML ({error}); correct it.") from error


def _entry(path: Path, number: int, table: object) -> Entry:
    try:
        return Entry.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        name = table.get("file", f"number {number}") if isinstance(table, dict) else number
        raise BadCorpus(f"{path}: entry {name}, key {key!r}: {first['msg']}.") from error


def _refuse_equal(path: Path, key: str, values: list[str]) -> None:
    for value, count in Counter(values).items():
        if count > 1:
            raise BadCorpus(f"{path}: two entries have the {key} {value!r}; make them different.")
