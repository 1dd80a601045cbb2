"""A build is finished beside the one that serves, looked at, and accepted or dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import FakeEncoder

from footprints.corpus.catalogue import Entry
from footprints.corpus.edit import apply
from footprints.corpus.read import SourceFile
from footprints.corpus.snapshot import Corpus
from footprints.errors import BadCorpus, CannotWrite, FootprintsError, IndexDamaged, NotStaged
from footprints.index import disk, generations, history
from footprints.index.build import BuildReport, accept, build_index, drop, stage, staged_folder
from footprints.index.listing import Listing
from footprints.index.opening import open_build, open_index
from footprints.settings import Settings


def serving(settings: Settings) -> str:
    """Open the index, and return the name of the build that serves."""
    return open_index(settings, FakeEncoder())[1].build


def change(settings: Settings, words: str = "Anna leads Kent.") -> None:
    """Change the corpus, so that there is something to build."""
    (settings.corpus_dir / "kent.md").write_text(f"# Kent\n\n{words}")


def hidden(settings: Settings) -> list[str]:
    """Return what stands in the index folder beside builds and the lock."""
    return [path.name for path in settings.index_dir.glob(".*") if path.name != ".lock"]


@pytest.fixture
def old(tiny: Settings) -> str:
    """Build an index, change the corpus, and return the build that serves."""
    build = build_index(tiny, FakeEncoder).manifest.build
    change(tiny)
    return build


def test_a_staged_build_is_whole_but_not_served(tiny: Settings, old: str) -> None:
    """It opens and is what a build would be, while the old one serves and is the only one kept."""
    staged = stage(tiny, FakeEncoder)
    index, manifest = open_build(tiny, staged_folder(tiny, staged), FakeEncoder())
    assert "Anna leads Kent." in index.documents["kent"].text
    assert manifest == staged.manifest
    assert (serving(tiny), staged.base) == (old, old)
    assert [folder.name for folder in generations.build_folders(tiny.index_dir)] == [old]


def test_accepting_switches(tiny: Settings, old: str) -> None:
    """An accepted build serves, and the one before it is kept to go back to."""
    staged = stage(tiny, FakeEncoder)
    accept(tiny, staged)
    assert serving(tiny) == staged.manifest.build
    assert [kept.build for kept in history.kept_builds(tiny)] == [old, staged.manifest.build]
    assert hidden(tiny) == []


def test_the_first_build_can_be_staged_too(tiny: Settings) -> None:
    """Where nothing serves yet, nothing does until the first build is accepted."""
    staged = stage(tiny, FakeEncoder)
    assert staged.base is None
    with pytest.raises(FootprintsError, match="There is no index"):
        serving(tiny)
    accept(tiny, staged)
    assert serving(tiny) == staged.manifest.build


def test_dropping_leaves_nothing(tiny: Settings, old: str) -> None:
    """A dropped build is gone; dropping it again does no harm, accepting it is refused."""
    staged = stage(tiny, FakeEncoder)
    drop(tiny, staged)
    drop(tiny, staged)
    assert (serving(tiny), hidden(tiny)) == (old, [])
    with pytest.raises(NotStaged, match=r"was discarded, or removed when .* make it again"):
        accept(tiny, staged)


def test_dropping_what_was_accepted_leaves_it(tiny: Settings, old: str) -> None:
    """Dropping comes too late for a build that serves."""
    staged = stage(tiny, FakeEncoder)
    accept(tiny, staged)
    drop(tiny, staged)
    assert serving(tiny) == staged.manifest.build


def test_the_next_build_removes_what_nobody_accepted(tiny: Settings, old: str) -> None:
    """Staging again, or building, takes the place of what is staged."""
    first, second = stage(tiny, FakeEncoder), stage(tiny, FakeEncoder)
    assert hidden(tiny) == [staged_folder(tiny, second).name]
    with pytest.raises(NotStaged, match=first.manifest.build):
        accept(tiny, first)
    build_index(tiny, FakeEncoder)
    assert hidden(tiny) == []


def full(*_: object, **__: object) -> None:
    """Fail as a disk without room does."""
    raise OSError(28, "No space left on device")


def roll_back(settings: Settings) -> None:
    """Go back to the build before."""
    history.rollback(settings, FakeEncoder)


def change_again(settings: Settings) -> None:
    """Change the corpus once more."""
    change(settings, "Bea leads Kent.")


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (roll_back, "Another build has gone into service"),
        (change_again, "The documents have changed"),
    ],
)
def test_what_is_accepted_is_what_was_looked_at(
    tiny: Settings, old: str, meanwhile: Callable[[Settings], None], reason: str
) -> None:
    """A staged build that no longer fits what serves or what is in the corpus is refused."""
    build_index(tiny, FakeEncoder)
    change(tiny, "Cleo leads Kent.")
    staged = stage(tiny, FakeEncoder)
    meanwhile(tiny)
    served = serving(tiny)
    with pytest.raises(NotStaged, match=f"{reason} .*{staged.manifest.build} was made"):
        accept(tiny, staged)
    assert serving(tiny) == served


def test_a_staged_build_that_was_damaged_is_not_accepted(tiny: Settings, old: str) -> None:
    """What is switched to is what was written, to the last byte."""
    staged = stage(tiny, FakeEncoder)
    path = generations.segment_path(
        tiny.index_dir, Listing(staged_folder(tiny, staged))["kent"].segment
    )
    path.write_bytes(b"")
    with pytest.raises(IndexDamaged, match=rf"{path.name} is damaged"):
        accept(tiny, staged)
    assert serving(tiny) == old


def test_an_index_up_to_date_stages_nothing(tiny: Settings) -> None:
    """Where nothing changed there is nothing to accept."""
    build_index(tiny, FakeEncoder)
    staged = stage(tiny, FakeEncoder)
    assert not staged.built
    assert hidden(tiny) == []
    with pytest.raises(NotStaged):
        accept(tiny, staged)


# The gate


def test_the_gate_sees_the_staged_build(tiny: Settings, old: str) -> None:
    """While the gate looks the old build serves; what it lets pass serves after it."""
    seen = []

    def gate(staged: BuildReport) -> None:
        index, _ = open_build(tiny, staged_folder(tiny, staged), FakeEncoder())
        seen.append((serving(tiny), "Anna" in index.documents["kent"].text))

    report = build_index(tiny, FakeEncoder, gate=gate)
    assert seen == [(old, True)]
    assert report.held_back is None
    assert serving(tiny) == report.manifest.build


def test_what_the_gate_holds_back_is_dropped(tiny: Settings, old: str) -> None:
    """The reason is in the report, the old build serves, and the next run builds again."""
    report = build_index(tiny, FakeEncoder, gate=lambda staged: "It is worse.")
    assert report.held_back == "It is worse."
    assert (serving(tiny), hidden(tiny)) == (old, [])
    assert build_index(tiny, FakeEncoder).built


def test_a_gate_that_fails_leaves_the_old_build(tiny: Settings, old: str) -> None:
    """Whatever the gate raises, Ctrl-C too, the old build serves and nothing is left behind."""

    def gate(staged: BuildReport) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(tiny, FakeEncoder, gate=gate)
    assert (serving(tiny), hidden(tiny)) == (old, [])


def test_the_gate_is_not_asked_about_nothing(tiny: Settings) -> None:
    """Where nothing was built the gate has nothing to look at."""
    build_index(tiny, FakeEncoder)

    def never(staged: BuildReport) -> None:
        raise AssertionError

    assert not build_index(tiny, FakeEncoder, gate=never).built


def test_a_disk_that_fills_up_before_the_switch(
    tiny: Settings, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the pointer cannot be written the old build serves, alone, and the next run finishes."""
    staged = stage(tiny, FakeEncoder)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(CannotWrite, match="No space left on device"):
            accept(tiny, staged)
    assert [kept.build for kept in history.kept_builds(tiny)] == [old] == [serving(tiny)]
    new = build_index(tiny, FakeEncoder).manifest.build
    assert (serving(tiny), hidden(tiny)) == (new, [])


def test_a_disk_that_fails_after_the_switch(
    tiny: Settings, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the pointer was written and only not seen onto the disk, the build it names stays."""
    staged = stage(tiny, FakeEncoder)
    sync = disk.sync

    def broken(path: Path) -> None:
        if serving(tiny) != old:
            raise OSError(5, "Input/output error")
        sync(path)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync", broken)
        with pytest.raises(CannotWrite, match="Input/output error"):
            accept(tiny, staged)
    assert serving(tiny) == staged.manifest.build


# What the folder would be


NEW = SourceFile(Path("/elsewhere/new.md"), b"# Surrey\n\nBea leads Surrey.")
ENTRY = Entry(id="surrey", file="new.md", publisher="Surrey", inferred=("publisher",))


def added(settings: Settings) -> Corpus:
    """Say what the folder would be with another document."""
    return Corpus.of(settings.corpus_dir).with_added(NEW, ENTRY)


def removed(settings: Settings) -> Corpus:
    """Say what the folder would be without one of its documents."""
    return Corpus.of(settings.corpus_dir).without("kent")


def replaced(settings: Settings) -> Corpus:
    """Say what the folder would be with another document under the name of one."""
    kent = SourceFile(Path("/elsewhere/kent.md"), b"# Kent\n\nBea leads Kent.")
    return removed(settings).with_added(kent, Entry(id="kent", file="kent.md", title="Kent now"))


def contents(settings: Settings) -> dict[str, bytes]:
    """Return the content of every file of the folder."""
    return {path.name: path.read_bytes() for path in settings.corpus_dir.iterdir()}


@pytest.mark.parametrize(
    ("would_be", "changes"),
    [
        (added, (("surrey",), (), ())),
        (removed, ((), (), ("kent",))),
        (replaced, ((), ("kent",), ())),
    ],
)
def test_the_folder_changes_when_the_build_is_accepted(
    tiny: Settings,
    would_be: Callable[[Settings], Corpus],
    changes: tuple[tuple[str, ...], ...],
) -> None:
    """Staging leaves the folder to the last byte; accepting makes it what the build is of."""
    change(tiny)
    build_index(tiny, FakeEncoder)
    before, corpus = contents(tiny), would_be(tiny)
    staged = stage(tiny, FakeEncoder, corpus=corpus)
    assert (staged.added, staged.changed, staged.removed) == changes
    assert contents(tiny) == before
    accept(tiny, staged, corpus)
    assert Corpus.of(tiny.corpus_dir).digest == corpus.digest
    assert serving(tiny) == staged.manifest.build
    assert not build_index(tiny, FakeEncoder).built


def test_dropping_leaves_the_folder(tiny: Settings, old: str) -> None:
    """A build of what the folder would be is dropped without a trace."""
    before = contents(tiny)
    drop(tiny, stage(tiny, FakeEncoder, corpus=added(tiny)))
    assert (contents(tiny), serving(tiny), hidden(tiny)) == (before, old, [])


def test_a_folder_that_changed_is_not_changed_further(tiny: Settings, old: str) -> None:
    """Where somebody else was at the folder meanwhile, nothing is applied nor switched to."""
    corpus = added(tiny)
    staged = stage(tiny, FakeEncoder, corpus=corpus)
    change_again(tiny)
    before = contents(tiny)
    with pytest.raises(NotStaged, match="have changed since this build was made; make it again"):
        accept(tiny, staged, corpus)
    assert (contents(tiny), serving(tiny)) == (before, old)


def test_a_build_of_what_would_be_is_not_of_the_folder(tiny: Settings, old: str) -> None:
    """It is not switched to before the folder is what it was made of."""
    corpus = added(tiny)
    staged = stage(tiny, FakeEncoder, corpus=corpus)
    with pytest.raises(NotStaged, match="The documents have changed"):
        accept(tiny, staged)
    apply(corpus)
    accept(tiny, staged)
    assert serving(tiny) == staged.manifest.build


def test_what_was_applied_can_be_accepted_again(
    tiny: Settings, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A switch that fails behind the change of the folder is made up for by accepting again."""
    corpus = added(tiny)
    staged = stage(tiny, FakeEncoder, corpus=corpus)
    with monkeypatch.context() as patch:
        patch.setattr(generations, "point_to", full)
        with pytest.raises(CannotWrite, match="No space left on device"):
            accept(tiny, staged, corpus)
    assert serving(tiny) == old
    accept(tiny, staged, corpus)
    assert serving(tiny) == staged.manifest.build


def test_a_build_that_is_gone_changes_nothing(tiny: Settings, old: str) -> None:
    """The folder stays as it is where there is nothing to switch to."""
    corpus, before = added(tiny), contents(tiny)
    staged = stage(tiny, FakeEncoder, corpus=corpus)
    drop(tiny, staged)
    with pytest.raises(NotStaged):
        accept(tiny, staged, corpus)
    assert contents(tiny) == before


def test_what_would_be_is_all_that_can_go_wrong(tiny: Settings, old: str) -> None:
    """A file that cannot be read is refused before it is in the folder."""
    before = contents(tiny)
    broken = SourceFile(Path("/elsewhere/new.md"), b"\xff")
    corpus = Corpus.of(tiny.corpus_dir).with_added(broken, ENTRY)
    with pytest.raises(BadCorpus, match=r"new\.md is not UTF-8"):
        stage(tiny, FakeEncoder, strict=True, corpus=corpus)
    assert contents(tiny) == before


# Passages that changed


def test_passages_are_counted(tiny: Settings) -> None:
    """Of a document that changed the passages are compared; of one that came or went all count."""
    settings = tiny.model_copy(update={"passage_pieces": 16})
    notes, kent = (settings.corpus_dir / name for name in ("notes.txt", "kent.md"))
    part = "## {0}\n\nThe lead of {0} is called {1}, and {0} has a plan of its own."
    kent.write_text("\n\n".join(part.format(area, "Anna") for area in ("North", "South", "West")))
    first = build_index(settings, FakeEncoder)
    assert first.passages == Counter(added=first.manifest.passages)
    kent.write_text(
        "\n\n".join(
            part.format(*about)
            for about in (("North", "Anna"), ("South", "Bea"), ("West", "Anna"), ("East", "Cleo"))
        )
    )
    notes.unlink()
    second = stage(settings, FakeEncoder)
    assert second.passages == Counter(added=1, changed=1, removed=1)
    assert (second.changed, second.removed) == (("kent",), ("notes",))


def test_passages_that_only_moved_did_not_change(tiny: Settings) -> None:
    """What stands further down with the same words and headings is the same passage."""
    build_index(tiny, FakeEncoder)
    devon = tiny.corpus_dir / "devon.md"
    devon.write_text("# Foreword\n\nThis is new.\n\n" + devon.read_text())
    assert stage(tiny, FakeEncoder).passages == Counter(added=1)


def test_another_splitting_is_counted(tiny: Settings) -> None:
    """Where the settings split otherwise, the passages of unchanged documents are compared too."""
    text = "\n\n".join(f"This is paragraph number {number}." for number in range(20))
    (tiny.corpus_dir / "notes.txt").write_text(text)
    build_index(tiny, FakeEncoder)
    finer = stage(tiny.model_copy(update={"passage_pieces": 16}), FakeEncoder)
    assert (finer.added, finer.changed, finer.removed) == ((), (), ())
    assert finer.passages["added"] > 0
