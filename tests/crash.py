"""Kills real runs of ``footprints index`` at many points, and prints what was found after each.

A process of its own, which forks one child a run: what it imports is imported once.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from fakes import FakeEncoder
from tiny import segments_of

from footprints.answer.answerer import Answerer
from footprints.cli import main
from footprints.evals import gate  # noqa: F401  a run imports it when it asks the cases
from footprints.index import disk, encoder, generations
from footprints.index.build import build_index
from footprints.index.manifest import read_manifest
from footprints.index.objects import Objects
from footprints.index.opening import open_index
from footprints.settings import Settings, load_settings

OPERATIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}
"""What Python reports before it happens; ``fsync`` is counted beside them, reading is not."""

REMOVALS = {"os.remove", "os.rmdir"}
"""What ``rmtree`` does, naming files by their folder's handle."""


def run_until(settings: Settings, last: int) -> int:
    """Run ``footprints index`` in a child that kills itself before its n-th file operation.

    Returns how many operations there were; the child says so by a pipe.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _run(settings, last, writer)
    os.close(writer)
    counted = b""
    while part := os.read(reader, 65536):
        counted += part
    os.close(reader)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) == (len(counted) == last), status
    return len(counted)


def _run(settings: Settings, last: int, writer: int) -> None:
    """Be the child."""
    root = str(settings.index_dir)
    unsynced: set[str] = set()

    def count() -> None:
        os.write(writer, b".")
        nonlocal last
        last -= 1
        if not last:
            # What was not yet synced may be lost with the machine, not only with the process.
            for path in filter(Path.is_file, map(Path, unsynced)):
                os.truncate(path, path.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in OPERATIONS or not last:
            return
        if event not in REMOVALS and not str(args[0]).startswith(root):
            return
        if event == "open":
            if not args[2] & (os.O_WRONLY | os.O_RDWR):
                return
            unsynced.add(str(args[0]))
        count()

    sync = disk.sync

    def counted_sync(path: Path) -> None:
        count()
        sync(path)
        unsynced.discard(str(path))

    disk.sync = counted_sync
    setattr(encoder, "load_encoder", lambda _: FakeEncoder())  # noqa: B010
    sys.addaudithook(hook)
    options = ["--corpus", str(settings.corpus_dir), "--index", str(settings.index_dir)]
    cases = str(settings.corpus_dir.parent / "cases")
    sys.argv = ["footprints", "index", *options, "--cases", cases]
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    os.environ |= {"FOOTPRINTS_ENCODER": "fake", "FOOTPRINTS_KEEP_BUILDS": "1"}
    code = 1
    try:
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    os._exit(code)


def after(settings: Settings, killed_at: int) -> dict[str, object]:
    """Open the index, ask it, look at what is kept, run to the end and look again."""
    staged = [path.name for path in settings.index_dir.glob(".staged-*")]
    served = open_index(settings, FakeEncoder())[1].build
    answer = Answerer.open(settings, lambda _: FakeEncoder()).answer("Who leads Kent?")
    for folder in generations.build_folders(settings.index_dir):
        generations.open_segments(Objects(settings.index_dir), folder)
    finished = build_index(settings, FakeEncoder).manifest
    _, opened = open_index(settings, FakeEncoder())
    kept = [read_manifest(one) for one in generations.build_folders(settings.index_dir)]
    names = {manifest.build for manifest in kept}
    named = {digest for manifest in kept for digest in segments_of(settings, manifest).values()}
    return {
        "killed_at": killed_at,
        "staged": staged,
        "served": served,
        "answered_by": answer.index_build,
        "finished": segments_of(settings, finished) == EXPECTED and opened == finished,
        "litter": sorted(
            path.name
            for path in settings.index_dir.iterdir()
            if path.name not in names | {"CURRENT", ".lock", "gate.txt", "segments"}
        )
        + [
            path.name
            for path in (settings.index_dir / "segments").iterdir()
            if path.stem not in named
        ],
    }


if __name__ == "__main__":
    folder, points = Path(sys.argv[1]), int(sys.argv[2])
    base = load_settings(
        corpus_dir=folder / "corpus", index_dir=folder / "base", encoder="fake", keep_builds=1
    )
    kent = base.corpus_dir / "kent.md"
    kent.write_text("# Kent\n\nNobody leads Kent.", encoding="utf-8")
    OLD = build_index(base, FakeEncoder).manifest.build
    kent.write_text("# Kent\n\nAnna leads Kent. She is new.", encoding="utf-8")
    for number in range(6):
        (base.corpus_dir / f"new-{number}.txt").write_text(f"Page {number}.", encoding="utf-8")
    whole = base.model_copy(update={"index_dir": folder / "whole"})
    shutil.copytree(base.index_dir, whole.index_dir)
    total = run_until(whole, -1)
    assert (whole.index_dir / "gate.txt").read_text().startswith("Asked 1 cases")
    EXPECTED = segments_of(whole, open_index(whole, FakeEncoder())[1])
    # Spread over the run, and every one of the last: sealing, the switch, removing the old build.
    chosen = {1 + number * (total - 1) // points for number in range(points)}
    chosen |= set(range(max(1, total - 45), total + 1))
    print(json.dumps({"old": OLD, "operations": total}), flush=True)
    for point in sorted(chosen):
        copy = base.model_copy(update={"index_dir": folder / f"killed-{point}"})
        shutil.copytree(base.index_dir, copy.index_dir)
        assert run_until(copy, point) == point
        print(json.dumps(after(copy, point)), flush=True)
        shutil.rmtree(copy.index_dir)
