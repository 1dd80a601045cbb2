"""Selecting: what of a ranking is quoted, and in which order it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

import pytest
from fakes import FakeEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import document

from footprints.answer.cite import cite
from footprints.answer.select import (
    LEAST,
    MARGIN,
    MAX_QUOTES,
    REACH,
    asks_for_list,
    over_time,
    select,
)
from footprints.corpus.clean import words_of
from footprints.index.split import split
from footprints.types import (
    Candidate,
    Document,
    PartialDate,
    Passage,
    Scored,
    Sentence,
    Signals,
    Span,
    Understood,
)

QUESTION = Understood("Who leads the Devon STP?")
SIGNALS = Signals(
    subject=0.5, maxsim=0.5, cosine=0.5, coverage=0.5, named=1.0, expected=1.0, states=1.0
)

PAGE = document(
    """
# Places

## Devon

Angela leads Devon. It has a plan. The plan is new.

Cornwall is near.

## Areas

Two areas:

- East Devon
- West Devon

Its tasks are:

- to plan
- to pay
- to tell

Nobody leads them. Tim leads Dorset, which has none.

## Long

"""
    + " ".join(f"The {n} of them has ten words, and not eleven." for n in range(8))
)


def ranked(page: Document, nearest: float = 0.9, **scores: float) -> list[Scored[Candidate]]:
    """Rank the sentences of a page that begin with some words, given as names, best first."""
    candidates = [
        (passage, sentence)
        for passage in split(page, FakeEncoder(), 128)
        for sentence in passage.sentences
    ]
    ranking = []
    for words, score in scores.items():
        begins = words.replace("_", " ")
        row, (passage, sentence) = next(
            (row, one) for row, one in enumerate(candidates) if page.at(one[1]).startswith(begins)
        )
        signals = replace(SIGNALS, passage=nearest)
        ranking.append(Scored(Candidate(passage, sentence, row), score, signals))
    return sorted(ranking, key=lambda one: -one.score)


def selected(
    ranking: Sequence[Scored[Candidate]],
    question: Understood = QUESTION,
    documents: Mapping[str, Document] = MappingProxyType({PAGE.doc_id: PAGE}),
    least: int = 1,
) -> tuple[Scored[Candidate], ...]:
    """Select what is quoted of a ranking: what is close to the best, and no more unless told."""
    return select(question, ranking, documents, least)


def texts(chosen: Sequence[Scored[Candidate]], page: Document = PAGE) -> list[str]:
    """Return what stands where something was selected."""
    return [page.at(one.item.sentence) for one in chosen]


def asking(text: str, *names: str) -> Understood:
    """Make a question with names."""
    return Understood(text, names=tuple((name,) for name in names))


CORNWALL = "Cornwall is near."


def test_margin() -> None:
    """A sentence is quoted at most the margin below the best one, and left out beyond."""
    ranking = ranked(
        PAGE,
        Angela=0.9,
        Cornwall=0.9 - MARGIN + 0.001,
        Tim=0.9 - MARGIN - 0.001,
        Nobody=0.2,
    )
    chosen = selected(ranking)
    assert chosen == tuple(ranking[:2])


def test_a_name_that_no_other_quote_speaks_of() -> None:
    """A sentence below the margin is quoted if it alone speaks of one of the names."""
    ranking = ranked(PAGE, Angela=0.9, Cornwall=0.8, Tim=0.8)
    question = asking("Who leads Angela’s area and who Dorset?", "Angela", "Dorset")
    assert texts(selected(ranking, question)) == [
        "Angela leads Devon.",
        "Tim leads Dorset, which has none.",
    ]
    assert texts(selected(ranking, asking("Who leads it?"))) == ["Angela leads Devon."]


@pytest.mark.parametrize(
    ("names", "below", "quoted"),
    [
        (["Dorset"], MARGIN + 0.149, True),
        (["Dorset"], MARGIN + 0.151, False),
        (["Angela", "Dorset"], MARGIN + 0.074, True),
        (["Angela", "Dorset"], MARGIN + 0.076, False),
        (["Angela"], MARGIN + 0.001, False),
    ],
)
def test_what_new_names_are_worth(names: list[str], below: float, quoted: bool) -> None:
    """A sentence gains 0.15 times the share of the question's names that are new with it."""
    ranking = ranked(PAGE, Angela=0.9, Tim=0.9 - below)
    chosen = selected(ranking, asking("Who leads both?", *names))
    assert (len(chosen) == 2) is quoted


def test_one_quote_for_a_name_is_enough() -> None:
    """A name that a quote speaks of already brings no second one below the margin."""
    page = document("# P\n\nTim leads Dorset.\n\nAngela leads.\n\nDorset is near.")
    ranking = ranked(page, Angela=0.9, Tim=0.8, Dorset=0.79)
    chosen = selected(ranking, asking("Who leads Dorset?", "Dorset"), {"page": page})
    assert texts(chosen, page) == ["Angela leads.", "Tim leads Dorset."]


def test_a_heading_speaks_for_its_sentences() -> None:
    """A sentence speaks of a name that stands in the headings above it."""
    page = document("# P\n\nAngela leads.\n\n## Dorset\n\nTim leads.")
    ranking = ranked(page, Angela=0.9, Tim=0.8)
    chosen = selected(ranking, asking("Who leads Dorset?", "Dorset"), {"page": page})
    assert texts(chosen, page) == ["Angela leads.", "Tim leads."]


def test_a_lead_in_brings_its_list() -> None:
    """A lead-in is quoted with all of its items, which are then not quoted again."""
    chosen = selected(ranked(PAGE, Two_areas=0.9, East=0.89, Cornwall=0.2))
    assert texts(chosen) == ["Two areas:\n\nEast Devon\nWest Devon"]


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who leads the Devon STP?", "East Devon"),
        ("What are the areas of Devon?", "Two areas:\n\nEast Devon\nWest Devon"),
    ],
)
def test_an_item_brings_its_list_if_asked(question: str, quote: str) -> None:
    """An item is quoted alone, or as its whole list where the question asks for a list."""
    assert texts(selected(ranked(PAGE, East=0.9), Understood(question))) == [quote]


def test_items_are_not_joined() -> None:
    """Items of a list that are both quoted stay two quotes: each is on a line of its own."""
    assert texts(selected(ranked(PAGE, East=0.9, West=0.88))) == [
        "East Devon",
        "West Devon",
    ]


def test_most_items_of_a_list_are_the_list() -> None:
    """Three items of one list that are close to the best are quoted as that list."""
    whole = "Its tasks are:\n\nto plan\nto pay\nto tell"
    items = {"to_plan": 0.9, "to_tell": 0.89, "to_pay": 0.88}
    assert texts(selected(ranked(PAGE, **items, Cornwall=0.87))) == [whole, "Cornwall is near."]


def test_two_items_are_not_their_list() -> None:
    """Two items of a list, or three of which one is far below the best, stay items."""
    chosen = texts(selected(ranked(PAGE, to_plan=0.9, to_tell=0.89, to_pay=0.3)))
    assert chosen == ["to plan", "to tell"]


def test_a_lead_in_behind_its_item() -> None:
    """A lead-in whose item is quoted already brings no list."""
    chosen = selected(ranked(PAGE, East=0.9, Two_areas=0.89))
    assert texts(chosen) == ["East Devon"]


def test_a_list_too_long_for_a_passage_stays_items() -> None:
    """An item whose list is too long to be quoted whole is quoted alone."""
    item = Sentence(12, 20, lead=Span(0, 10))
    passage = Passage("page", ("Heading",), 0, 20, (item,))
    scored = Scored(Candidate(passage, item, 0), 0.9, replace(SIGNALS, passage=0.9))
    chosen = selected([scored], Understood("List the leads of the STPs"))
    assert [(one.item.sentence.start, one.item.sentence.end) for one in chosen] == [(12, 20)]


def test_the_same_place_in_two_documents_is_quoted_twice() -> None:
    """Offsets overlap only within one document."""
    pages = {name: document("# P\n\nAngela leads.", name) for name in ("one", "two")}
    ranking = [ranked(page, Angela=0.9)[0] for page in pages.values()]
    assert len(selected(ranking, documents=pages)) == 2


@pytest.mark.parametrize("scores", [(0.9, 0.88), (0.88, 0.9)])
def test_neighbours_are_joined(scores: tuple[float, float]) -> None:
    """Two sentences side by side in a paragraph are one quote, whichever of them is better."""
    ranking = ranked(PAGE, Angela=scores[0], It_has=scores[1])
    chosen = selected(ranking)
    assert texts(chosen) == ["Angela leads Devon. It has a plan."]
    assert chosen[0].score == 0.9


@pytest.mark.parametrize("order", [(0.9, 0.89, 0.88), (0.9, 0.88, 0.89), (0.88, 0.89, 0.9)])
def test_three_neighbours_are_joined(order: tuple[float, float, float]) -> None:
    """A row of neighbours is one quote, also if the one in the middle comes last."""
    ranking = ranked(PAGE, Angela=order[0], It_has=order[1], The_plan=order[2])
    assert texts(selected(ranking)) == ["Angela leads Devon. It has a plan. The plan is new."]


def test_a_joined_quote_stands_where_its_best_sentence_did() -> None:
    """Joining neighbours does not change which quote comes first."""
    ranking = ranked(PAGE, Angela=0.9, Tim=0.89, It_has=0.88)
    assert texts(selected(ranking)) == [
        "Angela leads Devon. It has a plan.",
        "Tim leads Dorset, which has none.",
    ]


def test_what_is_not_side_by_side_is_not_joined() -> None:
    """Sentences with one between them, or in two paragraphs, stay two quotes."""
    for ranking in (
        ranked(PAGE, Angela=0.9, The_plan=0.89),
        ranked(PAGE, The_plan=0.9, Cornwall=0.89),
    ):
        assert len(selected(ranking)) == 2


def test_joined_neighbours_are_not_long() -> None:
    """Neighbours are joined up to forty-five words, and no further."""
    scores = {f"The_{n}": 0.9 - n / 1000 for n in range(8)}
    quotes = texts(selected(ranked(PAGE, **scores)))
    assert max(len(words_of(quote)) for quote in quotes) == 40
    assert [quote[:5] for quote in quotes] == ["The 0", "The 4"]


def test_a_paragraph_under_the_heading_of_a_name() -> None:
    """A paragraph under the heading of a name that was asked for is quoted whole, and only it."""
    ranking = ranked(PAGE, It_has=0.9)
    question = asking("What plan has Devon?", "Devon")
    assert texts(selected(ranking, question)) == [
        "Angela leads Devon. It has a plan. The plan is new."
    ]
    for other in (asking("What plan has it?"), asking("What plan has Dorset?", "Dorset")):
        assert texts(selected(ranking, other)) == ["It has a plan."]


def test_the_innermost_heading_counts() -> None:
    """A name in a heading further up does not make a paragraph an answer about it."""
    ranking = ranked(PAGE, It_has=0.9)
    question = asking("What plan have places?", "Places")
    assert texts(selected(ranking, question)) == ["It has a plan."]


def test_sentences_of_a_whole_paragraph_are_quoted_once() -> None:
    """Where a paragraph is quoted whole, its other sentences are not quoted again."""
    ranking = ranked(PAGE, It_has=0.9, Angela=0.89, The_plan=0.88)
    chosen = selected(ranking, asking("What plan has Devon?", "Devon"))
    assert texts(chosen) == ["Angela leads Devon. It has a plan. The plan is new."]


def test_a_long_paragraph_is_not_quoted_whole() -> None:
    """A paragraph of more than forty-five words is not quoted whole, wherever it stands."""
    chosen = selected(ranked(PAGE, The_3=0.9), asking("What is long?", "Long"))
    assert texts(chosen) == ["The 3 of them has ten words, and not eleven."]


SENTENCES = [
    PAGE.at(sentence)
    for passage in split(PAGE, FakeEncoder(), 128)
    for sentence in passage.sentences
]


@settings(max_examples=150)
@given(
    scores=st.lists(st.floats(0.8, 1), min_size=len(SENTENCES), max_size=len(SENTENCES)),
    names=st.lists(st.sampled_from(["Devon", "Dorset", "Long", "Areas", "Zebra"]), unique=True),
    text=st.sampled_from(["Who leads it in Devon?", "What are the areas?", "How has it changed?"]),
    least=st.integers(1, MAX_QUOTES),
)
def test_quotes_are_verbatim_and_apart(
    scores: list[float], names: list[str], text: str, least: int
) -> None:
    """However sentences are ranked, one to five quotes are verbatim, apart and hold the best."""
    found = dict(zip((words.replace(" ", "_") for words in SENTENCES), scores, strict=True))
    ranking = ranked(PAGE, **found)
    chosen = selected(ranking, asking(text, *names), least=least)
    quotes = cite(chosen, {PAGE.doc_id: PAGE})
    assert 1 <= len(chosen) <= MAX_QUOTES
    best = ranking[0].item.sentence
    assert any(quote.start <= best.start < best.end <= quote.end for quote in quotes)
    for quote in quotes:
        assert PAGE.text[quote.start : quote.end] == quote.quote == quote.quote.strip() != ""
    spans = sorted((one.item.sentence.start, one.item.sentence.end) for one in chosen)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_more_places_within_reach() -> None:
    """A sure answer shows three places to look at, one that is not five, if they are in reach."""
    page = document("\n\n".join(f"# P{n}\n\nFact {n} stands here." for n in range(7)))
    ranking = ranked(page, **{f"Fact_{n}": 0.9 - 0.01 * (n + 6 * (n > 0)) for n in range(7)})
    for least in (1, LEAST, MAX_QUOTES):
        assert len(selected(ranking, documents={"page": page}, least=least)) == least
    far = ranked(page, Fact_0=0.9, Fact_1=0.9 - REACH + 0.01, Fact_2=0.9 - REACH - 0.01)
    assert len(selected(far, documents={"page": page}, least=MAX_QUOTES)) == 2


def test_more_places_are_elsewhere() -> None:
    """What stands in view around a quote already is not another place to look at."""
    ranking = ranked(PAGE, Angela=0.9, The_plan=0.8, Cornwall=0.79, Tim=0.78)
    assert texts(selected(ranking, least=LEAST)) == [
        "Angela leads Devon.",
        "Tim leads Dorset, which has none.",
    ]


@pytest.mark.parametrize("no_answer", [{"points": 1.0}, {"states": 0.0}])
def test_what_answers_nothing_is_left_out(no_answer: dict[str, float]) -> None:
    """What only points elsewhere, or only asks, is not quoted, however well it fits."""
    best, plain = ranked(PAGE, Cornwall=0.95, Angela=0.6)
    best = replace(best, signals=replace(best.signals, **no_answer))
    assert texts(selected([best, plain])) == ["Angela leads Devon."]


@pytest.mark.parametrize("signal", ["defines", "publisher"])
def test_others_like_the_best_are_quoted_alone(signal: str) -> None:
    """Where the best sentence defines the term, or is of the publisher asked, so are all quoted."""
    best, other = ranked(PAGE, Cornwall=0.9, Angela=0.88)
    assert texts(selected([best, other])) == [CORNWALL, "Angela leads Devon."]
    best = replace(best, signals=replace(best.signals, **{signal: 1.0}))
    assert texts(selected([best, other])) == [CORNWALL]
    changed = Understood("How did that change?")
    assert texts(selected([best, other], changed)) == [CORNWALL, "Angela leads Devon."]
    other = replace(other, signals=replace(other.signals, **{signal: 0.5}))
    assert texts(selected([best, other])) == [CORNWALL, "Angela leads Devon."]


def test_a_list_that_was_asked_for_comes_first() -> None:
    """A whole list that comes near the best is shown before it, if a list was asked for."""
    ranking = ranked(PAGE, Angela=0.9, Cornwall=0.88, Two_areas=0.86)
    listed = texts(selected(ranking, Understood("List the areas")))
    assert listed == ["Two areas:\n\nEast Devon\nWest Devon", "Angela leads Devon.", CORNWALL]
    plain = texts(selected(ranking, Understood("Where are areas?")))
    assert plain == ["Angela leads Devon.", CORNWALL, "Two areas:\n\nEast Devon\nWest Devon"]


def test_a_list_far_below_the_best_stays_below() -> None:
    """A list that is far from the best does not come first only because it is one."""
    ranking = ranked(PAGE, Angela=0.9, Two_areas=0.9 - 0.13)
    listed = selected(ranking, Understood("List the areas"), least=LEAST)
    assert texts(listed)[0] == "Angela leads Devon."
    assert len(listed) == 2


@pytest.mark.parametrize("short", ["STP", "zone"])
def test_a_definition_comes_with_what_completes_it(short: str) -> None:
    """A definition that was asked for is quoted with the sentence that goes on about it."""
    page = document(f"# P\n\nAn {short} is a plan. These are areas of England. Tim has one.")
    ranking = ranked(page, An=0.9)
    question = Understood(f"What is an {short}?", defined=(short,))
    assert texts(selected(ranking, question, {"page": page}), page) == [
        f"An {short} is a plan. These are areas of England."
    ]
    assert texts(selected(ranking, Understood("Who plans?"), {"page": page}), page) == [
        f"An {short} is a plan."
    ]


def test_change_is_told_in_order_of_date() -> None:
    """A question of change shows the oldest page first, whatever fits it best."""
    pages = {
        name: replace(document(f"# P\n\nThe plan in {name}.", name), published=day, describes=of)
        for name, day, of in [
            ("newest", PartialDate("2021-04-01"), None),
            ("oldest", None, "2016 and 2017"),
            ("middle", PartialDate("2019-01-01"), "2010"),
            ("undated", None, None),
        ]
    }
    ranking = [
        ranked(page, The=0.9 - number / 100)[0] for number, page in enumerate(pages.values())
    ]
    for text, order in [
        ("How has the plan changed over time?", ["oldest", "middle", "newest", "undated"]),
        ("What is planned?", ["newest", "oldest", "middle", "undated"]),
    ]:
        chosen = selected(ranking, Understood(text), pages)
        assert [one.item.passage.doc_id for one in chosen] == order


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How has the STP process changed over time?", True),
        ("How did the plan of Devon evolve?", True),
        ("Give me a timeline of integrated care", True),
        ("What came first and what then?", True),
        ("Who leads the Devon STP?", False),
        ("How many STPs are there?", False),
        ("How will care be changed?", False),
    ],
)
def test_over_time(question: str, expected: bool) -> None:
    """A question asks how something changed if it says so."""
    assert over_time(question) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("List the must dos", True),
        ("Name all STPs in the South West", True),
        ("What are the nine must dos?", True),
        ("which systems make up the east of England?", True),
        ("Who are the STP leads?", True),
        ("Who leads the Devon STP?", False),
        ("What is an STP?", False),
        ("What does the plan say?", False),
        ("Why was the listed building sold?", False),
        ("Which area takes in Luton?", False),
    ],
)
def test_asks_for_list(question: str, expected: bool) -> None:
    """A question asks for a list if it names one or asks for several things."""
    assert asks_for_list(question) is expected
