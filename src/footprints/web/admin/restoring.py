"""The indexes that are kept, and the way back to one of them, for people who see no files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from footprints.errors import FootprintsError, IndexDamaged, IndexMismatch
from footprints.index.history import Kept, kept_builds, rollback
from footprints.settings import Settings
from footprints.types import Encoder
from footprints.wording import day

_UNUSABLE = "That index can no longer be used, and the chat answers as before; choose another."

_log = logging.getLogger(__name__)


def kept(settings: Settings) -> list[Kept]:
    """Return the builds that are kept, oldest first; none if that cannot be told just now."""
    try:
        return kept_builds(settings)
    except FootprintsError:
        return []


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
