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

from footprints.corpus.loaders.child import loader_of
from footprints.corpus.loaders.layout import Layout
from footprints.corpus.read import SourceFile, read_layout

GOLDEN = ROOT / "tests" / "golden"
DOCUMENTS = sorted((ROOT / "corpus").glob("*.md"))
MADE = ROOT / "tests" / "files"
FILES = sorted(path for path in MADE.glob("*.*") if path.suffix != ".md")
WILD = sorted((MADE / "wild").iterdir())


EACH = [*{path.suffix: path for path in [*WILD, *FILES]}.values()]
"""One of each format."""


def blocks_of(layout: Layout) -> str:
    """Return one line a block: kind, level, locator if there are any, text."""
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
    golden, blocks = golden_of(path), blocks_of(loader_of(path.suffix)(path.read_bytes()))
    if update_golden:
        golden.write_text(blocks, encoding="utf-8")
    assert blocks == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", EACH, ids=lambda path: path.suffix)
def test_a_process_of_its_own_reads_the_same(path: Path) -> None:
    """What a bounded process reads of a format comes back whole, warnings too."""
    layout = read_layout(SourceFile(path, path.read_bytes()))
    assert blocks_of(layout) == golden_of(path).read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    """Every golden file belongs to a document of the corpus."""
    assert set(GOLDEN.iterdir()) == {golden_of(path) for path in [*DOCUMENTS, *FILES, *WILD]}
