"""What a change would alter in the words of the documents that are served."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from footprints.index.build import BuildReport, staged_folder
from footprints.index.generations import open_segment
from footprints.index.listing import Listing
from footprints.index.objects import objects_of
from footprints.settings import Settings
from footprints.types import Document

_SHOWN = 20
"""So many paragraphs of a document are shown."""

_NEAR = 5
"""Among so many new paragraphs the one is looked for that a changed paragraph has become."""

_ALIKE = 0.5
"""From this share of words in common, a paragraph has changed and is not another one."""


_WORD = re.compile(r"\S+\s*")

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each marked or not."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A paragraph as it was and as it would be; one that is added or removed has only one."""

    before: str | None
    after: str | None

    @property
    def how(self) -> str:
        """Say in a word what happens to it."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"

    @property
    def marked(self) -> tuple[Pieces, Pieces]:
        """Return both texts piece by piece, and of each piece whether the other text lacks it."""
        old, new = (_WORD.findall(text or "") for text in (self.before, self.after))
        one, other = ([word.strip() for word in words] for words in (old, new))
        changes = SequenceMatcher(None, one, other).get_opcodes()
        return (
            _pieces((old[was:until], tag != "equal") for tag, was, until, _, _ in changes),
            _pieces((new[is_:to], tag != "equal") for tag, _, _, is_, to in changes),
        )


@dataclass(frozen=True, slots=True)
class Rewording:
    """How the text of a document would change, from its beginning to its end.

    Headings, list items and table rows count as paragraphs.
    """

    doc_id: str
    edits: tuple[Edit, ...]

    @property
    def shown(self) -> tuple[Edit, ...]:
        """Return the first edits, which are enough to see what kind of change it is."""
        return self.edits[:_SHOWN]

    @property
    def summary(self) -> str:
        """Count the paragraphs that are changed, added and removed."""
        counts = Counter(edit.how for edit in self.edits)
        said = [f"{counts[how]} {how}" for how in ("changed", "added", "removed") if counts[how]]
        return ", ".join(said) or "the same words as before"


def rewordings(
    settings: Settings, staged: BuildReport, served: Mapping[str, Document]
) -> tuple[Rewording, ...]:
    """Compare each changed document of a staged build with the one that is served.

    Raises:
        IndexDamaged, CannotRead: a document of the build cannot be read.
    """
    return tuple(
        rewording(served[doc_id], _document(settings, staged, doc_id))
        for doc_id in staged.changed
        if doc_id in served
    )


def rewording(old: Document, new: Document) -> Rewording:
    """Compare the texts of two documents, paragraph by paragraph."""
    before, after = ([one.at(block) for block in one.blocks] for one in (old, new))
    changes = SequenceMatcher(None, before, after).get_opcodes()
    edits = (
        edit
        for tag, was, until, is_, to in changes
        if tag != "equal"
        for edit in _paired(before[was:until], after[is_:to])
        if edit.before != edit.after
    )
    return Rewording(old.doc_id, tuple(edits))


def _pieces(runs: Iterable[tuple[Sequence[str], bool]]) -> Pieces:
    """Join words to pieces; the space behind a marked one is not marked."""
    joined = (("".join(words), marked) for words, marked in runs if words)
    return tuple(
        piece
        for text, marked in joined
        for piece in ((text.rstrip(), marked), (text[len(text.rstrip()) :], False))
        if piece[0]
    )


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[Edit]:
    """Pair each old paragraph with the new one that it has become; what is left has no pair.

    One that stands for one has become that, whatever it says.
    """
    if len(before) == len(after) == 1:
        yield Edit(before[0], after[0])
        return
    rest = list(after)
    for text in before:
        found = next((at for at, new in enumerate(rest[:_NEAR]) if _is_alike(text, new)), None)
        if found is None:
            yield Edit(text, None)
            continue
        yield from (Edit(None, new) for new in rest[:found])
        yield Edit(text, rest[found])
        del rest[: found + 1]
    yield from (Edit(None, new) for new in rest)


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.split(), other.split()).quick_ratio() >= _ALIKE


def _document(settings: Settings, staged: BuildReport, doc_id: str) -> Document:
    digest = Listing(staged_folder(settings, staged))[doc_id].segment
    return open_segment(objects_of(settings), doc_id, digest).document
