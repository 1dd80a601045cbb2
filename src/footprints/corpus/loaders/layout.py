"""Layout: the clean text of a file, grown block by block so that offsets hold by construction."""

from __future__ import annotations

import re
from dataclasses import dataclass

from footprints.corpus.clean import clean
from footprints.types import UNKNOWN, Block, BlockKind, PartialDate

_JUNK_AUTHOR = re.compile(
    r"|(microsoft( office)?|windows)? ?user|admin(istrator)?|author|owner|unknown|none|python-docx"
    r"|https?:.*",
    re.IGNORECASE,
)

_RUNS = {BlockKind.LIST_ITEM, BlockKind.TABLE_ROW}


def author_of(said: object) -> str | None:
    """Return who made a file, unless that is what a program writes for want of a name."""
    name = clean(said) if isinstance(said, str) else ""
    return None if _JUNK_AUTHOR.fullmatch(name) else name


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file: how many words of it were read, how, and what was left out there."""

    place: str
    words: int
    how: str
    left_out: str = ""


class Layout:
    """Clean text and the blocks in it, in order, that do not overlap.

    ``warnings`` are sentences on what was not read as it stands; ``proposed`` is what the file
    says of itself, for a person to confirm. Its ``author`` and the day it was ``made`` are less:
    they may stand for a publisher and a date where a person says so. ``parts`` say how each page
    was read, where a file has pages that may be read in several ways; ``left_out`` has the words
    of what stands beside the content, such as menus, each cut short.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self.warnings: list[str] = []
        self.parts: list[Part] = []
        self.left_out: list[str] = []
        self.proposed = UNKNOWN
        self.author: str | None = None
        self.made: PartialDate | None = None

    @property
    def text(self) -> str:
        """Return the whole clean text."""
        # Joined once, not anew for each block whose words somebody asks for.
        self._parts = ["".join(self._parts)]
        return self._parts[0]

    def at(self, block: Block) -> str:
        """Return the words of a block."""
        return self.text[block.start : block.end]

    def add(self, kind: BlockKind, words: str, level: int = 0, locator: str | None = None) -> None:
        """Append a block; one without words leaves no trace."""
        self._append(kind, clean(words), level, locator)

    def add_row(self, cells: list[str], header: bool, locator: str | None = None) -> None:
        """Append a table row, its cells kept apart by tabs."""
        cleaned = [clean(cell) for cell in cells]
        words = "\t".join(cleaned) if any(cleaned) else ""
        self._append(BlockKind.TABLE_ROW, words, int(header), locator)

    def _append(self, kind: BlockKind, words: str, level: int, locator: str | None) -> None:
        if not words:
            return
        if self.blocks:
            run = kind in _RUNS and self.blocks[-1].kind is kind
            self._grow("\n" if run else "\n\n")
        start = self._length
        self._grow(words)
        self.blocks.append(Block(kind, level, start, self._length, locator))

    def _grow(self, words: str) -> None:
        self._parts.append(words)
        self._length += len(words)
