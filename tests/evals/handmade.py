"""A corpus of two pages, six cases about it, and answerers that do as they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tiny import document

from footprints.evals.cases import Case, CaseLine, locate
from footprints.evals.run import ASKED, Meta, Row, Run, ShownQuote
from footprints.types import Answer, AnswerStatus, Citation, Excerpt, Passage, Place

NORTH = document("# North\n\nAnna leads the north. It has nine areas.", "north", "North")
SOUTH = document("# South\n\nBen leads the south. It has four areas.", "south", "South")
DOCUMENTS = {"north": NORTH, "south": SOUTH}

ANNA = '{"doc_id": "north", "quote": "Anna leads the north."}'
BEN = '{"doc_id": "south", "quote": "Ben leads the south."}'
FOUR = '{"doc_id": "south", "quote": "It has four areas."}'

LINES = f"""\
{{"id": "fact-1", "kind": "fact", "question": "Who leads the north?", "answerable": true,
  "gold": [[{ANNA}]]}}
{{"id": "fact-2", "kind": "fact", "question": "How big is the south?", "answerable": true,
  "gold": [[{FOUR}]]}}
{{"id": "compare-1", "kind": "compare", "question": "Who leads both?", "answerable": true,
  "gold": [[{ANNA}], [{BEN}]]}}
{{"id": "followup-1", "kind": "followup", "question": "And the south?", "answerable": true,
  "gold": [[{BEN}]], "history": ["Who leads the north?"], "full": "Who leads the south?"}}
{{"id": "absent-1", "kind": "absent", "question": "Who leads the east?", "answerable": false,
  "gold": []}}
{{"id": "offtopic-1", "kind": "offtopic", "question": "Will it rain?", "answerable": false,
  "gold": []}}
""".replace("\n  ", " ")
"""Four cases that the pages answer, of five needed parts, and two that they do not."""

META = Meta(
    name="handmade",
    created=datetime(2026, 1, 2, tzinfo=UTC),
    commit="0" * 12,
    index_build="none",
    corpus_digest="0" * 64,
    settings={},
    versions={},
    seed=0,
)

YES, NO = AnswerStatus.ANSWERED, AnswerStatus.ABSTAINED_NOT_IN_CORPUS


def cases() -> list[Case]:
    """Return the six cases, their gold located."""
    return [locate(CaseLine.model_validate_json(line), DOCUMENTS) for line in LINES.splitlines()]


def place(doc_id: str, words: str) -> Place:
    """Return where some words stand in a page."""
    start = DOCUMENTS[doc_id].text.index(words)
    return Place(doc_id, start, start + len(words))


SENTENCES = (
    place("north", "Anna leads the north."),
    place("north", "It has nine areas."),
    place("south", "Ben leads the south."),
    place("south", "It has four areas."),
)
PASSAGES = tuple(Passage(one.doc_id, (), one.start, one.end, ()) for one in SENTENCES)
"""The passages of the two pages, of a sentence each."""


def case(
    case_id: str = "fact-1",
    *parts: tuple[Place, ...],
    kind: str = "fact",
    question: str = "Who?",
    full: str | None = None,
) -> Case:
    """Make a case; it is answerable if it has parts."""
    return Case(case_id, kind, question, (), bool(parts), parts, full)


def shown(
    *places: Place,
    text: str | None = None,
    around: Place | None = None,
    in_context: bool = True,
) -> ShownQuote:
    """Make a quote of what stands at the first of some places, or of another text."""
    words = DOCUMENTS[places[0].doc_id].at(places[0]) if text is None else text
    around = around or places[0]
    return ShownQuote(text=words, places=places, surroundings=around, in_context=in_context)


def row(
    case_id: str,
    *quotes: ShownQuote,
    variant: str = ASKED,
    probability: float = 0.5,
    passages: Sequence[Place] = (),
    further: Sequence[Place] = (),
    milliseconds: float | None = 1.0,
    error: str | None = None,
    status: AnswerStatus | None = None,
) -> Row:
    """Make a row; unless told otherwise it is answered if it has quotes."""
    return Row(
        case_id=case_id,
        variant=variant,
        question="Who?",
        status=None if error else status or (YES if quotes else NO),
        probability=probability,
        quotes=quotes,
        passages=tuple(passages),
        further=tuple(further),
        milliseconds=milliseconds,
        error=error,
    )


def run_of(
    cases: Sequence[Case], rows: Sequence[Row], passages: Sequence[Place] | None = None
) -> Run:
    """Make a run over the two pages; unless told otherwise every sentence is a passage."""
    return Run(
        meta=META,
        cases=tuple(cases),
        documents=tuple(DOCUMENTS.values()),
        rows=tuple(rows),
        passages=tuple(SENTENCES if passages is None else passages),
    )


def citation(quote: ShownQuote, number: int = 1) -> Citation:
    """Make the citation that shows a quote."""
    first, *also = quote.places
    around = quote.surroundings or first
    return Citation(
        number=number,
        doc_id=first.doc_id,
        title=first.doc_id,
        publisher=None,
        published=None,
        describes=None,
        headings=(),
        quote=quote.text,
        start=first.start,
        end=first.end,
        also=tuple(also),
        probability=0.5,
        surroundings=Excerpt(around.start, around.end, quote.text),
    )


@dataclass(frozen=True)
class Found:
    """What a retrieval step found."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Told:
    """An answerer that is told what to quote for a question; without quotes it abstains.

    It retrieves exactly what it would quote.
    """

    quotes: Callable[[str], Sequence[ShownQuote]]
    when_answered: float = 0.9
    when_not: float = 0.1

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer as told, in four milliseconds."""
        quotes = self.quotes(question)
        return Answer(
            question=question,
            status=YES if quotes else NO,
            probability=self.when_answered if quotes else self.when_not,
            citations=tuple(citation(one, number) for number, one in enumerate(quotes, start=1)),
            further=(),
            index_build="none",
            timings_ms={"total": 4.0},
        )

    def search(self, question: str, history: Sequence[str] = ()) -> Found:
        """Return a passage for every quote."""
        places = [quote.places[0] for quote in self.quotes(question)]
        return Found(tuple(Passage(p.doc_id, (), p.start, p.end, ()) for p in places))


def gold(question: str) -> list[ShownQuote]:
    """Return the quotes of every needed part of the case with this question."""
    return [
        shown(part[0])
        for case in cases()
        if question in (case.question, case.full)
        for part in case.parts
    ]


def write_cases(folder: Path, lines: str = LINES, file: str = "cases.jsonl") -> Path:
    """Write lines as a file of cases, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(lines, encoding="utf-8")
    return folder
