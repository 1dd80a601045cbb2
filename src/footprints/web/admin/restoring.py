"""The indexes that are kept, and the way back to one of them, for people who see no files."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise

from footprints.errors import FootprintsError, IndexDamaged, IndexMismatch
from footprints.index.history import Kept, kept_builds, outgoing_builds, rollback
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


def changes(settings: Settings, builds: Sequence[Kept]) -> Mapping[str, str]:
    """Say, by build, which documents were added, changed and removed since the one before."""
    readable = [one for one in builds if one.manifest]
    said = {}
    for before, one in pairwise(readable):
        title = titles_in(*(settings.index_dir / build for build in (one.build, before.build)))
        told = asdict(one.changes).items() if one.changes else ()
        said[one.build] = ", ".join(f"{titled(ids, title)} {how}" for how, ids in told if ids)
    return said


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
