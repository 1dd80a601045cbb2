"""Asking some documents alone: those of a publisher, those about some years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st
from tiny import document, index_of

from footprints.answer.answerer import Answerer
from footprints.answer.only import in_words, only_of, publishers_of
from footprints.errors import BadChoice, BadQuestion
from footprints.index.vectors import VectorIndex
from footprints.index.years import fits, years
from footprints.types import ALL_DOCUMENTS, AnswerStatus, Only, PartialDate

DEFINITION = "What is an STP?"


@pytest.mark.parametrize(
    ("question", "only"),
    [
        (DEFINITION, Only(("NHS England",))),
        (DEFINITION, Only(("NHS England", "Local Government Association"))),
        (DEFINITION, Only(since=2019)),
        ("Who leads the Devon STP?", Only(until=2016)),
        ("Tell me about Devon", Only(until=2016)),
        ("Which plans are there?", Only(("Royal College of Nursing",), 2016, 2016)),
    ],
)
def test_only_those_documents_are_quoted(answerer: Answerer, question: str, only: Only) -> None:
    """Quotes, further passages and other places are of the documents that are asked."""
    answer, documents = answerer.of(only).answer(question), answerer.index.documents
    assert answer.only == only
    assert answer.citations
    shown = [*answer.citations, *answer.further]
    others = [place for one in shown for place in one.also]
    quoted = {one.doc_id for one in shown} | {place.doc_id for place in others}
    assert all(fits(documents[doc_id], only) for doc_id in quoted)


def test_what_only_others_say_is_not_found(answerer: Answerer) -> None:
    """What another publisher says, or an overview of it, is no answer."""
    asked = answerer.of(Only(("NHS England",)))
    for question in ("Who leads the Devon STP?", "Tell me about Devon"):
        answer = asked.answer(question)
        assert answer.status not in (AnswerStatus.ANSWERED, AnswerStatus.OVERVIEW)
        assert answer.unmentioned == ("Devon",)
    assert answerer.answer("Who leads the Devon STP?").unmentioned == ()


def test_a_follow_up_stays_with_them(answerer: Answerer) -> None:
    """What was asked before is read in the same documents."""
    only = Only(("Royal College of Nursing",))
    answer = answerer.of(only).answer("And of Somerset?", ["Who leads the Devon STP?"])
    assert answer.citations[0].doc_id == "rcn-south-west"


def test_no_choice_changes_nothing(answerer: Answerer) -> None:
    """Without a choice it is the same answerer; the choice of one asker is not another's."""
    assert answerer.of(ALL_DOCUMENTS) is answerer
    answerer.of(Only(("NHS England",)))
    assert answerer.only == ALL_DOCUMENTS


@pytest.mark.parametrize(
    ("only", "words"),
    [
        (Only(("Nobody",)), "by Nobody"),
        (Only(since=2050), "about 2050 or later"),
        (Only(("NHS England",), until=1990), "by NHS England, about 1990 or earlier"),
    ],
)
def test_no_such_documents(answerer: Answerer, only: Only, words: str) -> None:
    """A choice that no document fits is refused in a sentence that says it."""
    with pytest.raises(BadQuestion, match=rf"No document is {words}; widen the choice"):
        answerer.of(only)


def test_years_the_wrong_way_round(answerer: Answerer) -> None:
    """A first year after the last is refused as that, in a sentence about both fields."""
    with pytest.raises(BadChoice, match=r"‘From’ \(2018\) is after ‘to’ \(2015\)") as refused:
        answerer.of(Only(since=2018, until=2015))
    assert refused.value.fields == ("since", "until")


def test_a_document_of_headings_alone() -> None:
    """A document without a passage can be chosen no more than one that is not there."""
    empty = replace(document("# Title", "empty"), publisher="P")
    index = index_of(FakeEncoder(), document("Text.", "full"), empty)
    with pytest.raises(BadQuestion):
        Answerer(index, FakeEncoder(), "tiny").of(Only(("P",)))


@pytest.mark.parametrize(
    ("describes", "published", "expected"),
    [
        ("between January 2019 and April 2021", None, (2019, 2021)),
        ("2016", PartialDate("2018-01-01"), (2016, 2018)),
        (None, PartialDate("2018-01-01"), (2018, 2018)),
        ("the last century", PartialDate("2018-01-01"), (2018, 2018)),
        (None, PartialDate("2018-05"), (2018, 2018)),
        ("2016", PartialDate("2018"), (2016, 2018)),
        (None, None, None),
    ],
)
def test_the_years_of_a_document(
    describes: str | None, published: PartialDate | None, expected: tuple[int, int] | None
) -> None:
    """A document is about the years it describes and the one it was published in."""
    one = replace(document("Text."), describes=describes, published=published)
    assert years(one) == expected
    assert fits(one, Only(since=1900, until=2100)) == (expected is not None)


def test_a_period_that_overlaps() -> None:
    """A document fits a period if a year of it is in the period."""
    one = replace(document("Text."), describes="2016 to 2018")
    fitting = [fits(one, Only(since=year, until=year)) for year in range(2015, 2020)]
    assert fitting == [False, True, True, True, False]


def test_a_choice_in_words() -> None:
    """A choice is said as people say it."""
    assert in_words(Only(("A", "B"), 2016, 2019)) == "by A or B, about 2016 to 2019"
    assert in_words(Only(since=2016, until=2016)) == "about 2016"
    assert in_words(ALL_DOCUMENTS) == ""


def test_a_choice_of_a_form() -> None:
    """What is empty chooses nothing, and what is no year is refused."""
    assert only_of("", " ", "") == ALL_DOCUMENTS
    assert only_of("A", "2016", "") == Only(("A",), 2016)
    with pytest.raises(BadQuestion, match="'soon' is not a year"):
        only_of("", "soon", "")


def test_publishers(answerer: Answerer) -> None:
    """Publishers are listed once each, in the order of the alphabet."""
    publishers = publishers_of(answerer.index.documents.values())
    assert publishers == sorted(set(publishers))
    assert len(publishers) == 4


@given(st.integers(1, 40), st.data())
def test_the_nearest_of_some(rows: int, data: st.DataObject) -> None:
    """The nearest of some rows are those that comparing each of them finds."""
    seed = data.draw(st.integers(0, 1000))
    vectors = np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32)
    some = np.array(sorted(data.draw(st.sets(st.integers(0, rows - 1), min_size=1))))
    k = data.draw(st.integers(1, rows))
    found = VectorIndex.build(vectors).nearest(vectors[0], k, some)
    assert len(found) == min(k, len(some))
    assert set(found) <= set(some.tolist())
    near = vectors @ vectors[0]
    assert near[found[-1]] >= max(
        (near[row] for row in set(some.tolist()) - set(found)), default=-9e9
    )
