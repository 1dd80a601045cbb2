"""Segments in an object store: the index folder is a cache of them, and no fault loses anything."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import fsspec
import pytest
from fakes import FakeEncoder
from fsspec.implementations.local import LocalFileSystem
from hang import HANG
from pydantic import SecretStr
from tiny import segments_of

from footprints.answer.answerer import Answerer
from footprints.errors import BadSettings, CannotRead, IndexDamaged, StoreUnavailable
from footprints.index import bucket, generations, objects
from footprints.index.build import build_index
from footprints.index.history import check, rollback
from footprints.index.manifest import Manifest
from footprints.index.opening import open_documents, open_index
from footprints.settings import Settings

WORD = "abracadabra"
"""What is secret in an address."""


@pytest.fixture
def remote(tiny: Settings, tmp_path: Path) -> Settings:
    """Return settings whose segments are kept in another folder, by its address."""
    return at(tiny, f"file://{tmp_path}/objects")


def at(settings: Settings, url: str) -> Settings:
    """Return settings with an address for segments."""
    return settings.model_copy(update={"segments_url": SecretStr(url)})


def build(settings: Settings, rebuild: bool = False) -> Manifest:
    """Build, and return the manifest."""
    return build_index(settings, FakeEncoder, rebuild=rebuild).manifest


def stored(settings: Settings) -> list[Path]:
    """Return the files in the object store."""
    folder = Path(settings.segments_url.get_secret_value().removeprefix("file://"))
    return sorted(folder.iterdir()) if folder.exists() else []


def here(settings: Settings) -> list[str]:
    """Return the names of the files in the cache."""
    folder = settings.index_dir / "segments"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def empty(settings: Settings) -> None:
    """Empty the cache."""
    shutil.rmtree(settings.index_dir / "segments")


def answered(settings: Settings) -> list[Any]:
    """Answer some questions, and return what is quoted and how sure each answer is."""
    index, manifest = open_index(settings, FakeEncoder())
    answerer = Answerer(index, FakeEncoder(), manifest.build)
    answers = [answerer.answer(one) for one in ("Who leads Kent?", "What is the plan in Devon?")]
    return [(one.status, one.citations, one.probability) for one in answers]


def test_answers_from_an_empty_cache_are_the_same(tiny: Settings, remote: Settings) -> None:
    """A build writes the same files as without a store, and they are fetched when they are used."""
    files = tiny.model_copy(update={"index_dir": tiny.index_dir.with_name("files")})
    build(files)
    expected = answered(files)
    assert expected[0][1]
    build(remote)
    assert [path.name for path in stored(remote)] == here(remote) == here(files)
    empty(remote)
    open_index(remote, FakeEncoder())
    assert here(remote) == []
    assert answered(remote) == expected
    assert here(remote)
    assert len(open_documents(remote)) == 3
    assert here(remote) == here(files)
    for name in here(files):
        copies = [one.index_dir / "segments" / name for one in (files, remote)]
        assert copies[0].read_bytes() == copies[1].read_bytes()


def test_without_an_address_nothing_is_asked(tiny: Settings) -> None:
    """The index folder has all there is, and no library is needed."""
    assert type(objects.objects_of(tiny)) is objects.Objects


def test_an_address_of_memory_works_too(tiny: Settings, tmp_path: Path) -> None:
    """Any protocol that fsspec knows will do."""
    settings = at(tiny, f"memory://{tmp_path.name}")
    manifest = build(settings)
    names = {
        path.rpartition("/")[2] for path in fsspec.filesystem("memory").ls(tmp_path.name, False)
    }
    assert names == {f"{digest}.safetensors" for digest in segments_of(settings, manifest).values()}
    empty(settings)
    assert len(open_documents(settings)) == 3


def test_an_index_moves_to_a_store_without_encoding(tiny: Settings, remote: Settings) -> None:
    """The next build writes what the store lacks, now or after it has lost something."""
    build(tiny)
    for _ in range(2):
        report = build_index(remote, FakeEncoder)
        assert report.built
        assert report.encoded == 0
        assert not build_index(remote, FakeEncoder).built
        assert check(remote)[1] == []
        stored(remote)[0].unlink()


def test_what_no_kept_build_names_is_removed(remote: Settings) -> None:
    """It goes with the last build that has it; what others keep in that place is left."""
    settings = remote.model_copy(update={"keep_builds": 2})
    kent = segments_of(settings, build(settings))["kent"]
    other = stored(settings)[0].with_name("other.txt")
    other.write_text("Not ours.")
    for text, kept in (("Two", True), ("Three", False)):
        (settings.corpus_dir / "kent.md").write_text(f"# Kent\n\n{text} lead Kent.")
        last = build(settings)
        names = {path.stem for path in stored(settings)}
        assert set(segments_of(settings, last).values()) < names
        assert (kent in names) is kept
    assert other.exists()
    empty(settings)
    rollback(settings, FakeEncoder)
    assert len(open_documents(settings)) == 3


def test_what_is_missing_or_damaged_is_named_with_its_cure(remote: Settings) -> None:
    """A damaged object never gets into the cache, and one that was cut off is written again."""
    build(remote)
    empty(remote)
    lost, cut, *_ = stored(remote)
    lost.unlink()
    cut.write_bytes(cut.read_bytes()[:-1])
    told = sorted(one.rpartition(" is ")[2] for one in check(remote)[1])
    assert told == ["damaged.", "missing."]
    with pytest.raises(IndexDamaged, match=r"^The segment .*; .*run: footprints index$"):
        open_documents(remote)
    assert cut.name not in here(remote)
    build(remote)
    assert check(remote)[1] == []
    whole = cut.read_bytes()
    cut.write_bytes(bytes(len(whole)))
    empty(remote)
    with pytest.raises(IndexDamaged, match="is damaged; remove it there and run: footprints index"):
        open_documents(remote)
    assert cut.name not in here(remote)
    cut.unlink()
    build(remote)
    assert cut.read_bytes() == whole


def test_a_damaged_copy_is_not_written_to_the_store(tiny: Settings, remote: Settings) -> None:
    """It is named, and nothing is sealed."""
    manifest = build(tiny)
    path = generations.segment_path(tiny.index_dir, segments_of(tiny, manifest)["kent"])
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(IndexDamaged, match="is damaged; run: footprints index --rebuild"):
        build(remote)
    assert path.name not in [one.name for one in stored(remote)]
    build(remote, rebuild=True)
    assert check(remote)[1] == []


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(f"{WORD} may not")


def test_a_store_that_refuses_hurts_no_build(
    remote: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build fails in one sentence, the old one serves, and all is well when it is back."""
    old = build(remote)
    (remote.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent.")
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "pipe_file", _refuse)
        patch.setattr(LocalFileSystem, "cat_file", _refuse)
        with pytest.raises(StoreUnavailable) as caught:
            build(remote)
        assert open_index(remote, FakeEncoder())[1] == old
        assert len(open_documents(remote)) == 3
        assert len(here(remote)) == len(stored(remote)) == 3
        empty(remote)
        with pytest.raises(StoreUnavailable, match="PermissionError"):
            open_documents(remote)
        assert here(remote) == []
    assert WORD not in str(caught.value)
    assert caught.value.__cause__ is None is caught.value.__context__
    assert build(remote).build != old.build
    assert check(remote)[1] == []


def test_a_slow_store_is_not_waited_for(remote: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes too long is given up in one sentence, and leaves nothing in the cache."""
    build(remote)
    empty(remote)
    until = Event()
    monkeypatch.setattr(bucket, "_PATIENCE", 0.01)
    monkeypatch.setattr(LocalFileSystem, "cat_file", lambda *_, **__: until.wait(HANG))
    try:
        with pytest.raises(StoreUnavailable, match=r"no answer in 0\.01 seconds"):
            open_documents(remote)
    finally:
        until.set()
    assert here(remote) == []


def test_a_fetch_that_cannot_be_written_leaves_nothing(
    remote: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was cut off halfway is removed, and is no segment before."""
    build(remote)
    empty(remote)
    seen = []

    def full(path: Path) -> None:
        seen.append(path.name)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("footprints.index.disk.sync", full)
    with pytest.raises(CannotRead, match=r"cannot be fetched to .* \(No space left on device\)"):
        open_documents(remote)
    assert here(remote) == []
    assert seen[0].endswith(".new")


def test_many_may_fetch_one_segment_at_once(remote: Settings) -> None:
    """Each has it whole, and one copy is left."""
    build(remote)
    empty(remote)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: len(open_documents(remote)), range(16)))
    assert found == [3] * 16
    assert here(remote) == [path.name for path in stored(remote)]


def test_no_name_leads_out_of_the_folder(remote: Settings, tmp_path: Path) -> None:
    """Only the name of a digest is asked for."""
    build(remote)
    (tmp_path / "secret.safetensors").write_text("Not ours.")
    with pytest.raises(IndexDamaged, match="is missing"):
        generations.open_segment(objects.objects_of(remote), "kent", "../secret")
    with pytest.raises(IndexDamaged, match="is missing"):
        generations.open_segment(objects.objects_of(remote), "kent", "secret")


def test_secrets_of_an_address_are_not_told(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither messages nor what is printed of settings have them."""
    url = f"file://me:{WORD}@host/objects?token={WORD}"
    settings = at(tiny, url)
    store = bucket.Bucket(url)
    assert store.where == "file://host/objects"
    assert WORD not in f"{settings!r} {store!r} {objects.objects_of(settings)!r}"
    monkeypatch.setattr(LocalFileSystem, "ls", _refuse)
    with pytest.raises(StoreUnavailable) as caught:
        store.sizes()
    assert WORD not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "cure"), [("nonsense://x", "s3://bucket/name"), ("hdfs://x/y", "needs a library")]
)
def test_an_address_that_nothing_opens_is_told(tiny: Settings, url: str, cure: str) -> None:
    """One sentence names what is wrong with it, and nothing is built."""
    with pytest.raises(BadSettings, match=cure):
        build(at(tiny, url))


def test_without_fsspec_the_extra_is_named(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one sentence."""
    monkeypatch.setattr(objects, "find_spec", lambda name: None)
    with pytest.raises(BadSettings, match=r"pip install 'footprints\[objects\]'"):
        build(at(tiny, "memory://x"))
