"""Citing: numbered quotes in their surroundings, and the passages further down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

import pytest
from fakes import FakeEncoder
from hypothesis import assume, given
from hypothesis import strategies as st
from tiny import document

from footprints.answer.cite import FURTHER, cite, further, same_words
from footprints.answer.select import select
from footprints.answer.surroundings import WORDS, overlap
from footprints.corpus.clean import words_of
from footprints.index.split import split
from footprints.types import (
    Candidate,
    Citation,
    Document,
    Excerpt,
    PartialDate,
    Passage,
    Place,
    Scored,
    Sentence,
    Understood,
)

ONE = replace(
    document("# One\n\nDevon has a lead. Dorset has a lead.", "one", "The one"),
    publisher="RCN",
    published=PartialDate("2016-08-02"),
    describes="2016",
)
TWO = document("# Two\n\n“Devon has a LEAD”.\n\nSomerset.", "two", "The two")
DOCUMENTS = {"one": ONE, "two": TWO}


def at(page: Document, words: str) -> Scored[Candidate]:
    """Find words on a page, as a ranked sentence that is a passage of its own."""
    start = page.text.index(words)
    sentence = Sentence(start, start + len(words))
    headings = (page.at(page.blocks[0]),)
    passage = Passage(page.doc_id, headings, sentence.start, sentence.end, (sentence,))
    return Scored(Candidate(passage, sentence, 0), 0.9)


def test_the_same_words_are_one_citation() -> None:
    """Sentences that differ in case and punctuation only are merged, naming the other places."""
    accepted = [at(ONE, "Devon has a lead."), at(TWO, "Somerset."), at(TWO, "“Devon has a LEAD”.")]
    first, second = cite(accepted, DOCUMENTS)
    start = TWO.text.index("“")
    assert first.also == (Place("two", start, start + len("“Devon has a LEAD”.")),)
    assert (first.quote, second.quote) == ("Devon has a lead.", "Somerset.")
    assert (first.number, second.number) == (1, 2)


def test_numbers_go_on() -> None:
    """What is cited after other quotes is numbered on, and what they hold already is not anew."""
    before = cite([at(ONE, "Devon has a lead.")], DOCUMENTS)
    after = cite([at(TWO, "Somerset."), at(ONE, "has a lead.")], DOCUMENTS, after=before)
    assert [(one.number, one.quote) for one in after] == [
        (2, "Somerset."),
        (1, "Devon has a lead."),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Two leads and a board.", "Two leads and a board.", True),
        ("The STPs have leads in every one of them.", "STPs have leads in every one.", True),
        ("Ten plans were drawn up in the end.", "Ten plans were not drawn up in the end.", False),
        ("Plans are backed by money from 2016 on.", "Plans are backed by money.", False),
        ("Plans are backed by money.", "Plans are backed by money without end.", False),
        ("Angela leads Devon.", "Angela leads Dorset.", False),
        ("Angela leads Devon.", "Angela leads Devon as well as both the others.", False),
        ("Devon leads Angela.", "Angela leads Devon.", False),
        ("East Devon", "West Devon", False),
    ],
)
def test_same_words(one: str, other: str, same: bool) -> None:
    """Two quotes say the same if one has a few words more, none of them a number or a denial."""
    assert same_words(words_of(one), words_of(other)) is same
    assert same_words(words_of(other), words_of(one)) is same


def test_near_duplicates_are_one_citation_with_both_places() -> None:
    """A quote that another page says in a few words more is cited once, naming both places."""
    other = document("# Three\n\nToday Devon has a lead.", "three")
    pages = {**DOCUMENTS, "three": other}
    accepted = [at(ONE, "Devon has a lead."), at(other, "Today Devon has a lead.")]
    (citation,) = cite(accepted, pages)
    place = accepted[1].item.sentence
    assert citation.quote == "Devon has a lead."
    assert citation.also == (Place("three", place.start, place.end),)


def test_the_same_words_further_down_are_its_other_place() -> None:
    """A quote names where else its words stand, though they were not chosen; a few words do not."""
    said = "Devon has a lead who was chosen by its councils."
    one, two = (document(f"# Page\n\n{said}\n\nIt does.", name) for name in ("a", "b"))
    pages = {"a": one, "b": two}
    ranking = [at(page, words) for words in (said, "It does.") for page in (one, two)]
    long, short = cite([ranking[0], ranking[2]], pages, ranking=ranking)
    start = two.text.index(said)
    assert long.also == (Place("b", start, start + len(said)),)
    assert short.also == ()


def test_further_passages_of_the_same_words_are_one() -> None:
    """A passage that two pages have stands once further down, with both places."""
    said = "Devon has a lead who was chosen by its councils."
    pages = {name: document(said, name) for name in ("a", "b")}
    (only,) = further([at(one, said) for one in pages.values()], (), pages, lambda scored: 0.2)
    assert (only.doc_id, only.also) == ("a", (Place("b", 0, len(said)),))


def test_the_context_is_what_a_quote_stands_under() -> None:
    """A quote comes with its innermost heading and the lead-in of its list, both verbatim."""
    page = document("# Places\n\n## Devon\n\nTwo areas:\n\n- East\n- West\n\nNo more.")
    (passage,) = split(page, FakeEncoder(), 128)
    lead, east, _, more = passage.sentences
    found = {
        page.at(one): cite([Scored(Candidate(passage, one, 0), 0.9)], {"page": page})[0].context
        for one in (lead, east, more)
    }
    assert [[one.text for one in context] for context in found.values()] == [
        ["Devon"],
        ["Devon", "Two areas:"],
        ["Devon"],
    ]
    for context in found.values():
        assert all(page.text[one.start : one.end] == one.text for one in context)


def test_the_context_of_a_row_is_its_column_heads() -> None:
    """A row of a table comes with its column heads, and what stands under nothing with nothing."""
    page = document("| Area | Lead |\n|-|-|\n| Thanet | Tim |")
    (passage,) = split(page, FakeEncoder(), 128)
    (row,) = [one for one in passage.sentences if "Tim" in page.at(one)]
    (quote,) = cite([Scored(Candidate(passage, row, 0), 0.9)], {"page": page})
    assert [one.text for one in quote.context] == [page.text.split("\n")[0]]
    (bare,) = split(document("Only this."), FakeEncoder(), 128)
    one = Scored(Candidate(bare, bare.sentences[0], 0), 0.9)
    assert cite([one], {"page": document("Only this.")})[0].context == ()


PAGE = document(
    "\n\n".join(
        f"# Part {part}\n\n"
        + " ".join(f"Line {part}{n} says " + "so and " * (3 + n % 4) + "ends." for n in range(9))
        for part in range(3)
    )
    + "\n\n# List\n\nThe areas of it:\n\n- East\n- West\n- North\n\nThis is all. Truly."
)
SCORES = st.one_of(st.floats(0.85, 1), st.floats(0.96, 1))
RANKED = [
    Candidate(passage, sentence, number)
    for passage in split(PAGE, FakeEncoder(), 128)
    for number, sentence in enumerate(passage.sentences)
]


def chosen_of(scores: Sequence[float], text: str) -> list[Scored[Candidate]]:
    """Select from the sentences of the page, given their scores."""
    ranking = [Scored(one, score) for one, score in zip(RANKED, scores, strict=True)]
    ranking.sort(key=lambda one: -one.score)
    return [*select(Understood(text), ranking, {"page": PAGE}, least=5)]


def check_laws(citations: Sequence[Citation], page: Document = PAGE) -> None:
    """Check what holds for the citations of one answer."""
    assert [one.number for one in citations] == [*range(1, len(citations) + 1)]
    for one in citations:
        assert page.text[one.start : one.end] == one.quote
        for part in (one.surroundings, *one.context):
            assert page.text[part.start : part.end] == part.text
        assert one.surroundings.start <= one.start
        assert one.end <= one.surroundings.end
        most = max(WORDS, len(one.quote.split()))
        assert len(one.surroundings.text.split()) <= most
    for here, there in combinations([one.surroundings for one in citations], 2):
        assert here == there or not overlap(here, there)


@given(
    st.lists(SCORES, min_size=len(RANKED), max_size=len(RANKED)),
    st.sampled_from(["Who says so?", "What are the areas?"]),
)
def test_laws_of_citations(scores: list[float], text: str) -> None:
    """However sentences are ranked, all is verbatim, in 80 words, and nothing in view twice."""
    check_laws(cite(chosen_of(scores, text), {"page": PAGE}))


@given(
    *(
        st.lists(SCORES, min_size=len(RANKED), max_size=len(RANKED)),
        st.lists(SCORES, min_size=len(RANKED), max_size=len(RANKED)),
    )
)
def test_laws_of_the_citations_of_two_parts(one: list[float], other: list[float]) -> None:
    """The quotes of two questions in one keep the laws together, if none overlap in part."""
    quotes = chosen_of(one, "Who?")[:3], chosen_of(other, "What are the areas?")[:3]
    among = [*quotes[0], *quotes[1]]
    for here, there in product(*([one.item.sentence for one in part] for part in quotes)):
        assume(not overlap(here, there) or (here.start <= there.start and there.end <= here.end))
    first = cite(quotes[0], {"page": PAGE}, among=among)
    second = cite(quotes[1], {"page": PAGE}, after=first, among=among)
    new = tuple(quote for quote in second if quote.number > len(first))
    assert {quote.number for quote in second if quote not in new} <= {q.number for q in first}
    check_laws((*first, *new))


def test_further_are_whole_passages() -> None:
    """What stands further down is whole passages, best first, each of them once."""
    sentences = (Sentence(5, 22), Sentence(23, 41))
    passage = Passage("one", ("One",), 5, 41, sentences)
    devon, dorset = (Scored(Candidate(passage, one, 0), 0.9) for one in sentences)
    found = further([dorset, at(TWO, "Somerset."), devon], (), DOCUMENTS, lambda scored: 0.2)
    assert [one.quote for one in found] == ["Devon has a lead. Dorset has a lead.", "Somerset."]
    assert [one.number for one in found] == [1, 2]
    assert [one.surroundings for one in found] == [
        Excerpt(one.start, one.end, one.quote) for one in found
    ]


def test_further_is_not_in_view_and_numbered_on() -> None:
    """A passage whose sentence is in view around a quote is left out; the others go on from it."""
    shown = cite([at(ONE, "Devon has a lead.")], DOCUMENTS)
    ranking = [at(ONE, "Devon has a lead."), at(TWO, "Somerset."), at(ONE, "Dorset has a lead.")]
    found = further(ranking, shown, DOCUMENTS, lambda scored: 0.2)
    assert [(one.number, one.quote) for one in found] == [
        (2, "Somerset."),
        (3, "Dorset has a lead."),
    ]


def test_further_leaves_out_what_a_quote_names_as_its_other_place() -> None:
    """A place that is said to hold the same words as a quote is not shown again further down."""
    quotes = [at(ONE, "Devon has a lead."), at(TWO, "“Devon has a LEAD”.")]
    shown = cite(quotes, DOCUMENTS)
    assert further(
        [*quotes, at(TWO, "Somerset.")], shown, DOCUMENTS, lambda scored: 0.2
    ) == further([at(TWO, "Somerset.")], shown, DOCUMENTS, lambda scored: 0.2)


@pytest.mark.parametrize(("given", "shown"), [(0, 0), (2, 2), (12, FURTHER)])
def test_at_most_eight_are_further(given: int, shown: int) -> None:
    """Eight passages at most are shown further down."""
    page = document("\n\n".join(f"Fact {n}." for n in range(12)))
    ranking = [at(page, f"Fact {n}.") for n in range(given)]
    assert len(further(ranking, (), {"page": page}, lambda scored: 0.2)) == shown
    assert FURTHER == 8


def test_numbers_go_up_as_they_are_displayed() -> None:
    """Quotes of one place are numbered together, and what stands before a better one is none."""
    page = document(
        "# One\n\nDevon has a lead. It is known. Dorset has a lead too. "
        + " ".join(f"Word{number}" for number in range(90))
        + ".\n\n## Two\n\nSomerset has none."
    )
    found = {
        page.at(sentence): Scored(Candidate(passage, sentence, 0), 0.9)
        for passage in split(page, FakeEncoder(), 128)
        for sentence in passage.sentences
    }
    order = ["It is known.", "Somerset has none.", "Dorset has a lead too.", "Devon has a lead."]
    quotes = cite([found[words] for words in order], {"page": page})
    assert [(one.number, one.quote) for one in quotes] == [
        (1, "It is known."),
        (2, "Dorset has a lead too."),
        (3, "Somerset has none."),
    ]
    assert quotes[0].surroundings == quotes[1].surroundings
    assert "Devon has a lead." in quotes[0].surroundings.text
