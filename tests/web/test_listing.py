"""The list of documents: what is said of each, which are chosen, what is found in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import FakeEncoder
from tiny import answerer_of, document, index_of

from footprints.types import PartialDate
from footprints.web.listing import Choice, Listed, Order, found_in, options_of

SHORT = replace(
    document("# Devon\n\n2 July 2016\n\nAngela leads all of Devon. It has a plan.", "a", "Devon"),
    publisher="Royal College",
    published=PartialDate("2016-07-02"),
)
LONG = replace(
    document(
        "# Kent\n\nNobody leads Kent at present.\n\n- Thanet has no lead at all", "b", "apple"
    ),
    publisher="NHS England",
    describes="between January 2018 and April 2020",
)
BARE = document("- only\n- items", "c", "Notes")
ROWS = [*map(Listed.of, index_of(FakeEncoder(), SHORT, LONG, BARE).facts.documents)]


def test_the_opening_is_the_first_sentence() -> None:
    """A document is told by its own first sentence; a date above it, or a list, is none."""
    assert [row.document.opening for row in ROWS] == [
        "Angela leads all of Devon.",
        "Nobody leads Kent at present.",
        "",
    ]


def test_the_years_of_a_document() -> None:
    """A document is about every year of the period it describes, else of the year of its date."""
    assert [list(row.years) for row in ROWS] == [[2016], [2018, 2019, 2020], []]


@pytest.mark.parametrize(
    ("order", "expected"),
    [("title", "bac"), ("publisher", "bac"), ("period", "abc"), ("length", "abc")],
)
def test_the_orders(order: Order, expected: str) -> None:
    """The list is sorted as is asked, what is not known last, equal ones by title."""
    chosen = Choice(sort=order).of(reversed(ROWS))
    assert "".join(row.document.doc_id for row in chosen) == expected


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(publisher="NHS England"), "b"),
        (Choice(year=2019), "b"),
        (Choice(publisher="Royal College", year=2019), ""),
        (Choice(publisher="Nobody"), ""),
    ],
)
def test_the_filters(choice: Choice, expected: str) -> None:
    """Publisher and year narrow the list, both at once if both are given."""
    assert "".join(row.document.doc_id for row in choice.of(ROWS)) == expected


def test_what_there_is_to_choose_from() -> None:
    """The choices are those that the documents give, with all of them first."""
    options = options_of(ROWS)
    assert [value for value, _ in options["publisher"]] == ["", "NHS England", "Royal College"]
    assert [value for value, _ in options["year"]] == ["", "2020", "2019", "2018", "2016"]


def test_a_search_finds_each_passage_once() -> None:
    """A passage is found once, cut where its best sentence stands, with the sought words marked."""
    answerer = answerer_of(FakeEncoder(), SHORT, LONG)
    documents = answerer.index.documents
    reading = answerer.search("Who leads Devon?")
    found = found_in(reading, documents)
    assert {one.document.doc_id for one in found} == {"a", "b"}
    assert len(
        {(one.document.doc_id, one.before + one.sentence + one.after) for one in found}
    ) == len(found)
    for one in found:
        assert one.document.at(one.place) == one.sentence
        assert one.before + one.sentence + one.after in one.document.text
        runs = [list(pieces) for _, pieces in one.runs]
        assert ["".join(text for text, _ in run) for run in runs] == [
            one.before,
            one.sentence,
            one.after,
        ]
        assert {text for run in runs for text, sought in run if sought} <= {
            "Devon",
            "leads",
            "lead",
        }
    assert any(sought for one in found for _, pieces in one.runs for _, sought in pieces)
