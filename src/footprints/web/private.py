"""Personal data is for the server's own account alone, whatever the umask allows."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path


def make_private(*paths: Path) -> None:
    """Take everyone else's permissions off files and folders that exist."""
    for path in paths:
        with suppress(FileNotFoundError):
            rights = 0o700 if path.is_dir() else 0o600
            # A file system that can only be read refuses even what would change nothing.
            if stat.S_IMODE(path.stat().st_mode) != rights:
                path.chmod(rights)
