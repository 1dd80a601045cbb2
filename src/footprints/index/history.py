"""The kept builds, and the way back to one of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from footprints.errors import CannotRead, IndexDamaged, IndexMismatch, NoBuild
from footprints.index import generations
from footprints.index.manifest import Changes, Manifest, changes_of, read_manifest
from footprints.index.objects import objects_of
from footprints.index.opening import open_build
from footprints.index.passages import store_of, writing
from footprints.settings import Settings
from footprints.types import Encoder


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept build; ``changes`` are against the last readable one before it.

    ``problem`` says why it cannot be restored, if that shows without opening it.
    """

    build: str
    current: bool
    manifest: Manifest | None
    changes: Changes | None
    problem: str | None


def kept_builds(settings: Settings) -> list[Kept]:
    """List the kept builds, oldest first.

    Raises:
        NoIndex, IndexDamaged, CannotRead: there is none, or the one in use is not known.
    """
    current = generations.current_folder(settings.index_dir)
    before: Path | None = None
    kept: list[Kept] = []
    for folder in generations.build_folders(settings.index_dir):
        is_current = folder.name == current.name
        try:
            manifest = read_manifest(folder)
        except (IndexMismatch, IndexDamaged, CannotRead) as error:
            kept.append(Kept(folder.name, is_current, None, None, str(error)))
            continue
        changes = changes_of(before, folder) if before else None
        kept.append(Kept(folder.name, is_current, manifest, changes, None))
        before = folder
    return kept


def outgoing_builds(settings: Settings) -> list[str]:
    """Return the kept builds that are removed when a staged one is switched to, oldest first.

    Raises:
        NoIndex, IndexDamaged, CannotRead: see ``kept_builds``.
    """
    served = generations.current_folder(settings.index_dir).name
    old = generations.outgoing(settings.index_dir, None, served, settings.keep_builds)
    return sorted(folder.name for folder in old)


def rollback(
    settings: Settings, load_encoder: Callable[[], Encoder], build: str | None = None
) -> Manifest:
    """Make a kept build the current one: the named one, or the one in use before.

    Raises:
        NoIndex, NoBuild: there is none to go back to.
        IndexMismatch, IndexDamaged, CannotRead: it would not open; the current one stays in use.
        IndexBusy: a build is under way.
    """
    generations.current_folder(settings.index_dir)  # before the lock makes a folder for nothing
    with writing(settings):
        current = generations.current_folder(settings.index_dir)
        folder = _folder(settings, current.name, build)
        try:
            _, manifest = open_build(settings, folder, load_encoder())
            generations.open_segments(objects_of(settings), folder)
        except (IndexMismatch, IndexDamaged) as error:
            # The usual cure, a rebuild, would not bring this build back.
            reason = str(error).partition("; run: ")[0]
            raise type(error)(
                f"{reason}; name another that footprints generations lists, or put the documents "
                "back and run: footprints index"
            ) from error
        with generations.writing(settings.index_dir):
            generations.point_to(settings.index_dir, folder.name)
        return manifest


def check(settings: Settings) -> tuple[Manifest, list[str]]:
    """Check every file of the build in use; say what is wrong with each that is damaged.

    Raises:
        NoIndex, IndexMismatch, IndexDamaged, CannotRead: its manifest cannot be read, or a file
            cannot be read for now.
    """
    folder = generations.current_folder(settings.index_dir)
    manifest = read_manifest(folder)
    store = store_of(settings, manifest)
    files = generations.damage(objects_of(settings), folder, manifest)
    return manifest, [*files, *store.damage(folder, manifest)]


def _folder(settings: Settings, current: str, build: str | None) -> Path:
    """Return the folder of the build to go back to."""
    folders = {path.name: path for path in generations.build_folders(settings.index_dir)}
    if build is None:
        earlier = max((name for name in folders if name < current), default=None)
        base = _base(folders.get(current))
        build = base if base in folders else earlier
        if build is None:
            raise NoBuild(
                f"No build before {current} is kept in {settings.index_dir}; "
                "name one that footprints generations lists."
            )
    if build not in folders:
        raise NoBuild(
            f"There is no build {build!r} in {settings.index_dir}; "
            "name one that footprints generations lists."
        )
    return folders[build]


def _base(folder: Path | None) -> str | None:
    """Return the build that was in use when this one was made, if that can be read."""
    with suppress(IndexMismatch, IndexDamaged):
        return read_manifest(folder).base if folder else None
    return None
