"""The harness can fail: bad answerers get exactly the figures that were worked out by hand.

The six cases of ``handmade``, in their order, with the needed parts of each:

1. fact-1: “Anna leads the north.”
2. fact-2: “It has four areas.” of the south
3. compare-1: “Anna leads the north.” and “Ben leads the south.”
4. followup-1: “Ben leads the south.”
5. absent-1 and 6. offtopic-1: none
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from handmade import (
    DOCUMENTS,
    META,
    NO,
    PASSAGES,
    Found,
    Told,
    case,
    cases,
    gold,
    place,
    row,
    run_of,
    shown,
)

from footprints.evals import figures, suite
from footprints.evals import report as reporting
from footprints.evals.figures import FIGURES, Figure, Results, summarise
from footprints.evals.run import ASKED, FULL, Asks, Row, ShownQuote, read_run, run_cases, write_run
from footprints.evals.score import CaseScore, score
from footprints.evals.suite import Verdict, report_run
from footprints.types import Answer, AnswerStatus, Place

Quotes = Callable[[str], list[ShownQuote]]

ANNA = place("north", "Anna leads the north.")
BEN = place("south", "Ben leads the south.")


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no pictures and few intervals: here only the values matter."""
    monkeypatch.setattr(reporting, "pictures", lambda scored: {})
    monkeypatch.setattr(figures, "RESAMPLES", 5)


@dataclass
class Raising:
    """Answers as another does, but raises on every third question it is asked."""

    other: Asks
    asked: int = 0

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer, or raise."""
        self.asked += 1
        if self.asked % 3 == 0:
            raise ZeroDivisionError("the third")
        return self.other.answer(question, history)

    def search(self, question: str, history: Sequence[str] = ()) -> Found:
        """Return what the other retrieves."""
        return Found(tuple(self.other.search(question, history).passages))


class RaisingOnSearch(Told):
    """Answers, but cannot tell what it retrieved."""

    def search(self, question: str, history: Sequence[str] = ()) -> Found:
        """Raise."""
        raise ZeroDivisionError("no search")


def nothing(question: str) -> list[ShownQuote]:
    """Quote nothing."""
    return []


def first_sentence(question: str) -> list[ShownQuote]:
    """Quote the first sentence of the first document."""
    return [shown(ANNA)]


def one_letter_altered(question: str) -> list[ShownQuote]:
    """Quote the gold, but with a letter altered in the second quote of the comparison."""
    quotes = gold(question)
    return [*quotes[:1], *(shown(BEN, text="Den leads the south.") for _ in quotes[1:])]


def keep(folder: Path, answerer: Asks, seed: int | None = None) -> Path:
    """Ask every case and write the run."""
    asked = cases()
    rows = run_cases(answerer, asked, seed)
    write_run(folder / "run", META, asked, DOCUMENTS, rows, passages=PASSAGES)
    return folder / "run"


def results_of(folder: Path, answerer: Asks, seed: int | None = None) -> Results:
    """Ask every case, write the run, read it and score it."""
    run = read_run(keep(folder, answerer, seed))
    return summarise(run.meta, score(run))


def values_of(results: Results) -> dict[str, tuple[float | None, int]]:
    """Return the value of every figure, and over how many cases it is taken."""
    return {name: (figure.value, figure.n) for name, figure in results.figures.items()}


def test_one_that_always_abstains(tmp_path: Path) -> None:
    """Abstaining is right in 2 of 6 cases; the four others are refused, and their evidence denied.

    No answer is right at any coverage; every probability is 0.1, so every pair ties, and
    Brier is 0.1².
    """
    assert values_of(results_of(tmp_path, Told(nothing))) == {
        "success@1": (0, 4),
        "evidence@1": (0, 4),
        "evidence@3": (0, 4),
        "evidence@5": (0, 4),
        "in_view@1": (0, 4),
        "in_view": (0, 4),
        "in_view_sure": (None, 0),
        "in_view_likely": (None, 0),
        "in_view_unclear": (None, 0),
        "evidence_shown": (0, 4),
        "denied": (1, 4),
        "refused": (1, 4),
        "asserted": (0, 2),
        "asserted_nearmiss": (None, 0),
        "asserted_absent": (0, 1),
        "asserted_offtopic": (0, 1),
        "subject_missing": (None, 0),
        "out_of_order": (None, 0),
        "guidance_right": (None, 0),
        "overview_right": (None, 0),
        "words_to_evidence": (400, 4),
        "quote_precision": (None, 0),
        "verbatim": (None, 0),
        "decision": (round(2 / 6, 4), 6),
        "auroc": (0.5, 6),
        "auroc_nearmiss": (None, 4),
        "auroc_absent": (0.5, 5),
        "auroc_offtopic": (0.5, 5),
        "aurc": (1, 6),
        "brier": (0.01, 6),
        "passage_success@1": (0, 4),
        "passage_success@5": (0, 4),
        "passage_success@20": (0, 4),
        "passage_ndcg@10": (0, 4),
        "passage_rr": (0, 4),
        "followup_ratio": (None, 1),
        "agreement": (None, 0),
        "milliseconds_p50": (4, 6),
        "milliseconds_p95": (4, 6),
        "differences_right": (None, 0),
        "errors": (0, 6),
        "differences_precision": (None, 0),
        "differences_recall": (None, 0),
    }


def test_one_that_always_quotes_the_first_sentence(tmp_path: Path) -> None:
    """Its quote is the whole evidence of case 1 and half of that of case 3: (1 + 0 + ½ + 0) / 4.

    - Words: 4 in case 1, else 400, of which the median is 400.
    - Cases 2 and 4 are shown nothing they need; the two unanswerable ones are asserted.
    - Outcomes in order are right, wrong, right, wrong, wrong, wrong, and all probabilities 0.9:
      risks 0, 1/2, 1/3, 2/4, 3/5, 4/6; Brier (2 · 0.1² + 4 · 0.9²) / 6.
    """
    assert values_of(results_of(tmp_path, Told(first_sentence))) == {
        "success@1": (2 / 4, 4),
        "evidence@1": (1.5 / 4, 4),
        "evidence@3": (1.5 / 4, 4),
        "evidence@5": (1.5 / 4, 4),
        "in_view@1": (2 / 4, 4),
        "in_view": (1.5 / 4, 4),
        "in_view_sure": (1.5 / 6, 6),
        "in_view_likely": (None, 0),
        "in_view_unclear": (None, 0),
        "evidence_shown": (1.5 / 4, 4),
        "denied": (2 / 4, 4),
        "refused": (0, 4),
        "asserted": (1, 2),
        "asserted_nearmiss": (None, 0),
        "asserted_absent": (1, 1),
        "asserted_offtopic": (1, 1),
        "subject_missing": (0, 6),
        "out_of_order": (0, 6),
        "guidance_right": (None, 0),
        "overview_right": (None, 0),
        "words_to_evidence": (400, 4),
        "quote_precision": (2 / 4, 4),
        "verbatim": (1, 6),
        "decision": (round(4 / 6, 4), 6),
        "auroc": (0.5, 6),
        "auroc_nearmiss": (None, 4),
        "auroc_absent": (0.5, 5),
        "auroc_offtopic": (0.5, 5),
        "aurc": (round((0 + 1 / 2 + 1 / 3 + 2 / 4 + 3 / 5 + 4 / 6) / 6, 4), 6),
        "brier": (round((2 * 0.01 + 4 * 0.81) / 6, 4), 6),
        "passage_success@1": (1.5 / 4, 4),
        "passage_success@5": (1.5 / 4, 4),
        "passage_success@20": (1.5 / 4, 4),
        "passage_ndcg@10": (1.5 / 4, 4),
        "passage_rr": (1.5 / 4, 4),
        "followup_ratio": (None, 1),
        "agreement": (None, 0),
        "milliseconds_p50": (4, 6),
        "milliseconds_p95": (4, 6),
        "differences_right": (None, 0),
        "errors": (0, 6),
        "differences_precision": (None, 0),
        "differences_recall": (None, 0),
    }


RIGHT = {
    "success@1": (1, 4),
    "evidence@1": (3.5 / 4, 4),
    "evidence@3": (1, 4),
    "evidence@5": (1, 4),
    "in_view@1": (1, 4),
    "in_view": (1, 4),
    "in_view_sure": (1, 4),
    "in_view_likely": (None, 0),
    "in_view_unclear": (None, 0),
    "evidence_shown": (1, 4),
    "denied": (0, 4),
    "refused": (0, 4),
    "asserted": (0, 2),
    "asserted_nearmiss": (None, 0),
    "asserted_absent": (0, 1),
    "asserted_offtopic": (0, 1),
    "subject_missing": (0, 4),
    "out_of_order": (0, 4),
    "guidance_right": (None, 0),
    "overview_right": (None, 0),
    "words_to_evidence": (4, 4),
    "quote_precision": (1, 4),
    "verbatim": (1, 4),
    "decision": (1, 6),
    "auroc": (1, 6),
    "auroc_nearmiss": (None, 4),
    "auroc_absent": (1, 5),
    "auroc_offtopic": (1, 5),
    "aurc": (round((1 / 5 + 2 / 6) / 6, 4), 6),
    "brier": (0.01, 6),
    "passage_success@1": (3.5 / 4, 4),
    "passage_success@5": (1, 4),
    "passage_success@20": (1, 4),
    "passage_ndcg@10": (round((3 + (1 + 1 / math.log2(3)) / 2) / 4, 4), 4),
    "passage_rr": (round((3 + (1 + 1 / 2) / 2) / 4, 4), 4),
    "followup_ratio": (1, 1),
    "agreement": (None, 0),
    "milliseconds_p50": (4, 6),
    "milliseconds_p95": (4, 6),
    "differences_right": (None, 0),
    "errors": (0, 6),
    "differences_precision": (None, 0),
    "differences_recall": (None, 0),
}


def test_one_that_quotes_the_gold(tmp_path: Path) -> None:
    """All is 1 but what the second part of case 3 costs, which stands at the second rank.

    - In case 3 evidence@1 and passage success@1 are ½, RR (1 + ½) / 2, nDCG (1 + 1/log₂3) / 2.
    - Words: 4, 4, 8 and 4.
    - Four right answers are the most probable, then two abstentions: risks 0, 0, 0, 0, 1/5, 2/6.
    - Brier: 0.9 where right and 0.1 where not, so 0.1² everywhere.
    """
    assert values_of(results_of(tmp_path, Told(gold))) == RIGHT


def test_one_that_alters_a_letter(tmp_path: Path) -> None:
    """One of the two quotes of case 3 is not verbatim: (1 + 1 + ½ + 1) / 4, and nothing else."""
    altered = values_of(results_of(tmp_path, Told(one_letter_altered)))
    assert altered == RIGHT | {"verbatim": (3.5 / 4, 4)}


def test_one_that_raises_on_every_third_case(tmp_path: Path) -> None:
    """Cases 3 and 6 raise: they score 0, show nothing, and are no abstentions.

    - Quotes are shown in the answerable cases 1, 2 and 4 alone.
    - Words: 4, 4, 400 and 4.
    - Decision: cases 1, 2, 4 and 5 of 6.
    - Raising is asserting: case 6 counts as asserted, case 3 as refused and denied.
    """
    values = values_of(results_of(tmp_path, Raising(Told(gold))))
    expected = {
        "success@1": (3 / 4, 4),
        "evidence@1": (3 / 4, 4),
        "evidence@3": (3 / 4, 4),
        "evidence@5": (3 / 4, 4),
        "in_view@1": (3 / 4, 4),
        "in_view": (3 / 4, 4),
        "in_view_sure": (1, 3),
        "in_view_likely": (None, 0),
        "in_view_unclear": (None, 0),
        "evidence_shown": (3 / 4, 4),
        "denied": (1 / 4, 4),
        "refused": (1 / 4, 4),
        "asserted": (1 / 2, 2),
        "asserted_nearmiss": (None, 0),
        "asserted_absent": (0, 1),
        "asserted_offtopic": (1, 1),
        "subject_missing": (0, 3),
        "out_of_order": (0, 3),
        "guidance_right": (None, 0),
        "overview_right": (None, 0),
        "words_to_evidence": (4, 4),
        "quote_precision": (1, 3),
        "verbatim": (1, 3),
        "decision": (round(4 / 6, 4), 6),
        "passage_success@1": (3 / 4, 4),
        "passage_success@5": (3 / 4, 4),
        "passage_success@20": (3 / 4, 4),
        "passage_ndcg@10": (3 / 4, 4),
        "passage_rr": (3 / 4, 4),
        "followup_ratio": (1, 1),
        "agreement": (None, 0),
        "milliseconds_p50": (4, 4),
        "milliseconds_p95": (4, 4),
        "differences_right": (None, 0),
        "errors": (2, 6),
        "differences_precision": (None, 0),
        "differences_recall": (None, 0),
    }
    assert {name: values[name] for name in expected} == expected
    assert FIGURES.keys() - expected.keys() == {
        "auroc",
        "auroc_nearmiss",
        "auroc_absent",
        "auroc_offtopic",
        "aurc",
        "brier",
    }, "figures of the probability have a test of their own: an error has none"


def _figures_with(rows: Sequence[Row]) -> dict[str, Figure]:
    return summarise(META, score(run_of(cases(), rows))).figures


@pytest.mark.parametrize(
    ("name", "lower_is_better"),
    [
        ("auroc", False),
        ("auroc_absent", False),
        ("auroc_offtopic", False),
        ("brier", True),
        ("aurc", True),
    ],
)
def test_raising_never_pays(name: str, lower_is_better: bool) -> None:
    """Raising in every case gives no better figure of the probability than being surely wrong."""
    raised = [row(one.case_id, error="ZeroDivisionError", probability=0) for one in cases()]
    wrong = [
        row(one.case_id, *([] if one.answerable else [shown(ANNA)]), probability=p)
        for one in cases()
        for p in [0.0 if one.answerable else 1.0]
    ]
    found, worst = _figures_with(raised)[name].value, _figures_with(wrong)[name].value
    assert worst is not None
    assert found is None or (found >= worst if lower_is_better else found <= worst)


def test_an_error_is_kept_with_its_name(tmp_path: Path) -> None:
    """The rows of cases 3 and 6 say what was raised, and no other row does."""
    rows = read_run(keep(tmp_path, Raising(Told(gold)))).rows
    assert [(one.case_id, one.error) for one in rows if one.error] == [
        ("compare-1", "ZeroDivisionError: the third"),
        ("offtopic-1", "ZeroDivisionError: the third"),
    ]
    assert len(rows) == 7


def test_an_error_of_retrieval_is_an_error(tmp_path: Path) -> None:
    """One that cannot say what it retrieved scores nothing in any case, though it quotes gold."""
    figures = results_of(tmp_path, RaisingOnSearch(gold)).figures
    assert (figures["errors"].value, figures["success@1"].value) == (6, 0)


def test_errors_of_the_other_variants_are_counted() -> None:
    """A case that raises only when asked in full, or when perturbed, is a case that raised."""
    rows = [row(one.case_id) for one in cases()]
    rows += [row("followup-1", variant=FULL, error="ZeroDivisionError")]
    rows += [row("fact-1", variant="filler", error="ZeroDivisionError")]
    assert _figures_with(rows)["errors"].value == 2


def test_perturbed_questions_agree_or_not(tmp_path: Path) -> None:
    """One that quotes by the exact question abstains on every perturbed one.

    That agrees where the question itself was abstained on, in cases 5 and 6; one that says the
    same to everything agrees with itself.
    """
    figures = results_of(tmp_path / "exact", Told(gold), seed=0).figures
    assert (figures["agreement"].value, figures["agreement"].n) == (round(2 / 6, 4), 6)
    for number, answerer in enumerate((Told(nothing), Told(first_sentence))):
        figures = results_of(tmp_path / str(number), answerer, seed=0).figures
        assert (figures["agreement"].value, figures["agreement"].n) == (1, 6)


@pytest.mark.parametrize("quotes", [nothing, first_sentence, gold])
def test_verbatim_quotes_pass(tmp_path: Path, quotes: Quotes) -> None:
    """Without a baseline only an altered quote fails a run."""
    verdict = report_run(keep(tmp_path, Told(quotes)), None)
    assert verdict.passed
    assert not verdict.altered_quotes


def test_an_altered_letter_fails_the_run(tmp_path: Path) -> None:
    """One altered letter in one quote fails the run, without any baseline."""
    verdict = report_run(keep(tmp_path, Told(one_letter_altered)), None)
    assert verdict.altered_quotes
    assert not verdict.passed


def test_an_altered_letter_fails_the_run_in_any_variant(tmp_path: Path) -> None:
    """A quote that is altered only for a perturbed question fails the run too."""
    known = {one.question for one in cases()} | {one.full for one in cases()}

    def quotes(question: str) -> list[ShownQuote]:
        return gold(question) if question in known else [shown(ANNA, text="Hanna leads.")]

    assert report_run(keep(tmp_path / "asked", Told(quotes)), None).passed
    assert not report_run(keep(tmp_path / "perturbed", Told(quotes), seed=0), None).passed


def test_one_altered_quote_of_very_many_fails_the_run() -> None:
    """The share is not rounded up to 1: 1 of 35 quotes in 1 of 1,000 cases fails."""
    quote = shown(ANNA)
    asked = [case(f"fact-{number}", (ANNA,)) for number in range(1000)]
    rows = [row(one.case_id, quote) for one in asked]
    rows += [row("fact-0", quote, variant=str(number)) for number in range(33)]
    rows += [row("fact-0", shown(ANNA, text="Hanna leads."), variant="filler")]
    results = summarise(META, score(run_of(asked, rows)))
    assert not Verdict(Path(), results, ()).passed


@pytest.mark.parametrize(
    "other",
    [BEN, Place("south", 0, 5), Place("south", 0, 10_000), Place("nowhere", 0, 5)],
    ids=["other words", "fewer words", "beyond the end", "no such document"],
)
def test_every_place_must_say_the_quote(other: Place) -> None:
    """A quote that claims a place which says something else, or is not there, is not verbatim."""
    rows = [row("fact-1", shown(ANNA, other))]
    (scored,) = score(run_of([case("fact-1", (BEN,))], rows))
    assert scored.metrics["verbatim"] == 0


def test_a_quote_of_no_document_is_not_verbatim() -> None:
    """A quote of a document that is not in the corpus is scored, as not verbatim."""
    quote = ShownQuote(text="Anna", places=(Place("nowhere", 0, 4),))
    (scored,) = score(run_of([case("fact-1", (ANNA,))], [row("fact-1", quote)]))
    assert scored.metrics["verbatim"] == 0


def test_abstaining_with_further_passages_shows_no_quote(tmp_path: Path) -> None:
    """What an abstention shows further down is no quote, and neither is its question decided."""

    class Further(Told):
        def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
            answer = super().answer(question, history)
            return replace(answer, status=NO, citations=(), further=answer.citations)

    figures = results_of(tmp_path, Further(gold)).figures
    assert (figures["success@1"].value, figures["in_view"].value) == (0, 0)
    assert (figures["evidence_shown"].value, figures["denied"].value) == (1, 1)


def test_an_abstention_that_cites_is_no_success() -> None:
    """Quotes under a status that abstains do not count: the asker is told there is no answer."""
    abstained = row("fact-1", shown(ANNA)).model_copy(update={"status": NO})
    (scored,) = score(run_of([case("fact-1", (ANNA,))], [abstained]))
    assert scored.metrics["decision"] == 0
    assert scored.metrics["success@1"] == 0


def test_an_answer_without_quotes_is_scored() -> None:
    """One that says it answers and quotes nothing scores 0 and agrees with nothing that quotes."""
    empty = row("fact-1").model_copy(update={"status": AnswerStatus.ANSWERED})
    other = row("fact-1", shown(ANNA), variant="filler")
    (scored,) = score(run_of([case("fact-1", (ANNA,))], [empty, other]))
    assert scored.metrics["success@1"] == 0
    assert scored.metrics["agreement"] == 0


def test_rows_are_on_disk_before_anything_is_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When scoring raises, the run can still be read and scored again."""
    folder = keep(tmp_path, Told(gold))

    def broken(run: object) -> list[CaseScore]:
        raise ZeroDivisionError

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(suite, "score", broken)
        report_run(folder, None)
    assert [one.variant for one in read_run(folder).rows] == [ASKED] * 6 + [FULL]
    assert report_run(folder, None).results.figures["success@1"].value == 1


def test_rows_are_written_as_they_come(tmp_path: Path) -> None:
    """When asking ends midway, what was asked before is on disk."""

    def stopped() -> Iterator[Row]:
        yield row("fact-1", shown(ANNA))
        yield row("fact-2")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_run(tmp_path / "run", META, cases(), DOCUMENTS, stopped())
    assert [one.case_id for one in read_run(tmp_path / "run").rows] == ["fact-1", "fact-2"]


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    """Cases, documents, meta and rows are read as they were written, odd characters included."""
    odd = "a\u2028b\x85c\u2029d\x0be\n“é”"
    rows = [row("fact-1", shown(ANNA, BEN), passages=[BEN]), row("fact-2", error=odd)]
    asked = [replace(cases()[0], question=odd), *cases()[1:]]
    write_run(tmp_path / "run", META, asked, DOCUMENTS, iter(rows))
    run = read_run(tmp_path / "run")
    assert run.rows == tuple(rows)
    assert run.cases == tuple(asked)
    assert (run.meta, run.documents) == (META, tuple(DOCUMENTS.values()))
