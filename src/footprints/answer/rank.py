"""Rank the sentences of the retrieved passages by what their words and vectors say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from footprints.answer.defines import defines
from footprints.answer.expects import holds
from footprints.answer.names import spoken_of
from footprints.index.lexical import KeywordIndex, terms, words
from footprints.index.store import Index
from footprints.index.tokens import turned
from footprints.types import Candidate, Encoding, Scored, Understood, Vectors

WEIGHTS: Mapping[str, float] = {
    "maxsim": 0.62,
    "cosine": 0.17,
    "passage": 0.13,
    "keyword": 0.04,
    "coverage": 0.04,
    "publisher": 0.04,
    "expected": 0.04,
    "states": 0.03,
    "defines": 0.05,
}
"""What each signal counts, chosen on the ``dev`` cases. The first five add up to 1."""

_STOPWORD_WEIGHT = 0.1


class SignalRanker:
    """A weighted sum of signals, each between 0 and 1 for all but odd text.

    - ``maxsim``: how well each word piece of the question is matched by a piece of the sentence,
      its lead-in or its headings, weighted by the rarity of its word: Σᵢ wᵢ maxⱼ qᵢ·tⱼ / Σᵢ wᵢ;
    - ``cosine``: question and sentence as a whole;
    - ``passage``: cosine of the question and the passage;
    - ``keyword``: BM25 of the sentence in its context over the most it could be, the sum of idf;
    - ``coverage``: the share of the question's rarity whose words stand in that context;
    - ``publisher``: 1 if the question names who published the document;
    - ``expected``: 0 if the sentence lacks the kind of value that the question expects;
    - ``states``: 0 if the sentence itself asks;
    - ``defines``: 1 if it has the form of a definition of the term that the question asks for;
    - ``named``: the share of the question's names that stand in the context. It does not count
      for the score, but for the choice of quotes and for whether they answer.
    """

    def __init__(self, index: Index) -> None:
        self._index = index

    def rank(
        self, question: Understood, encoding: Encoding, passages: Sequence[Scored[int]]
    ) -> list[Scored[Candidate]]:
        """Rank every sentence of the passages, given by their rows, best first."""
        index, question_terms = self._index, terms(question.text)
        rarity = sum(index.sentence_terms.idf(term) for term in dict.fromkeys(question_terms))
        weights = piece_weights(question.text, encoding, index.sentence_terms)
        candidates = [(found, c) for found in passages for c in index.candidates(found.item)]
        rows = [candidate.sentence_row for _, candidate in candidates]
        keyword = index.sentence_terms.scores(question_terms, rows) / max(rarity, 1e-9)
        coverage = index.sentence_terms.coverage(question_terms, rows)
        heading_rows = [int(index.heading_rows[passage.item]) for passage, _ in candidates]
        maxsim = weights @ self._matches(encoding, rows, heading_rows)
        cosine = index.sentence_vectors[rows].astype(np.float32) @ encoding.vector
        ranking = []
        for at, (passage, candidate) in enumerate(candidates):
            signals = {
                "maxsim": float(maxsim[at]),
                "cosine": float(cosine[at]),
                "passage": passage.signals["passage_dense"],
                "keyword": float(keyword[at]),
                "coverage": float(coverage[at]),
                **self._understood(question, candidate),
            }
            score = sum(weight * signals[name] for name, weight in WEIGHTS.items())
            ranking.append(Scored(candidate, score, {**signals, **passage.signals}))
        return sorted(ranking, key=lambda sentence: -sentence.score)

    def _understood(self, question: Understood, candidate: Candidate) -> Mapping[str, float]:
        """Return the signals that come from what the question was understood to ask."""
        document = self._index.documents[candidate.passage.doc_id]
        sentence = candidate.sentence
        own = document.at(sentence)
        said = document.at(sentence.whole) if sentence.whole and not sentence.lead else own
        names = question.names
        found = spoken_of(names, candidate, document)
        return {
            "publisher": float(document.publisher in question.publishers),
            "expected": float(
                question.expects is None or holds(question.expects, said, question.text)
            ),
            "states": float(not own.endswith("?")),
            "defines": float(defines(question.defined, own)),
            "named": len(found) / len(names) if names else 1.0,
        }

    def _matches(
        self, encoding: Encoding, rows: Sequence[int], heading_rows: Sequence[int]
    ) -> Vectors:
        """Return maxⱼ qᵢ·tⱼ of each question piece and sentence, shape (pieces, sentences).

        Late interaction as in ColBERT (Khattab and Zaharia, 2020); tⱼ runs over the tokens of the
        sentence, of its lead-in and of its headings.
        """
        index = self._index
        leads = [int(index.lead_rows[row]) for row in rows]
        needed = list(dict.fromkeys([*rows, *(lead for lead in leads if lead >= 0)]))
        question = turned(encoding.tokens)
        matches = _best_matches(question, *index.sentence_tokens.take(needed))
        column = {row: at for at, row in enumerate(needed)}
        own = [column[row] for row in rows]
        led = [column.get(lead, at) for lead, at in zip(leads, own, strict=True)]
        paths = list(dict.fromkeys(heading_rows))
        above = _best_matches(question, *index.heading_tokens.take(paths))
        under = [paths.index(row) for row in heading_rows]
        best: Vectors = np.maximum(np.maximum(matches[:, own], matches[:, led]), above[:, under])
        return best


def piece_weights(question: str, encoding: Encoding, texts: KeywordIndex) -> Vectors:
    """Return what each word piece of a question counts, shape (pieces,), adding up to 1.

    A word weighs its idf, a stop word 0.1, shared evenly by its pieces; punctuation nothing.
    """
    weights = np.zeros(len(encoding.spans), dtype=np.float32)
    for word in words(question):
        own = (encoding.spans[:, 0] >= word.start) & (encoding.spans[:, 0] < word.end)
        weight = _STOPWORD_WEIGHT if word.term is None else texts.idf(word.term)
        weights[own] = weight / max(1, own.sum())
    total = weights.sum()
    return weights / total if total else weights


def _best_matches(question: Vectors, tokens: Vectors, starts: np.ndarray) -> Vectors:
    """Return the best match of each question piece in each text, shape (pieces, texts)."""
    best: Vectors = np.maximum.reduceat(question @ tokens.T, starts, axis=1)
    return best
