"""Scores: metrics of cases and figures over them, each on an example worked by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from handmade import META, NORTH, SOUTH, case, place, row, run_of, shown
from tiny import document

from footprints.evals import figures
from footprints.evals.cases import Case
from footprints.evals.figures import BY_KIND, FIGURES, Figure, figure, summarise
from footprints.evals.run import FULL, Row, ShownQuote
from footprints.evals.score import CaseScore, score
from footprints.types import AnswerStatus, Place

ANNA = place("north", "Anna leads the north.")
NINE = place("north", "It has nine areas.")
BEN = place("south", "Ben leads the south.")
FOUR = place("south", "It has four areas.")

GOLD_AND_MORE = Place("north", 0, len(NORTH.text))
OTHER = Place("south", 0, 5)
EVERY = list(FIGURES)


def metrics(
    asked: Case, *rows: Row, among: Sequence[Place] | None = None
) -> dict[str, float | None]:
    """Return the metrics of one case; the passages are the sentences, or those it is ``among``."""
    (scored,) = score(run_of([asked], rows, among))
    return dict(scored.metrics)


def outcomes(values: Sequence[float]) -> list[CaseScore]:
    """Make one scored case of every value of success@1."""
    return [
        CaseScore(case("c", (ANNA,)), row("c"), {"success@1": float(value)}) for value in values
    ]


def success(scored: Sequence[CaseScore]) -> Figure:
    """Return the figure of success@1."""
    return figure(scored, *FIGURES["success@1"])


def width(one: Figure) -> float:
    """Return how wide an interval is."""
    assert one.low is not None
    assert one.high is not None
    return one.high - one.low


def value_of(name: str, scored: Sequence[CaseScore]) -> float | None:
    """Return a figure's value."""
    return figure(scored, *FIGURES[name]).value


def scored_as(asked: Case, *rows: Row) -> CaseScore:
    """Score one case."""
    (scored,) = score(run_of([asked], rows))
    return scored


@pytest.mark.parametrize("shares", [[1, 0, 1, 1], [0.1, 0.9, 0.5], [1, 0] * 30])
def test_an_interval_contains_its_value(shares: list[float]) -> None:
    """The value is the mean, and it lies in its interval."""
    found = success(outcomes(shares))
    assert found.value == pytest.approx(np.mean(shares), abs=5e-5)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high
    assert found.n == len(shares)


def test_an_interval_is_the_same_every_time() -> None:
    """Cases are drawn from one seed."""
    assert success(outcomes([1, 0, 0, 1, 1])) == success(outcomes([1, 0, 0, 1, 1]))


def test_an_interval_shrinks_with_the_cases() -> None:
    """Of 16 times the cases the interval is about a quarter as wide."""
    few, many = success(outcomes([1, 0] * 10)), success(outcomes([1, 0] * 160))
    assert width(many) / width(few) == pytest.approx(1 / 4, abs=0.05)


def test_an_interval_is_that_of_a_proportion() -> None:
    """For 200 of 400 it is 0.5 ± 1.96 · √(0.25 / 400) = 0.451 to 0.549."""
    found = success(outcomes([1, 0] * 200))
    assert found.low == pytest.approx(0.451, abs=0.01)
    assert found.high == pytest.approx(0.549, abs=0.01)


def test_an_interval_of_equal_values_has_no_width() -> None:
    """Where every case has the same value, so has every sample."""
    assert success(outcomes([1] * 5)) == Figure(value=1, low=1, high=1, n=5)


def test_one_case_has_no_interval() -> None:
    """Of a single case nothing can be drawn."""
    assert success(outcomes([1])) == Figure(value=1, low=None, high=None, n=1)


def test_no_case_has_no_value() -> None:
    """A figure over no case is nothing, over 0 cases."""
    assert success([]) == Figure(value=None, low=None, high=None, n=0)


def test_a_sample_without_a_value_is_no_alarm() -> None:
    """Where some samples miss a class, and so have no AUROC, there is still an interval.

    Of one absent case beside three answerable ones, a sample misses it in (3/4)⁴ of all draws.
    """
    asked = [case(f"fact-{number}", (ANNA,)) for number in range(3)]
    asked.append(case("absent-1", kind="absent"))
    rows = [
        row(one.case_id, probability=p) for one, p in zip(asked, (0.9, 0.3, 0.8, 0.5), strict=True)
    ]
    found = figure(score(run_of(asked, rows)), *FIGURES["auroc"])
    assert found.value == pytest.approx(2 / 3, abs=5e-5)
    assert found.low is not None
    assert found.high is not None


def test_retrieval_of_one_part_of_two_alternatives() -> None:
    """The second of three passages holds one alternative, none holds the other: one is enough.

    Success@1 = 0, success@5 = success@20 = 1 and RR = 1/2. For nDCG both alternatives are relevant,
    so the gain 1/log₂3 is divided by the ideal 1 + 1/log₂3.
    """
    asked = case("c", (ANNA, BEN))
    found = metrics(asked, row("c", passages=[NINE, BEN, FOUR]))
    gain = 1 / math.log2(3)
    assert {
        name: found[name]
        for name in ("passage_success@1", "passage_success@5", "passage_success@20", "passage_rr")
    } == {
        "passage_success@1": 0,
        "passage_success@5": 1,
        "passage_success@20": 1,
        "passage_rr": 0.5,
    }
    assert found["passage_ndcg@10"] == pytest.approx(gain / (1 + gain))


def test_retrieval_of_two_parts() -> None:
    """Each part is a query: the first found at rank 1, the second at rank 3; the mean counts.

    RR = (1 + 1/3) / 2 and nDCG@10 = (1 + 1/log₂4) / 2 = (1 + 1/2) / 2.
    """
    found = metrics(case("c", (ANNA,), (BEN,)), row("c", passages=[ANNA, NINE, BEN]))
    assert (found["passage_success@1"], found["passage_success@5"]) == (0.5, 1)
    assert found["passage_rr"] == pytest.approx((1 + 1 / 3) / 2)
    assert found["passage_ndcg@10"] == pytest.approx((1 + 1 / 2) / 2)


def test_retrieval_of_two_parts_in_one_passage() -> None:
    """A passage that holds both parts is relevant to both."""
    found = metrics(
        case("c", (ANNA,), (NINE,)),
        row("c", passages=[GOLD_AND_MORE, FOUR]),
        among=[GOLD_AND_MORE, FOUR],
    )
    assert (found["passage_success@1"], found["passage_rr"], found["passage_ndcg@10"]) == (1, 1, 1)


def test_retrieval_of_nothing() -> None:
    """Where nothing was retrieved, every part scores 0."""
    found = metrics(case("c", (ANNA,), (BEN,)), row("c"))
    assert [
        found[name]
        for name in ("passage_success@1", "passage_success@20", "passage_ndcg@10", "passage_rr")
    ] == [0] * 4


def test_retrieval_beyond_the_cutoffs() -> None:
    """A passage at rank 21 is beyond success@20, and its RR is 1/21."""
    wrong = [Place("south", at, at + 1) for at in range(20)]
    found = metrics(case("c", (ANNA,)), row("c", passages=[*wrong, ANNA]))
    assert (found["passage_success@5"], found["passage_success@20"], found["passage_ndcg@10"]) == (
        0,
        0,
        0,
    )
    assert found["passage_rr"] == pytest.approx(1 / 21)


@pytest.mark.parametrize(
    ("start", "end", "relevant"),
    [
        (-5, 40, True),
        (3, 10, True),
        (-5, 3, True),
        (10, 40, True),
        (-5, 0, False),
        (21, 40, False),
    ],
    ids=["contains", "inside", "over its start", "over its end", "just before", "just after"],
)
def test_a_passage_is_relevant_when_it_overlaps_gold(start: int, end: int, relevant: bool) -> None:
    """A passage with a letter of a gold place in it is relevant; one that only touches is not."""
    passage = Place("north", ANNA.start + start, ANNA.start + end)
    assert ANNA.end - ANNA.start == 21
    found = metrics(case("c", (ANNA,)), row("c", passages=[passage]), among=[passage])
    assert found["passage_success@1"] == relevant


def test_every_passage_of_a_wide_gold_place_is_relevant() -> None:
    """Gold that spans two passages is found with either, but the other counts against nDCG."""
    for passage in (ANNA, NINE):
        found = metrics(
            case("c", (Place("north", ANNA.start, NINE.end),)), row("c", passages=[passage])
        )
        assert found["passage_success@1"] == 1
        assert found["passage_ndcg@10"] == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_gold_that_no_passage_holds_scores_0() -> None:
    """A part that nothing could find counts as one that was not found."""
    found = metrics(case("c", (ANNA,), (BEN,)), row("c", passages=[BEN]), among=[NINE, BEN])
    assert (found["passage_success@1"], found["passage_ndcg@10"]) == (0.5, 0.5)


def test_without_its_passages_a_run_has_no_retrieval() -> None:
    """What a run from before they were kept found cannot be judged."""
    found = metrics(case("c", (ANNA,)), row("c", passages=[ANNA]), among=())
    assert found.get("passage_success@1") is None


def test_an_unanswerable_case_has_no_retrieval() -> None:
    """Without gold there is nothing to retrieve, in a run of such cases too."""
    found = metrics(case("absent-1", kind="absent"), row("absent-1", passages=[ANNA]))
    assert found.get("passage_success@1") is None


def test_agreement() -> None:
    """Of four perturbed questions, two share a place with the first quote asked: 2/4.

    A second quote in common is no agreement, and neither is an abstention or an error; what was
    asked in full is not perturbed.
    """
    asked = row("c", shown(ANNA, BEN), shown(FOUR))
    others = [
        row("c", shown(ANNA), variant="filler"),
        row("c", shown(BEN), variant="lower_case"),
        row("c", shown(FOUR), shown(ANNA), variant="american"),
        row("c", variant="letter_swap"),
        row("c", shown(NINE), variant=FULL),
    ]
    assert metrics(case("c", (ANNA,)), asked, *others)["agreement"] == 2 / 4


def test_agreement_of_abstentions() -> None:
    """Neither shows anything in 1 of 3: an answer and an error differ from an abstention."""
    others = [
        row("c", variant="filler"),
        row("c", shown(ANNA), variant="lower_case"),
        row("c", variant="american", error="ZeroDivisionError"),
    ]
    assert metrics(case("c", (ANNA,)), row("c"), *others)["agreement"] == pytest.approx(1 / 3)


def test_an_error_agrees_with_nothing() -> None:
    """Where the question itself raised, no perturbed one agrees, whatever it did."""
    others = [row("c", variant="filler"), row("c", variant="american", error="ZeroDivisionError")]
    found = metrics(case("c", (ANNA,)), row("c", error="ZeroDivisionError"), *others)
    assert found["agreement"] == 0


def test_followup_ratio() -> None:
    """With history 1 of 3 first quotes is right, in full 2 of 3: the ratio is 1/2."""
    asked = [
        case(f"followup-{number}", (ANNA,), kind="followup", full="Who?") for number in (1, 2, 3)
    ]
    right, wrong = shown(ANNA), shown(BEN)
    rows = [row("followup-1", right), row("followup-2", wrong), row("followup-3")]
    rows += [
        row("followup-1", right, variant=FULL),
        row("followup-2", right, variant=FULL),
        row("followup-3", wrong, variant=FULL),
    ]
    plain = scored_as(case("fact-1", (ANNA,)), row("fact-1", right))
    found = figure([*score(run_of(asked, rows)), plain], *FIGURES["followup_ratio"])
    assert (found.value, found.n) == (0.5, 3)


def test_followup_ratio_is_undefined_where_none_is_right_in_full() -> None:
    """A share over 0 is no figure."""
    asked = case("followup-1", (ANNA,), kind="followup", full="Who?")
    rows = [row("followup-1", shown(ANNA)), row("followup-1", variant=FULL)]
    assert value_of("followup_ratio", [scored_as(asked, *rows)]) is None


def test_percentiles_of_latency() -> None:
    """Of 0, 10, …, 100 ms, half take up to 50 and 95 % up to 95; what raised took no time."""
    scored = [
        scored_as(case("c", (ANNA,)), row("c", milliseconds=float(taken)))
        for taken in range(0, 101, 10)
    ]
    scored.append(scored_as(case("c"), row("c", milliseconds=None, error="ZeroDivisionError")))
    assert value_of("milliseconds_p50", scored) == 50
    assert value_of("milliseconds_p95", scored) == 95
    assert figure(scored, *FIGURES["milliseconds_p50"]).n == 11


def test_words_to_evidence_is_a_median() -> None:
    """Of 4, 8 and 400 words the median is 8; an unanswerable case has none."""
    both = case("c", (ANNA,), (BEN,))
    scored = [
        scored_as(case("c", (ANNA,)), row("c", shown(ANNA))),
        scored_as(both, row("c", shown(ANNA), shown(BEN))),
        scored_as(both, row("c", shown(ANNA))),
        scored_as(case("absent-1", kind="absent"), row("absent-1", shown(ANNA))),
    ]
    assert value_of("words_to_evidence", scored) == 8
    assert scored[3].metrics.get("words_to_evidence") is None


@pytest.mark.parametrize(
    ("asked", "quotes", "decision"),
    [
        (case("c", (ANNA,)), [shown(BEN)], 1),
        (case("c", (ANNA,)), [], 0),
        (case("c", kind="absent"), [shown(ANNA)], 0),
        (case("c", kind="absent"), [], 1),
    ],
    ids=["answered", "refused", "asserted", "abstained"],
)
def test_decision(asked: Case, quotes: list[ShownQuote], decision: float) -> None:
    """Answering an answerable case is right whatever is quoted, and so is abstaining on others."""
    assert metrics(asked, row("c", *quotes))["decision"] == decision


@pytest.mark.parametrize("kind", ["absent", "nearmiss", "offtopic"])
def test_what_is_only_possible_is_right_in_both(kind: str) -> None:
    """Quotes that may help refuse nothing and assert nothing, whether there is an answer or not."""
    maybe = row("c", shown(ANNA), status=AnswerStatus.POSSIBLE)
    answerable, other = metrics(case("c", (ANNA,)), maybe), metrics(case("c", kind=kind), maybe)
    assert (answerable["refused"], answerable["decision"], other["decision"]) == (0, 1, 1)
    assert other["asserted"] == 0
    assert metrics(case("c", kind=kind), row("c", shown(ANNA)))["asserted"] == 1


@pytest.mark.parametrize(
    ("kind", "status", "right"),
    [
        ("guidance", AnswerStatus.GUIDANCE, 1),
        ("guidance", AnswerStatus.ABSTAINED_OFF_TOPIC, 0),
        ("overview", AnswerStatus.OVERVIEW, 1),
        ("overview", AnswerStatus.ANSWERED, 0),
    ],
)
def test_what_must_end_in_one_way(kind: str, status: AnswerStatus, right: float) -> None:
    """Guidance and overviews are right only as such, and what abstains on them asserts nothing."""
    parts = [(ANNA,)] if kind == "overview" else []
    quotes = [shown(ANNA)] if kind == "overview" else []
    found = metrics(case("c", *parts, kind=kind), row("c", *quotes, status=status))
    assert (found["status_right"], found["decision"]) == (right, right)
    assert "asserted" not in found


def test_in_view_around_a_quote() -> None:
    """Evidence counts as in view in the surroundings of a quote, and as shown further down.

    The first quote misses, and so does what stands around it; the second has Anna around it. Ben
    stands in a passage further down.
    """
    around = Place("north", 0, len(NORTH.text))
    asked = case("c", (ANNA,), (BEN,))
    found = metrics(asked, row("c", shown(FOUR), shown(NINE, around=around), further=[BEN]))
    names = ("success@1", "evidence@5", "in_view@1", "in_view", "evidence_shown", "denied")
    assert [found[name] for name in names] == [0, 0, 0, 0.5, 1, 0]
    assert metrics(asked, row("c", shown(NINE, around=around)))["in_view@1"] == 1


@pytest.mark.parametrize(
    ("status", "likely", "degree"),
    [
        (AnswerStatus.ANSWERED, False, "sure"),
        (AnswerStatus.POSSIBLE, True, "likely"),
        (AnswerStatus.POSSIBLE, False, "unclear"),
    ],
)
def test_what_is_in_view_counts_for_the_degree_that_was_said(
    status: AnswerStatus, likely: bool, degree: str
) -> None:
    """Each question counts for one degree, and one without an answer has nothing in view there."""
    told = row("c", shown(ANNA), status=status)
    told = told.model_copy(update={"likely": likely})
    for asked, in_view in ((case("c", (ANNA,)), 1.0), (case("c", kind="absent"), 0.0)):
        found = metrics(asked, told)
        degrees = {name: value for name, value in found.items() if "in_view_" in name}
        assert degrees == {f"in_view_{degree}": in_view}


def test_what_shows_nothing_has_no_degree() -> None:
    """A no, and guidance, count for none."""
    for status in (AnswerStatus.ABSTAINED_NOT_IN_CORPUS, AnswerStatus.GUIDANCE):
        found = metrics(case("c", (ANNA,)), row("c", status=status))
        assert not [name for name in found if name.startswith("in_view_")]


@pytest.mark.parametrize(
    ("rows", "refused", "denied"),
    [
        ([row("c", shown(ANNA))], 0, 0),
        ([row("c", shown(BEN))], 0, 1),
        ([row("c", shown(BEN), further=[ANNA])], 0, 0),
        ([row("c", further=[ANNA])], 1, 1),
        ([row("c", error="ZeroDivisionError")], 1, 1),
    ],
    ids=["answered", "beside the point", "further down", "abstained", "raised"],
)
def test_refused_and_denied(rows: list[Row], refused: float, denied: float) -> None:
    """Refused is shown no quote; denied is told no, or shown nothing of what was needed."""
    found = metrics(case("c", (ANNA,)), *rows)
    assert (found["refused"], found["denied"]) == (refused, denied)


def test_surroundings_are_read_too() -> None:
    """Words to the evidence are all that is in view before it; the same surroundings but once.

    Anna is met after the 8 words of her page, whichever of the two quotes in it comes first.
    """
    around = Place("north", NINE.start - 22, NORTH.text.index("areas.") + 6)
    assert NORTH.at(around) == "Anna leads the north. It has nine areas."
    shared = [shown(NINE, around=around), shown(ANNA, around=around)]
    assert metrics(case("c", (ANNA,)), row("c", *shared))["words_to_evidence"] == 8
    both = case("c", (ANNA,), (BEN,))
    assert metrics(both, row("c", *shared, shown(BEN)))["words_to_evidence"] == 12


def test_short_quotes_without_their_subject() -> None:
    """Of three quotes of under twelve words one has nothing that stands above it: 1/3."""
    quotes = [shown(ANNA), shown(BEN), shown(NINE, in_context=False)]
    assert metrics(case("c", (ANNA,)), row("c", *quotes))["subject_missing"] == pytest.approx(1 / 3)
    long = shown(FOUR, text="word " * 12, in_context=False)
    assert metrics(case("c", (ANNA,)), row("c", long))["subject_missing"] is None


def test_quotes_out_of_order() -> None:
    """Of one place the later quote first is one out of order; so is going back to a place."""
    around = Place("north", ANNA.start, NORTH.text.index("areas.") + 6)
    first, second, other = shown(ANNA, around=around), shown(NINE, around=around), shown(BEN)

    def out_of_order(*quotes: ShownQuote) -> float | None:
        return metrics(case("c", (ANNA,)), row("c", *quotes))["out_of_order"]

    assert out_of_order() is None
    assert out_of_order(first, second, other) == out_of_order(other, first, second) == 0
    assert out_of_order(second, first, other) == out_of_order(first, other, second) == 1
    assert out_of_order(first, other, second.model_copy(update={"part": 1})) == 0


def test_other_places_may_differ_in_a_few_words() -> None:
    """A quote is verbatim to the letter in its own place, and in the same words in the others."""
    page = document("# East\n\nToday Anna leads the north.", "east")
    also = Place("east", page.text.index("Today"), len(page.text))
    run = run_of([case("c", (ANNA,))], [row("c", shown(ANNA, also))])
    run = run.model_copy(update={"documents": (*run.documents, page)})
    assert score(run)[0].metrics["verbatim"] == 1
    twisted = Place("east", also.start, also.end - 1)
    assert metrics(case("c", (ANNA,)), row("c", shown(twisted, ANNA, text="No.")))["verbatim"] == 0


def test_no_overview_counts_for_the_probability() -> None:
    """What is not judged by its probability moves neither Brier nor AUROC."""
    scored = [
        scored_as(case("c", (ANNA,)), row("c", shown(ANNA), probability=0.9)),
        scored_as(case("c", kind="absent"), row("c", probability=0.1)),
    ]
    overview = case("o", (ANNA,), kind="overview")
    more = [*scored, scored_as(overview, row("o", probability=0.0, status=AnswerStatus.OVERVIEW))]
    for name in ("brier", "aurc", "auroc"):
        assert value_of(name, more) == value_of(name, scored)


@pytest.mark.parametrize("asked", [case("c", (ANNA,)), case("c", kind="absent")])
def test_raising_is_no_right_decision(asked: Case) -> None:
    """A case that raises was neither answered nor abstained on."""
    assert metrics(asked, row("c", error="ZeroDivisionError"))["decision"] == 0


def test_verbatim_counts_every_quote() -> None:
    """Of four quotes of all variants, one differs by a capital letter."""
    rows = [
        row("c", shown(ANNA), shown(BEN)),
        row("c", shown(ANNA), shown(ANNA, text="anna leads the north."), variant="filler"),
    ]
    assert metrics(case("c", (ANNA,)), *rows)["verbatim"] == 3 / 4


def test_a_case_that_cannot_be_scored_has_none() -> None:
    """What does not apply to a case is None or left out: it is not 0."""
    found = metrics(case("absent-1", kind="absent"), row("absent-1"))
    for name in (
        "success@1",
        "evidence@5",
        "quote_precision",
        "verbatim",
        "agreement",
        "passage_rr",
    ):
        assert found.get(name) is None


def test_figures_without_their_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a single answerable case, what needs follow-ups, variants or both classes is None."""
    monkeypatch.setattr(figures, "RESAMPLES", 10)
    asked = case("fact-1", (ANNA,))
    results = summarise(META, score(run_of([asked], [row("fact-1", shown(ANNA))])))
    nothing = {name for name, figure in results.figures.items() if figure.value is None}
    assert nothing == {
        "in_view_likely",
        "in_view_unclear",
        "asserted",
        "asserted_nearmiss",
        "asserted_absent",
        "asserted_offtopic",
        "guidance_right",
        "overview_right",
        "auroc",
        "auroc_nearmiss",
        "auroc_absent",
        "auroc_offtopic",
        "followup_ratio",
        "agreement",
        "differences_right",
        "differences_precision",
        "differences_recall",
    }


def test_kinds_have_their_own_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure by kind is taken over the cases of that kind alone, and every metric is kept."""
    monkeypatch.setattr(figures, "RESAMPLES", 10)
    asked = [
        case("fact-1", (ANNA,)),
        case("fact-2", (FOUR,)),
        case("list-1", (NINE,), (BEN,), kind="list"),
        case("absent-1", kind="absent"),
    ]
    rows = [row("fact-1", shown(ANNA)), row("fact-2"), row("list-1", shown(BEN)), row("absent-1")]
    results = summarise(META, score(run_of(asked, rows)))
    by_kind = results.by_kind
    assert list(by_kind) == ["fact", "list", "absent"]
    assert all(tuple(figures) == BY_KIND for figures in by_kind.values())
    assert (by_kind["fact"]["success@1"].value, by_kind["fact"]["success@1"].n) == (0.5, 2)
    assert (by_kind["list"]["in_view"].value, by_kind["list"]["in_view"].n) == (0.5, 1)
    assert (by_kind["absent"]["success@1"].value, by_kind["absent"]["decision"].value) == (None, 1)
    assert results.cases["fact-1"]["kind"] == "fact"
    assert results.cases["fact-1"]["split"] == asked[0].split
    assert results.cases["fact-2"]["status"] == "abstained_not_in_corpus"
    assert results.cases["list-1"]["evidence_shown"] == 0.5


def test_figures_do_not_depend_on_the_order_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are found by case and variant, wherever they stand."""
    monkeypatch.setattr(figures, "RESAMPLES", 10)
    asked = [case("fact-1", (ANNA,)), case("fact-2", (FOUR,))]
    rows = [
        row("fact-1", shown(ANNA), passages=[ANNA]),
        row("fact-2", passages=[NINE, FOUR]),
        row("fact-1", shown(BEN), variant="filler"),
    ]
    forth = summarise(META, score(run_of(asked, rows)))
    back = summarise(META, score(run_of(asked, rows[::-1])))
    assert forth == back


def test_gold_in_another_document_is_not_right() -> None:
    """The same offsets in the other page are no evidence, in quotes and in passages."""
    assert SOUTH.at(replace(ANNA, doc_id="south")) != NORTH.at(ANNA)
    elsewhere = replace(ANNA, doc_id="south")
    found = metrics(
        case("c", (ANNA,)),
        row("c", shown(elsewhere), passages=[elsewhere]),
        among=[ANNA, elsewhere],
    )
    assert (found["success@1"], found["passage_success@1"]) == (0, 0)
