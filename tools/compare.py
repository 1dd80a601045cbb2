"""Hold what is read of a folder's files against pdftotext, pandoc and w3m, word by word.

``python -m tools.compare FOLDER`` prints a line a file: the share of the other's words that are
read in their order, then the words that are lost, doubled and displaced.
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
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean, median

from footprints.corpus.read import SourceFile, read_layout
from footprints.errors import BadCorpus

_PANDOC = ["pandoc", "--to=plain", "--wrap=none"]
OTHERS = {
    ".pdf": ["pdftotext", "-raw", "{}", "-"],
    ".html": ["w3m", "-dump", "-cols", "200", "{}"],
    ".docx": [*_PANDOC, "{}"],
    ".md": [*_PANDOC, "{}"],
}
_SHOWN = 12
_PATIENCE = 120
_HYPHEN = re.compile("(?<!-)[-\u2010\u00ad\x02](?!-)\\s*")
"""At the end of a line or inside a word; two of them are a dash."""

_ADDED = re.compile(r"\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the words of one file differ from those that another program reads."""

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
    matcher = SequenceMatcher(None, theirs, ours)
    kept = Counter[str]()
    for block in matcher.get_matching_blocks():
        kept.update(theirs[block.a : block.a + block.size])
    both = Counter(ours) & Counter(theirs)
    return Comparison(
        kept.total() / len(theirs) if theirs else 1.0,
        Counter(theirs) - Counter(ours),
        Counter(ours) - Counter(theirs),
        both - kept,
    )


def read_by_other(path: Path) -> str | None:
    """Return what the other program for a format reads, if it is installed and can."""
    command = OTHERS.get(path.suffix.lower())
    if not command or not shutil.which(command[0]):
        return None
    filled = [part.replace("{}", str(path)) for part in command]
    try:
        done = subprocess.run(filled, capture_output=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else None


def main() -> None:
    """Print a line a file, then the mean, the median and how many files fall short."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    shares = list(_compared(parser.parse_args().folder))
    if shares:
        low = sum(share < 0.9 for share in shares)
        figures = f"mean {mean(shares):.3f}, median {median(shares):.3f}, {low} under .90"
        print(f"{len(shares)} files: {figures}")


def _compared(folder: Path) -> Iterator[float]:
    for path in sorted(folder.iterdir()):
        theirs = read_by_other(path)
        if theirs is None:
            continue
        begun = time.perf_counter()
        try:
            layout = read_layout(SourceFile(path, path.read_bytes()))
        except BadCorpus as error:
            print(f"refused  {path.name}: {error} ({len(words_of(theirs))} words)")
            continue
        seconds = time.perf_counter() - begun
        found = compare(words_of(layout.text), words_of(theirs))
        print(f"{found.in_order:.3f}  {path.name}  {seconds:.1f} s")
        for name in ("lost", "doubled", "displaced"):
            words: Counter[str] = getattr(found, name)
            if words:
                shown = " ".join(word for word, _ in words.most_common(_SHOWN))
                print(f"       {words.total()} {name}: {shown}")
        for warning in layout.warnings:
            print(f"       ! {warning}")
        yield found.in_order


if __name__ == "__main__":
    main()
