"""In how many passages documents differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from footprints.index.segment import Segment

_Contents = Sequence[tuple[tuple[str, ...], str]]
"""The headings and the text of each passage of a document."""


@dataclass(frozen=True, slots=True)
class PassageChanges:
    """How many passages came, became others and went."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: PassageChanges) -> PassageChanges:
        return PassageChanges(
            self.added + other.added, self.changed + other.changed, self.removed + other.removed
        )


def passage_changes(before: Mapping[str, Segment], after: Mapping[str, Segment]) -> PassageChanges:
    """Compare the passages of documents, by their ids, before and after."""
    added = [segment for doc_id, segment in after.items() if doc_id not in before]
    removed = [segment for doc_id, segment in before.items() if doc_id not in after]
    counts = (
        _compared(_contents(before[doc_id]), _contents(segment))
        for doc_id, segment in after.items()
        if doc_id in before
    )
    whole = PassageChanges(added=_count(added), removed=_count(removed))
    return sum(counts, whole)


def _count(segments: Sequence[Segment]) -> int:
    return sum(segment.count("passages") for segment in segments)


def _contents(segment: Segment) -> _Contents:
    return [(passage.headings, segment.document.at(passage)) for passage in segment.passages]


def _compared(old: _Contents, new: _Contents) -> PassageChanges:
    """Compare one document: of a run of passages that stands for another, each is a changed one."""
    if old == new:
        return PassageChanges()
    added = changed = removed = 0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag != "equal":
            both = min(last - first, end - start)
            changed += both
            removed += last - first - both
            added += end - start - both
    return PassageChanges(added, changed, removed)
