"""What people could ask of the documents that a change adds or replaces."""

from __future__ import annotations

from dataclasses import dataclass

from footprints.answer.answerer import Answerer
from footprints.answer.suggest import questions_of
from footprints.index.build import BuildReport, staged_folder
from footprints.index.opening import open_build
from footprints.settings import Settings
from footprints.types import Answer, Citation, Encoder

_ASKED = 6
"""So many questions are asked, of all new documents together."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that new documents answer by their own account, and how it would be answered."""

    answer: Answer
    is_own: bool
    """Whether the first quote is theirs."""

    @property
    def first(self) -> Citation | None:
        """Return the first quote."""
        return self.answer.citations[0] if self.answer.citations else None


def asked_of_new(settings: Settings, staged: BuildReport, encoder: Encoder) -> tuple[Asked, ...]:
    """Ask a staged build what its new and changed documents answer by their own structure.

    Raises:
        IndexDamaged, CannotRead: it cannot be read.
    """
    index, manifest = open_build(settings, staged_folder(settings, staged), encoder)
    answerer = Answerer(index, encoder, manifest.build, caution=settings.caution)
    ids = (*staged.added, *staged.changed)
    questions = questions_of(map(index.documents.__getitem__, ids), index.facts.lexicon.names)
    given = (answerer.answer(question) for question in questions[:_ASKED])
    return tuple(Asked(answer, _is_of(answer, frozenset(ids))) for answer in given)


def _is_of(answer: Answer, doc_ids: frozenset[str]) -> bool:
    """Tell whether the first quote stands in one of some documents."""
    return any(
        not doc_ids.isdisjoint([one.doc_id, *(place.doc_id for place in one.also)])
        for one in answer.citations[:1]
    )
