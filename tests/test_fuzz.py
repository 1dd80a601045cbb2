"""Any bytes at all are read or refused in one sentence.

A few examples each time; ``make fuzz`` tries many more, ``FUZZ`` says how many.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from conftest import ROOT
from hang import HANG
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footprints.corpus.loaders import LOADERS
from footprints.corpus.read import SourceFile, read_layout
from footprints.errors import BadCorpus

EXAMPLES = int(os.environ.get("FUZZ", "4"))
ALL = sorted(path for path in (ROOT / "tests" / "files").rglob("*.*") if path.suffix in LOADERS)
GOOD = ALL if "FUZZ" in os.environ else [*{path.suffix: path for path in reversed(ALL)}.values()]
"""Files to break: one of each format, or with ``make fuzz`` all that there are."""


fuzzed = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
FRONTS = st.sampled_from(
    [b"", b"%PDF-1.7\n", b"PK\x03\x04word/document.xml", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf# "]
)


def check(suffix: str, content: bytes) -> None:
    """Read bytes: blocks that keep their laws, or one sentence, in bounded time."""
    started = time.monotonic()
    try:
        layout = read_layout(SourceFile(Path("fuzz" + suffix), content))
    except BadCorpus as error:
        message = str(error)
        assert message.startswith("fuzz" + suffix)
        assert message.endswith(".")
        assert "\n" not in message
    else:
        layout.text.encode()
        end = 0
        for block in layout.blocks:
            assert end <= block.start < block.end
            end = block.end
        assert end == len(layout.text)
    assert time.monotonic() - started < HANG


@pytest.mark.parametrize("suffix", LOADERS)
@given(front=FRONTS, rest=st.binary(max_size=2000))
@fuzzed
def test_any_bytes(suffix: str, front: bytes, rest: bytes) -> None:
    """Bytes that look like the beginning of something are no danger."""
    check(suffix, front + rest)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
@given(data=st.data())
@fuzzed
def test_good_files_gone_bad(path: Path, data: st.DataObject) -> None:
    """A good file with bytes changed, cut out, doubled or cut off is no danger."""
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8), label="changes")):
        at = data.draw(st.integers(0, max(len(content) - 1, 0)), label="at")
        length = data.draw(st.sampled_from([1, 2, 16, 500]), label="length")
        match data.draw(st.sampled_from(["change", "cut", "double", "end"]), label="kind"):
            case "change":
                new = data.draw(st.binary(min_size=length, max_size=length), label="new")
                content[at : at + length] = new
            case "cut":
                del content[at : at + length]
            case "double":
                content[at:at] = content[at : at + length]
            case _:
                del content[max(at, 100) :]
    check(path.suffix, bytes(content))


@given(source=st.text(st.sampled_from("<>/\"'= abdhilpstr0\n&;!-[]"), max_size=400))
@fuzzed
def test_broken_markup(source: str) -> None:
    """Tags that are not closed, not opened or no tags at all are no danger."""
    check(".html", f"<main><table><ul>{source}".encode())
