"""The blocks of the five documents are those that an editor checked against the pages.

To write the files anew after a change of the corpus or of the loader, and then read the diff:
``pytest tests/test_golden_blocks.py --update-golden``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from footprints.corpus.loaders.markdown import read_markdown

GOLDEN = ROOT / "tests" / "golden"
DOCUMENTS = sorted((ROOT / "corpus").glob("*.md"))


def blocks_of(path: Path) -> str:
    """Return one line a block: kind, level, text."""
    layout = read_markdown(path.read_text(encoding="utf-8"))
    lines = [
        f"{block.kind} {block.level} {layout.text[block.start : block.end]}"
        for block in layout.blocks
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_blocks_are_as_checked(path: Path, update_golden: bool) -> None:
    """Every block of a document has the kind, level and text of its golden file."""
    golden = GOLDEN / f"{path.stem}.blocks.txt"
    if update_golden:
        golden.write_text(blocks_of(path), encoding="utf-8")
    assert blocks_of(path) == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    """Every golden file belongs to a document of the corpus."""
    expected = {f"{path.stem}.blocks.txt" for path in DOCUMENTS}
    assert {path.name for path in GOLDEN.iterdir()} == expected
