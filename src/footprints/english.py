"""The words of English."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def english() -> frozenset[str]:
    """Return the 82,765 words of the English dictionary that comes with symspellpy."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    return frozenset(line.split(" ")[0] for line in lines.read_text("utf-8-sig").splitlines())
