"""What stands before words in another way than as their letters: drawn bullets, drop capitals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from footprints.corpus.loaders.pdf_glyph import Box, Glyph
from footprints.english import english

_FARTHEST = 3.0
"""A bullet stands no further before its words, in multiples of their size."""

_LARGER = 1.7
"""A drop capital is so many times larger than the words that it begins, at least."""

_FEWEST = 2
"""So many bullets, at least, stand below each other."""

_MOST = 100
"""More dots on a page are a drawing, and more large capitals are headings."""

_BEGUN = frozenset({"about", "along", "aside", "around", "across", "alone", "away", "apart"})
"""Words that begin as with the article, but more often do not."""


def with_bullets(glyphs: Sequence[Glyph], dots: Sequence[Box]) -> tuple[Glyph, ...]:
    """Put a bullet before each line that begins behind a dot, where dots make a list."""
    if len(dots) > _MOST:
        return tuple(glyphs)
    below = Counter((round(dot.x0), round(dot.x1 - dot.x0)) for dot in dots)
    before: dict[int, Glyph] = {}
    for dot in dots:
        if below[round(dot.x0), round(dot.x1 - dot.x0)] < _FEWEST:
            continue
        at = _first_behind(glyphs, dot)
        if at is not None:
            word = glyphs[at]
            before[at] = replace(word, text="•", x0=dot.x0, x1=dot.x1, bold=False)
    if len(before) < _FEWEST:
        return tuple(glyphs)
    shown: list[Glyph] = []
    for at, glyph in enumerate(glyphs):
        if at in before:
            bullet = before[at]
            shown += [bullet, replace(bullet, text=" ", x0=bullet.x1, x1=glyph.x0)]
        shown.append(glyph)
    return tuple(shown)


def _first_behind(glyphs: Sequence[Glyph], dot: Box) -> int | None:
    """Return the place of the letter that a dot stands before, if its line begins there."""
    middle = (dot.y0 + dot.y1) / 2
    beside = [
        (glyph.x0, at)
        for at, glyph in enumerate(glyphs)
        if glyph.y0 < middle < glyph.y1
        and not glyph.text.isspace()
        and glyph.x1 > dot.x0 - 2 * glyph.size
        and glyph.x0 < dot.x1 + _FARTHEST * glyph.size
    ]
    if not beside:
        return None
    x0, at = min(beside)
    small = dot.x1 - dot.x0 < 0.7 * glyphs[at].size
    return at if small and x0 >= dot.x1 and glyphs[at].text.isalnum() else None


def with_capitals(glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
    """Set each drop capital before the word that it begins, as large as that word."""
    moved: dict[int, list[Glyph]] = {}
    gone: set[int] = set()
    usual = median([glyph.size for glyph in glyphs if not glyph.text.isspace()] or [0])
    large = [at for at, g in enumerate(glyphs) if g.text.isupper() and g.size >= _LARGER * usual]
    for at in large if len(large) <= _MOST else ():
        capital = glyphs[at]
        if not _is_alone(glyphs, capital):
            continue
        begun = _begun_by(glyphs, capital)
        if begun is not None:
            gone.add(at)
            moved[begun] = _before(glyphs, begun, capital)
    return tuple(
        one
        for at, glyph in enumerate(glyphs)
        for one in ([*moved.get(at, ()), glyph] if at not in gone else ())
    )


def _is_alone(glyphs: Sequence[Glyph], letter: Glyph) -> bool:
    """Tell a letter that no other of its size stands beside."""
    return not any(
        other is not letter
        and not other.text.isspace()
        and other.size * _LARGER > letter.size
        and other.y0 < (letter.y0 + letter.y1) / 2 < other.y1
        and abs(other.x0 - letter.x0) < 2 * letter.size
        for other in glyphs
    )


def _begun_by(glyphs: Sequence[Glyph], capital: Glyph) -> int | None:
    """Return the place of the letter right behind the top of a capital, text going on below it."""
    behind = [
        (glyph.x0, at)
        for at, glyph in enumerate(glyphs)
        if capital.size >= _LARGER * glyph.size
        and glyph.text.isalpha()
        and capital.x1 - 0.3 * glyph.size <= glyph.x0 <= capital.x1 + glyph.size
        and capital.y0 - 0.2 * capital.size <= glyph.y0
    ]
    rows = {
        round(glyphs[at].y0) for _, at in behind if glyphs[at].y1 < capital.y1 + glyphs[at].size
    }
    if len(rows) < _FEWEST:
        return None
    top = min(glyphs[at].y0 for _, at in behind)
    _, at = min((x0, at) for x0, at in behind if glyphs[at].y0 - top < 0.5 * glyphs[at].size)
    return at if glyphs[at].y1 < (capital.y0 + capital.y1) / 2 + 0.3 * capital.size else None


def _before(glyphs: Sequence[Glyph], at: int, capital: Glyph) -> list[Glyph]:
    """Return a capital as it stands before a word, apart where it is a word itself."""
    first = glyphs[at]
    word = ""
    for glyph in glyphs[at:]:
        if not glyph.text.isalpha():
            break
        word += glyph.text
    letter = replace(first, text=capital.text, x0=capital.x0, x1=first.x0)
    if not _is_a_word(capital.text, word):
        return [letter]
    return [letter, replace(letter, text=" ", x0=letter.x1)]


def _is_a_word(capital: str, behind: str) -> bool:
    """Tell whether A, I or O stands by itself before a word: "A bridge", but "Along"."""
    whole = (capital + behind).casefold()
    if capital not in {"A", "I", "O"} or whole in _BEGUN:
        return False
    return whole not in english() or (len(behind) > 2 and behind in english())
