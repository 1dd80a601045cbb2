"""The suite, from cases to a verdict, on a tiny corpus."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from commands import Outcome, ended
from conftest import ROOT
from fakes import FakeEncoder
from handmade import ANNA, BEN, LINES, META, write_cases

from footprints.answer.answerer import Answerer
from footprints.errors import FootprintsError
from footprints.evals import figures, suite
from footprints.evals import report as reporting
from footprints.evals.cases import BadCases
from footprints.evals.compare import QUALITY, read_results
from footprints.evals.run import ASKED, FULL, BadRun, describe, read_run, run_cases, write_run
from footprints.evals.score import CaseScore
from footprints.evals.suite import Verdict, evaluate, report_run
from footprints.index.build import build_index
from footprints.index.generations import current_folder
from footprints.index.manifest import read_manifest
from footprints.settings import Settings, load_settings
from footprints.types import Encoder

NEEDED = {"meta.json", "cases.json", "documents.json", "rows.jsonl"}
FILES = NEEDED | {"differences.json", "passages.json", "results.json", "report.html"}
ENCODER = FakeEncoder()
SOURCES = ROOT / "src" / "footprints"

# By the hash of their ids, one of the six cases of `handmade` is in dev; these are in test.
TEST_LINES = "\n".join(
    json.dumps(json.loads(line) | {"id": case_id})
    for line, case_id in zip(LINES.splitlines(), ("case-6", "case-38"), strict=False)
)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open indexes with the fake encoder, draw no pictures and few intervals."""
    real = Answerer.open

    def open_with_fake(
        settings: Settings, encoder: Callable[[str], Encoder] = FakeEncoder
    ) -> Answerer:
        return real(settings, lambda name: ENCODER)

    monkeypatch.setattr(Answerer, "open", open_with_fake)
    monkeypatch.setattr(reporting, "pictures", lambda scored: {})
    monkeypatch.setattr(figures, "RESAMPLES", 5)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Index the two pages of ``handmade``."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "north.md").write_text("# North\n\nAnna leads the north. It has nine areas.")
    (corpus / "south.md").write_text("# South\n\nBen leads the south. It has four areas.")
    entry = '[[document]]\nid = "{0}"\nfile = "{0}.md"\n'
    (corpus / "sources.toml").write_text(entry.format("north") + entry.format("south"))
    settings = load_settings(
        corpus_dir=corpus, index_dir=tmp_path / "index", encoder="fake", caution="eager"
    )
    build_index(settings, lambda: ENCODER)
    return settings


@pytest.fixture
def cases_folder(tmp_path: Path) -> Path:
    """Write the six cases of ``handmade``."""
    return write_cases(tmp_path / "cases")


@pytest.fixture
def command(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Outcome]:
    """Run ``footprints eval`` over the two pages, in an empty folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("FOOTPRINTS_ENCODER", "fake")
    monkeypatch.setenv("FOOTPRINTS_CAUTION", settings.caution)
    places = ["--corpus", str(settings.corpus_dir), "--index", str(settings.index_dir)]

    def run(*arguments: str) -> Outcome:
        given = [*places, "--runs", str(tmp_path / "runs"), *arguments]
        return ended(capsys, "eval", *given)

    return run


@pytest.fixture
def verdict(settings: Settings, cases_folder: Path, tmp_path: Path) -> Verdict:
    """Evaluate once, without a baseline."""
    return evaluate(settings, cases_folder, runs=tmp_path / "runs", baseline=None)


def test_a_run_folder_has_everything(verdict: Verdict, tmp_path: Path) -> None:
    """What was asked, of what, what came of it, its scores and its report are kept together."""
    assert verdict.folder.parent == tmp_path / "runs"
    assert {path.name for path in verdict.folder.iterdir()} == FILES
    assert all(path.stat().st_size for path in verdict.folder.iterdir())


def test_pairs_beside_the_cases_are_judged(settings: Settings, tmp_path: Path) -> None:
    """Pairs of quotes that stand beside the folder of cases are judged, kept and counted."""
    pair = {"id": "p", "quotes": [json.loads(ANNA), json.loads(BEN)], "differs": False}
    (tmp_path / "differences.jsonl").write_text(json.dumps(pair), encoding="utf-8")
    verdict = evaluate(settings, write_cases(tmp_path / "cases"), "all", tmp_path / "runs", None)
    (kept,) = read_run(verdict.folder).pairs
    assert (kept.pair_id, kept.about, kept.said) == ("p", None, ())
    assert verdict.results.figures["differences_precision"].n == 0


def test_every_case_is_asked_as_it_is_in_full_and_perturbed(verdict: Verdict) -> None:
    """Six cases, one of them in full, and more questions that were perturbed."""
    run = read_run(verdict.folder)
    variants = [one.variant for one in run.rows]
    assert (variants.count(ASKED), variants.count(FULL)) == (6, 1)
    assert len(variants) > 7
    assert [one.case_id for one in run.cases] == [
        json.loads(line)["id"] for line in LINES.splitlines()
    ]
    assert [one.error for one in run.rows if one.error] == []
    assert verdict.results.figures["agreement"].n == 6


def test_rows_are_what_the_answerer_says(verdict: Verdict, settings: Settings) -> None:
    """The suite asks the same Answerer as the chat: status, probability, quotes and passages."""
    answerer = Answerer.open(settings)
    for one in read_run(verdict.folder).rows:
        answer = answerer.answer(one.question, one.history)
        assert (one.status, one.probability) == (answer.status, answer.probability)
        assert [quote.text for quote in one.quotes] == [c.quote for c in answer.citations]
        if one.variant == ASKED:
            passages = answerer.search(one.question, one.history).passages
            assert [(p.doc_id, p.start, p.end) for p in one.passages] == [
                (p.doc_id, p.start, p.end) for p in passages
            ]
            assert one.milliseconds is not None


def test_without_a_seed_nothing_is_perturbed(
    settings: Settings, cases_folder: Path, tmp_path: Path
) -> None:
    """The six cases and the follow-up in full are asked, and nothing more."""
    verdict = evaluate(settings, cases_folder, runs=tmp_path / "runs", baseline=None, seed=None)
    assert len(read_run(verdict.folder).rows) == 7
    assert verdict.results.figures["agreement"].value is None


def test_a_run_says_where_it_comes_from(verdict: Verdict, settings: Settings) -> None:
    """Index build, corpus digest, commit, versions and what answers depend on are kept.

    Whoever publishes a run tells nothing of the machine.
    """
    manifest = read_manifest(current_folder(settings.index_dir))
    meta = verdict.results.meta
    assert (meta.index_build, meta.corpus_digest) == (manifest.build, manifest.corpus_digest)
    assert meta.settings["encoder"] == "fake"
    assert not meta.settings.keys() & {"corpus_dir", "data_dir", "contact", "qdrant_url"}
    assert meta.versions.keys() >= {"footprints", "torch", "sentence-transformers", "numpy"}
    assert meta.commit
    assert meta.seed == 0
    assert read_run(verdict.folder).meta == meta


def test_two_runs_have_two_folders(
    verdict: Verdict, settings: Settings, cases_folder: Path, tmp_path: Path
) -> None:
    """A second run, however soon, leaves the first as it was."""
    before = (verdict.folder / "rows.jsonl").read_bytes()
    again = evaluate(settings, cases_folder, runs=tmp_path / "runs", baseline=None, seed=None)
    assert again.folder != verdict.folder
    assert (verdict.folder / "rows.jsonl").read_bytes() == before


def test_names_of_runs_differ() -> None:
    """Runs that begin one right after the other have names of their own, in their order."""
    names = [describe("build", "digest", load_settings(), 0).name for _ in range(5)]
    assert len(set(names)) == 5
    assert names == sorted(names)


def test_questions_are_counted_as_they_are_asked(
    settings: Settings, cases_folder: Path, tmp_path: Path
) -> None:
    """Progress runs from 1 to the number of questions, of which it knows from the start."""
    seen: list[tuple[int, int]] = []
    evaluate(
        settings,
        cases_folder,
        runs=tmp_path / "runs",
        baseline=None,
        seed=None,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(done, 7) for done in range(1, 8)]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_a_split_is_asked_alone(settings: Settings, tmp_path: Path, split: str) -> None:
    """Only cases of the split are asked, all of them."""
    folder = write_cases(tmp_path / "cases", f"{LINES}{TEST_LINES}")
    runs = tmp_path / "runs"
    all_cases = read_run(evaluate(settings, folder, "all", runs / "all", None, None).folder).cases
    found = read_run(evaluate(settings, folder, split, runs / split, None, None).folder).cases
    assert [one for one in all_cases if one.split == split] == list(found)
    assert 0 < len(found) < len(all_cases)


@pytest.mark.parametrize("split", ["train", "", "DEV"])
def test_an_unknown_split_is_refused(
    settings: Settings, cases_folder: Path, tmp_path: Path, split: str
) -> None:
    """One sentence says which splits there are, and no run is left behind."""
    with pytest.raises(BadCases) as refused:
        evaluate(settings, cases_folder, split, tmp_path / "runs", None)
    message = str(refused.value)
    assert all(name in message for name in (f"'{split}'", "dev", "test", "all"))
    assert "\n" not in message
    assert not (tmp_path / "runs").exists()


def test_a_wrong_case_leaves_no_run(settings: Settings, tmp_path: Path) -> None:
    """Cases are checked before anything is asked."""
    folder = write_cases(tmp_path / "cases", LINES.replace("Anna leads", "Hanna leads"))
    with pytest.raises(BadCases, match="fact-1"):
        evaluate(settings, folder, runs=tmp_path / "runs", baseline=None)
    assert not (tmp_path / "runs").exists()


def test_without_a_baseline_there_are_no_differences(
    settings: Settings, cases_folder: Path, tmp_path: Path
) -> None:
    """A baseline that is not there is none, and the run passes."""
    nowhere = tmp_path / "nowhere.json"
    verdict = evaluate(settings, cases_folder, runs=tmp_path / "runs", baseline=nowhere, seed=None)
    assert verdict.differences == ()
    assert verdict.passed


def test_a_run_is_compared_with_its_baseline(
    verdict: Verdict, settings: Settings, cases_folder: Path, tmp_path: Path
) -> None:
    """The same answers differ in nothing from those of the baseline."""
    baseline = verdict.folder / "results.json"
    again = evaluate(settings, cases_folder, runs=tmp_path / "again", baseline=baseline)
    assert [one.measure for one in again.differences] == list(QUALITY)
    assert {one.p_worse for one in again.differences} == {1}
    assert [one.n for one in again.differences if one.measure == "decision"] == [6]
    assert again.passed
    assert "Compared with the baseline" in (again.folder / "report.html").read_text(
        encoding="utf-8"
    )


def worsened(verdict: Verdict, folder: Path) -> tuple[Path, Path]:
    """Write a baseline of ten right decisions, and a run in which all of them are wrong."""
    results = verdict.results
    right = {"kind": "fact", "split": "dev", "status": "answered", "decision": 1.0}
    names = [f"fact-{number}" for number in range(10)]
    baseline = folder / "baseline.json"
    better = results.model_copy(update={"cases": dict.fromkeys(names, right)})
    baseline.write_text(better.model_dump_json(), encoding="utf-8")
    answered = {"question": "Anna leads the north.", "kind": "absent", "answerable": False}
    return baseline, write_cases(
        folder / "worse",
        "\n".join(json.dumps({"id": name, "gold": [], **answered}) for name in names),
    )


def test_a_run_is_reported_again_without_a_model(
    verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on disk is scored to the same results when nothing can be opened or encoded."""

    def no_model(*_: object) -> Answerer:
        raise AssertionError

    monkeypatch.setattr(Answerer, "open", no_model)
    monkeypatch.setattr(FakeEncoder, "encode", no_model)
    (verdict.folder / "results.json").unlink()
    again = report_run(verdict.folder, None)
    assert again.results == verdict.results == read_results(verdict.folder)


def test_scoring_that_fails_leaves_the_run(
    settings: Settings, cases_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that was asked is on disk before anything is scored."""

    def broken(run: object) -> list[CaseScore]:
        raise ZeroDivisionError

    monkeypatch.setattr(suite, "score", broken)
    with pytest.raises(ZeroDivisionError):
        evaluate(settings, cases_folder, runs=tmp_path / "runs", baseline=None, seed=None)
    (folder,) = (tmp_path / "runs").iterdir()
    assert len(read_run(folder).rows) == 7


@pytest.mark.parametrize("missing", sorted(NEEDED))
def test_a_folder_that_is_no_run_is_refused(verdict: Verdict, missing: str) -> None:
    """A run that lacks a file is named."""
    (verdict.folder / missing).unlink()
    with pytest.raises(BadRun) as refused:
        report_run(verdict.folder, None)
    assert str(verdict.folder) in str(refused.value)


def test_a_bad_baseline_is_refused_before_anything_is_asked(
    settings: Settings, cases_folder: Path, tmp_path: Path
) -> None:
    """Nobody waits two minutes to hear that a file is wrong."""
    (tmp_path / "baseline.json").write_text("{}")
    asked: list[int] = []
    with pytest.raises(BadRun):
        evaluate(
            settings,
            cases_folder,
            runs=tmp_path / "runs",
            baseline=tmp_path / "baseline.json",
            progress=lambda done, total: asked.append(done),
        )
    assert asked == []


def test_a_run_that_was_cut_short_is_refused_or_scored(verdict: Verdict) -> None:
    """A run whose rows end midway is no cause for an error that names nothing."""
    rows = verdict.folder / "rows.jsonl"
    rows.write_text("\n".join(rows.read_text(encoding="utf-8").splitlines()[:4]), encoding="utf-8")
    try:
        again = report_run(verdict.folder, None)
    except FootprintsError as error:
        assert verdict.folder.name in str(error)
    else:
        assert again.results.figures["decision"].n == 6


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of everything that a module imports."""
    package = ["footprints", *path.relative_to(SOURCES).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


LIBRARY = [
    path
    for part in ("answer", "index", "corpus", "reader")
    for path in sorted((SOURCES / part).rglob("*.py"))
] + [SOURCES / "types.py", SOURCES / "settings.py", SOURCES / "errors.py"]


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.relative_to(SOURCES)))
def test_what_is_evaluated_knows_nothing_of_it(path: Path) -> None:
    """No module that answers imports the evaluation, or names its cases."""
    names = list(imported(path))
    assert [name for name in names if name.startswith("footprints.evals")] == []
    assert "evals/" not in path.read_text(encoding="utf-8")


def test_imports_are_seen() -> None:
    """The scan finds what the suite itself imports."""
    names = set(imported(SOURCES / "evals" / "suite.py"))
    assert {"footprints.evals.cases.load_cases", "footprints.answer.answerer.Answerer"} <= names


def test_the_command_prints_tables_and_the_report(
    command: Callable[..., Outcome], tmp_path: Path
) -> None:
    """Figures, kinds and the path of the report are printed, of the split's cases alone."""
    folder = write_cases(tmp_path / "cases", f"{LINES}{TEST_LINES}")
    ended = command("--cases", str(folder), "--split", "test", "--no-perturb")
    assert (ended.code, ended.err) == (0, "")
    assert "| measure | value (95 % interval) | cases |" in ended.out
    assert "| kind | cases | first quote right (success@1) |" in ended.out
    (run,) = (tmp_path / "runs").iterdir()
    assert ended.out.endswith(f"Report: {run / 'report.html'}\n")
    kept = read_run(run)
    assert {one.split for one in kept.cases} == {"test"}
    assert {one.variant for one in kept.rows} <= {ASKED, FULL}


def test_the_command_compares_with_the_baseline(
    command: Callable[..., Outcome], verdict: Verdict, tmp_path: Path
) -> None:
    """Significantly worse is a word in the table of differences and exit code 3."""
    baseline, worse = worsened(verdict, tmp_path)
    arguments = ["--cases", str(worse), "--no-perturb", "--baseline", str(baseline)]
    ended = command(*arguments, "--runs", str(tmp_path / "again"))
    assert ended.code == 3
    (line,) = [line for line in ended.out.splitlines() if "SIGNIFICANTLY WORSE" in line]
    assert line.startswith("decision ")
    assert "Report: " in ended.out


def test_the_command_says_that_a_quote_was_altered(
    command: Callable[..., Outcome], cases_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An altered quote is exit code 3 and a sentence on standard error."""
    real = run_cases

    def altered(*arguments: object) -> Iterator[object]:
        for one in real(*arguments):  # type: ignore[arg-type]
            quotes = [q.model_copy(update={"text": q.text.upper()}) for q in one.quotes]
            yield one.model_copy(update={"quotes": tuple(quotes)})

    monkeypatch.setattr(suite, "run_cases", altered)
    ended = command("--cases", str(cases_folder), "--no-perturb")
    assert ended.code == 3
    assert ended.err == "footprints: a quote does not match its document.\n"
    assert "Report: " in ended.out


@pytest.mark.parametrize(
    "arguments",
    [["--split", "train"], ["--cases", "nowhere"]],
    ids=["unknown split", "no cases"],
)
def test_the_command_ends_with_2_for_a_mistake(
    command: Callable[..., Outcome], cases_folder: Path, arguments: Sequence[str]
) -> None:
    """A mistake of the caller is one sentence on standard error."""
    ended = command("--cases", str(cases_folder), *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("footprints: ")
    assert ended.err.count("\n") == 1


def test_a_run_is_never_written_over(tmp_path: Path) -> None:
    """A folder that is there already is not taken for a new run."""
    write_run(tmp_path / "run", META, [], {}, iter(()))
    with pytest.raises((FootprintsError, FileExistsError)):
        write_run(tmp_path / "run", META, [], {}, iter(()))
