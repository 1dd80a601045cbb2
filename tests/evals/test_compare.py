"""Two runs: what is worse beyond chance is said, and what is not is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from handmade import META
from hang import HANG

from footprints.cli import main
from footprints.evals.compare import QUALITY, Comparison, compare, missing, read_results
from footprints.evals.figures import FIGURES, Results
from footprints.evals.run import BadRun

Metrics = Mapping[str, float | str | None]


class Outcome(NamedTuple):
    """What a command ended with, and what it printed."""

    code: int
    out: str
    err: str


def results(cases: Mapping[str, Metrics]) -> Results:
    """Make results that know the metrics of every case."""
    by_case = {case_id: dict(metrics) for case_id, metrics in cases.items()}
    return Results(meta=META, figures={}, by_kind={}, cases=by_case)


def run(n: int, worse: int = 0, measure: str = "success@1", change: float = -1.0) -> Results:
    """Make a run of ``n`` cases whose metric is 1, but changed in some."""
    return results(
        {f"c{at}": {measure: 1 + (change if at < worse else 0), "kind": "fact"} for at in range(n)}
    )


def difference(before: Results, after: Results, measure: str = "success@1") -> Comparison:
    """Return the difference in one measure."""
    (found,) = [one for one in compare(before, after) if one.measure == measure]
    return found


def write(folder: Path, results: Results) -> str:
    """Write results as a run folder has them, and return the folder."""
    folder.mkdir()
    (folder / "results.json").write_text(results.model_dump_json(), encoding="utf-8")
    return str(folder)


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Run ``footprints eval compare``."""

    def run(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["footprints", "eval", "compare", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Outcome(int(ended.value.code or 0), *capsys.readouterr())

    return run


def test_a_run_does_not_differ_from_itself() -> None:
    """In no measure is any case better or worse, and p is 1."""
    metrics = dict.fromkeys(QUALITY, 0.5)
    same = results({f"c{at}": metrics for at in range(20)})
    for found in compare(same, same):
        assert (found.before, found.after, found.n, found.p_worse) == (0.5, 0.5, 20, 1)
        assert (found.better, found.worse, found.significantly_worse) == ((), (), False)


def test_every_quality_measure_is_compared_once() -> None:
    """The differences are those of the quality measures, all of which are figures."""
    assert [found.measure for found in compare(run(1), run(1))] == list(QUALITY)
    assert QUALITY.keys() <= FIGURES.keys()


def test_many_cases_worse() -> None:
    """20 of 40 cases lost: by signs alone that comes about once in 2²⁰ times."""
    found = difference(run(40), run(40, worse=20))
    assert (found.before, found.after, found.n) == (1, 0.5, 40)
    assert found.significantly_worse
    assert found.p_worse < 0.001
    assert found.worse == tuple(f"c{at}" for at in range(20))
    assert found.better == ()


def test_many_cases_better() -> None:
    """What is better in 20 cases is not worse: every choice of signs is at least as bad."""
    found = difference(run(40, worse=20), run(40))
    assert found.p_worse == pytest.approx(1, abs=0.001)
    assert not found.significantly_worse
    assert len(found.better) == 20


def test_one_case_worse() -> None:
    """One case lost may be chance: p is 1/2."""
    found = difference(run(40), run(40, worse=1))
    assert found.p_worse == pytest.approx(0.5)
    assert (found.worse, found.significantly_worse) == (("c0",), False)


def test_one_case_better() -> None:
    """One case gained is as good as it can be: p is 1."""
    found = difference(run(40, worse=1), run(40))
    assert found.p_worse == pytest.approx(1)
    assert found.better == ("c0",)


def test_signs_are_flipped() -> None:
    """Three lost and one gained: of 16 choices of signs, 1 + 4 give a sum of −2 or less."""
    before = results({f"c{at}": {"success@1": float(at < 3)} for at in range(4)})
    after = results({f"c{at}": {"success@1": float(at == 3)} for at in range(4)})
    found = difference(before, after)
    assert found.p_worse == pytest.approx(5 / 16)
    assert (found.better, found.worse) == (("c3",), ("c0", "c1", "c2"))


def test_the_size_of_a_change_counts() -> None:
    """Lost 1 and gained ¼ and ¼: of 8 sums, −1½, −1, −1 and −½ are at most −½, so p is 4/8."""
    before = results({"a": {"in_view": 1}, "b": {"in_view": 0.5}, "c": {"in_view": 0.5}})
    after = results({"a": {"in_view": 0}, "b": {"in_view": 0.75}, "c": {"in_view": 0.75}})
    assert difference(before, after, "in_view").p_worse == pytest.approx(4 / 8)


@pytest.mark.parametrize(("lost", "significant"), [(7, False), (8, True)])
def test_the_level_is_corrected_for_the_measures(lost: int, significant: bool) -> None:
    """0.05 / 12 = 0.0042 lies between 2⁻⁷ = 0.0078 and 2⁻⁸ = 0.0039."""
    assert len(QUALITY) == 12
    found = difference(run(40), run(40, worse=lost))
    assert found.p_worse == pytest.approx(2**-lost)
    assert found.significantly_worse is significant


@pytest.mark.parametrize("measure", QUALITY)
def test_the_direction_of_every_measure(measure: str) -> None:
    """More is better in all that does not count words to read or faults."""
    faults = ("denied", "asserted", "subject_missing", "out_of_order")
    lower_is_better = measure in ("words_to_evidence", *faults)
    more = run(20, worse=10, measure=measure, change=1.0)
    found = difference(run(20, measure=measure), more, measure)
    changed = tuple(f"c{at}" for at in range(10))
    assert (found.worse if lower_is_better else found.better) == changed
    assert (found.better if lower_is_better else found.worse) == ()
    assert found.significantly_worse is lower_is_better


def test_what_a_case_lacks_is_left_out() -> None:
    """Cases are paired: one without the measure in either run counts in neither mean."""
    zero, one = run(1, worse=1).cases["c0"], run(1).cases["c0"]
    before = results({"a": zero, "b": {"success@1": None}, "c": zero, "d": {}})
    after = results({"a": one, "b": zero, "c": one, "d": {}, "e": zero})
    found = difference(before, after)
    assert (found.n, found.before, found.after) == (2, 0, 1)
    assert (found.better, found.worse) == (("a", "c"), ())


def test_runs_without_a_case_in_common() -> None:
    """There is nothing to compare: no case, p is 1."""
    found = difference(results({"a": {"success@1": 1}}), results({"b": {"success@1": 0}}))
    assert (found.n, found.p_worse, found.significantly_worse) == (0, 1, False)


def test_missing_cases_are_named() -> None:
    """The cases of the first run that the second lacks, not the reverse."""
    before, after = results({"a": {}, "b": {}, "c": {}}), results({"b": {}, "d": {}})
    assert missing(before, after) == ("a", "c")


def test_results_are_read_from_folder_or_file(tmp_path: Path) -> None:
    """A run is named by its folder or by its results."""
    folder = Path(write(tmp_path / "run", run(3)))
    assert read_results(folder) == read_results(folder / "results.json") == run(3)


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", "\xff"])
def test_what_is_no_run_is_refused(tmp_path: Path, content: str | None) -> None:
    """A folder without results, or with others, is named."""
    if content is not None:
        (tmp_path / "results.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(BadRun) as refused:
        read_results(tmp_path)
    assert str(tmp_path) in str(refused.value)


def test_the_command_lists_changed_cases(tmp_path: Path, command: Callable[..., Outcome]) -> None:
    """Better and worse cases are both listed, and the command ends with 0 if it is but chance."""
    before = results({"a": {"success@1": 1}, "b": {"success@1": 0}, "c": {"success@1": 1}})
    after = results({"a": {"success@1": 0}, "b": {"success@1": 1}})
    ended = command(write(tmp_path / "a", before), write(tmp_path / "b", after))
    assert (ended.code, ended.err) == (0, "")
    assert "0.500 → 0.500 over 2 cases: 1 better, 1 worse" in ended.out
    assert "  better: b\n  worse: a\n" in ended.out
    assert "Not in the second run: c." in ended.out


def test_the_command_ends_with_3_when_worse(
    tmp_path: Path, command: Callable[..., Outcome]
) -> None:
    """Significantly worse is an exit code and a word in the line of the measure."""
    ended = command(write(tmp_path / "a", run(40)), write(tmp_path / "b", run(40, worse=20)))
    assert (ended.code, ended.err) == (3, "")
    (line,) = [line for line in ended.out.splitlines() if "SIGNIFICANTLY WORSE" in line]
    assert line.startswith("success@1 ")


@pytest.mark.parametrize("which", [0, 1])
def test_the_command_ends_with_2_for_no_run(
    tmp_path: Path, command: Callable[..., Outcome], which: int
) -> None:
    """A folder that is no run is the caller's mistake, said in one sentence."""
    folders = [write(tmp_path / "a", run(3)), str(tmp_path)]
    ended = command(*(folders if which else folders[::-1]))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"footprints: {tmp_path} holds no results")
    assert ended.err.count("\n") == 1


def test_comparing_loads_no_model(tmp_path: Path) -> None:
    """Two saved runs are compared without importing torch or what answers."""
    arguments = [write(tmp_path / "a", run(40)), write(tmp_path / "b", run(40, worse=20))]
    script = (
        "import sys\n"
        f"sys.argv = ['footprints', 'eval', 'compare', *{arguments!r}]\n"
        "from footprints.cli import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=HANG, check=False
    )
    assert ended.returncode == 3
    assert "SIGNIFICANTLY WORSE" in ended.stdout
    loaded = set(ended.stderr.split())
    assert "footprints.evals.compare" in loaded
    assert loaded & {"torch", "transformers", "sentence_transformers", "faiss"} == set()
    assert "footprints.answer.answerer" not in loaded
