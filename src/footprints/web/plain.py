"""Answers as text to take along: one answer to paste, a conversation as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from footprints.types import Answer, AnswerStatus, Citation
from footprints.web.conversations import Turn
from footprints.wording import (
    CLOSEST,
    EXPLANATIONS,
    markdown_escaped,
    remarks,
    where,
    who_and_when,
)


def answer_as_text(answer: Answer) -> str:
    """Return a question and its answer with citations, as plain text."""
    return "\n\n".join([answer.question, *_body(answer)]) + "\n"


def conversation_as_markdown(turns: Iterable[Turn]) -> Iterator[str]:
    """Give a conversation as Markdown, turn by turn."""
    yield "# Footprints: a conversation\n"
    for turn in turns:
        asked = f"Asked {turn.asked:%-d %B %Y, %H:%M} UTC of the index {turn.answer.index_build}."
        parts = [f"## {markdown_escaped(turn.answer.question)}", asked, *_body(turn.answer, "> ")]
        yield "\n" + "\n\n".join(parts) + "\n"


def _body(answer: Answer, before: str = "") -> list[str]:
    said = [markdown_escaped(remark) if before else remark for remark in remarks(answer)]
    if answer.status is not AnswerStatus.ANSWERED:
        said.append(EXPLANATIONS[answer.status])
    if answer.related:
        said.append(CLOSEST)
    return said + [_cited(citation, before) for citation in answer.citations or answer.related]


def _cited(citation: Citation, before: str) -> str:
    """Return a quote and its source; with something ``before`` each line, escaped for Markdown."""
    known = who_and_when(citation.publisher, citation.published, citation.describes)
    source = f"{citation.title}. {known}. {where(citation.headings, citation.locator)}"
    lines = f"“{citation.quote}”".split("\n")
    if before:
        lines = [before + markdown_escaped(line) for line in lines]
        source = markdown_escaped(source)
    return "\n".join(lines) + f"\n\n[{citation.number}] {source}"
