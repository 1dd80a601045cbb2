"""Pairs that differ or only look so: how they are read, judged and counted."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from handmade import META, case, row, run_of, shown
from tiny import document

from footprints.answer.differ import Words, differ
from footprints.answer.values import dates, quantities
from footprints.corpus.snapshot import Corpus
from footprints.evals.cases import BadCases
from footprints.evals.differences import Pair, is_true, judged_pairs
from footprints.evals.figures import summarise
from footprints.evals.run import Row, read_run, write_run
from footprints.evals.score import score
from footprints.index.lexicon import abbreviations
from footprints.types import About, BlockKind, Difference, Document, Place

ROOT = Path(__file__).parents[2]
PAIRS = ROOT / "evals" / "differences.jsonl"
PAGES = {
    "old": document("# STPs\n\nThere are 44 STPs in England. They plan.", "old"),
    "new": document("# STPs\n\nThere are 42 STPs in England. They go.", "new"),
}
OLD = {"doc_id": "old", "quote": "There are 44 STPs in England."}
NEW = {"doc_id": "new", "quote": "There are 42 STPs in England."}
ONE, OTHER = Place("north", 0, 20), Place("south", 0, 20)
ELSEWHERE = Place("south", 30, 40)


@pytest.fixture(scope="module")
def pages() -> dict[str, Document]:
    """Read the five pages."""
    folder = ROOT / "corpus"
    return {page.doc_id: page for page in Corpus.of(folder).documents()}


def pair(about: About | None, *said: About) -> Pair:
    """Make a pair of one place on each page."""
    return Pair(pair_id="p", places=(ONE, OTHER), about=about, said=said)


def write(folder: Path, **values: object) -> Path:
    """Write one pair into a file."""
    line = {"id": "p", "quotes": [OLD, NEW], "differs": True, "about": "figure"} | values
    file = folder / "differences.jsonl"
    file.write_text(json.dumps(line), encoding="utf-8")
    return file


def asked(*differences: Difference) -> Row:
    """Make the row of an answer of three quotes."""
    made = row("c", shown(ONE), shown(OTHER), shown(ELSEWHERE))
    return made.model_copy(update={"differences": differences})


def test_the_rule_is_precise_on_the_pairs_of_the_pages(pages: dict[str, Document]) -> None:
    """Of at least thirty pairs the rule takes none for different that is not."""
    pairs = judged_pairs(PAIRS, pages)
    assert len(pairs) >= 30
    assert [one.pair_id for one in pairs if one.said and one.about not in one.said] == []
    assert sum(bool(one.said) for one in pairs) >= 5


def test_the_rule_is_precise_on_all_the_pages(pages: dict[str, Document]) -> None:
    """Of all pairs of blocks of different pages it takes only those that are known to differ."""
    pairs = judged_pairs(PAIRS, pages)
    telling = [
        (page, block)
        for page in pages.values()
        for block in page.blocks
        if block.kind is not BlockKind.HEADING
        if any(next(find(page.at(block)), None) for find in (quantities, dates, abbreviations))
    ]
    found = [
        (about, (Place(one.doc_id, a.start, a.end),), (Place(other.doc_id, b.start, b.end),))
        for (one, a), (other, b) in combinations(telling, 2)
        if one.doc_id != other.doc_id
        for about in differ(
            Words(one.at(a), one.headings(a), one.text),
            Words(other.at(b), other.headings(b), other.text),
        )
    ]
    assert len(found) >= 5
    assert [shown for shown in found if not is_true(*shown, pairs)] == []


def test_a_pair_is_found_and_judged(tmp_path: Path) -> None:
    """A pair has the places of its quotes, what they differ in, and what the rule says."""
    (found,) = judged_pairs(write(tmp_path), PAGES)
    assert [PAGES[place.doc_id].at(place) for place in found.places] == [
        "There are 44 STPs in England.",
        "There are 42 STPs in England.",
    ]
    assert (found.about, found.said) == ("figure", ("figure",))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"quotes": [OLD, OLD]}, "does not differ from itself"),
        ({"differs": False}, "`about`"),
        ({"about": None}, "`about`"),
        ({"about": "colour"}, "'about'"),
        ({"quotes": [OLD, {**NEW, "quote": "There are 43 STPs."}]}, "not found"),
    ],
)
def test_a_wrong_pair_is_refused(tmp_path: Path, values: dict[str, object], message: str) -> None:
    """What is wrong with a pair is said, with its name or its line."""
    with pytest.raises(BadCases, match=message):
        judged_pairs(write(tmp_path, **values), PAGES)


def test_no_file_is_no_pairs(tmp_path: Path) -> None:
    """Cases of other documents need no pairs."""
    assert judged_pairs(tmp_path / "differences.jsonl", PAGES) == ()


def test_a_shown_difference_is_right_if_its_quotes_hold_a_true_pair() -> None:
    """Both quotes must hold a place of it, either way round, and it must be of the same kind."""
    wide = Place("north", 0, 100)
    pairs = [pair("figure"), Pair(pair_id="q", places=(ONE, ELSEWHERE), about=None, said=())]
    assert is_true("figure", (wide,), (OTHER,), pairs)
    assert is_true("figure", (OTHER,), (ELSEWHERE, ONE), pairs)
    assert not is_true("date", (ONE,), (OTHER,), pairs)
    assert not is_true("figure", (ONE,), (ELSEWHERE,), pairs)


def test_the_share_of_shown_differences_that_are_right() -> None:
    """Of two differences that an answer shows one is right; another shows one, rightly."""
    right, wrong = Difference(1, 2, "figure"), Difference(1, 3, "figure")
    cases = [case(name, (ONE,)) for name in ("c", "d", "e")]
    rows = [
        asked(right, wrong),
        asked(right).model_copy(update={"case_id": "d"}),
        asked().model_copy(update={"case_id": "e"}),
    ]
    run = run_of(cases, rows).model_copy(update={"pairs": (pair("figure", "figure"),)})
    found = summarise(META, score(run), run.pairs).figures["differences_right"]
    assert (found.value, found.n) == (0.75, 2)


def test_precision_and_recall_of_the_rule() -> None:
    """Said of three pairs, rightly of two; of the four that differ it finds those two."""
    pairs = [
        pair("figure", "figure"),
        pair("date", "date"),
        pair("date", "figure"),
        pair("definition"),
        pair(None),
    ]
    figures = summarise(META, [], pairs).figures
    precision, recall = figures["differences_precision"], figures["differences_recall"]
    assert (precision.value, precision.n) == (round(2 / 3, 4), 3)
    assert (recall.value, recall.n) == (2 / 4, 4)


def test_a_run_keeps_pairs_and_differences(tmp_path: Path) -> None:
    """What was shown and judged is on disk; a run from before has none."""
    run = run_of([case("c", (ONE,))], [])
    rows = [asked(Difference(1, 2, "figure"))]
    documents = {page.doc_id: page for page in run.documents}
    write_run(tmp_path / "run", META, run.cases, documents, iter(rows), [pair("figure")])
    kept = read_run(tmp_path / "run")
    assert (kept.rows, kept.pairs) == (tuple(rows), (pair("figure"),))
    (tmp_path / "run" / "differences.json").unlink()
    assert read_run(tmp_path / "run").pairs == ()
