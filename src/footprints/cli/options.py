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
Publisher = Annotated[
    list[str] | None,
    typer.Option("--publisher", help="Ask only what this publisher says; repeat it for several."),
]
Since = Annotated[
    int | None,
    typer.Option("--since", metavar="YEAR", help="Ask only documents about it or later."),
]
Until = Annotated[
    int | None,
    typer.Option("--until", metavar="YEAR", help="Ask only documents about it or earlier."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
