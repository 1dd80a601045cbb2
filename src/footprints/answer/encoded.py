"""The encodings of one question and its readings, each made once, and the time that they took."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from footprints.types import Encoding


class Encoded:
    """Encodings of questions, each made only once."""

    def __init__(self, encode: Callable[[Sequence[str]], list[Encoding]]) -> None:
        self._encode = encode
        self._known: dict[str, Encoding] = {}
        self._taken = 0.0

    def of(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions."""
        watch = Stopwatch()
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known |= zip(new, self._encode(new), strict=True)
        self._taken += watch.lap()
        return [self._known[text] for text in texts]

    def lap(self) -> float:
        """Return the milliseconds that encoding took since the last lap, and start the next."""
        taken, self._taken = self._taken, 0.0
        return round(taken, 3)


class Stopwatch:
    """Measure milliseconds from one lap to the next."""

    def __init__(self) -> None:
        self._from = perf_counter()

    def lap(self) -> float:
        """Return the milliseconds since the last lap, and start the next."""
        now, last = perf_counter(), self._from
        self._from = now
        return round((now - last) * 1000, 3)
