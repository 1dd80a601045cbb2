"""What the browser tests share: the real server, Debian's Chromium, and a page that is watched."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from hang import HANG
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from footprints.answer.answerer import Answerer
from footprints.settings import load_settings
from footprints.web.app import create_app, open_conversations
from footprints.web.server import server_of

expect.set_options(timeout=HANG * 1000)

_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
"""


@contextmanager
def served(answerer: Answerer, data_dir: Path, **given: Any) -> Iterator[str]:
    """Serve on a free port of the loopback until the block ends, and give the address.

    What is ``given`` are settings; with an index folder its builds are taken up.
    """
    settings = load_settings(**{"data_dir": data_dir, "rate_per_minute": 0, **given})
    app = create_app(
        lambda: answerer,
        conversations=lambda: open_conversations(settings),
        settings=settings,
        follow=0.1 if "index_dir" in given else None,
    )
    with serving(app) as address:
        yield address


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of the loopback, and give the address."""
    server = server_of(app)
    # On a busy machine a question may wait long for what is suggested after another.
    patient = mock.patch("footprints.web.engine.LONGEST_WAIT", HANG)
    with patient, closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            deadline = time.monotonic() + HANG
            while not server.started and thread.is_alive() and time.monotonic() < deadline:
                time.sleep(0.01)
            assert server.started
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(HANG)
    assert not thread.is_alive()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; where there is none the tests are skipped, but in CI they fail."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None and "CI" not in os.environ:
        pytest.skip("no chromium on the PATH; apt-get install chromium")
    assert path, "CI must have chromium on the PATH"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def watched(
    browser: Browser, address: str, expected: tuple[int, ...] = (), **options: Any
) -> Iterator[Page]:
    """Open an empty page, and check at the end that nothing went wrong behind it.

    No console error, no exception, no violation of the Content-Security-Policy and no request to
    another host; Chromium reports the ``expected`` statuses of whole pages as console errors.
    """
    with closing(browser.new_context(base_url=address, **options)) as context:
        wrong: list[str] = []

        def note(message: ConsoleMessage) -> None:
            known = any(f"with a status of {status} " in message.text for status in expected)
            if message.type in {"error", "warning"} and not known:
                wrong.append(message.text)

        def check(request: Request) -> None:
            if urlsplit(request.url).netloc != urlsplit(address).netloc:
                wrong.append(f"requested {request.url}")

        context.on("request", check)
        context.on("console", note)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.add_init_script(_VIOLATIONS)
        context.set_default_timeout(HANG * 1000)
        page = context.new_page()
        yield page
        assert not wrong, wrong
