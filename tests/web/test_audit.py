"""The log of what was done: it grows line by line, outlives a crash, and shows what was changed."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from full import full_disk

from footprints.errors import CannotWrite
from footprints.web.audit import Action, AuditLog, Excerpt


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the log is, in a folder that is not there yet."""
    return tmp_path / "data" / "documents.log"


@pytest.fixture
def log(path: Path) -> AuditLog:
    """Write three lines."""
    log = AuditLog(path)
    log.write(Action.SIGN_IN, "1.2.3.4")
    log.write(Action.UPLOAD, "1.2.3.4", "report.pdf", "0" * 64)
    log.write(Action.ACCEPT, "1.2.3.4", build="20261122T000000000000Z")
    return log


def test_each_line_follows_the_one_before(log: AuditLog, path: Path) -> None:
    """A line is JSON with time, action, file, hash, build and client, and the hash of the last."""
    lines = path.read_bytes().splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["action"] for record in records] == ["sign_in", "upload", "accept"]
    assert records[1].keys() == {"time", "action", "client", "file", "sha256", "previous"}
    before = [b"", *lines[:-1]]
    assert [one["previous"] for one in records] == [hashlib.sha256(b).hexdigest() for b in before]
    assert log.read(1).broken_at is None
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_last_come_first(log: AuditLog) -> None:
    """The last lines are given newest first."""
    assert [one.action for one in log.read(2).records] == [Action.ACCEPT, Action.UPLOAD]


def test_nothing_yet(path: Path) -> None:
    """Without a file there is nothing, and nothing is wrong."""
    assert AuditLog(path).read(5) == Excerpt((), None)


@pytest.mark.parametrize("line", [0, 1])
def test_a_changed_line_shows(log: AuditLog, path: Path, line: int) -> None:
    """A line that was changed breaks the chain at the line after it."""
    lines = path.read_text().splitlines(keepends=True)
    lines[line] = lines[line].replace("1.2.3.4", "4.3.2.1")
    path.write_text("".join(lines))
    assert log.read(1).broken_at == line + 2


def test_a_line_that_was_taken_out_shows(log: AuditLog, path: Path) -> None:
    """A line that was taken out breaks the chain where it was."""
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[2])
    assert log.read(1).broken_at == 2


def test_a_torn_line_stays_and_shows(log: AuditLog, path: Path) -> None:
    """What a crash has torn off stays as it is, on a line of its own; the log goes on behind it."""
    path.write_bytes(path.read_bytes()[:-20])
    log.write(Action.SIGN_OUT, "1.2.3.4")
    assert log.read(1).broken_at == 3
    assert [one.action for one in log.read(9).records] == [
        Action.SIGN_OUT,
        Action.UPLOAD,
        Action.SIGN_IN,
    ]
    last = path.read_bytes().splitlines()[2]
    assert log.read(1).records[0].previous == hashlib.sha256(last).hexdigest()


def test_hostile_names_stay_on_their_line(path: Path) -> None:
    """A name with line ends or controls cannot write lines of its own."""
    log = AuditLog(path)
    log.write(Action.REFUSED_UPLOAD, "c", 'a\n{"action": "accept"}\r\u2028\u202e\x00')
    assert len(path.read_bytes().splitlines()) == 1
    assert log.read(1).broken_at is None


def test_many_at_once(path: Path) -> None:
    """Lines that are written at the same time stand one behind the other."""
    with ThreadPoolExecutor(8) as pool:
        writers = [AuditLog(path) for _ in range(4)]
        list(pool.map(lambda n: writers[n % 4].write(Action.UPLOAD, str(n)), range(40)))
    assert AuditLog(path).read(1).broken_at is None
    assert len(AuditLog(path).read(100).records) == 40


def test_where_it_cannot_be_written(path: Path) -> None:
    """A log that cannot be written is an error that says so."""
    path.mkdir(parents=True)
    with pytest.raises(CannotWrite, match="nothing is done that is not logged"):
        AuditLog(path).write(Action.SIGN_IN, "c")


@pytest.mark.parametrize("room", [0, 10])
def test_a_disk_that_is_full(log: AuditLog, path: Path, room: int) -> None:
    """A line for which there is no room leaves nothing of itself, and the next one follows."""
    before = path.read_bytes()
    with full_disk(len(before) + room), pytest.raises(CannotWrite, match="make room"):
        log.write(Action.SIGN_OUT, "1.2.3.4")
    assert path.read_bytes() == before
    log.write(Action.SIGN_OUT, "1.2.3.4")
    assert log.read(1).broken_at is None
