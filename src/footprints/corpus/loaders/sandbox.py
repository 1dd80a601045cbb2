"""Read a file of a foreign format in a child process, which may break without harm.

The libraries that read PDF, DOCX and HTML are large and meet files that nobody vouches for. The
child gets the bytes on its standard input and gives blocks as JSON; it may not write files, and
its time and memory are bounded. What it gives is cleaned again here, so that even a child that
was taken over can only say words.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from footprints.corpus.clean import clean
from footprints.corpus.loaders.layout import Layout, Proposed
from footprints.errors import BadCorpus
from footprints.types import BlockKind

SECONDS = 60
"""So long may a file take of a processor; a PDF of 300 pages takes about 10."""

_SHARED = 3
"""On a busy machine a child may take so many times as long by the clock."""

MEGABYTES = 1024
"""So much memory may reading a file take."""

MAX_LOCATOR = 200

_CHILD = "footprints.corpus.loaders.child"
# Threads of numerical libraries would reserve address space that the limit counts.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


class _BlockRead(BaseModel):
    """A block as the child gives it; the cells of a table row are kept apart."""

    model_config = ConfigDict(extra="forbid")

    kind: BlockKind
    level: int = Field(ge=0)
    words: str
    locator: str | None = Field(max_length=MAX_LOCATOR)


class ChildResult(BaseModel):
    """What the child gives: either blocks, or why there are none."""

    model_config = ConfigDict(extra="forbid")

    refused: str | None = None
    blocks: list[_BlockRead] = []
    warnings: list[str] = []
    title: str | None = None
    publisher: str | None = None
    published: date | None = None


def in_child(
    suffix: str, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> Callable[[bytes], Layout]:
    """Make a loader that reads files of a format in a child process."""

    def read(content: bytes) -> Layout:
        return _layout(_run(suffix, content, seconds, megabytes))

    return read


def result_of(layout: Layout) -> ChildResult:
    """Write a layout as the child gives it."""
    return ChildResult(
        blocks=[
            _BlockRead(
                kind=block.kind,
                level=block.level,
                words=layout.text[block.start : block.end],
                locator=block.locator,
            )
            for block in layout.blocks
        ],
        warnings=layout.warnings,
        title=layout.proposed.title,
        publisher=layout.proposed.publisher,
        published=layout.proposed.published,
    )


def _run(suffix: str, content: bytes, seconds: float, megabytes: int) -> ChildResult:
    # -I: neither the working folder nor the environment decides which code is run.
    command = [sys.executable, "-I", "-m", _CHILD, suffix, str(seconds), str(megabytes)]
    try:
        child = subprocess.run(  # noqa: S603 - our own module, and no word of the file in it
            command,
            input=content,
            capture_output=True,
            timeout=_SHARED * seconds,
            check=False,
            env=_ENVIRONMENT,
            cwd=os.sep,
        )
    except subprocess.TimeoutExpired as error:
        raise BadCorpus(_too_long(seconds)) from error
    if -child.returncode in {signal.SIGXCPU, signal.SIGKILL}:
        raise BadCorpus(_too_long(seconds))
    if child.returncode:
        raise BadCorpus(
            "broke its reader or needed more memory than it may; "
            "open it in the program it comes from and save it anew."
        )
    try:
        return ChildResult.model_validate(json.loads(child.stdout))
    except (ValueError, ValidationError, RecursionError) as error:
        raise BadCorpus("gave its reader nothing to say; save it anew.") from error


def _too_long(seconds: float) -> str:
    return f"takes longer than {seconds:g} seconds to read; split it or make it simpler."


def _layout(result: ChildResult) -> Layout:
    """Build a layout of what a child gave, word by word, so that its laws hold."""
    if result.refused is not None:
        raise BadCorpus(clean(result.refused))
    layout = Layout()
    for block in result.blocks:
        locator = clean(block.locator) if block.locator else None
        if block.kind is BlockKind.TABLE_ROW:
            layout.add_row(block.words.split("\t"), bool(block.level), locator)
        else:
            layout.add(block.kind, block.words, block.level, locator)
    layout.warnings = [clean(warning) for warning in result.warnings]
    layout.proposed = Proposed(
        title=_said(result.title), publisher=_said(result.publisher), published=result.published
    )
    return layout


def _said(text: str | None) -> str | None:
    return (clean(text) or None) if text else None
