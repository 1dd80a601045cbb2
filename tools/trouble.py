"""What a server must stand: idle and slow connections, a second server, storage that fails.

Each check brings the trouble about, watches the real server through it, and puts things right
again. ``make load`` runs them after its rounds.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

from httpx2 import Client, HTTPError, Limits

from footprints.settings import Settings
from footprints.web.server import REQUEST_SECONDS, raise_handles

QUESTION = "Who leads the Devon STP?"

_IDLE = 1100
"""So many connections are opened and left."""

_BACK_SECONDS = 15.0
"""So long after connections were left the server must be itself again."""

_MOST_LOG = 65_536
"""So many bytes may the log grow meanwhile."""

_SLACK = 2.5
"""Seconds by which a connection may be closed late."""

_START_SECONDS = 20.0
_MENDED_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check came to."""

    name: str
    figures: str
    passed: bool

    def __str__(self) -> str:
        """Write it as a line."""
        return f"{self.name:<18}{'as it must be' if self.passed else 'FAILED'}: {self.figures}"


@contextmanager
def _asking(address: str) -> Iterator[Client]:
    """Give a client that makes a connection of its own for each request, as many clients do."""
    limits = Limits(max_keepalive_connections=0)
    headers = {"Origin": address}
    with Client(
        base_url=address, headers=headers, limits=limits, timeout=10, trust_env=False
    ) as one:
        yield one


def _ask(client: Client) -> tuple[int, float]:
    """Ask a question, and return the status, 0 for no response, and the seconds it took."""
    began = perf_counter()
    try:
        status = client.post("/api/ask", json={"question": QUESTION}).status_code
    except HTTPError:
        status = 0
    return status, perf_counter() - began


def _seconds_until(is_so: Callable[[], bool], most: float) -> float:
    """Wait until something is so, or as long as that may take, and return how long it took."""
    began = perf_counter()
    while not is_so() and perf_counter() - began < most:
        sleep(0.1)
    return perf_counter() - began


def idle_connections(address: str, log: Path, many: int = _IDLE) -> Finding:
    """Open connections and leave them: the server answers or refuses quickly, and recovers."""
    raise_handles()
    before = log.stat().st_size
    with ExitStack() as stack, _asking(address) as client:
        for _ in range(many):
            # One that is refused may be closed before it is open here.
            with suppress(OSError):
                stack.enter_context(closing(_dial(address)))
        status, taken = _ask(client)
        back = taken + _seconds_until(lambda: _ask(client)[0] == 200, 2 * _BACK_SECONDS)
    grown = log.stat().st_size - before
    return Finding(
        f"{many} idle",
        f"a question meanwhile got {status or 'no response'} in {taken:.2f} s, "
        f"all was back after {back:.1f} s, the log grew by {grown} bytes",
        # Where the server refuses before it reads, its words may be lost on their way.
        status in {200, 503, 0} and taken < 5 and back < _BACK_SECONDS and grown < _MOST_LOG,
    )


def slow_client(address: str) -> Finding:
    """Send a byte a second: that is cut off in time, and others do not notice."""
    with _asking(address) as client, ThreadPoolExecutor(1) as pool:
        sending = pool.submit(_send_slowly, address)
        asked = []
        while not sending.done():
            asked.append(_ask(client))
            sleep(0.5)
    closed = sending.result()
    slowest = max(taken for _, taken in asked)
    return Finding(
        "a slow client",
        f"closed after {closed:.1f} s; {len(asked)} questions of others meanwhile, "
        f"the slowest in {slowest:.2f} s",
        0 <= closed - REQUEST_SECONDS < _SLACK and {status for status, _ in asked} == {200},
    )


def _dial(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=5)


def _send_slowly(address: str) -> float:
    """Send a request byte by byte, and return after how many seconds it was cut off."""
    began = perf_counter()
    with closing(_dial(address)) as line:
        line.settimeout(1)
        with suppress(ConnectionError):
            for byte in b"GET /documents HTTP/1.1\r\n":
                line.sendall(bytes([byte]))
                with suppress(TimeoutError):
                    if not line.recv(1):
                        break
    return perf_counter() - began


def second_server(command: Sequence[str], environment: Mapping[str, str]) -> Finding:
    """Start a second server on the same data folder: it ends with one sentence and exit code 2."""
    try:
        ended = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding("a second server", "it served beside the first", passed=False)
    said = ended.stderr.strip()
    return Finding(
        "a second server",
        f"exit code {ended.returncode}, {said!r}",
        ended.returncode == 2 and said != "" and "\n" not in said,
    )


def failing_storage(address: str, settings: Settings) -> Finding:
    """Put garbage in the place of the conversations, ask, put them back, and ask again."""
    with _asking(address) as client:
        with _garbage_for(settings.data_dir):
            shown = client.post("/ask", data={"question": QUESTION}, headers={"HX-Request": "true"})
            warned = "warning" in client.get("/readyz").json()
        answered = shown.status_code == 200 and "<blockquote" in shown.text
        told = "could not be kept" in shown.text
        back = _seconds_until(lambda: _is_kept(client), _MENDED_SECONDS)
    return Finding(
        "failing storage",
        f"the answer was {'' if answered else 'not '}shown with status {shown.status_code}, "
        f"its loss {'' if told else 'not '}told, a warning {'' if warned else 'not '}given; "
        f"kept again after {back:.1f} s",
        answered and told and warned and back < _MENDED_SECONDS,
    )


@contextmanager
def _garbage_for(folder: Path) -> Iterator[None]:
    """Move the files of the conversations away, leave no database there, and move them back."""
    files = [file for file in folder.iterdir() if ".sqlite3" in file.name]
    for file in files:
        file.rename(_away(file))
        if file.suffix == ".sqlite3":
            file.write_bytes(b"no database " * 1000)
    try:
        yield
    finally:
        for file in files:
            file.unlink(missing_ok=True)
            _away(file).rename(file)


def _away(file: Path) -> Path:
    return file.with_name(f"{file.name}.away")


def _is_kept(client: Client) -> bool:
    """Ask, and tell whether the conversation is there afterwards."""
    asked = client.post("/ask", data={"question": QUESTION})
    place = asked.headers.get("location", "").partition("#")[0]
    return place.startswith("/c/") and client.get(place).status_code == 200
