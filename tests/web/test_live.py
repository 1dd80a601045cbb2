"""A running server takes up a new build: no restart, no failed answer and none that is mixed."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import shutil
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html import unescape
from itertools import cycle
from pathlib import Path

import httpx2
import pytest
from browsing import Page, fold
from fakes import FakeEncoder
from hang import HANG
from serving import listening, until
from shortage import no_file_handles, no_threads

from footprints.answer.answerer import Answerer
from footprints.index.build import build_index
from footprints.index.generations import build_folders, point_to, segment_path
from footprints.index.history import rollback
from footprints.index.listing import Listing
from footprints.index.opening import open_build
from footprints.settings import Settings
from footprints.types import Document
from footprints.web import live as live_module
from footprints.web.app import create_app
from footprints.web.live import Live

ENCODER = FakeEncoder()
QUESTION = "Who leads Devon?"
LEADERS = ("Angela", "Brian", "Chandra")


@pytest.fixture
def builds(tiny: Settings) -> Settings:
    """Build an index three times; each time somebody else leads Devon, one place further on."""
    for number, leader in enumerate(LEADERS):
        add_build(tiny, leader, number)
    return tiny


def add_build(settings: Settings, leader: str, number: int = 0) -> str:
    """Build the index with this leader of Devon, and return the name of the build."""
    page = f"# Devon\n\n{'A word before. ' * number}{leader} leads Devon. It has a plan."
    (settings.corpus_dir / "devon.md").write_text(page)
    return build_index(settings, lambda: ENCODER).manifest.build


def opened(settings: Settings) -> Answerer:
    """Open the current build."""
    return Answerer.open(settings, lambda _: ENCODER)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve the index over a socket, looking for a new build all the time."""
    settings = settings.model_copy(update={"rate_per_minute": 0, "queue": 100, "workers": 2})
    app = create_app(lambda: opened(settings), settings=settings, follow=0.001)
    with listening(app) as address:
        yield address


def assert_whole(client: httpx2.Client, documents: dict[str, dict[str, Document]]) -> str:
    """Ask in each way, check that no answer is mixed, and return the build of the last."""
    given = client.post("/api/ask", json={"question": QUESTION})
    assert given.status_code == 200
    answer = given.json()
    texts = documents[answer["index_build"]]
    quotes = answer["citations"] or answer["further"]
    assert quotes
    for quote in quotes:
        assert texts[quote["doc_id"]].text[quote["start"] : quote["end"]] == quote["quote"]
    found = client.get("/api/search", params={"question": QUESTION}).json()
    for one in found["sentences"]:
        text = documents[found["index_build"]][one["doc_id"]].text
        assert text[one["start"] : one["end"]] == one["text"]
    page = client.post("/ask", data={"question": QUESTION}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    # Its links are worked out on the build that answered, and so is whether that is out of date.
    assert "What is quoted here has changed" not in page.text
    assert "See it in place" in page.text
    turn = page.text.partition('<article class="turn" id="')[2].partition('"')[0]
    kept = client.get(f"/api/answers/{turn}").json()
    for quote in kept["citations"] or kept["further"]:
        address = f"start={quote['start']}&end={quote['end']}&"
        assert f"/documents/{quote['doc_id']}?{address}" in unescape(page.text)
        text = documents[kept["index_build"]][quote["doc_id"]].text
        assert text[quote["start"] : quote["end"]] == quote["quote"]
    shown = client.get(f"/a/{turn}")
    assert shown.status_code == 200
    for quote in kept["citations"] or kept["further"]:
        assert fold(quote["quote"]) in Page(shown.text).words
    build: str = answer["index_build"]
    return build


def test_builds_are_switched_under_load(builds: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """While four askers ask and builds are switched, every answer comes, whole and of one build."""
    monkeypatch.setattr("footprints.web.engine.LONGEST_WAIT", HANG)
    folders = build_folders(builds.index_dir)
    documents = {
        folder.name: dict(open_build(builds, folder, ENCODER)[0].documents) for folder in folders
    }
    seen: set[str] = set()

    def ask(address: str) -> None:
        with httpx2.Client(base_url=address, headers={"Origin": address}, timeout=HANG) as client:
            for _ in range(10):
                seen.add(assert_whole(client, documents))

    with served(builds) as address, ThreadPoolExecutor(4) as askers:
        asked = [askers.submit(ask, address) for _ in range(4)]
        names = cycle(folder.name for folder in folders)
        while not all(one.done() for one in asked):
            point_to(builds.index_dir, next(names))
            threading.Event().wait(0.02)
        for one in asked:
            one.result()
    assert seen == set(documents)


def test_a_new_build_and_the_way_back(builds: Settings) -> None:
    """A build that is made while the server runs answers soon, and so does one gone back to."""
    with served(builds) as address, httpx2.Client(base_url=address, timeout=HANG) as client:

        def says(leader: str) -> bool:
            given = client.post("/api/ask", json={"question": QUESTION}).json()
            return any(leader in one["quote"] for one in given["citations"] + given["further"])

        assert says("Chandra")
        add_build(builds, "Dilys")
        until(lambda: says("Dilys"))
        rollback(builds, lambda: ENCODER)
        until(lambda: says("Chandra"))


def test_an_answer_outlives_its_document(builds: Settings) -> None:
    """The address of an answer shows it as it was given when its document has left the index."""
    with served(builds) as address:
        origin = {"Origin": address, "HX-Request": "true"}
        with httpx2.Client(base_url=address, headers=origin, timeout=HANG) as client:
            page = client.post("/ask", data={"question": QUESTION}).text
            turn = page.partition('<article class="turn" id="')[2].partition('"')[0]
            (builds.corpus_dir / "devon.md").unlink()
            build_index(builds, lambda: ENCODER)
            until(lambda: client.get("/documents/devon").status_code == 404)
            shown = client.get(f"/a/{turn}")
    assert shown.status_code == 200
    assert "Chandra leads Devon." in Page(shown.text).words
    assert "What is quoted here has changed" in shown.text


def test_a_question_in_flight_ends_on_its_build(builds: Settings) -> None:
    """What is being answered when builds are switched is answered and shown of the old one."""
    begun, go_on = threading.Event(), threading.Event()

    class Waiting(Answerer):
        def answer(self, *asked: object) -> object:  # type: ignore[override]
            begun.set()
            assert go_on.wait(HANG)
            return super().answer(QUESTION)

    first = Waiting.open(builds, lambda _: ENCODER)
    settings = builds.model_copy(update={"rate_per_minute": 0})
    app = create_app(lambda: first, settings=settings, follow=0.001)

    async def ask() -> None:
        transport = httpx2.ASGITransport(app)
        headers = {"HX-Request": "true"}
        async with (
            app.router.lifespan_context(app),
            httpx2.AsyncClient(
                transport=transport, base_url="http://localhost", headers=headers
            ) as one,
        ):
            asked = asyncio.create_task(one.post("/ask", data={"question": QUESTION}))
            await asyncio.to_thread(begun.wait, HANG)
            build = await asyncio.to_thread(add_build, builds, "Dilys", 3)
            while app.state.live.answerer.index_build != build:
                await asyncio.sleep(0.01)
            go_on.set()
            page = await asked
        assert "Chandra leads Devon." in Page(page.text).words
        assert "What is quoted here has changed" not in page.text

    asyncio.run(asyncio.wait_for(ask(), HANG))


def test_the_old_answerer_is_let_go(builds: Settings) -> None:
    """Nothing holds on to the answerer and the index of a build that serves no more."""

    async def switch() -> None:
        live = Live(opened(builds), builds)
        old = weakref.ref(live.answerer), weakref.ref(live.answerer.index)
        following = asyncio.create_task(live.follow(0.001))
        for number in range(3):
            build = add_build(builds, "Dilys", number + 3)
            while live.answerer.index_build != build:
                await asyncio.sleep(0.005)
            while any(one() for one in old):
                gc.collect()
                await asyncio.sleep(0.005)
            old = weakref.ref(live.answerer), weakref.ref(live.answerer.index)
        following.cancel()

    asyncio.run(asyncio.wait_for(switch(), HANG))


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what this program has logged."""
    return [one.getMessage() for one in caplog.records if one.name.startswith("footprints")]


def damage(folder: Path) -> None:
    """Change a byte of what only this build has: its page on Devon."""
    digest = Listing(folder)["devon"].segment
    path = segment_path(folder.parent, digest)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def mismatch(folder: Path) -> None:
    """Say that another encoder made a build."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["encoder"]["name"] = "another"
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (damage, "is damaged"),
        (mismatch, "another"),
        (shutil.rmtree, "is missing"),
        (lambda folder: (folder.parent / "CURRENT").write_text("../elsewhere"), "is damaged"),
        (lambda folder: (folder.parent / "CURRENT").unlink(), "no index"),
    ],
    ids=["damaged", "mismatch", "removed", "bad pointer", "no pointer"],
)
def test_a_bad_build_is_told_once(
    builds: Settings, caplog: pytest.LogCaptureFixture, break_it: object, says: str
) -> None:
    """A build that cannot be opened is told in one line, and what served before goes on."""
    live = Live(opened(builds), builds)
    served = live.answerer
    assert live._newer() is None
    folder = builds.index_dir / add_build(builds, "Dilys")
    assert callable(break_it)
    break_it(folder)
    with caplog.at_level(logging.ERROR):
        assert [live._newer() for _ in range(3)] == [None] * 3
    (line,) = told(caplog)
    assert says in line
    assert line.startswith(f"Build {served.index_build} is still in use: ")
    assert live.trouble == line
    assert live.answerer is served
    point_to(builds.index_dir, served.index_build)
    assert live._newer() is None
    assert live.trouble is None
    assert len(told(caplog)) == 1


def test_what_nobody_expected_is_told_too(
    builds: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug while a build is opened ends neither the service nor the watch."""
    live = Live(opened(builds), builds)
    build = add_build(builds, "Dilys")
    with monkeypatch.context() as patched:
        patched.setattr(Answerer, "open", lambda *_: 1 / 0)
        assert live._newer() is None
    assert "ZeroDivisionError" in (live.trouble or "")
    assert live._newer() is None
    live._again = 0  # the while has passed
    again = live._newer()
    assert again
    assert (again.index_build, live.trouble) == (build, None)
    point_to(builds.index_dir, build)
    newer = live._newer()
    assert newer
    assert newer.index_build == build


def test_a_shortage_passes(
    builds: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that comes while no file can be opened is told once, and taken up afterwards."""
    monkeypatch.setattr(live_module, "_AGAIN", 0.0)
    live = Live(opened(builds), builds)
    build = add_build(builds, "Dilys")
    with no_file_handles():
        assert [live._newer() for _ in range(3)] == [None] * 3
    assert "cannot be read for now (Too many open files)" in (live.trouble or "")
    assert len(told(caplog)) == 1
    newer = live._newer()
    assert newer
    assert (newer.index_build, live.trouble) == (build, None)


def test_the_watch_outlives_a_want_of_threads(builds: Settings) -> None:
    """Where no thread can be started that is told, and the build is taken up when one can."""
    tried = threading.Event()

    async def follow() -> None:
        live = Live(opened(builds), builds)
        build = add_build(builds, "Dilys")
        with no_threads(tried):
            following = asyncio.create_task(live.follow(0.001))
            while live.trouble is None:
                await asyncio.sleep(0.001)
            assert "can't start new thread" in live.trouble
        while live.answerer.index_build != build or live.trouble:
            await asyncio.sleep(0.001)
        following.cancel()

    asyncio.run(asyncio.wait_for(follow(), HANG))
    assert tried.is_set()


def test_ready_with_a_warning(builds: Settings) -> None:
    """The server is ready while an old build serves, and says why the new one does not."""
    with served(builds) as address, httpx2.Client(base_url=address, timeout=HANG) as client:
        assert client.get("/readyz").json() == {"status": "ready"}
        first = build_folders(builds.index_dir)[0]
        damage(first)
        point_to(builds.index_dir, first.name)
        until(lambda: "is damaged" in client.get("/readyz").json().get("warning", ""))
        assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
