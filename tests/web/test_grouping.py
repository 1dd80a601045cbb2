"""Quotes grouped into cards by the place they stand in, and the parts of an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from kept import answer, citation, cited
from tiny import document

from footprints.answer.answerer import Answerer
from footprints.types import AnswerPart, AnswerStatus, Citation, Excerpt, PartialDate
from footprints.web.grouping import Card, cards, sections

PLACE = document(
    "# Devon\n\nFirst of all. Angela leads Devon. She is new. Ann leads Hull.\n\n- West\n- East"
)
AROUND = "First of all. Angela leads Devon. She is new. Ann leads Hull.\n\nWest\nEast"
ONE, TWO, THREE = (
    cited(PLACE, quote, number, AROUND)
    for number, quote in enumerate(("Ann leads Hull.", "Angela leads Devon.", "West\nEast"), 1)
)


def quote(number: int, doc_id: str, **known: Any) -> Citation:
    """Return a citation of a page."""
    return citation(f"Quote {number}.", number, doc_id=doc_id, title=doc_id.title(), **known)


def order(*citations: Citation) -> list[str]:
    """Return the pages in the order in which they are shown, oldest first."""
    return [card.best.doc_id for card in cards(citations, by_date=True)]


def test_the_same_offsets_of_two_pages_are_two_cards() -> None:
    """Places of two documents are never one, wherever they begin."""
    assert len(cards([quote(1, "a"), quote(2, "b")])) == 2


def test_a_card_is_its_surroundings_to_the_letter() -> None:
    """The runs of a card make up its surroundings, line by line, and each quote is marked whole."""
    (card,) = cards([ONE, TWO, THREE])
    lines = card.lines()
    assert ["".join(run.text for run in line) for line in lines] == [
        line for line in AROUND.split("\n") if line
    ]
    for number, one in enumerate((ONE, TWO, THREE), 1):
        runs = [[run for run in line if run.number == number] for line in lines]
        assert "\n".join("".join(run.text for run in line) for line in runs if line) == one.quote
        assert sum(run.first for line in runs for run in line) == 1


HEADING, LEAD = Excerpt(0, 5, "Devon"), Excerpt(7, 20, "First of all.")
HEADS = Excerpt(200, 209, "Area\tLead")


@pytest.mark.parametrize(
    ("context", "subject"),
    [
        ((HEADING,), "Devon"),
        ((HEADING, HEADS), "Devon › Area | Lead"),
        ((HEADING, LEAD), "Devon"),
        ((), "Part"),
        ((Excerpt(0, 4, "Page"),), ""),
        ((HEADING, Excerpt(200, 210, "The leads:")), "Devon"),
    ],
    ids=["heading", "column heads", "lead in view", "none", "the title again", "lead out of view"],
)
def test_the_subject_of_a_card(context: tuple[Excerpt, ...], subject: str) -> None:
    """A card is about what its quote needs and does not stand in view; else about its heading."""
    one = replace(TWO, context=context, headings=("Page", "Part"))
    assert Card((one,)).subject == subject


def test_what_leads_in_stands_apart() -> None:
    """What leads a quote in is no heading, and stands in view once."""
    far, near = Excerpt(200, 210, "The leads:"), Excerpt(7, 20, "First of all:")
    assert Card((replace(TWO, context=(HEADING, far)),)).lead == "The leads:"
    assert Card((replace(TWO, context=(HEADING, near)),)).lead is None


def test_a_card_without_headings_has_no_subject() -> None:
    """A text without any heading is about nothing that could be said."""
    assert Card((TWO,)).subject == ""


def test_parts_have_cards_of_their_own() -> None:
    """Each part has its own quotes under its own words, and says how far it answers."""
    other = quote(2, "kent")
    given = replace(
        answer("Who leads Hull and who leads Kent?", ONE, other),
        parts=(
            AnswerPart("Who leads Hull?", AnswerStatus.ANSWERED, 0.9, (1,)),
            AnswerPart("Who leads Kent?", AnswerStatus.POSSIBLE, 0.3, (2, 1)),
            AnswerPart("Why?", AnswerStatus.ABSTAINED_NOT_IN_CORPUS, 0.1, ()),
        ),
    )
    first, second, third = sections(given)
    assert [one.question for one in (first, second, third)] == [p.question for p in given.parts]
    assert [card.best for card in first.cards] == [ONE]
    assert [card.best for card in second.cards] == [other]
    assert [one.above for one in (first, second, third)] == [(), (1,), ()]
    assert third.cards == ()
    assert (first.surely, first.marks) == (True, False)
    assert (second.explanation, second.marks) == (
        "We found no clear answer. These passages may help.",
        True,
    )
    assert third.explanation == "The documents do not answer this."


def test_cards_are_folded_by_their_number_and_their_length() -> None:
    """In view are three quotes, fewer if they are long, at least one, and all of an overview."""

    def folded(*lengths: int, status: AnswerStatus = AnswerStatus.ANSWERED) -> list[int]:
        quotes = [citation("x" * n, at, doc_id=f"d{at}") for at, n in enumerate(lengths, 1)]
        (section,) = sections(answer("Who?", *quotes, status=status))
        return [card.best.number for card in section.folded]

    assert folded(100, 100, 100, 100, 100) == [4, 5]
    assert folded(600, 600, 600) == [3]
    assert folded(3000, 10) == [2]
    assert folded(1000, 1000, 10) == [2, 3]
    assert folded(1000, 1000, 10, 10, status=AnswerStatus.OVERVIEW) == []


def test_the_outline_of_an_overview() -> None:
    """An overview's outline names each heading once, with the document if there are several."""
    places = tuple(
        citation(f"Quote {number}.", number, number * 50, headings=("Page", heading))
        for number, heading in enumerate(("One", "Two", "Two", "Three"), 1)
    )
    overview = answer("Summarise", *places, status=AnswerStatus.OVERVIEW)
    (section,) = sections(overview)
    assert section.outline == [(places[0], "One"), (places[1], "Two"), (places[3], "Three")]
    other = citation("Other.", 5, doc_id="b", title="B", headings=("Far",))
    (both,) = sections(replace(overview, citations=(*places, other)))
    assert [name for _, name in both.outline][-2:] == ["Three – Page", "Far – B"]


def test_what_is_short_or_no_overview_has_no_outline() -> None:
    """Two places need no outline, and an answer has none."""
    three = tuple(citation(f"Quote {n}.", n, n * 50, headings=("One",)) for n in range(1, 4))
    assert sections(answer("Who?", *three))[0].outline == []
    assert sections(answer("Sum", *three[:2], status=AnswerStatus.OVERVIEW))[0].outline == []


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
    dated = quote(2, "dated", published=PartialDate("2017-06-01"))
    assert order(undated, dated) == expected


def test_the_date_beats_what_is_described() -> None:
    """A page that has a date stands there, whatever it describes."""
    dated = quote(1, "dated", published=PartialDate("2019-01-01"), describes="2001")
    assert order(dated, quote(2, "undated", describes="2010")) == ["undated", "dated"]


def test_pages_of_one_year_stand_by_rank() -> None:
    """Between pages of the same year, or of none, the better quote is first."""
    assert order(quote(1, "b"), quote(2, "a")) == ["b", "a"]
    assert order(quote(1, "b", describes="2016"), quote(2, "a", describes="2016")) == ["b", "a"]


def test_pages_stand_by_what_is_known_of_their_dates() -> None:
    """A year stands before its months, and a month before its days."""
    dates = ["2017", "2016-12-01", "2016-12", "2016"]
    quotes = [
        quote(number, date, published=PartialDate(date)) for number, date in enumerate(dates, 1)
    ]
    assert order(*quotes) == [*reversed(dates)]


def test_pages_of_one_year_stand_by_date() -> None:
    """Between dated pages of the same year, the earlier date is first."""
    late = quote(1, "late", published=PartialDate("2016-12-01"))
    early = quote(2, "early", published=PartialDate("2016-01-01"))
    assert order(late, early) == ["early", "late"]


@pytest.mark.parametrize("by_date", [False, True])
def test_real_answers_lose_no_quote(answerer: Answerer, by_date: bool) -> None:
    """Every quote of an answer is in one card of its document, whose text is its surroundings."""
    given = answerer.answer("What is an integrated care system?")
    (section,) = sections(given, by_date)
    shown = [citation for card in section.cards for citation in card.citations]
    assert sorted(shown, key=lambda citation: citation.number) == list(given.citations)
    for card in section.cards:
        assert {one.surroundings for one in card.citations} == {card.best.surroundings}
        text = "\n".join("".join(run.text for run in line) for line in card.lines())
        assert text.split() == card.best.surroundings.text.split()


def test_it_says_where_a_list_goes_on() -> None:
    """A card whose list, table or paragraph goes on below what is in view tells so."""
    page = document("# Leads\n\nThe leads:\n\n- Ann\n- Ben\n- Cat\n\nThey meet. Often.", "page")
    for shown, goes_on in (
        ("- Ann", True),
        ("Cat", False),
        ("They meet.", True),
        ("Often.", False),
    ):
        text = shown.removeprefix("- ")
        start = page.text.index(text)
        around = Excerpt(start, start + len(text), text)
        one = replace(quote(1, "page"), start=start, end=start + len(text), surroundings=around)
        assert Card((one,), document=page).goes_on is goes_on, text
    assert not Card((quote(1, "page"),)).goes_on
