"""Where segments are kept: in the index folder, or in an object store that it is a cache of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from footprints.errors import BadSettings, CannotRead, IndexDamaged, StoreUnavailable
from footprints.index import disk
from footprints.index.bucket import Bucket
from footprints.settings import Settings

_OURS = re.compile(r"[0-9a-f]{64}\.safetensors")


@dataclass(frozen=True, slots=True)
class Objects:
    """Segments by the paths of their files in the index folder, which has all there is."""

    index_dir: Path

    def fetched(self, path: Path) -> Path:
        """Return the path of a segment, whose file is there then.

        Raises:
            IndexDamaged, CannotRead: the object store lacks it, or does not answer.
        """
        return path

    def held(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Return the paths of those segments that must be in the folder."""
        return paths

    def lacking(self, paths: Iterable[Path]) -> Sequence[Path]:
        """Return the paths of those segments that the object store lacks."""
        return ()

    def put(self, paths: Iterable[Path]) -> None:
        """Write those segments to the object store that it lacks."""

    def keep(self, digests: Collection[str]) -> None:
        """Remove all other segments from the object store, as far as that can be done now."""

    def damage(self, paths: Iterable[Path]) -> Iterator[str]:
        """Read segments in the object store; say in a sentence what is wrong with each."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Remote(Objects):
    """Segments in an object store; the index folder has copies of those that were used."""

    bucket: Bucket

    def fetched(self, path: Path) -> Path:
        """Fetch a segment that is not here; only one that is whole and sound is put in place."""
        if path.is_file():
            return path
        content, new = self._sound(path), path.with_suffix(f".{uuid4().hex}.new")
        try:
            path.parent.mkdir(exist_ok=True)
            new.write_bytes(content)
            disk.sync(new)
            new.replace(path)
        except OSError as error:
            with suppress(OSError):
                new.unlink()
            raise CannotRead(
                f"A segment cannot be fetched to {path.parent} ({error.strerror or error}); make "
                "room there or let this account write, and try again."
            ) from error
        return path

    def held(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Return those that are here: the folder need not have any."""
        return [path for path in paths if path.exists()]

    def lacking(self, paths: Iterable[Path]) -> Sequence[Path]:
        """Return what is missing, or was cut off: is not as long as the copy here."""
        sizes = self.bucket.sizes()
        return [
            path
            for path in paths
            if path.name not in sizes
            or (path.is_file() and path.stat().st_size != sizes[path.name])
        ]

    def put(self, paths: Iterable[Path]) -> None:
        """Write what is lacking, unless the copy here is damaged itself."""
        for path in self.lacking(paths):
            with disk.reading(path):
                content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != path.stem:
                raise IndexDamaged(f"{path} is damaged; run: footprints index --rebuild")
            self.bucket.write(path.name, content)

    def keep(self, digests: Collection[str]) -> None:
        """Remove the others; what is not named like a segment is not ours."""
        with suppress(StoreUnavailable):
            for name in self.bucket.sizes():
                if _OURS.fullmatch(name) and name.partition(".")[0] not in digests:
                    self.bucket.remove(name)

    def damage(self, paths: Iterable[Path]) -> Iterator[str]:
        """Read them all."""
        for path in paths:
            try:
                self._sound(path)
            except IndexDamaged as error:
                yield f"{str(error).partition('; ')[0]}."

    def _sound(self, path: Path) -> bytes:
        """Return the content of an object, which is what its name says.

        Raises:
            IndexDamaged, StoreUnavailable: it is not, or cannot be had.
        """
        named = f"The segment {path.name} in {self.bucket.where}"
        # Only such a name leads nowhere else.
        content = self.bucket.read(path.name) if _OURS.fullmatch(path.name) else None
        if content is None:
            raise IndexDamaged(f"{named} is missing; run: footprints index")
        if hashlib.sha256(content).hexdigest() != path.stem:
            raise IndexDamaged(f"{named} is damaged; remove it there and run: footprints index")
        return content


def objects_of(settings: Settings) -> Objects:
    """Return where the settings say that segments are.

    Raises:
        BadSettings: that needs a library that is not there.
    """
    url = settings.segments_url.get_secret_value()
    if not url:
        return Objects(settings.index_dir)
    if find_spec("fsspec") is None:
        raise BadSettings("segments_url needs a library: pip install 'footprints[objects]'.")
    return Remote(settings.index_dir, Bucket(url))
