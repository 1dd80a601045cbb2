"""Where pages differ: a table of pairs, and laws that hold for any two quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tiny import document

from footprints.answer.differ import Words, differ, differences, differently_defined
from footprints.types import Citation, Document, Excerpt, Place

PLAN = "Each area has a Sustainability and Transformation Plan (STP) of its own."
PARTNERSHIP = "STP stands for sustainability and transformation partnership."

PAGE = "This page speaks of Devon, of Kent and of England."

DIFFER = [
    (PLAN, PARTNERSHIP, "definition"),
    ("Sustainability and transformation plans (STPs) came first.", PARTNERSHIP, "definition"),
    (
        "Integrated care providers (ICPs) hold it.",
        "ICP is short for integrated care partnership.",
        "definition",
    ),
    ("There are 44 STPs in England.", "There are 42 STPs in England.", "figure"),
    ("There are 44 STPs in England.", "England has forty-two STPs.", "figure"),
    ("Across England there are 44 STPs, known as footprints.", "England has 42 STPs.", "figure"),
    (
        "There are six STPs in the South West region, with leads as follows:",
        "The South West has seven STPs.",
        "figure",
    ),
    ("Six STPs are in Devon.", "There are seven STPs in Devon.", "figure"),
    ("Devon has over 50 community hubs.", "Devon has 40 community hubs.", "figure"),
    ("Devon has around 50 community hubs.", "Devon has 40 community hubs.", "figure"),
    ("Devon has 1,500 beds.", "There are 1.6 thousand beds in Devon.", "figure"),
    (
        "Kent is backed by £560 billion of NHS funding.",
        "Kent is backed by £560 million of NHS funding.",
        "figure",
    ),
    (
        "Kent plans a 20% increase in primary care.",
        "Kent plans a 25 per cent increase in primary care.",
        "figure",
    ),
    ("Kent has a five-year plan.", "Kent has a three-year plan.", "figure"),
    (
        "STPs in England were announced in December 2015.",
        "STPs in England were announced in January 2016.",
        "date",
    ),
    ("England replaces STPs by 2021.", "England replaces STPs by April 2022.", "date"),
    ("Kent published its plan on 3 June 2016.", "Kent published its plan on 5 June.", "date"),
    ("Kent published the plan in 2016/17, online.", "Kent published the plan in 2018.", "date"),
]
SAME = [
    (PLAN, "Sustainability & transformation plans (STPs) came first."),
    (
        "Multi-specialty community providers (MCPs) lead.",
        "MCP stands for multispecialty community provider.",
    ),
    ("Care organisation group (COG)", "COG stands for care organization group."),
    ("The Department of Health (DH) pays.", "The Department for Health (DH) pays."),
    ("The Social Partnership Forum (SPF) met.", "SPF stands for single payment fund."),
    (
        "An individual vehicle approval (IVA) is needed.",
        "An individual voluntary arrangement (IVA) is made.",
    ),
    ("NHS trusts (NTs) lead.", PARTNERSHIP),
    ("There are 44 STPs in England.", "England has forty-four STPs."),
    ("There are 44 STPs in England.", "There are six STPs in the South West."),
    (
        "There are seven STPs in the South East region.",
        "There are six STPs in the South West region.",
    ),
    ("There are 44 STPs in England.", "Six STPs in England have published a plan."),
    ("There are 44 STPs in England.", "Each of the 44 footprints submitted its STP."),
    ("England had 50 STPs in 2016.", "England had 44 STPs in 2018."),
    ("Devon has over 40 community hubs.", "Devon has 44 community hubs."),
    ("Devon has around 42 community hubs.", "Devon has 44 community hubs."),
    ("Devon has up to 50 community hubs.", "Devon has fewer than 45 community hubs."),
    ("Devon has 5 community hubs.", "Devon plans 6 community hubs."),
    ("Devon does not have 5 community hubs.", "Devon has 6 community hubs."),
    ("Devon has £5 million for community hubs.", "Devon has 5 community hubs."),
    ("It has nine areas with a plan.", "It has four areas with a plan."),
    ("See section 5 of the Kent plan.", "See section 6 of the Kent plan."),
    ("Fill in Kent form MV 82 first.", "Fill in Kent form MV 44 first."),
    ("Call Kent on 01622 555 100 free.", "Call Kent on 01622 555 200 free."),
    ("Does Kent have 5 hubs?", "Kent has 6 hubs."),
    ("Kent pays 5 nurses, if they live there.", "Kent pays 6 nurses, if they do not."),
    ("England replaces STPs by 2021.", "England replaces STPs by April 2021."),
    ("England replaces STPs by 2021.", "England replaces STPs from 2023."),
    ("Kent published its plan in June.", "Kent published its plan in June 2016."),
    ("Kent published its plan in 2016/17.", "Kent published its plan in March 2017."),
    ("Kent published the draft in June 2016.", "Kent published the final plan in October 2016."),
    ("In 1940, in England.", "In 1950, in England."),
    ("", ""),
]
PAGES: Mapping[str, Document] = defaultdict(lambda: document(PAGE))
"""A page of every name."""

quotes = st.one_of(
    st.sampled_from([quote for pair in (*DIFFER, *SAME) for quote in pair[:2]]),
    st.text(st.sampled_from("AaBb 2Six7%£/.,:(–)-\n"), max_size=60),
)
headings = st.lists(st.sampled_from(["Devon", "Kent", "What is an STP?"]), max_size=2).map(tuple)
words = st.builds(Words, quotes, headings, st.just(PAGE))


def citation(number: int, doc_id: str, quote: str, *also: str, **known: Any) -> Citation:
    """Return a citation of some words of a page, which stand on other pages too."""
    return Citation(
        number=number,
        doc_id=doc_id,
        title=known.get("title", doc_id),
        publisher=None,
        published=None,
        describes=None,
        headings=known.get("headings", ()),
        quote=quote,
        start=0,
        end=len(quote),
        also=tuple(Place(other, 0, len(quote)) for other in also),
        surroundings=Excerpt(0, len(quote), quote),
        probability=0.9,
    )


@pytest.mark.parametrize(("one", "other", "about"), DIFFER)
def test_pairs_that_differ(one: str, other: str, about: str) -> None:
    """Each of these pairs differs in exactly what is said."""
    assert differ(Words(one, document_text=PAGE), Words(other, document_text=PAGE)) == [about]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_pairs_that_do_not_differ(one: str, other: str) -> None:
    """These speak of other things, other names or other times, or agree in other words."""
    assert differ(Words(one, document_text=PAGE), Words(other, document_text=PAGE)) == []


@pytest.mark.parametrize(
    ("above_one", "above_other", "differs"),
    [
        (("Devon",), ("Devon",), True),
        (("Devon", "Hubs"), ("Hubs in Devon",), True),
        (("Devon",), ("Kent",), False),
        (("Devon",), ("Devon", "North Devon"), False),
        ((), (), False),
    ],
)
def test_headings_name_what_a_sentence_does_not(
    above_one: tuple[str, ...], above_other: tuple[str, ...], differs: bool
) -> None:
    """Sentences without a name differ only under the same names: no wider and no other ones."""
    one = Words("There are nine community hubs.", above_one)
    other = Words("There are ten community hubs.", above_other)
    assert bool(differ(one, other)) is differs


def test_every_sentence_counts() -> None:
    """The sentence that differs may stand anywhere in a quote, also as an item of a list."""
    one = Words("It is long.\nKent has 5 hubs.", document_text=PAGE)
    other = Words("Kent has:\na plan\nsix hubs in Kent. And more.", document_text=PAGE)
    assert differ(one, other) == ["figure"]


def test_an_answer_names_its_quotes() -> None:
    """A difference names two quotes by their numbers, the lower one first, and what it is in."""
    quotes = [
        citation(1, "rcn", PLAN),
        citation(2, "lga", "There are 44 STPs in England."),
        citation(3, "faq", PARTNERSHIP),
        citation(4, "faq", "There are 42 STPs in England."),
    ]
    found = [(one.first, one.second, one.about) for one in differences(quotes, PAGES)]
    assert found == [(1, 3, "definition"), (2, 4, "figure")]


@pytest.mark.parametrize(
    ("question", "differ"),
    [
        ("What is an STP?", True),
        ("what do STPs do", True),
        ("What is a sustainability and transformation plan?", True),
        ("What is capitation?", False),
    ],
)
def test_a_definition_differs_for_who_asks_about_it(question: str, differ: bool) -> None:
    """What two pages call it is told only where the question is about what they call so."""
    quotes = [citation(1, "rcn", PLAN), citation(2, "faq", PARTNERSHIP)]
    assert bool(differences(quotes, PAGES, question)) is differ


@pytest.mark.parametrize(
    ("question", "differ"),
    [("What is an STP?", True), ("Do STPs have any legal standing?", False)],
)
def test_definitions_behind_the_first_quote(question: str, differ: bool) -> None:
    """Where the first quote is no definition, only who asks for one is told that two differ."""
    quotes = [
        citation(1, "lga", "STPs are not legal entities."),
        citation(2, "rcn", PLAN),
        citation(3, "faq", PARTNERSHIP),
    ]
    assert bool(differences(quotes, PAGES, question)) is differ


def test_what_is_defined_differently() -> None:
    """The abbreviations that two texts spell out differently are named, as the first has them."""
    assert differently_defined(PLAN, PARTNERSHIP) == ("STP",)
    assert differently_defined("Plans of joint care (PoJC).", "Plans of joint cash (POJC).") == (
        "PoJC",
    )
    assert differently_defined(PLAN, PLAN) == ()


def test_an_untitled_section_stands_under_the_title() -> None:
    """A quote without headings speaks of what its page is called after."""
    one = citation(1, "a", "There are nine community hubs.", title="Devon")
    other = citation(2, "b", "There are ten community hubs.", title="Devon")
    elsewhere = citation(2, "b", "There are ten community hubs.", title="Kent")
    assert differences([one, other], PAGES)
    assert not differences([one, elsewhere], PAGES)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("rcn",), ("rcn",)), (("rcn", "faq"), ("faq",)), (("rcn", "x"), ("faq", "x"))],
)
def test_a_page_does_not_differ_from_itself(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Quotes that share a page never differ, wherever else they stand."""
    (a, *also), (b, *too) = one, other
    assert (
        differences([citation(1, a, PLAN, *also), citation(2, b, PARTNERSHIP, *too)], PAGES) == ()
    )


@given(words, words)
@example(Words(PLAN), Words(PARTNERSHIP))
def test_differing_is_mutual(one: Words, other: Words) -> None:
    """If one quote differs from another, so does that from it, in the same."""
    assert differ(one, other) == differ(other, one)


@given(words)
@example(Words(f"{PLAN} {PARTNERSHIP}"))
def test_nothing_differs_from_the_same_words(one: Words) -> None:
    """The same words on two pages say the same, unless they contradict themselves."""
    assert "definition" not in differ(one, one)
    assert not differ(one, one) or one.text not in [quote for pair in DIFFER for quote in pair[:2]]


@given(st.lists(quotes, min_size=2, max_size=4))
@example([PLAN, PARTNERSHIP, "Kent has 5 hubs.", "Kent has 6 hubs."])
def test_the_order_of_the_quotes_is_nothing(texts: list[str]) -> None:
    """The same quotes in another order differ the same."""
    pages = [citation(0, f"page{at}", text) for at, text in enumerate(texts)]
    seen = set()
    for order in permutations(pages):
        numbered = [citation(n, one.doc_id, one.quote) for n, one in enumerate(order, start=1)]
        found = differences(numbered, PAGES)
        seen.add(
            frozenset(
                (frozenset((order[d.first - 1].doc_id, order[d.second - 1].doc_id)), d.about)
                for d in found
            )
        )
    assert len(seen) == 1
