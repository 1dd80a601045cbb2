"""The figures in the papers, held against the baseline."""

from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import ROOT

from footprints.evals.cases import Case
from footprints.evals.compare import read_results
from footprints.evals.figures import BY_KIND, FIGURES, PAIR_FIGURES, Figure, Results, figure
from footprints.evals.report import kinds_table, markdown_table
from footprints.evals.run import Row
from footprints.evals.score import CaseScore
from footprints.types import AnswerStatus

PAPER = ROOT / "docs" / "evaluation.md"
TABLE = r"(?m)^\| {} \| .*\n(?:\|.*\n)+"


def scored_again(case_id: str, metrics: dict[str, Any]) -> CaseScore:
    """Return a case of saved results as it was when it was scored."""
    failed = metrics["status"] == "error"
    row = Row(
        case_id=case_id,
        variant="asked",
        question="",
        status=None if failed else AnswerStatus(metrics["status"]),
        probability=metrics["probability"],
        error="error" if failed else None,
    )
    # Only what can be answered can be refused.
    case = Case(case_id, metrics["kind"], "", (), "refused" in metrics, ())
    return CaseScore(case, row, metrics)


def value_of(scored: list[CaseScore], name: str) -> Figure:
    """Return a figure without its interval, which the table of kinds does not show."""
    applies, statistic = FIGURES[name]
    chosen = [one for one in scored if applies(one)]
    value = statistic(chosen) if chosen else None
    return Figure(value=value, low=None, high=None, n=len(chosen))


@pytest.fixture(scope="module")
def tables() -> tuple[str, str]:
    """Return the tables of the baseline's ``test`` cases; pairs of places belong to no split."""
    results = read_results(ROOT / "evals" / "baselines" / "baseline.json")
    scored = [
        scored_again(case_id, metrics)
        for case_id, metrics in results.cases.items()
        if metrics["split"] == "test"
    ]
    kinds = {one.case.kind: [s for s in scored if s.case.kind == one.case.kind] for one in scored}
    of_test = Results(
        meta=results.meta,
        figures={name: figure(scored, *what) for name, what in FIGURES.items()}
        | {name: results.figures[name] for name in PAIR_FIGURES},
        by_kind={
            kind: {name: value_of(cases, name) for name in BY_KIND} for kind, cases in kinds.items()
        },
        cases={},
    )
    return markdown_table(of_test), kinds_table(of_test)


@pytest.mark.parametrize(("number", "head"), [(0, "measure"), (1, "kind")])
def test_the_figures_are_the_baselines(
    number: int, head: str, tables: tuple[str, str], update_golden: bool
) -> None:
    """The tables of figures and of kinds are those of the baseline on the ``test`` cases."""
    text, table = PAPER.read_text(encoding="utf-8"), f"{tables[number]}\n"
    written = re.findall(TABLE.format(head), text)[0]
    if update_golden:
        PAPER.write_text(text.replace(written, table), encoding="utf-8")
    else:
        assert written.splitlines() == table.splitlines()


def test_the_five_figures_are_the_baselines(tables: tuple[str, str]) -> None:
    """The README has five figures, and each is the baseline's."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, *figures = re.findall(TABLE.format("measure"), readme)[0].splitlines()
    assert len(figures) == 5
    assert set(figures) <= set(tables[0].splitlines())
