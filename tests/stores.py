"""Every kind of store, so that settings of the store ``qdrant`` lead to it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import QDRANT_URL
from hang import HANG
from qdrant_client import QdrantClient
from qdrant_server import serving

from footprints.index.qdrant_engine import Engine
from footprints.settings import Settings
from tools.edge import EdgeClient

KINDS = ["files", "local", "edge", "wire", "server"]
"""The embedded store; Qdrant's client in its local mode, its core in this process, the former
behind HTTP, a real server."""

OTHER = "http://qdrant.invalid"


def in_memory() -> QdrantClient:
    """Return a client that keeps all in memory and says nothing of what it does not do there."""
    warnings.filterwarnings("ignore", "Payload indexes have no effect", UserWarning)
    warnings.filterwarnings("ignore", "Local mode performs exact", UserWarning)
    return QdrantClient(":memory:", force_disable_check_same_thread=True)


def kept_in(settings: Settings, url: str | None = OTHER) -> Settings:
    """Return settings whose passages Qdrant keeps at an address; without one, files keep them."""
    if url is None:
        return settings
    return settings.model_copy(
        update={"store": "qdrant", "qdrant_url": url, "qdrant_seconds": int(HANG)}
    )


@contextmanager
def reached(kind: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[str | None]:
    """Start a kind of store, and provide the address that leads to it, if it has one."""
    if kind == "files":
        yield None
    elif kind == "server":
        if not QDRANT_URL:
            pytest.skip("FOOTPRINTS_TEST_QDRANT_URL names no server")
        yield QDRANT_URL
    elif kind == "wire":
        with serving(in_memory()) as server:
            yield server.url
    else:
        client: Any = in_memory() if kind == "local" else EdgeClient(folder / "edge")
        patch.setattr(Engine, "at", lambda *_: Engine(client, client, OTHER))
        yield OTHER
