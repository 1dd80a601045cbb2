"""In how many passages two indexes differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from footprints.index.store import Index

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


def passage_changes(
    before: Index | None, after: Index, documents: Collection[str]
) -> PassageChanges:
    """Compare the passages of some documents in two indexes; before the first was nothing."""
    old = _contents(before, documents) if before else {}
    new = _contents(after, documents)
    counts = (_compared(old.get(id_, ()), new.get(id_, ())) for id_ in documents)
    return sum(counts, PassageChanges())


def _contents(index: Index, documents: Collection[str]) -> Mapping[str, _Contents]:
    contents: dict[str, list[tuple[tuple[str, ...], str]]] = {id_: [] for id_ in documents}
    for passage in index.passages:
        if passage.doc_id in contents:
            text = index.documents[passage.doc_id].at(passage)
            contents[passage.doc_id].append((passage.headings, text))
    return contents


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
