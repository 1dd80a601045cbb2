"""The log: one line of JSON for each request, without what was asked.

Continuing trouble is logged once a minute, with the number of times it occurred.
"""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO
from uuid import uuid4

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footprints.web.safety import Refuse

_log = logging.getLogger(__name__)
_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_MINUTE = 60


def configure_logs(stream: TextIO | None = None) -> None:
    """Write the log of this process as lines of JSON, to standard error if nowhere else."""
    handler = Sparing(stream)
    handler.setLevel(logging.INFO)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("footprints").setLevel(logging.INFO)


@dataclass(slots=True)
class _Told:
    """A logged trouble, until when it is not logged again, and how often it recurred.

    ``record`` has no exception, which would keep alive what its frames hold.
    """

    record: logging.LogRecord
    fields: dict[str, Any]
    until: float
    repeated: int = 0


class Sparing(logging.StreamHandler[TextIO]):
    """Writes the same trouble once a minute: at first, then with how often it was ``repeated``.

    The same is what one logger says in the same words, whatever is put into them, of the same
    kind of exception.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._told: dict[object, _Told] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, unless it tells of the same trouble as one in the minute before."""
        self._tell_waiting(record.created)
        if record.levelno >= logging.WARNING:
            kind = record.exc_info[0] if record.exc_info else None
            key = (record.name, str(record.msg), kind)
            if told := self._told.get(key):
                told.repeated += 1
                return
            fields = getattr(record, "fields", {}) | ({"error": kind.__name__} if kind else {})
            bare = {**record.__dict__, "exc_info": None, "fields": fields}
            again = logging.makeLogRecord(bare)
            self._told[key] = _Told(again, fields, record.created + _MINUTE)
        super().emit(record)

    def _tell_waiting(self, now: float) -> None:
        """Write what was repeated in a minute that is over; forget what was not."""
        for key, told in list(self._told.items()):
            if told.until > now:
                continue
            if not told.repeated:
                del self._told[key]
                continue
            told.record.created = now
            told.fields["repeated"] = told.repeated
            super().emit(told.record)
            told.until, told.repeated = now + _MINUTE, 0


class JsonLines(logging.Formatter):
    """One JSON object per record.

    It gives the kind and the places of an exception, not its message, which may quote a question.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, with the id of the request it belongs to and its ``fields``."""
        values: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage().strip(),
        }
        fields = getattr(record, "fields", {})
        if (request_id := _request_id.get()) and "repeated" not in fields:
            values["request_id"] = request_id
        values |= fields
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            values["error"] = kind.__name__
            values["at"] = [
                f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(trace)
            ]
        return json.dumps(values, default=str)


class RequestLog:
    """Gives every request an id and a line in the log; an uncaught exception becomes a 500."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then log; addresses are logged as their route, as they hold ids and questions."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, status = perf_counter(), 0
        request_id = uuid4().hex
        _request_id.set(request_id)

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            # The last door: the asker gets the shape of every other error, the server the rest.
            if not status:
                detail = "Something went wrong here; try again later."
                response = self._refuse(Request(scope), 500, detail, None)
                await response(scope, receive, send_with_id)
            raise
        finally:
            fields = {
                "method": scope["method"],
                "route": getattr(scope.get("route"), "path", None),
                "status": status,
                "ms": round((perf_counter() - began) * 1000, 1),
            }
            _log.info("request", extra={"fields": fields})
