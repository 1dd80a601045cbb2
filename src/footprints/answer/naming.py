"""Naming: which words of a question are names, how each is written, and whether it is mentioned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from footprints.answer.expects import AUXILIARY
from footprints.answer.names import named
from footprints.english import english
from footprints.index.facts import IndexedDocument
from footprints.index.lexical import Word, terms, words
from footprints.index.lexicon import WORD
from footprints.index.store import Index
from footprints.index.years import fits
from footprints.types import Found, Only

_COMMON, _FEW = 0.1, 3
"""Words in more than this share of the sentences, and this often, tell none apart."""

_LIKELY = 200
"""A name stands in one of the first so many passages that have its words, or in none."""

_SENTENCE = re.compile(r"[.!?](?=\s)|\n")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?", re.IGNORECASE)
_LINK = re.compile(r"(?:['’]s)? (?:of (?:the )?)?")
"""What may stand between two words of one name."""

_SUBJECT = re.compile(rf"(?:(?:yes|no|{AUXILIARY})\b\W*)?(?:(?:the|an?) )?", re.IGNORECASE)
"""What may stand before the subject of a question for yes or no, or of a sentence."""

_LONGEST = 6
"""Of so many words is what an abbreviation stands for."""

_OPENING = re.compile(r"(?:^|[.?!:])\W*$")
"""What stands before the first word of a sentence."""


class Naming:
    """Knows the names that questions hold, in the light of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lexicon = index.facts.lexicon
        # Reckoned once: a large corpus has thousands of abbreviations.
        self.shorts: dict[str, list[str]] = {}
        for short, long in self._lexicon.long_forms.items():
            self.shorts.setdefault(long.casefold(), []).append(short)

    def names(self, question: str, rare: bool = True) -> list[str]:
        """Return the names in a question: runs of words that are names, or years.

        Unless they need not be ``rare``, words that are too common to tell apart are left out.
        """
        runs: list[list[Word]] = []
        for word in words(question):
            if self._is_name(word, question):
                if runs and _LINK.fullmatch(question[runs[-1][-1].end : word.start]):
                    runs[-1].append(word)
                else:
                    runs.append([word])
        names = (self._telling(question, run) if rare else run for run in runs)
        return [question[name[0].start : name[-1].end] for name in names if name]

    def _is_name(self, word: Word, question: str) -> bool:
        """Tell whether a word is capitalised, here or in the documents, or a year.

        An English word that a sentence begins with is capitalised for another reason; the units of
        a hospital are not those of “United Hospitals”.
        """
        text = question[word.start : word.end]
        if _WEEKDAY.fullmatch(text):
            return False
        if word.term is None or _YEAR.fullmatch(text):
            return word.term is not None
        if word.term in self._lexicon.names:
            own = text.lower()
            return own in self._lexicon.counts or own not in english() or text[0].isupper()
        return text[0].isupper() and not (opens(question, word.start) and text.lower() in english())

    def _telling(self, question: str, run: Sequence[Word]) -> list[Word]:
        """Return the words of a name that are not common."""
        counts = self._lexicon.counts
        common = max(_FEW, _COMMON * self._index.facts.sentences)
        return [w for w in run if counts.get(question[w.start : w.end].lower(), 0) <= common]

    def forms(self, name: str) -> tuple[str, ...]:
        """Return the ways to write a name: as it is, abbreviated, or spelled out, also in part."""
        longs = self._lexicon.long_forms
        single = name.removesuffix("s")
        own = [name, single] if single.upper() in longs else [name]
        shorts = self.shorts.get(name.casefold(), [])
        spelled_out = [longs[form.upper()] for form in own if form.upper() in longs]
        # “Calder Valley ICS” is “Calder Valley integrated care system” too.
        within = WORD.sub(lambda word: longs.get(word[0], word[0]), name)
        return tuple(dict.fromkeys([*own, *shorts, *spelled_out, within]))

    def subject(self, text: str) -> str | None:
        """Return the abbreviation that a question for yes or no, or a sentence, is about.

        It begins with it, or with what it stands for: “Are integrated care systems …?”
        """
        opening = _SUBJECT.match(text)
        first = text[opening.end() if opening else 0 :].split()[:_LONGEST]
        for count in range(len(first), 0, -1):
            name = " ".join(first[:count]).rstrip(".,;:?!")
            for form in (name, name.removesuffix("s")):
                if form in self._lexicon.long_forms:
                    return form
                if shorts := self.shorts.get(form.casefold()):
                    return shorts[0]
        return None

    def is_mentioned(self, name: str, only: Only) -> bool:
        """Tell whether a name is in the documents; in small letters, whether all its words are."""
        whole = any(self._stands(form, only) for form in self.forms(name))
        words = name.split() if name.islower() else ()
        return whole or (len(words) > 1 and all(self._stands(word, only) for word in words))

    def _stands(self, form: str, only: Only) -> bool:
        """Tell whether a name is anywhere in the documents that are asked, or in their facts."""
        index = self._index
        weights = {term: index.facts.passage_idf(term) for term in terms(form)}
        best = sorted(
            index.search.search(None, weights, _LIKELY, only), key=lambda one: -one.keyword
        )
        asked = (one for one in index.facts.documents if fits(one, only))
        texts = chain(map(self._text, best), map(_facts, asked))
        return any(named(text, (form,)) or _together(form, text) for text in texts)

    def _text(self, found: Found) -> str:
        """Return a passage under its headings."""
        segment = self._index.segments[found.segment]
        passage = segment.passage(found.row)
        return "\n".join([*passage.headings, segment.document.at(passage)])

    def is_initials(self, name: str) -> bool:
        """Tell whether a name in capitals, such as FAQ, is made of a title's first letters."""
        if len(name) < 3 or not name.isupper():
            return False
        titles = (one.title.lower() for one in self._index.facts.documents)
        firsts = ("".join(word[0] for word in WORD.findall(title)) for title in titles)
        return any(name.lower() in one for one in firsts)


def opens(text: str, at: int) -> bool:
    """Tell whether a sentence begins at a word of a text."""
    return _OPENING.search(text, 0, at) is not None


def _together(name: str, text: str) -> bool:
    """Tell whether one sentence of a text has all words of a name: “the Deal for Cornwall”."""
    wanted = set(terms(name))
    return len(wanted) > 1 and any(wanted <= set(terms(one)) for one in _SENTENCE.split(text))


def _facts(document: IndexedDocument) -> str:
    """Return the facts of a document that a name may stand in."""
    return f"{document.title}\n{document.publisher}\n{document.describes}\n{document.published}"
