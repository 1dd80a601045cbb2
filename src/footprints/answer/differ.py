"""Tell where the documents that an answer quotes differ.

Two documents differ when they spell out the same abbreviation in partly different words, or say
the same of the same names in the same words but for one figure or one date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Generic, Protocol, TypeVar

import sentencex

from footprints.answer.defines import asked_term
from footprints.answer.names import KNOWN, named
from footprints.answer.values import MONTHS, dates, quantities
from footprints.index.lexical import terms
from footprints.index.lexicon import WORD, abbreviations
from footprints.types import About, Citation, Difference, Document, Span

# Precise rather than complete: who is told of a difference that is none trusts no other.

_FEWEST = 2
"""With fewer words besides its figure or date, a statement could be about anything."""

_CLAUSE_END = re.compile(r"[,;:](?=\s|$)|\s[–—-]\s|\s\(")
_RESTRICTS = re.compile(
    r"\b(?:if|unless|when|where|who|which|that|provided|only|except|excluding|but|plus)\b", re.I
)
"""What a clause must not contain to be dropped: without it the rest would mean something else."""

_KEPT = frozenset(
    WORD.findall(
        "after all any before below between both each every few if more most never no nor not off "
        "only other per some than under until unless when without"
    )
)
"""Stop words that a statement cannot do without."""

_EMPTY = frozenset(
    terms("across altogether currently exist follow include overall throughout total")
)
"""Words that a statement says the same without."""

_POINTS = re.compile(
    r"^(?:\w+ )?(?:he|her|his|it|its|she|their|these|they|this|those)\b|\b(?:our|we|your?)\b", re.I
)
"""How a sentence speaks of what others name."""

_REGION = re.compile(r"\b([A-Z]\w+) (?:region|area)\b")
_ACRONYM = re.compile(r"[A-Z][A-Z&\d]+s?")
_SPELLINGS = {"is(e|ing|ed|ation)": r"iz\1", "our": "or", "tre$": "ter", "gramme": "gram"}


@dataclass(frozen=True, slots=True)
class Words:
    """The quoted words, the headings above them, and their document."""

    text: str
    headings: tuple[str, ...] = ()
    document_text: str = ""


class _Value(Protocol):
    """A figure or a date."""

    def excludes(self, other: Any) -> bool: ...


_V = TypeVar("_V", bound=_Value)
_Find = Callable[[str], Iterator[tuple[Span, _V]]]


@dataclass(frozen=True, slots=True)
class _Statement(Generic[_V]):
    """What a sentence says: a figure or date, the other words, and the names among them."""

    value: _V
    words: frozenset[str]
    names: frozenset[str]
    acronyms: frozenset[str]


def differences(
    citations: Sequence[Citation], documents: Mapping[str, Document], question: str | None = None
) -> tuple[Difference, ...]:
    """Return where the quotes of an answer differ; two that share a document never do.

    Definitions count only if the ``question`` has what they define, short or long; behind the
    first quote only if it asks what that is.
    """
    term = question and (asked_term(question) or "")
    return tuple(
        Difference(one.number, other.number, about)
        for one, other in combinations(citations, 2)
        if not _documents(one) & _documents(other)
        for about in differ(
            _words(one, documents), _words(other, documents), question if one.number == 1 else term
        )
    )


def differ(one: Words, other: Words, question: str | None = None) -> list[About]:
    """Return what two quotes from different documents differ in, for a question if one is given."""
    found: dict[About, bool] = {
        "figure": _values_differ(one, other, quantities),
        "date": _values_differ(one, other, dates),
        "definition": bool(differently_defined(one.text, other.text, question)),
    }
    return [about for about, differs in found.items() if differs]


def _words(citation: Citation, documents: Mapping[str, Document]) -> Words:
    headings = citation.headings or (citation.title,)
    return Words(citation.quote, headings, documents[citation.doc_id].text)


def _documents(citation: Citation) -> set[str]:
    return {citation.doc_id, *(place.doc_id for place in citation.also)}


def differently_defined(one: str, other: str, question: str | None = None) -> tuple[str, ...]:
    """Return the abbreviations that two texts spell out in partly different words.

    If there is a ``question``, it must have the abbreviation, or all words of one of its meanings.
    They are written as the first text writes them.
    """
    first, second = _definitions(one), _definitions(other)
    written = {short.upper(): short for short, _ in abbreviations(one)}
    return tuple(
        written[short]
        for short in first
        if short in second
        and all(_partly_same(a, b) for a in first[short] for b in second[short])
        and (question is None or _has(question, short, first[short] | second[short]))
    )


def _has(question: str, short: str, meanings: Iterable[tuple[str, ...]]) -> bool:
    """Tell whether a question has an abbreviation, or what it stands for."""
    said = {stem for word in WORD.findall(question) for stem in terms(_one_spelling(word.lower()))}
    return named(question, (short,)) or any(said.issuperset(one) for one in meanings)


def _partly_same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether half of the words are the same, but neither has all those of the other.

    With less in common they are what is abbreviated of different things.
    """
    a, b = "".join(one), "".join(other)
    same = len(set(one) & set(other))
    return a not in b and b not in a and 2 * same >= max(len(one), len(other))


@lru_cache(maxsize=KNOWN)
def _definitions(text: str) -> Mapping[str, set[tuple[str, ...]]]:
    """Return the abbreviations that a text spells out, with the stems of what they stand for."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for short, long in abbreviations(text):
        if spelled := _spelled(short, long):
            found.setdefault(short.upper(), set()).add(spelled)
    return found


def _spelled(short: str, long: str) -> tuple[str, ...] | None:
    """Return the stems of the words that give an abbreviation its letters, one letter each."""
    letters = short.replace("&", "").lower()
    words = WORD.findall(long.lower())
    for count in range(1, len(words) + 1):
        telling = [word for word in words[:count] if terms(word)]
        if letters in (_initials(words[:count]), _initials(telling)):
            return tuple(stem for word in telling for stem in terms(_one_spelling(word)))
    return None


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _one_spelling(word: str) -> str:
    for variant, same in _SPELLINGS.items():
        word = re.sub(variant, same, word)
    return word


def _values_differ(one: Words, other: Words, find: _Find[_V]) -> bool:
    """Tell whether two texts say the same but for one value."""
    return any(
        a.words == b.words
        and a.value.excludes(b.value)
        and _same_scope(a, one.headings, b, other.headings)
        for a in _statements(one, find)
        for b in _statements(other, find)
    )


def _same_scope(
    one: _Statement[_V], above_one: Sequence[str], other: _Statement[_V], above_other: Sequence[str]
) -> bool:
    """Tell whether two statements in the same words speak of the same.

    They do if they have a name other than an abbreviation. Else every name above the one must
    stand in or above the other, and there must be one.
    """
    if one.names & other.names:
        return True
    first, second = _names_above(above_one), _names_above(above_other)
    return (
        bool(one.acronyms | first)
        and first <= other.words | frozenset(terms(" ".join(above_other)))
        and second <= one.words | frozenset(terms(" ".join(above_one)))
    )


def _names_above(headings: Sequence[str]) -> frozenset[str]:
    words = WORD.findall(" ".join(headings))
    return frozenset(stem for word in words if word[0].isupper() for stem in terms(word))


def _statements(words: Words, find: _Find[_V]) -> Iterator[_Statement[_V]]:
    """Yield what the sentences of a quote say; a question says nothing."""
    for line in words.text.split("\n"):
        for boundary in sentencex.get_sentence_boundaries("en", line):
            sentence = line[boundary["start_index"] : boundary["end_index"]].strip()
            if not sentence.endswith("?"):
                yield from _statements_of(_REGION.sub(r"\1", sentence), words.document_text, find)


def _statements_of(sentence: str, document_text: str, find: _Find[_V]) -> Iterator[_Statement[_V]]:
    """Yield what a sentence says, whole and without the last clauses if these only add to it."""
    found = list(find(sentence))
    for end in [*(end.start() for end in _CLAUSE_END.finditer(sentence)), len(sentence)]:
        within = [(place, value) for place, value in found if place.end <= end]
        if len(within) != 1 or _RESTRICTS.search(sentence, end):
            continue
        ((place, value),) = within
        words = _content(f"{sentence[: place.start]} {sentence[place.end : end]}")
        if len(words) >= _FEWEST:
            yield _Statement(value, words, *_names(sentence[:end], document_text))


def _content(text: str) -> frozenset[str]:
    kept = (word for word in WORD.findall(text.lower()) if word in _KEPT)
    return (frozenset(terms(text)) - _EMPTY).union(kept)


def _names(sentence: str, document_text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of a sentence, and its abbreviations; none if it points elsewhere."""
    if _POINTS.search(sentence):
        return frozenset(), frozenset()
    first, *others = WORD.findall(sentence)
    acronyms = {word for word in (first, *others) if _ACRONYM.fullmatch(word)}
    names = {word for word in others if word[0].isupper()}
    if first[0].isupper() and _is_name(first, document_text):
        names.add(first)
    return frozenset(names - acronyms - set(MONTHS)), frozenset(acronyms)


def _is_name(word: str, document_text: str) -> bool:
    """Tell whether a document capitalises a word in mid-sentence, and always does."""
    return bool(
        re.search(rf"[a-z,] {re.escape(word)}\b", document_text)
        and not re.search(rf"\b{re.escape(word.lower())}\b", document_text)
    )
