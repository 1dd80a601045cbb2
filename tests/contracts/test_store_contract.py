"""Every store keeps ``PassageStore``: whatever happens to builds, it finds what files find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeEncoder
from stores import KINDS, kept_in, reached

from footprints.answer.retrieve import retrieve
from footprints.errors import IndexBusy, IndexDamaged
from footprints.index import generations, history, qdrant
from footprints.index.build import accept, build_index, drop, stage, staged_folder
from footprints.index.lexical import terms
from footprints.index.opening import open_build, open_index
from footprints.index.passages import store_of
from footprints.index.qdrant import QdrantStore
from footprints.index.qdrant_engine import one_of
from footprints.index.qdrant_lease import Lease
from footprints.index.search import EmbeddedSearch
from footprints.index.store import Index
from footprints.settings import Settings
from footprints.types import ALL_DOCUMENTS, Only

ENCODER = FakeEncoder()
QUESTIONS = ["Who leads Devon?", "a plan for Kent", "Thanet areas", "zebra", "notes Devon Devon"]
CHOICES = [
    ALL_DOCUMENTS,
    Only(("RCN",)),
    Only((), 2019),
    Only((), None, 2016),
    Only(("NHS",), 2016),
]
CATALOGUE = """
[[document]]
id = "devon"
file = "devon.md"
title = "Devon"
publisher = "RCN"
published = 2016-07-02

[[document]]
id = "kent"
file = "kent.md"
title = "Kent"
publisher = "NHS"
describes = "about 2019"
"""


@pytest.fixture(params=KINDS)
def kept(
    request: pytest.FixtureRequest, tiny: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Give the settings of each kind of store in turn, with no index yet."""
    (tiny.corpus_dir / "sources.toml").write_text(CATALOGUE)
    with reached(request.param, tiny.index_dir.parent, monkeypatch) as url:
        yield kept_in(tiny, url)


@pytest.fixture
def files(kept: Settings, tmp_path: Path) -> Settings:
    """Give the settings of the embedded store, of the same documents."""
    return kept.model_copy(update={"store": "embedded", "index_dir": tmp_path / "files"})


def write(settings: Settings, name: str, words: str) -> None:
    """Change a document."""
    (settings.corpus_dir / name).write_text(words)


def index_of(settings: Settings) -> Index:
    """Open what serves."""
    return open_index(settings, ENCODER)[0]


class Near(float):
    """A score, equal to another that differs in the last digits at most."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and abs(self - other) < 1e-5


def best(index: Index, only: Only = ALL_DOCUMENTS) -> list[list[tuple[object, ...]]]:
    """Return the five best passages of each question: where they are, and how near."""
    asked = [(terms(question), ENCODER.encode([question])[0]) for question in QUESTIONS]
    ranked = [retrieve(index, words, encoding, 5, only) for words, encoding in asked]
    return [
        [(one.segment, one.row, Near(one.dense), Near(one.heading)) for one in found]
        for found in ([scored.item for scored in passages] for passages in ranked)
    ]


def test_it_finds_what_files_find(kept: Settings, files: Settings) -> None:
    """By vector, words and heading alike, of all documents and of some, and by words alone."""
    for settings in (kept, files):
        build_index(settings, FakeEncoder)
    one, other = index_of(kept), index_of(files)
    for only in CHOICES:
        assert best(one, only) == best(other, only)
    vector = ENCODER.encode(["Devon"])[0].vector
    assert not one.search.search(vector, {"devon": 1.0}, 2, Only(("Nobody",)))
    for k in (1, 2, 9):
        found, expected = (
            index.search.search(None, {"devon": 1.5, "plan": 0.5, "zebra": 2.0}, k, ALL_DOCUMENTS)
            for index in (one, other)
        )
        assert [(f.segment, f.row) for f in found] == [(f.segment, f.row) for f in expected]
        assert [f.keyword for f in found] == pytest.approx([f.keyword for f in expected], 1e-5)
    assert one.search.search(None, {"zebra": 1.0}, 9, ALL_DOCUMENTS) == []


def test_builds_stand_side_by_side(kept: Settings, files: Settings) -> None:
    """Whatever is added, changed and removed, each build finds its own, on the way back too."""
    found = dict[str, object]()
    for change in ("Notes on Devon and Thanet.", "", "Notes on a plan, Devon."):
        write(kept, "notes.txt", change) if change else (kept.corpus_dir / "notes.txt").unlink()
        write(kept, "bath.md", f"# Bath\n\nBath has plan number {len(found)} and Thanet.")
        for settings in (kept, files):
            build = build_index(settings, FakeEncoder).manifest.build
        assert best(index_of(kept)) == best(index_of(files))
        found[generations.current_folder(kept.index_dir).name] = best(index_of(kept))
    for build, expected in found.items():
        history.rollback(kept, FakeEncoder, build)
        assert best(index_of(kept)) == expected
        assert history.check(kept)[1] == []
    history.rollback(kept, FakeEncoder, min(found))
    assert build_index(kept, FakeEncoder).rolled_back_to == min(found)
    assert best(index_of(kept)) == found[max(found)]


def test_a_staged_build_is_accepted_or_leaves_nothing(kept: Settings, files: Settings) -> None:
    """It is asked beside the one that serves, which is as it was when it is dropped."""
    for settings in (kept, files):
        build_index(settings, FakeEncoder)
    before = best(index_of(kept))
    write(kept, "devon.md", "# Devon\n\nBert leads Devon.")
    for end in (drop, accept):
        staged = stage(kept, FakeEncoder)
        asked, _ = open_build(kept, staged_folder(kept, staged), ENCODER)
        assert best(asked) != before
        assert best(index_of(kept)) == before
        after = best(asked)
        end(kept, staged)
        assert best(index_of(kept)) == (before if end is drop else after)
        assert history.check(kept)[1] == []
    build_index(files, FakeEncoder)
    assert best(index_of(files)) == after


@pytest.mark.parametrize("after", range(4))
def test_half_a_build_is_never_seen(
    kept: Settings, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that fails when some of it is written changes nothing, nor hinders the next."""
    build_index(kept, FakeEncoder)
    before = best(index_of(kept))
    write(kept, "devon.md", "# Devon\n\nBert leads Devon.")
    write(kept, "bath.md", "# Bath\n\nBath has a plan.")
    with monkeypatch.context() as patch, pytest.raises(IndexBusy):
        patch.setattr(qdrant, "_POINTS", 1)
        if kept.store == "embedded":
            patch.setattr(EmbeddedSearch, "save", failing(0))
        patch.setattr(Lease, "check", failing(after))
        build_index(kept, FakeEncoder)
    assert best(index_of(kept)) == before
    assert history.check(kept)[1] == []
    build_index(kept, FakeEncoder)
    assert best(index_of(kept)) != before
    assert history.check(kept)[1] == []


def failing(after: int) -> Callable[..., None]:
    """Return what fails once it has been called so many times."""
    left = iter(range(after))

    def check(*_: object) -> None:
        if next(left, None) is None:
            raise IndexBusy("Another has it.")

    return check


def test_only_builds_that_are_kept_take_room(kept: Settings) -> None:
    """What stood in builds alone that are gone is gone, and so is a whole collection of them."""
    if kept.store == "embedded":
        pytest.skip("files go with their folder")
    few = kept.model_copy(update={"keep_builds": 2})
    for number in range(4):
        write(kept, "bath.md", f"# Bath\n\nBath has plan number {number}.")
        build_index(few, FakeEncoder)
    store = store_of(few)
    assert isinstance(store, QdrantStore)
    (collection,) = store.engine.collections(store.prefix)
    passages = history.check(few)[0].passages
    assert store.engine.count(collection, []) == passages + 1 + 1
    for _ in range(2):
        build_index(few, FakeEncoder, rebuild=True)
    assert len(store.engine.collections(store.prefix)) == 2
    assert collection not in store.engine.collections(store.prefix)


def test_what_the_store_lost_is_written_again(kept: Settings, files: Settings) -> None:
    """A build that is gone from the store is missed, and made again without encoding anything."""
    if kept.store == "embedded":
        pytest.skip("files are checked with their folder")
    for settings in (kept, files):
        build_index(settings, FakeEncoder)
    before, store = best(index_of(kept)), store_of(kept)
    assert isinstance(store, QdrantStore)
    (collection,) = store.engine.collections(store.prefix)
    store.engine.delete(collection, [one_of("origin", ["kent.md"])])
    assert "of the 4 passages" in history.check(kept)[1][0]
    store.engine.remove(collection)
    assert "has lost the collection" in history.check(kept)[1][0]
    with pytest.raises(IndexDamaged, match="run: footprints index"):
        index_of(kept)
    again = build_index(kept, FakeEncoder)
    assert (again.built, again.encoded) == (True, 0)
    assert best(index_of(kept)) == before


def test_a_store_can_be_changed(kept: Settings, files: Settings) -> None:
    """Another store is filled without encoding anything, and the way back is open."""
    if kept.store == "embedded":
        pytest.skip("files are what it is changed from")
    moved = kept.model_copy(update={"index_dir": files.index_dir})
    first = build_index(files, FakeEncoder).manifest.build
    before = best(index_of(files))
    second = build_index(moved, FakeEncoder)
    assert (second.built, second.encoded) == (True, 0)
    assert best(index_of(moved)) == before
    history.rollback(moved, FakeEncoder, first)
    assert best(index_of(moved)) == before
    assert build_index(moved, FakeEncoder).built
