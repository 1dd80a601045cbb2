"""Composing: numbered citations, and the passages that came closest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tiny import document

from footprints.answer.compose import cite, closest
from footprints.types import Candidate, Document, Passage, Place, Scored, Sentence

ONE = replace(
    document("# One\n\nDevon has a lead. Dorset has a lead.", "one", "The one"),
    publisher="RCN",
    published=date(2016, 8, 2),
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


def test_a_citation_says_where_it_stands() -> None:
    """A citation carries its quote, its place, its document's facts and its heading path."""
    (citation,) = cite([at(ONE, "Dorset has a lead.")], DOCUMENTS, 0.876543)
    assert citation.number == 1
    assert citation.quote == "Dorset has a lead." == ONE.at(citation)
    assert (citation.doc_id, citation.title, citation.publisher) == ("one", "The one", "RCN")
    assert (citation.published, citation.describes) == (date(2016, 8, 2), "2016")
    assert citation.headings == ("One",)
    assert citation.also == ()
    assert citation.probability == 0.8765


def test_the_same_words_are_one_citation() -> None:
    """Sentences that differ in case and punctuation only are merged, naming the other places."""
    accepted = [at(ONE, "Devon has a lead."), at(TWO, "Somerset."), at(TWO, "“Devon has a LEAD”.")]
    first, second = cite(accepted, DOCUMENTS, 0.9)
    start = TWO.text.index("“")
    assert first.also == (Place("two", start, start + len("“Devon has a LEAD”.")),)
    assert (first.quote, second.quote) == ("Devon has a lead.", "Somerset.")
    assert (first.number, second.number) == (1, 2)


def test_at_most_five_citations() -> None:
    """The best five different quotes are cited, and merged ones do not use up places."""
    page = document("\n\n".join(f"Fact {n}." for n in range(1, 8)))
    accepted = [at(page, f"Fact {n}.") for n in (1, 1, 2, 3, 4, 5, 6, 7)]
    citations = cite(accepted, {"page": page}, 0.9)
    assert [citation.quote for citation in citations] == [f"Fact {n}." for n in range(1, 6)]
    assert [citation.number for citation in citations] == [1, 2, 3, 4, 5]


def test_nothing_accepted_is_nothing_cited() -> None:
    """No evidence makes no citation."""
    assert cite([], DOCUMENTS, 0.1) == ()


def test_the_closest_are_whole_passages() -> None:
    """What came closest is shown as whole passages, best first, each of them once."""
    sentences = (Sentence(5, 22), Sentence(23, 41))
    passage = Passage("one", ("One",), 5, 41, sentences)
    devon, dorset = (Scored(Candidate(passage, one, 0), 0.9) for one in sentences)
    related = closest([dorset, at(TWO, "Somerset."), devon], DOCUMENTS, 0.2)
    assert [one.quote for one in related] == ["Devon has a lead. Dorset has a lead.", "Somerset."]
    assert [one.number for one in related] == [1, 2]


@pytest.mark.parametrize(("given", "shown"), [(0, 0), (2, 2), (7, 3)])
def test_at_most_three_are_closest(given: int, shown: int) -> None:
    """Three passages at most are shown as closest."""
    page = document("\n\n".join(f"Fact {n}." for n in range(7)))
    rejected = [at(page, f"Fact {n}.") for n in range(given)]
    assert len(closest(rejected, {"page": page}, 0.2)) == shown
