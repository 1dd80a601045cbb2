"""Children that do not read the file they are given, but whatever a test wants of them."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hang import HANG


@dataclass(frozen=True)
class Child:
    """A process that stands where the reader should."""

    noted: Path

    def has_begun(self) -> bool:
        """Tell whether it runs, or has run."""
        return self.noted.exists() and self.noted.read_text().endswith(".")

    def wait(self) -> None:
        """Wait until it runs."""
        deadline = time.monotonic() + HANG
        while not self.has_begun():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def is_gone(self) -> bool:
        """Tell whether it has run and runs no more."""
        self.wait()
        try:
            os.kill(int(self.noted.read_text()[:-1]), 0)
        except ProcessLookupError:
            return True
        return False


def pretend(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    """Let this code be run instead of every reader, with nothing to confine it."""
    noted, script = folder / "child.pid", folder / "child"
    note = f"open({str(noted)!r}, 'w').write(f'{{os.getpid()}}.')"
    script.write_text(f"#!{sys.executable}\nimport os, sys, time\n{note}\n{code}\n")
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    return Child(noted)


SLOW = "time.sleep(3600)"
"""Reads nothing and says nothing, longer than any test waits."""
