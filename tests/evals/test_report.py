"""The report: one page that stands on its own and says of every case what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from handmade import DOCUMENTS, META, case, cases, place, row, run_of, shown
from tiny import document

from footprints.evals import figures
from footprints.evals import report as reporting
from footprints.evals.cases import Case
from footprints.evals.compare import QUALITY, compare, read_results
from footprints.evals.figures import FIGURES, PAIR_FIGURES, Figure, Results, summarise
from footprints.evals.report import (
    LABELS,
    SITE,
    calibration,
    kinds_table,
    link_to,
    markdown_table,
    number,
    with_interval,
    write_report,
)
from footprints.evals.run import FULL, Row, write_run
from footprints.evals.score import score
from footprints.evals.suite import report_run
from footprints.types import AnswerStatus, Place

ANNA = place("north", "Anna leads the north.")
FOUR = place("south", "It has four areas.")
BEN = place("south", "Ben leads the south.")
HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(1)>"\' onload="x & </section> {{ 7 * 7 }}'
)

ROWS = [
    row("fact-1", shown(ANNA), shown(BEN), probability=0.8),
    row("fact-2", shown(BEN), probability=0.6),
    row("compare-1", shown(BEN), probability=0.7),
    row("followup-1", shown(ANNA), shown(BEN), probability=0.7),
    row("followup-1", shown(BEN), variant=FULL),
    row("absent-1", shown(ANNA), probability=0.9),
    row("offtopic-1", probability=0.2),
]
"""What was shown for the six cases: see ``OUTCOMES``."""

OUTCOMES = {
    "fact-1": "first quote right",
    "fact-2": "not shown",
    "compare-1": "first quote right",
    "followup-1": "in view",
    "absent-1": "asserted",
    "offtopic-1": "not asserted",
}


@dataclass
class Section:
    """A case as the page shows it."""

    kind: str
    outcome: str
    words: str = ""
    quotes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The parts of a report that tests look at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.sections: dict[str, Section] = {}
        self._now: Section | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep every tag; a section begins a case."""
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag == "section":
            self._now = Section(given["data-kind"], given["data-outcome"])
            assert given["id"] not in self.sections
            self.sections[given["id"]] = self._now
        elif self._now and "quote" in given.get("class", "").split():
            self._now.quotes.append(given["class"])
        elif self._now and tag == "a":
            self._now.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        """End a case with its section."""
        if tag == "section":
            self._now = None

    def handle_data(self, data: str) -> None:
        """Add words to the case they stand in."""
        if self._now:
            self._now.words += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(autouse=True, scope="module")
def few_resamples() -> Iterator[None]:
    """Draw few intervals: the report only shows them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "RESAMPLES", 10)
        yield


def report(folder: Path, asked: Sequence[Case], rows: Sequence[Row]) -> Page:
    """Write a run, report it, and read the page."""
    write_run(folder / "run", META, asked, DOCUMENTS, iter(rows))
    report_run(folder / "run", None)
    return Page((folder / "run" / "report.html").read_text(encoding="utf-8"))


def results_of(asked: Sequence[Case], rows: Sequence[Row]) -> Results:
    """Score a run."""
    return summarise(META, score(run_of(asked, rows)))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """Report the six cases."""
    return report(tmp_path_factory.mktemp("report"), cases(), ROWS)


def test_the_page_asks_nothing_of_others(page: Page) -> None:
    """No element loads anything, and links lead to a case of the page or to the chat."""
    loading = {"link", "img", "image", "iframe", "object", "embed", "source", "base"}
    assert {tag for tag, _ in page.tags} & loading == set()
    for tag, attributes in page.tags:
        assert attributes.keys() & {"src", "srcset", "action", "data", "background"} == set(), tag
        for name in ("href", "xlink:href"):
            assert attributes.get(name, "#").startswith(("#", f"{SITE}/")), attributes
    assert re.search(r"url\((?!#)|@import|\bfetch\(|XMLHttpRequest|\bimport\b", page.html) is None


def test_every_id_of_the_page_is_one_element(page: Page) -> None:
    """A link to a case, and a control's label, mean one element."""
    ids = [given["id"] for tag, given in page.tags if tag in ("section", "select", "output")]
    assert len(ids) == len(set(ids)) == 6 + 3


def test_every_case_is_listed_once_with_its_outcome(page: Page) -> None:
    """The page has a section for each case, which says how it ended."""
    assert {case_id: one.outcome for case_id, one in page.sections.items()} == OUTCOMES
    assert {case_id: one.kind for case_id, one in page.sections.items()} == {
        one.case_id: one.kind for one in cases()
    }
    for case_id, one in page.sections.items():
        assert case_id in one.words
        assert one.outcome in one.words


def test_every_outcome_has_a_name(tmp_path: Path) -> None:
    """A case is refused, shown further down or in view, or ends as it was asked to, or not."""
    around = Place("north", 0, len(DOCUMENTS["north"].text))
    nine = place("north", "It has nine areas.")
    guided, listed = AnswerStatus.GUIDANCE, AnswerStatus.OVERVIEW
    named: dict[str, tuple[Case, Row]] = {
        "refused": (case("a", (ANNA,)), row("a", further=[ANNA])),
        "further down": (case("b", (ANNA,)), row("b", shown(BEN), further=[around])),
        "in view": (case("c", (ANNA,)), row("c", shown(nine, around=around))),
        "as asked for": (case("d", kind="guidance"), row("d", status=guided)),
        "not as asked for": (case("e", (ANNA,), kind="overview"), row("e", shown(ANNA))),
        "not asserted": (
            case("f", kind="nearmiss"),
            row("f", shown(ANNA), status=AnswerStatus.POSSIBLE),
        ),
    }
    named["as asked for, an overview"] = (
        case("g", (ANNA,), kind="overview"),
        row("g", shown(ANNA), status=listed),
    )
    page = report(tmp_path, *map(list, zip(*named.values(), strict=True)))
    assert {case_id: one.outcome for case_id, one in page.sections.items()} == {
        asked.case_id: name.split(",")[0] for name, (asked, _) in named.items()
    }


def test_every_case_shows_what_was_asked_shown_and_needed(page: Page) -> None:
    """A section has the question, its history, the quotes shown and the gold."""
    words = page.sections["followup-1"].words
    for expected in ("And the south?", "Who leads the north?", "Anna leads the north."):
        assert expected in words
    assert re.search(r"Needed:\s+Ben leads the south\.", words)
    assert page.sections["compare-1"].words.count("Needed:") == 2
    assert "Needed:" not in page.sections["absent-1"].words


def test_every_quote_is_marked(page: Page) -> None:
    """A quote holds evidence or it does not, in words as in colour."""
    marks = {case_id: one.quotes for case_id, one in page.sections.items()}
    assert marks == {
        "fact-1": ["quote holds", "quote misses"],
        "fact-2": ["quote misses"],
        "compare-1": ["quote holds"],
        "followup-1": ["quote misses", "quote holds"],
        "absent-1": ["quote misses"],
        "offtopic-1": [],
    }
    assert page.sections["fact-1"].words.count("has evidence") == 1
    assert page.sections["fact-1"].words.count("has no evidence") == 1


def test_alternatives_stand_beside_each_other(tmp_path: Path) -> None:
    """A part that two places meet shows both."""
    page = report(tmp_path, [case("fact-1", (ANNA, BEN))], [row("fact-1")])
    assert re.search(r"Anna leads the north\. or\s+Ben leads", page.sections["fact-1"].words)


def test_quotes_and_gold_link_to_their_place(page: Page) -> None:
    """A link names the document and the offsets at which its words stand."""
    links = page.sections["fact-1"].links
    assert links == [link_to(ANNA), link_to(BEN), link_to(ANNA)]
    for link, words in zip(links, ("Anna leads the north.", "Ben leads the south."), strict=False):
        parts = urlsplit(link)
        query = parse_qs(parts.query)
        doc_id = parts.path.removeprefix("/documents/")
        assert link.startswith(f"{SITE}/documents/")
        assert parts.fragment == "quote"
        assert DOCUMENTS[doc_id].text[int(query["start"][0]) : int(query["end"][0])] == words


def test_the_worst_case_is_the_first(page: Page) -> None:
    """What shows nothing needed comes first, then what is asserted, then half right, then right."""
    assert list(page.sections) == [
        "fact-2",
        "absent-1",
        "followup-1",
        "compare-1",
        "fact-1",
        "offtopic-1",
    ]


@pytest.mark.parametrize("raised", ["fact-1", "offtopic-1"])
def test_a_case_that_raised_is_among_the_worst(tmp_path: Path, raised: str) -> None:
    """An error comes before everything that is right at all, answerable or not, and is shown."""
    rows = [one for one in ROWS if one.case_id != raised]
    page = report(tmp_path, cases(), [*rows, row(raised, error="ValueError: no luck")])
    assert page.sections[raised].outcome == "error"
    assert "ValueError: no luck" in page.sections[raised].words
    assert list(page.sections).index(raised) < list(page.sections).index("compare-1")


def test_kinds_and_outcomes_can_be_filtered(page: Page) -> None:
    """Both lists offer all there are, and “all”."""
    options = re.findall(r"<option[^>]*>([^<]*)</option>", page.html)
    kinds = sorted({one.kind for one in page.sections.values()})
    assert options == ["all", *kinds, "all", *sorted(set(OUTCOMES.values()))]


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    """Markup in a question, history, quote, error, id or document is shown as it is."""
    hostile = document(HOSTILE.replace("<", "\\<"), "south")
    documents = {**DOCUMENTS, "south": hostile}
    gold = Place("south", 0, len(hostile.text))
    asked = [
        Case("fact-1", "fact", HOSTILE, (HOSTILE,), True, ((gold,),)),
        Case(HOSTILE, "absent", HOSTILE, (), False, ()),
    ]
    rows = [row("fact-1", shown(gold, text=HOSTILE)), row(HOSTILE, error=HOSTILE)]
    write_run(tmp_path / "run", META, asked, documents, iter(rows))
    report_run(tmp_path / "run", None)
    page = Page((tmp_path / "run" / "report.html").read_text(encoding="utf-8"))
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not any(name.startswith("on") for _, given in page.tags for name in given)
    assert page.sections.keys() == {"fact-1", HOSTILE}
    assert page.sections["fact-1"].words.count(HOSTILE) >= 3
    assert page.sections["fact-1"].words.count("<script>") >= 4
    assert page.sections[HOSTILE].words.count(HOSTILE) >= 2


def test_pictures_are_inline_with_a_text(page: Page) -> None:
    """Four drawings are in the page, each an image with a sentence that says what it shows."""
    drawings = page.all("svg")
    assert len(drawings) == 4
    assert all(one["role"] == "img" for one in drawings)
    assert len({one["aria-label"] for one in drawings}) == 4
    assert all(one["aria-label"].endswith(".") for one in drawings)


def test_without_matplotlib_a_sentence_stands_for_the_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra draws the pictures; without it the report says what to install and has the rest."""
    monkeypatch.setattr(reporting, "find_spec", lambda name: None)
    page = report(tmp_path, cases(), ROWS)
    assert page.all("svg") == []
    assert "There are no charts: they need matplotlib" in page.html
    assert "fact-1" in page.sections


def test_pictures_say_their_figures(page: Page) -> None:
    """By probability absent-1 is wrong, fact-1 and compare-1 right, the other three wrong.

    Risk is 1/3 when half are answered and 4/6 when all are. Words are 4 and 8, and 400 in the two
    cases that are never met: the median is 204. Every question took a millisecond.
    """
    risk, reliability, words, latency = (one["aria-label"] for one in page.all("svg"))
    assert "33% when half are answered, 67% when all are" in risk
    assert "diagonal" in reliability
    assert "median 204; 2 of 4 cases needed 400 or more, or never" in words
    assert "median 1." in latency


def test_calibration_by_tenths() -> None:
    """Two cases were given about .43, one of them right; two .95 and 1, both right."""
    given = {"fact-0": 0.42, "fact-1": 0.44, "fact-2": 0.95, "fact-3": 1.0}
    asked = [case(case_id, (ANNA,)) for case_id in given]
    quotes = [BEN, ANNA, ANNA, ANNA]
    rows = [
        row(case_id, shown(quote), probability=probability)
        for (case_id, probability), quote in zip(given.items(), quotes, strict=True)
    ]
    low, high = calibration(score(run_of(asked, rows)))
    assert low == pytest.approx((2, 0.43, 0.5))
    assert high == pytest.approx((2, 0.975, 1.0))


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    """A page has no date or chance of its own, so that two can be compared."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert report(tmp_path / "a", cases(), ROWS).html == report(tmp_path / "b", cases(), ROWS).html


def test_the_page_says_where_the_run_comes_from(page: Page) -> None:
    """Name, date, commit, index, corpus and seed stand at its head."""
    head = page.html[: page.html.index("<h2>")]
    for expected in ("handmade", "2 January 2026", "commit 000000000000", "index none", "seed 0"):
        assert expected in head


def test_without_a_baseline_nothing_is_compared(page: Page) -> None:
    """A table of differences stands only where there are any."""
    assert "Compared with the baseline" not in page.html


def mean_of(measure: str) -> str:
    """Return what a measure is called where the means of two runs are compared."""
    return LABELS[measure].removesuffix(", median")


def test_differences_list_the_cases_that_changed(tmp_path: Path) -> None:
    """Each quality measure has a row; cases link to their sections, better apart from worse."""
    swapped = {"fact-1": (), "fact-2": (shown(FOUR),), "followup-1": ()}
    rows = [
        row(one.case_id, *swapped[one.case_id]) if one.case_id in swapped else one
        for one in ROWS
        if one.variant != FULL
    ]
    scored = score(run_of(cases(), rows))
    after = summarise(META, scored)
    differences = compare(results_of(cases(), ROWS), after)
    write_report(tmp_path / "report.html", after, scored, DOCUMENTS, differences)
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    table = html[html.index("Compared with the baseline") : html.index("<h2>Figures")]
    heads = [f'<th scope="row">{mean_of(one.measure)}' for one in differences]
    assert [table.count(head) for head in heads] == [1] * len(QUALITY)
    changed = table[table.index("Cases that changed in first quote right") :]
    assert re.search(r'Better: <a href="#fact-2">fact-2</a>\s*</p>', changed)
    assert re.search(r'Worse: <a href="#fact-1">fact-1</a>\s*</p>', changed)
    assert {one["href"] for one in Page(table).all("a")} <= {f"#{one.case_id}" for one in cases()}


def test_what_is_significantly_worse_is_said_in_words(tmp_path: Path) -> None:
    """Not by colour alone: the row of the measure says it."""
    asked = [case(f"fact-{number}", (ANNA,)) for number in range(10)]
    scored = score(run_of(asked, [row(one.case_id) for one in asked]))
    before = results_of(asked, [row(one.case_id, shown(ANNA)) for one in asked])
    after = summarise(META, scored)
    differences = compare(before, after)
    write_report(tmp_path / "report.html", after, scored, DOCUMENTS, differences)
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    worse = [one for one in differences if one.significantly_worse]
    assert len(worse) >= 1
    for one in worse:
        assert f"{mean_of(one.measure)}: significantly worse</th>" in html


ABSENT = [case(f"absent-{number}", kind="absent") for number in range(3)]
FACTS = [case(f"fact-{number}", (ANNA,)) for number in range(3)]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        (ABSENT, [row(one.case_id) for one in ABSENT]),
        (ABSENT, [row(one.case_id, shown(ANNA)) for one in ABSENT]),
        (FACTS, [row(one.case_id, shown(ANNA)) for one in FACTS]),
        (FACTS, [row(one.case_id) for one in FACTS]),
        (cases(), [row(one.case_id, milliseconds=None, error="E") for one in cases()]),
        (FACTS[:1], [row("fact-0", shown(ANNA))]),
        (FACTS[:1], [row("fact-0", milliseconds=None, error="E")]),
        (ABSENT[:1], [row("absent-0")]),
    ],
    ids=[
        "absent alone, abstained",
        "absent alone, answered",
        "answerable alone",
        "none answered",
        "all raised",
        "a single case",
        "a single case that raised",
        "a single absent case",
    ],
)
def test_odd_runs_are_reported(tmp_path: Path, asked: list[Case], rows: list[Row]) -> None:
    """Whatever the cases and however they ended, there is a page with each of them."""
    page = report(tmp_path, asked, rows)
    assert page.sections.keys() == {one.case_id for one in asked}
    assert len(page.all("svg")) == 4


def test_the_page_has_every_figure_and_kind(page: Page) -> None:
    """Both tables have a row for each, under its label."""
    for label in LABELS.values():
        assert page.html.count(f'<tr><th scope="row">{label}</th>') == 1
    for kind in ("fact", "compare", "followup", "absent", "offtopic"):
        assert page.html.count(f'<tr><th scope="row">{kind}</th>') == 1


def test_every_figure_has_a_label() -> None:
    """No figure is without a label, and no label without a figure."""
    assert list(LABELS) == [*FIGURES, *PAIR_FIGURES]


def test_the_markdown_tables_have_every_figure_and_kind() -> None:
    """A head, a rule, and a row for each figure, or for each kind with the number of its cases."""
    results = results_of(cases(), ROWS)
    head, rule, *rows = markdown_table(results).splitlines()
    assert head == "| measure | value (95 % interval) | cases |"
    assert rule == "|---|---|---|"
    assert [line.split(" | ")[0] for line in rows] == [f"| {label}" for label in LABELS.values()]
    head, rule, *rows = kinds_table(results).splitlines()
    assert {line.count("|") for line in (head, rule, *rows)} == {9}
    assert [line.split(" | ")[:2] for line in rows] == [
        ["| absent", "1"],
        ["| compare", "1"],
        ["| fact", "2"],
        ["| followup", "1"],
        ["| offtopic", "1"],
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "0.00"),
        (0.125, "0.12"),
        (0.999, "0.99"),
        (1, "1.00"),
        (1.5, "1.50"),
        (4, "4"),
        (12.6, "13"),
        (400, "400"),
    ],
)
def test_numbers_are_short(value: float | None, written: str) -> None:
    """Shares have two digits, words and milliseconds none."""
    assert number(value) == written


def test_a_figure_is_written_with_its_interval() -> None:
    """An interval without width, or that is not there, is left out."""
    assert with_interval(Figure(value=0.5, low=0.25, high=0.75, n=9)) == "0.50 (0.25–0.75)"
    assert with_interval(Figure(value=1, low=1, high=1, n=9)) == "1.00"
    assert with_interval(Figure(value=1, low=None, high=None, n=1)) == "1.00"
    assert with_interval(Figure(value=None, low=None, high=None, n=0)) == "–"


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    """What is written is read without loss, so that a comparison sees what the report showed."""
    write_run(tmp_path / "run", META, cases(), DOCUMENTS, iter(ROWS))
    verdict = report_run(tmp_path / "run", None)
    assert read_results(verdict.folder) == verdict.results


def test_the_keys_of_the_results_are_stable() -> None:
    """Whoever reads results.json can rely on these names."""
    results = results_of(cases(), ROWS).model_dump(mode="json")
    assert results.keys() == {"meta", "figures", "by_kind", "cases"}
    assert results["meta"].keys() == {
        *("name", "created", "commit", "index_build", "corpus_digest", "settings", "versions"),
        "seed",
    }
    assert results["figures"].keys() == {
        *("success@1", "evidence@1", "evidence@3", "evidence@5", "words_to_evidence"),
        *("in_view@1", "in_view", "evidence_shown", "denied", "refused"),
        *("in_view_sure", "in_view_likely", "in_view_unclear"),
        *("asserted", "asserted_nearmiss", "asserted_absent", "asserted_offtopic"),
        *("quote_precision", "subject_missing", "out_of_order", "verbatim", "decision"),
        *("guidance_right", "overview_right"),
        *("auroc", "auroc_nearmiss", "auroc_absent", "auroc_offtopic", "aurc", "brier"),
        *(
            "passage_success@1",
            "passage_success@5",
            "passage_success@20",
            "passage_ndcg@10",
            "passage_rr",
        ),
        *("followup_ratio", "agreement", "milliseconds_p50", "milliseconds_p95", "errors"),
        *("differences_right", "differences_precision", "differences_recall"),
    }
    assert results["figures"]["success@1"].keys() == {"value", "low", "high", "n"}
    assert results["by_kind"]["fact"].keys() == {
        *("success@1", "in_view@1", "in_view", "evidence_shown", "refused", "asserted"),
        *("words_to_evidence", "quote_precision", "decision", "agreement"),
    }
    assert results["cases"]["fact-1"].keys() >= {
        *("kind", "split", "status", "decision", "probability", "milliseconds", "verbatim"),
        *("agreement", "success@1", "evidence@1", "evidence@3", "evidence@5"),
        *("in_view@1", "in_view", "evidence_shown", "denied", "refused", "subject_missing"),
        *(
            "quote_precision",
            "words_to_evidence",
            "passage_success@1",
            "passage_success@5",
            "passage_success@20",
        ),
        *("passage_ndcg@10", "passage_rr"),
    }


def test_a_quote_with_white_space_is_shown_whole(tmp_path: Path) -> None:
    """A quote over several lines stands in the page as it was shown."""
    text = "Two areas:\n- north\n- south"
    page = report(tmp_path, [FACTS[0]], [replace_text(row("fact-0", shown(ANNA)), text)])
    assert text in page.sections["fact-0"].words


def replace_text(one: Row, text: str) -> Row:
    """Return a row whose first quote says something else."""
    return one.model_copy(update={"quotes": (one.quotes[0].model_copy(update={"text": text}),)})


def test_links_are_to_places_that_the_chat_shows() -> None:
    """The address of a place has the form that the page of a document takes."""
    assert link_to(replace(ANNA, start=3, end=9)) == f"{SITE}/documents/north?start=3&end=9#quote"
