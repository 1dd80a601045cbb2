"""A server that speaks Qdrant's language as far as builds use it, and fails when told to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from qdrant_client import models
from readers import send

Route = Callable[[Any, str, Any], Any]


def _create(client: Any, name: str, body: Any) -> bool:
    request = models.CreateCollection.model_validate(body)
    client.create_collection(
        name,
        vectors_config=request.vectors,
        sparse_vectors_config=request.sparse_vectors,
    )
    return True


def _index(client: Any, name: str, body: Any) -> None:
    request = models.CreateFieldIndex.model_validate(body)
    client.create_payload_index(name, request.field_name, request.field_schema, wait=True)


def _upsert(client: Any, name: str, body: Any) -> None:
    request = models.PointsList.model_validate(body)
    client.upsert(name, request.points, wait=True, update_filter=request.update_filter)


def _change(client: Any, name: str, body: Any) -> None:
    request = models.SetPayload.model_validate(body)
    client.set_payload(name, request.payload, request.filter, wait=True)


def _delete(client: Any, name: str, body: Any) -> None:
    client.delete(name, models.FilterSelector.model_validate(body), wait=True)


def _count(client: Any, name: str, body: Any) -> Any:
    request = models.CountRequest.model_validate(body)
    return client.count(name, request.filter, exact=True)


def _retrieve(client: Any, name: str, body: Any) -> Any:
    request = models.PointRequest.model_validate(body)
    return client.retrieve(name, request.ids, with_payload=True)


_QUERIES = TypeAdapter(models.QueryRequestBatch)


def _search(client: Any, name: str, body: Any) -> Any:
    return client.query_batch_points(name, _QUERIES.validate_python(body).searches)


_ROUTES: Mapping[tuple[str, str], Route] = {
    ("PUT", ""): _create,
    ("DELETE", ""): lambda client, name, _: client.delete_collection(name),
    ("GET", "/exists"): lambda client, name, _: {"exists": client.collection_exists(name)},
    ("PUT", "/index"): _index,
    ("PUT", "/points"): _upsert,
    ("POST", "/points"): _retrieve,
    ("POST", "/points/payload"): _change,
    ("POST", "/points/delete"): _delete,
    ("POST", "/points/count"): _count,
    ("POST", "/points/query/batch"): _search,
}
_NOTHING = {"operation_id": 0, "status": "completed"}
_PATH = re.compile(r"/collections/([^/]+)(.*)")


class QdrantServer:
    """A server before a client that keeps everything in memory.

    ``fails`` is the status that requests end with, 0 for none at all as the connection is cut and
    -1 for none in time, once ``after`` more of them have been answered.
    """

    def __init__(self, client: Any) -> None:
        self.client, self.url = client, ""
        self.fails: int | None = None
        self.after = 0
        self.asked: list[str] = []
        self.done = Event()
        self.lock = Lock()

    def well(self) -> None:
        """Answer again."""
        self.fails, self.after = None, 0

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Return the status and the content of an answer."""
        self.asked.append(f"{method} {path}")
        if self.fails is not None:
            self.after -= 1
            if self.after < 0:
                return self.fails, {"status": {"error": "no"}}
        if path == "/":
            return 200, to_jsonable_python(self.client.info())
        if path == "/collections":
            return 200, _ok(self.client.get_collections())
        matched = _PATH.fullmatch(path)
        assert matched
        name, rest = matched.groups()
        exists = self.client.collection_exists(name)
        if not exists and (method, rest) not in {("PUT", ""), ("GET", "/exists")}:
            return 404, {"status": {"error": f"Not found: Collection {name}"}}
        with self.lock:
            return 200, _ok(_ROUTES[method, rest](self.client, name, body))


def _ok(result: Any) -> Any:
    said = _NOTHING if result is None else result
    return {"result": to_jsonable_python(said), "status": "ok", "time": 0.0}


@contextmanager
def serving(client: Any) -> Iterator[QdrantServer]:
    """Serve a client on the loopback."""
    server = QdrantServer(client)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(sent) if sent else None
            status, content = server.answer(self.command, urlsplit(self.path).path, body)
            if status == -1:
                server.done.wait()
            if status <= 0:
                self.close_connection = True
                return
            send(self, status, content)

        do_GET = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = Thread(target=http.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.done.set()
        http.shutdown()
        thread.join()
        http.server_close()
