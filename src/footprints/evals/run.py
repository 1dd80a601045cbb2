"""A run: every case is asked and written to disk before anything is scored."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, TypeAdapter

from footprints.errors import CallerError
from footprints.evals.cases import Case
from footprints.evals.differences import Pair
from footprints.evals.perturb import perturb
from footprints.progress import ProgressCallback, idle, told
from footprints.settings import Settings
from footprints.types import Answer, AnswerStatus, Citation, Difference, Document, Passage, Place

ASKED, FULL = "asked", "full"
"""Variants of a case: as it was written, and a follow-up in full. The others are perturbations."""

_LIBRARIES = ("footprints", "torch", "sentence-transformers", "faiss-cpu", "bm25s", "numpy")

_TELLING = {
    *("encoder", "passage_pieces", "store", "caution"),
    *("reader", "reader_seconds", "reader_backend"),
}
"""The settings that answers depend on; others are about one machine and who runs it."""

_CASES = TypeAdapter(tuple[Case, ...])
_DOCUMENTS = TypeAdapter(tuple[Document, ...])
_PAIRS = TypeAdapter(tuple[Pair, ...])
_PLACES = TypeAdapter(tuple[Place, ...])


class BadRun(CallerError):
    """A folder is not a run."""


class Search(Protocol):
    """What retrieval found."""

    @property
    def passages(self) -> Sequence[Passage]:
        """Return the passages, best first."""
        ...


class Asks(Protocol):
    """What is evaluated: the Answerer, or a stand-in for it."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question."""
        ...

    def search(self, question: str, history: Sequence[str] = ()) -> Search:
        """Return what the answer was selected from."""
        ...


class ShownQuote(BaseModel):
    """A quote as it was shown: its words and every place that is said to have them."""

    model_config = ConfigDict(frozen=True)

    text: str
    places: tuple[Place, ...]
    surroundings: Place | None = None
    in_context: bool = True
    """Whether what is above it is shown with it, or nothing is above it."""
    part: int = 0
    """Under which of several questions in one it is shown first, from 0."""

    @property
    def in_view(self) -> tuple[Place, ...]:
        """Return all places that are in view with it, those that say the same among them."""
        return (self.surroundings or self.places[0], *self.places[1:])


class Row(BaseModel):
    """One question and its result. ``error`` is set if the answerer raised.

    ``likely`` says that it was shown as what may be an answer.
    """

    model_config = ConfigDict(frozen=True)

    case_id: str
    variant: str
    question: str
    history: tuple[str, ...] = ()
    status: AnswerStatus | None = None
    probability: float = 0.0
    likely: bool = False
    quotes: tuple[ShownQuote, ...] = ()
    further: tuple[Place, ...] = ()
    differences: tuple[Difference, ...] = ()
    passages: tuple[Place, ...] = ()
    milliseconds: float | None = None
    error: str | None = None

    @property
    def answered(self) -> bool:
        """Tell whether it was said to be answered."""
        return self.status is AnswerStatus.ANSWERED

    @property
    def shows(self) -> bool:
        """Tell whether quotes were shown, as an answer, a possible one or an overview."""
        return self.status in (AnswerStatus.ANSWERED, AnswerStatus.POSSIBLE, AnswerStatus.OVERVIEW)


class Meta(BaseModel):
    """The origin of a run."""

    model_config = ConfigDict(frozen=True)

    name: str
    created: datetime
    commit: str
    index_build: str
    corpus_digest: str
    settings: dict[str, Any]
    versions: dict[str, str]
    seed: int


class Run(BaseModel):
    """What a run folder holds: all that scoring needs, without a model."""

    model_config = ConfigDict(frozen=True)

    meta: Meta
    cases: tuple[Case, ...]
    documents: tuple[Document, ...]
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...] = ()
    passages: tuple[Place, ...] = ()
    """All passages of the index, among which those are found that hold the gold."""


def run_cases(
    answerer: Asks,
    cases: Sequence[Case],
    seed: int | None = 0,
    progress: ProgressCallback = idle,
) -> Iterator[Row]:
    """Ask every case, then follow-ups in full and, given a seed, every perturbation.

    A question that raises becomes a row with the error: it scores nothing and is counted.
    """
    asked = [(case, ASKED, case.question, case.history) for case in cases]
    asked += [(case, FULL, case.full, ()) for case in cases if case.full]
    if seed is not None:
        asked += [
            (case, name, question, case.history)
            for case in cases
            for name, question in perturb(case.case_id, case.question, seed).items()
        ]
    for case, variant, question, history in told(asked, progress):
        yield _ask(answerer, case, variant, question, history)


def write_run(
    folder: Path,
    meta: Meta,
    cases: Sequence[Case],
    documents: Mapping[str, Document],
    rows: Iterator[Row],
    pairs: Sequence[Pair] = (),
    passages: Iterable[Passage] = (),
) -> None:
    """Write a run into a new folder, row by row as they come."""
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(meta.model_dump_json(indent=1), encoding="utf-8")
    (folder / "cases.json").write_bytes(_CASES.dump_json(tuple(cases)))
    (folder / "documents.json").write_bytes(_DOCUMENTS.dump_json(tuple(documents.values())))
    (folder / "passages.json").write_bytes(_PLACES.dump_json(tuple(map(_place, passages))))
    (folder / "differences.json").write_bytes(_PAIRS.dump_json(tuple(pairs)))
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(row.model_dump_json(exclude_defaults=True) + "\n")


def read_run(folder: Path) -> Run:
    """Read what ``write_run`` wrote.

    Raises:
        BadRun: the folder is not a run.
    """
    try:
        rows = (folder / "rows.jsonl").read_bytes().splitlines()
        # Runs from before these were kept have none.
        pairs, passages = folder / "differences.json", folder / "passages.json"
        return Run(
            meta=Meta.model_validate_json((folder / "meta.json").read_bytes()),
            cases=_CASES.validate_json((folder / "cases.json").read_bytes()),
            documents=_DOCUMENTS.validate_json((folder / "documents.json").read_bytes()),
            rows=tuple(Row.model_validate_json(row) for row in rows),
            pairs=_PAIRS.validate_json(pairs.read_bytes()) if pairs.exists() else (),
            passages=_PLACES.validate_json(passages.read_bytes()) if passages.exists() else (),
        )
    except (OSError, ValueError) as error:
        raise BadRun(f"{folder} is not a run; name a folder under evals/runs.") from error


def describe(index_build: str, corpus_digest: str, settings: Settings, seed: int) -> Meta:
    """Return the origin of a run that starts now."""
    now = datetime.now(UTC)
    return Meta(
        name=f"{now:%Y%m%dT%H%M%S%fZ}",
        created=now,
        commit=_commit(),
        index_build=index_build,
        corpus_digest=corpus_digest,
        settings=settings.model_dump(mode="json", include=_TELLING),
        versions={library: version(library) for library in _LIBRARIES},
        seed=seed,
    )


def _ask(answerer: Asks, case: Case, variant: str, question: str, history: tuple[str, ...]) -> Row:
    row = Row(case_id=case.case_id, variant=variant, question=question, history=history)
    try:
        answer = answerer.answer(question, history)
        passages = answerer.search(question, history).passages if variant == ASKED else ()
    except Exception as error:
        return row.model_copy(update={"error": f"{type(error).__name__}: {error}"})
    return row.model_copy(
        update={
            "status": answer.status,
            "probability": answer.probability,
            "likely": answer.likely,
            "quotes": tuple(_shown(citation, answer) for citation in answer.citations),
            "further": tuple(map(_place, answer.further)),
            "differences": answer.differences,
            "passages": tuple(map(_place, passages)),
            "milliseconds": answer.timings_ms.get("total"),
        }
    )


def _shown(citation: Citation, answer: Answer) -> ShownQuote:
    around = citation.surroundings
    parts = (at for at, part in enumerate(answer.parts) if citation.number in part.citations)
    return ShownQuote(
        text=citation.quote,
        places=(_place(citation), *citation.also),
        surroundings=Place(citation.doc_id, around.start, around.end),
        in_context=bool(citation.context) or not citation.headings,
        part=next(parts, 0),
    )


def _place(shown: Citation | Passage) -> Place:
    return Place(shown.doc_id, shown.start, shown.end)


def _commit() -> str:
    """Return the commit of the working folder, marked if it has changes."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
