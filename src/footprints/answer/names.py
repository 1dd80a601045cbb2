"""Names: whether a text, or a sentence in its place, mentions what a question names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from footprints.index.context import in_context
from footprints.index.lexicon import WORD
from footprints.types import Candidate, Document, Names

ENDING = r"(?:s|['’]s?)?(?!\w)"
"""How a name may end in a text: as it is, in the plural, in the genitive."""


KNOWN = 4096
"""Of so many texts of the documents it is kept what is found in them, and of so many names."""

_RUN = re.compile(
    r"(?:(?<=[^.?!:•‘“(\t\n] )|(?<=[‘“(])(?!^))"
    r"[A-Z][\w’'&]*(?:[ -](?:(?:of|the|and|for) )*[A-Z][\w’'&]*)*"
    r"|^[A-Z]\w+(?: [A-Z]\w+)+"
)
"""A run of capitalised words, not a single one that something begins with."""


def named(text: str, forms: Iterable[str]) -> bool:
    """Tell whether a text has a name in one of its forms, as whole words, in any case."""
    return any(pattern(form).search(text) for form in forms)


def spoken_of(names: Names, candidate: Candidate, document: Document) -> frozenset[tuple[str, ...]]:
    """Return the names a sentence mentions: in its own words, those above it, or its facts."""
    if not names:
        return frozenset()
    facts = (document.title, document.publisher, document.describes, document.published)
    above = [fact or "" for fact in facts]
    context = in_context(document, candidate.passage, candidate.sentence)
    return frozenset(forms for forms in names if named("\n".join([*above, context]), forms))


def strangers(text: str, question: str) -> list[tuple[str, ...]]:
    """Return the distinct names in a text of which the question has no word.

    Each is its capitalised words, in small letters and without an s at their end.
    """
    asked = _words_of(question)
    return [name for name in _names_in(text) if asked.isdisjoint(name)]


@lru_cache
def _words_of(question: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in WORD.findall(question.lower()))


@lru_cache(maxsize=KNOWN)
def _names_in(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(
        tuple(_singular(word.lower()) for word in WORD.findall(run[0]) if word[0].isupper())
        for run in _RUN.finditer(text)
    )


def _singular(word: str) -> str:
    return word.rstrip("s")


@lru_cache(maxsize=KNOWN)
def pattern(form: str) -> re.Pattern[str]:
    """Return what finds a name in a text."""
    in_a_row = r"\W+".join(map(re.escape, form.split()))
    return re.compile(rf"(?<!\w){in_a_row}{ENDING}", re.IGNORECASE)
