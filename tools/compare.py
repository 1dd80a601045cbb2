"""Hold what is read of a folder's files against pdftotext, pandoc and w3m, word by word.

``python -m tools.compare FOLDER`` prints a line a file: the share of the other's words that are
read, and that are read in its order; then the words that are lost, doubled and displaced.
Order is a matter of opinion: pdftotext reads a PDF as its file is written (``-raw``), by columns,
or by rows (``-layout``). All three shares are shown, then the share against whichever of them is
nearest on each page; words are counted against the first.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from footprints.corpus.read import SourceFile, read_layout
from footprints.errors import BadCorpus

_PANDOC = ["pandoc", "--to=plain", "--wrap=none"]
OTHERS = {
    ".pdf": [
        ["pdftotext", "-raw", "{}", "-"],
        ["pdftotext", "{}", "-"],
        ["pdftotext", "-layout", "{}", "-"],
    ],
    ".html": [["w3m", "-dump", "-cols", "200", "{}"]],
    ".docx": [[*_PANDOC, "{}"]],
    ".md": [[*_PANDOC, "{}"]],
}
_SHOWN = 12
_PATIENCE = 120
_HYPHEN = re.compile("(?<!-)[-\u2010\u00ad\x02](?!-)\\s*")
"""At the end of a line or inside a word; two of them are a dash."""

_ADDED = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the words of one file differ from those that another program reads."""

    kept: float
    in_order: float
    lost: Counter[str]
    doubled: Counter[str]
    displaced: Counter[str]


def words_of(text: str) -> list[str]:
    """Return the words of a text, ligatures and broken words made whole."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"\w+", _HYPHEN.sub("", _ADDED.sub(r" \1 ", plain)))


def compare(ours: list[str], theirs: list[str]) -> Comparison:
    """Compare two readings of one file."""
    in_order = Counter(_longest_in_common(theirs, ours))
    both = Counter(ours) & Counter(theirs)
    total = len(theirs) or 1
    return Comparison(
        both.total() / total if theirs else 1.0,
        in_order.total() / total if theirs else 1.0,
        Counter(theirs) - Counter(ours),
        Counter(ours) - Counter(theirs),
        both - in_order,
    )


def _longest_in_common(one: list[str], other: list[str]) -> Iterator[str]:
    """Yield the longest run of words that both have in the same order, last word first.

    Bit by bit, after Hyyrö (2004): a zero at a place of a row says that the run grows there.
    """
    places = dict[str, int]()
    for at, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << at
    full = (1 << len(one)) - 1
    rows = [full]
    for word in other:
        row = rows[-1]
        same = row & places.get(word, 0)
        rows.append(((row + same) | (row - same)) & full)
    at, row_at = len(one) - 1, len(other)
    while at >= 0 and row_at > 0:
        if rows[row_at] >> at & 1:
            at -= 1
        elif rows[row_at - 1] >> at & 1:
            yield one[at]
            at, row_at = at - 1, row_at - 1
        else:
            row_at -= 1


def nearest(ours: list[str], others: list[str]) -> list[str]:
    """Return the words of others, page by page in the order that is nearest to ours."""
    pages = zip(*(map(words_of, text.split("\f")) for text in others), strict=False)
    return [
        word
        for page in pages
        for word in max(page, key=lambda words: compare(ours, words).in_order)
    ]


def read_by_others(path: Path) -> list[str]:
    """Return what the other program for a format reads, in each order in which it can."""
    read = []
    for command in OTHERS.get(path.suffix.lower(), []):
        if not shutil.which(command[0]):
            continue
        filled = [part.replace("{}", str(path)) for part in command]
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(filled, capture_output=True, timeout=_PATIENCE, check=False)
            if done.returncode == 0:
                read.append(done.stdout.decode("utf-8", errors="replace"))
    return read


def main() -> None:
    """Print a line a file, then the mean, the median and how many files fall short."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    found = list(_compared(parser.parse_args().folder))
    if not found:
        return
    for at, name in enumerate(("kept", "in the file's order", "in the order nearest on each page")):
        whole = [shares[at] for shares, says in found if not says]
        print(f"{name}: {_summary([shares[at] for shares, _ in found])}")
        print(f"  where nothing is said to be left out: {_summary(whole)}")
    print(f"{len(found)} files")


def _summary(shares: list[float]) -> str:
    if not shares:
        return "no file"
    low = sum(share < 0.9 for share in shares)
    return f"mean {mean(shares):.3f}, median {median(shares):.3f}, {low} of {len(shares)} under .90"


def _compared(folder: Path) -> Iterator[tuple[tuple[float, float, float], bool]]:
    """Yield the shares of each file, and whether its reading says that anything is left out."""
    for path in sorted(folder.iterdir()):
        others = read_by_others(path)
        if not others:
            continue
        theirs = [words_of(text) for text in others]
        begun = time.perf_counter()
        try:
            layout = read_layout(SourceFile(path, path.read_bytes()))
        except BadCorpus as error:
            print(f"refused  {path.name}: {error} ({len(theirs[0])} words)")
            continue
        seconds = time.perf_counter() - begun
        ours = words_of(layout.text)
        first = compare(ours, theirs[0])
        orders = [compare(ours, words).in_order for words in [*theirs, nearest(ours, others)]]
        shown = " ".join(f"{share:.3f}" for share in (first.kept, *orders))
        print(f"{shown}  {path.name}  {seconds:.1f} s")
        _print_words(first)
        for warning in layout.warnings:
            print(f"       ! {warning}")
        yield (first.kept, orders[0], orders[-1]), bool(layout.warnings)


def _print_words(found: Comparison) -> None:
    for name in ("lost", "doubled", "displaced"):
        words: Counter[str] = getattr(found, name)
        if words:
            shown = " ".join(word for word, _ in words.most_common(_SHOWN))
            print(f"       {words.total()} {name}: {shown}")


if __name__ == "__main__":
    main()
