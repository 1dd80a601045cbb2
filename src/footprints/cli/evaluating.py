"""Commands that measure the answers and compare measurements."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footprints.cli.options import Corpus, Index
from footprints.progress import show_progress
from footprints.settings import load_settings

if TYPE_CHECKING:
    from footprints.evals.compare import Comparison

app = typer.Typer(
    invoke_without_command=True,
    help="Measure how good the answers are.",
    epilog="Example: footprints eval --split dev",
)


@app.callback()
def evaluate(
    context: typer.Context,
    cases: Annotated[Path | None, typer.Option(help="Folder of evaluation cases.")] = None,
    split: Annotated[str, typer.Option(help="dev, test or all.")] = "all",
    runs: Annotated[Path, typer.Option(help="Folder to keep runs in.")] = Path("evals/runs"),
    baseline: Annotated[
        Path | None, typer.Option(help="Results to compare with, if they exist.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed for the perturbations.")] = 0,
    perturb: Annotated[bool, typer.Option(help="Also ask perturbed questions.")] = True,
    reader: Annotated[
        str | None,
        typer.Option(help="Who reads (FOOTPRINTS_READER)."),
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Ask every case, score the answers, write a report and compare with the baseline.

    Exits with 3 when a quality measure is significantly worse or a quote is not verbatim.
    """
    if context.invoked_subcommand:
        return
    from footprints.evals.cases import cases_of
    from footprints.evals.report import kinds_table, markdown_table
    from footprints.evals.suite import baseline_of, evaluate

    settings = load_settings(corpus_dir=corpus, index_dir=index, reader=reader)
    with show_progress() as progress:
        verdict = evaluate(
            settings,
            cases or cases_of(settings),
            split,
            runs,
            baseline or baseline_of(settings),
            seed if perturb else None,
            partial(progress, "Asking"),
        )
    print(f"{markdown_table(verdict.results)}\n\n{kinds_table(verdict.results)}\n")
    _print_differences(verdict.differences)
    print(f"Report: {verdict.folder / 'report.html'}")
    if verdict.altered_quotes:
        print("footprints: a quote does not match its document.", file=sys.stderr)
    if not verdict.passed:
        raise typer.Exit(3)


@app.command("compare", epilog="Example: footprints eval compare RUN_A RUN_B")
def compare_runs(
    before: Annotated[Path, typer.Argument(help="A run folder or its results.json.")],
    after: Annotated[Path, typer.Argument(help="The run to compare with it.")],
) -> None:
    """Compare two saved runs case by case, without loading a model."""
    from footprints.evals.compare import compare, missing, read_results

    old, new = read_results(before), read_results(after)
    differences = compare(old, new)
    _print_differences(differences, with_cases=True)
    if gone := missing(old, new):
        print(f"Not in the second run: {', '.join(gone)}.")
    if any(difference.significantly_worse for difference in differences):
        raise typer.Exit(3)


def _print_differences(differences: Sequence[Comparison], with_cases: bool = False) -> None:
    for difference in differences:
        print(difference_line(difference))
        if with_cases:
            print(f"  better: {' '.join(difference.better) or 'none'}")
            print(f"  worse: {' '.join(difference.worse) or 'none'}")


def difference_line(difference: Comparison) -> str:
    """Say how a measure differs in two runs."""
    return (
        f"{difference.measure:<18} {difference.before:.3f} → {difference.after:.3f} "
        f"over {difference.n} cases: {len(difference.better)} better, "
        f"{len(difference.worse)} worse, p {difference.p_worse:.3f}"
        f"{'  SIGNIFICANTLY WORSE' if difference.significantly_worse else ''}"
    )
