"""The lexicon: abbreviations, names and counts, mined from the documents alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import document

from footprints.index.lexicon import Lexicon, Mined, abbreviations

PAGE = document(
    """
# Places

The plan for Devon is new. A board in Devon meets, and the Health Board of Kent does not.

Nobody knows what the board knows. Better plans for Devon need a plan.

- East
- West of Devon
"""
)


def mined(*texts: str, **also: str) -> Lexicon:
    """Mine pages of some texts, with abbreviations that are known beforehand."""
    return Lexicon.of((Mined.of(document(text, f"page{n}")) for n, text in enumerate(texts)), also)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the Long Name (LN) is", ("LN", "Long Name")),
        ("long names (LNs) are", ("LN", "long names")),
        ("LN stands for Long Name.", ("LN", "Long Name")),
        ("Here LN stands for the Long Name, which is long", ("LN", "Long Name")),
        ("LN is short for a long name and is used", ("LN", "long name")),
        ("XML stands for an extensible language.", ("XML", "extensible language")),
        ("the Deal of North Shields (DNS)", ("DNS", "Deal of North Shields")),
        (
            "Leicester, Leicestershire and Rutland (LLR)",
            ("LLR", "Leicester, Leicestershire and Rutland"),
        ),
        ("the office of fair trading (OFT)", ("OFT", "office of fair trading")),
        ("our accident and emergency (A&E)", ("A&E", "accident and emergency")),
        ("In 2016. National Health Service (NHS)", ("NHS", "National Health Service")),
        ("Long Name (LN), a name", ("LN", "Long Name")),
        ("a Department of Defence (DoD)", ("DoD", "Department of Defence")),
    ],
)
def test_an_abbreviation_that_is_spelled_out(text: str, found: tuple[str, str]) -> None:
    """What stands before an abbreviation's brackets, or behind “stands for”, is its long form."""
    assert list(abbreviations(text)) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "the report (PDF) is here",
        "(LN) comes first",
        "one page (A) or two (b)",
        "Long Name (ln)",
        "Long Name (see LN)",
        "Long Name (LN 2016)",
        "Angela Pedder OBE (Chief Executive, NEW Devon CCG)",
        "It has a long name. Nobody (LN) knows it",
        "Name Long (LN)",
        "He was paid (£5)",
        "LN is a long name",
        "a Long Tail of many more words than any such short name ever has (LN)",
    ],
)
def test_what_spells_nothing_out(text: str) -> None:
    """Brackets whose letters do not begin the words before them are no abbreviation."""
    assert list(abbreviations(text)) == []


def test_an_abbreviation_written_again() -> None:
    """Brackets that come again do not take the words behind the first ones for a long form."""
    assert list(abbreviations("Long Name (LN) and another (LN)")) == [("LN", "Long Name")]


def test_the_first_to_spell_it_out_counts() -> None:
    """Where two pages spell an abbreviation out, the first one is believed."""
    lexicon = mined("A Local Network (LN).", "The Long Name (LN).")
    assert lexicon.long_forms == {"LN": "Local Network"}


def test_abbreviations_are_kept_in_capitals() -> None:
    """An abbreviation is looked up in capitals however the documents write it."""
    assert mined("Department of Defence (DoD)", Dwp="work").long_forms == {
        "DOD": "Department of Defence",
        "DWP": "work",
    }


def test_what_is_given_wins_over_what_is_mined() -> None:
    """The editable file can mend what was mined."""
    assert mined("Local Network (LN)", ln="Long Name").long_forms == {"LN": "Long Name"}


def test_what_spells_out_stays_in_its_block() -> None:
    """A paragraph does not spell out the abbreviation that opens the next."""
    assert mined("A Long Name\n\n(LN) is it.").long_forms == {}


def test_counts() -> None:
    """Every word of headings, paragraphs and items is counted in lower case."""
    counts = Lexicon.of([Mined.of(PAGE)], {}).counts
    assert (counts["devon"], counts["board"], counts["places"], counts["east"]) == (4, 3, 1, 1)
    assert "dorset" not in counts
    assert mined("A&E in 2016 and A&E").counts == {"a&e": 2, "in": 1, "2016": 1, "and": 1}


def test_names() -> None:
    """A name is capitalised within sentences; what only opens one, and common words, are none."""
    names = set(Lexicon.of([Mined.of(PAGE)], {}).names)
    assert {"devon", "kent", "health"} <= names
    assert not {"better", "nobodi", "east", "plan", "the"} & names


@pytest.mark.parametrize(("capitalised", "is_name"), [(8, True), (7, False)])
def test_a_name_is_mostly_capitalised(capitalised: int, is_name: bool) -> None:
    """A word is a name if 8 of 10 of its occurrences within sentences are capitalised."""
    texts = ["for Bath"] * capitalised + ["for bath"] * (10 - capitalised)
    assert ("bath" in mined("\n\n".join(texts)).names) is is_name


@pytest.mark.parametrize("before", ["", "So. ", "“", "(", "One: ", "Really? ", "- "])
def test_an_opening_is_no_evidence_of_a_name(before: str) -> None:
    """A capital that a sentence, a quotation, brackets or a colon asks for makes no name."""
    assert "bath" not in mined(f"x {before}Bath is hot" if before else "Bath is hot").names


@settings(max_examples=100)
@given(st.text(st.sampled_from("AaBb &.,;:()s\n") | st.characters(), max_size=60))
def test_any_text_can_be_mined(text: str) -> None:
    """Whatever a page says, mining it ends, and a long form is a run of the page's own words."""
    for short, long in abbreviations(text + " AB stands for " + text):
        assert short[0].isupper()
        assert long in text
    mined(text)
