"""Read a file in a child process, which may crash without harm.

The libraries that read PDF, DOCX and HTML are large and meet files that nobody vouches for; long
text can be made to take long. The child gets the bytes on its standard input and says its blocks,
one a line. Its time and memory are bounded, and so is what it may say; no file gets a byte from it.
Where the kernel offers Landlock and seccomp it can do nothing else but read; ``confine`` says what
each of them takes. Where it offers neither, a child that was taken over could rename and delete
files, make empty ones and use the network. What it says is cleaned again here: it is only words.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from time import monotonic
from typing import IO, Protocol, cast

from footprints.corpus.clean import clean
from footprints.corpus.dates import date_of
from footprints.corpus.loaders.layout import Layout, Part
from footprints.errors import BadCorpus
from footprints.progress import Tick, idle
from footprints.types import BlockKind, PartialDate

SECONDS = 60
"""Processor seconds that a file may take; a PDF of 300 pages takes about 10."""

_SHARED = 3
"""How many times as long a child may take by the clock, on a busy machine."""

MEGABYTES = 1024
"""The most memory that reading a file may take."""

MAX_CHARACTERS = 20_000_000
"""No document has more text than this."""

MAX_BLOCKS = 500_000
"""No document has more blocks than this; each takes some hundred bytes beside its words."""

_MOST_SAID = 4 * MAX_CHARACTERS + 50 * MAX_BLOCKS
"""The most bytes a child may write: four for a character, fifty for a block's kind and place."""

_MOST_LINES = 2 * MAX_BLOCKS
"""The most lines it may write, with warnings and what a file says about itself."""

_TOO_MUCH = f"has more than {MAX_CHARACTERS:,} characters or {MAX_BLOCKS:,} blocks; split it."

MAX_LOCATOR = 200
_MAX_LEVEL = 1000

_OFTEN = 0.1
"""Seconds between two ticks while a child writes nothing."""

_LEAVING = 10
"""Seconds a child may take to exit after its last line."""

_PIECE = 2**16

_CHILD = "footprints.corpus.loaders.child"
# Threads of numerical libraries would reserve address space that the limit counts.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


class Loader(Protocol):
    """Reads the bytes of a file."""

    def __call__(self, content: bytes, tick: Tick = idle) -> Layout:
        """Return its layout; what ``tick`` raises ends the reading at once."""
        ...


def in_child(suffix: str, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Loader:
    """Make a loader that reads files of a format in a child process."""

    def read(content: bytes, tick: Tick = idle) -> Layout:
        return heard(_run(suffix, content, seconds, megabytes, tick))

    return read


def told(layout: Layout) -> Iterator[str]:
    """Write a layout as lines: its blocks, then what the file says about itself."""
    if _is_too_much(layout):
        yield refused(_TOO_MUCH)
        return
    for block in layout.blocks:
        yield "\t".join((block.kind, str(block.level), block.locator or "", layout.at(block)))
    for warning in layout.warnings:
        yield f"warning\t{clean(warning)}"
    for part in layout.parts:
        said = map(clean, (part.place, part.how, part.left_out))
        yield "\t".join(("part", str(part.words), *said))
    for words in layout.left_out:
        yield f"left out\t{clean(words)}"
    for name in ("title", "publisher", "published", "url"):
        if said := getattr(layout.proposed, name):
            yield f"{name}\t{clean(str(said))}"
    for name in ("author", "made"):
        if said := getattr(layout, name):
            yield f"{name}\t{clean(str(said))}"


def refused(reason: str) -> str:
    """Write why a file cannot be read, as a line."""
    return f"refused\t{clean(reason)}"


def heard(lines: Iterable[bytes]) -> Layout:
    """Build a layout from a child's lines, word by word, so that its laws hold.

    Raises:
        BadCorpus: the child refused the file, wrote too much, or wrote what no reader writes.
    """
    layout = Layout()
    try:
        for number, line in enumerate(lines):
            if number == _MOST_LINES:
                raise BadCorpus(_TOO_MUCH)
            _take(layout, line.decode().rstrip("\n"))
    except ValueError as error:
        raise BadCorpus("yielded nothing that can be used; save it again.") from error
    if _is_too_much(layout):
        raise BadCorpus(_TOO_MUCH)
    return layout


def _is_too_much(layout: Layout) -> bool:
    return len(layout.blocks) > MAX_BLOCKS or len(layout.text) > MAX_CHARACTERS


def _take(layout: Layout, line: str) -> None:
    # Without nesting: what a line makes here is never much larger than the line.
    match line.split("\t", 3):
        case ["refused", reason]:
            raise BadCorpus(clean(reason))
        case ["warning", words]:
            layout.warnings.append(clean(words))
        case ["part", words, place, said]:
            layout.parts.append(Part(clean(place), int(words), *map(clean, said.split("\t", 1))))
        case ["left out", words]:
            layout.left_out.append(clean(words))
        case ["title", words]:
            layout.proposed = replace(layout.proposed, title=clean(words) or None)
        case ["publisher", words]:
            layout.proposed = replace(layout.proposed, publisher=clean(words) or None)
        case ["published", words]:
            layout.proposed = replace(layout.proposed, published=_date(words))
        case ["url", words]:
            layout.proposed = replace(layout.proposed, url=clean(words) or None)
        case ["author", words]:
            layout.author = clean(words) or None
        case ["made", words]:
            layout.made = _date(words)
        case [kind, level, locator, words]:
            _add(layout, BlockKind(kind), int(level), words, clean(locator) or None)
        case _:
            raise ValueError(line)


def _date(words: str) -> PartialDate:
    if (known := date_of(words)) is None:
        raise ValueError(words)
    return known


def _add(layout: Layout, kind: BlockKind, level: int, words: str, locator: str | None) -> None:
    if not 0 <= level <= _MAX_LEVEL or len(locator or "") > MAX_LOCATOR:
        raise ValueError(level, locator)
    if kind is BlockKind.TABLE_ROW:
        layout.add_row(words.split("\t"), bool(level), locator)
    else:
        layout.add(kind, words, level, locator)


def _run(suffix: str, content: bytes, seconds: float, megabytes: int, tick: Tick) -> BytesIO:
    """Run a child to its end and return its output."""
    # -I: neither the working folder nor the environment decides which code is run.
    command = [sys.executable, "-I", "-m", _CHILD, suffix, str(seconds), str(megabytes)]
    with subprocess.Popen(  # noqa: S603 - our own module, and no word of the file in it
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd=os.sep,
        # Away from the terminal that we may run in.
        start_new_session=True,
    ) as child:
        try:
            said = _talk(child, content, monotonic() + _SHARED * seconds, tick)
            code = child.wait(_LEAVING)
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            raise BadCorpus(_too_long(seconds)) from error
        finally:
            child.kill()
    if -code in {signal.SIGXCPU, signal.SIGKILL}:
        raise BadCorpus(_too_long(seconds))
    if code:
        raise BadCorpus(
            "broke its reader or needed too much memory; "
            "open it in the program that made it and save it again."
        )
    return said


def _talk(child: subprocess.Popen[bytes], content: bytes, until: float, tick: Tick) -> BytesIO:
    """Send a child its bytes while reading its output, up to the limit.

    Raises:
        TimeoutError: it did not finish in time.
        BadCorpus: it writes too much.
    """
    stdin, stdout = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
    os.set_blocking(stdin.fileno(), False)
    said, left = BytesIO(), memoryview(content)
    with selectors.DefaultSelector() as selector:
        selector.register(stdin, selectors.EVENT_WRITE)
        selector.register(stdout, selectors.EVENT_READ)
        while True:
            tick()
            if monotonic() > until:
                raise TimeoutError
            for key, _ in selector.select(_OFTEN):
                if key.fileobj is stdin:
                    left = _given(key.fd, left)
                    if not left:
                        selector.unregister(stdin)
                        stdin.close()
                    continue
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    said.seek(0)
                    return said
                if said.tell() + len(piece) > _MOST_SAID:
                    raise BadCorpus(_TOO_MUCH)
                said.write(piece)


def _given(pipe: int, left: memoryview) -> memoryview:
    """Write what a pipe takes, and return the rest; nobody needs it where nobody reads."""
    try:
        return left[os.write(pipe, left[:_PIECE]) :]
    except BrokenPipeError:
        return left[:0]


def _too_long(seconds: float) -> str:
    return f"takes longer than {seconds:g} seconds to read; split it or make it simpler."
