"""Where an answer's quotes stand now, and the walk from one to the next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kept import answer, cited
from tiny import document

from footprints.answer.answerer import Answerer
from footprints.types import Document, Place, Span
from footprints.web.places import Walk, walk_through

SHARED = "Both say this."
OLD = replace(
    document(f"# Old\n\nFirst words.\n\n## Part\n\nSecond words. {SHARED}", "old", "Old"),
    describes="2015",
)
NEW = document(f"# New\n\n{SHARED} Third words.", "new", "New")
DOCUMENTS = {one.doc_id: one for one in (OLD, NEW)}


def span(document: Document, words: str) -> Span:
    """Return where words stand."""
    start = document.text.index(words)
    return Span(start, start + len(words))


def both() -> Place:
    """Return where the new page says what the old one says too."""
    place = span(NEW, SHARED)
    return Place("new", place.start, place.end)


GIVEN = answer(
    "Which words?",
    cited(NEW, "Third words.", 1),
    replace(cited(OLD, "Second words.", 2), describes="2015"),
    replace(cited(OLD, "First words.", 3), describes="2015"),
    replace(cited(OLD, SHARED, 4), describes="2015", also=(both(),)),
)


def walk(document: Document, words: str) -> Walk:
    """Walk through the answer from some words of a document."""
    return walk_through(GIVEN, DOCUMENTS, document, span(document, words))


def test_a_quote_of_two_pages_is_one_stop() -> None:
    """A quote of several places is passed once: at the mark, or on the page that is open."""
    marked = walk(NEW, SHARED)
    assert [stop.number for stop in marked.stops] == [1, 2, 3, 4]
    assert marked.here == 3
    assert marked.stops[3].document is NEW
    unmarked = walk_through(GIVEN, DOCUMENTS, NEW, None)
    assert unmarked.stops[3].document is NEW
    assert walk(OLD, "First words.").stops[3].document is OLD


def test_a_mark_that_is_no_quote_is_no_stop() -> None:
    """From a place that the answer does not quote, no quote is the next."""
    found = walk(OLD, "words")
    assert (found.here, found.previous, found.next) == (None, None, None)
    assert len(found.stops) == 4


def test_what_is_gone_is_passed_over() -> None:
    """Quotes whose document or words are gone are left out; the others keep their numbers."""
    changed = document("# Old\n\nOther words. Second words.", "old", "Old")
    found = walk_through(GIVEN, {"old": changed}, changed, span(changed, "Second words."))
    assert [(stop.number, stop.text) for stop in found.stops] == [(2, "Second words.")]
    assert (found.here, found.previous, found.next) == (0, None, None)


def test_without_quotes_there_is_no_walk() -> None:
    """An answer without any quote has no stops."""
    assert walk_through(answer("What?"), DOCUMENTS, OLD, None) == Walk()


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("First words.", ("Old",)),
        ("Second words.", ("Old", "Part")),
        ("Part", ("Old", "Part")),
        ("Old", ("Old",)),
    ],
)
def test_the_headings_above_a_place(words: str, path: tuple[str, ...]) -> None:
    """A place stands under the headings before it, a heading under itself too."""
    assert OLD.headings(span(OLD, words)) == path


def test_the_headings_above_a_quote_are_those_of_its_passage(answerer: Answerer) -> None:
    """Wherever a sentence of the corpus stands, its heading path is the one that is cited."""
    for passage in answerer.index.passages:
        document = answerer.index.documents[passage.doc_id]
        for sentence in passage.sentences:
            assert document.headings(sentence) == passage.headings


def test_what_is_folded_is_walked_through_where_there_is_no_answer() -> None:
    """Without quotes the walk goes through what is nearest; beside quotes that is no stop."""
    nearest = cited(OLD, "First words.", 1)
    found = walk_through(answer("Why?", further=(nearest,)), DOCUMENTS, OLD, span(OLD, "First"))
    assert [stop.text for stop in found.stops] == ["First words."]
    both = answer("Why?", cited(NEW, "Third words."), further=(nearest,))
    beside = walk_through(both, DOCUMENTS, OLD, span(OLD, "First words."))
    assert ([stop.text for stop in beside.stops], beside.here) == (["Third words."], None)
