"""Cases: what is wrong in them is named, gold is found where it stands, and enough are asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from conftest import ROOT
from handmade import write_cases
from tiny import document

from footprints.corpus.snapshot import Corpus
from footprints.errors import CallerError
from footprints.evals.cases import BadCases, Case, CaseLine, Kind, cases_of, load_cases, read_lines
from footprints.evals.score import UNANSWERABLE
from footprints.settings import Settings, load_settings
from footprints.types import BlockKind, Document, HasSpan, Span

PAGE = document(
    "# Devon\n\nAngela leads it.   The plan is\nnew.\n\n## Money\n\nIt has a plan. It is broke.\n\n"
    "## People\n\nTwo of them:\n\n- It has a plan.\n- It has hope."
)
PAGES = {"page": PAGE}
LEADS = {"doc_id": "page", "quote": "Angela leads it."}
GOOD = {
    "id": "fact-1",
    "kind": "fact",
    "question": "Who leads Devon?",
    "history": [],
    "answerable": True,
    "gold": [[LEADS]],
}

AT_LEAST = {
    "fact": 60,
    "list": 20,
    "definition": 15,
    "compare": 15,
    "dated": 10,
    "conflict": 10,
    "paraphrase": 35,
    "noisy": 20,
    "followup": 20,
    "broad": 20,
    "twopart": 20,
    "everyday": 20,
    "document": 10,
    "exact": 10,
    "overview": 10,
    "guidance": 20,
    "absent": 55,
    "nearmiss": 100,
    "offtopic": 20,
}


def load(folder: Path, *lines: Mapping[str, Any]) -> list[Case]:
    """Write cases as a file and load them over the page."""
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    return load_cases(write_cases(folder, text, "fact.jsonl"), PAGES)


def found(folder: Path, quote: str, under: str | None = None) -> str:
    """Return what stands where a gold quote is located."""
    gold = {"doc_id": "page", "quote": quote} | ({"under": under} if under else {})
    (case,) = load(folder, GOOD | {"gold": [[gold]]})
    ((place,),) = case.parts
    return PAGE.at(place)


def quoting(quote: str, **more: str) -> dict[str, Any]:
    """Return a change of a case: its gold is one quote."""
    return {"gold": [[{"doc_id": "page", "quote": quote} | more]]}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (quoting("Nobody leads it."), ["fact-1", "not found", "page", "Nobody leads it."]),
        (quoting("angela leads it."), ["fact-1", "not found"]),
        (quoting("Angela it."), ["fact-1", "not found"]),
        (quoting("It has"), ["fact-1", "more than once", "`under`"]),
        (quoting("It has", under="People"), ["fact-1", "more than once"]),
        (quoting("It has a plan.", under="Devon"), ["fact-1", "It has a plan."]),
        (quoting("Angela leads it.", under="Money"), ["fact-1", "Angela leads it."]),
        (quoting("Angela leads it.", doc_id="nowhere"), ["fact-1", "'nowhere'", "doc_id"]),
        ({"answerable": False}, ["fact-1", "answerable", "gold"]),
        ({"gold": []}, ["fact-1", "answerable", "gold"]),
        ({"gold": [[LEADS], []]}, ["fact-1", "part", "alternatives"]),
    ],
    ids=[
        "no such quote",
        "other letters",
        "other words",
        "found twice",
        "found twice under the heading",
        "found twice, neither under the heading",
        "found once, not under the heading",
        "no such document",
        "not answerable, with gold",
        "answerable, without gold",
        "an empty part",
    ],
)
def test_wrong_gold_is_refused(tmp_path: Path, change: dict[str, Any], names: list[str]) -> None:
    """Gold that cannot be located is refused in one line that names the case."""
    with pytest.raises(BadCases) as refused:
        load(tmp_path, GOOD | change)
    assert [name for name in names if name not in str(refused.value)] == []
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"colour": "red"}, "colour"),
        ({"kind": "riddle"}, "kind"),
        ({"id": ""}, "id"),
        ({"id": 7}, "id"),
        ({"question": ""}, "question"),
        ({"history": "Why?"}, "history"),
        ({"answerable": "perhaps"}, "answerable"),
        ({"gold": [LEADS]}, "gold.0"),
        (quoting("Angela leads it.", beneath="Devon"), "gold.0.0.beneath"),
        (quoting(""), "gold.0.0.quote"),
        ({"gold": [[{"doc_id": "page"}]]}, "gold.0.0.quote"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_key_is_refused(tmp_path: Path, change: dict[str, Any], key: str) -> None:
    """A key that is unknown or has an impossible value is named with its file and line."""
    with pytest.raises(BadCases) as refused:
        load(tmp_path, GOOD, {**GOOD, "id": "fact-2", **change})
    assert f"{tmp_path / 'fact.jsonl'}, line 2, key '{key}" in str(refused.value)


@pytest.mark.parametrize("missing", ["id", "kind", "question", "answerable", "gold"])
def test_a_missing_key_is_refused(tmp_path: Path, missing: str) -> None:
    """A key that every case needs is named where it is left out."""
    with pytest.raises(BadCases, match=rf"fact\.jsonl, line 1, key '{missing}'"):
        load(tmp_path, {key: value for key, value in GOOD.items() if key != missing})


def test_a_line_that_is_no_json_is_refused(tmp_path: Path) -> None:
    """A broken line is named by its number, blank lines counted."""
    with pytest.raises(BadCases, match=r"fact\.jsonl, line 3"):
        load_cases(write_cases(tmp_path, f"{json.dumps(GOOD)}\n\n{{", "fact.jsonl"), PAGES)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """A file in another encoding is the writer's mistake, named as such."""
    (tmp_path / "fact.jsonl").write_bytes(
        json.dumps(GOOD).replace("Who", "Wh\xf6").encode("cp1252")
    )
    with pytest.raises(BadCases, match=r"fact\.jsonl"):
        load_cases(tmp_path, PAGES)


def test_a_quote_of_nothing_is_refused(tmp_path: Path) -> None:
    """White space alone is no quote."""
    with pytest.raises(BadCases, match=r"line 1, key 'gold\.0\.0\.quote'"):
        load(tmp_path, GOOD | quoting(" \n"))


def test_equal_ids_are_refused(tmp_path: Path) -> None:
    """Two cases with one id are refused, though they stand in two files."""
    write_cases(tmp_path, json.dumps(GOOD), "a.jsonl")
    write_cases(tmp_path, json.dumps(GOOD), "b.jsonl")
    with pytest.raises(BadCases, match="fact-1"):
        load_cases(tmp_path, PAGES)


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    """A folder that is empty or not there is named with the option that cures it."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BadCases) as refused:
            load_cases(folder, PAGES)
        assert str(folder) in str(refused.value)
        assert "--cases" in str(refused.value)


def test_cases_are_where_their_documents_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents of one's own have their cases here, those of a wheel bring their own."""
    settings = load_settings()
    assert cases_of(settings) == Path("evals/cases")
    monkeypatch.setattr(Settings, "is_bundled", True)
    assert cases_of(settings) == ROOT / "evals" / "cases"


def test_wrong_cases_are_the_callers_mistake() -> None:
    """The command line ends with 2 for them."""
    assert issubclass(BadCases, CallerError)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Angela leads it.", "Angela leads it."),
        (" Angela\n\tleads  it. ", "Angela leads it."),
        ("The plan is new.", "The plan is new."),
        ("new. Money It has", "new.\n\nMoney\n\nIt has"),
        ("It is broke.\n\nPeople", "It is broke.\n\nPeople"),
        ("plan. It has hope.", "plan.\nIt has hope."),
        ("hope.", "hope."),
        ("Devon", "Devon"),
    ],
)
def test_white_space_counts_as_one_space(tmp_path: Path, quote: str, stands: str) -> None:
    """A quote is found whatever its white space, across blocks, and its place has no more in it."""
    assert found(tmp_path, quote) == stands


@pytest.mark.parametrize("heading", ["Money", "People"])
def test_under_decides(tmp_path: Path, heading: str) -> None:
    """Of a quote that stands twice, the one under the heading that is named is meant."""
    (case,) = load(tmp_path, GOOD | quoting("It has a plan.", under=heading))
    ((place,),) = case.parts
    assert PAGE.at(place) == "It has a plan."
    assert (place.start < PAGE.text.index("People")) == (heading == "Money")


def test_a_case_is_what_its_line_says(tmp_path: Path) -> None:
    """Every key of a line is in the case, and every alternative of every part."""
    parts = [[LEADS, {"doc_id": "page", "quote": "It is broke."}], [LEADS]]
    line = GOOD | {"kind": "followup", "history": ["Why?"], "full": "Who?", "gold": parts}
    (case,) = load(tmp_path, line)
    assert (case.case_id, case.kind, case.question) == ("fact-1", "followup", "Who leads Devon?")
    assert (case.history, case.full, case.answerable) == (("Why?",), "Who?", True)
    assert [[PAGE.at(place) for place in part] for part in case.parts] == [
        ["Angela leads it.", "It is broke."],
        ["Angela leads it."],
    ]


def test_line_separators_in_a_question_end_no_line(tmp_path: Path) -> None:
    """A case is a line of JSON Lines, which only a line feed ends: U+2028 and U+0085 do not."""
    (case,) = load(tmp_path, GOOD | {"question": "Who\u2028leads\x85Devon?"})
    assert case.question == "Who\u2028leads\x85Devon?"


@pytest.mark.parametrize(
    ("case_id", "split"),
    [("case-72", "dev"), ("case-16", "dev"), ("case-6", "test"), ("case-38", "test")],
)
def test_the_split_is_a_hash_of_the_id(case_id: str, split: str) -> None:
    """The SHA-256 of an id modulo 100 is below 60 for dev; here 0, 59, 60 and 99."""
    for kind in ("fact", "absent"):
        assert Case(case_id, kind, "Who?", (), False, ()).split == split


@pytest.fixture(scope="module")
def pages() -> dict[str, Document]:
    """Read the real corpus."""
    corpus = ROOT / "corpus"
    return {page.doc_id: page for page in Corpus.of(corpus).documents()}


@pytest.fixture(scope="module")
def committed(pages: Mapping[str, Document]) -> list[Case]:
    """Load the cases of this repository."""
    return load_cases(ROOT / "evals" / "cases", pages)


def sections(page: Document) -> Iterator[tuple[str, Span]]:
    """Yield every heading with text directly under it, and where that text stands."""
    blocks = page.blocks
    starts = [at for at, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    for at, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        if end > at + 1:
            yield page.at(blocks[at]), Span(blocks[at + 1].start, blocks[end - 1].end)


def overlap(one: HasSpan, other: HasSpan) -> bool:
    """Tell whether two places share text."""
    return one.start < other.end and other.start < one.end


def test_there_are_enough_cases(committed: list[Case]) -> None:
    """There are at least 900 cases, and of every kind as many as were asked for."""
    kinds = Counter(case.kind for case in committed)
    assert len(committed) >= 900
    assert {kind: n for kind, n in AT_LEAST.items() if kinds[kind] < n} == {}
    assert kinds.keys() == AT_LEAST.keys()


def test_a_case_is_in_the_file_of_its_kind(committed: list[Case]) -> None:
    """Each kind has a file, whose cases are all of it."""
    files = {
        file.stem: {line.kind for line in read_lines(file, CaseLine)}
        for file in (ROOT / "evals" / "cases").glob("*.jsonl")
    }
    assert files == {kind: {kind} for kind in AT_LEAST}
    assert AT_LEAST.keys() == {case.kind for case in committed} == set(get_args(Kind))


@pytest.mark.parametrize("kind", [None, *AT_LEAST])
def test_about_60_of_100_are_for_tuning(committed: list[Case], kind: str | None) -> None:
    """Between 55 and 65 of 100 cases are dev, and both splits have cases of every kind."""
    splits = Counter(case.split for case in committed if kind in (None, case.kind))
    share = splits["dev"] / splits.total()
    assert min(splits["dev"], splits["test"]) >= 3
    assert 0.55 < share < 0.65 if kind is None else 0.4 < share < 0.8


def test_every_section_is_asked_about(committed: list[Case], pages: Mapping[str, Document]) -> None:
    """Under every heading with text directly under it stands some gold."""
    gold = [place for case in committed for part in case.parts for place in part]
    assert len([one for page in pages.values() for one in sections(page)]) > 60
    assert [
        (page.doc_id, heading)
        for page in pages.values()
        for heading, text in sections(page)
        if not any(place.doc_id == page.doc_id and overlap(place, text) for place in gold)
    ] == []


def test_every_page_is_asked_about_by_kind(committed: list[Case]) -> None:
    """Facts and paraphrases are asked of all five pages."""
    for kind in ("fact", "paraphrase"):
        chosen = [case for case in committed if case.kind == kind]
        assert len({place.doc_id for case in chosen for part in case.parts for place in part}) == 5


def test_what_is_not_on_the_pages_is_unanswerable(committed: list[Case]) -> None:
    """What is not on the pages, or asked of the chat itself, has no gold; everything else has."""
    for case in committed:
        assert case.answerable == (case.kind not in (*UNANSWERABLE, "guidance")), case.case_id
        assert bool(case.parts) == case.answerable, case.case_id


def test_comparisons_and_conflicts_need_two_places(committed: list[Case]) -> None:
    """A comparison and a conflict have two parts that no single place meets."""
    for case in committed:
        if case.kind in ("compare", "conflict"):
            assert len(case.parts) >= 2, case.case_id
            assert not set.intersection(*map(set, case.parts)), case.case_id


def test_followups_have_history_and_are_asked_in_full(committed: list[Case]) -> None:
    """A follow-up has one or two earlier questions and says what it is in full."""
    for case in committed:
        if case.kind == "followup":
            assert 1 <= len(case.history) <= 2, case.case_id
            assert case.full, case.case_id
        elif case.answerable:
            assert (case.history, case.full) == ((), None), case.case_id


def test_no_two_questions_are_equal(committed: list[Case]) -> None:
    """No question is asked twice after the same history, capitals and its mark aside."""
    asked = Counter((case.question.casefold().rstrip("? "), case.history) for case in committed)
    assert [question for question, n in asked.items() if n > 1] == []


def test_no_part_has_an_alternative_twice(committed: list[Case]) -> None:
    """The alternatives of a part are different places."""
    assert [
        case.case_id for case in committed for part in case.parts if len(set(part)) < len(part)
    ] == []
