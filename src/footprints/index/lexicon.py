"""The lexicon: what the documents themselves tell about words, mined when the index is built."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

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
    names: frozenset[str]
    long_forms: Mapping[str, str]

    @classmethod
    def mine(cls, documents: Iterable[Document], also: Mapping[str, str]) -> Lexicon:
        """Mine documents; ``also`` are abbreviations that they need not spell out."""
        return cls.of([Mined.of(document) for document in documents], also)

    @classmethod
    def of(cls, mined: Iterable[Mined], also: Mapping[str, str]) -> Lexicon:
        """Put together what was mined from documents, in their order."""
        counts: dict[str, int] = {}
        inside: dict[str, int] = {}
        capitalised: dict[str, int] = {}
        long_forms: dict[str, str] = {}
        for one in mined:
            for total, part in (
                (counts, one.counts),
                (inside, one.inside),
                (capitalised, one.capitalised),
            ):
                for word, count in part.items():
                    total[word] = total.get(word, 0) + count
            for short, long in one.long_forms.items():
                long_forms.setdefault(short, long)
        names = (
            term for term, count in inside.items() if capitalised.get(term, 0) >= _MOSTLY * count
        )
        known = {short.upper(): long for short, long in also.items()}
        return cls(counts, frozenset(names), long_forms | known)


@dataclass(frozen=True, slots=True)
class Mined:
    """What one document tells: its lower-case words with their counts, and abbreviations.

    ``inside`` counts its terms where a common word is not capitalised, ``capitalised`` those of
    them that are.
    """

    counts: Mapping[str, int]
    inside: Mapping[str, int]
    capitalised: Mapping[str, int]
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
        return cls(counts, inside, capitalised, long_forms)


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
