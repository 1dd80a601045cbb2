"""The log of what was done: it grows line by line, outlives a crash, and reads older logs."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from full import full_disk

from footprints.errors import CannotWrite
from footprints.web.admin.log import Action, Log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the log is, in a folder that is not there yet."""
    return tmp_path / "data" / "documents.log"


@pytest.fixture
def log(path: Path) -> Log:
    """Write three lines."""
    log = Log(path)
    log.write(Action.SIGN_IN, "1.2.3.4")
    log.write(Action.UPLOAD, "1.2.3.4", "report.pdf", "0" * 64)
    log.write(Action.ACCEPT, "1.2.3.4", build="20261122T000000000000Z")
    return log


def actions(log: Log) -> list[Action]:
    """Return what was done last, newest first."""
    return [one.action for one in log.read(9)]


def test_a_line_is_json(log: Log, path: Path) -> None:
    """A line is JSON with time, action and client, and file, hash and build if there are any."""
    records = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [record["action"] for record in records] == ["sign_in", "upload", "accept"]
    assert records[1].keys() == {"time", "action", "client", "file", "sha256"}
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("lines", "took"),
    [
        ([], None),
        ([(0, "add")], None),
        ([(0, "add"), (90, "failed")], None),
        ([(0, "add"), (130, "staged"), (200, "accept"), (900, "sign_in")], 130),
        ([(0, "add"), (130, "staged"), (200, "remove"), (280, "staged")], 80),
        ([(0, "add"), (130, "staged"), (200, "remove")], 130),
        ([(0, "add"), (50, "stopped"), (200, "index"), (260, "staged")], 60),
    ],
)
def test_how_long_the_last_change_took(
    path: Path, lines: list[tuple[int, str]], took: int | None
) -> None:
    """The time from the beginning of a change until somebody can decide is that of the last one."""
    began = datetime(2026, 11, 28, tzinfo=UTC)
    path.parent.mkdir()
    path.write_text(
        "".join(
            f'{{"time": "{began + timedelta(seconds=at):%FT%TZ}", "action": "{action}", '
            '"client": "c"}\n'
            for at, action in lines
        )
    )
    assert Log(path).preparation() == (None if took is None else timedelta(seconds=took))


def test_the_last_come_first(log: Log, path: Path) -> None:
    """The last lines are given newest first; where there is no file there are none."""
    assert [one.action for one in log.read(2)] == [Action.ACCEPT, Action.UPLOAD]
    assert Log(path.with_name("none")).read(5) == []


def test_an_older_log_is_read(log: Log, path: Path) -> None:
    """Lines with the hash of the line before, and of undoing, are read; the log goes on."""
    old = {"time": "2026-01-01T00:00:00Z", "action": "undo", "client": "c", "previous": "0" * 64}
    path.write_text(json.dumps(old) + "\n")
    log.write(Action.SIGN_OUT, "c")
    assert actions(log) == [Action.SIGN_OUT, Action.UNDO]


def test_a_torn_line_stays(log: Log, path: Path) -> None:
    """What a crash has torn off stays as it is, on a line of its own; the log goes on behind it."""
    torn = path.read_bytes()[:-20]
    path.write_bytes(torn)
    log.write(Action.SIGN_OUT, "1.2.3.4")
    assert path.read_bytes().startswith(torn + b"\n")
    assert actions(log) == [Action.SIGN_OUT, Action.UPLOAD, Action.SIGN_IN]


def test_hostile_names_stay_on_their_line(path: Path) -> None:
    """A name with line ends or controls cannot write lines of its own."""
    log = Log(path)
    log.write(Action.REFUSED_UPLOAD, "c", 'a\n{"action": "accept"}\r\u2028\u202e\x00')
    assert len(path.read_bytes().splitlines()) == 1
    assert actions(log) == [Action.REFUSED_UPLOAD]


def test_many_at_once(path: Path) -> None:
    """Lines that are written at the same time stand one behind the other."""
    with ThreadPoolExecutor(8) as pool:
        writers = [Log(path) for _ in range(4)]
        list(pool.map(lambda n: writers[n % 4].write(Action.UPLOAD, str(n)), range(40)))
    assert {one.client for one in Log(path).read(100)} == {str(n) for n in range(40)}


def test_where_it_cannot_be_written(path: Path) -> None:
    """A log that cannot be written is an error that says so."""
    path.mkdir(parents=True)
    with pytest.raises(CannotWrite, match="nothing is done that is not logged"):
        Log(path).write(Action.SIGN_IN, "c")


@pytest.mark.parametrize("room", [0, 10])
def test_a_disk_that_is_full(log: Log, path: Path, room: int) -> None:
    """A line for which there is no room leaves nothing of itself, and the next one follows."""
    before = path.read_bytes()
    with full_disk(len(before) + room), pytest.raises(CannotWrite, match="make room"):
        log.write(Action.SIGN_OUT, "1.2.3.4")
    assert path.read_bytes() == before
    log.write(Action.SIGN_OUT, "1.2.3.4")
    assert actions(log)[0] is Action.SIGN_OUT
