"""Commands, run here or in a process of their own."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import NamedTuple

import pytest
from hang import HANG

from footprints.cli import main


class Outcome(NamedTuple):
    """What a command ended with, and what it printed."""

    code: int
    out: str
    err: str


def ended(capsys: pytest.CaptureFixture[str], *arguments: str, stdin: bytes = b"") -> Outcome:
    """Run a command here until it ends."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as exit_:
        patch.setattr(sys, "argv", ["footprints", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        main()
    return Outcome(int(exit_.value.code or 0), *capsys.readouterr())


def with_modules(*arguments: str) -> tuple[Outcome, set[str]]:
    """Run a command in a process of its own, and return all the modules it loaded as well."""
    script = (
        "import sys\n"
        f"sys.argv = ['footprints', *{arguments!r}]\n"
        "from footprints.cli import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
    return Outcome(run.returncode, run.stdout, run.stderr), set(run.stderr.split())
