"""The suite: the straight line of an evaluation, from cases to a verdict."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from footprints.answer.answerer import Answerer
from footprints.evals.cases import BadCases, cases_of, load_cases, read_cases
from footprints.evals.compare import Comparison, compare, read_results
from footprints.evals.differences import judged_pairs
from footprints.evals.figures import Results, summarise
from footprints.evals.report import write_report
from footprints.evals.run import Meta, describe, read_run, run_cases, write_run
from footprints.evals.score import score
from footprints.index.generations import current_folder
from footprints.index.manifest import read_manifest
from footprints.progress import ProgressCallback, idle
from footprints.settings import Settings

PAIRS = "differences.jsonl"
"""The file of pairs, beside the folder of cases, if there is one."""
RUNS = Path("evals/runs")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of an evaluation, and its folder."""

    folder: Path
    results: Results
    differences: tuple[Comparison, ...]

    @property
    def altered_quotes(self) -> bool:
        """Tell whether any quote was not verbatim."""
        shares = (case["verbatim"] for case in self.results.cases.values())
        return any(isinstance(share, float) and share < 1 for share in shares)

    @property
    def passed(self) -> bool:
        """Tell whether every quote is verbatim and nothing is significantly worse."""
        return not self.altered_quotes and not any(d.significantly_worse for d in self.differences)


def evaluate(
    settings: Settings,
    cases_folder: Path,
    split: str = "all",
    runs: Path = RUNS,
    baseline: Path | None = None,
    seed: int | None = 0,
    progress: ProgressCallback = idle,
) -> Verdict:
    """Ask all cases of a split, keep the run, score it, report, and compare with the baseline.

    Without a seed no perturbations are asked.

    Raises:
        BadCases: a case is wrong, or the split has none.
        BadRun: the baseline cannot be read.
    """
    before = _read_baseline(baseline)
    answerer = Answerer.open(settings)
    documents = answerer.index.documents
    cases = [c for c in load_cases(cases_folder, documents) if split in ("all", c.split)]
    if not cases:
        raise BadCases(f"{cases_folder} has no cases of the split {split!r}; use dev, test or all.")
    pairs = judged_pairs(cases_folder.parent / PAIRS, documents)
    meta = _meta(settings, answerer, seed)
    folder = runs / meta.name
    rows = run_cases(answerer, cases, seed, progress)
    write_run(folder, meta, cases, documents, rows, pairs, answerer.index.passages)
    return report_run(folder, before)


def report_run(folder: Path, before: Results | None) -> Verdict:
    """Score a run that is on disk and write its results and report beside it; needs no model.

    Raises:
        BadRun: the run was cut short.
    """
    run = read_run(folder)
    scored = score(run)
    results = summarise(run.meta, scored, run.pairs)
    (folder / "results.json").write_text(results.model_dump_json(indent=1), encoding="utf-8")
    differences = tuple(compare(before, results)) if before else ()
    documents = {document.doc_id: document for document in run.documents}
    write_report(folder / "report.html", results, scored, documents, differences)
    return Verdict(folder, results, differences)


def _read_baseline(path: Path | None) -> Results | None:
    return read_results(path) if path and path.exists() else None


def baseline_of(settings: Settings) -> Path:
    """Return the path of the baseline for these documents."""
    return cases_of(settings).parent / "baselines" / "baseline.json"


def latest_results(settings: Settings) -> Results | None:
    """Return the results of the newest run kept here, else the baseline's, else None."""
    newest = max(RUNS.glob("*/results.json"), default=baseline_of(settings))
    return read_results(newest) if newest.exists() else None


def questions_of(settings: Settings) -> dict[str, str]:
    """Return the questions of the cases for these documents by their ids; none if unreadable."""
    with suppress(BadCases):
        return {
            line.id: " › ".join([*line.history, line.question])
            for line in read_cases(cases_of(settings))
        }
    return {}


def _meta(settings: Settings, answerer: Answerer, seed: int | None) -> Meta:
    manifest = read_manifest(current_folder(settings.index_dir))
    return describe(answerer.index_build, manifest.corpus_digest, settings, seed or 0)
