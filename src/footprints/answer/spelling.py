"""Spelling: unknown words corrected to the documents' own words, or the nearest English one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from string import ascii_lowercase

from symspellpy import SymSpell, Verbosity

from footprints.english import english

_SHORTEST = 5
"""Shorter words have too many neighbours to be corrected."""

_ASKING: Mapping[str, str] = {
    wrong: right
    for right, wrongs in {
        "what": "wat wht wha waht whta wot",
        "when": "wen whn wehn whne wehen",
        "where": "wher whre wehre",
        "which": "wich whcih whihc wihch",
        "who": "woh",
        "why": "wy",
        "how": "hw hwo",
        "does": "deos",
        "are": "r",
        "you": "u",
    }.items()
    for wrong in wrongs.split()
}
"""Common misspellings of question words, which are too short to be corrected otherwise."""

_STEERING = (
    *("difference", "differences", "different", "differ", "compare", "compared", "comparison"),
    *("contrast", "definition", "explain", "describe", "summarise", "summary", "overview"),
)
"""Words that say how a question is to be read, which the documents may not have."""

_VOWELS = frozenset("aeiou")
_LITTLE = 0.5
"""What a vowel for another costs, two letters that changed places, or a letter doubled."""


class Spelling:
    """Corrects words that neither English nor the documents know."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Take the words of the documents with their counts."""
        self._words = SymSpell(max_dictionary_edit_distance=2)
        for word, count in {**dict.fromkeys(_STEERING, 1), **counts}.items():
            if len(word) >= _SHORTEST - 1 and word.isalpha():
                self._words.create_dictionary_entry(word, count)

    def corrected(self, word: str) -> str:
        """Return what an unknown word was meant to be; itself if that cannot be told.

        It is the likeliest of the documents’ words within two edits, one for a short word.
        An English word that is written more nearly so than any of the documents comes before it.
        Where the documents have none, it is one in which two letters have changed places.
        """
        lower = word.lower()
        if lower in _ASKING:
            return _cased(_ASKING[lower], word)
        if not can_be_corrected(word) or lower in english():
            return word
        own = self._own(lower, 2 if len(word) > _SHORTEST else 1)
        english_ones = [*_english_within_one(lower)]
        if own is None:
            swapped = [one for one in english_ones if sorted(one) == sorted(lower)]
            return _cased(swapped[0], word) if swapped else word
        nearer = min(english_ones, key=lambda one: _cost(lower, one), default=own)
        best = nearer if _cost(lower, nearer) < _cost(lower, own) else own
        return _cased(best, word)

    def corrected_name(self, word: str) -> str:
        """Return the word of the documents one edit from an unknown name, or itself."""
        own = self._own(word.lower(), 1) if can_be_corrected(word) else None
        return _cased(own, word) if own else word

    def _own(self, word: str, edits: int) -> str | None:
        """Return the likeliest near word of the documents that begins with the same letter."""
        found = self._words.lookup(word, Verbosity.ALL, max_edit_distance=edits)
        return next((one.term for one in found if one.term[0] == word[0]), None)


def can_be_corrected(word: str) -> bool:
    """Tell whether a word is long enough, and of letters alone."""
    return len(word) >= _SHORTEST and word.isalpha()


def is_asking(word: str) -> bool:
    """Tell whether a word is a misspelt question word."""
    return word.lower() in _ASKING


def _cased(right: str, word: str) -> str:
    return right.capitalize() if word[0].isupper() else right


def _english_within_one(word: str) -> Iterator[str]:
    """Yield the English words that begin as a word does and are one edit away."""
    for at in range(1, len(word) + 1):
        before, after = word[:at], word[at:]
        others = [before + letter + after for letter in ascii_lowercase]
        if after:
            others += [before + letter + after[1:] for letter in ascii_lowercase]
            others += [before + after[1:], before + after[1:2] + after[:1] + after[2:]]
        yield from (one for one in others if one != word and one in english())


@cache
def _cost(one: str, other: str) -> float:
    """Return the distance between two spellings: edits (Damerau, 1964), some at half cost."""
    rows = [[float(at) for at in range(len(other) + 1)]]
    for i, a in enumerate(one, start=1):
        row = [float(i)]
        for j, b in enumerate(other, start=1):
            doubled = one[i - 2 : i] in (a + a,) or other[j - 2 : j] in (b + b,)
            step = _LITTLE if doubled else 1.0
            swap = 0.0 if a == b else _LITTLE if {a, b} <= _VOWELS else 1.0
            best = min(rows[-1][j] + step, row[-1] + step, rows[-1][j - 1] + swap)
            if i > 1 and j > 1 and (a, one[i - 2]) == (other[j - 2], b) and a != b:
                best = min(best, rows[-2][j - 2] + _LITTLE)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
