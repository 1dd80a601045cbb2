"""Words for people that more than one door uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from footprints.types import About, Answer, AnswerStatus, Citation

EXPLANATIONS = {
    AnswerStatus.ANSWERED: "The documents answer this.",
    AnswerStatus.ABSTAINED_OFF_TOPIC: "This does not seem to be about what the documents cover.",
    AnswerStatus.ABSTAINED_NOT_IN_CORPUS: "The documents do not answer this.",
    AnswerStatus.ABSTAINED_NEEDS_REPHRASING: (
        "It is not clear what this asks about; "
        "ask again and name the place, plan or organisation you mean."
    ),
}
"""What to tell the asker, by status."""

CLOSEST = "What came closest, though it does not answer the question:"
SEARCHED_FOR = "Searched for:"
DOUBTFUL = "This may not answer your question."
DIFFER: dict[About, str] = {
    "figure": "These pages differ in a figure",
    "date": "These pages differ in a date",
    "definition": "These pages differ in a definition",
}


def remarks(answer: Answer) -> list[str]:
    """Say what to know before the quotes: what was searched for, doubt, and differences."""
    searched = [f"{SEARCHED_FOR} {answer.searched_for}"] if answer.searched_for else []
    doubt = [DOUBTFUL] if answer.doubtful else []
    return [*searched, *doubt, *(_difference(*found) for found in differing(answer))]


def differing(answer: Answer) -> list[tuple[str, Citation, Citation]]:
    """Return what the pages differ in, each with the two quotes that show it."""
    numbered = {citation.number: citation for citation in answer.citations}
    return [
        (DIFFER[difference.about], numbered[difference.first], numbered[difference.second])
        for difference in answer.differences
    ]


def _difference(differ: str, one: Citation, other: Citation) -> str:
    quotes = (f"quote {c.number} ({when(c.published, c.describes)})" for c in (one, other))
    return f"{differ}: {' and '.join(quotes)}."


def when(published: date | None, describes: str | None) -> str:
    """Say how old a document is: its date, or that it has none and what period it speaks of."""
    if published:
        return f"{published.day} {published:%B %Y}"
    return f"undated; describes {describes}" if describes else "undated"


def who_and_when(publisher: str | None, published: date | None, describes: str | None) -> str:
    """Say who published a document and when, as far as is known."""
    return f"{publisher or 'Publisher unknown'}, {when(published, describes)}"


def where(headings: Sequence[str], locator: str | None) -> str:
    """Say where in a document a quote stands: the headings above it and, say, its page."""
    return ", ".join(filter(None, (" › ".join(headings), locator)))


def markdown_escaped(text: str) -> str:
    """Write text so that Markdown reads every character of it as itself."""
    marks = re.sub(r"([\\`*_\[\]<>|&~#])", r"\\\1", text)
    # These mean something only where a line begins: bullets, numbers, rules.
    return re.sub(r"^(\s*\d*)([-+=.)])", r"\1\\\2", marks, flags=re.MULTILINE)
