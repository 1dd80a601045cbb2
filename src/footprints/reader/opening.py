"""Open the reader that the settings name."""

from __future__ import annotations

from footprints.reader.bounded import Bounded
from footprints.settings import Settings
from footprints.types import Reader

_AT_ONCE = 8
"""So many questions a server is asked at a time."""


def open_reader(settings: Settings) -> Reader | None:
    """Open the reader of the settings; None if they name none.

    Raises:
        BadReader: it cannot be opened.
    """
    kind, _, name = settings.reader.partition(":")
    if kind == "cross-encoder":
        from footprints.reader.cross_encoder import CrossEncoderReader

        return Bounded(CrossEncoderReader.load(name, settings.reader_backend))
    if kind == "openai":
        from footprints.reader.chat import ChatReader

        key = settings.reader_key.get_secret_value() if settings.reader_key else ""
        return Bounded(ChatReader.open(name, settings.reader_url, key), _AT_ONCE)
    return None
