"""Laws that hold for every document, whatever its words.

The one law of places, ``document.text[x.start:x.end] == x.text``, holds by construction, as no
place has a text of its own; what is left to prove is that places are in order and lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import FakeEncoder
from hypothesis import given
from hypothesis import strategies as st

from footprints.corpus.clean import clean
from footprints.corpus.loaders.markdown import read_markdown
from footprints.corpus.loaders.plain import read_plain
from footprints.corpus.snapshot import Corpus
from footprints.index.encoder import BundledEncoder
from footprints.index.split import split
from footprints.types import BlockKind, Document, Encoder, HasSpan, Passage, Sentence

READERS = {".md": read_markdown, ".txt": read_plain}

ODD_WORDS = ["A&E", "Dr.", "1.5", "café", "e\u0301", "漢字", "한국어", "🙂", "👩\u200d👧", "שלום"]

LETTERS = st.characters(categories=["L"])

words = st.one_of(
    st.sampled_from(ODD_WORDS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6),
    st.integers(17, 200).map(lambda length: "x" * length),
)
sentences = st.builds(
    lambda words, end: " ".join(words) + end,
    st.lists(words, min_size=1, max_size=12),
    st.sampled_from([".", "?", "!", ":", "", "…", "。"]),
)
paragraphs = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
headings = st.builds(lambda level, words: "#" * level + " " + words, st.integers(1, 6), sentences)
items = st.builds(
    lambda depth, marker, words: "    " * depth + marker + " " + words,
    st.integers(0, 3),
    st.sampled_from(["-", "*", "1.", "•"]),
    sentences,
)
lists = st.lists(items, min_size=1, max_size=6).map("\n".join)
rows = st.lists(words, min_size=5, max_size=5).map(" | ".join)
tables = st.lists(rows, min_size=1, max_size=4).map(
    lambda rows: "\n".join([rows[0], "-|-|-|-|-", *rows[1:]])
)
sources = st.lists(
    st.one_of(headings, paragraphs, lists, tables, sentences.map("> {}".format)), max_size=8
).map("\n\n".join)


def document(source: str, suffix: str) -> Document:
    """Read a document of which nothing is known but its words."""
    layout = READERS[suffix](source)
    blocks = tuple(layout.blocks)
    return Document("Page", None, None, None, "page", (), f"page{suffix}", layout.text, blocks)


documents = st.builds(document, sources, st.sampled_from([".md", ".txt"]))


def check_places(document: Document, places: Sequence[HasSpan]) -> None:
    """Check that places are in range and order, do not overlap, and hold trimmed text."""
    for place in places:
        assert 0 <= place.start < place.end <= len(document.text)
        assert document.at(place) == document.at(place).strip() != ""
    for before, after in pairwise(places):
        assert before.end <= after.start


def sentences_of(passages: Sequence[Passage]) -> list[Sentence]:
    """Return all sentences in order."""
    return [sentence for passage in passages for sentence in passage.sentences]


def check_blocks(document: Document, passages: list[Passage], encoder: Encoder) -> None:
    """Blocks are in order and hold all words, clean; only the cells of a row are tabs apart."""
    assert document.text.split() == " ".join(map(document.at, document.blocks)).split()
    for before, after in pairwise(document.blocks):
        assert before.end < after.start
    for block in document.blocks:
        cells = document.at(block).split("\t")
        assert [clean(cell) for cell in cells] == cells
        assert any(cells)
        assert len(cells) == 1 or block.kind is BlockKind.TABLE_ROW


def check_passages(document: Document, passages: list[Passage], encoder: Encoder) -> None:
    """Passages are places, each made of its sentences, with an id of its own."""
    check_places(document, passages)
    for passage in passages:
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
    assert len({passage.passage_id for passage in passages}) == len(passages)


def check_limits(document: Document, passages: list[Passage], encoder: Encoder) -> None:
    """No passage has more pieces than the encoder reads."""
    for passage in passages:
        assert len(encoder.pieces(document.at(passage))) <= encoder.max_pieces


def check_headings(document: Document, passages: list[Passage], encoder: Encoder) -> None:
    """A passage crosses no heading, and its path is the headings that are open above it."""
    for passage in passages:
        path: dict[int, str] = {}
        for block in document.blocks:
            if block.kind is BlockKind.HEADING and block.start < passage.end:
                assert block.end <= passage.start
                path = {level: text for level, text in path.items() if level < block.level}
                path[block.level] = document.at(block)
        assert passage.headings == tuple(path.values())


def check_sentences(document: Document, passages: list[Passage], encoder: Encoder) -> None:
    """Sentences are places that hold every character outside headings once, but white space."""
    check_places(document, sentences_of(passages))
    held = [0] * len(document.text)
    for sentence in sentences_of(passages):
        for at in range(sentence.start, sentence.end):
            held[at] += 1
    for block in document.blocks:
        wanted = 0 if block.kind is BlockKind.HEADING else 1
        for at in range(block.start, block.end):
            assert held[at] == wanted or document.text[at].isspace()


def check_leads(document: Document, passages: list[Passage], encoder: Encoder) -> None:
    """A lead-in stands before its sentence, under the same headings."""
    for passage in passages:
        for sentence in passage.sentences:
            if sentence.lead:
                check_places(document, [sentence.lead])
                assert sentence.lead.end <= sentence.start
                assert not any(
                    block.kind is BlockKind.HEADING
                    and sentence.lead.end <= block.start < sentence.start
                    for block in document.blocks
                )


def check_wholes(document: Document, passages: list[Passage], encoder: Encoder) -> None:
    """The whole of a list holds the sentence, and can be read at once."""
    for sentence in sentences_of(passages):
        if sentence.whole:
            check_places(document, [sentence.whole])
            assert sentence.whole.start <= sentence.start
            assert sentence.end <= sentence.whole.end
            assert len(encoder.pieces(document.at(sentence.whole))) <= encoder.max_pieces


Law = Callable[[Document, list[Passage], Encoder], None]
LAWS: list[Law] = [
    check_blocks,
    check_passages,
    check_limits,
    check_headings,
    check_sentences,
    check_leads,
    check_wholes,
]


@pytest.mark.parametrize("law", LAWS)
@given(document=documents, max_pieces=st.integers(1, 40), target=st.integers(1, 60))
def test_laws(law: Law, document: Document, max_pieces: int, target: int) -> None:
    """Every law holds for any document, limit and target."""
    encoder = FakeEncoder(max_pieces=max_pieces)
    law(document, split(document, encoder, target), encoder)


@pytest.mark.parametrize("law", LAWS)
def test_laws_on_the_five_documents(
    law: Law, corpus_dir: Path, real_encoder: BundledEncoder
) -> None:
    """Every law holds for the pages of this repository with the real encoder."""
    pages = Corpus.of(corpus_dir).documents()
    assert len(pages) == 5
    for page in pages:
        law(page, split(page, real_encoder, 128), real_encoder)


@given(st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    """Cleaning twice is cleaning once, and leaves no white space but single spaces."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.split() == [word for word in cleaned.split(" ") if word]


@pytest.mark.parametrize("suffix", READERS)
@given(lines=st.lists(st.lists(st.text(LETTERS, min_size=4), min_size=1), min_size=1))
def test_words_are_kept(suffix: str, lines: list[list[str]]) -> None:
    """A loader keeps all words, in order, wherever lines are broken."""
    source = "\n".join(" ".join(line) for line in lines)
    assert READERS[suffix](source).text.split() == source.split()
