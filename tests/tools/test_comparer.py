"""The comparer counts the words that one reading loses, doubles or puts elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copy, which

import pytest
from conftest import ROOT

from tools import compare
from tools.compare import words_of

FILES = ROOT / "tests" / "files"
TEXT = "The warden walks the bank each week and writes down what she finds there."


def test_the_same_words() -> None:
    """Two readings with the same words in the same order differ in nothing."""
    found = compare.compare(words_of(TEXT), words_of(TEXT))
    assert found.in_order == 1
    assert not found.lost + found.doubled + found.displaced


def test_lost_and_doubled_words() -> None:
    """A word that only they have is lost, one that we have too often is doubled."""
    ours = TEXT.replace("bank ", "").replace("writes", "writes writes")
    found = compare.compare(words_of(ours), words_of(TEXT))
    assert (found.lost, found.doubled) == ({"bank": 1}, {"writes": 1})
    assert not found.displaced
    assert found.in_order == pytest.approx(13 / 14)


def test_displaced_words() -> None:
    """A word that both have, but not in the same order, is displaced."""
    found = compare.compare(words_of("week " + TEXT.replace("week ", "")), words_of(TEXT))
    assert found.displaced == {"week": 1}
    assert not found.lost + found.doubled


def test_columns_read_by_rows() -> None:
    """Of two columns read crosswise, the longest run in common is in order; no word is lost."""
    found = compare.compare(words_of("1 a 2 b 3 c"), words_of("1 2 3 a b c"))
    assert (found.in_order, found.kept) == (4 / 6, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﬁrst", "first"),
        ("high-\nquality", "highquality"),
        ("rarely--but", "rarely but"),
        ("£250[9]", "£250 9"),
        ("Two words", "two  WORDS."),
    ],
)
def test_what_does_not_count(one: str, other: str) -> None:
    """Ligatures, hyphens, signs of notes, capitals and marks make no other word."""
    assert words_of(one) == words_of(other)


@pytest.mark.skipif(not which("pandoc"), reason="pandoc is not installed")
def test_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is held against another program's words; what is refused or unknown counts nothing."""
    copy(FILES / "guide.docx", tmp_path)
    (tmp_path / "empty.md").write_text("\n")
    (tmp_path / "other.xyz").write_text("Words.")
    monkeypatch.setattr(sys, "argv", ["compare", str(tmp_path)])
    compare.main()
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("refused  empty.md")
    kept, in_order, nearest, name, *_ = out[1].split()
    assert (kept, name) == ("1.000", "guide.docx")
    assert float(in_order) > 0.9
    assert nearest >= in_order
    assert not any(" lost: " in line for line in out)
    assert out[-1] == "1 files"
