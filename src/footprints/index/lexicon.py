"""The lexicon: what the documents themselves say about words, mined when the index is built."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from footprints.index.lexical import terms
from footprints.types import Document

WORD = re.compile(r"\w+(?:&\w+)*")

_SHORT = r"[A-Z][A-Za-z&]*[A-Z]"
_IN_BRACKETS = re.compile(rf"\(({_SHORT})s?\)")
_STANDS_FOR = re.compile(rf"\b({_SHORT}) (?:stands for|is short for) (?:an? |the )?([^.;:()]+)")
_OPENING = re.compile(r"(?:^|[.?!:•‘’“”\"'(\t\n–-])\s*$")
"""What stands before a word that may be capitalised only because something begins with it."""

_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of the documents with their counts, which of them are names, and abbreviations.

    ``counts`` is by lower-case word. ``names`` are the terms that are capitalised in at least
    0.8 of the places where a common word would not be. ``long_forms`` says what an abbreviation,
    in capitals, stands for.
    """

    counts: Mapping[str, int]
    names: Collection[str]
    long_forms: Mapping[str, str]

    @classmethod
    def of(cls, mined: Iterable[Mined], also: Mapping[str, str]) -> Lexicon:
        """Put together what was mined from documents, in their order."""
        parts = [*mined]
        words, (counts,) = _added([one.words for one in parts], [one.counts for one in parts])
        names, (inside, capitalised) = _added(
            [one.names for one in parts], [one.name_counts for one in parts]
        )
        long_forms: dict[str, str] = {}
        for one in parts:
            for short, long in one.long_forms.items():
                long_forms.setdefault(short, long)
        mostly = np.flatnonzero(capitalised >= _MOSTLY * inside).tolist()
        known = {short.upper(): long for short, long in also.items()}
        return cls(
            counts=dict(zip(words, counts.astype(int).tolist(), strict=True)),
            names=frozenset(names[row] for row in mostly),
            long_forms=long_forms | known,
        )


@dataclass(frozen=True, slots=True)
class Mined:
    """What one document says about words: its lower-case words with counts, and abbreviations.

    ``counts`` has one row, for ``words``. ``names`` are the terms that stand where a common word
    is not capitalised; ``name_counts`` has two rows for them: how often, and how often capitalised.
    """

    words: Sequence[str]
    counts: NDArray[np.int32]
    names: Sequence[str]
    name_counts: NDArray[np.int32]
    long_forms: Mapping[str, str]

    @classmethod
    def of(cls, document: Document) -> Mined:
        """Mine a document."""
        counts: Counter[str] = Counter()
        inside: Counter[str] = Counter()
        capitalised: Counter[str] = Counter()
        long_forms: dict[str, str] = {}
        terms_of = cache(terms)  # a document says most of its words again and again
        for block in document.blocks:
            text = document.at(block)
            for word in WORD.finditer(text):
                counts[word[0].lower()] += 1
                if not _opens(text, word.start()):
                    inside.update(terms_of(word[0]))
                    capitalised.update(terms_of(word[0]) if word[0][0].isupper() else ())
            for short, long in abbreviations(text):
                long_forms.setdefault(short.upper(), long)
        both = [[*inside.values()], [capitalised[term] for term in inside]]
        return cls(
            [*counts],
            np.array([[*counts.values()]], dtype=np.int32),
            [*inside],
            np.array(both, dtype=np.int32),
            long_forms,
        )


def _added(
    words: Sequence[Sequence[str]], counts: Sequence[NDArray[np.int32]]
) -> tuple[list[str], NDArray[np.float64]]:
    """Return the distinct words of documents, in order, and the sums of their counts by row."""
    numbers: dict[str, int] = {}
    ids = [numbers.setdefault(word, len(numbers)) for part in words for word in part]
    rows = np.concatenate(counts, axis=1)
    at = np.array(ids, dtype=np.int64)
    return [*numbers], np.stack([np.bincount(at, row, len(numbers)) for row in rows])


def _opens(text: str, start: int) -> bool:
    """Tell whether something begins with the word at a place."""
    last = len(text[:start].rstrip()) - 1
    return _OPENING.search(text, max(0, last), start) is not None


def abbreviations(text: str) -> Iterator[tuple[str, str]]:
    """Yield each abbreviation that a text spells out, with the words it stands for.

    They stand before its brackets, “Long Name (LN)”, or behind “LN stands for”. It is the
    shortest run of words, up to the brackets or from there, whose initials hold all its letters
    in order and which begins with the first of them, not with a stop word (after Schwartz and
    Hearst, 2003).
    """
    for found in _IN_BRACKETS.finditer(text):
        if long := _spelled_out(found[1], text[: found.start()]):
            yield found[1], long
    for found in _STANDS_FOR.finditer(text):
        yield found[1], _named_by(found[1], found[2].strip())


def _spelled_out(short: str, before: str) -> str | None:
    sentence = re.split(r"[.;:!?]\s|[()]", before)[-1]
    letters = _letters(short)
    for word in reversed(list(WORD.finditer(sentence))[-2 * len(letters) :]):
        long = sentence[word.start() :].strip()
        initials = _initials(long)
        is_joining = word[0].islower() and not terms(word[0])
        if initials[0] == letters[0] and not is_joining and _in_order(letters, initials):
            return long
    return None


def _named_by(short: str, text: str) -> str:
    """Return what of the text behind “stands for” is meant; all of it if the initials differ."""
    longs = (text[: word.end()] for word in WORD.finditer(text))
    return next((long for long in longs if _in_order(_letters(short), _initials(long))), text)


def _letters(short: str) -> str:
    return short.replace("&", "").lower()


def _initials(text: str) -> str:
    return "".join(word[0][0] for word in WORD.finditer(text)).lower()


def _in_order(letters: str, among: str) -> bool:
    rest = iter(among)
    return all(letter in rest for letter in letters)
