"""What is above a passage or a sentence, and is encoded with it."""

from __future__ import annotations

from footprints.types import Document, Passage, Sentence


def heading_path(passage: Passage, document: Document) -> tuple[str, ...]:
    """Return the headings above a passage, or its document's title if there are none."""
    return passage.headings or (document.title,)


def path_text(path: tuple[str, ...]) -> str:
    """Return a heading path as it is encoded."""
    return " – ".join(path)


def in_context(document: Document, passage: Passage, sentence: Sentence) -> str:
    """Return a sentence preceded by its headings and lead-in."""
    lead = [document.at(sentence.lead)] if sentence.lead else []
    return "\n".join([*heading_path(passage, document), *lead, document.at(sentence)])
