"""Group an answer's quotes into cards, one for each place in a document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from footprints.answer.select import age
from footprints.answer.surroundings import within
from footprints.index.lexical import terms, words
from footprints.types import Answer, AnswerStatus, Block, BlockKind, Citation, Document
from footprints.wording import how_far, parts_of

_MANY = 3
"""From this many places, an overview has an outline."""

_TOGETHER = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
"""What stands in a list or a table with others of its kind."""

_NUMBER = re.compile(r"\(?(?:\d+|[a-z])[.)]\s", re.IGNORECASE)
"""How an item begins that has a number of its own, and needs no bullet."""

_OPEN = 3
"""So many quotes are in view; the places of the others are folded away, except of an overview."""

_ROOM = 1_400
"""So many characters are in view in all, about 240 words, unless the first place alone has more."""


@dataclass(frozen=True, slots=True)
class Section:
    """The cards of an answer, or of one of its parts under its own words.

    ``above`` are the numbers of its quotes that an earlier part has shown, best first.
    """

    question: str | None
    status: AnswerStatus
    explanation: str
    cards: tuple[Card, ...]
    above: tuple[int, ...] = ()

    @property
    def folded(self) -> tuple[Card, ...]:
        """Return the cards that are folded away, which are the last ones."""
        if self.status is AnswerStatus.OVERVIEW:
            return ()
        quotes = characters = 0
        for at, card in enumerate(self.cards):
            characters += len(card.best.surroundings.text)
            if quotes >= _OPEN or (at and characters > _ROOM):
                return self.cards[at:]
            quotes += len(card.citations)
        return ()

    @property
    def outline(self) -> list[tuple[Citation, str]]:
        """Return what an overview shows, each heading once: its first quote, and what it says."""
        if self.status is not AnswerStatus.OVERVIEW or len(self.cards) < _MANY:
            return []
        several = len({card.best.doc_id for card in self.cards}) > 1
        found: dict[str, Citation] = {}
        for card in self.cards:
            heading = card.best.headings[-1] if card.best.headings else card.best.title
            name = f"{heading} – {card.best.title}" if several else heading
            found.setdefault(name, card.best)
        return [(citation, name) for name, citation in found.items()]

    @property
    def surely(self) -> bool:
        """Tell whether how far it answers need not be said."""
        return self.status in (AnswerStatus.ANSWERED, AnswerStatus.GUIDANCE)

    @property
    def marks(self) -> bool:
        """Tell whether words of the question are marked, as no quote is the clear answer."""
        return self.status is AnswerStatus.POSSIBLE


@dataclass(frozen=True, slots=True)
class CardRun:
    """Words of a card: of a quote, given by its number, or of the text around it.

    ``first`` says that the quote begins with them.
    """

    text: str
    number: int | None = None
    first: bool = False
    asked: frozenset[str] = frozenset()
    start: int = 0
    """Where in the document they begin."""

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Yield the words in order, with whether they are of those ``asked``."""
        return marked(self.text, self.asked)


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a place as its document has it: a paragraph, a list item or a table row.

    Its runs stand in ``cells``, of which only a row has several; ``level`` is as in ``Block``.
    """

    kind: BlockKind
    level: int
    cells: tuple[tuple[CardRun, ...], ...]

    @property
    def quoted(self) -> bool:
        """Tell whether any of it is quoted."""
        return any(run.number for cell in self.cells for run in cell)

    @property
    def style(self) -> str:
        """Return the classes of a list item: how deep it stands, and whether it has a number."""
        begins = next((run.text for cell in self.cells for run in cell), "")
        deep = ["deep"] if self.level > 1 else []
        numbered = ["numbered"] if _NUMBER.match(begins) else []
        return " ".join([*deep, *numbered]) if self.kind is BlockKind.LIST_ITEM else ""


@dataclass(frozen=True, slots=True)
class Card:
    """One place in a document, with the quotes in it, best first.

    ``document`` is the one it is quoted from, unless that has changed there.
    """

    citations: tuple[Citation, ...]
    document: Document | None = None

    @property
    def best(self) -> Citation:
        """Return the best of its quotes, which says what all of them have in common."""
        return self.citations[0]

    @property
    def subject(self) -> str:
        """Return what the quote is about: what it needs and what nothing else of the card says."""
        above = (text for text in self._above if text not in (self.best.title, self.lead))
        return " › ".join(" | ".join(text.split("\t")) for text in above)

    @property
    def lead(self) -> str | None:
        """Return what leads the quote in, unless it stands in view: “The leads are as follows:”."""
        return next((text for text in self._above if text.endswith(":")), None)

    @property
    def _above(self) -> Sequence[str]:
        if not self.best.context:
            return self.best.headings[-1:]
        around = self.best.surroundings
        outside = [one.text for one in self.best.context if not within(one, around)]
        return [text for text in outside if "\t" not in text or not self.has_rows]

    @property
    def has_rows(self) -> bool:
        """Tell whether rows of a table are in view."""
        return "\t" in self.best.surroundings.text

    @property
    def heads(self) -> list[str]:
        """Return the column heads of the rows in view, unless those are in view too."""
        around = self.best.surroundings
        outside = (one.text for one in self.best.context if not within(one, around))
        heads = [text.split("\t") for text in outside if "\t" in text]
        return heads[0] if heads and self.has_rows else []

    @property
    def goes_on(self) -> bool:
        """Tell whether the list, table or paragraph in view goes on in its document."""
        around = self.best.surroundings
        last = self._block(max(around.start, around.end - 1))
        if last is None or around.end < last.end:
            return last is not None
        after = self._block(last.end + 1)
        if after is None or after == last:
            return False
        return last.kind is after.kind and last.kind in _TOGETHER

    def blocks(self, question: str = "") -> list[tuple[BlockKind, list[CardLine]]]:
        """Return the lines of the place, those that make up a list or a table together."""
        lines = map(self._line, self.lines(question))
        return [(kind, list(found)) for kind, found in groupby(lines, lambda line: line.kind)]

    def _line(self, runs: list[CardRun]) -> CardLine:
        block = self._block(runs[0].start)
        kind, level = (block.kind, block.level) if block else (BlockKind.PARAGRAPH, 0)
        cells: list[list[CardRun]] = [[]]
        for run in runs:
            for number, text in enumerate(run.text.split("\t")):
                if number:
                    kind = BlockKind.TABLE_ROW
                    cells.append([])
                if text:
                    cells[-1].append(replace(run, text=text, first=run.first and not number))
        return CardLine(kind, level, tuple(map(tuple, cells)))

    def _block(self, start: int) -> Block | None:
        """Return the block that stands at an offset of the document, if it is known."""
        if self.document is None:
            return None
        blocks = self.document.blocks
        row = bisect_right(blocks, start, key=lambda block: block.start) - 1
        return blocks[row] if row >= 0 else None

    def lines(self, question: str = "") -> list[list[CardRun]]:
        """Return the lines of the place as runs, with the words of the question marked if given."""
        asked = frozenset(terms(question))
        lines: list[list[CardRun]] = [[]]
        for run in self._runs():
            start = run.start
            for number, text in enumerate(run.text.split("\n")):
                if number:
                    lines.append([])
                if text:
                    first = run.first and not number
                    lines[-1].append(CardRun(text, run.number, first, asked, start))
                start += len(text) + 1
        return [line for line in lines if line]

    def _runs(self) -> Iterator[CardRun]:
        around, at = self.best.surroundings, 0
        for quote in sorted(self.citations, key=lambda one: one.start):
            start, end = max(quote.start - around.start, at), quote.end - around.start
            yield CardRun(around.text[at:start], start=around.start + at)
            words = around.text[start:end]
            yield CardRun(words, quote.number, first=True, start=around.start + start)
            at = end
        yield CardRun(around.text[at:], start=around.start + at)


def marked(text: str, asked: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text in order, with whether they are words of those stems."""
    at = 0
    for word in words(text) if asked else ():
        if word.term in asked:
            yield text[at : word.start], False
            yield text[word.start : word.end], True
            at = word.end
    yield text[at:], False


Documents = Mapping[str, Document]


def sections(
    answer: Answer, by_date: bool = False, documents: Documents | None = None
) -> list[Section]:
    """Return the parts of an answer, or all of it in one, with their cards."""
    if not answer.parts:
        found = cards(answer.citations, by_date, documents)
        return [Section(None, answer.status, how_far(answer), tuple(found))]
    return [
        Section(
            part.question,
            part.status,
            how_far(part),
            tuple(cards(own, by_date, documents)),
            above,
        )
        for part, own, above in parts_of(answer)
    ]


def cards(
    citations: Sequence[Citation], by_date: bool = False, documents: Documents | None = None
) -> list[Card]:
    """Return the cards of an answer in the order of their best quotes, or oldest document first."""
    found: dict[tuple[str, int, int], list[Citation]] = {}
    for one in citations:
        place = (one.doc_id, one.surroundings.start, one.surroundings.end)
        found.setdefault(place, []).append(one)
    made = [
        Card(tuple(group), document=_unchanged(group[0], documents or {}))
        for group in found.values()
    ]
    return sorted(made, key=lambda card: age(card.best)) if by_date else made


def _unchanged(citation: Citation, documents: Documents) -> Document | None:
    """Return the document of a quote if what stands around it stands there still."""
    document = documents.get(citation.doc_id)
    around = citation.surroundings
    return document if document and document.at(around) == around.text else None
