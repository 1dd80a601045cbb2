"""What people say of new answers, kept as cases in a file of their own."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from footprints.corpus.edit import write_atomically
from footprints.evals.cases import JUDGED, CaseLine, GoldQuote, read_cases, read_lines, stands
from footprints.evals.changes import ChangedAnswer
from footprints.types import Document


def lapsed(folder: Path, documents: Mapping[str, Document]) -> tuple[str, ...]:
    """Return the ids of the cases here whose gold no longer stands in the documents.

    Raises:
        BadCases: the cases here cannot be read.
    """
    file = folder / JUDGED
    lines = read_lines(file, CaseLine) if file.exists() else []
    return tuple(line.id for line in lines if not stands(line, documents))


def keep_judged(
    folder: Path,
    answers: Sequence[ChangedAnswer],
    right: Mapping[str, bool],
    gone: Iterable[str] = (),
) -> None:
    """Write a case for each answer that is said to be right or wrong, by the id of its case.

    The lines of cases that are ``gone`` go. Every other line of the file stays as it is, and so
    does every other file.

    Raises:
        BadCases: the cases can no longer be read.
        CannotWrite: they cannot be written; what was there stays.
    """
    said = {one.case_id: one.found for one in answers if one.case_id in right and one.found}
    lines = {line.id: line for line in read_cases(folder)}
    cases = [judged(lines[id_], found, right[id_]) for id_, found in said.items() if id_ in lines]
    if cases or gone:
        new = [case.model_dump_json(exclude_defaults=True) for case in cases]
        kept = [*_others(folder / JUDGED, {*said, *gone}), *new]
        write_atomically(folder / JUDGED, "".join(f"{line}\n" for line in kept).encode())


def _others(file: Path, ids: Container[str]) -> list[str]:
    """Return the lines of other cases, as they stand."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [line for line in lines if line.strip() and json.loads(line)["id"] not in ids]


def judged(line: CaseLine, found: GoldQuote, right: bool) -> CaseLine:
    """Return a case that was unanswerable: answered by a quote, or not even by that."""
    if not right:
        note = f"Not answered by “{found.quote}” ({found.doc_id})."
        kind = "absent" if line.answerable else line.kind
        unanswered = {"kind": kind, "answerable": False, "gold": (), "note": note}
        return line.model_copy(update=unanswered)
    kind = "followup" if line.history else "fact"
    answered = {"kind": kind, "answerable": True, "gold": ((found,),), "note": None}
    return line.model_copy(update={**answered, "unmentioned": ()})
