"""The blocks of the five documents are those that an editor checked against the pages.

So are those of ``tests/files/``, one or two for each other format, and of what is hard to read, in
``wild/``; its README says what made them.

To write the files anew after a change of the corpus or of the loader, and then read the diff:
``pytest tests/test_golden_blocks.py --update-golden``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from footprints.corpus.read import SourceFile, read_layout

GOLDEN = ROOT / "tests" / "golden"
DOCUMENTS = sorted((ROOT / "corpus").glob("*.md"))
MADE = ROOT / "tests" / "files"
FILES = sorted(path for path in MADE.glob("*.*") if path.suffix != ".md")
WILD = sorted((MADE / "wild").iterdir())


def blocks_of(path: Path) -> str:
    """Return one line a block: kind, level, locator if there are any, text."""
    layout = read_layout(SourceFile(path, path.read_bytes()))
    lines = [
        " ".join(
            filter(
                None,
                [
                    block.kind,
                    str(block.level),
                    block.locator and f"[{block.locator}]",
                    layout.at(block),
                ],
            )
        )
        for block in layout.blocks
    ]
    return "\n".join([*lines, *(f"! {warning}" for warning in layout.warnings)]) + "\n"


def golden_of(path: Path) -> Path:
    """Return the golden file of a document."""
    return GOLDEN / f"{path.name.removesuffix('.md')}.blocks.txt"


@pytest.mark.parametrize("path", [*DOCUMENTS, *FILES, *WILD], ids=lambda path: path.name)
def test_blocks_are_as_checked(path: Path, update_golden: bool) -> None:
    """Every block of a document has the kind, level and text of its golden file."""
    golden = golden_of(path)
    if update_golden:
        golden.write_text(blocks_of(path), encoding="utf-8")
    assert blocks_of(path) == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    """Every golden file belongs to a document of the corpus."""
    assert set(GOLDEN.iterdir()) == {golden_of(path) for path in [*DOCUMENTS, *FILES, *WILD]}
