"""What is read of sentences is what stands in their documents, whatever segments these are in."""

from __future__ import annotations

import random
from collections import Counter
from itertools import chain

import numpy as np
import pytest
from fakes import FakeEncoder
from tiny import document, index_of

from footprints.index.context import in_context
from footprints.index.lexical import bm25, idf, terms
from footprints.index.store import Index
from footprints.types import Candidate

ENCODER = FakeEncoder()
WORDS = ["devon", "plan", "ward", "nurse", "board", "the", "lead", "rare", "care"]


def text_of(dice: random.Random) -> str:
    """Write a page of sections with sentences, lists and tables."""
    lines = [" ".join(dice.choices(WORDS, k=dice.randint(1, 8))) for _ in range(12)]
    listed = "\n".join(f"- {line}" for line in lines[4:7])
    return (
        f"# {lines[0]}\n\n{lines[1].capitalize()}. {lines[2].capitalize()}.\n\n"
        f"## {lines[3]}\n\nThese:\n\n{listed}\n\n# {lines[7]}\n\n{lines[8]}\n"
    )


@pytest.fixture(scope="module")
def index() -> Index:
    """Index six pages."""
    dice = random.Random(0)  # noqa: S311
    return index_of(ENCODER, *(document(text_of(dice), f"page-{number}") for number in range(6)))


@pytest.fixture(scope="module")
def every(index: Index) -> list[Candidate]:
    """Return every sentence of the index, in the order of the documents."""
    segments = map(index.segment_of, index.documents)
    rows = ((one, row) for one in segments for row in range(len(one.passages)))
    return [*chain.from_iterable(segment.candidates(row) for segment, row in rows)]


@pytest.fixture(params=range(4))
def some(request: pytest.FixtureRequest, every: list[Candidate]) -> list[Candidate]:
    """Return some of them in any order, one of them twice."""
    dice = random.Random(request.param)  # noqa: S311
    chosen = dice.sample(every, dice.randint(1, len(every)))
    return [*chosen, chosen[0]]


def said(index: Index, candidate: Candidate) -> list[str]:
    """Return the terms of a sentence in its context."""
    page = index.documents[candidate.passage.doc_id]
    return terms(in_context(page, candidate.passage, candidate.sentence))


@pytest.mark.parametrize("asked", [["devon", "plan"], ["rare", "zebra"], ["zebra"], []])
def test_scores_are_those_of_the_texts(
    index: Index, every: list[Candidate], some: list[Candidate], asked: list[str]
) -> None:
    """BM25 and coverage of any sentences are what their words give, counted one by one."""
    texts = [said(index, one) for one in every]
    having = Counter(term for text in texts for term in set(text))
    weights = np.array([idf(having[term], len(texts)) for term in asked], dtype=np.float32)
    own = [said(index, one) for one in some]
    counts = np.array([[text.count(term) for text in own] for term in asked], dtype=np.float32)
    counts = counts.reshape(len(asked), len(own))
    lengths = np.array([max(1, len(text)) for text in own])
    mean = float(np.mean([max(1, len(text)) for text in texts]))
    sentences = index.sentences(some)
    assert sentences.scores(asked) == pytest.approx(bm25(weights, counts, lengths, mean))
    expected = weights @ (counts > 0) / max(weights.sum(), 1e-9)
    assert sentences.coverage(asked) == pytest.approx(expected)


def test_vectors_and_tokens_are_each_ones_own(index: Index, some: list[Candidate]) -> None:
    """Among others a sentence has the vector and tokens that it has alone, so its lead-in."""
    together = index.sentences(some)
    tokens, above = together.tokens(), together.heading_tokens()
    for at, one in enumerate(some):
        alone = index.sentences([one])
        np.testing.assert_array_equal(together.vectors()[at], alone.vectors()[0])
        for among, own in ((tokens, alone.tokens()), (above, alone.heading_tokens())):
            for kind in range(len(among.texts)):
                np.testing.assert_array_equal(
                    text_at(among.vectors, among.starts, among.texts[kind, at]),
                    text_at(own.vectors, own.starts, own.texts[kind, 0]),
                )


def text_at(vectors: np.ndarray, starts: np.ndarray, text: int) -> np.ndarray:
    """Return the tokens of one text."""
    ends = [*starts[1:].tolist(), len(vectors)]
    return vectors[starts[text] : ends[text]]
