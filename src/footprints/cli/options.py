"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Corpus = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of documents (FOOTPRINTS_CORPUS_DIR).")
]
Index = Annotated[
    Path | None, typer.Option("--index", help="Folder of indexes (FOOTPRINTS_INDEX_DIR).")
]
History = Annotated[
    list[str] | None,
    typer.Option("--history", metavar="Q", help="An earlier question; repeat it, oldest first."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
