"""The engine: answers off the event loop, few at a time, with a bounded queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import BoundedSemaphore
from time import monotonic
from typing import Any, TypeVar

from footprints.answer.answerer import Answerer
from footprints.answer.searching import Reading
from footprints.answer.suggest import finding_next
from footprints.errors import Busy
from footprints.settings import Settings
from footprints.types import ALL_DOCUMENTS, Answer, Only
from footprints.web.metrics import Metrics

T = TypeVar("T")

LONGEST_WAIT = 1.0
"""Seconds in the queue after which a question is refused instead of begun."""

_TOO_MANY = "Too many questions are waiting; ask again in a moment."

_log = logging.getLogger(__name__)


class Engine:
    """Shared threads: ``workers`` questions are answered at a time, ``queue`` may wait.

    Each question brings its answerer, so that a new build changes no answer in flight.
    """

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._log_questions = settings.log_questions
        self._metrics = metrics
        self._places = BoundedSemaphore(settings.workers + settings.queue)
        self._pool = ThreadPoolExecutor(settings.workers, thread_name_prefix="engine")
        self.is_open = True

    async def answer(
        self,
        answerer: Answerer,
        question: str,
        history: Sequence[str] = (),
        only: Only = ALL_DOCUMENTS,
    ) -> Answer:
        """Answer a question, from some documents alone if they are chosen.

        Raises:
            Busy: the queue is full, or the wait in it was too long.
            BadQuestion: see ``Answerer.answer``.
        """
        answer = await self._run(lambda: answerer.of(only).answer(question, history), question)
        self._metrics.answered(answer)
        return answer

    async def search(
        self,
        answerer: Answerer,
        question: str,
        history: Sequence[str] = (),
        only: Only = ALL_DOCUMENTS,
    ) -> Reading:
        """Rank sentences for a question, of some documents alone if they are chosen.

        Raises:
            Busy, BadQuestion: see ``answer``.
        """
        return await self._run(lambda: answerer.of(only).search(question, history), question)

    async def next_questions(
        self,
        answerer: Answerer,
        answer: Answer,
        history: Sequence[str],
        earlier: Sequence[Answer] = (),
    ) -> tuple[str, ...]:
        """Find what to ask after an answer, as far as other questions leave time for it.

        Each try waits in the queue by itself, so that an asker waits for one at most.
        """
        tries = finding_next(answerer, answer, history, earlier)
        found: tuple[str, ...] = ()
        with suppress(Busy):
            while (more := await self._run(lambda: next(tries, None))) is not None:
                found = more
        return found

    async def aclose(self) -> None:
        """Take no more questions, and finish those that are waiting."""
        self.is_open = False
        await asyncio.to_thread(self._pool.shutdown)

    async def _run(self, work: Callable[[], T], question: str = "") -> T:
        if not (self.is_open and self._places.acquire(blocking=False)):
            raise Busy(_TOO_MANY)
        if question and self._log_questions:
            _log.info("asked", extra={"fields": {"question": question}})
        self._metrics.in_flight.inc()
        future = self._pool.submit(_begin, monotonic(), work)
        # Not when the asker is answered but when the work ends: who has left still takes a place.
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[Any]) -> None:
        self._places.release()
        self._metrics.in_flight.dec()


def _begin(since: float, work: Callable[[], T]) -> T:
    """Do the work, unless it has waited for too long."""
    if monotonic() - since > LONGEST_WAIT:
        raise Busy(_TOO_MANY)
    return work()
