"""Builds are kept, listed and gone back to, and none that would not open is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fakes import FakeEncoder
from filelock import FileLock

from footprints.errors import CannotWrite, IndexBusy, IndexDamaged, IndexMismatch, NoBuild
from footprints.index import generations
from footprints.index.build import build_index
from footprints.index.history import kept_builds, rollback
from footprints.index.listing import Listing
from footprints.index.opening import open_index
from footprints.settings import Settings


def build(settings: Settings, text: str) -> str:
    """Build with another text of Kent, and return the name of the build."""
    (settings.corpus_dir / "kent.md").write_text(text)
    return build_index(settings, FakeEncoder).manifest.build


def serving(settings: Settings) -> str:
    """Open the index, and return the name of the build that serves."""
    return open_index(settings, FakeEncoder())[1].build


@pytest.mark.parametrize("keep", [1, 2, 4])
def test_so_many_builds_are_kept_as_are_set(tiny: Settings, keep: int) -> None:
    """The setting says how many builds are kept."""
    settings = tiny.model_copy(update={"keep_builds": keep})
    builds = [build(settings, f"Text {number}.") for number in range(5)]
    assert [one.build for one in kept_builds(settings)] == builds[-keep:]


def test_back_and_forth(tiny: Settings) -> None:
    """Without a name it goes one build back at a time; with one to any that is kept."""
    one, two, three = (build(tiny, text) for text in ("One.", "Two.", "Three."))
    for expected in (two, one):
        assert rollback(tiny, FakeEncoder).build == expected == serving(tiny)
    with pytest.raises(NoBuild, match=r"No build before .* is kept"):
        rollback(tiny, FakeEncoder)
    assert rollback(tiny, FakeEncoder, three).build == three == serving(tiny)
    assert [kept.build for kept in kept_builds(tiny)] == [one, two, three]


def test_what_was_gone_back_to_is_kept(tiny: Settings) -> None:
    """After going back, the next build keeps the one that served, and goes back to it again."""
    good, _, _ = (build(tiny, text) for text in ("Good.", "Bad.", "Worse."))
    rollback(tiny, FakeEncoder, good)
    mended = build(tiny, "Mended.")
    assert {good, mended} < {kept.build for kept in kept_builds(tiny)}
    assert len(kept_builds(tiny)) == 3
    assert rollback(tiny, FakeEncoder).build == good


def test_documents_that_are_put_back_are_up_to_date(tiny: Settings) -> None:
    """Where the documents are put back as well there is nothing to build."""
    one, _ = build(tiny, "One."), build(tiny, "Two.")
    rollback(tiny, FakeEncoder)
    assert build(tiny, "One.") == one == serving(tiny)


@pytest.mark.parametrize("build_name", ["1999", "../elsewhere", "", "README.md"])
def test_a_build_that_is_not_there(tiny: Settings, build_name: str) -> None:
    """A name that is no build's is refused, and the current one serves."""
    new = build(tiny, "One.")
    (tiny.index_dir / "README.md").write_text("Built indexes.")
    with pytest.raises(NoBuild, match="name one that footprints generations lists"):
        rollback(tiny, FakeEncoder, build_name)
    assert serving(tiny) == new


def test_a_damaged_build_is_not_gone_back_to(tiny: Settings) -> None:
    """A build that is off by a byte is refused with the cure, and the current one serves."""
    old, new = build(tiny, "One."), build(tiny, "Two.")
    path = generations.segment_path(tiny.index_dir, Listing(tiny.index_dir / old)["kent"].segment)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(IndexDamaged, match=r"is damaged; name another .* run: footprints index$"):
        rollback(tiny, FakeEncoder)
    assert serving(tiny) == new


def test_a_broken_manifest_is_listed_with_its_problem(tiny: Settings) -> None:
    """A build whose manifest cannot be read is listed as such and compared with nothing."""
    old, new = build(tiny, "One."), build(tiny, "Two.")
    (tiny.index_dir / old / "manifest.json").write_text('{"format": 1}')
    broken, sound = kept_builds(tiny)
    assert (broken.manifest, sound.build, sound.changes) == (None, new, None)
    assert "does not read" in (broken.problem or "")
    with pytest.raises(IndexMismatch, match=r"does not read; name another"):
        rollback(tiny, FakeEncoder)
    assert serving(tiny) == new


def test_another_encoders_build_is_not_gone_back_to(tiny: Settings) -> None:
    """A build of other weights or of another splitting is refused, and the current one serves."""
    build(tiny, "One.")
    new = build(tiny, "Two.")
    with pytest.raises(IndexMismatch, match=r"built with the encoder .* name another"):
        rollback(tiny, lambda: FakeEncoder(digest="1" * 64))
    with pytest.raises(IndexMismatch, match=r"built with the splitting .* name another"):
        rollback(tiny.model_copy(update={"passage_pieces": 64}), FakeEncoder)
    assert serving(tiny) == new


def test_not_while_a_build_is_under_way(tiny: Settings) -> None:
    """Going back waits for no build: it says that one is under way."""
    build(tiny, "One.")
    new = build(tiny, "Two.")
    with FileLock(tiny.index_dir / ".lock"), pytest.raises(IndexBusy):
        rollback(tiny, FakeEncoder)
    assert serving(tiny) == new


def test_a_pointer_that_cannot_be_written(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the switch fails the message names the cure, and the current one serves."""
    build(tiny, "One.")
    new = build(tiny, "Two.")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(CannotWrite, match="No space left"):
            rollback(tiny, FakeEncoder)
    assert serving(tiny) == new


def test_other_folders_are_no_builds(tiny: Settings) -> None:
    """A folder of another name is not listed though it holds a manifest."""
    new = build(tiny, "One.")
    shutil.copytree(tiny.index_dir / new, tiny.index_dir / "copy of it")
    assert [kept.build for kept in kept_builds(tiny)] == [new]
