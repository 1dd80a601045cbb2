"""Rank the sentences of the retrieved passages by what their words and vectors say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from footprints.answer.defines import how_well
from footprints.answer.exact import share_of
from footprints.answer.expects import holds, names_somebody
from footprints.answer.followup import points
from footprints.answer.mode import modes_of
from footprints.answer.names import spoken_of, strangers
from footprints.answer.naming import Naming
from footprints.answer.pointers import points_elsewhere
from footprints.answer.superlative import superlative
from footprints.answer.surroundings import overlap
from footprints.answer.values import MONTHS
from footprints.index.lexical import terms, words
from footprints.index.sentence_rows import Sentences, Tokens
from footprints.index.store import Index
from footprints.index.tokens import turned
from footprints.types import (
    Candidate,
    Document,
    Encoding,
    Expected,
    Found,
    Place,
    Scored,
    Shown,
    Understood,
    Vectors,
)

WEIGHTS: Mapping[str, float] = {
    "maxsim": 0.62,
    "cosine": 0.14,
    "passage": 0.08,
    "passage_heading": 0.05,
    "keyword": 0.06,
    "coverage": 0.04,
    "publisher": 0.1,
    "named": 0.03,
    "strange": -0.04,
    "expected": 0.03,
    "somebody": 0.06,
    "states": 0.03,
    "defines": 0.12,
    "points": -0.1,
    "inexact": -0.3,
    "continues": 0.08,
    "repeats": -0.1,
    "undated": -0.12,
    "ignores": -0.05,
}
"""The weight of each signal, chosen on the ``dev`` cases."""

_NAMES, _ASKED_FOR = (Expected.PERSON, Expected.NAME), 2
"""What is answered by names that the question does not have: so many, with an office or a place."""

_STRANGERS = 2
"""From this many, names that were not asked for count in full."""

_COMMON = 1.0
"""A name with no higher idf stands in or above more than a third of all sentences."""

_MONTHS = frozenset(month.lower() for month in MONTHS)
"""What answers when something was, and is no name."""

_STOPWORD_WEIGHT = 0.1

_CARRIED = 0.5
"""What a word weighs that is carried over from an earlier question, beside one of the asker's."""

_OF_QUESTIONS = re.compile(r"\b(?:ask(?:s|ed|ing)?|questions?|quer(?:y|ies))\b", re.IGNORECASE)
"""How a question speaks of questions, which then are its answer."""

_BADLY = 0.6
"""A word with a lower best match is hardly mentioned."""


class SignalRanker:
    """A weighted sum of signals, each between 0 and 1 except for odd text.

    - ``maxsim``: how well each word piece of the question is matched by a piece of the sentence,
      its lead-in or its headings, weighted by the rarity of its word: Σᵢ wᵢ maxⱼ qᵢ·tⱼ / Σᵢ wᵢ;
    - ``least``: how well the question's worst matched word is matched there, and ``unmatched``: the
      share of its rarity that is matched by less than 0.6. They tell whether it answers;
    - ``cosine``: question and sentence as a whole;
    - ``passage``, ``passage_heading``: cosine of the question and the passage, and its innermost
      heading;
    - ``keyword``: BM25 of the sentence in its context over the most it could be, the sum of idf;
    - ``coverage``: the share of the question's rarity whose words stand in that context;
    - ``publisher``: 1 if the question names who published the document;
    - ``expected``: 0 if the sentence lacks the kind of value that the question expects;
      ``undated``: 1 if that is a date;
    - ``somebody``: 1 if it names a person or says “led by …”, where the question asks who;
    - ``states``: 0 if the sentence itself asks, unless the question is what was asked;
    - ``defines``: 1 if it has the form of a definition of the term that the question asks for, ½
      if it speaks of many where one is asked for;
    - ``named``: the share of the question's names that stand in the context;
    - ``strange``: how many names it has that the question has not, of two, beyond the two that
      answer a question for names and the months that answer one for a date; where a count is asked
      for of no name, one is enough that few sentences have;
    - ``points``: 1 if it only says where to find something else;
    - ``inexact``: the share of the question's codes and numbers that it lacks;
    - ``continues``: 1 if a follow-up finds it in the section that was quoted last, ½ if elsewhere
      in that document; half as much if it lacks the kind of value that is asked for, unless that
      is a reason, which may have any form; ``repeats``: 1 if it was itself quoted last;
      ``ignores``: the share of the rarity of its own words that the sentence lacks, if it brings
      any and does not only point;
    - ``middling``: 1 if it has no superlative where the question has one; ``amiss``: 1 if
      the question asks what came of something, what is thought of it, what is a duty, or whether
      people had a say or lose something, and it says nothing of the kind; ``elsewhere``: 1 if it
      begins with an abbreviation and its context lacks the one that is asked whether something is
      so of it.
      They tell whether it answers.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._naming = Naming(index)

    def rank(
        self, question: Understood, encoding: Encoding, passages: Sequence[Scored[Found]]
    ) -> list[Scored[Candidate]]:
        """Rank every sentence of the passages, given by their rows, best first."""
        index, question_terms = self._index, terms(question.text)
        idf = index.facts.idf
        rarity = sum(map(idf, dict.fromkeys(question_terms)))
        weights = piece_weights(question.text, encoding, idf, question.carried)
        candidates = [(found, c) for found in passages for c in index.candidates(found.item)]
        sentences = index.sentences([candidate for _, candidate in candidates])
        keyword = sentences.scores(question_terms) / max(rarity, 1e-9)
        coverage = sentences.coverage(question_terms)
        ignores = _ignores(question, sentences)
        matches = _matches(encoding, sentences)
        # Not by BLAS, which now and then takes rows that it only pads with for invalid numbers.
        maxsim = np.einsum("p,ps->s", weights, matches)
        least, unmatched = _by_word(question.text, encoding, matches, idf)
        cosine = sentences.vectors() @ encoding.vector
        # A publisher that is asked what it thinks says so in all it publishes.
        own = question.text[question.carried :]
        modes = () if question.publishers else modes_of(own) or modes_of(question.text)
        ranking = []
        for at, (passage, candidate) in enumerate(candidates):
            signals = replace(
                passage.signals,
                maxsim=float(maxsim[at]),
                cosine=float(cosine[at]),
                keyword=float(keyword[at]),
                coverage=float(coverage[at]),
                ignores=float(ignores[at]),
                least=float(least[at]),
                unmatched=float(unmatched[at]),
                **self._understood(question, candidate, modes),
            )
            score = sum(weight * getattr(signals, name) for name, weight in WEIGHTS.items())
            ranking.append(Scored(candidate, score, signals))
        return sorted(ranking, key=lambda sentence: -sentence.score)

    def _understood(
        self, question: Understood, candidate: Candidate, modes: Sequence[re.Pattern[str]]
    ) -> Mapping[str, float]:
        """Return the signals that come from what the question was understood to ask."""
        document = self._index.documents[candidate.passage.doc_id]
        sentence = candidate.sentence
        own = document.at(sentence)
        said = document.at(sentence.whole) if sentence.whole and not sentence.lead else own
        names, after = question.names, question.after
        found = spoken_of(names, candidate, document)
        expected = question.expects is None or holds(question.expects, said, question.text)
        goes_on = expected or question.expects is Expected.REASON
        return {
            "publisher": float(document.publisher in question.publishers),
            "expected": float(expected),
            "undated": float(question.expects is Expected.DATE and not expected),
            "somebody": float(
                question.expects is Expected.PERSON and names_somebody(said, question.text)
            ),
            "states": float(not own.endswith("?") or bool(_OF_QUESTIONS.search(question.text))),
            "defines": how_well(question.defined, own),
            "named": len(found) / len(names) if names else 1.0,
            "strange": self._strange(own, question),
            "points": float(points_elsewhere(sentence, own)),
            "inexact": 1 - share_of(question.exact, own),
            "continues": _continues(after, candidate) * (1.0 if goes_on else 0.5),
            "middling": float(superlative(question.text) and not superlative(said)),
            "elsewhere": float(self._is_of_another(question.subject, candidate, document)),
            "amiss": float(not all(mode.match(own) for mode in modes)),
            "repeats": float(after is not None and _holds(after.best, candidate)),
        }

    def _is_of_another(self, subject: str | None, candidate: Candidate, document: Document) -> bool:
        """Tell whether it says something of another subject: “STPs are …” where ICSs are meant."""
        if subject is None or self._naming.subject(document.at(candidate.sentence)) is None:
            return False
        return not spoken_of((self._naming.forms(subject),), candidate, document)

    def _strange(self, text: str, question: Understood) -> float:
        """Return how many names it has that the question has not, beyond those asked for, of two.

        How many there are is asked of the whole, and a part has a name that few sentences have.
        """
        names, idf = strangers(text, question.text), self._index.facts.idf
        whole = question.expects is Expected.COUNT and not question.names
        if whole:
            names = [name for name in names if any(idf(word) > _COMMON for word in name)]
        if question.expects is Expected.DATE:
            names = [name for name in names if not _MONTHS.issuperset(name)]
        count = len(names) - (_ASKED_FOR if question.expects in _NAMES else 0)
        return min(1.0, max(0, count) / (1 if whole else _STRANGERS))


def _ignores(question: Understood, sentences: Sentences) -> Vectors:
    """Return the share of a follow-up's own words that each sentence lacks, shape (sentences,).

    Names do not count: there is a signal for them.
    """
    brought = question.text[question.carried :] if question.carried else ""
    names = {term for forms in question.names for form in forms for term in terms(form)}
    own = [] if points(brought) else [term for term in terms(brought) if term not in names]
    covered = sentences.coverage(own)
    return 1 - covered if own else covered


def _matches(encoding: Encoding, sentences: Sentences) -> Vectors:
    """Return maxⱼ qᵢ·tⱼ of each question piece and sentence, shape (pieces, sentences).

    Late interaction as in ColBERT (Khattab and Zaharia, 2020); tⱼ runs over the tokens of the
    sentence, of its lead-in and of its headings.
    """
    question = turned(encoding.tokens)
    each = [
        _best_matches(question, one) for one in (sentences.tokens(), sentences.heading_tokens())
    ]
    best: Vectors = np.concatenate(each, axis=1).max(axis=1)
    return best


def without(
    shown: Sequence[Place], ranking: Sequence[Scored[Candidate]]
) -> list[Scored[Candidate]]:
    """Return a ranking without what was shown before, unless nothing else is in it.

    What has a name that is asked about comes first: more on Devon is nothing on Cornwall.
    """
    new = [one for one in ranking if not any(_holds(place, one.item) for place in shown)]
    return sorted(new or ranking, key=lambda one: not one.signals.named)


def _continues(after: Shown | None, candidate: Candidate) -> float:
    """Return 1 if a sentence is in the section that was quoted last, ½ if in its document."""
    passage = candidate.passage
    if after is None or passage.doc_id != after.best.doc_id:
        return 0.0
    return 1.0 if passage.headings == after.headings else 0.5


def _holds(place: Place, candidate: Candidate) -> bool:
    """Tell whether a place has some of a sentence."""
    return place.doc_id == candidate.passage.doc_id and overlap(place, candidate.sentence)


def piece_weights(
    question: str, encoding: Encoding, idf: Callable[[str], float], carried: int = 0
) -> Vectors:
    """Return the weight of each word piece of a question, shape (pieces,), adding up to 1.

    A word weighs its idf, a stop word 0.1, shared evenly by its pieces; punctuation nothing. Words
    in the first ``carried`` characters weigh half.
    """
    weights = np.zeros(len(encoding.spans), dtype=np.float32)
    for word in words(question):
        own = (encoding.spans[:, 0] >= word.start) & (encoding.spans[:, 0] < word.end)
        weight = _STOPWORD_WEIGHT if word.term is None else idf(word.term)
        weights[own] = weight * (_CARRIED if word.start < carried else 1) / max(1, own.sum())
    total = weights.sum()
    return weights / total if total else weights


def _by_word(
    question: str, encoding: Encoding, matches: Vectors, idf: Callable[[str], float]
) -> tuple[Vectors, Vectors]:
    """Return the least match of a question's words, and the share of their idf matched badly.

    Both have shape (sentences,). Stop words do not count; a word is matched as its pieces are on
    average.
    """
    telling = [word for word in words(question) if word.term is not None]
    starts = encoding.spans[:, 0]
    own = [(starts >= word.start) & (starts < word.end) for word in telling]
    read = [(word, pieces) for word, pieces in zip(telling, own, strict=True) if pieces.any()]
    if not read:
        return np.zeros(matches.shape[1], np.float32), np.ones(matches.shape[1], np.float32)
    rarity = np.array([idf(str(word.term)) for word, _ in read], dtype=np.float32)
    by_word = np.stack([matches[pieces].mean(axis=0) for _, pieces in read])
    return by_word.min(axis=0), rarity @ (by_word < _BADLY) / rarity.sum()


def _best_matches(question: Vectors, tokens: Tokens) -> Vectors:
    """Return the best match of each piece in the texts of each sentence.

    Shape (pieces, kinds, sentences).
    """
    best: Vectors = np.maximum.reduceat(question @ tokens.vectors.T, tokens.starts, axis=1)
    return best[:, tokens.texts]
