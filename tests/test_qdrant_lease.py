"""One process at a time writes to a store, and one that is gone keeps nobody from it for long."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from hang import HANG
from qdrant_server import QdrantServer, serving
from stores import in_memory

from footprints.errors import IndexBusy
from footprints.errors import StoreUnavailable as Unavailable
from footprints.index.qdrant_engine import Engine
from footprints.index.qdrant_lease import LEASES, Lease

POINT = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def server() -> Iterator[QdrantServer]:
    """Start a server."""
    with serving(in_memory()) as started:
        yield started


def test_one_process_writes_at_a_time(server: QdrantServer) -> None:
    """The second is told who holds the lease; a lease is given back, or runs out by itself."""
    engine, now = Engine.at(server.url, "", int(HANG)), [1000.0]
    one, other = (Lease(engine, POINT, now=lambda: now[0]) for _ in range(2))
    with one.held():
        one.check()
        with pytest.raises(IndexBusy, match=r"process \d+ on \S+, since .*; wait"), other.held():
            pass
        now[0] += 61
        with pytest.raises(IndexBusy, match="run out"):
            one.check()
        with other.held():
            other.check()
            with pytest.raises(IndexBusy), one.held():
                pass
    with one.held(), pytest.raises(IndexBusy), other.held():
        pass


def test_a_lease_is_renewed(server: QdrantServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as its process lives it does not run out, though the server be away for a time."""
    puts, renewed, put = iter(range(4)), Event(), Engine.put

    def counted(*arguments: object) -> None:
        number = next(puts, None)
        if number == 1:
            raise Unavailable("It is away.")
        put(*arguments)  # type: ignore[arg-type]
        if number is None:
            renewed.set()

    monkeypatch.setattr(Engine, "put", counted)
    with Lease(Engine.at(server.url, "", int(HANG)), POINT, seconds=0.03).held():
        assert renewed.wait(HANG)


def test_a_lost_lease_is_not_renewed(server: QdrantServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once another has taken it, it has run out for the first, and stays with the other."""
    engine, now, tried, kept = Engine.at(server.url, "", int(HANG)), [1000.0], Event(), Engine.kept
    lease = Lease(engine, POINT, seconds=0.03, now=lambda: now[0])

    def told(*arguments: Any) -> Any:
        there = kept(*arguments)
        if there == another:
            tried.set()
        return there

    with lease.held():
        another = {**server.client.retrieve(LEASES, [POINT])[0].payload, "holder": "another"}
        monkeypatch.setattr(Engine, "kept", told)
        with server.lock:
            server.client.set_payload(LEASES, another, [POINT])
        assert tried.wait(HANG)
        now[0] += 1
        tried.clear()
        assert tried.wait(HANG)
        with pytest.raises(IndexBusy, match="run out"):
            lease.check()
    assert engine.kept(LEASES, POINT) == another
