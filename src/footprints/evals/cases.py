"""Cases: questions with gold quotes, located in the documents they are asked of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from footprints.errors import CallerError
from footprints.settings import FILES, Settings
from footprints.types import BlockKind, Document, Place

Kind = Literal[
    "fact",
    "list",
    "definition",
    "compare",
    "dated",
    "conflict",
    "paraphrase",
    "noisy",
    "followup",
    "broad",
    "twopart",
    "everyday",
    "document",
    "exact",
    "overview",
    "guidance",
    "absent",
    "nearmiss",
    "offtopic",
]
Split = Literal["dev", "test"]

_Line = TypeVar("_Line", bound=BaseModel)

_DEV_PERCENT = 60

JUDGED = "judged.jsonl"
"""In the folder of cases: those that people decided on in the browser. None other is written."""


class BadCases(CallerError):
    """A case cannot be read, or its gold is not in the documents."""


class GoldQuote(BaseModel):
    """A verbatim quote of a document; ``under`` is the heading above it, if it occurs twice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    doc_id: str
    quote: Annotated[str, Field(pattern=r"\S")]
    under: str | None = None


class CaseLine(BaseModel):
    """A case as it is written, one JSON object a line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(min_length=1)]
    kind: Kind
    question: Annotated[str, Field(min_length=1)]
    history: tuple[str, ...] = ()
    answerable: bool
    gold: tuple[tuple[GoldQuote, ...], ...]
    full: str | None = None
    """The follow-up as a full question."""
    unmentioned: tuple[str, ...] = ()
    """The names in the question that no document mentions."""
    note: str | None = None
    """Why the documents do not answer it, for people."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and the parts that a complete answer needs, each met by any of its places."""

    case_id: str
    kind: str
    question: str
    history: tuple[str, ...]
    answerable: bool
    parts: tuple[tuple[Place, ...], ...]
    full: str | None = None

    @property
    def split(self) -> Split:
        """Return the split, decided by a hash of the id: 60 % ``dev``, 40 % ``test``."""
        number = int(hashlib.sha256(self.case_id.encode()).hexdigest(), 16)
        return "dev" if number % 100 < _DEV_PERCENT else "test"


def cases_of(settings: Settings) -> Path:
    """Return where the cases for these documents are: here, or with the bundled documents."""
    return (FILES if settings.is_bundled else Path()) / "evals" / "cases"


def load_cases(folder: Path, documents: Mapping[str, Document]) -> list[Case]:
    """Read every ``*.jsonl`` of a folder and locate all gold.

    Raises:
        BadCases: naming the case and what is wrong with it.
    """
    return [locate(line, documents) for line in read_cases(folder, documents)]


def read_cases(folder: Path, documents: Mapping[str, Document] | None = None) -> list[CaseLine]:
    """Read every ``*.jsonl`` of a folder, its gold not located.

    A case in ``JUDGED`` stands in the place of the one with its id elsewhere, unless its gold is
    no longer in the ``documents``: what people decided about a quote ends with the quote.

    Raises:
        BadCases: there are none, or one is wrong, named with what is wrong with it.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise BadCases(f"There are no cases in {folder}; name their folder with --cases.")
    others = [one for file in files if file.name != JUDGED for one in read_lines(file, CaseLine)]
    judged = read_lines(folder / JUDGED, CaseLine) if folder / JUDGED in files else []
    _refuse_equal(others)
    _refuse_equal(judged)
    if documents is not None:
        judged = [line for line in judged if stands(line, documents)]
    in_place = {line.id for line in judged}
    return [line for line in others if line.id not in in_place] + judged


def stands(line: CaseLine, documents: Mapping[str, Document]) -> bool:
    """Tell whether all gold of a case still stands in the documents."""
    return all(
        gold.doc_id in documents and places_of(gold, documents[gold.doc_id])
        for part in line.gold
        for gold in part
    )


def _refuse_equal(lines: Sequence[CaseLine]) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            raise BadCases(f"Two cases have the id {line.id}; make them different.")
        seen.add(line.id)


def locate(line: CaseLine, documents: Mapping[str, Document]) -> Case:
    """Find the gold of a case in the documents.

    Raises:
        BadCases: a quote is not found, or found twice without a hint that decides.
    """
    if line.answerable != bool(line.gold):
        raise BadCases(
            f"Case {line.id}: an answerable case needs gold, and no other case has it; correct it."
        )
    if not all(line.gold):
        raise BadCases(f"Case {line.id}: a part has no alternatives; give one or remove the part.")
    parts = tuple(tuple(place_of(line.id, gold, documents) for gold in part) for part in line.gold)
    return Case(line.id, line.kind, line.question, line.history, line.answerable, parts, line.full)


def read_lines(file: Path, model: type[_Line]) -> list[_Line]:
    """Read a file with one JSON object a line.

    Raises:
        BadCases: naming the line and what is wrong with it.
    """
    lines = []
    for number, text in enumerate(file.read_bytes().split(b"\n"), start=1):
        if not text.strip():
            continue
        try:
            lines.append(model.model_validate_json(text))
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise BadCases(f"{file}, line {number}, key {key!r}: {first['msg']}.") from error
    return lines


def place_of(case_id: str, gold: GoldQuote, documents: Mapping[str, Document]) -> Place:
    """Return the place of a gold quote.

    Raises:
        BadCases: it is not found, or found twice without a hint that decides.
    """
    if gold.doc_id not in documents:
        raise BadCases(f"Case {case_id}: there is no document {gold.doc_id!r}; correct doc_id.")
    found = places_of(gold, documents[gold.doc_id])
    if len(found) != 1:
        how = "not found" if not found else "found more than once; say `under` which heading"
        raise BadCases(f"Case {case_id}: the quote {gold.quote!r} is {how} in {gold.doc_id}.")
    return found[0]


def gold_of(quote: str, place: Place, document: Document) -> GoldQuote | None:
    """Write a quote as gold; None where not even its heading tells its place from another."""
    heading = _heading_above(document, place)
    for under in (None, heading):
        gold = GoldQuote(doc_id=document.doc_id, quote=quote, under=under)
        if len(places_of(gold, document)) == 1:
            return gold
    return None


def places_of(gold: GoldQuote, document: Document) -> list[Place]:
    """Return every place of a gold quote in a document, whatever document it names."""
    found = _find_all(document, gold.quote)
    if gold.under:
        return [place for place in found if gold.under == _heading_above(document, place)]
    return found


def _find_all(document: Document, quote: str) -> list[Place]:
    """Return the places of a quote, runs of white space counting as one space."""
    folded, offsets = _fold(document.text)
    wanted, _ = _fold(quote.strip())
    places = []
    at = folded.find(wanted)
    while at >= 0:
        end = offsets[at + len(wanted) - 1] + 1
        places.append(Place(document.doc_id, offsets[at], end))
        at = folded.find(wanted, at + 1)
    return places


@lru_cache(maxsize=32)  # many quotes stand in the same few documents
def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with runs of white space as one space, and where each character stood."""
    kept = [
        (" " if character.isspace() else character, at)
        for at, character in enumerate(text)
        if not (character.isspace() and at and text[at - 1].isspace())
    ]
    return "".join(character for character, _ in kept), [at for _, at in kept]


def _heading_above(document: Document, place: Place) -> str | None:
    headings = [
        document.at(block)
        for block in document.blocks
        if block.kind is BlockKind.HEADING and block.start <= place.start
    ]
    return headings[-1] if headings else None
