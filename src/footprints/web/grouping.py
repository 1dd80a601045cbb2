"""Group an answer's quotes into cards, one for each place in a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from footprints.answer.select import age
from footprints.answer.surroundings import within
from footprints.index.lexical import terms, words
from footprints.types import Answer, AnswerStatus, Citation
from footprints.wording import EXPLANATIONS

_MANY = 3
"""From this many places, an overview has an outline."""


@dataclass(frozen=True, slots=True)
class Section:
    """The cards of an answer, or of one of its parts under its own words."""

    question: str | None
    status: AnswerStatus
    cards: tuple[Card, ...]

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
    def explanation(self) -> str | None:
        """Say how far it answers, if that is not certain."""
        surely = AnswerStatus.ANSWERED, AnswerStatus.GUIDANCE
        return None if self.status in surely else EXPLANATIONS[self.status]

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

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Yield the words in order, with whether they are of those ``asked``."""
        at = 0
        for word in words(self.text):
            if word.term in self.asked:
                yield self.text[at : word.start], False
                yield self.text[word.start : word.end], True
                at = word.end
        yield self.text[at:], False


@dataclass(frozen=True, slots=True)
class Card:
    """One place in a document, with the quotes in it, best first.

    ``again`` are the numbers of those that an earlier part has shown.
    """

    citations: tuple[Citation, ...]
    again: frozenset[int] = frozenset()

    @property
    def best(self) -> Citation:
        """Return the best of its quotes, which says what all of them have in common."""
        return self.citations[0]

    @property
    def subject(self) -> str:
        """Return what the quote is about: what it needs, but for what its surroundings show."""
        around = self.best.surroundings
        if not self.best.context:
            return self.best.headings[-1] if self.best.headings else ""
        above = [one for one in self.best.context if not within(one, around)]
        return " › ".join(" | ".join(one.text.split("\t")) for one in above)

    def lines(self, question: str = "") -> list[list[CardRun]]:
        """Return the lines of the place as runs, with the words of the question marked if given."""
        asked = frozenset(terms(question))
        lines: list[list[CardRun]] = [[]]
        for run in self._runs():
            for number, text in enumerate(run.text.split("\n")):
                if number:
                    lines.append([])
                if text:
                    lines[-1].append(CardRun(text, run.number, run.first and not number, asked))
        return [line for line in lines if line]

    def _runs(self) -> Iterator[CardRun]:
        around, at = self.best.surroundings, 0
        for quote in sorted(self.citations, key=lambda one: one.start):
            start, end = max(quote.start - around.start, at), quote.end - around.start
            yield CardRun(around.text[at:start])
            yield CardRun(around.text[start:end], quote.number, first=True)
            at = end
        yield CardRun(around.text[at:])


def sections(answer: Answer, by_date: bool = False) -> list[Section]:
    """Return the parts of an answer, or all of it in one, with their cards."""
    if not answer.parts:
        return [Section(None, answer.status, tuple(cards(answer.citations, by_date)))]
    numbered = {citation.number: citation for citation in answer.citations}
    made, shown = [], frozenset[int]()
    for part in answer.parts:
        quotes = [numbered[number] for number in part.citations]
        found = tuple(replace(card, again=shown) for card in cards(quotes, by_date))
        made.append(Section(part.question, part.status, found))
        shown |= frozenset(part.citations)
    return made


def cards(citations: Sequence[Citation], by_date: bool = False) -> list[Card]:
    """Return the cards of an answer in the order of their best quotes, or oldest document first."""
    found: dict[tuple[str, int, int], list[Citation]] = {}
    for one in citations:
        place = (one.doc_id, one.surroundings.start, one.surroundings.end)
        found.setdefault(place, []).append(one)
    made = [Card(tuple(group)) for group in found.values()]
    return sorted(made, key=lambda card: age(card.best)) if by_date else made
