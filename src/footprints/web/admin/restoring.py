"""The indexes that are kept, and the way back to one of them, for people who see no files."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise

from footprints.errors import FootprintsError, IndexDamaged, IndexMismatch
from footprints.index.history import Kept, kept_builds, outgoing_builds, rollback
from footprints.index.manifest import Changes, Manifest, changes_of
from footprints.settings import Settings
from footprints.types import Encoder
from footprints.web.admin.inventory import titles_in
from footprints.wording import day, titled

_UNUSABLE = "That index can no longer be used, and the chat answers as before; choose another."

_log = logging.getLogger(__name__)


def kept(settings: Settings) -> list[Kept]:
    """Return the builds that are kept, oldest first; none if that cannot be told just now."""
    try:
        return kept_builds(settings)
    except FootprintsError:
        return []


def outgoing(settings: Settings) -> list[str]:
    """Return the builds that the next one to serve takes the place of; none if that is unknown."""
    try:
        return outgoing_builds(settings)
    except FootprintsError:
        return []


def same_as(settings: Settings, manifest: Manifest) -> str | None:
    """Return the last kept build that answers from the same as another."""
    same = [
        one.build
        for one in kept(settings)
        if one.manifest and one.manifest.content == manifest.content
    ]
    return same[-1] if same else None


def changes(settings: Settings, builds: Sequence[Kept]) -> Mapping[str, str]:
    """Say, by build, which documents were added, changed and removed since the one before."""
    readable = [one for one in builds if one.manifest]
    return {
        one.build: _said(settings, one.changes, one.build, before.build)
        for before, one in pairwise(readable)
        if one.changes
    }


def against(settings: Settings, served: str, build: str) -> str:
    """Say which documents a kept build adds to the one in service, changes in it and removes."""
    differing = changes_of(settings.index_dir / served, settings.index_dir / build)
    return _said(settings, differing, build, served)


def _said(settings: Settings, differing: Changes, *builds: str) -> str:
    title = titles_in(*(settings.index_dir / build for build in builds))
    told = asdict(differing).items()
    return ", ".join(f"{titled(ids, title)} {how}" for how, ids in told if ids)


def bring_back(settings: Settings, encoder: Callable[[], Encoder], build: str) -> None:
    """Put a kept build into service again.

    Raises:
        FootprintsError: see ``rollback``.
    """
    try:
        rollback(settings, encoder, build)
    except (IndexMismatch, IndexDamaged) as error:
        _log.error("%s", error)
        raise type(error)(_UNUSABLE) from error


def name_of(build: str, time: str = "%H:%M:%S UTC") -> str:
    """Name an index as people do: by when it was made; one of another name by that."""
    try:
        made = datetime.strptime(build, "%Y%m%dT%H%M%S%f%z")
    except ValueError:
        return build
    return f"{day(made)}, {made:{time}}"
