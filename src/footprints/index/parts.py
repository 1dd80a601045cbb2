"""The arrays of a segment by name, from a file or from memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol
from weakref import ref

from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from footprints.errors import IndexDamaged
from footprints.index import disk

Arrays = Mapping[str, NDArray[Any]]

_MOST = 4096
"""So many files are mapped into memory at a time; a process may have some 65,000 maps."""

_RECENT: deque[ref[InFile]] = deque()
"""The files that were mapped last. A segment that nobody holds any more is closed at once."""


class Parts(Protocol):
    """Arrays by name, from a file or from memory."""

    def metadata(self) -> Mapping[str, str]:
        """Return the header, which is read when a file is opened."""
        ...

    def get_tensor(self, name: str) -> Any:
        """Return an array."""
        ...

    def get_slice(self, name: str) -> Any:
        """Return an array of which only the rows that are asked for are read."""
        ...


class InFile:
    """The arrays of a file, which is mapped into memory until many others have been since."""

    def __init__(self, path: Path) -> None:
        """Map a file.

        Raises:
            IndexDamaged: it is missing, or not as long as it claims.
            CannotRead: it cannot be opened for now.
        """
        self._path = path
        self._map: Any = None
        self.mapped()

    def mapped(self) -> Parts:
        """Return the file's arrays; map it again if it had to make room for others."""
        found: Parts | None = self._map
        if found is None:
            found = self._map = _mapped(self._path)
            _RECENT.append(ref(self))
            while len(_RECENT) > _MOST:
                if oldest := _RECENT.popleft()():
                    oldest._map = None
        return found


def _mapped(path: Path) -> Parts:
    with disk.reading(path):
        try:
            return safe_open(path, framework="numpy")
        except SafetensorError as error:
            raise IndexDamaged(f"{path} is damaged; run: footprints index --rebuild") from error
        except OSError as error:
            # safetensors calls a file missing whatever keeps it from being opened.
            path.open("rb").close()
            raise OSError(str(error)) from error


class InMemory:
    """The arrays of a segment that has no file."""

    def __init__(self, arrays: Arrays, header: Mapping[str, str]) -> None:
        self._arrays, self._header = arrays, header

    def metadata(self) -> Mapping[str, str]:
        """Return the header."""
        return self._header

    def get_tensor(self, name: str) -> NDArray[Any]:
        """Return an array."""
        return self._arrays[name]

    def get_slice(self, name: str) -> _Slice:
        """Return an array as ``Parts`` does."""
        return _Slice(self._arrays[name])


class _Slice:
    """An array in memory, read like one in a file."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        return self._array[rows]

    def get_shape(self) -> Sequence[int]:
        return self._array.shape
