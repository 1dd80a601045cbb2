"""Quotes grouped by the page they stand on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from kept import citation

from footprints.answer.answerer import Answerer
from footprints.types import Citation
from footprints.web.grouping import by_source


def quote(number: int, doc_id: str, **known: Any) -> Citation:
    """Return a citation of a page."""
    return citation(f"Quote {number}.", number, doc_id=doc_id, title=doc_id.title(), **known)


def order(*citations: Citation) -> list[str]:
    """Return the pages in the order in which they are shown."""
    return [source.doc_id for source in by_source(citations)]


def test_no_quotes_have_no_source() -> None:
    """Nothing quoted is no page."""
    assert by_source([]) == []


def test_quotes_of_one_page_stand_together() -> None:
    """Quotes of one page are one source, best first, and every quote is in exactly one."""
    one, two, three = quote(1, "a"), quote(2, "b"), quote(3, "a")
    first, second = by_source([one, two, three])
    assert (first.doc_id, first.title, first.citations) == ("a", "A", (one, three))
    assert (second.citations, second.first) == ((two,), two)
    assert first.first is one


def test_the_oldest_page_is_first() -> None:
    """Pages stand in order of their date, whatever their rank."""
    new = quote(1, "new", published=date(2018, 1, 1))
    old = quote(2, "old", published=date(2016, 8, 2))
    assert order(new, old) == ["old", "new"]


@pytest.mark.parametrize(
    ("describes", "expected"),
    [
        ("2016", ["undated", "dated"]),
        ("between October 2016 and April 2019", ["undated", "dated"]),
        ("the plan of 2018/19", ["dated", "undated"]),
        ("room 20160, of long ago", ["dated", "undated"]),
        (None, ["dated", "undated"]),
    ],
)
def test_an_undated_page_stands_by_what_it_describes(
    describes: str | None, expected: list[str]
) -> None:
    """An undated page stands by the first year it describes; without one it is last."""
    undated = quote(1, "undated", describes=describes)
    dated = quote(2, "dated", published=date(2017, 6, 1))
    assert order(undated, dated) == expected


def test_the_date_beats_what_is_described() -> None:
    """A page that has a date stands there, whatever it describes."""
    dated = quote(1, "dated", published=date(2019, 1, 1), describes="2001")
    assert order(dated, quote(2, "undated", describes="2010")) == ["undated", "dated"]


def test_pages_of_one_year_stand_by_rank() -> None:
    """Between pages of the same year, or of none, the better quote is first."""
    assert order(quote(1, "b"), quote(2, "a")) == ["b", "a"]
    assert order(quote(1, "b", describes="2016"), quote(2, "a", describes="2016")) == ["b", "a"]


def test_pages_of_one_year_stand_by_date() -> None:
    """Between dated pages of the same year, the earlier date is first."""
    late = quote(1, "late", published=date(2016, 12, 1))
    early = quote(2, "early", published=date(2016, 1, 1))
    assert order(late, early) == ["early", "late"]


def test_real_answers_lose_no_quote(answerer: Answerer) -> None:
    """Every quote of an answer is shown under its own page, once."""
    given = answerer.answer("What is an integrated care system?")
    sources = by_source(given.citations)
    shown = [citation for source in sources for citation in source.citations]
    assert sorted(shown, key=lambda citation: citation.number) == list(given.citations)
    assert all(c.doc_id == source.doc_id for source in sources for c in source.citations)
