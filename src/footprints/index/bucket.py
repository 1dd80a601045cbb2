"""The folder of an object store that an address names, through any protocol that fsspec has.

The only module that asks an object store, and so the one that says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Thread
from typing import Any, TypeVar

from footprints.errors import BadSettings, StoreUnavailable, first_line

T = TypeVar("T")

_PATIENCE = 60.0
"""How many seconds an object may take."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Objects by their names; several threads may ask.

    Every method raises BadSettings where nothing can open the address, and StoreUnavailable where
    it fails or takes too long.
    """

    url: str = field(repr=False)

    @property
    def where(self) -> str:
        """Return the address without what may be secret in it."""
        return re.sub(r"//.*@", "//", self.url).partition("?")[0]

    def sizes(self) -> Mapping[str, int]:
        """Return how many bytes each object has."""
        return self._ask(_sizes)

    def read(self, name: str) -> bytes | None:
        """Return an object, None if there is none."""
        return self._ask(lambda files, folder: _content(files, f"{folder}/{name}"))

    def write(self, name: str, content: bytes) -> None:
        """Write an object."""
        self._ask(lambda files, folder: _write(files, folder, name, content))

    def remove(self, name: str) -> None:
        """Remove an object."""
        self._ask(lambda files, folder: files.rm_file(f"{folder}/{name}"))

    def _ask(self, what: Callable[[Any, str], T]) -> T:
        """Do something with the file system and the folder that the address names."""
        outcome: Future[T] = Future()
        # A thread that hangs must not keep the process from ending, as those of a pool would.
        Thread(target=_run, args=(outcome, self.url, what), name="bucket", daemon=True).start()
        error: BaseException | None
        try:
            error = outcome.exception(_PATIENCE)
        except TimeoutError:
            error = TimeoutError(0, f"no answer in {_PATIENCE:g} seconds")
        if error is None:
            return outcome.result()
        if isinstance(error, BadSettings):
            raise error
        # What else a library says may hold the address with its secrets, as may a traceback.
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise StoreUnavailable(
            f"The object store {self.where} does not do what it is asked ({reason}); nothing is "
            "lost: correct that and try again."
        )


@lru_cache(maxsize=8)
def _opened(url: str) -> tuple[Any, str]:
    """Return the file system of an address, and the folder in it.

    Raises:
        BadSettings: no protocol, or no library for it.
    """
    import fsspec

    try:
        files, folder = fsspec.url_to_fs(url)
    except ImportError as error:
        raise BadSettings(f"segments_url needs a library: {first_line(error)}.") from None
    except ValueError:
        raise BadSettings(
            "segments_url has a protocol that fsspec does not know; write it like s3://bucket/name."
        ) from None
    return files, folder.rstrip("/")


def _run(outcome: Future[T], url: str, what: Callable[[Any, str], T]) -> None:
    """Do it, and hand over what comes of it to whoever waits."""
    try:
        outcome.set_result(what(*_opened(url)))
    except BaseException as error:
        # Each protocol has errors of its own, which have no other base.
        outcome.set_exception(error)


def _sizes(files: Any, folder: str) -> Mapping[str, int]:
    files.invalidate_cache()
    try:
        listed = files.ls(folder, detail=True)
    except FileNotFoundError:
        return {}
    return {one["name"].rpartition("/")[2]: one["size"] for one in listed}


def _content(files: Any, path: str) -> bytes | None:
    try:
        return bytes(files.cat_file(path))
    except FileNotFoundError:
        return None


def _write(files: Any, folder: str, name: str, content: bytes) -> None:
    files.makedirs(folder, exist_ok=True)
    files.pipe_file(f"{folder}/{name}", content)
