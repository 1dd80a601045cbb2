"""The encodings of one question and its readings, each made once, and the time that they took."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter

from footprints.types import Encoding

_CORES = ThreadPoolExecutor(thread_name_prefix="encode", max_workers=os.cpu_count())
"""Each question is encoded on one core, and no more are at a time than there are cores."""


class Encoded:
    """Encodings of questions, each made only once, several at a time."""

    def __init__(self, encode: Callable[[Sequence[str]], list[Encoding]]) -> None:
        self._encode = encode
        self._known: dict[str, Future[list[Encoding]]] = {}
        self._taken = 0.0

    def ahead(self, texts: Iterable[str]) -> None:
        """Begin to encode questions; nobody waits until they are asked for."""
        for text in texts:
            if text not in self._known:
                self._known[text] = _CORES.submit(self._encode, [text])

    def of(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions."""
        watch = Stopwatch()
        self.ahead(texts)
        encodings = [encoding for text in texts for encoding in self._known[text].result()]
        self._taken += watch.lap()
        return encodings

    def lap(self) -> float:
        """Return the milliseconds that were waited since the last lap, and start the next."""
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
