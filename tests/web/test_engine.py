"""Answers off the event loop, few at a time, with a bounded queue."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from threading import Event
from unittest import mock

import httpx2
import pytest
from hang import HANG
from serving import SlowAnswerer, app_of, in_loop, tiny_answerer

from footprints.answer.answerer import Answerer
from footprints.errors import BadQuestion, Busy
from footprints.settings import load_settings
from footprints.types import Answer
from footprints.web.engine import Engine
from footprints.web.metrics import Metrics
from footprints.web.server import server_of

QUESTION = "Who leads Devon?"


def engine(workers: int = 1, queue: int = 32) -> Engine:
    """Make an engine."""
    return Engine(load_settings(workers=workers, queue=queue), Metrics())


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(HANG):
        while not is_so():
            await asyncio.sleep(0.002)


@in_loop
async def test_it_answers_and_searches() -> None:
    """The engine gives what its answerer gives."""
    answerer = tiny_answerer()
    async with aclosing(engine()) as one:
        answer = await one.answer(answerer, "And who leads it?", [QUESTION])
        reading = await one.search(answerer, QUESTION)
    assert answer.citations == answerer.answer("And who leads it?", [QUESTION]).citations
    assert reading.ranking == answerer.search(QUESTION).ranking


@in_loop
async def test_it_works_off_the_event_loop() -> None:
    """While a question is answered in a thread of its own, the event loop goes on."""
    slow = SlowAnswerer()
    async with aclosing(engine()) as one:
        asked = asyncio.create_task(one.answer(slow, QUESTION))
        await until(lambda: bool(slow.threads))
        assert not asked.done()
        slow.gate.set()
        await asked
    assert threading.current_thread().name not in slow.threads


@pytest.mark.parametrize("workers", [1, 3])
@in_loop
async def test_few_at_a_time(workers: int) -> None:
    """No more questions are answered at the same time than there are workers, and none is lost."""
    slow = SlowAnswerer()
    async with aclosing(engine(workers)) as one:
        questions = [f"Who leads Devon {number}?" for number in range(20)]
        asked = [asyncio.create_task(one.answer(slow, question)) for question in questions]
        await until(lambda: slow.most_at_once == workers)
        slow.gate.set()
        answers = await asyncio.gather(*asked)
    assert [answer.question for answer in answers] == questions
    assert slow.most_at_once == workers


@in_loop
async def test_a_full_queue_refuses_at_once() -> None:
    """Who finds the queue full is refused while the others still wait, and they are answered."""
    slow = SlowAnswerer()
    async with aclosing(engine(workers=1, queue=2)) as one:
        asked = [asyncio.create_task(one.answer(slow, QUESTION)) for _ in range(3)]
        await until(lambda: bool(slow.threads))
        with pytest.raises(Busy, match="ask again"):
            await one.answer(slow, QUESTION)
        with pytest.raises(Busy):
            await one.search(slow, QUESTION)
        assert not any(task.done() for task in asked)
        slow.gate.set()
        assert len(await asyncio.gather(*asked)) == 3
        assert await one.answer(slow, QUESTION)


@in_loop
async def test_stopping_finishes_what_is_in_flight() -> None:
    """A closing engine answers what is being answered and what waits, and takes no more."""
    slow = SlowAnswerer()
    one = engine()
    asked = [asyncio.create_task(one.answer(slow, QUESTION)) for _ in range(3)]
    await until(lambda: bool(slow.threads))
    closing = asyncio.create_task(one.aclose())
    await asyncio.sleep(0.02)
    assert not closing.done()
    with pytest.raises(Busy):
        await one.answer(slow, QUESTION)
    slow.gate.set()
    assert len(await asyncio.gather(*asked)) == 3
    await closing


def test_a_stopping_server_finishes_what_is_in_flight() -> None:
    """A server that is told to stop sends the answer it is working on, and then ends."""
    slow = SlowAnswerer()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = server_of(app_of(slow))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"

        async def ask() -> httpx2.Response:
            async with httpx2.AsyncClient(base_url=address, timeout=HANG) as client:
                await until(lambda: server.started)
                asked = asyncio.create_task(client.post("/api/ask", json={"question": QUESTION}))
                await until(lambda: bool(slow.threads))
                server.should_exit = True
                await asyncio.sleep(0.2)
                assert thread.is_alive()
                slow.gate.set()
                return await asked

        try:
            assert asyncio.run(ask()).json()["question"] == QUESTION
        finally:
            slow.gate.set()
            server.should_exit = True
            thread.join(HANG)
        assert not thread.is_alive()


@in_loop
async def test_who_leaves_the_queue_frees_a_place() -> None:
    """An asker who leaves while waiting frees a place; one whose answer is begun does not yet."""
    slow = SlowAnswerer()
    async with aclosing(engine(workers=1, queue=1)) as one:
        begun = asyncio.create_task(one.answer(slow, QUESTION))
        await until(lambda: bool(slow.threads))
        waiting = asyncio.create_task(one.answer(slow, QUESTION))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        begun.cancel()
        await asyncio.gather(begun, return_exceptions=True)
        again = asyncio.create_task(one.answer(slow, QUESTION))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await one.answer(slow, QUESTION)
        slow.gate.set()
        assert await again


@in_loop
async def test_a_failure_frees_its_place() -> None:
    """A bad question is told to who asked it, and the place is free for the next."""
    async with aclosing(engine(workers=1, queue=0)) as one:
        for _ in range(3):
            with pytest.raises(BadQuestion):
                await one.answer(tiny_answerer(), "?")
        assert await one.answer(tiny_answerer(), QUESTION)


def test_who_has_waited_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that was in the queue for too long is not begun, and its asker is told so."""

    async def ask() -> None:
        slow = SlowAnswerer()
        async with aclosing(engine(workers=1, queue=2)) as one:
            first = asyncio.create_task(one.answer(slow, QUESTION))
            await until(lambda: bool(slow.threads))
            waiting = [asyncio.create_task(one.answer(slow, f"{QUESTION} {n}")) for n in (1, 2)]
            await asyncio.sleep(0.05)
            slow.gate.set()
            assert await first
            for task in waiting:
                with pytest.raises(Busy, match="ask again"):
                    await task
            assert await one.answer(slow, QUESTION)

    monkeypatch.setattr("footprints.web.engine.LONGEST_WAIT", 0.04)
    asyncio.run(ask())


@in_loop
async def test_what_to_ask_next_gives_way() -> None:
    """A question that comes while suggestions are tried waits for one try, not for them all."""
    begun: list[str] = []
    gate = Event()

    def tries(*_: object) -> Iterator[tuple[str, ...]]:
        for number in range(3):
            begun.append(f"try {number}")
            assert gate.wait(HANG)
            yield tuple(begun)

    class Noting(Answerer):
        def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
            begun.append("question")
            return super().answer(question, history)

    answerer = Noting(tiny_answerer().index, tiny_answerer().encoder, "tiny")
    with mock.patch("footprints.web.engine.finding_next", tries):
        async with aclosing(engine(workers=1, queue=2)) as one:
            finding = asyncio.create_task(
                one.next_questions(answerer, answerer.answer(QUESTION), ())
            )
            begun.clear()
            await until(lambda: begun == ["try 0"])
            asked = asyncio.create_task(one.answer(answerer, QUESTION))
            await asyncio.sleep(0)
            gate.set()
            assert await asked
            assert await finding == tuple(begun)
    assert begun == ["try 0", "question", "try 1", "try 2"]


@in_loop
async def test_what_to_ask_next_is_what_there_was_time_for() -> None:
    """Where the queue is full nothing more is tried, and what was found stands."""
    slow = SlowAnswerer()
    async with aclosing(engine(workers=1, queue=0)) as one:
        asked = asyncio.create_task(one.answer(slow, QUESTION))
        await until(lambda: bool(slow.threads))
        assert await one.next_questions(slow, tiny_answerer().answer(QUESTION), ()) == ()
        slow.gate.set()
        assert await asked
