"""Passages in Qdrant: the real documents, one writer at a time, and a server that fails."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from commands import ended
from conftest import ROOT
from fakes import FakeEncoder
from httpx2 import Client
from qdrant_client import models
from qdrant_server import QdrantServer
from qdrant_server import serving as serving_qdrant
from serving import listening
from stores import in_memory, kept_in, reached

from footprints.answer.answerer import Answerer
from footprints.answer.retrieve import retrieve
from footprints.errors import BadSettings, IndexBusy, IndexMismatch
from footprints.errors import StoreUnavailable as Unavailable
from footprints.evals.cases import read_cases
from footprints.evals.gate import Remembering, judge
from footprints.index import history, passages, qdrant_engine
from footprints.index.build import BuildReport, accept, build_index, stage
from footprints.index.encoder import BundledEncoder
from footprints.index.lexical import terms
from footprints.index.opening import open_index
from footprints.index.qdrant import QdrantStore
from footprints.index.qdrant_engine import Engine
from footprints.index.qdrant_lease import LEASES, Lease
from footprints.index.qdrant_search import QdrantSearch
from footprints.index.store import Index
from footprints.settings import Settings
from footprints.types import ALL_DOCUMENTS, Found
from footprints.web.app import create_app

ENCODER = FakeEncoder()


@pytest.fixture
def server() -> Iterator[QdrantServer]:
    """Start a server that fails when told to."""
    with serving_qdrant(in_memory()) as started:
        yield started


@pytest.fixture
def kept(tiny: Settings, server: QdrantServer) -> Settings:
    """Build an index that the server keeps, and change a document after that."""
    settings = kept_in(tiny, server.url)
    build_index(settings, FakeEncoder)
    (settings.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent. Bath has a plan.")
    return settings


def found(settings: Settings) -> list[tuple[object, ...]]:
    """Search the index that serves."""
    return searched(open_index(settings, ENCODER)[0])


def searched(index: Index) -> list[tuple[object, ...]]:
    """Search an index, and return what is found where and how near it is."""
    vector = ENCODER.encode(["Who leads Kent?"])[0].vector
    near = index.search.search(vector, {"kent": 1.0, "lead": 0.5}, 9, ALL_DOCUMENTS)
    return [(*place(one), round(one.dense, 5), round(one.keyword, 5)) for one in near]


def test_threads_share_it(kept: Settings) -> None:
    """Whoever opened a build gets its answers, all at once, while the next is made and used."""
    before = found(kept)
    opened = [open_index(kept, ENCODER)[0] for _ in range(2)]

    def ask(number: int) -> object:
        return searched(opened[number % 2])

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask, number) for number in range(32)]
        build_index(kept, FakeEncoder)
        assert [one.result() for one in asked] == [before] * 32
    assert found(kept) != before


@pytest.mark.parametrize("kind", ["local", "edge", "server"])
def test_the_real_documents(
    kind: str,
    built: Settings,
    real_encoder: BundledEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every fourth case has the five passages of files, ties aside, and nothing is encoded."""
    folder = tmp_path / "index"
    shutil.copytree(built.index_dir, folder)
    cases = sorted({case.question for case in read_cases(ROOT / "evals/cases")}, key=len)[::4]
    index, _ = open_index(built, real_encoder)
    with reached(kind, tmp_path, monkeypatch) as url:
        settings = kept_in(built, url).model_copy(update={"index_dir": folder})
        assert build_index(settings, lambda: real_encoder).encoded == 0
        other, _ = open_index(settings, real_encoder)
        for first in range(0, len(cases), 16):
            asked = cases[first : first + 16]
            encoded = real_encoder.encode_questions(asked)
            for question, encoding in zip(asked, encoded, strict=True):
                words = terms(question)
                ranked = [(place(one.item), one.score) for one in retrieve(index, words, encoding)]
                best, scores = retrieve(other, words, encoding, 5), dict(ranked)
                for (_, score), one in zip(ranked, best, strict=False):
                    assert one.score == pytest.approx(score, abs=1e-5)
                    assert scores[place(one.item)] == pytest.approx(score, abs=1e-5)


def place(one: Found) -> tuple[str, int]:
    """Return where a passage is."""
    return one.segment, one.row


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (503, r"refuses what it is asked \(503 Service Unavailable\); see its log"),
        (401, "refuses the key; correct FOOTPRINTS_QDRANT_API_KEY"),
        (0, r"does not answer \(.*\); start it or correct qdrant_url"),
        (-1, r"does not answer \(timed out\); start it"),
    ],
)
def test_a_server_that_fails(
    kept: Settings,
    server: QdrantServer,
    fails: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asking and building say so in one sentence that names the cure, and nothing is lost."""
    before, asking, (index, _) = found(kept), kept, open_index(kept, ENCODER)
    server.fails = fails
    if fails == -1:
        monkeypatch.setattr(qdrant_engine, "_PATIENCE", 1)
        asking = kept.model_copy(update={"qdrant_seconds": 1})
    store = passages.store_of(asking)
    assert isinstance(store, QdrantStore)
    assert isinstance(index.search, QdrantSearch)
    with pytest.raises(Unavailable, match=said) as caught:
        searched(replace(index, search=replace(index.search, engine=store.engine)))
    assert str(caught.value).count("\n") == 0
    with pytest.raises(Unavailable, match=said):
        build_index(asking, FakeEncoder)
    server.well()
    assert found(kept) == before
    assert build_index(kept, FakeEncoder).built
    assert found(kept) != before


def test_a_server_that_goes_in_the_middle(kept: Settings, server: QdrantServer) -> None:
    """Wherever a build is cut off, the old one serves when it is back, and the next is whole."""
    before, cut = found(kept), 0
    while True:
        server.fails, server.after = 0, cut
        try:
            build_index(kept, FakeEncoder)
            break
        except Unavailable:
            server.well()
        release(server)
        assert found(kept) == before
        assert history.check(kept)[1] == []
        cut += 1
    server.well()
    release(server)
    assert cut > 10
    assert build_index(kept, FakeEncoder, rebuild=True).built
    assert history.check(kept)[1] == []
    store = passages.store_of(kept)
    assert isinstance(store, QdrantStore)
    assert len(store.engine.collections(store.prefix)) == 2


def release(server: QdrantServer) -> None:
    """Let the lease run out that could not be given back."""
    server.client.set_payload(LEASES, {"until": 0}, models.Filter())


def test_the_way_back_to_files_needs_no_server(
    kept: Settings, server: QdrantServer, tmp_path: Path
) -> None:
    """Where the server is gone the next build is kept in files; the gate says what it lacks."""
    case = {"id": "a", "kind": "absent", "question": "Who?", "answerable": False, "gold": []}
    (tmp_path / "a.jsonl").write_text(json.dumps(case))
    files = kept.model_copy(update={"store": "embedded"})
    server.fails = 503
    staged = stage(files, FakeEncoder)
    judged = judge(files, staged, Remembering(ENCODER), tmp_path)
    assert "Qdrant at" in str(judged.unchecked)
    accept(files, staged)
    assert found(files)


def test_a_copy_of_the_folder_builds_in_a_collection_of_its_own(
    kept: Settings, tmp_path: Path
) -> None:
    """Without the name that a copy would share, it takes nothing of the original's away."""
    before = found(kept)
    copied = kept.model_copy(update={"index_dir": tmp_path / "copy"})
    shutil.copytree(kept.index_dir, copied.index_dir)
    (copied.index_dir / "qdrant.id").unlink()
    for _ in range(2):
        build_index(copied, FakeEncoder, rebuild=True)
    assert found(copied) != before
    assert found(kept) == before
    assert history.check(kept)[1] == history.check(copied)[1] == []


def test_a_collection_of_another_format(kept: Settings, server: QdrantServer) -> None:
    """It is not read but said to be one; what is open goes on, and a rebuild cures it."""
    before, (index, _) = found(kept), open_index(kept, ENCODER)
    store = passages.store_of(kept)
    assert isinstance(store, QdrantStore)
    (name,) = store.engine.collections(store.prefix)
    server.client.set_payload(name, {"format": 99}, models.Filter())
    with pytest.raises(IndexMismatch, match="format that this version does not read; run:"):
        open_index(kept, ENCODER)
    assert index.search.search(None, {"kent": 1.0}, 9, ALL_DOCUMENTS)
    assert "format" in history.check(kept)[1][0]
    assert build_index(kept, FakeEncoder).encoded == 1
    assert found(kept) != before


def test_settings_say_what_is_missing(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an address or the client nothing is built, and the sentence says what to do."""
    with pytest.raises(BadSettings, match="set qdrant_url"):
        build_index(kept_in(tiny, ""), FakeEncoder)
    monkeypatch.setattr(passages, "find_spec", lambda _: None)
    with pytest.raises(BadSettings, match=r"pip install 'footprints\[qdrant\]'"):
        build_index(kept_in(tiny), FakeEncoder)


def test_an_old_server_is_refused(
    tiny: Settings, server: QdrantServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that replaces points under no condition could have two writers."""
    monkeypatch.setattr(Engine, "version", (1, 16))
    with pytest.raises(BadSettings, match=r"too old; use version 1\.17 or later"):
        build_index(kept_in(tiny, server.url), FakeEncoder)


def test_the_web_says_come_back(kept: Settings, server: QdrantServer) -> None:
    """While the server is away a question has a 503 that says when to try again."""
    answerer = Answerer.open(kept, lambda _: ENCODER)
    open_to_all = kept.model_copy(update={"rate_per_minute": 0})
    app = create_app(lambda: answerer, settings=open_to_all)
    question = {"question": "Who leads Devon?"}
    with listening(app) as address, Client(base_url=address) as client:
        answer = client.post("/api/ask", json=question).json()
        server.fails = 0
        refused = client.post("/api/ask", json=question)
        server.well()
        again = client.post("/api/ask", json=question).json()
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert "does not answer" in refused.json()["detail"]
    assert answer["citations"]
    assert again["citations"] == answer["citations"]


def test_every_command(
    tiny: Settings,
    server: QdrantServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """They do with a server what they do with files, and end with 1 while it is away."""
    for name, value in {
        "STORE": "qdrant",
        "QDRANT_URL": server.url,
        "CORPUS_DIR": str(tiny.corpus_dir),
        "INDEX_DIR": str(tiny.index_dir),
    }.items():
        monkeypatch.setenv(f"FOOTPRINTS_{name}", value)
    assert ended(capsys, "index").code == 0
    assert "Angela leads Devon." in ended(capsys, "ask", "Who leads Devon?").out
    page = tiny.corpus_dir.parent / "bath.md"
    page.write_text("# Bath\n\nBarbara leads Bath.")
    assert ended(capsys, "add", str(page)).code == 0
    assert "Added: bath." in ended(capsys, "index").out
    assert "4 documents, 5 passages" in ended(capsys, "check").out
    server.fails = 0
    for command in (["ask", "Who leads Devon?"], ["index"], ["check"], ["rollback"]):
        failed = ended(capsys, *command)
        assert failed.code == 1
        assert f"Qdrant at {server.url} does not answer" in failed.err
    server.well()
    assert ended(capsys, "rollback").code == 0
    assert ended(capsys, "remove", "bath").code == 0
    assert ended(capsys, "check").code == 0


def test_who_lost_the_lease_touches_nothing(kept: Settings, server: QdrantServer) -> None:
    """A build that stood still while another began neither goes into use nor tidies up."""
    before, store = found(kept), passages.store_of(kept)
    assert isinstance(store, QdrantStore)

    def stand_still(_: BuildReport) -> None:
        patch.setattr(Lease, "check", _lost)
        server.asked.clear()

    with pytest.MonkeyPatch.context() as patch, pytest.raises(IndexBusy, match="lost"):
        build_index(kept, FakeEncoder, gate=stand_still)
    assert not [one for one in server.asked if f"{store.prefix}" in one]
    assert found(kept) == before


def _lost(_: Lease) -> None:
    raise IndexBusy("It is lost.")


def test_a_build_is_counted(kept: Settings, server: QdrantServer) -> None:
    """One whose points did not all arrive is not put into use, and is no hindrance to the next."""
    before = found(kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "change", lambda *_: None)
        with pytest.raises(Unavailable, match=r"has \d+ of the \d+ passages that were written"):
            build_index(kept, FakeEncoder)
    assert found(kept) == before
    assert build_index(kept, FakeEncoder).built
    assert found(kept) != before
