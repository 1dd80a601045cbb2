"""Askers who hold conversations with a server as browsers do, and what they were answered.

Every other question is asked in place as htmx asks it, the others by form, redirect and page. An
asker who is refused (429 or 503 with Retry-After) waits as told and asks the same question again;
the refusal is counted, the waiting is in no time. Any other failure ends its conversation.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from time import perf_counter

import numpy as np
from httpx2 import AsyncClient, HTTPError, Limits, Response

from footprints.types import Answer
from footprints.web.conversations import Turn
from footprints.web.owners import COOKIE, new_owner

_REFUSED = (429, 503)
_LONGEST_WAIT = 5.0
"""Seconds that an asker waits at most before asking again, whatever Retry-After says."""

_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Script:
    """What is asked in one conversation, and what the answerer alone says to each question."""

    questions: tuple[str, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What an asker was shown for a question, and the conversation that it said it is in."""

    conversation_id: str
    html: str


@dataclass(slots=True)
class Talk:
    """A conversation as its asker saw it, answer by answer."""

    script: Script
    shown: list[Shown] = field(default_factory=list)

    @property
    def conversation_id(self) -> str:
        """Return where the next question goes; nowhere yet before the first answer."""
        return self.shown[-1].conversation_id if self.shown else ""


@dataclass(slots=True)
class Figures:
    """What one round came to. ``milliseconds`` has the time of each answer."""

    name: str
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    refused: int = 0
    errors: int = 0
    wrong: int = 0
    """Answers that were lost or mixed up."""

    @property
    def longest(self) -> float:
        """Return the longest time that an answer took."""
        return max(self.milliseconds, default=np.nan)

    @property
    def passed(self) -> bool:
        """Tell whether something was answered, and nothing went wrong but refusals."""
        return bool(self.milliseconds) and not (self.errors or self.wrong)


async def hold(
    address: str, scripts: Sequence[Script], askers: int, seconds: float
) -> tuple[Figures, list[Talk]]:
    """Hold the conversations, so many at a time, until all are held or the time is over.

    A question that has been asked is waited for, so that the end may be some seconds late.
    """
    # One for all askers: of those that the server sets in its first answers the last would win.
    cookies = {COOKIE: new_owner()}

    figures, talks = Figures(f"{askers} asker{'s' * (askers > 1)}"), list(map(Talk, scripts))
    waiting, limits = iter(talks), Limits(max_connections=askers, max_keepalive_connections=askers)
    async with AsyncClient(
        base_url=address,
        headers={"Origin": address},
        cookies=cookies,
        follow_redirects=True,
        limits=limits,
        timeout=_TIMEOUT,
        trust_env=False,  # no proxy: nothing leaves the loopback
    ) as client:
        began = perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(askers):
                group.create_task(_asker(client, waiting, figures, began + seconds))
        figures.seconds = perf_counter() - began
    return figures, talks


async def _asker(
    client: AsyncClient, waiting: Iterator[Talk], figures: Figures, until: float
) -> None:
    """Hold one conversation after another; an error ends a conversation."""
    for talk in waiting:
        for number, question in enumerate(talk.script.questions):
            fields = {"question": question, "conversation": talk.conversation_id}
            headers = {} if number % 2 else {"HX-Request": "true"}
            shown = await _ask(client, fields, headers, figures, until)
            if shown is None:
                break
            talk.shown.append(shown)


async def _ask(
    client: AsyncClient,
    fields: dict[str, str],
    headers: dict[str, str],
    figures: Figures,
    until: float,
) -> Shown | None:
    """Ask until there is an answer; None if there is an error or no time.

    Where it is the page of the answer that is refused, that is asked for again, not the question.
    """
    page = ""
    while perf_counter() < until:
        began = perf_counter()
        response = await _sent(client, page, fields, headers)
        taken = perf_counter() - began
        if response is not None and _is_refused(response):
            figures.refused += 1
            page = str(response.url) if response.history else page
            wait = min(float(response.headers["Retry-After"]), _LONGEST_WAIT)
            await asyncio.sleep(max(0, min(wait, until - perf_counter())))
            continue
        shown = None if response is None else _shown(response)
        if shown is None:
            figures.errors += 1
        else:
            figures.milliseconds.append(taken * 1000)
        return shown
    return None


async def _sent(
    client: AsyncClient, page: str, fields: dict[str, str], headers: dict[str, str]
) -> Response | None:
    """Send the form and follow where it leads, or open a page; None if no response comes."""
    try:
        if page:
            return await client.get(page)
        return await client.post("/ask", data=fields, headers=headers)
    except HTTPError:
        return None


def _is_refused(response: Response) -> bool:
    return response.status_code in _REFUSED and "Retry-After" in response.headers


def _shown(response: Response) -> Shown | None:
    """Read where a browser is led, in place or by a redirect; None if that is no conversation."""
    path = response.headers.get("HX-Push-Url", response.url.path)
    if response.status_code != 200 or not path.startswith("/c/"):
        return None
    return Shown(path.removeprefix("/c/"), response.text)


def count_wrong(talks: Sequence[Talk], kept: Callable[[str], Iterable[Turn]]) -> int:
    """Count answers that a conversation lost, that it should not hold, or that are not right."""
    return sum(_wrong_in(talk, list(kept(talk.conversation_id))) for talk in talks)


def _wrong_in(talk: Talk, turns: Sequence[Turn]) -> int:
    compared = zip(turns, talk.shown, talk.script.answers, strict=False)
    wrong = sum(not _is_right(turn, shown, alone) for turn, shown, alone in compared)
    return wrong + abs(len(turns) - len(talk.shown))


def _is_right(turn: Turn, shown: Shown, alone: Answer) -> bool:
    """Tell whether an answer was kept as the answerer alone gives it, and shown as it was kept."""
    _, found, html = shown.html.partition(f'id="{turn.turn_id}"')
    html = unescape(re.sub("<[^>]+>", "", html))
    lines = (line for one in turn.answer.citations for line in one.quote.split("\n"))
    return (
        bool(found) and _said(turn.answer) == _said(alone) and all(line in html for line in lines)
    )


def _said(answer: Answer) -> object:
    """Return what an answer says: all but its times, its probabilities and which build it is of."""
    given = [
        (one.number, one.doc_id, one.start, one.end, one.quote, one.also)
        for one in (*answer.citations, *answer.further)
    ]
    return answer.question, answer.status, given
