"""The load test: what it asks, and that it notices what is lost, mixed up or failing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hang import HANG
from kept import answer, citation
from serving import listening, tiny_answerer

from footprints.answer.answerer import Answerer
from footprints.errors import Busy
from footprints.evals.cases import Case
from footprints.settings import Settings, load_settings
from footprints.types import Answer
from footprints.web.app import create_app, open_conversations
from footprints.web.conversations import Conversations, Turn
from tools import askers, load
from tools.askers import Figures, Script, Shown, Talk, count_wrong, hold
from tools.load import NoServer, ask_alone, conversations_of, table

CONVERSATIONS = [tuple(f"Who leads Devon {of}, {at}?" for at in range(3)) for of in range(10)]
LEADS = answer("Who leads?", citation("Angela leads.\nHer “team” is small & old."))
PLAN = answer("And the plan?", citation("It has a plan."))


class FailingAnswerer(Answerer):
    """Fails at every question."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Fail."""
        raise RuntimeError


class BusyAnswerer(Answerer):
    """Refuses every question."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Refuse."""
        raise Busy("Come back.")


class MishearingAnswerer(Answerer):
    """Hears another question than was asked."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer somebody else's question."""
        return super().answer("Who leads Kent?")


@contextmanager
def served(
    conversations: Conversations, kind: type[Answerer] = Answerer, **settings: Any
) -> Iterator[str]:
    """Serve a tiny index over a socket, and give its address."""
    tiny = tiny_answerer()
    opened = kind(tiny.index, tiny.encoder, tiny.index_build)
    given = load_settings(**{"rate_per_minute": 0, **settings})
    app = create_app(lambda: opened, conversations=lambda: conversations, settings=given)
    with listening(app) as address:
        yield address


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    """Keep conversations in a file of their own."""
    return Conversations(tmp_path / "conversations")


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    """Return what to ask of the tiny index, and what it says."""
    return ask_alone(tiny_answerer(), CONVERSATIONS, 60)[0]


def shown(turn_id: str, given: Answer, conversation_id: str = "c") -> Shown:
    """Return a page that shows an answer."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in given.citations[0].quote.split("\n"))
    return Shown(conversation_id, f'<article id="{turn_id}">{lines}</article>')


def turn(turn_id: str, given: Answer) -> Turn:
    """Return a turn that was kept."""
    return Turn(turn_id, "c", datetime.now(UTC), given, None, "")


def talk() -> Talk:
    """Return a conversation of two questions, both answered rightly."""
    script = Script(("Who leads?", "And the plan?"), (LEADS, PLAN))
    return Talk(script, [shown("one", LEADS), shown("two", PLAN)])


@pytest.mark.parametrize(("most", "turns"), [(1000, {5}), (250, {5}), (101, {2, 1}), (50, {1})])
def test_conversations_are_dealt_from_cases(most: int, turns: set[int]) -> None:
    """No question is asked twice, and every asker of the largest round has a conversation."""
    cases = [Case(str(n), "fact", f"{n}?", ("0?",) if n % 2 else (), False, ()) for n in range(300)]
    dealt = conversations_of(cases, most)
    asked = [question for questions in dealt for question in questions]
    assert len(asked) == len(set(asked)) == min(most, 300)
    assert {len(questions) for questions in dealt} == turns
    assert len(dealt) >= 50


def test_the_answerer_alone_is_timed_when_warm() -> None:
    """Every question is answered once for the scripts; those that there is time for are timed."""
    scripts, figures = ask_alone(tiny_answerer(), CONVERSATIONS, 60)
    assert [script.questions for script in scripts] == CONVERSATIONS
    assert {len(script.answers) for script in scripts} == {3}
    assert (len(figures.milliseconds), figures.passed) == (30, True)
    scripts, figures = ask_alone(tiny_answerer(), CONVERSATIONS, 0)
    assert (len(scripts), figures.milliseconds, figures.passed) == (10, [], False)


@pytest.mark.parametrize("many", [1, 10])
def test_nothing_is_lost(many: int, conversations: Conversations, scripts: list[Script]) -> None:
    """A server in order gives every asker their own answers, and keeps them."""
    with served(conversations) as address:
        figures, talks = asyncio.run(hold(address, scripts, many, HANG))
    assert count_wrong(talks, conversations.turns) == 0
    assert (figures.errors, figures.refused, len(figures.milliseconds)) == (0, 0, 30)
    assert figures.passed
    assert len({talk.conversation_id for talk in talks}) == 10
    assert {len(talk.shown) for talk in talks} == {3}


def test_who_is_refused_asks_again(
    conversations: Conversations, scripts: list[Script], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refusals are counted, are no errors, and all is answered in the end."""
    monkeypatch.setattr(askers, "_LONGEST_WAIT", 0.01)
    with served(conversations, queue=0) as address:
        figures, talks = asyncio.run(hold(address, scripts, 10, HANG))
    assert figures.refused > 0
    assert (figures.errors, len(figures.milliseconds)) == (0, 30)
    assert count_wrong(talks, conversations.turns) == 0


def test_the_time_is_bounded(conversations: Conversations, scripts: list[Script]) -> None:
    """When the time is over nothing more is asked, not even by who was refused."""
    with served(conversations, BusyAnswerer) as address:
        refused, _ = asyncio.run(hold(address, scripts, 5, 0.2))
        nothing, _ = asyncio.run(hold(address, scripts, 5, 0))
    assert refused.refused <= 5
    assert (refused.errors, refused.passed) == (0, False)
    assert (nothing.milliseconds, nothing.refused, nothing.passed) == ([], 0, False)


def test_a_failing_server_is_noticed(conversations: Conversations, scripts: list[Script]) -> None:
    """A failure and a server that is gone are errors, each of which ends a conversation."""
    with served(conversations, FailingAnswerer) as address:
        failed, _ = asyncio.run(hold(address, scripts, 5, HANG))
    gone, _ = asyncio.run(hold(address, scripts, 5, HANG))
    assert (failed.errors, gone.errors) == (10, 10)
    assert not failed.passed
    assert not gone.passed


@pytest.mark.parametrize("status", [429, 503])
def test_a_refusal_says_when_to_ask_again(status: int) -> None:
    """A refusal that does not say when is an error as any other."""
    assert askers._is_refused(httpx2.Response(status, headers={"Retry-After": "1"}))
    assert not askers._is_refused(httpx2.Response(status))
    assert not askers._is_refused(httpx2.Response(500, headers={"Retry-After": "1"}))


def test_wrong_answers_are_noticed(conversations: Conversations, scripts: list[Script]) -> None:
    """Every answer that is not the answerer's own to that question is wrong."""
    with served(conversations, MishearingAnswerer) as address:
        figures, talks = asyncio.run(hold(address, scripts[:4], 2, HANG))
    assert count_wrong(talks, conversations.turns) == len(figures.milliseconds) == 12


def test_what_is_in_order_is_not_counted() -> None:
    """A conversation that holds what was asked, answered and shown has nothing wrong."""
    kept = [turn("one", LEADS), turn("two", PLAN)]
    assert count_wrong([talk(), Talk(talk().script)], lambda of: kept if of else []) == 0


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [
        ([], 2),
        ([turn("one", LEADS)], 1),
        ([turn("two", PLAN)], 2),
        ([turn("two", PLAN), turn("one", LEADS)], 2),
        ([turn("one", LEADS), turn("two", PLAN), turn("three", PLAN)], 1),
        ([turn("one", LEADS), turn("other", PLAN)], 1),
        ([turn("one", LEADS), turn("two", answer("And the plan?", LEADS.citations[0]))], 1),
        ([turn("one", LEADS), turn("two", answer("And in Kent?", PLAN.citations[0]))], 1),
        ([turn("one", LEADS), turn("two", answer("And the plan?"))], 1),
    ],
    ids=["all", "last", "first", "order", "extra", "other", "quote", "question", "status"],
)
def test_what_was_lost_or_mixed_up_is_counted(kept: list[Turn], wrong: int) -> None:
    """A turn that is missing, too many, out of order or of somebody else counts."""
    assert count_wrong([talk()], lambda _: kept) == wrong


@pytest.mark.parametrize(
    "seen",
    [shown("two", LEADS), shown("other", PLAN), Shown("c", "")],
    ids=["other quote", "other turn", "nothing"],
)
def test_what_was_shown_counts(seen: Shown) -> None:
    """An answer that is kept rightly but shown wrongly counts."""
    mixed = Talk(talk().script, [shown("one", LEADS), seen])
    assert count_wrong([mixed], lambda _: [turn("one", LEADS), turn("two", PLAN)]) == 1


def test_marked_words_are_shown_words() -> None:
    """A line counts as shown where it is strong, numbered and has its words marked."""
    html = '<article id="two"><p><b>1</b> <strong>It has a <mark>plan</mark>.</strong> And</p>'
    marked = Talk(talk().script, [shown("one", LEADS), Shown("c", html)])
    assert count_wrong([marked], lambda _: [turn("one", LEADS), turn("two", PLAN)]) == 0


def test_the_table_has_a_line_for_each_round() -> None:
    """The table names its columns, and a round without answers has no percentiles."""
    rounds = [Figures("1 asker", [10.0, 20.0], 0.5, 3, 1, 2), Figures("50 askers", [], 1.0)]
    head, one, none = table(rounds).splitlines()
    assert head.split()[:5] == ["questions", "p50", "ms", "p95", "ms"]
    assert one.split() == ["1", "asker", "2", "15.0", "19.5", "20.0", "4.0", "3", "1", "2"]
    assert none.split()[2:6] == ["0", "nan", "nan", "nan"]


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    """What the server said as it ended is in the error."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = load_settings(index_dir=tmp_path / "index", port=listener.getsockname()[1])
        with pytest.raises(NoServer, match="in use"), load.server(settings):
            pass


def test_the_real_thing(built: Settings, answerer: Answerer, tmp_path: Path) -> None:
    """The real server answers several askers of the real index as the answerer alone does."""
    settings = built.model_copy(update={"data_dir": tmp_path, "port": 0, "rate_per_minute": 0})
    real, _ = ask_alone(answerer, [CONVERSATIONS[0], ("What is an STP?", "And in Devon?")], HANG)
    with load.server(settings) as address:
        assert address.startswith("http://127.0.0.1:")
        figures, talks = asyncio.run(hold(address, real, 2, HANG))
        assert count_wrong(talks, open_conversations(settings).turns) == 0
    assert (figures.passed, len(figures.milliseconds)) == (True, 5)
