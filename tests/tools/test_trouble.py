"""The checks of what a server must stand: they pass where all is well, and notice where not."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from serving import app_of, listening

from footprints.settings import load_settings
from footprints.web import server
from tools import trouble
from tools.trouble import Finding, failing_storage, idle_connections, second_server

CONVERSATIONS = "conversations.sqlite3"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten what is waited for."""
    monkeypatch.setattr(trouble, "_START_SECONDS", 2.0)
    monkeypatch.setattr(trouble, "_MENDED_SECONDS", 0.5)
    monkeypatch.setattr(trouble, "_BACK_SECONDS", 3.0)


def in_time(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let a request be whole in so many seconds, as the checks expect it in one."""
    monkeypatch.setattr(server, "REQUEST_SECONDS", seconds)
    monkeypatch.setattr(trouble, "REQUEST_SECONDS", 1.0)


@pytest.mark.parametrize(
    ("seconds", "grown", "passed"), [(1.0, 0, True), (30.0, 0, False), (1.0, 100_000, False)]
)
def test_idle_connections(
    seconds: float, grown: int, passed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that lets go of idle connections passes; one that does not, or logs much, fails."""
    in_time(monkeypatch, seconds)
    log = tmp_path / "log"
    log.touch()
    dial = trouble._dial

    def dial_and_log(address: str) -> object:
        log.write_bytes(b"x" * grown)
        return dial(address)

    monkeypatch.setattr(trouble, "_dial", dial_and_log)
    with listening(app_of(max_connections=20)) as address:
        found = idle_connections(address, log, 60)
    assert found.passed is passed
    assert f"the log grew by {grown} bytes" in str(found)


@pytest.mark.parametrize(("seconds", "passed"), [(1.5, True), (6.0, False)])
def test_a_slow_client(seconds: float, passed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that cuts a slow client off in time passes, one that takes longer fails."""
    in_time(monkeypatch, seconds)
    with listening(app_of()) as address:
        found = trouble.slow_client(address)
    assert found.passed is passed


@pytest.mark.parametrize(
    ("does", "passed"),
    [
        ("print('It is taken; stop the other.', file=sys.stderr); sys.exit(2)", True),
        ("print('It is taken; stop the other.', file=sys.stderr); sys.exit(1)", False),
        ("print('Traceback\\nand more', file=sys.stderr); sys.exit(2)", False),
        ("sys.exit(2)", False),
        ("import time; time.sleep(60)", False),
    ],
)
def test_a_second_server(does: str, passed: bool) -> None:
    """One sentence and exit code 2 pass; anything else, or serving on, fails."""
    command = (sys.executable, "-c", f"import sys; {does}")
    assert second_server(command, {}).passed is passed


@contextmanager
def keeping(data_dir: Path, lacks: str) -> Iterator[str]:
    """Serve what keeps a question in a file if it can, as a server must but for what it lacks."""
    app, seen = FastAPI(), [False]

    def write() -> bool:
        if lacks == "mending" and seen[0]:
            return False
        try:
            with closing(sqlite3.connect(data_dir / CONVERSATIONS)) as database, database:
                database.execute("create table if not exists turn (id)")
        except sqlite3.Error:
            seen[0] = True
            return False
        return True

    @app.post("/ask")
    async def ask(request: Request) -> Response:
        if write():
            return RedirectResponse("/c/one#two", 303)
        said = "" if lacks == "words" else "It could not be kept."
        return HTMLResponse(f"{said}<blockquote>Angela</blockquote>")

    @app.get("/c/one")
    def page() -> str:
        return ""

    @app.get("/readyz")
    def readyz() -> Response:
        return JSONResponse({} if write() or lacks == "a warning" else {"warning": "No room."})

    app.state.settings = load_settings()
    with listening(app) as address:
        yield address


@pytest.mark.parametrize("lacks", ["nothing", "words", "a warning", "mending"])
def test_failing_storage(lacks: str, tmp_path: Path) -> None:
    """A server that tells what it could not keep, warns and mends passes; all of it is needed."""
    settings = load_settings(data_dir=tmp_path)
    with closing(sqlite3.connect(tmp_path / CONVERSATIONS)) as database, database:
        database.execute("create table turn (id)")
    before = (tmp_path / CONVERSATIONS).read_bytes()
    with keeping(tmp_path, lacks) as address:
        assert failing_storage(address, settings).passed is (lacks == "nothing")
    assert [file.name for file in tmp_path.iterdir()] == [CONVERSATIONS]
    assert (tmp_path / CONVERSATIONS).read_bytes() == before


def test_a_finding_is_a_line() -> None:
    """What was found is a line with its name, whether it passed, and its figures."""
    assert str(Finding("idle", "all well", True)).split() == [
        "idle", "as", "it", "must", "be:", "all", "well"
    ]  # fmt: skip
    assert "FAILED: gone" in str(Finding("idle", "gone", False))
