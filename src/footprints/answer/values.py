"""Find the figures and dates in a sentence, so that they can be compared by what they mean."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass

from footprints.index.lexical import terms
from footprints.types import Span

# “One” is left out: it is seldom a count.
_UNITS = re.findall(
    r"\w+",
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
)
_TENS = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")
_VALUES = {word: value for value, word in enumerate(_UNITS, start=2)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
}
_ABOUT = ("around", "about", "approximately", "roughly", "some", "nearly", "almost")
_AT_LEAST = ("over", "more than", "at least")
_AT_MOST = ("up to", "under", "at most", "no more than", "fewer than", "less than")
_LEEWAY = 0.1
"""A figure that is “around” a number may be a tenth more or less."""

_FIGURE = re.compile(
    rf"(?<![\w/.,:£$€–-])(?:(?P<bound>(?i:{'|'.join(_ABOUT + _AT_LEAST + _AT_MOST)})) )?"
    rf"(?P<currency>[£$€])?(?P<number>\d[\d,]*(?:\.\d+)?"
    rf"|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS)}))?|{'|'.join(_UNITS)})"
    rf"(?![\d/.,:]*\d)(?: ?(?P<scale>{'|'.join(_SCALES)})\b)?(?P<share> ?%| per ?cent\b)?"
    r"(?:(?<=%)|\b)(?P<thing>[- ][‘'“\"]?(?:[A-Z&]*[A-Z]s?\b|[^\W\dA-Z]+))?"
)
_LABEL = re.compile(
    r"(?:\S [A-Z]\w*|\b(?i:article|chapter|class|form|grade|group|level|number|page|pages|part"
    r"|phase|question|section|stage|step|table|type|version|week|year)\.?|\d ?[-–]?) ?$"
)
"""What stands before a number that is a label and counts nothing: “section”, a name, a number."""

_LONGEST_LABEL = 40

_YEAR = re.compile(r"(?:19|20)\d\d")
MONTHS = month_name[1:]
_RELATIONS = {
    **dict.fromkeys(("by", "before", "until", "to"), "until"),
    **dict.fromkeys(("from", "since", "after"), "since"),
    **dict.fromkeys(("in", "on", "at", "during"), "at"),
}
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"\b(?P<relation>(?i:{'|'.join(_RELATIONS)})) (?:the )?"
    r"(?:(?:early|mid|late|start of|beginning of|middle of|end of)[ -])?"
    rf"(?:(?:{_DAY} )?(?P<month>{'|'.join(MONTHS)})(?: {_DAY}(?!\d),?)?(?: (?P<year>\d{{4}}))?"
    rf"|(?P<alone>{_YEAR.pattern})(?:[/–-](?P<next>\d{{4}}|\d\d))?)(?![\w/–-]| [A-Z])"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as what it may be at least and at most."""

    unit: str
    low: float
    high: float

    def excludes(self, other: Quantity) -> bool:
        """Tell whether the two cannot both be true."""
        return self.unit == other.unit and (self.high < other.low or other.high < self.low)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it is told: ``years`` is empty, ``month`` and ``day`` are 0 if it is not.

    ``relation`` is whether something is so until then, since then or at the time.
    """

    relation: str
    years: frozenset[int]
    month: int
    day: int

    def excludes(self, other: Date) -> bool:
        """Tell whether the two cannot both be true."""
        if self.relation != other.relation:
            return False
        if self.years and other.years and not self.years & other.years:
            return True
        months, days = {self.month, other.month}, {self.day, other.day}
        return 0 not in months and (len(months) > 1 or (0 not in days and len(days) > 1))


def quantities(sentence: str) -> Iterator[tuple[Span, Quantity]]:
    """Yield the figures of a sentence: sums of money, shares, and numbers of something."""
    sentence = sentence[:1].lower() + sentence[1:]
    for found in _FIGURE.finditer(sentence):
        unit = found["currency"] or ("%" if found["share"] else "")
        if not unit and not _counts(found):
            continue
        number = _number(found["number"]) * _SCALES.get(found["scale"] or "", 1)
        end = found.start("thing") if found["thing"] else found.end()
        yield Span(found.start(), end), _bounded(unit, number, (found["bound"] or "").lower())


def dates(sentence: str) -> Iterator[tuple[Span, Date]]:
    """Yield the dates of a sentence that say when something is so: “by April 2021”."""
    for found in _DATE.finditer(sentence):
        first, following = found["year"] or found["alone"], found["next"]
        # A financial year has two.
        years = {int(first), int(first) + bool(following)} if first else set()
        month = MONTHS.index(found["month"]) + 1 if found["month"] else 0
        day = int(found[2] or found[4] or 0)
        yield (
            Span(*found.span()),
            Date(_RELATIONS[found["relation"].lower()], frozenset(years), month, day),
        )


def _counts(found: re.Match[str]) -> bool:
    """Tell whether a number says how many there are of something."""
    start = found.start("number")
    if _YEAR.fullmatch(found["number"]) or _LABEL.search(found.string[:start][-_LONGEST_LABEL:]):
        return False
    return bool(found["thing"] and terms(found["thing"]))


def _number(written: str) -> float:
    if written[0].isdigit():
        return float(written.replace(",", ""))
    return float(sum(_VALUES[word] for word in re.split("[- ]", written)))


def _bounded(unit: str, number: float, bound: str) -> Quantity:
    if bound in _ABOUT:
        return Quantity(unit, number * (1 - _LEEWAY), number * (1 + _LEEWAY))
    low = 0.0 if bound in _AT_MOST else number
    return Quantity(unit, low, float("inf") if bound in _AT_LEAST else number)
