"""Answers as text: one answer to paste, or a conversation as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from footprints.types import Answer, AnswerStatus, Citation, KnownDocument
from footprints.web.conversations import Turn
from footprints.wording import (
    closing,
    context_lines,
    guidance,
    how_far,
    markdown_escaped,
    parts_of,
    remarks,
    shown_above,
    where,
    who_and_when,
)


def answer_as_text(answer: Answer, documents: Sequence[KnownDocument] = ()) -> str:
    """Return a question and its answer with citations, as plain text.

    Guidance is about the ``documents`` there are.
    """
    return "\n\n".join([answer.question, *_body(answer, documents)]) + "\n"


def conversation_as_markdown(
    turns: Iterable[Turn], documents: Sequence[KnownDocument] = ()
) -> Iterator[str]:
    """Give a conversation as Markdown, turn by turn; guidance is about the ``documents``."""
    yield "# Footprints: a conversation\n"
    for turn in turns:
        asked = f"Asked on {turn.asked:%-d %B %Y at %H:%M} UTC."
        body = _body(turn.answer, documents, "> ")
        parts = [f"## {markdown_escaped(turn.answer.question)}", asked, *body]
        yield "\n" + "\n\n".join(parts) + "\n"


def _body(answer: Answer, documents: Sequence[KnownDocument], before: str = "") -> Iterator[str]:
    """Give what to know before the quotes, then the quotes, part by part if there are several."""
    said = guidance(answer.topic, documents) if answer.topic else remarks(answer)
    for sentence in said:
        yield markdown_escaped(sentence) if before else sentence
    for part, own, above in parts_of(answer):
        yield f"### {markdown_escaped(part.question)}" if before else part.question
        if part.status is not AnswerStatus.ANSWERED:
            yield how_far(part)
        if above:
            yield shown_above(above)
        for citation in own:
            yield _cited(citation, before)
    for citation in () if answer.parts else answer.citations:
        yield _cited(citation, before)
    yield from closing(answer)


def _cited(citation: Citation, before: str) -> str:
    """Return a quote and its source; with something ``before`` each line, escaped for Markdown."""
    known = who_and_when(citation)
    source = f"{citation.title}. {known}. {where(citation.headings, citation.locator)}"
    lines = [*context_lines(citation), *f"“{citation.quote}”".split("\n")]
    if before:
        lines = [before + markdown_escaped(line) for line in lines]
        source = markdown_escaped(source)
    return "\n".join(lines) + f"\n\n[{citation.number}] {source}"
