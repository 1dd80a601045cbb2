"""Clean text: what every loader's words go through before they get offsets."""

from __future__ import annotations

import re

# Characters that no reader sees, or that make text look other than it is: control characters,
# soft hyphens, zero-width spaces, byte-order marks, bidirectional overrides, tags. Lone
# surrogates and the non-characters are no text at all, and could not be written.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)

_BREAKING = re.compile("[\t-\r\x1c-\x1f\u0085\u2028\u2029]")
_WORD = re.compile(r"\w+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text alone: two quotes with the same words say the same."""
    return tuple(_WORD.findall(text.casefold()))


def clean(text: str) -> str:
    """Drop invisible characters and write every run of white space as one space."""
    return " ".join(_INVISIBLE.sub("", text).split())


def is_plain_name(name: str) -> bool:
    """Tell whether a file name is what it looks like: one line, nothing invisible in it."""
    return not _INVISIBLE.search(name) and not _BREAKING.search(name)
