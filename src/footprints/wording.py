"""Words for people that more than one door uses."""

from __future__ import annotations

import re
from datetime import date

from footprints.types import AnswerStatus

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


def when(published: date | None, describes: str | None) -> str:
    """Say how old a document is: its date, or that it has none and what period it speaks of."""
    if published:
        return f"{published.day} {published:%B %Y}"
    return f"undated; describes {describes}" if describes else "undated"


def who_and_when(publisher: str | None, published: date | None, describes: str | None) -> str:
    """Say who published a document and when, as far as is known."""
    return f"{publisher or 'Publisher unknown'}, {when(published, describes)}"


def markdown_escaped(text: str) -> str:
    """Write text so that Markdown reads every character of it as itself."""
    marks = re.sub(r"([\\`*_\[\]<>|&~#])", r"\\\1", text)
    # These mean something only where a line begins: bullets, numbers, rules.
    return re.sub(r"^(\s*\d*)([-+=.)])", r"\1\\\2", marks, flags=re.MULTILINE)
