"""Exact things: codes and numbers in a question, which outweigh similarity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from footprints.index.lexical import terms

_CHUNK = re.compile(r"\w+(?:[-/.]\w+|\(\w+\))*")
"""A word, or a code such as HR/12.3(b)."""

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:[/–-]\d\d(?:\d\d)?)?")
_PIECES = re.compile(r"\d+|[^\W\d_]+")

Exact = tuple[str, ...]
"""A code in its letters and digits alone; or a number, behind the word that it numbers if any."""

_HALF = 0.5
"""What a number counts that stands apart from the word that it numbers, and what is left of one
that numbers nothing where a text lacks it."""


def exact_things(question: str) -> tuple[Exact, ...]:
    """Return the codes and numbers of a question; years are names, not numbers.

    “What does crane model 77 cost?” has (“model”, “77”), “Is E-4417 serious?” has (“e4417”).
    """
    found, before = [], ""
    for chunk in _CHUNK.findall(question):
        plain = _plain(chunk)
        if plain.isdecimal() and not _YEAR.fullmatch(chunk):
            found.append((before, plain) if terms(before) else (plain,))
        elif any(letter.isdigit() for letter in plain) and not _YEAR.fullmatch(chunk):
            found.append((plain,))
        before = chunk.casefold()
    return tuple(dict.fromkeys(found))


def spellings(things: Sequence[Exact]) -> list[str]:
    """Return the words by which keywords find things, however a text writes them."""
    return [word for thing in things for word in (thing[-1], *_PIECES.findall(thing[-1]))]


def share_of(things: Sequence[Exact], text: str) -> float:
    """Return the share of exact things that a text has, 0 to 1; 1 where nothing is asked for."""
    if not things:
        return 1.0
    words = [word.casefold() for word in re.findall(r"\w+", text)]
    codes = {_plain(chunk) for chunk in _CHUNK.findall(text)} | set(words)
    numbered = set(pairwise(words))
    return sum(_has(thing, codes, numbered) for thing in things) / len(things)


def _has(thing: Exact, codes: set[str], numbered: set[tuple[str, str]]) -> float:
    has = thing[-1] in codes
    if len(thing) == 1:
        return 1.0 if has else _HALF * thing[0].isdecimal()
    return 1.0 if thing in numbered else _HALF * has


def _plain(chunk: str) -> str:
    return re.sub(r"[\W_]", "", chunk).casefold()
