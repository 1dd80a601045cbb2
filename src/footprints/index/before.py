"""The build before: which of its segments can be taken over as they are, and which in parts."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from footprints.corpus.snapshot import Readable
from footprints.errors import IndexDamaged
from footprints.index import generations
from footprints.index.generations import EncoderUsed, Manifest, Splitting
from footprints.index.segment import Segment
from footprints.types import Document


@dataclass(frozen=True, slots=True)
class Before:
    """What the build that serves holds; nothing before the first.

    ``segments`` are those whose files are as long as they should be. Only a segment whose content
    is used is held against its digest: to read them all is what opening a build does.
    """

    index_dir: Path
    manifest: Manifest | None
    segments: Mapping[str, Segment]

    @classmethod
    def of(cls, index_dir: Path, manifest: Manifest | None) -> Before:
        """Look what there is.

        Raises:
            CannotRead: a segment cannot be read just now.
        """
        segments = {}
        for doc_id, digest in manifest.segments.items() if manifest else ():
            with suppress(IndexDamaged):
                path = generations.segment_path(index_dir, digest)
                segments[doc_id] = Segment.open(doc_id, path)
        return cls(index_dir, manifest, segments)

    @property
    def sources(self) -> frozenset[str]:
        """Return the digests of the files that need not be read again."""
        return frozenset(self._digests[doc_id] for doc_id in self.segments)

    def kept(self, readable: Sequence[Readable], refused: Mapping[str, str]) -> list[Readable]:
        """Return the documents of refused files as they were read before.

        A half-copied or damaged file is a mishap, not a wish: what it said yesterday stays
        quotable, and the report says so. Whoever wants it gone removes the file.
        """
        known = self.sound(without={source.doc_id for source in readable}) if refused else {}
        return [
            Readable(segment.document.origin, doc_id, self._digests[doc_id], None)
            for doc_id, segment in known.items()
            if segment.document.origin in refused
        ]

    def taken(
        self, sources: Sequence[Readable], encoder: EncoderUsed, splitting: Splitting
    ) -> dict[str, Segment]:
        """Return the segments of what did not change, if they would be made in the same way."""
        if not self.manifest or self.manifest.splitting != splitting or not self.is_by(encoder):
            return {}
        return {one.doc_id: self.segments[one.doc_id] for one in sources if one.document is None}

    def is_by(self, encoder: EncoderUsed) -> bool:
        """Tell whether an encoder made it."""
        return self.manifest is not None and self.manifest.encoder == encoder

    def sound(self, without: Container[str]) -> dict[str, Segment]:
        """Return the other segments, but for those that are damaged."""
        sound = {}
        for doc_id in self.segments:
            if doc_id not in without:
                with suppress(IndexDamaged):
                    sound[doc_id] = self._checked(doc_id)
        return sound

    def document(self, source: Readable) -> Document:
        """Return the document of a source, read now or before.

        Raises:
            IndexDamaged: it was read before, and cannot be any longer.
        """
        return source.document or self._checked(source.doc_id).document

    def _checked(self, doc_id: str) -> Segment:
        """Return a segment that was held against its digest.

        Raises:
            IndexDamaged: it is not what was written.
        """
        return generations.open_segment(self.index_dir, doc_id, self.segments[doc_id].digest)

    @property
    def _digests(self) -> Mapping[str, str]:
        return self.manifest.documents if self.manifest else {}
