"""Stand-ins that keep the contracts of the real parts and cost nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from footprints.types import Encoding, Vectors

# At most 16 characters a piece, so that a very long word has several, as with a real tokenizer.
_PIECE = re.compile(r"\w{1,16}|[^\w\s]")


class FakeEncoder:
    """An ``Encoder`` whose vectors come from hashes: texts with the same words are near."""

    def __init__(
        self,
        name: str = "fake",
        max_pieces: int = 254,
        dimension: int = 256,
        digest: str = "0" * 64,
    ) -> None:
        self.name = name
        self.digest = digest
        self.dimension = dimension
        self.max_pieces = max_pieces

    def pieces(self, text: str) -> NDArray[np.int32]:
        """Return where each word piece of a text stands, shape (pieces, 2), nothing cut off."""
        spans = [match.span() for match in _PIECE.finditer(text)]
        return np.asarray(spans, dtype=np.int32).reshape(-1, 2)

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts, in their order; what is longer than ``max_pieces`` is cut off."""
        return [self._encoding(text) for text in texts]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode as any text."""
        return self.encode(texts)

    def _encoding(self, text: str) -> Encoding:
        spans = self.pieces(text)[: self.max_pieces]
        rows = [_unit_vector(text[start:end].lower(), self.dimension) for start, end in spans]
        tokens = np.array(rows, dtype=np.float32).reshape(-1, self.dimension)
        mean = tokens.mean(axis=0) if rows else _unit_vector("", self.dimension)
        return Encoding(vector=_scaled(mean), tokens=tokens, spans=spans)


@cache
def _unit_vector(token: str, dimension: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(token.encode()).digest()[:8])
    return _scaled(np.random.default_rng(seed).standard_normal(dimension))


def _scaled(vector: NDArray[np.floating]) -> Vectors:
    return (vector / np.linalg.norm(vector)).astype(np.float32)
