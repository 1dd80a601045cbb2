"""A server of the Model Context Protocol: ask, search, list and read documents."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from importlib.metadata import version
from time import time
from typing import Any, Literal
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.routing import Route

from footprints.answer.answerer import Answerer
from footprints.contract import DocumentList, answer_json, facts_of, ranking_of, text_of
from footprints.errors import BadMcp, FootprintsError
from footprints.settings import Settings
from footprints.types import Citation, Document, Only
from footprints.web.engine import Engine
from footprints.web.limits import MemoryRates
from footprints.web.live import EVERY, Live
from footprints.web.metrics import Metrics
from footprints.web.safety import TrustedProxies
from footprints.web.server import address_of, listen
from footprints.web.server import server_of as http_server_of

try:
    from mcp.server import MCPServer
    from mcp.server.mcpserver import Context
    from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
    from mcp.server.transport_security import TransportSecuritySettings
except ImportError as error:
    raise BadMcp("The MCP server needs its library: pip install 'footprints[mcp]'.") from error

SCHEME = "footprints://documents"
"""How the address of a document begins."""

_MINUTE = 60
_INSTRUCTIONS = (
    "Answers are exact quotes from the documents; nothing is written anew. Quote them word for "
    "word with publisher and date, and give the place, an address that read_resource takes. "
    "Where the status is not 'answered', say that the documents do not clearly answer."
)


class Desk:
    """Answers programs: few at a time, so many a minute each, always from the build in use."""

    def __init__(self, answerer: Answerer, settings: Settings) -> None:
        self._live = Live(answerer, settings)
        self._engine = Engine(settings, Metrics())
        self._rates, self._per_minute = MemoryRates(), settings.rate_per_minute

    @property
    def answerer(self) -> Answerer:
        """Return the answerer in use."""
        return self._live.answerer

    @asynccontextmanager
    async def open(self, _: object = None) -> AsyncIterator[None]:
        """Follow the index while the server runs; what was begun is finished."""
        following = asyncio.create_task(self._live.follow(EVERY))
        try:
            yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await self._engine.aclose()

    async def ask(self, client: str, question: str, history: Sequence[str], only: Only) -> Any:
        """Answer a question, each citation with its place.

        Raises:
            ToolError: it cannot be answered now or as it stands, in one sentence.
        """
        await self._count(client)
        answerer = self.answerer
        with _as_tool_error():
            answer = await self._engine.answer(answerer, question, history, only)
        said = answer_json(answer)
        documents = answerer.index.documents
        for name in ("citations", "further"):
            for one, citation in zip(said[name], getattr(answer, name), strict=True):
                one["place"] = place_of(citation, documents[citation.doc_id])
        return said

    async def search(self, client: str, question: str, limit: int, only: Only) -> Any:
        """Rank sentences for a question.

        Raises:
            ToolError: see ``ask``.
        """
        await self._count(client)
        answerer = self.answerer
        with _as_tool_error():
            reading = await self._engine.search(answerer, question, only=only)
        return ranking_of(reading, limit, answerer.index.documents, answerer.index_build)

    async def _count(self, client: str) -> None:
        asked = await self._rates.hit(client, int(time()) // _MINUTE)
        if self._per_minute and asked > self._per_minute:
            raise ToolError("Too many questions within a minute; ask again in the next.")


class _as_tool_error:  # noqa: N801
    """Hand an error of ours on as one that the program's model may read."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FootprintsError):
            raise ToolError(str(error)) from error


def place_of(citation: Citation, document: Document) -> str:
    """Return the permanent place of a quote: its document, where it stands, in which edition."""
    edition = f"?edition={document.digest[:12]}" if document.digest else ""
    return f"{SCHEME}/{quote(citation.doc_id)}/{citation.start}-{citation.end}{edition}"


def server_of(desk: Desk) -> MCPServer[None]:
    """Make the server: four tools, and a resource for each document and each place in one."""
    server: MCPServer[None] = MCPServer(
        "footprints",
        instructions=_INSTRUCTIONS,
        version=version("footprints"),
        lifespan=desk.open,
        log_level="WARNING",
        # Nothing here changes while it is listened to, and who listens holds a connection.
        subscriptions=False,
    )
    _add_questions(server, desk)
    _add_documents(server, desk)
    _add_resources(server, desk)
    return server


def _add_questions(server: MCPServer[None], desk: Desk) -> None:
    @server.tool()
    async def ask(
        question: str,
        context: Context[Any, Any],
        history: list[str] | None = None,
        publishers: list[str] | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> dict[str, Any]:
        """Answer a question with exact quotes from the documents, or say that they do not.

        history holds the earlier questions, oldest first. publishers, since and until choose
        the documents that are asked.
        """
        only = Only(tuple(publishers or ()), since, until)
        said: dict[str, Any] = await desk.ask(_client(context), question, history or (), only)
        return said

    @server.tool()
    async def search(
        question: str,
        context: Context[Any, Any],
        limit: int = 10,
        publishers: list[str] | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> dict[str, Any]:
        """Rank the sentences of the documents for a question, best first."""
        only = Only(tuple(publishers or ()), since, until)
        found = await desk.search(_client(context), question, max(1, min(limit, 100)), only)
        ranked: dict[str, Any] = found.model_dump(mode="json")
        return ranked


def _add_documents(server: MCPServer[None], desk: Desk) -> None:
    @server.tool()
    async def documents() -> dict[str, Any]:
        """List the documents with publishers and dates."""
        answerer = desk.answerer
        facts = tuple(facts_of(one) for one in answerer.index.facts.documents)
        listed = DocumentList(documents=facts, index_build=answerer.index_build)
        return listed.model_dump(mode="json")

    @server.tool()
    async def read_document(doc_id: str) -> dict[str, Any]:
        """Return a whole document, with where each heading, paragraph, item and row stands."""
        found = desk.answerer.index.documents.get(doc_id)
        if found is None:
            raise ToolError(f"There is no document {doc_id!r}; the tool documents lists them.")
        return text_of(found).model_dump(mode="json")


def _add_resources(server: MCPServer[None], desk: Desk) -> None:
    @server.resource(f"{SCHEME}", mime_type="application/json")
    def listed() -> list[dict[str, str]]:
        """List the documents, each with its address."""
        documents = desk.answerer.index.facts.documents
        return [
            {"address": f"{SCHEME}/{quote(one.doc_id)}", "title": one.title} for one in documents
        ]

    @server.resource(f"{SCHEME}/{{doc_id}}", mime_type="text/plain")
    def document(doc_id: str) -> str:
        """Return the text of a document."""
        return _document(desk, doc_id).text

    @server.resource(f"{SCHEME}/{{doc_id}}/{{start}}-{{end}}{{?edition}}", mime_type="text/plain")
    def place(doc_id: str, start: int, end: int, edition: str = "") -> str:
        """Return the words at a place, of the edition in which it was quoted."""
        found = _document(desk, doc_id)
        if not found.digest.startswith(edition):
            raise ResourceNotFoundError(
                f"The document {doc_id!r} has changed since this was quoted; ask again."
            )
        if not 0 <= start < end <= len(found.text):
            raise ResourceNotFoundError(f"The document {doc_id!r} has no such place.")
        return found.text[start:end]


def _document(desk: Desk, doc_id: str) -> Document:
    found = desk.answerer.index.documents.get(doc_id)
    if found is None:
        raise ResourceNotFoundError(f"There is no document {doc_id!r}; it may have been removed.")
    return found


def _client(context: Context[Any, Any]) -> str:
    """Return who asks: over HTTP the address that a request comes from, else the one program."""
    request = context.request_context.request
    client = getattr(request, "client", None)
    return client.host if client else "stdio"


def app_of(server: MCPServer[None], settings: Settings) -> Starlette:
    """Make the application that serves over HTTP: one request, one response, nothing kept open."""
    names = [settings.host, *settings.hosts]
    app = server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=settings.max_body,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection="*" not in names,
            allowed_hosts=[pattern for name in names for pattern in (name, f"{name}:*")],
            allowed_origins=[f"http://{name}:*" for name in names],
        ),
    )
    for route in app.routes:
        if isinstance(route, Route):
            # A GET would open a stream on which nothing ever comes.
            route.methods = {"POST"}
    app.add_middleware(TrustedProxies, settings.trusted_proxies)
    app.state.settings = settings
    return app


def serve(
    settings: Settings, transport: Literal["stdio", "http"], announce: Callable[[str], None]
) -> None:
    """Serve until it is stopped, over the process's own streams or over HTTP.

    Raises:
        NoIndex, IndexMismatch, IndexDamaged, BadEncoder, BadReader: see ``Answerer.open``.
        PortInUse, BadSettings: see ``listen``.
    """
    if transport == "stdio":
        server_of(Desk(Answerer.open(settings), settings)).run("stdio")
        return
    with closing(listen(settings.host, settings.port)) as listener:
        server = server_of(Desk(Answerer.open(settings), settings))
        announce(f"{address_of(listener)}/mcp")
        http_server_of(app_of(server, settings)).run(sockets=[listener])
