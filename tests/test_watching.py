"""``footprints index --watch`` follows the folder, whatever happens, until it is told to stop."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from fakes import FakeEncoder
from hang import HANG

from footprints.cli import watching
from footprints.cli.building import Builder, Built
from footprints.errors import BadCorpus, CannotWrite, IndexBusy
from footprints.index import generations
from footprints.index.build import build_index
from footprints.settings import Settings

CHILD = """
import sys
from fakes import FakeEncoder
from footprints.cli import main
from footprints.index import encoder

loaded = []
encoder.load_encoder = lambda name: loaded.append(name) or FakeEncoder()
try:
    main()
finally:
    print(f"loaded {len(loaded)}", flush=True)
"""


@pytest.fixture
def watcher(tiny: Settings) -> Iterator[subprocess.Popen[str]]:
    """Follow the tiny corpus in a process of its own."""
    options = ["--corpus", str(tiny.corpus_dir), "--index", str(tiny.index_dir), "--watch"]
    with subprocess.Popen(
        [sys.executable, "-Wignore", "-c", CHILD, "index", *options],
        cwd=Path(__file__).parent,
        env={**os.environ, "FOOTPRINTS_ENCODER": "fake", "FOOTPRINTS_BUILD_WAIT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def next_line(child: subprocess.Popen[str], wanted: str) -> str:
    """Return the next line that says something."""
    assert child.stdout
    line = next((line for line in child.stdout if wanted in line), "")
    assert wanted in line
    return line


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_follows_the_folder(
    tiny: Settings, watcher: subprocess.Popen[str], ending: signal.Signals
) -> None:
    """Every change is built in a line; bad files and a busy lock do not end it, a signal does."""
    kent = tiny.corpus_dir / "kent.md"
    assert "documents 3 added" in next_line(watcher, "Switched to")
    kent.write_text("# Kent\n\nAnna leads Kent.")
    line = next_line(watcher, "Switched to")
    assert "documents 1 changed; passages: 0 added, 1 changed" in line
    kent.write_bytes(b"\xff")
    assert "kent.md" in next_line(watcher, "Refused: ")
    with generations.build_lock(tiny.index_dir):
        kent.write_text("# Kent\n\nBea leads Kent.")
        next_line(watcher, "Another build is under way")
    next_line(watcher, "documents 1 changed")
    shutil.rmtree(tiny.corpus_dir)
    tiny.corpus_dir.mkdir()
    kent.write_text("# Kent\n\nCleo leads Kent.")
    assert "1 changed, 2 removed" in next_line(watcher, "Switched to")
    watcher.send_signal(ending)
    next_line(watcher, "Stopped.")
    next_line(watcher, "loaded 1")
    assert watcher.wait(HANG) == 0
    assert not build_index(tiny, FakeEncoder).built


class Busy(Builder):
    """A builder to which something happens at every build."""

    def __init__(self, settings: Settings, *happens: Callable[[], None]) -> None:
        super().__init__(settings, Path("none"), strict=False, force=False)
        self._happens = iter(happens)
        self.rebuilt: list[bool] = []

    def build(self, rebuild: bool = False, first: bool = True) -> Built:
        """Let the next thing happen; after the last, be stopped."""
        self.rebuilt.append(rebuild)
        next(self._happens, stop)()
        report = build_index(self.settings, FakeEncoder)
        return Built(report, None, self.settings.index_dir)


def stop() -> None:
    """Do as Ctrl-C does."""
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """Put back what happens on SIGTERM and SIGINT."""
    before: dict[signal.Signals, Any | Callable[[int, FrameType | None], Any]] = {
        ending: signal.getsignal(ending) for ending in (signal.SIGTERM, signal.SIGINT)
    }
    yield
    for ending, handler in before.items():
        signal.signal(ending, handler)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often."""
    monkeypatch.setattr(watching, "QUIET", 50)
    monkeypatch.setattr(watching, "TICK", 100)


def test_what_changes_during_a_build_is_not_missed(
    tiny: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is written while a build runs is seen by the look after it."""

    def write() -> None:
        build_index(tiny, FakeEncoder)
        (tiny.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent.")

    builder = Busy(tiny, write)
    watching.follow(builder, rebuild=True)
    assert builder.rebuilt == [True, False]
    assert capsys.readouterr().out.endswith("Stopped.\n")


def fail() -> None:
    """Break in a way that nobody thought of."""
    raise ZeroDivisionError("nobody thought of this")


def busy() -> None:
    """Find another build under way."""
    raise IndexBusy("Another build is under way.")


def full() -> None:
    """Find no room on the disk."""
    raise CannotWrite("There is no room.")


def test_no_error_ends_it(
    tiny: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error is one line; what was busy or short of room is tried again without a change."""
    monkeypatch.setattr(watching, "RETRY", 0.0)

    def fail_and_touch() -> None:
        (tiny.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent.")
        fail()

    def touch() -> None:
        (tiny.corpus_dir / "notes.txt").write_text("Other notes.")

    watching.follow(Busy(tiny, busy, full, fail_and_touch, touch))
    out, err = capsys.readouterr()
    said = [line.partition(" ")[2] for line in err.splitlines()]
    assert [line for line in said if not line.startswith("Warning: ")] == [
        "Another build is under way.",
        "There is no room.",
        "nobody thought of this",
    ]
    assert "Switched to" in out


def test_what_to_look_at_is_said_at_each_build(
    tiny: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each build that reads a file warns of it, however often that was said before."""
    said: list[int] = []

    def write(leader: str) -> None:
        said.append(capsys.readouterr().err.count("Warning: kent.md: It has no entry"))
        (tiny.corpus_dir / "kent.md").write_text(f"# Kent\n\n{leader} leads Kent.")

    def touch() -> None:
        said.append(capsys.readouterr().err.count("Warning: kent.md: It has no entry"))
        (tiny.corpus_dir / "notes.txt").write_text("Other notes.")

    watching.follow(Busy(tiny, *(partial(write, name) for name in ("Anna", "Bea")), touch, touch))
    assert said == [0, 1, 1, 0]


def test_what_is_left_out_is_said_when_it_changes(
    tiny: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands beside the documents is named at the first build, and when it is other things."""
    lock, captures = tiny.corpus_dir / "~$devon.docx", tiny.corpus_dir / "captures"
    captures.mkdir()

    def touch() -> None:
        (tiny.corpus_dir / "notes.txt").write_text("Other notes.")

    watching.follow(Busy(tiny, lock.touch, touch, lock.unlink, captures.rmdir))
    lines = [line.partition(" ")[2] for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if "eft out" in line] == [
        "Left out: captures (a folder), ~$devon.docx (a lock file of Word).",
        "Left out: captures (a folder).",
        "Nothing is left out any longer.",
    ]


def test_there_must_be_a_folder(tiny: Settings) -> None:
    """A folder that is not there cannot be followed."""
    gone = tiny.model_copy(update={"corpus_dir": tiny.corpus_dir / "gone"})
    with pytest.raises(BadCorpus, match="There is no corpus folder"):
        watching.follow(Busy(gone))
