"""Two builders: the second waits or says who holds the lock; the dead hold nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from fakes import FakeEncoder
from hang import HANG

from footprints.cli.building import patiently
from footprints.errors import IndexBusy
from footprints.index import build, generations, history
from footprints.index.build import BuildReport, build_index, stage
from footprints.settings import Settings

HOLDER = """
import sys, time
from pathlib import Path
from footprints.index.generations import build_lock

with build_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(3600)
"""


@contextmanager
def holder(index_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold the lock in a process of its own."""
    command = [sys.executable, "-c", HOLDER, str(index_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        try:
            yield child
        finally:
            child.kill()


def test_who_holds_the_lock_is_said(tiny: Settings) -> None:
    """The message names the process and since when it builds."""
    with holder(tiny.index_dir) as child, pytest.raises(IndexBusy) as refused:
        build_index(tiny, FakeEncoder)
    assert re.search(rf"\(process {child.pid}, since \d\d:\d\d:\d\d\); wait", str(refused.value))


def test_a_dead_process_holds_nothing(tiny: Settings) -> None:
    """The lock of a process that was killed is taken over, and its name goes with the build."""
    with holder(tiny.index_dir) as child:
        child.kill()
        child.wait()
        assert str(child.pid) in (tiny.index_dir / ".lock.holder").read_text()
        assert build_index(tiny, FakeEncoder).built
    assert not (tiny.index_dir / ".lock.holder").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", None])
def test_a_holder_that_cannot_be_read_is_not_named(tiny: Settings, content: bytes | None) -> None:
    """Where it is not known who holds the lock, the message goes without."""
    with generations.build_lock(tiny.index_dir):
        path = tiny.index_dir / ".lock.holder"
        path.unlink() if content is None else path.write_bytes(content)
        with pytest.raises(IndexBusy, match=r"under way in \S+; wait"):
            build_index(tiny, FakeEncoder)


def accept(settings: Settings, staged: BuildReport) -> None:
    """Accept."""
    build.accept(settings, staged)


def drop(settings: Settings, staged: BuildReport) -> None:
    """Drop."""
    build.drop(settings, staged)


def roll_back(settings: Settings, staged: BuildReport) -> None:
    """Go back."""
    history.rollback(settings, FakeEncoder)


@pytest.mark.parametrize("act", [accept, drop, roll_back])
def test_whatever_changes_the_index_takes_the_lock(
    tiny: Settings, act: Callable[[Settings, BuildReport], None]
) -> None:
    """Accepting, dropping and going back are refused while a build is under way."""
    build_index(tiny, FakeEncoder)
    (tiny.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent.")
    staged = stage(tiny, FakeEncoder)
    with generations.build_lock(tiny.index_dir), pytest.raises(IndexBusy):
        act(tiny, staged)


def test_nothing_is_held_while_a_build_is_staged(tiny: Settings) -> None:
    """Between staging and accepting another may build."""
    stage(tiny, FakeEncoder)
    assert build_index(tiny, FakeEncoder).built


# Waiting


def test_a_command_waits_for_the_lock(tiny: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """It says once who holds the lock, and goes on when that one has ended."""
    held, seen = Event(), Event()

    def hold() -> None:
        with generations.build_lock(tiny.index_dir):
            held.set()
            assert seen.wait(HANG)

    def attempt() -> BuildReport:
        try:
            return build_index(tiny, FakeEncoder)
        except IndexBusy:
            seen.set()
            raise

    other = Thread(target=hold)
    other.start()
    assert held.wait(HANG)
    assert patiently(HANG, attempt).built
    other.join()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f"(process {os.getpid()}, since " in err
    assert err.endswith(f"; waiting up to {HANG:g} s for it to finish.\n")


def test_a_command_does_not_wait_for_ever(tiny: Settings) -> None:
    """After the time that is set it gives up and says who holds the lock."""
    with generations.build_lock(tiny.index_dir), pytest.raises(IndexBusy, match="wait until"):
        patiently(0, lambda: build_index(tiny, FakeEncoder))
