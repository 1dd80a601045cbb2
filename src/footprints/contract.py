"""The machine-readable contract: the same JSON from the command line and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from footprints.errors import (
    BadQuestion,
    Busy,
    CallerError,
    CannotRead,
    CannotWrite,
    FootprintsError,
    IndexBusy,
    NotStaged,
    StorageFailed,
)
from footprints.types import (
    ALL_DOCUMENTS,
    Answer,
    Block,
    BlockKind,
    Document,
    Facts,
    KnownDocument,
    Only,
    PartialDate,
)

if TYPE_CHECKING:
    from footprints.answer.searching import Reading
    from footprints.corpus.loaders.layout import Layout

_ANSWER = TypeAdapter(Answer)

_STATUSES = {
    Busy: 503,
    StorageFailed: 503,
    CannotRead: 503,
    CannotWrite: 507,
    IndexBusy: 409,
    NotStaged: 409,
    CallerError: 400,
}
"""The HTTP status of each kind of error, the first that fits; 500 for all others."""


def _unicode(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("it is not valid Unicode text") from error
    return text


MAX_CHARACTERS = 500
"""The answerer's own limit, repeated since importing it is slow; a test compares them."""

_PLAIN = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"

VERSION = "3.0"
"""The version of this contract; the first number changes when programs must change."""

MAX_HISTORY = 100
"""How many earlier questions may accompany a question."""

Id = Annotated[str, AfterValidator(_unicode)] | StrictInt | None
_ID: TypeAdapter[Id] = TypeAdapter(Id)


Asked = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": MAX_CHARACTERS,
            # A letter or a digit somewhere, and no control character.
            "pattern": f"^{_PLAIN}*[^\\W_]{_PLAIN}*$",
        }
    ),
]
"""A question as the schema describes it; a bad one gets a sentence that says what is wrong."""


class Question(BaseModel):
    """A question; ``history`` holds the earlier questions, oldest first.

    ``only`` chooses the documents that are asked: those by one of its ``publishers``, about its
    years ``since`` and ``until``; all documents where it says nothing.
    """

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "1",
                    "question": "And who leads that of Devon?",
                    "history": ["Who leads the STP of Cornwall?"],
                }
            ]
        },
    )

    id: Id = None
    question: Asked
    history: Annotated[list[Asked], Field(max_length=MAX_HISTORY)] = []
    only: Only = ALL_DOCUMENTS


def _only_the_id_may_be_missing(schema: dict[str, Any]) -> None:
    # What has a default is left out of what is required, though it is always given.
    schema["required"] = [name for name in schema["properties"] if name != "id"]


@dataclass(frozen=True, slots=True)
class IdentifiedAnswer(Answer):
    """An answer with the id of its question, if it had one."""

    __pydantic_config__: ClassVar = ConfigDict(json_schema_extra=_only_the_id_may_be_missing)

    id: str | int | None = None


class RankedSentence(BaseModel):
    """A ranked sentence. A higher score is better; ``signals`` are what it was computed from."""

    score: float
    signals: Mapping[str, float]
    passage_id: str
    doc_id: str
    headings: tuple[str, ...]
    start: int
    end: int
    text: str


class Ranking(BaseModel):
    """The sentences found for a question, best first, and how the question was understood."""

    question: str
    sentences: tuple[RankedSentence, ...]
    index_build: str
    timings_ms: Mapping[str, float]


class DocumentFacts(BaseModel):
    """The facts about a document. ``inferred`` names those the document itself does not state."""

    doc_id: str
    title: str
    publisher: str | None
    published: PartialDate | None
    describes: str | None
    url: str | None = None
    retrieved: PartialDate | None = None
    inferred: tuple[str, ...]
    file: str
    sha256: str


class DocumentText(DocumentFacts):
    """A whole document; ``blocks`` give the places of its parts in the text."""

    text: str
    blocks: tuple[Block, ...]


class BlockText(BaseModel):
    """A block of a file with its text. ``locator`` tells a person where it is in the file."""

    kind: BlockKind
    level: int
    locator: str | None
    text: str


class PartText(BaseModel):
    """A page, slide, sheet or section of a file: how it was read, and what was left out there."""

    place: str
    words: int
    how: str
    left_out: str


class FileReading(BaseModel):
    """How a file would be read. ``title``, ``publisher``, ``published`` and ``url`` are its own.

    Its ``author`` and the day it was ``made`` may be those, and may not. ``left_out`` has the words
    of what stands beside its content, such as menus.
    """

    file: str
    title: str | None
    publisher: str | None
    published: PartialDate | None
    url: str | None = None
    author: str | None = None
    made: PartialDate | None = None
    warnings: tuple[str, ...]
    parts: tuple[PartText, ...] = ()
    left_out: tuple[str, ...] = ()
    blocks: tuple[BlockText, ...]


class DocumentList(BaseModel):
    """Every document in the index."""

    documents: tuple[DocumentFacts, ...]
    index_build: str


class Problem(BaseModel):
    """What went wrong: problem details after RFC 9457, the same for every error."""

    type: str
    title: str
    status: int
    detail: str


def read_question(line: bytes | str) -> Question:
    """Read a question from a line of JSON.

    Raises:
        BadQuestion: the line is not a question; the message says why.
    """
    try:
        return Question.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadQuestion(
            f'{where}: {first["msg"]}; give an object like {{"id": "1", "question": "…"}}.'
        ) from error


def id_of(line: bytes | str) -> Id:
    """Return the id on a line of JSON, even if the rest of it is wrong, or None."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    try:
        return _ID.validate_python(value.get("id") if isinstance(value, dict) else None)
    except ValidationError:
        return None


def answer_json(answer: Answer, id_: Id = None) -> dict[str, Any]:
    """Return an answer as JSON values, with the id of its question first, if it had one."""
    values: dict[str, Any] = _ANSWER.dump_python(answer, mode="json")
    return values if id_ is None else {"id": id_, **values}


def ranking_of(
    reading: Reading, limit: int, documents: Mapping[str, Document], index_build: str
) -> Ranking:
    """Return the best sentences that a search found."""
    best = reading.ranking[:limit]
    found = [(scored, scored.item.passage, scored.item.sentence) for scored in best]
    return Ranking(
        question=reading.question.text,
        sentences=tuple(
            RankedSentence(
                score=scored.score,
                signals=asdict(scored.signals),
                passage_id=passage.passage_id,
                doc_id=passage.doc_id,
                headings=passage.headings,
                start=sentence.start,
                end=sentence.end,
                text=documents[passage.doc_id].at(sentence),
            )
            for scored, passage, sentence in found
        ),
        index_build=index_build,
        timings_ms=reading.timings_ms,
    )


def facts_of(document: KnownDocument) -> DocumentFacts:
    """Return the facts about a document."""
    return DocumentFacts(**_facts(document))


def text_of(document: Document) -> DocumentText:
    """Return a document as a whole."""
    return DocumentText(**_facts(document), text=document.text, blocks=document.blocks)


def reading_of(file: str, layout: Layout) -> FileReading:
    """Return how a file was read."""
    from footprints.corpus.parts import parts_of

    return FileReading(
        file=file,
        **asdict(layout.proposed),
        author=layout.author,
        made=layout.made,
        warnings=tuple(layout.warnings),
        parts=tuple(PartText(**asdict(part)) for part in parts_of(layout)),
        left_out=tuple(layout.left_out),
        blocks=tuple(
            BlockText(
                kind=block.kind,
                level=block.level,
                locator=block.locator,
                text=layout.at(block),
            )
            for block in layout.blocks
        ),
    )


def _facts(document: KnownDocument) -> dict[str, Any]:
    return asdict(Facts.of(document)) | {
        "doc_id": document.doc_id,
        "inferred": document.inferred,
        "file": document.origin,
        "sha256": document.digest,
    }


def problem_json(error: FootprintsError) -> dict[str, Any]:
    """Return an error as RFC 9457 problem details."""
    return problem(status_of(error), str(error))


def status_of(error: FootprintsError) -> int:
    """Return the HTTP status of an error."""
    for kind, status in _STATUSES.items():
        if isinstance(error, kind):
            return status
    return 500


def problem(status: int, detail: str) -> dict[str, Any]:
    """Return RFC 9457 problem details for an HTTP status."""
    title = "The request cannot be answered" if status < 500 else "The service cannot answer"
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}
