"""What is known of a build, and its search: the same from memory and from files, and as counted."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
from fakes import FakeEncoder
from tiny import document, index_of

from footprints.index.context import heading_path
from footprints.index.facts import BuildFacts
from footprints.index.lexical import idf, terms
from footprints.index.lexicon import Lexicon, Mined
from footprints.index.search import EmbeddedSearch
from footprints.index.store import Index
from footprints.types import ALL_DOCUMENTS, Found, Only, PartialDate

ENCODER = FakeEncoder()
PAGES = [
    replace(
        document("# Devon\n\nAngela leads Devon (the DP). It has a plan.\n\n## Areas\n\nTwo.", "a"),
        publisher="RCN",
        published=PartialDate("2016-07-02"),
    ),
    replace(
        document("# Kent\n\nNobody leads Kent.\n\n## Plans\n\nA plan for Kent.", "b"),
        publisher="NHS",
        describes="about 2019",
    ),
    document("Only notes on a plan.", "c"),
]
QUESTIONS = ["Who leads Devon?", "a plan", "zebra", "Kent Kent plan"]


@pytest.fixture(scope="module")
def index() -> Index:
    """Index the pages in memory."""
    return index_of(ENCODER, *PAGES)


@pytest.fixture(scope="module")
def opened(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Write what the build knows and is searched with, and open it again."""
    folder = tmp_path_factory.mktemp("build")
    assert isinstance(index.search, EmbeddedSearch)
    index.facts.save(folder)
    index.search.save(folder)
    facts = BuildFacts.open(folder)
    return Index(facts, EmbeddedSearch.open(folder, facts), index.segments)


def found(index: Index, question: str, k: int = 9, only: Only = ALL_DOCUMENTS) -> list[Found]:
    """Search for a question."""
    (encoding,) = ENCODER.encode([question])
    weights = {term: index.facts.passage_idf(term) for term in terms(question)}
    return [*index.search.search(encoding.vector, weights, k, only)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_files_find_what_memory_finds(index: Index, opened: Index, question: str) -> None:
    """What is written and opened again finds the same passages with the same similarities."""
    for k in (1, 2, 9):
        assert found(opened, question, k) == found(index, question, k)


def test_files_know_what_memory_knows(index: Index, opened: Index) -> None:
    """So it is with counts, words, names, abbreviations, documents and the centre."""
    one, other = index.facts, opened.facts
    assert one.counts == other.counts
    assert dict(one.lexicon.counts) == dict(other.lexicon.counts)
    assert set(one.lexicon.names) == set(other.lexicon.names)
    assert one.lexicon.long_forms == other.lexicon.long_forms
    assert one.documents == other.documents
    np.testing.assert_array_equal(one.centre, other.centre)


def test_the_lexicon_is_that_of_the_documents(opened: Index) -> None:
    """Words are counted, and told from names, as they are over all documents together."""
    expected = Lexicon.of(map(Mined.of, PAGES), {})
    lexicon = opened.facts.lexicon
    assert dict(lexicon.counts) == expected.counts
    assert set(lexicon.names) == set(expected.names)
    assert all(word in lexicon.counts for word in expected.counts)
    assert "zebra" not in lexicon.counts
    assert "zebra" not in lexicon.names


def test_rarity_is_counted_over_all_passages(opened: Index) -> None:
    """The idf of a term is that of how many passages under their headings have it."""
    passages = [*opened.passages]
    texts = [
        set(terms("\n".join([*heading_path(one, page), page.at(one)])))
        for one in passages
        for page in [opened.documents[one.doc_id]]
    ]
    having = Counter(chain.from_iterable(texts))
    for term in [*having, "zebra"]:
        assert opened.facts.passage_idf(term) == idf(having[term], len(passages))


def test_the_list_of_documents(opened: Index) -> None:
    """Each document is known by its id and in order, with its facts, length and first words."""
    assert [one.doc_id for one in opened.facts.documents] == ["a", "b", "c"] == [*opened.documents]
    known = opened.facts.document("a")
    assert known is not None
    assert (known.publisher, known.published, known.first) == ("RCN", "2016-07-02", "Devon")
    assert (known.passages, known.words) == (2, 12)
    assert opened.facts.document("z") is None
    assert opened.facts.publishers == {"RCN", "NHS"}
    with pytest.raises(KeyError):
        opened.documents["z"]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (Only(("NHS",)), {"b"}),
        (Only((), 2019), {"b"}),
        (Only((), None, 2016), {"a"}),
        (Only(("RCN", "NHS")), {"a", "b"}),
        (ALL_DOCUMENTS, {"a", "b", "c"}),
    ],
)
def test_only_what_is_asked_is_searched(opened: Index, only: Only, expected: set[str]) -> None:
    """Nothing of another document is found, by vector or by words."""
    asked = [opened.passage(one).doc_id for one in found(opened, "a plan", only=only)]
    assert set(asked) == expected
    assert asked == sorted(asked)


def test_without_a_vector_words_alone_count(opened: Index) -> None:
    """What has none of the words is not found then."""
    nearest = opened.search.search(None, {"kent": 1.0}, 9, ALL_DOCUMENTS)
    assert [opened.passage(one).doc_id for one in nearest] == ["b", "b"]
    assert opened.search.search(None, {"zebra": 1.0}, 9, ALL_DOCUMENTS) == []


def test_threads_share_it(opened: Index) -> None:
    """Eight threads that ask at once get what one gets."""
    expected = [found(opened, question) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(lambda _: [found(opened, one) for one in QUESTIONS], range(64))]
    assert answers == [expected] * 64
