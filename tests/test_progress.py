"""Progress: what is told while something long is done, and who sees it."""

from __future__ import annotations

import threading

import pytest

from footprints.progress import show_progress, told


def test_told() -> None:
    """Every item is given once, and counted when it has been dealt with."""
    heard: list[tuple[int, int]] = []
    given = []
    for item in told("abc", lambda done, total: heard.append((done, total))):
        given.append((item, len(heard)))
    assert given == [("a", 0), ("b", 1), ("c", 2)]
    assert heard == [(1, 3), (2, 3), (3, 3)]


def test_without_a_terminal_it_is_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches nothing is written."""
    with show_progress() as progress:
        progress("Encoding", 1, 2)
        progress("Encoding", 2, 2)
    assert capfd.readouterr() == ("", "")


def test_without_a_terminal_long_work_speaks(capfd: pytest.CaptureFixture[str]) -> None:
    """Its beginning is a line, and then how far it is, again and again until it ends."""
    err = ""
    with show_progress("Indexing corpus …", every=0.01) as progress:
        progress("Encoding", 1, 2)
        progress("Encoding", 2, 2)
        while "Encoding: 2 of 2" not in err:
            err += capfd.readouterr().err
    assert err.startswith("Indexing corpus …\n")
    told = {"Indexing corpus …", "Encoding: 1 of 2", "Encoding: 2 of 2"}
    assert set(err.splitlines()[1:]) <= told
    assert "Encoding: 2 of 2" in err
    assert not [one for one in threading.enumerate() if one.name == "progress"]


def test_a_terminal_sees_the_step(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal is shown the step, how much of it is done, its rate and the time left."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    with show_progress() as progress:
        progress("Encoding", 1, 2)
    shown = capfd.readouterr().err
    assert "Encoding" in shown
    assert "1/2" in shown
