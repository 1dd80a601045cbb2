"""Places of England and bodies in its health and care, whose names people type in small letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from footprints.answer.phrases import replacing


def with_capitals(question: str) -> str:
    """Return a question with well-known names in capitals: “and in kent?”, “the kings fund”.

    Names that are common words as well (Bath, Reading, Mind) are left as they are.
    """
    return _names()(question)


@cache
def _names() -> Callable[[str], str]:
    folder = files(__package__)
    lists = ((folder / f"{kind}.txt").read_text(encoding="utf-8") for kind in ("places", "bodies"))
    names = "\n".join(lists).splitlines()
    return replacing({typed: name for name in names for typed in _typed(name.lower())})


def _typed(name: str) -> tuple[str, ...]:
    """Return how a name is typed, its apostrophe curled or left out."""
    return name, name.replace("'", "’"), name.replace("'", "")
