"""Places of England, whose names people type in small letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from footprints.answer.phrases import replacing


def with_capitals(question: str) -> str:
    """Return a question with well-known places of England in capitals: “and in kent?”.

    Names that are common words as well (Bath, Reading) are left as they are.
    """
    return _names()(question)


@cache
def _names() -> Callable[[str], str]:
    lines = (files(__package__) / "places.txt").read_text(encoding="utf-8").splitlines()
    return replacing({name.lower(): name for name in lines})
