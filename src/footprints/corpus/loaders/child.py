"""The child process that reads one file: bytes on standard input, blocks out, one per line.

Run as ``python -I -m footprints.corpus.loaders.child SUFFIX SECONDS MEGABYTES``.
"""

from __future__ import annotations

import math
import resource
import sys
from collections.abc import Callable, Iterator

from footprints.corpus.loaders.confine import confine
from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.sandbox import refused, told
from footprints.errors import BadCorpus

_TOO_LARGE = "takes more memory to read than it may; split it."
_NAMES = {
    ".csv": "a CSV", ".docx": "a DOCX", ".html": "an HTML", ".md": "a Markdown", ".ods": "an ODS",
    ".pdf": "a PDF", ".pptx": "a PPTX", ".txt": "a text", ".xlsx": "an XLSX",
}  # fmt: skip


def main() -> None:
    """Read the file and write what it says, or why it cannot be read."""
    suffix, seconds, megabytes = sys.argv[1:]
    _limit(float(seconds), int(megabytes))
    confine()
    for line in _read(suffix, sys.stdin.buffer.read()):
        sys.stdout.buffer.write(f"{line}\n".encode())


def _limit(seconds: float, megabytes: int) -> None:
    """Bound time and memory, and let no file get a byte."""
    _bound(resource.RLIMIT_CPU, math.ceil(seconds))
    _bound(resource.RLIMIT_AS, megabytes * 2**20)
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_CORE, 0)


def _bound(what: int, limit: int) -> None:
    resource.setrlimit(what, (limit, limit))


def _read(suffix: str, content: bytes) -> Iterator[str]:
    """Yield the lines that a file comes to."""
    try:
        layout = loader_of(suffix)(content)
    except BadCorpus as error:
        yield refused(str(error))
    except MemoryError:
        yield refused(_TOO_LARGE)
    except RecursionError:
        yield refused("is nested too deeply to read; make it flatter.")
    # This is a door, and the libraries behind it raise whatever a damaged file brings about.
    except Exception as error:
        if "memory" in str(error).lower():
            yield refused(_TOO_LARGE)
        else:
            what = f"{_NAMES[suffix]} file ({type(error).__name__})"
            yield refused(f"is damaged or not {what}; save it again.")
    else:
        yield from told(layout)


def loader_of(suffix: str) -> Callable[[bytes], Layout]:
    """Import only the reader that is needed."""
    if suffix == ".pdf":
        from footprints.corpus.loaders.pdf import read_pdf

        return read_pdf
    if suffix == ".docx":
        from footprints.corpus.loaders.docx import read_docx

        return read_docx
    if suffix == ".html":
        from footprints.corpus.loaders.html import read_html

        return read_html
    if suffix == ".pptx":
        from footprints.corpus.loaders.slides import read_pptx

        return read_pptx
    from footprints.corpus.loaders.text import of_text

    if suffix in {".csv", ".ods", ".xlsx"}:
        from footprints.corpus.loaders.sheets import read_csv, read_ods, read_xlsx

        return {".csv": of_text(read_csv), ".ods": read_ods, ".xlsx": read_xlsx}[suffix]
    if suffix == ".txt":
        from footprints.corpus.loaders.plain import read_plain

        return of_text(read_plain)
    from footprints.corpus.loaders.markdown import read_markdown

    return of_text(read_markdown)


if __name__ == "__main__":
    main()
