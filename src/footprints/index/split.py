"""Split a Document into passages, and passages into the sentences that may be quoted."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

import sentencex

from footprints.types import Block, BlockKind, Document, Encoder, Passage, Sentence, Span

_CUT_WORD_PIECES = 8
"""How many more pieces a cut word may have than it has within the whole text."""

_LAST_WORD = re.compile(r"\S*\Z")
_NUMBER = re.compile(r"(?:\d{1,3}|[a-z]|[ivxl]{1,6})\. ")
"""What a page shows before an item of a numbered list."""

VERSION = 3
"""Raised whenever the same document would be split differently."""


def split(document: Document, encoder: Encoder, passage_pieces: int) -> list[Passage]:
    """Split a document into passages of about ``passage_pieces`` word pieces.

    A passage never crosses a heading and never exceeds what the encoder reads; up to that, a list
    stays together with its lead-in. The passages hold every word that is not a heading.
    """
    ruler = _Ruler(document, encoder)
    target = min(passage_pieces, ruler.limit)
    return [
        Passage(document.doc_id, headings, sentences[0].start, sentences[-1].end, tuple(sentences))
        for headings, blocks in _sections(document)
        for sentences in _pack(_groups(document, blocks, ruler), ruler, target)
    ]


class _Ruler:
    """Measures spans of one document in the encoder's word pieces."""

    def __init__(self, document: Document, encoder: Encoder) -> None:
        self.limit = encoder.max_pieces
        self._encoder = encoder
        self._text = document.text
        self._starts = [int(start) for start, _ in encoder.pieces(document.text)]

    def count(self, start: int, end: int) -> int:
        """Return how many pieces of the document begin in a span."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def room(self, sentences: Sequence[Sentence]) -> int:
        """Return how many pieces sentences in a row have, without the numbers of items."""
        found = (_NUMBER.match(self._text, one.start) for one in sentences)
        numbers = sum(self.count(one.start(), one.end()) for one in found if one)
        return self.count(sentences[0].start, sentences[-1].end) - numbers

    def fits(self, start: int, end: int) -> bool:
        """Tell whether the encoder reads a span whole."""
        count = self.count(start, end)
        if abs(count - self.limit) > _CUT_WORD_PIECES:
            return count <= self.limit
        return len(self._encoder.pieces(self._text[start:end])) <= self.limit

    def cut(self, span: Span) -> Iterator[Span]:
        """Cut a span that is too long to read into parts, between words where there are any."""
        start = span.start
        while not self.fits(start, span.end):
            end = self._readable_end(start)
            yield Span(start, end)
            start = end + len(self._text[end:]) - len(self._text[end:].lstrip())
        yield Span(start, span.end)

    def _readable_end(self, start: int) -> int:
        """Return how far the encoder reads from a place, to the end of a word if it gets to one."""
        first = bisect_left(self._starts, start)
        last = min(first + self.limit, len(self._starts) - 1)
        for hard in reversed(self._starts[first + 1 : last + 1]):
            words = _LAST_WORD.sub("", self._text[start:hard]).rstrip()
            end = start + len(words) if words else hard
            if self.fits(start, end):
                return end
        return self._starts[last]


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    """Yield each run of blocks under one heading, with the heading path above it."""
    path: list[tuple[int, str]] = []
    for is_heading, blocks in groupby(
        document.blocks, key=lambda block: block.kind is BlockKind.HEADING
    ):
        if not is_heading:
            yield tuple(text for _, text in path), list(blocks)
            continue
        for block in blocks:
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, document.at(block)))


def _groups(document: Document, blocks: list[Block], ruler: _Ruler) -> Iterator[list[Sentence]]:
    """Yield the sentences of a section in groups that should stay in one passage."""
    before: list[Sentence] = []
    for kind, run in groupby(blocks, key=_run_kind):
        if kind is BlockKind.PARAGRAPH:
            for block in run:
                if before:
                    yield before
                before = list(_readable(sentences_of(document, block), ruler))
        elif kind is BlockKind.TABLE_ROW:
            if before:
                yield before
            before = []
            yield list(_readable(_table(document, list(run), ruler), ruler))
        else:
            leads = bool(before) and document.at(before[-1]).endswith(":")
            if before and not leads:
                yield before
                before = []
            lead = before.pop() if leads else None
            items = _list([_Line.of(block) for block in run], lead, ruler)
            yield [*before, *_readable(items, ruler)]
            before = []
    if before:
        yield before


def _run_kind(block: Block) -> BlockKind:
    """Return what a block groups with: a paragraph inside a list item belongs to the list."""
    in_list = block.level and block.kind is BlockKind.PARAGRAPH
    return BlockKind.LIST_ITEM if in_list else block.kind


def sentences_of(document: Document, block: Block) -> Iterator[Sentence]:
    """Yield the sentences of a paragraph without the white space around them."""
    text = document.at(block)
    for boundary in sentencex.get_sentence_boundaries("en", text):
        piece = text[boundary["start_index"] : boundary["end_index"]]
        if words := piece.strip():
            start = block.start + boundary["start_index"] + piece.index(words)
            yield Sentence(start, start + len(words))


def _table(document: Document, rows: list[Block], ruler: _Ruler) -> Iterator[Sentence]:
    """Yield the rows of tables without empty cells around them; headers lead in the others.

    The whole of a header is its table, as far as that is read in one piece.
    """
    header = None
    for at, row in enumerate(rows):
        here = _filled(document, row)
        if row.level:
            under = takewhile(_has_values, rows[at + 1 :])
            end = _readable_to(here.start, (_filled(document, one).end for one in under), ruler)
            yield Sentence(here.start, here.end, None, Span(here.start, end) if end else None)
            header = here
        else:
            yield Sentence(here.start, here.end, header)


def _readable_to(start: int, ends: Iterable[int], ruler: _Ruler) -> int | None:
    """Return the last of some ends up to which a text is read in one piece, if there is one."""
    return max(takewhile(lambda end: ruler.fits(start, end), ends), default=None)


def _filled(document: Document, row: Block) -> Span:
    """Return the place of a row without empty cells around it."""
    text = document.at(row)
    return Span(row.end - len(text.lstrip()), row.start + len(text.rstrip()))


def _has_values(row: Block) -> bool:
    """Tell whether a row of a table is none of its heads."""
    return not row.level


class _Line:
    """A line of a list with the lines under it."""

    def __init__(self, level: int, start: int, end: int) -> None:
        self.level, self.start, self.end = level, start, end
        self.items: list[_Line] = []

    @classmethod
    def of(cls, block: Block) -> _Line:
        return cls(block.level, block.start, block.end)

    @property
    def last(self) -> int:
        """Return where the last line under this one ends."""
        return self.items[-1].last if self.items else self.end


def _list(lines: list[_Line], lead: Sentence | None, ruler: _Ruler) -> Iterator[Sentence]:
    """Yield a list's lead-in, if it has one, and its items, each knowing what leads it in."""
    top = _Line(0, lead.start, lead.end) if lead else _Line(0, lines[0].start, lines[0].start)
    parents = [top]
    for line in lines:
        while parents[-1].level >= line.level:
            parents.pop()
        parents[-1].items.append(line)
        parents.append(line)
    yield from _unit(top, None, _whole(top, ruler), ruler)


def _unit(line: _Line, lead: Span | None, whole: Span | None, ruler: _Ruler) -> Iterator[Sentence]:
    """Yield a line and all under it; a label with its one value is a single sentence."""
    if len(line.items) == 1 and not line.items[0].items:
        yield Sentence(line.start, line.last, lead, whole if lead else None)
        return
    own = _whole(line, ruler) if line.items else whole
    here = Span(line.start, line.end) if line.end > line.start else None
    if here:
        yield Sentence(here.start, here.end, lead, own)
    for item in line.items:
        yield from _unit(item, here, own, ruler)


def _whole(line: _Line, ruler: _Ruler) -> Span | None:
    """Return the place of a line with all its items, unless it is too long to be one passage."""
    return Span(line.start, line.last) if ruler.fits(line.start, line.last) else None


def _readable(sentences: Iterator[Sentence], ruler: _Ruler) -> Iterator[Sentence]:
    """Cut the sentences that are longer than the encoder reads."""
    for sentence in sentences:
        for part in ruler.cut(Span(sentence.start, sentence.end)):
            yield replace(sentence, start=part.start, end=part.end)


def _pack(
    groups: Iterator[list[Sentence]], ruler: _Ruler, target: int
) -> Iterator[Sequence[Sentence]]:
    """Fill passages with whole groups up to the target; break only groups beyond the limit."""
    passage: list[Sentence] = []
    for group in groups:
        if passage and ruler.room([*passage, *group]) > target:
            yield passage
            passage = []
        for sentence in group:
            if passage and not ruler.fits(passage[0].start, sentence.end):
                yield passage
                passage = []
            passage.append(sentence)
    if passage:
        yield passage
