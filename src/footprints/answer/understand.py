"""Understand a question: its spelling, its abbreviations, whom and what it names, what it expects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

from footprints.answer.expects import expected_of
from footprints.index.lexical import words
from footprints.index.lexicon import WORD
from footprints.index.store import Index
from footprints.types import Understood

_SHORTEST = 5
"""Shorter words have too many neighbours to be corrected."""

_COMMON = 0.1
"""A name in more than this share of all sentences tells none of them apart."""

_ENDING = r"(?:s|['’]s?)?(?!\w)"
"""How a name may end in a text: as it is, in the plural, in the genitive."""


class Understanding:
    """Understands questions in the light of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lexicon = index.lexicon
        self._spelling = SymSpell(max_dictionary_edit_distance=2)
        for word, count in index.lexicon.counts.items():
            if len(word) >= _SHORTEST - 1 and word.isalpha():
                self._spelling.create_dictionary_entry(word, count)
        publishers = {d.publisher for d in index.documents.values() if d.publisher}
        self._publishers = {publisher: self._forms(publisher) for publisher in publishers}

    def corrected(self, question: str) -> str:
        """Return a question with unknown words corrected toward the words of the documents.

        A word is left alone if the documents or an English dictionary have it, if it is short or
        has digits, and if no word of the documents is within two edits (one for a short word)
        and begins as it does.
        """
        return WORD.sub(lambda word: self._corrected_word(word[0]), question)

    def understand(self, question: str) -> Understood:
        """Read one question that stands for itself."""
        publishers = [name for name, forms in self._publishers.items() if named(question, forms)]
        return Understood(
            text=self._spelled_out(question),
            names=tuple(self._forms(name) for name in self._names(question)),
            publishers=frozenset(publishers),
            expects=expected_of(question),
        )

    def _corrected_word(self, word: str) -> str:
        lower = word.lower()
        if len(word) < _SHORTEST or not word.isalpha() or self._is_known(lower):
            return word
        edits = 2 if len(word) > _SHORTEST else 1
        for found in self._spelling.lookup(lower, Verbosity.CLOSEST, max_edit_distance=edits):
            if found.term[0] == lower[0]:
                return found.term
        return word

    def _is_known(self, word: str) -> bool:
        single = word.removesuffix("s").upper()
        return word in self._lexicon.counts or word in english() or single in self._lexicon.long_forms

    def _spelled_out(self, question: str) -> str:
        """Add the other form of each abbreviation or long name that the documents never write."""
        others = []
        for short, long in self._lexicon.long_forms.items():
            has_short, has_long = self._writes(question, short), named(question, (long,))
            if has_short and not has_long and not self._has(short) and self._has(long):
                others.append(long)
            if has_long and not has_short and not self._has(long) and self._has(short):
                others.append(short)
        return f"{question} ({', '.join(others)})" if others else question

    def _writes(self, question: str, short: str) -> bool:
        """Tell whether a question has an abbreviation; one that is a word must be in capitals."""
        found = re.search(rf"(?<!\w){re.escape(short)}{_ENDING}", question, re.I)
        return bool(found) and (short.lower() not in english() or short in found[0])

    def _has(self, form: str) -> bool:
        """Tell whether the documents have every word of a form."""
        counts = self._lexicon.counts
        return all(w in counts or f"{w}s" in counts for w in WORD.findall(form.lower()))

    def _names(self, question: str) -> Iterable[str]:
        """Yield the names in a question: runs of words that are capitalised, here or in the pages.

        What a sentence only begins with is no name, nor is what stands in every tenth sentence.
        """
        run: list[str] = []
        end = 0
        for word in words(question):
            text = question[word.start : word.end]
            opens = not question[: word.start].strip(" '‘“\"") or bool(
                re.search(r"[.?!:]\W*$", question[: word.start])
            )
            is_name = word.term is not None and (
                word.term in self._lexicon.names
                or (text[0].isupper() and not (opens and text.lower() in english()))
            )
            if run and (not is_name or question[end : word.start].strip()):
                yield from self._telling(run)
                run = []
            if is_name:
                run, end = [*run, text], word.end
        yield from self._telling(run)

    def _telling(self, run: Sequence[str]) -> Iterable[str]:
        terms = [word.term for word in words(" ".join(run)) if word.term]
        if any(self._index.sentence_terms.share(term) <= _COMMON for term in terms):
            yield " ".join(run)

    def _forms(self, name: str) -> tuple[str, ...]:
        """Return the ways to write a name: as it is, its abbreviation, or what it abbreviates."""
        longs = self._lexicon.long_forms
        shorts = [short for short, long in longs.items() if long.casefold() == name.casefold()]
        return tuple(dict.fromkeys([name, *shorts, *filter(None, [longs.get(name.upper())])]))


def named(text: str, forms: Iterable[str]) -> bool:
    """Tell whether a text has a name in one of its forms, as whole words, in any case."""
    return any(_pattern(form).search(text) for form in forms)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    in_a_row = r"\W+".join(map(re.escape, form.split()))
    return re.compile(rf"(?<!\w){in_a_row}{_ENDING}", re.IGNORECASE)


@cache
def english() -> frozenset[str]:
    """Return the 82,765 words of the English dictionary that comes with symspellpy."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    return frozenset(line.split(" ")[0] for line in lines.read_text("utf-8-sig").splitlines())
