"""What a raised number behind a text is: a power, which stays raised, or the sign of a note."""

from __future__ import annotations

import re

_POWERS = str.maketrans("0123456789+-–−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_POWER = re.compile(r"[-–−+]?\d{1,2}")
_SUM = re.compile(r"[£$€]\s?\d[\d.,]*\s?[a-z]{0,2}$", re.IGNORECASE)
_MEASURE = re.compile(r"\d\s?(?:[kcdm]?m|ft|in|yd|mi)$")
_POWER_OF = re.compile(
    r"(?:(?<![^\Wπ])(?:[kcdm]m|[^\W\d_]|∆|sin|cos|tan|log)|(?<=\d)[axyzruv]|(?<!\d)10"
    r"|\((?=[^()]*(?:[^\W\d_]|[-+·−/,]))(?:(?![^\W\d_]{2})[^()])+\))$"
)
"""What a raised number is a power of: a unit, a letter, a bracket without a word in it."""


def as_power(before: str, raised: str) -> str:
    """Return a raised number as a power of the text before it, “m²”; nothing if it is none.

    “40m²” is an area, but what stands behind a sum, “£4m”, is the sign of a note.
    """
    if not _POWER.fullmatch(raised) or _SUM.search(before):
        return ""
    is_measure = raised in {"2", "3"} and _MEASURE.search(before)
    is_power = not raised[0].isdigit() or is_measure or _POWER_OF.search(before)
    return raised.translate(_POWERS) if is_power else ""
