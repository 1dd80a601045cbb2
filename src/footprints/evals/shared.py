"""The cases that two builds can both be held to: their gold stands in the documents of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from footprints.evals.cases import Case, CaseLine, GoldQuote, places_of
from footprints.types import Document, Place


@dataclass(frozen=True, slots=True)
class Gone:
    """A case whose gold is no longer in the documents."""

    case_id: str
    question: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """The cases that are fair to both builds, as located in each, and those of only one."""

    before: Sequence[Case]
    after: Sequence[Case]
    gone: tuple[Gone, ...]
    came: tuple[str, ...]

    @property
    def of_these_documents(self) -> bool:
        """Tell whether any case is about what stands, or stood, in the documents."""
        return bool(self.gone) or any(case.answerable for case in self.before)


def shared_cases(
    lines: Sequence[CaseLine], old: Mapping[str, Document], new: Mapping[str, Document]
) -> Shared:
    """Locate the cases in both; those in neither are about other documents."""
    before, after, gone, came = [], [], [], []
    for line in lines:
        was, is_ = _located(line, old, new), _located(line, new, old)
        if was and is_:
            before.append(was)
            after.append(is_)
        elif was:
            stood = dict.fromkeys(place.doc_id for part in was.parts for place in part)
            gone.append(Gone(line.id, line.question, tuple(stood)))
        elif is_:
            came.append(line.id)
    return Shared(before, after, tuple(gone), tuple(came))


def _located(
    line: CaseLine, documents: Mapping[str, Document], others: Collection[str]
) -> Case | None:
    """Return a case with all its gold that stands in the documents; None where a part has none."""
    parts = tuple(
        tuple(place for gold in part for place in _places(gold, documents, others))
        for part in line.gold
    )
    if not all(parts):
        return None
    return Case(line.id, line.kind, line.question, line.history, line.answerable, parts)


def _places(
    gold: GoldQuote, documents: Mapping[str, Document], others: Collection[str]
) -> list[Place]:
    """Return the place of gold: in its document, or in one that was renamed."""
    if gold.doc_id in documents:
        return places_of(gold, documents[gold.doc_id])
    renamed = (documents[doc_id] for doc_id in documents if doc_id not in others)
    return [place for document in renamed for place in places_of(gold, document)]
