"""Documents are split into passages under one heading, and those into what is quoted."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeEncoder
from tiny import document

from footprints.corpus.snapshot import Corpus
from footprints.index.encoder import BundledEncoder
from footprints.index.split import split
from footprints.types import Document, HasSpan, Passage, Sentence


def split_(source: str, max_pieces: int = 254, target: int = 128) -> tuple[Document, list[Passage]]:
    """Split the document that some Markdown makes."""
    page = document(source)
    return page, split(page, FakeEncoder(max_pieces=max_pieces), target)


def sentences(passages: list[Passage]) -> list[Sentence]:
    """Return all sentences in order."""
    return [sentence for passage in passages for sentence in passage.sentences]


def texts(page: Document, places: list[Sentence] | list[Passage]) -> list[str]:
    """Return what stands at places."""
    return [page.at(place) for place in places]


def text(page: Document, place: HasSpan | None) -> str | None:
    """Return what stands at a place, if there is one."""
    return page.at(place) if place else None


def test_sentences_of_a_paragraph() -> None:
    """Abbreviations do not end a sentence; full stops, question and exclamation marks do."""
    page, passages = split_("Dr. Dolman leads it. Does he? Yes, e.g. in Somerset! About £1.5 m.")
    assert texts(page, sentences(passages)) == [
        "Dr. Dolman leads it.",
        "Does he?",
        "Yes, e.g. in Somerset!",
        "About £1.5 m.",
    ]


@pytest.mark.parametrize("source", ["", "# A\n\n## B"])
def test_nothing_to_quote(source: str) -> None:
    """A document of headings alone has no passages."""
    assert split_(source)[1] == []


def test_paragraphs_fill_a_passage_up_to_the_target() -> None:
    """Whole paragraphs are taken together while they fit the target."""
    page, passages = split_("a b c\n\nd e\n\nf g h\n\ni", target=5)
    assert texts(page, passages) == ["a b c\n\nd e", "f g h\n\ni"]


def test_a_list_stays_with_its_lead_in() -> None:
    """A lead-in and its items are one passage even beyond the target, each item knowing both."""
    page, passages = split_("Before. Six areas:\n\n- a b c\n- d e f\n\nAfter.", target=3)
    assert texts(page, passages) == ["Before. Six areas:\n\na b c\nd e f", "After."]
    _, lead, *items = passages[0].sentences
    assert page.at(lead) == "Six areas:"
    assert [text(page, item.lead) for item in items] == ["Six areas:"] * 2
    assert {text(page, place.whole) for place in (lead, *items)} == {"Six areas:\n\na b c\nd e f"}


def test_numbers_of_items_take_no_room() -> None:
    """A numbered list is split where the same list with bullets is."""
    bulleted, numbered = (
        texts(*split_(f"It has two parts.\n\n{a} a b c\n{b} d e f", target=11))
        for a, b in (("-", "-"), ("1.", "2."))
    )
    assert bulleted == ["It has two parts.\n\na b c\nd e f"]
    assert numbered == ["It has two parts.\n\n1. a b c\n2. d e f"]


def test_a_list_without_lead_in() -> None:
    """Items under a line that does not lead them in know their list, and nothing leads them."""
    page, passages = split_("No lead-in.\n\n- a\n- b")
    before, *items = sentences(passages)
    assert before.whole is None
    assert [(text(page, item.lead), text(page, item.whole)) for item in items] == [
        (None, "a\nb"),
        (None, "a\nb"),
    ]


def test_a_label_with_one_value_is_one_sentence() -> None:
    """A lead-in or an item with a single line under it is quoted with that line."""
    page, passages = split_("Urgent care:\n\n- South Devon\n\nSites:\n\n- Homes\n  - None\n- Acute")
    assert texts(page, sentences(passages)) == [
        "Urgent care:\n\nSouth Devon",
        "Sites:",
        "Homes\nNone",
        "Acute",
    ]


def test_nested_lists() -> None:
    """An item with several lines under it leads them in, and is the whole of its own list."""
    page, passages = split_("Sites:\n\n- a\n- b\n  - c\n  - d\n- e")
    found = {page.at(sentence): sentence for sentence in sentences(passages)}
    assert list(found) == ["Sites:", "a", "b", "c", "d", "e"]
    assert {key: text(page, found[key].lead) for key in found} == {
        "Sites:": None, "a": "Sites:", "b": "Sites:", "c": "b", "d": "b", "e": "Sites:"
    }  # fmt: skip
    assert {text(page, found[key].whole) for key in "bcd"} == {"b\nc\nd"}
    assert {text(page, found[key].whole) for key in "ae"} == {"Sites:\n\na\nb\nc\nd\ne"}


def test_a_paragraph_inside_an_item_belongs_to_the_list() -> None:
    """What an item says in a second paragraph does not break the list in two."""
    page, passages = split_("Sites:\n\n- a\n\n  more of a\n- b", target=1)
    assert texts(page, passages) == ["Sites:\n\na\n\nmore of a\n\nb"]
    assert text(page, sentences(passages)[-1].lead) == "Sites:"


def test_a_table_header_leads_its_rows() -> None:
    """Every row but the first is led in by the first, and the table stays together."""
    page, passages = split_("| Area | Lead |\n|-|-|\n| Devon | A |\n| Kent | B |", target=2)
    assert len(passages) == 1
    header, *rows = passages[0].sentences
    assert header.lead is None
    assert texts(page, rows) == ["Devon\tA", "Kent\tB"]
    assert {text(page, row.lead) for row in rows} == {"Area\tLead"}
    assert text(page, header.whole) == "Area\tLead\nDevon\tA\nKent\tB"
    assert {row.whole for row in rows} == {None}


@pytest.mark.parametrize(
    ("rows", "whole"),
    [("| c d |\n| e f |", "a b\nc d"), ("| c d e f |", None), ("", None)],
    ids=["some", "none fits", "no rows"],
)
def test_the_whole_of_a_header_is_read_in_one_piece(rows: str, whole: str | None) -> None:
    """As many rows come with a header as are read with it."""
    page, passages = split_(f"| a b |\n|-|\n{rows}", max_pieces=4)
    assert text(page, sentences(passages)[0].whole) == whole


def test_a_second_table_has_a_header_of_its_own() -> None:
    """Of two tables in a row, each is led in by its own header."""
    page, passages = split_("|a|\n|-|\n|b|\n\n|c|\n|-|\n|d|")
    leads = {page.at(sentence): text(page, sentence.lead) for sentence in sentences(passages)}
    assert leads == {"a": None, "b": "a", "c": None, "d": "c"}


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("a b c d e f g", ["a b c", "d e f", "g"]),
        ("x" * 16 * 7, ["x" * 48, "x" * 48, "x" * 16]),
        ("Lead:\n\n- a b c d\n- e", ["Lead:", "a b c", "d", "e"]),
        ("|a|b|c|d|\n|-|-|-|-|", ["a\tb\tc", "d"]),
    ],
    ids=["sentence", "word", "item", "row"],
)
def test_what_is_too_long_to_read_is_cut(source: str, parts: list[str]) -> None:
    """A sentence, word, item or row beyond the limit is cut, between words if it can be."""
    page, passages = split_(source, max_pieces=3, target=2)
    assert texts(page, sentences(passages)) == parts


def test_a_list_too_long_to_read_has_no_whole() -> None:
    """A list that no passage can hold is not offered whole, and its items keep their lead-in."""
    page, passages = split_("Areas:\n\n- a b\n- c d\n- e f", max_pieces=5)
    assert texts(page, passages) == ["Areas:\n\na b", "c d\ne f"]
    assert {sentence.whole for sentence in sentences(passages)} == {None}
    assert {text(page, sentence.lead) for sentence in sentences(passages)[1:]} == {"Areas:"}


@pytest.mark.parametrize(
    "source",
    [
        "word " * 2000,
        "Six areas: " + "; ".join(["integrated care"] * 400) + ".",
        "-".join(["multidisciplinary"] * 300),
        "漢字照護" * 300,
        "한국어통합" * 200,
        "👩‍👩‍👧🙂❤️" * 200,
        "é̀" * 800,
    ],
    ids=["words", "clauses", "one long word", "han", "hangul", "emoji", "accents"],
)
def test_no_passage_exceeds_what_the_real_encoder_reads(
    real_encoder: BundledEncoder, source: str
) -> None:
    """However long a sentence or word is, the real tokenizer reads every passage whole."""
    page = document(source)
    for passage in split(page, real_encoder, 128):
        assert len(real_encoder.pieces(page.at(passage))) <= real_encoder.max_pieces


def test_the_five_documents(corpus_dir: Path, real_encoder: BundledEncoder) -> None:
    """Every passage of the real pages is read whole, and their longest list is one passage."""
    pages = Corpus.of(corpus_dir).documents()
    passages = [(page, passage) for page in pages for passage in split(page, real_encoder, 128)]
    counts = [len(real_encoder.pieces(page.at(passage))) for page, passage in passages]
    assert max(counts) <= real_encoder.max_pieces == 254
    holding = [page.at(p) for page, p in passages if "Angela Pedder" in page.at(p)]
    assert len(holding) == 1
    assert "with leads as follows:" in holding[0]
    assert "Mary Hutton" in holding[0]
