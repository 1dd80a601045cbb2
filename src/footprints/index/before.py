"""The build in use, and the documents that a new one reads or takes from it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from footprints.corpus.snapshot import Corpus, Readable
from footprints.errors import BadCorpus, IndexDamaged
from footprints.index import generations
from footprints.index.manifest import Manifest
from footprints.index.objects import Objects
from footprints.index.segment import Segment
from footprints.progress import ProgressCallback
from footprints.types import Document


@dataclass(frozen=True)
class Before:
    """The build in use; nothing before the first.

    Only a segment whose content is used is checked against its digest: opening a build reads
    them all.
    """

    objects: Objects
    manifest: Manifest | None

    @cached_property
    def segments(self) -> Mapping[str, Segment]:
        """Return the segments whose files are as long as they should be.

        Raises:
            CannotRead: a segment cannot be read for now.
        """
        segments = {}
        for doc_id, digest in self.manifest.segments.items() if self.manifest else ():
            with suppress(IndexDamaged):
                path = generations.segment_path(self.objects.index_dir, digest)
                segments[doc_id] = Segment.open(doc_id, self.objects.fetched(path))
        return segments

    @property
    def sources(self) -> frozenset[str]:
        """Return the digests of the files that need not be read again."""
        return frozenset(self._digests[doc_id] for doc_id in self.segments)

    def kept(self, readable: Sequence[Readable], refused: Mapping[str, str]) -> list[Readable]:
        """Return the documents of refused files as they were read before.

        A half-copied or damaged file is a mishap: what it said yesterday stays quotable, and the
        report says so. To take it out, remove the file.
        """
        known = self.sound(without={source.doc_id for source in readable}) if refused else {}
        return [
            Readable(segment.document.origin, doc_id, self._digests[doc_id], None)
            for doc_id, segment in known.items()
            if segment.document.origin in refused
        ]

    def sound(self, without: Container[str]) -> dict[str, Segment]:
        """Return the other segments, except damaged ones."""
        sound = {}
        for doc_id in self.segments:
            if doc_id not in without:
                with suppress(IndexDamaged):
                    sound[doc_id] = self._checked(doc_id)
        return sound

    def indexed(self, sources: Iterable[Readable]) -> dict[str, datetime]:
        """Return when those of the sources were indexed that have not changed since, by id."""
        indexed = self.manifest.indexed if self.manifest else {}
        same = (one for one in sources if self._digests.get(one.doc_id) == one.digest)
        return {source.doc_id: indexed[source.doc_id] for source in same}

    def document(self, source: Readable) -> Document:
        """Return the document of a source, read now or before.

        Raises:
            IndexDamaged: it was read before and can no longer be read.
        """
        return source.document or self._checked(source.doc_id).document

    def _checked(self, doc_id: str) -> Segment:
        """Return a segment, checked against its digest.

        Raises:
            IndexDamaged: it is not what was written.
        """
        return generations.open_segment(self.objects, doc_id, self.segments[doc_id].digest)

    @property
    def _digests(self) -> Mapping[str, str]:
        return self.manifest.documents if self.manifest else {}


def read(
    corpus: Corpus, before: Before, progress: ProgressCallback, rebuild: bool, strict: bool
) -> tuple[list[Readable], dict[str, str]]:
    """Read what changed; of files that are refused, with why, keep what was read before.

    Raises:
        BadCorpus: nothing can be read, or not all of it where that is asked for.
    """
    readable, unreadable = corpus.read(frozenset() if rebuild else before.sources, progress)
    refused = {_printable(name): reason for name, reason in unreadable.items()}
    if refused and (strict or not readable):
        raise BadCorpus(_first_of(refused))
    sources = [*readable, *before.kept(readable, refused)]
    return sorted(sources, key=lambda source: source.origin), refused


def _printable(name: str) -> str:
    """Return the name of a file as text; the manifest cannot hold one that is not Unicode."""
    return name.encode("utf-8", "backslashreplace").decode()


def _first_of(refused: Mapping[str, str]) -> str:
    first = next(iter(refused.values()))
    return (
        first if len(refused) == 1 else f"{len(refused)} files cannot be read, the first: {first}"
    )
