"""Programs that ask over the Model Context Protocol, by the SDK's own client."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from typing import Any

import httpx2
import pytest
from fakes import FakeEncoder
from hang import HANG
from mcp import Client, MCPError, StdioServerParameters
from serving import in_loop, listening
from tiny import answerer_of, document

from footprints.mcp.server import Desk, app_of, server_of
from footprints.settings import Settings, load_settings
from footprints.web import server as web_server

QUESTION = "Who leads the Devon STP?"
VERSION = "2026-07-28"
"""The first version of the protocol in which a program may listen for changes."""

TOOLS = {"ask", "search", "documents", "read_document"}
PAGE = document("# Devon\n\nAngela leads Devon. It has a plan.", "devon", "Devon")


def command(settings: Settings, *more: str) -> list[str]:
    """Return how the server is started."""
    given = ["--corpus", str(settings.corpus_dir), "--index", str(settings.index_dir)]
    return ["-m", "footprints", "mcp", *given, *more]


@asynccontextmanager
async def over_a_pipe(settings: Settings) -> AsyncIterator[Client]:
    """Start the server as a program does, and speak to it over its streams."""
    server = StdioServerParameters(command=sys.executable, args=command(settings))
    async with Client(server, read_timeout_seconds=HANG) as client:
        yield client


@contextmanager
def at_a_port(settings: Settings) -> Iterator[str]:
    """Start the server on a free port, and give the address that it prints."""
    serve = [sys.executable, *command(settings, "--http", "--port", "0")]
    with subprocess.Popen(serve, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr
        try:
            line = next(line for line in child.stderr if line.startswith("Footprints is at "))
            yield line.removeprefix("Footprints is at ").strip()
        finally:
            child.terminate()


@asynccontextmanager
async def over_http(settings: Settings) -> AsyncIterator[Client]:
    """Speak to a server over HTTP."""
    with at_a_port(settings) as address:
        async with Client(address, read_timeout_seconds=HANG) as client:
            yield client


@contextmanager
def bounded(**given: Any) -> Iterator[str]:
    """Serve one small document over HTTP in this process, and give its address."""
    settings = load_settings(**given)
    desk = Desk(answerer_of(FakeEncoder(), PAGE), settings)
    with listening(app_of(server_of(desk), settings)) as address:
        yield address


@asynccontextmanager
async def inside(**given: Any) -> AsyncIterator[Client]:
    """Speak to a server in this process, over one small document."""
    desk = Desk(answerer_of(FakeEncoder(), PAGE), load_settings(**given))
    async with Client(server_of(desk)) as client:
        yield client


async def called(client: Client, tool: str, **given: Any) -> dict[str, Any]:
    """Call a tool, and return what it gives."""
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return dict(result.structured_content)


async def refused(client: Client, tool: str, **given: Any) -> str:
    """Call a tool that must fail, and return what it says."""
    result = await client.call_tool(tool, given)
    assert result.is_error
    return " ".join(getattr(one, "text", "") for one in result.content)


async def text_at(client: Client, address: str) -> str:
    """Read a resource as text."""
    result = await client.read_resource(address)
    return "".join(getattr(one, "text", "") for one in result.contents)


@pytest.mark.parametrize("connect", [over_a_pipe, over_http])
@in_loop
async def test_a_program_asks(connect: Any, built: Settings) -> None:
    """Over a pipe and over HTTP every tool answers, and each quote stands at its place."""
    async with connect(built) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        answer = await called(client, "ask", question=QUESTION)
        assert answer["status"] == "answered"
        for citation in answer["citations"]:
            assert await text_at(client, citation["place"]) == citation["quote"]
        found = await called(client, "search", question="prevention", limit=3)
        assert len(found["sentences"]) == 3
        facts = (await called(client, "documents"))["documents"]
        assert len(facts) == 5
        whole = await called(client, "read_document", doc_id=facts[0]["doc_id"])
        assert whole["text"] == await text_at(
            client, f"footprints://documents/{facts[0]['doc_id']}"
        )


@in_loop
async def test_documents_are_chosen() -> None:
    """A choice of documents, the history and the limits are those of the page."""
    async with inside() as client:
        follow = await called(client, "ask", question="And Devon?", history=["Who leads Kent?"])
        assert follow["question"] == "And Devon?"
        assert "No document is by Kent" in await refused(
            client, "ask", question="Who?", publishers=["Kent"]
        )
        assert "too long; shorten it" in await refused(client, "ask", question="a " * 400)
        assert "The question is empty" in await refused(client, "search", question=" ")


@in_loop
async def test_asking_too_often() -> None:
    """A program that asks more often than the settings allow is told so."""
    async with inside(rate_per_minute=1) as client:
        said = [await client.call_tool("ask", {"question": "Who leads Devon?"}) for _ in range(3)]
        assert said[-1].is_error
        assert "Too many questions within a minute" in str(said[-1].content)
        assert await called(client, "documents")


@in_loop
async def test_what_there_is_not() -> None:
    """A document, a place or an edition that is not there is said, and nothing else is shown."""
    async with inside() as client:
        assert "There is no document 'x'" in await refused(client, "read_document", doc_id="x")
        for address, why in {
            "footprints://documents/x": "may have been removed",
            "footprints://documents/devon/0-9999": "no such place",
            "footprints://documents/devon/0-5?edition=ffff": "has changed",
        }.items():
            with pytest.raises(MCPError, match=why):
                await client.read_resource(address)
        assert "devon" in await text_at(client, "footprints://documents")


def dialled(address: str) -> closing[socket.socket]:
    """Open a connection and send nothing."""
    host, port = address.removeprefix("http://").split(":")
    return closing(socket.create_connection((host, int(port)), HANG))


def read_to_the_end(line: socket.socket) -> bytes:
    """Read all that comes until the other side hangs up."""
    try:
        return b"".join(iter(lambda: line.recv(65_536), b""))
    except ConnectionError:
        return b""


async def asked_at(address: str) -> None:
    """Ask over HTTP, and check that there is an answer."""
    async with Client(f"{address}/mcp", read_timeout_seconds=HANG) as client:
        assert (await called(client, "ask", question="Who leads Devon?"))["citations"]


def test_idle_programs_keep_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of connections that send nothing all end by themselves, and others are served."""
    monkeypatch.setattr(web_server, "REQUEST_SECONDS", 0.5)
    with bounded(max_connections=50) as address, ExitStack() as stack:
        for line in [stack.enter_context(dialled(address)) for _ in range(400)]:
            read_to_the_end(line)
        asyncio.run(asked_at(address))


def test_one_program_too_many() -> None:
    """Beyond as many connections as the settings allow, a program is told to come back."""
    with bounded(max_connections=2) as address, ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(dialled(address))
        with dialled(address) as line:
            assert read_to_the_end(line).startswith(b"HTTP/1.1 503 ")


def test_no_program_holds_a_connection() -> None:
    """What would open a stream, on which nothing ever comes, is refused at once."""
    known = "io.modelcontextprotocol"
    meta = {f"{known}/protocolVersion": VERSION, f"{known}/clientCapabilities": {}}
    params = {"_meta": meta, "notifications": {"toolsListChanged": True}}
    listen = {"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": params}
    headers = {
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": VERSION,
        "MCP-Method": "subscriptions/listen",
    }
    with bounded() as address, httpx2.Client(timeout=HANG) as client:
        for method in ("GET", "DELETE"):
            given = client.request(method, f"{address}/mcp", headers={"Accept": headers["Accept"]})
            assert (given.status_code, given.headers["allow"]) == (405, "POST")
        said = client.post(f"{address}/mcp", json=listen, headers=headers)
        assert said.json()["error"]["message"] == "Method not found"


def test_a_port_that_is_taken(built: Settings) -> None:
    """A port that another program uses is said in one sentence."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [sys.executable, *command(built, "--http", "--port", port)],
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"footprints: Port {port} of 127.0.0.1 is in use;")
