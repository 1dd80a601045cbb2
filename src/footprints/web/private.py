"""What is kept of people is for the server's own account alone, whatever the umask lets through."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path


def make_private(*paths: Path) -> None:
    """Take everybody else's rights to files and folders away, where they are there."""
    for path in paths:
        with suppress(FileNotFoundError):
            rights = 0o700 if path.is_dir() else 0o600
            # A file system that can only be read refuses even what would change nothing.
            if stat.S_IMODE(path.stat().st_mode) != rights:
                path.chmod(rights)
