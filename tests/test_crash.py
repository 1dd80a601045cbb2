"""Whenever a build is killed, the index is one whole build or the other, and the next run ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hang import HANG

POINTS = 50


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Kill runs of ``footprints index`` at many points, and return what was found after each."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "notes.txt").write_text("No headings here.\n\nOnly notes.")
    (folder / "cases").mkdir()
    (folder / "cases" / "notes.jsonl").write_text(
        '{"id": "notes", "kind": "fact", "question": "Which notes?", "answerable": true, '
        '"gold": [[{"doc_id": "notes", "quote": "Only notes."}]]}'
    )
    command = [sys.executable, "-Wignore", str(Path(__file__).with_name("crash.py"))]
    ended = subprocess.run(
        [*command, str(folder), str(POINTS)],
        capture_output=True,
        text=True,
        timeout=10 * HANG,  # dozens of runs, one after the other
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_a_run_is_killed_at_many_points(killed: list[dict[str, object]]) -> None:
    """The points are spread from the first file operation to the last."""
    told, *runs = killed
    points = [run["killed_at"] for run in runs]
    assert len(set(points)) >= POINTS
    assert (points[0], points[-1]) == (1, told["operations"])


def test_the_old_build_serves_until_the_switch(killed: list[dict[str, object]]) -> None:
    """Before the switch the old build opens and answers, after it the new; never anything else."""
    told, *runs = killed
    assert all(run["served"] == run["answered_by"] for run in runs)
    is_old = [run["served"] == told["old"] for run in runs]
    assert is_old == sorted(is_old, reverse=True)
    assert {True, False} == set(is_old)


def test_a_run_is_killed_while_the_cases_are_asked(killed: list[dict[str, object]]) -> None:
    """Between the build that is whole and the switch, the old one serves."""
    told, *runs = killed
    assert {run["served"] for run in runs if run["staged"]} == {told["old"]}


def test_the_next_run_finishes(killed: list[dict[str, object]]) -> None:
    """The next run ends with the build that an undisturbed one makes, and clears up."""
    _, *runs = killed
    assert [run["killed_at"] for run in runs if not run["finished"] or run["litter"]] == []
