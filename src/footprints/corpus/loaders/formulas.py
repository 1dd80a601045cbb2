"""Formulas as text on one line: those of Word (OMML) and those of web pages (MathML)."""

from __future__ import annotations

import re

from lxml import etree

from footprints.corpus.clean import clean
from footprints.corpus.loaders.raised import as_power

OMML = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_UNSEEN = frozenset({"annotation", "annotation-xml", "mphantom"})


def of_word(element: etree._Element) -> str:
    """Write a formula of Word on one line."""
    parts = [of_word(child) for child in element if not str(child.tag).endswith("Pr")]
    match str(element.tag).removeprefix(OMML), parts:
        case "t", _:
            return element.text or ""
        case "f", [above, below]:
            return _fraction(above, below)
        case "sSup", [base, raised]:
            return _raised(base, raised)
        case "sSub", [base, lowered]:
            return _lowered(base, lowered)
        case "rad", [*degree, under]:
            return f"{''.join(degree)}√{_bracketed(under)}"
        case "d", _:
            return f"({', '.join(parts)})"
        case "nary", _:
            sign = element.find(f"{OMML}naryPr/{OMML}chr")
            return f"{sign.get(f'{OMML}val', '∫') if sign is not None else '∫'}{' '.join(parts)}"
    return "".join(parts)


def of_page(element: etree._Element) -> str:
    """Write a formula of a web page on one line."""
    parts = [of_page(child) for child in element if isinstance(child.tag, str)]
    match str(element.tag), parts:
        case tag, _ if tag in _UNSEEN:
            return ""
        case "mfrac", [above, below]:
            return _fraction(above, below)
        case "msup" | "mover", [base, raised]:
            return _raised(base, raised)
        case "msub" | "munder", [base, lowered]:
            return _lowered(base, lowered)
        case "msubsup" | "munderover", [base, lowered, raised]:
            return _raised(_lowered(base, lowered), raised)
        case "msqrt", _:
            return f"√{_bracketed(''.join(parts))}"
        case "mroot", [under, degree]:
            return f"{degree}√{_bracketed(under)}"
        case "mtr" | "mlabeledtr", _:
            return f"{', '.join(parts)}; "
    return "".join([clean(element.text or ""), *parts])


def _fraction(above: str, below: str) -> str:
    return f"{_bracketed(above)}/{_bracketed(below)}"


def _raised(base: str, raised: str) -> str:
    return base + (as_power(base, raised) or f"^{_bracketed(raised)}")


def _lowered(base: str, lowered: str) -> str:
    return f"{base}_{_bracketed(lowered)}"


def _bracketed(term: str) -> str:
    return term if re.fullmatch(r"\w*", term) else f"({term})"
