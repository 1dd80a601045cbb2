"""What may be asked: clean text of a bounded length, with words in it."""

from __future__ import annotations

import re

from footprints.corpus.clean import clean
from footprints.errors import BadQuestion

MAX_CHARACTERS = 500
"""The longest question that is accepted, in characters."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\U000e0000-\U000e007f]")
"""Control characters but for tab and line ends, and tag characters, which hide text in text."""


def checked(question: str) -> str:
    """Return a question's clean text.

    Raises:
        BadQuestion: it is empty, longer than 500 characters, without words, not Unicode, or has
            control or tag characters.
    """
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise BadQuestion("The question is not valid Unicode text; type it again.") from error
    if found := _FORBIDDEN.search(question):
        kind = "tag" if found[0] >= "\U000e0000" else "control"
        raise BadQuestion(f"The question has a {kind} character, U+{ord(found[0]):04X}; delete it.")
    cleaned = clean(question)
    if not cleaned:
        raise BadQuestion("The question is empty; write one.")
    if (over := len(question) - MAX_CHARACTERS) > 0:
        raise BadQuestion(
            f"The question is {over} character{'s' * (over > 1)} too long; "
            f"shorten it to {MAX_CHARACTERS}."
        )
    if not re.search(r"[^\W_]", cleaned):
        raise BadQuestion("The question has no words; write it in words.")
    return cleaned
