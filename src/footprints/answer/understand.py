"""Understand a question: its spelling and abbreviations, what it names, what it expects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain

from footprints.answer.defines import asked_term
from footprints.answer.everyday import in_terms_of_policy
from footprints.answer.exact import exact_things
from footprints.answer.expects import AUXILIARY, asks_yes_or_no, expected_of
from footprints.answer.followup import asks_for_more, only_names, points
from footprints.answer.names import ENDING, named, pattern
from footprints.answer.naming import Naming, opens
from footprints.answer.overview import overview_of
from footprints.answer.parts import compares, of_both, of_one, pair_of, parts_of, points_at_both
from footprints.answer.spelling import Spelling, can_be_corrected, is_asking
from footprints.english import english
from footprints.index.facts import IndexedDocument
from footprints.index.lexical import terms, words
from footprints.index.lexicon import WORD
from footprints.index.store import Index
from footprints.types import (
    ALL_DOCUMENTS,
    Candidate,
    Expected,
    Only,
    Scored,
    Shown,
    Understood,
)

_BOTH = 2
"""So many things are compared."""

_SHOWN = 2
"""So many names of a quote are what “it” may mean."""

_ARTICLE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
_ELLIPSIS = re.compile(
    r"(?:(?:and|but|or|so|what about|how about|in|for|at|of|the) )*[\w'’-]+\W*", re.IGNORECASE
)
"""A word by itself, also in the place of what was asked about before: “And Norwich?”."""

_NO_PLACE = (
    "action|advance|autumn|best|charge|conflict|control|court|crisis|danger|debt|decline|demand"
    "|dispute|doubt|earnest|effect|error|essence|fact|fault|favour|force|general|hand|hindsight"
    "|jeopardy|law|limbo|line|loggerheads|mind|night|odds|once|parallel|person|play|practice"
    "|principle|private|public|question|random|reality|reverse|risk|secret|short|sight|spring"
    "|stake|stone|summer|tandem|tatters|theory|total|touch|trouble|tune|turn|vain|war|winter"
    "|work|worst|writing"
)
"""What stands behind “in” or “at” in a phrase."""

_WHERE = re.compile(
    rf"\b(?:in|at|near|around|across) (?!(?:{_NO_PLACE})\b)(?P<place>[a-z][\w'’-]+)"
    rf"(?=\W*$| (?:and|or|{AUXILIARY})\b)"
)
"""A word in small letters that stands where a place does: “Who is in charge in kent?”."""

_OWN_PLACE = re.compile(
    r"\b(?:my|our) (?:(?:local|nearest|own) )?(?:a&e|area|ccg|city|clinic|council|county|doctor|gp"
    r"|hospital|ics|network|pcn|practice|region|stp|surgery|town|trust|village|ward)s?(?!\w)"
    r"|\bround here\b",
    re.IGNORECASE,
)
"""A place that only its asker knows."""

_BEFORE = re.compile(r"(?<=\s)(?P<words>(?:[A-Z][a-z]+ (?:(?:and|of|for|the) )*)+)$")
"""Capitalised words that stand directly before a name, but for one that opens a sentence."""


class Understanding:
    """Understands questions in the light of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lexicon = index.facts.lexicon
        self._naming = Naming(index)
        # Reckoned once: a large corpus has thousands of abbreviations.
        self._one_sided = [
            (short, long)
            for short, long in self._lexicon.long_forms.items()
            if self._has(short) != self._has(long)
        ]
        publishers = index.facts.publishers
        self._publishers = {publisher: self._naming.forms(publisher) for publisher in publishers}

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._lexicon.counts)

    def corrected(self, question: str) -> str:
        """Return a question with unknown words corrected to words of the documents.

        A word is left alone if the documents or an English dictionary have it, if it is short or
        has digits, and if no word of the documents is near, which for a name is nearer than for
        others. Misspelt question words are corrected too.
        """
        return WORD.sub(self._corrected_word, question)

    def understand(
        self,
        question: str,
        own: str | None = None,
        after: Shown | None = None,
        only: Only = ALL_DOCUMENTS,
    ) -> Understood:
        """Read a question; ``own`` is what of it the asker just wrote, behind earlier questions.

        The names are those of the asker's own words, if these hold any. ``after`` is what was shown
        for the earlier questions; ``only`` are the documents that are asked.
        """
        question = self._in_capitals(question)
        own = own and self._in_capitals(own)
        asked_of = [name for name, forms in self._publishers.items() if named(question, forms)]
        text = self._spelled_out(self._without(question, asked_of))
        term = asked_term(own or question) or self._only_name(own or question)
        told = self._without(own or question, asked_of)
        own_names = dict.fromkeys(self._naming.names(told))
        # Here a publisher's name counts: what it published has that name.
        names = self._naming.names(own or text) or self._naming.names(text)
        is_one_word = _ELLIPSIS.fullmatch(told)
        if not own_names and is_one_word:
            own_names = dict.fromkeys(self._only_word(told))
        return Understood(
            unmentioned=tuple(
                _in_full(name, own_names, told)
                for name in own_names
                if not (self._naming.is_mentioned(name, only) or self._naming.is_initials(name))
            ),
            unknown=tuple(dict.fromkeys(self._unknown(told))),
            exact=exact_things(own or question),
            subject=self._naming.subject(own or question)
            if asks_yes_or_no(own or question)
            else None,
            after=after,
            carried=max(0, text.find(told)),
            text=text,
            names=tuple(map(self._naming.forms, dict.fromkeys(names))),
            publishers=frozenset(asked_of),
            expects=self._expects(question, own or question, own_names),
            defined=self._naming.forms(term) if term else (),
            yes_or_no=asks_yes_or_no(own or question),
            unbound=after is not None and own == question and points(own),
            unplaced=self._is_unplaced(text),
            renamed=bool(after and own_names and (is_one_word or only_names(told))),
        )

    def _expects(self, question: str, own: str, names: Iterable[str]) -> Expected | None:
        """Return the kind of value that is expected, also by “and Devon?” behind “Who leads …?”.

        “And fishing?” is about something else, but “And the last one?” is not.
        """
        if asks_yes_or_no(own):
            return None
        brought = {*terms(own)} - {term for name in names for term in terms(name)}
        is_new = brought and not points(own)
        return expected_of(own) or (None if is_new else expected_of(question))

    def _in_capitals(self, question: str) -> str:
        """Return a question with its abbreviations in capitals: “what is an ics?”."""
        return WORD.sub(self._abbreviation, question)

    def _abbreviation(self, found: re.Match[str]) -> str:
        word = found[0]
        is_one = word.upper() in self._lexicon.long_forms and word.lower() not in english()
        return word.upper() if is_one else word

    def _is_unplaced(self, question: str) -> bool:
        """Tell whether a question asks of a place of the asker's own, and names none.

        An abbreviation is no place.
        """
        rest, own = _OWN_PLACE.subn(" ", question)
        names = self._naming.names(rest) if own else ()
        return own > 0 and all(name.upper() in self._lexicon.long_forms for name in names)

    def of_what_was_shown(
        self, question: str, earlier: Sequence[str], shown: Shown | None
    ) -> tuple[str, ...]:
        """Return a question that points, with the names in the best quote that was shown.

        Only where nobody has named anything or asked what it is: “Which plan was first?” “Who leads
        it?”.
        """
        if shown is None or not points(question):
            return ()
        if self._naming.names(" ".join([*earlier, question])) or any(map(asked_term, earlier)):
            return ()
        names = ", ".join(self._named_in(shown)[:_SHOWN])
        return (f"{question} ({names})",) if names else ()

    def in_other_forms(self, question: Understood) -> tuple[Understood, ...]:
        """Return a question in the other words that documents may have for it.

        “What is an ICS?” is “What is an integrated care system?”: some documents write only that.
        Of other questions the asker's own words are put in terms of policy.
        """
        if not question.defined:
            return self._in_terms_of_policy(question)
        asked, *others = question.defined
        *_, place = [None, *pattern(asked).finditer(question.text)]
        if place is None:
            return ()
        before, behind = question.text[: place.start()], question.text[place.end() :]
        return tuple(
            replace(question, text=f"{before}{other}{behind}")
            for other in others
            if not named(question.text, (other,))
        )

    def _in_terms_of_policy(self, question: Understood) -> tuple[Understood, ...]:
        if question.after and not question.carried:
            return ()  # the words are those of an earlier question with a new name
        earlier, own = question.text[: question.carried], question.text[question.carried :]
        text = earlier + in_terms_of_policy(own)
        return (replace(question, text=text),) if text != question.text else ()

    def overview(
        self, question: str, asked: Callable[[IndexedDocument], bool] = lambda document: True
    ) -> tuple[Scored[Candidate], ...]:
        """Return what the overview that is asked for shows, in order; nothing if none is.

        Only documents that are ``asked`` are shown.
        """
        return overview_of(question, self._index, self._publishers, self._is_only_a_name, asked)

    def _is_only_a_name(self, question: str) -> bool:
        """Tell whether a question is nothing but one name."""
        return self._naming.names(question) == [question]

    def _only_name(self, question: str) -> str | None:
        """Return a name, however common, or what is abbreviated, if a question is nothing else."""
        name = _ARTICLE.sub("", question)
        is_short = name.casefold() in self._naming.shorts
        return name if is_short or self._naming.names(name, rare=False) == [name] else None

    def _only_word(self, question: str) -> Iterator[str]:
        """Yield the one word that is asked about if no document has it in any form.

        A code may be written in another way; there is a signal for that.
        """
        telling = [word for word in words(question) if word.term is not None]
        if asks_for_more(question) or exact_things(question):
            return
        if len(telling) == 1 and self._index.facts.number(str(telling[0].term)) is None:
            yield question[telling[0].start : telling[0].end]

    def _unknown(self, question: str) -> Iterator[str]:
        """Yield words in small letters that neither the documents nor English have: “medway”.

        Where a place would stand, English may have it: “kent”.
        """
        for word in WORD.findall(question):
            if can_be_corrected(word) and word.islower() and not self._is_known(word):
                yield word
        for found in _WHERE.finditer(question):
            telling = terms(found["place"])
            if telling and self._index.facts.number(telling[0]) is None:
                yield found["place"]

    def parts(self, question: str) -> tuple[str, ...]:
        """Return the questions in a question, one at least."""
        asked = [forms for forms in self._publishers.values() if named(question, forms)]
        rest = _without_forms(question, asked)
        names = [*map(self._naming.forms, self._naming.names(rest))]
        if len(asked) + len(names) < _BOTH and compares(question):
            written = (long for long in self._naming.shorts if named(rest, (long,)))
            names = [*map(self._naming.forms, [*self._naming.names(rest, rare=False), *written])]
            if len(asked) + len(names) < _BOTH:
                names = [*map(self._naming.forms, pair_of(rest))]
        parts = parts_of(question, [*asked, *names])
        # Each of several is shown as a heading.
        return tuple(map(self._in_capitals, parts)) if len(parts) > 1 else parts

    def compared(
        self, question: str, earlier: Sequence[str], shown: Callable[[], Shown | None]
    ) -> str:
        """Return a question that compares “them” with the names of these two.

        They were asked about last, or one last and the other just before, or the best quote that
        was ``shown`` last names them. “How is that different from an STP?” compares one that was
        asked about last.
        """
        if not compares(question):
            return question
        if not points_at_both(question):
            return self._compared_with_the_last(question, earlier[-1:])
        things: tuple[str, ...] = ()
        for before in reversed(earlier[-_BOTH:]):
            things = tuple(dict.fromkeys([*self._things(before), *things]))
            if len(things) >= _BOTH:
                break
        if len(things) < _BOTH and (last := shown()):
            things = self._named_in(last)
        return of_both(question, *things) if len(things) == _BOTH else question

    def _compared_with_the_last(self, question: str, earlier: Sequence[str]) -> str:
        things = [thing for before in earlier for thing in self._things(before)]
        named = of_one(question, things[0]) if len(things) == 1 else question
        return named if len(self.parts(named)) == _BOTH else question

    def _named_in(self, shown: Shown) -> tuple[str, ...]:
        """Return the names in the best quote that was shown."""
        quote = self._index.documents[shown.best.doc_id].at(shown.best)
        return tuple(dict.fromkeys(self._naming.names(quote)))

    def _things(self, question: str) -> Iterator[str]:
        """Yield what a question asks about: in each of its parts a term, or names."""
        for part in self.parts(question):
            if term := asked_term(part):
                yield term
            else:
                yield from self._naming.names(part) or self._naming.names(part, rare=False)

    def _without(self, question: str, publishers: Iterable[str]) -> str:
        """Leave out the publisher that is asked, which says nothing about the content."""
        text = _without_forms(question, (self._publishers[name] for name in publishers))
        return " ".join(text.split()) if terms(text) else question

    def _corrected_word(self, found: re.Match[str]) -> str:
        word = found[0]
        if self._is_known(word.lower()) and not is_asking(word):
            return word
        is_name = word.istitle() and not (opens(found.string, found.start()) or is_asking(word))
        return (self._spelling.corrected_name if is_name else self._spelling.corrected)(word)

    def _is_known(self, word: str) -> bool:
        single = word.removesuffix("s").upper()
        return (
            word in self._lexicon.counts or word in english() or single in self._lexicon.long_forms
        )

    def _spelled_out(self, question: str) -> str:
        """Add the other form of each abbreviation or long name that the documents never write."""
        others = []
        for short, long in self._one_sided:
            has_short, has_long = self._writes(question, short), named(question, (long,))
            if has_short and not has_long and self._has(long):
                others.append(long)
            if has_long and not has_short and self._has(short):
                others.append(short)
        return f"{question} ({', '.join(others)})" if others else question

    def _writes(self, question: str, short: str) -> bool:
        """Tell whether a question has an abbreviation; one that is a word must be in capitals."""
        in_any_case = 0 if short.lower() in english() else re.I
        return bool(re.search(rf"(?<!\w){re.escape(short)}{ENDING}", question, in_any_case))

    def _has(self, form: str) -> bool:
        """Tell whether the documents have every word of a form."""
        counts = self._lexicon.counts
        return all(w in counts or f"{w}s" in counts for w in WORD.findall(form.lower()))


def _without_forms(text: str, names: Iterable[Sequence[str]]) -> str:
    """Return a text without names, each given in all its forms."""
    for form in chain.from_iterable(names):
        text = pattern(form).sub("", text)
    return text


def _in_full(name: str, names: Iterable[str], question: str) -> str:
    """Return a name with the capitalised words before it: “Health and Care Act 2022”.

    Other ``names`` of the question are none of them.
    """
    before = _BEFORE.search(question, 0, question.find(name))
    if before is None or any(
        question.find(one) + len(one) > before.start()
        for one in names
        if one != name and question.find(one) < before.end()
    ):
        return name
    return before["words"] + name
