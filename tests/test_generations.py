"""Builds replace each other in one step, and nothing that goes wrong hurts the one that serves."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from fakes import FakeEncoder
from filelock import FileLock
from hang import HANG
from shortage import no_file_handles
from tiny import segments_of

from footprints.errors import CannotRead, CannotWrite, IndexBusy, IndexDamaged, NoIndex
from footprints.index import disk, generations, parts
from footprints.index.build import build_index
from footprints.index.generations import build_folders, current_folder, remove_unnamed
from footprints.index.history import check
from footprints.index.listing import Listing
from footprints.index.manifest import read_manifest
from footprints.index.objects import Objects
from footprints.index.opening import open_build, open_documents, open_index
from footprints.index.segment import Segment
from footprints.index.store import Segments
from footprints.settings import Settings
from footprints.types import Encoding

KEEP = 3


def build(settings: Settings, encoder: FakeEncoder | None = None, rebuild: bool = False) -> str:
    """Build, and return the name of the build."""
    return build_index(settings, lambda: encoder or FakeEncoder(), rebuild=rebuild).manifest.build


def serving(settings: Settings) -> str:
    """Open the index, and return the name of the build that serves."""
    index, manifest = open_index(settings, FakeEncoder())
    assert len(index.documents) == manifest.documents
    return manifest.build


def change(settings: Settings) -> None:
    """Change the corpus, so that there is something to build."""
    (settings.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent.")


def litter(settings: Settings) -> list[str]:
    """Return what stands in the index folder beside builds, pointer and lock."""
    builds = {path.parent.name for path in settings.index_dir.glob("*/manifest.json")}
    return [
        path.name
        for path in settings.index_dir.iterdir()
        if path.name not in builds | {"CURRENT", ".lock", "segments"}
    ]


# Damage


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Build an index once, to be copied and damaged."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.md").write_text("# A\n\nAreas:\n\n- b\n- c")
    settings = Settings.model_construct(
        corpus_dir=folder / "corpus",
        index_dir=folder / "index",
        encoder="fake",
        passage_pieces=128,
    )
    build(settings)
    return settings


@pytest.fixture
def copied(sound: Settings, tmp_path: Path) -> Settings:
    """Copy the index that was built once."""
    shutil.copytree(sound.index_dir, tmp_path / "index")
    return sound.model_copy(update={"index_dir": tmp_path / "index"})


def segments(settings: Settings) -> list[Path]:
    """Return the files of the segments, by name."""
    return sorted((settings.index_dir / "segments").iterdir())


def test_the_files_of_a_build(sound: Settings) -> None:
    """A build's folder holds its manifest, which has the digests of the files and the segments."""
    folder = current_folder(sound.index_dir)
    _, manifest = open_index(sound, FakeEncoder())
    (segment,) = segments(sound)
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert manifest.files.keys() == {"facts.sqlite", "search.safetensors", "vectors.faiss"}
    others = {"listing.sqlite": manifest.listing, "manifest.json": files["manifest.json"]}
    assert manifest.files | others == files
    assert segments_of(sound, manifest) == {"a": hashlib.sha256(segment.read_bytes()).hexdigest()}
    assert segment.stem == segments_of(sound, manifest)["a"]


def flip_first(path: Path) -> None:
    """Change one bit of the first byte of a file, which says how long its head is."""
    content = bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Lose the last byte of a file."""
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    """Lose all bytes of a file."""
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [flip_first, flip, cut, empty, Path.unlink])
def test_a_damaged_segment_is_named(copied: Settings, damage: Callable[[Path], None]) -> None:
    """One that is missing, cut, emptied or off by one bit is named at its first use."""
    (path,) = segments(copied)
    damage(path)
    state = "missing" if damage is Path.unlink else "damaged"
    index, _ = open_index(copied, FakeEncoder())
    for opening in (lambda: index.documents["a"], lambda: open_documents(copied)):
        with pytest.raises(IndexDamaged) as caught:
            opening()
        assert str(caught.value) == f"{path} is {state}; run: footprints index --rebuild"
    assert check(copied)[1] == [f"{path} is {state}."]


@pytest.mark.parametrize("name", ["facts.sqlite", "search.safetensors", "vectors.faiss"])
@pytest.mark.parametrize("damage", [flip_first, flip, cut, empty, Path.unlink])
def test_a_damaged_file_of_a_build_is_named(
    copied: Settings, damage: Callable[[Path], None], name: str
) -> None:
    """One that is missing, cut, emptied or off by one bit is named when the index is opened."""
    path = current_folder(copied.index_dir) / name
    damage(path)
    state = "missing" if damage is Path.unlink else "damaged"
    with pytest.raises(IndexDamaged) as caught:
        open_index(copied, FakeEncoder())
    assert str(caught.value) == f"{path} is {state}; run: footprints index --rebuild"
    assert check(copied)[1] == [f"{path} is {state}."]
    assert build(copied, rebuild=True) == serving(copied)


@pytest.mark.parametrize("damage", [flip_first, flip, cut, empty, Path.unlink])
def test_a_damaged_listing_is_named(copied: Settings, damage: Callable[[Path], None]) -> None:
    """Without the list of its documents a build is not opened, and the next one reads them anew."""
    path = current_folder(copied.index_dir) / "listing.sqlite"
    damage(path)
    state = "missing" if damage is Path.unlink else "damaged"
    for opening in (lambda: open_index(copied, FakeEncoder()), lambda: check(copied)):
        with pytest.raises(IndexDamaged) as caught:
            opening()
        assert str(caught.value) == f"{path} is {state}; run: footprints index --rebuild"
    assert build(copied) == serving(copied)


def test_a_listing_is_read_by_row(sound: Settings) -> None:
    """A document is found by its id and by its segment; one that is not there is not found."""
    listing = Listing(current_folder(sound.index_dir))
    assert [*listing] == ["a"]
    assert listing["a"] == listing.whole()["a"]
    assert listing.owner(listing["a"].segment) == "a"
    assert listing.get("b") is None
    with pytest.raises(IndexDamaged, match="not what this build wrote; run: footprints index"):
        listing.owner("b")


def test_few_files_are_mapped_at_a_time(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many documents there are, what builds and what answers maps so many files at most."""
    monkeypatch.setattr(parts, "_MOST", 2)
    for rebuild in (False, True):
        change(tiny)
        build(tiny, rebuild=rebuild)
        index, _ = open_index(tiny, FakeEncoder())
        assert len([*index.passages]) > 2
        assert len(open_documents(tiny)) == 3
        assert len(parts._RECENT) == 2


def test_so_many_documents_are_open_at_a_time(tiny: Settings) -> None:
    """One that was not used for longest is opened again when it is asked for."""
    build(tiny)
    index, _ = open_index(tiny, FakeEncoder())
    names, opened = [one.segment for one in index.facts.documents], list[str]()

    def opening(name: str) -> Segment:
        opened.append(name)
        return index.segments[name]

    some = Segments(opening, most=2)
    for at in (0, 1, 0, 2, 0, 1):
        assert some[names[at]].digest == names[at]
    assert opened == [names[at] for at in (0, 1, 2, 1)]


def test_a_sound_index_is_sound(copied: Settings) -> None:
    """A check of an index that nobody touched finds nothing."""
    assert check(copied) == (open_index(copied, FakeEncoder())[1], [])


@pytest.mark.parametrize(
    "content", [b"", b"gone\n", b"\xff\xfe", bytes(22), b"../elsewhere\n"], ids=ascii
)
def test_a_damaged_pointer(copied: Settings, content: bytes) -> None:
    """A pointer that names no build is damage, and the next build mends it."""
    (copied.index_dir / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamaged, match="run: footprints index"):
        open_index(copied, FakeEncoder())
    assert build(copied) == serving(copied)


@pytest.mark.parametrize("damage", [flip_first, flip, cut, empty, Path.unlink])
def test_the_cure_for_damage_cures(copied: Settings, damage: Callable[[Path], None]) -> None:
    """A rebuild makes a damaged index open again."""
    damage(segments(copied)[0])
    build(copied, rebuild=True)
    assert serving(copied)


@pytest.mark.parametrize("there", [False, True], ids=["nothing", "a file"])
def test_no_index(tmp_path: Path, there: bool) -> None:
    """Where no index folder is there is no index."""
    if there:
        (tmp_path / "index").write_text("not a folder")
    with pytest.raises(NoIndex, match="run: footprints index"):
        current_folder(tmp_path / "index")


# A shortage


def test_a_shortage_is_not_damage(copied: Settings) -> None:
    """A file that cannot be opened just now is no damaged one, and opens when that has passed."""
    folder = current_folder(copied.index_dir)
    (path,) = segments(copied)
    for opening, named in (
        (lambda: current_folder(copied.index_dir), copied.index_dir / "CURRENT"),
        (lambda: read_manifest(folder), folder / "manifest.json"),
        (lambda: Segment.open("a", path), path),
        (lambda: disk.digest(path), path),
        (lambda: build_folders(copied.index_dir), copied.index_dir),
    ):
        with no_file_handles(), pytest.raises(CannotRead, match="Too many open files") as caught:
            opening()
        assert str(caught.value).startswith(f"{named} cannot be read for now")
        opening()


def test_nothing_is_removed_in_a_shortage(copied: Settings) -> None:
    """What names the segments cannot be read, so that all of them stay."""
    before = segments(copied)
    (copied.index_dir / "segments" / f"{'0' * 64}.safetensors").write_bytes(b"old")
    with no_file_handles():
        remove_unnamed(Objects(copied.index_dir))
    assert len(segments(copied)) == len(before) + 1
    remove_unnamed(Objects(copied.index_dir))
    assert segments(copied) == before


@pytest.mark.parametrize("name", ["CURRENT", "manifest.json", "segments"])
def test_a_build_in_a_shortage_changes_nothing(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A build that cannot read the one before ends with that; it does not begin from nothing."""
    old = build(tiny)
    before = segments(tiny)
    change(tiny)
    opening = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if name in path.parts:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), str(path))
        return opening(path, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        patched.setattr("footprints.index.parts.safe_open", missing)
        with pytest.raises(CannotRead, match="Too many open files"):
            build(tiny)
    assert serving(tiny) == old
    assert segments(tiny) == before
    assert litter(tiny) == []


def missing(path: Path, framework: str) -> None:
    """Fail as safetensors does where there are no file handles."""
    raise FileNotFoundError(f"No such file or directory: {path}")


# Builds that fail


class FailingEncoder(FakeEncoder):
    """Fails at its second call."""

    calls = 0

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Fail when called again."""
        self.calls += 1
        if self.calls == 2:
            raise MemoryError
        return super().encode(texts)


def test_a_build_that_fails_leaves_the_old_one(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the encoder fails midway the old build serves and nothing is left behind."""
    monkeypatch.setattr("footprints.index.reuse._SLAB", 2)
    old = build(tiny)
    change(tiny)
    with pytest.raises(MemoryError):
        build(tiny, FailingEncoder(), rebuild=True)
    assert serving(tiny) == old
    assert litter(tiny) == []
    assert build(tiny) != old


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Let no file grow beyond some bytes, as on a disk without room."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize(("sections", "room"), [(0, 200), (80, 700)], ids=["small", "large"])
@pytest.mark.parametrize(
    ("place", "method"),
    [(generations, "write_segment"), (Path, "write_text")],
    ids=["segment", "manifest"],
)
def test_a_full_disk(
    tiny: Settings,
    monkeypatch: pytest.MonkeyPatch,
    place: Any,
    method: str,
    sections: int,
    room: int,
) -> None:
    """Whichever file finds no room, the message says why and how to go on, and the old serves."""
    old = build(tiny)
    text = "\n\n".join(f"# {number}\n\nWords." for number in range(sections))
    (tiny.corpus_dir / "new.md").write_text(text or "Words.")
    write = getattr(place, method)

    def write_without_room(*args: Any, **kwargs: Any) -> Any:
        with full_disk(room):
            return write(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(place, method, write_without_room)
        with pytest.raises(CannotWrite, match="name another folder with --index") as caught:
            build(tiny)
    assert "None" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert serving(tiny) == old
    assert litter(tiny) == []


def test_an_index_folder_that_cannot_be_made(tiny: Settings, tmp_path: Path) -> None:
    """A folder that cannot be made is named, with how to name another."""
    (tmp_path / "file").write_text("")
    for index_dir in (tmp_path / "file", tmp_path / "file" / "index"):
        settings = tiny.model_copy(update={"index_dir": index_dir})
        with pytest.raises(CannotWrite, match="name another with --index") as caught:
            build(settings)
        assert str(index_dir) in str(caught.value)


@pytest.mark.parametrize(
    ("place", "method"),
    [(FileLock, "acquire"), (Path, "mkdir"), (Path, "rename")],
    ids=["lock", "make", "rename"],
)
def test_an_index_folder_without_rights(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch, place: Any, method: str
) -> None:
    """An index folder that may not be written to is named, and the old build serves."""
    old = build(tiny)
    change(tiny)
    (tiny.index_dir / ".building-old").mkdir()
    work = getattr(place, method)

    def refuse(*args: Any, **kwargs: Any) -> Any:
        if kwargs.get("exist_ok") or kwargs.get("ignore_errors"):
            return work(*args, **kwargs)
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(place, method, refuse)
        with pytest.raises(CannotWrite, match=r"Permission denied.*--index") as caught:
            build(tiny)
    assert str(tiny.index_dir) in str(caught.value)
    assert serving(tiny) == old


# Builds that are killed

CHILD = """
import sys, time
from fakes import FakeEncoder
from footprints.index import build, disk, generations
from footprints.settings import load_settings

def hang(*args, **kwargs):
    print("hanging", flush=True)
    time.sleep(3600)

point, corpus, index = sys.argv[1:]
place, method = {
    "encoding": (FakeEncoder, "encode"),
    "writing": (generations, "write_segment"),
    "syncing": (disk, "sync"),
    "sealing": (generations, "seal"),
    "switching": (generations, "point_to"),
}[point]
setattr(place, method, hang)
settings = load_settings(corpus_dir=corpus, index_dir=index, encoder="fake")
build.build_index(settings, FakeEncoder)
"""


@contextmanager
def hanging_build(settings: Settings, point: str) -> Iterator[None]:
    """Start a build in a process of its own that hangs at a point, and kill it at the end."""
    command = [sys.executable, "-Wignore", "-c", CHILD, point]
    child = subprocess.Popen(
        [*command, settings.corpus_dir, settings.index_dir],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout
        assert child.stdout.readline() == "hanging\n"
        try:
            yield
        finally:
            child.kill()


@pytest.mark.parametrize("point", ["encoding", "writing", "syncing", "sealing", "switching"])
def test_a_build_that_is_killed(tiny: Settings, point: str) -> None:
    """While a build runs and after it is killed the old one serves; the next run clears up."""
    old = build(tiny)
    change(tiny)
    with hanging_build(tiny, point):
        assert serving(tiny) == old
        with pytest.raises(IndexBusy, match=r"Another build is under way in .*; wait until"):
            build(tiny)
    assert serving(tiny) == old
    new = build(tiny)
    assert serving(tiny) == new != old
    assert litter(tiny) == []


def test_a_run_with_nothing_to_build_clears_up_too(tiny: Settings) -> None:
    """What a killed build left is removed by the next run even when that one is up to date."""
    build(tiny)
    (tiny.index_dir / ".building-old").mkdir()
    build(tiny)
    assert litter(tiny) == []


def test_two_builds_at_once(tiny: Settings) -> None:
    """Of two builds in one process the second is told to wait, and the first ends well."""
    started, go_on = Event(), Event()

    class SlowEncoder(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> list[Encoding]:
            started.set()
            assert go_on.wait(HANG)
            return super().encode(texts)

    first = Thread(target=build, args=(tiny, SlowEncoder()))
    first.start()
    assert started.wait(HANG)
    with pytest.raises(IndexBusy, match=str(tiny.index_dir)):
        build(tiny)
    go_on.set()
    first.join()
    assert serving(tiny) == build(tiny)


# Builds that are kept


def test_only_the_last_builds_are_kept(tiny: Settings) -> None:
    """The current build and those before it are kept, no more than are set; nothing else goes."""
    tiny.index_dir.mkdir()
    (tiny.index_dir / "README.md").write_text("Built indexes.")
    (tiny.index_dir / "mine").mkdir()
    builds = [build(tiny, rebuild=True) for _ in range(KEEP + 2)]
    assert serving(tiny) == builds[-1]
    assert sorted(litter(tiny)) == ["README.md", "mine"]
    assert [path.parent.name for path in sorted(tiny.index_dir.glob("*/manifest.json"))] == builds[
        -KEEP:
    ]


def test_an_old_build_that_cannot_be_removed(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new build that serves has not failed because an old one could not be removed."""
    for _ in range(KEEP):
        build(tiny, rebuild=True)

    def refuse(path: Path, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        new = build(tiny, rebuild=True)
    assert serving(tiny) == new


def test_the_current_build_is_kept_whatever_the_clock_says(tiny: Settings) -> None:
    """A build that is older by its name than those before it is kept, being the current one."""
    folder = tiny.index_dir / build(tiny)
    for year in range(9000, 9000 + KEEP):
        shutil.copytree(folder, tiny.index_dir / f"{year}0101T000000000000Z")
    assert build(tiny, rebuild=True) == serving(tiny)


def test_an_open_index_outlives_its_build(tiny: Settings) -> None:
    """An index that is open stays on the disk, however many builds come, and goes when it ends."""
    old = build(tiny)
    index, manifest = open_index(tiny, FakeEncoder())
    named = {*segments_of(tiny, manifest).values()}
    for number in range(KEEP):
        for path in tiny.corpus_dir.iterdir():
            path.write_text(f"Other words {number}.")
        build(tiny)
    assert "Angela" in index.documents["devon"].text
    assert [*index.passages][1].headings == ("Devon", "Areas")
    del index
    change(tiny)
    build(tiny)
    assert not (tiny.index_dir / old).exists()
    assert not {path.stem for path in segments(tiny)} & named


def test_builds_share_what_did_not_change(tiny: Settings) -> None:
    """A segment is stored once, and is removed with the last build that names it."""
    build(tiny)
    first = segments(tiny)
    (tiny.corpus_dir / "notes.txt").unlink()
    change(tiny)
    build(tiny)
    assert len(segments(tiny)) == len(first) + 1
    for _ in range(KEEP - 1):
        build(tiny, rebuild=True)
    _, manifest = open_index(tiny, FakeEncoder())
    assert {path.stem for path in segments(tiny)} == {*segments_of(tiny, manifest).values()}
    assert len({*segments(tiny)} & {*first}) == 1


def test_nothing_is_removed_while_a_build_cannot_be_read(tiny: Settings) -> None:
    """A manifest that is broken for the moment does not cost its build the segments."""
    old = build(tiny)
    kept = segments(tiny)
    manifest = tiny.index_dir / old / "manifest.json"
    content = manifest.read_bytes()
    manifest.write_bytes(b"")
    change(tiny)
    for _ in range(2):
        build(tiny, rebuild=True)
    assert {*kept} < {*segments(tiny)}
    manifest.write_bytes(content)
    index, _ = open_build(tiny, manifest.parent, FakeEncoder())
    assert "Nobody leads Kent." in index.documents["kent"].text
