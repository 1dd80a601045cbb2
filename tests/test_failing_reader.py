"""The page and the command with a reader that fails half the time: every question is answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from hang import HANG
from readers import Reply, breaks, chat, says, serving
from serving import app_of, listening

from footprints.answer.answerer import Answerer
from footprints.answer.reading import ReadBy
from footprints.contract import answer_json
from footprints.settings import PREFIX, Settings
from footprints.types import AnswerStatus

QUESTIONS = [
    "How many vanguard sites are there in the East of England?",
    "Which chief executive is the lead for Hertfordshire and West Essex?",
    "How many vanguards were set up across England altogether?",
    "What is the South East's acute care collaboration vanguard called?",
    "Which hospitals take part in Developing One NHS in Dorset?",
    "Who leads the Kent and Medway STP?",
]
GOOD = says('{"best": [2]}')
NO_JSON = says("There are eight.")
OUT_OF_RANGE = says('{"best": [25]}')
SHORT = 1.0
"""Seconds for a reader that says nothing; those that do have as long as they need."""

Answered = dict[str, Any]
Door = Callable[[Settings], list[Answered]]
"""Asks all questions, one after the other, and returns the answers in the form of the contract."""


def by_page(settings: Settings) -> list[Answered]:
    """Ask in the form of the chat, over sockets."""
    app = app_of(Answerer.open(settings), reader=settings.reader, reader_url=settings.reader_url)
    with listening(app) as address, httpx2.Client(base_url=address, timeout=HANG) as client:
        return [in_chat(client, question, address) for question in QUESTIONS]


def in_chat(client: httpx2.Client, question: str, address: str) -> Answered:
    """Ask a question, and return the answer that the page of its conversation shows."""
    asked = client.post("/ask", data={"question": question}, headers={"Origin": address})
    assert asked.status_code == 303
    shown = urlsplit(asked.headers["location"])
    assert client.get(shown.path).status_code == 200
    kept: Answered = client.get(f"/api/answers/{shown.fragment}").json()
    return kept


def by_command(settings: Settings) -> list[Answered]:
    """Ask with the command, in a process that has to end by itself."""
    given = settings.model_dump(exclude_unset=True)
    run = subprocess.run(
        [sys.executable, "-m", "footprints", "ask", "--batch"],
        input="\n".join(json.dumps({"question": one}) for one in QUESTIONS),
        capture_output=True,
        text=True,
        env=os.environ | {f"{PREFIX}{name.upper()}": str(value) for name, value in given.items()},
        timeout=HANG,
        check=True,
    )
    assert run.stderr == ""
    return [json.loads(line) for line in run.stdout.splitlines()]


def quotes(answer: Answered) -> list[str]:
    """Return what an answer quotes, in its order."""
    assert AnswerStatus(answer["status"])
    return [one["quote"] for one in answer["citations"]]


@pytest.fixture(scope="module")
def unread(answerer: Answerer) -> list[list[str]]:
    """Return the quotes for each question without a reader."""
    return [quotes(answer_json(answerer.answer(one))) for one in QUESTIONS]


@pytest.fixture(scope="module")
def read(answerer: Answerer, unread: list[list[str]]) -> list[list[str]]:
    """Return the quotes for each question in the order of a reader that does not fail."""
    with serving(GOOD) as (url, _):
        by = ReadBy.of(chat(url), HANG)
        reads = Answerer(answerer.index, answerer.encoder, answerer.index_build, read_by=by)
        found = [quotes(answer_json(reads.answer(one))) for one in QUESTIONS]
    assert all(found[some::2] != unread[some::2] for some in (0, 1))
    return found


def asked_with(door: Door, built: Settings, url: str, seconds: float = HANG) -> list[list[str]]:
    """Ask with a reader at an address, and return the quotes for each question."""
    reader = {"reader": "openai:made", "reader_url": url, "reader_seconds": seconds}
    return [quotes(one) for one in door(built.model_copy(update=reader))]


def test_every_second_request_fails(built: Settings, read: list[list[str]]) -> None:
    """A reader that fails every second time is asked again, and every answer is in its order."""
    failing = [one for fault in (breaks, NO_JSON, OUT_OF_RANGE) * 2 for one in (fault, GOOD)]
    with serving(*failing) as (url, asked):
        assert asked_with(by_page, built, url) == read
    assert len(asked) == 2 * len(QUESTIONS)


@pytest.mark.parametrize("door", [by_page, by_command])
def test_every_second_question_is_not_read(
    door: Door, built: Settings, read: list[list[str]], unread: list[list[str]]
) -> None:
    """Where a reader fails twice the answer is that without a reader, and the next is read."""
    failing = [one for fault in (breaks, NO_JSON, OUT_OF_RANGE) for one in (GOOD, fault, fault)]
    with serving(*failing) as (url, asked):
        found = asked_with(door, built, url)
    assert found[0::2] == read[0::2]
    assert found[1::2] == unread[1::2]
    assert len(asked) == len(failing)


@pytest.mark.parametrize("door", [by_page, by_command])
def test_silence_keeps_no_answer(
    door: Door, built: Settings, read: list[list[str]], unread: list[list[str]]
) -> None:
    """Every answer is there while the reader has yet to say a word on every second question."""
    over = Event()
    with serving(silent_on(QUESTIONS[1::2], over)) as (url, asked):
        try:
            found = asked_with(door, built, url, SHORT)
        finally:
            over.set()
    assert found[1::2] == unread[1::2]
    # A busy machine may take longer than the reader has, whatever it says.
    for one, first, second in zip(found[0::2], read[0::2], unread[0::2], strict=True):
        assert one in (first, second)
    assert len(asked) <= len(QUESTIONS)


def silent_on(questions: list[str], over: Event) -> Reply:
    """Return a reply that does not come for some questions until all is over."""

    def reply(request: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        if json.loads(body["messages"][1]["content"])["question"] in questions:
            over.wait(HANG)
        else:
            GOOD(request, body)

    return reply
