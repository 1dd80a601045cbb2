"""A change that is not decided on: whatever happens on the way, it can be undone."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
import tomlkit
from full import full_disk

from footprints.corpus import edit
from footprints.corpus.edit import entry_of
from footprints.corpus.read import SourceFile
from footprints.errors import BadCorpus, CannotWrite, IndexBusy
from footprints.settings import Settings
from footprints.web import undecided
from footprints.web.undecided import Undecided

CATALOGUE = """# About these.

[[document]]
id = "d"
file = "devon.md"  # by hand
title = "Devon!"

[[document]]
id = "k"
file = "kent.md"
"""
FILE = SourceFile(Path("report.md"), b"# Report\n\nText.")


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def corpus(tiny: Settings) -> Path:
    """Write a catalogue to the tiny corpus."""
    (tiny.corpus_dir / "sources.toml").write_text(CATALOGUE)
    return tiny.corpus_dir


@pytest.fixture
def changes(corpus: Path, tmp_path: Path) -> Undecided:
    """Keep what is undecided in a folder of its own."""
    return Undecided(tmp_path / "undecided", corpus)


def state(corpus: Path) -> dict[str, bytes]:
    """Return every file of a corpus."""
    return {path.name: path.read_bytes() for path in corpus.iterdir() if path.name[0] != "."}


def change(changes: Undecided, kind: str) -> None:
    """Add or remove a document."""
    if kind == "added":
        changes.add(FILE, entry_of(FILE, {"title": "A report"}), "upload")
    else:
        changes.remove("d")


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_a_change_is_undone(changes: Undecided, corpus: Path, kind: str) -> None:
    """An added file goes, a removed one comes back, and the catalogue is what it was."""
    before = state(corpus)
    change(changes, kind)
    assert state(corpus) != before
    assert changes.change
    assert changes.change.kind == kind
    changes.undo()
    assert state(corpus) == before
    assert changes.change is None
    changes.undo()


@pytest.mark.parametrize("kind", ["added", "removed"])
@pytest.mark.parametrize("at", range(7))
def test_killed_anywhere(
    changes: Undecided, corpus: Path, kind: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before any of its writes, the corpus is as before or can be made so."""
    before, writes = state(corpus), 0

    def counted(call: object) -> object:
        def killing(*args: object) -> object:
            nonlocal writes
            if writes == at:
                raise Killed
            writes += 1
            assert callable(call)
            return call(*args)

        return killing

    with monkeypatch.context() as patched:
        for module in (edit, undecided):
            patched.setattr(module, "write_atomically", counted(edit.write_atomically))
        patched.setattr(Path, "unlink", counted(Path.unlink))
        with suppress(Killed):
            change(changes, kind)
    changes.undo()
    assert state(corpus) == before


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_killed_while_settling(
    changes: Undecided, corpus: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while it lets a change stand, it stands, and there is nothing left to undo."""
    change(changes, kind)
    after = state(corpus)

    def killed(folder: Path, **_: object) -> None:
        (folder / "content").unlink()
        raise Killed

    with monkeypatch.context() as patched, suppress(Killed):
        patched.setattr(shutil, "rmtree", killed)
        changes.settle()
    assert changes.change is None
    changes.undo()
    assert state(corpus) == after


def test_undoing_takes_out_no_other_file(
    changes: Undecided, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file with the id of one that was added without its entry stays when that is undone."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, suppress(Killed):
        patched.setattr(tomlkit, "dumps", killed)
        change(changes, "added")
    assert (corpus / "report.md").exists()
    (corpus / "report.htm").write_text("<p>Mine.</p>")
    changes.undo()
    assert (corpus / "report.htm").exists()
    assert not (corpus / "report.md").exists()


def test_one_at_a_time(changes: Undecided) -> None:
    """While one change is undecided another is refused, and the first can still be undone."""
    change(changes, "removed")
    with pytest.raises(IndexBusy, match=r"devon\.md is not decided on"):
        change(changes, "added")
    changes.settle()
    change(changes, "added")


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_what_others_wrote_meanwhile_stays(changes: Undecided, corpus: Path, kind: str) -> None:
    """An entry that was written by hand in between is still there after undoing."""
    change(changes, kind)
    with (corpus / "sources.toml").open("a") as catalogue:
        catalogue.write('\n[[document]]\nid = "n"\nfile = "notes.txt"\n')
    changes.undo()
    text = (corpus / "sources.toml").read_text()
    assert '"notes.txt"' in text
    assert ('"devon.md"' in text, '"report.md"' in text) == (True, False)
    assert (corpus / "devon.md").exists()


def test_another_file_in_its_place_stays(changes: Undecided, corpus: Path) -> None:
    """A file that somebody put where a removed one was is not overwritten."""
    change(changes, "removed")
    (corpus / "devon.md").write_text("# Mine")
    with pytest.raises(BadCorpus, match="is another file now"):
        changes.undo()
    assert (corpus / "devon.md").read_text() == "# Mine"
    assert changes.change


def test_what_cannot_be_done_leaves_nothing(changes: Undecided, corpus: Path) -> None:
    """A file whose name is taken, and a document that is not there, leave nothing undecided."""
    before = state(corpus)
    taken = SourceFile(Path("kent.md"), FILE.content)
    with pytest.raises(BadCorpus, match="already there"):
        changes.add(taken, entry_of(taken, {}), "upload")
    with pytest.raises(BadCorpus, match="has the id"):
        changes.remove("nothing")
    assert changes.change is None
    assert state(corpus) == before


def test_the_same_file_again_is_refused_before_it_is_noted(
    changes: Undecided, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is there already is never recorded as added, or undoing would take it out."""
    (corpus / FILE.path.name).write_bytes(FILE.content)
    before = state(corpus)
    noted: list[object] = []
    monkeypatch.setattr(Undecided, "_note", lambda self, *what: noted.append(what))
    with pytest.raises(BadCorpus, match="is already there"):
        change(changes, "added")
    assert noted == []
    assert state(corpus) == before


@pytest.mark.parametrize("room", [0, 20, 130])
@pytest.mark.parametrize("kind", ["added", "removed"])
def test_a_disk_that_is_full(
    changes: Undecided, corpus: Path, tmp_path: Path, kind: str, room: int
) -> None:
    """Without room for the file, the old catalogue or the record, nothing is changed or left."""
    before = state(corpus)
    with full_disk(room), pytest.raises(CannotWrite, match="make room"):
        change(changes, kind)
    assert state(corpus) == before
    assert not (tmp_path / "undecided").exists()
    change(changes, kind)


def test_a_corpus_whose_disk_is_full(changes: Undecided, corpus: Path, tmp_path: Path) -> None:
    """Where the change can be noted and the catalogue not be written, nothing is left of either."""
    path = corpus / "sources.toml"
    path.write_text(CATALOGUE + "# A long end.\n" * 100)
    before = state(corpus)
    with full_disk(path.stat().st_size), pytest.raises(CannotWrite, match="make room"):
        change(changes, "added")
    assert state(corpus) == before
    assert not (tmp_path / "undecided").exists()


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_undoing_waits_for_room(changes: Undecided, corpus: Path, kind: str) -> None:
    """What cannot be undone for want of room can be undone when there is some."""
    before = state(corpus)
    change(changes, kind)
    with full_disk(), pytest.raises(CannotWrite, match="make room"):
        changes.undo()
    assert changes.change
    changes.undo()
    assert state(corpus) == before
