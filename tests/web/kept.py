"""Answers made by hand, to keep in conversations."""

from __future__ import annotations

from typing import Any

from footprints.types import Answer, AnswerStatus, Citation, Document, Excerpt, PartialDate

ANSWERED = AnswerStatus.ANSWERED
ABSTAINED = AnswerStatus.ABSTAINED_NOT_IN_CORPUS


def citation(quote: str, number: int = 1, start: int = 0, **known: Any) -> Citation:
    """Return a citation of some words of a page of which little is known."""
    page: dict[str, Any] = {
        "doc_id": "page",
        "title": "Page",
        "publisher": None,
        "published": None,
        "describes": None,
        "headings": (),
        "also": (),
        "probability": 0.9,
    }
    end = start + len(quote)
    page["surroundings"] = Excerpt(start, end, quote)
    return Citation(number=number, quote=quote, start=start, end=end, **page | known)


def cited(document: Document, quote: str, number: int = 1, around: str = "") -> Citation:
    """Return a citation of words where they stand in a document, in view with those around."""
    start, first = document.text.index(quote), document.text.index(around or quote)
    surroundings = Excerpt(first, first + len(around or quote), around or quote)
    return citation(
        quote,
        number,
        start,
        doc_id=document.doc_id,
        title=document.title,
        surroundings=surroundings,
    )


def answer(
    question: str,
    *citations: Citation,
    further: tuple[Citation, ...] = (),
    status: AnswerStatus | None = None,
) -> Answer:
    """Return an answer with these citations; without any it abstains."""
    return Answer(
        question=question,
        status=status or (ANSWERED if citations else ABSTAINED),
        probability=0.8765,
        citations=citations,
        further=further,
        index_build="old-build",
        timings_ms={"encode": 1.5, "total": 2.25},
    )


DATED = citation(
    "Angela leads.\nHer team is small.",
    2,
    40,
    doc_id="devon",
    title="Devon – naïve “page” 東京",
    publisher="A publisher",
    published=PartialDate("2016-08-02"),
    describes="2016/17",
    headings=("Devon", "Leads"),
)
