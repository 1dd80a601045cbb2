"""The numbers of lists as they are shown: “3”, “c”, “iii”."""

from __future__ import annotations

LARGEST = 3999
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def numeral(count: int, form: str) -> str:
    """Write a number in a form as Word names it; what is no letter or Roman number, in digits."""
    if form in {"bullet", "none"}:
        return ""
    if form == "decimalZero":
        return f"{count:02}"
    if form == "decimal" or not 0 < count <= LARGEST:
        return str(count)
    match form:
        case "lowerLetter" | "upperLetter":
            letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
            return letter.upper() if form == "upperLetter" else letter
        case "lowerRoman" | "upperRoman":
            return _roman(count).upper() if form == "upperRoman" else _roman(count)
    return str(count)


def _roman(count: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        written += sign * (count // value)
        count %= value
    return written
