"""The edition in corpus/ says what the captures say, word by word."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT

from footprints.corpus.loaders.markdown import read_markdown

CORPUS = ROOT / "corpus"
CAPTURES = sorted(path.name for path in (CORPUS / "captures").glob("*.txt"))

_LIST_MARKER = re.compile(r"^\s*[•-]\s+", re.MULTILINE)
_LINK = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(#\)")
_ESCAPE = re.compile(r"\\([^\w\s])")


@dataclass(frozen=True)
class Omitted:
    """An entry of omitted.toml."""

    capture: str
    words: tuple[str, ...]
    reason: str


def omitted(capture: str | None = None) -> list[Omitted]:
    """Read omitted.toml, all of it or what concerns one capture."""
    tables = tomllib.loads((CORPUS / "omitted.toml").read_text(encoding="utf-8"))["omitted"]
    entries = [
        Omitted(table["capture"], tuple(table["words"].split()), table["reason"])
        for table in tables
    ]
    return [entry for entry in entries if capture in (None, entry.capture)]


def capture_words(name: str) -> list[str]:
    """Return the words of a capture without bullets and the marks of links and escapes."""
    text = (CORPUS / "captures" / name).read_text(encoding="utf-8")
    return _ESCAPE.sub(r"\1", _LINK.sub(r"\1", _LIST_MARKER.sub("", text))).split()


def edition_words(name: str) -> list[str]:
    """Return the words of the document made from a capture."""
    path = (CORPUS / name).with_suffix(".md")
    return read_markdown(path.read_text(encoding="utf-8")).text.split()


def left_out(capture: list[str], edition: list[str], allowed: list[Omitted]) -> list[Omitted]:
    """Return the entries that, left out of the capture, make the edition; fail if none do."""
    used, at, kept = [], 0, 0
    while at < len(capture) or kept < len(edition):
        if capture[at : at + 1] == edition[kept : kept + 1]:
            at, kept = at + 1, kept + 1
            continue
        fitting = [e for e in allowed if tuple(capture[at : at + len(e.words)]) == e.words]
        assert fitting, f"capture: {capture[at : at + 12]} … edition: {edition[kept : kept + 12]}"
        used.append(fitting[0])
        at += len(fitting[0].words)
    return used


def test_every_capture_has_an_edition() -> None:
    """Captures and documents of the corpus are one to one."""
    assert [Path(name).stem for name in CAPTURES] == sorted(p.stem for p in CORPUS.glob("*.md"))
    assert len(CAPTURES) == 5


@pytest.mark.parametrize("capture", CAPTURES)
def test_the_edition_is_the_capture_less_what_is_listed(capture: str) -> None:
    """Nothing is added, changed or moved, and every run left out is listed and used once."""
    allowed = omitted(capture)
    used = left_out(capture_words(capture), edition_words(capture), allowed)
    assert sorted(entry.words for entry in used) == sorted(entry.words for entry in allowed)


def test_every_omission_names_a_capture_and_a_reason() -> None:
    """An entry of omitted.toml is about a capture that exists and says why."""
    for entry in omitted():
        assert entry.capture in CAPTURES
        assert entry.words
        assert entry.reason.endswith(".")


@pytest.mark.parametrize(
    "edition",
    ["a c", "a b c d", "b a c", "a B c", "a b", "a"],
    ids=["missing", "added", "moved", "changed", "cut short", "only the start"],
)
def test_the_comparison_notices(edition: str) -> None:
    """A word that is missing, added, moved or changed fails the comparison."""
    with pytest.raises(AssertionError, match="edition"):
        left_out(["a", "b", "c"], edition.split(), [])


def test_the_comparison_takes_what_is_listed() -> None:
    """A listed run may be left out, wherever it stands."""
    icons = Omitted("x.txt", ("b", "c"), "Icons.")
    assert left_out(["a", "b", "c", "d"], ["a", "d"], [icons]) == [icons]
