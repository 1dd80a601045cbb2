"""Conversations and answers as they are kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kept import DATED, answer, citation
from pydantic import TypeAdapter

from footprints.answer.answerer import Answerer
from footprints.types import Answer, AnswerStatus, Place, Topic
from footprints.web import conversations as module
from footprints.web.conversations import Conversations, Helped


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where conversations are to be kept, in a folder that is not there yet."""
    return tmp_path / "data" / "kept.sqlite3"


@pytest.fixture
def store(path: Path) -> Conversations:
    """Open an empty file of conversations."""
    return Conversations(path)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def pass_(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Stop the clock of the conversations."""
    stopped = Clock()
    monkeypatch.setattr(module, "_now", stopped)
    yield stopped


def questions(store: Conversations, conversation_id: str) -> list[str]:
    """Return what was asked in a conversation, in order."""
    return [turn.answer.question for turn in store.turns(conversation_id)]


def lives(store: Conversations, conversation_id: str) -> bool:
    """Tell whether a conversation is kept and has not expired."""
    query = "select 1 from conversation where id = ? and expires >= ?"
    with closing(sqlite3.connect(store._storage._path)) as database:
        now = module._now().isoformat()
        return database.execute(query, [conversation_id, now]).fetchone() is not None


def test_turns_are_in_order(store: Conversations) -> None:
    """Turns come back in the order in which they were asked, within the same second too."""
    conversation_id = store.start()
    added = [store.add(conversation_id, answer(f"Question {n}?")) for n in range(20)]
    assert list(store.turns(conversation_id)) == added
    assert questions(store, conversation_id) == [f"Question {n}?" for n in range(20)]


def test_what_was_said_to_the_chat_is_no_question(store: Conversations) -> None:
    """A follow-up leans on what was asked of the documents, and not on thanks in between."""
    conversation_id = store.start("owner")
    thanks = replace(answer("Thanks"), topic=Topic.THANKS)
    last = [store.add(conversation_id, one, "owner") for one in (answer("Who?"), thanks)][-1]
    assert store.questions(conversation_id, "owner", 2) == ["Who?"]
    assert store.before(last) == ["Who?"]


@pytest.mark.parametrize(
    "kept",
    [
        answer("Who?", DATED, citation("Kent.", also=(Place("a", 0, 5), Place("b", 7, 12)))),
        answer("Nobody?", further=(DATED,)),
        answer("<b>&amp;</b> '\"; drop table turn; -- \u202eשלום\u202c 東京 🙂 \u2028 {{ 7 }}"),
        answer(
            "A quote of such text", citation("'\" \\ \t\n\u200b\u202e \u2029 🙂", headings=("",))
        ),
    ],
)
def test_an_answer_comes_back_equal(store: Conversations, path: Path, kept: object) -> None:
    """An answer is read back as the same value, whatever it holds."""
    turn = store.add(store.start(), kept)  # type: ignore[arg-type]
    again = Conversations(path).turn(turn.turn_id)
    assert again
    assert again.answer == kept


def test_real_answers_come_back_equal(store: Conversations, answerer: Answerer) -> None:
    """What the answerer gives is read back as the same value, answered or not."""
    for question in ("Who leads the Devon STP?", "How much NHS funding backs the STPs?", "hello"):
        given = answerer.answer(question)
        turn = store.turn(store.add(store.start(), given).turn_id)
        assert turn
        assert turn.answer == given


def test_an_unknown_id_is_nothing(store: Conversations) -> None:
    """Ids that are not there have no conversation, no turns and no answer."""
    store.add(store.start(), answer("Who?"))
    for unknown in ("", "none", "%", "' or 1=1 --", "a\x00b", "é"):
        assert not lives(store, unknown)
        assert questions(store, unknown) == []
        assert store.turn(unknown) is None


def test_ids_cannot_be_guessed(store: Conversations) -> None:
    """Every id has at least 128 random bits, in characters that an address may hold."""
    ids = [store.start() for _ in range(50)]
    ids += [store.add(ids[0], answer("Who?")).turn_id for _ in range(50)]
    assert len(set(ids)) == 100
    for one in ids:
        assert len(one) * 6 >= 128
        assert one.isascii()
        assert one.replace("-", "").replace("_", "").isalnum()
    for column in range(22):
        assert len({one[column] for one in ids}) > (1 if column == 21 else 20)


def test_a_deleted_conversation_is_gone(store: Conversations, path: Path) -> None:
    """Deleting a conversation deletes its turns and their feedback, and no other conversation's."""
    gone, kept = store.start(), store.start()
    turn, other = store.add(gone, answer("Gone?")), store.add(kept, answer("Kept?"))
    store.say(turn.turn_id, Helped.YES, "words")
    store.delete(gone)
    assert not lives(store, gone)
    assert (questions(store, gone), store.turn(turn.turn_id), store.with_feedback()) == (
        [],
        None,
        [],
    )
    assert store.turn(other.turn_id) == other
    with pytest.raises(KeyError):
        store.add(gone, answer("Again?"))
    assert b"Gone?" not in path.read_bytes()


def test_a_conversation_expires(path: Path, clock: Clock) -> None:
    """A conversation that nobody adds to is gone after its time, to the second."""
    store = Conversations(path, keep=timedelta(hours=1))
    conversation_id = store.start()
    turn = store.add(conversation_id, answer("Who?"))
    store.say(turn.turn_id, Helped.YES, "")
    clock.pass_(hours=1)
    assert lives(store, conversation_id)
    assert store.turn(turn.turn_id)
    clock.pass_(seconds=1)
    assert not lives(store, conversation_id)
    assert questions(store, conversation_id) == []
    assert store.turn(turn.turn_id) is None
    assert store.with_feedback() == store.feedback_page(1) == []
    assert set(store.feedback_counts().values()) == {0}


def test_a_conversation_lives_on_with_every_turn(path: Path, clock: Clock) -> None:
    """A conversation's time begins again with each question, for its earlier turns too."""
    store = Conversations(path, keep=timedelta(hours=1))
    conversation_id = store.start()
    for number in range(3):
        store.add(conversation_id, answer(f"Question {number}?"))
        clock.pass_(minutes=50)
    assert len(questions(store, conversation_id)) == 3


def test_an_expired_conversation_takes_no_answer(path: Path, clock: Clock) -> None:
    """What has expired stays gone: it is not brought back by adding to it."""
    store = Conversations(path, keep=timedelta(hours=1))
    conversation_id = store.start()
    clock.pass_(hours=2)
    with pytest.raises(KeyError):
        store.add(conversation_id, answer("Who?"))


def test_the_last_word_counts(store: Conversations) -> None:
    """Feedback is kept beside the answer; said again, it replaces what was said before."""
    conversation_id = store.start()
    first, second = (store.add(conversation_id, answer(q)) for q in ("One?", "Two?"))
    store.say(first.turn_id, Helped.YES, "Very good.")
    store.say(first.turn_id, Helped.NO, "")
    again = store.turn(first.turn_id)
    assert again
    assert (again.helpful, again.words) == (Helped.NO, "")
    assert store.with_feedback() == [again]
    assert store.turn(second.turn_id) == second


def test_feedback_is_in_order(store: Conversations) -> None:
    """Feedback is listed by when its question was asked; on a page the newest comes first."""
    turns = [store.add(store.start(), answer(f"Question {n}?")) for n in range(3)]
    for turn in reversed(turns):
        store.say(turn.turn_id, Helped.YES, turn.answer.question)
    asked = [turn.answer.question for turn in turns]
    assert [turn.words for turn in store.with_feedback()] == asked
    assert [turn.words for turn in store.feedback_page(1)] == asked[::-1]
    assert store.feedback_counts() == {Helped.YES: 3, Helped.PARTLY: 0, Helped.NO: 0}


def test_conversations_survive_a_restart(store: Conversations, path: Path) -> None:
    """Another process that opens the same file finds everything, feedback included."""
    conversation_id = store.start()
    turn = store.add(conversation_id, answer("Who?", DATED))
    store.say(turn.turn_id, Helped.YES, "naïve 東京")
    again = Conversations(path)
    assert lives(again, conversation_id)
    (found,) = again.turns(conversation_id)
    assert (found.answer, found.words) == (turn.answer, "naïve 東京")


def test_concurrent_askers_do_not_mix(store: Conversations, path: Path) -> None:
    """Answers added by many threads at once are all kept, in order, each where it belongs."""
    ids = [store.start() for _ in range(2)]

    def asker(number: int) -> None:
        own = store if number % 4 < 2 else Conversations(path)
        for turn in range(10):
            store_answer = answer(f"{ids[number % 2]} {number} {turn}")
            own.add(ids[number % 2], store_answer)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(asker, range(8)))
    for place, conversation_id in enumerate(ids):
        asked = [question.split() for question in questions(store, conversation_id)]
        assert {owner for owner, _, _ in asked} == {conversation_id}
        for number in range(place, 8, 2):
            own = [int(turn) for _, asker_, turn in asked if int(asker_) == number]
            assert own == list(range(10))


def test_an_answer_from_before_there_were_remarks(store: Conversations, path: Path) -> None:
    """An answer that was kept without what is said above the quotes today is read without it."""
    turn = store.add(store.start(), answer("Who leads?", DATED))
    with closing(sqlite3.connect(path)) as database, database:
        for name in ("searched_for", "differs", "differences", "parts", "unmentioned", "topic"):
            database.execute("update turn set answer = json_remove(answer, ?)", [f"$.{name}"])
    kept = store.turn(turn.turn_id)
    assert kept is not None
    assert kept.answer == turn.answer
    assert kept.answer.searched_for is None
    assert (kept.answer.differs, kept.answer.differences) == (False, ())


def as_before(old: Answer, doubtful: bool) -> str:
    """Write an answer as the version did that had neither surroundings nor grades."""
    values = json.loads(TypeAdapter(Answer).dump_json(old))
    values["related"] = values.pop("further")
    values["doubtful"] = doubtful
    for name in ("parts", "unmentioned", "topic"):
        del values[name]
    for one in (*values["citations"], *values["related"]):
        del one["surroundings"], one["context"]
    return json.dumps(values)


@pytest.mark.parametrize(
    ("given", "doubtful", "status"),
    [
        (answer("Who leads?", DATED), False, "answered"),
        (answer("Who leads?", DATED), True, "possible"),
        (answer("Why?", further=(DATED,)), False, "abstained_not_in_corpus"),
    ],
)
def test_an_answer_from_before_quotes_had_surroundings(
    store: Conversations, path: Path, given: Answer, doubtful: bool, status: str
) -> None:
    """An answer of the version before is read whole: its quotes stand in nothing but themselves."""
    turn = store.add(store.start(), given)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("update turn set answer = ?", [as_before(given, doubtful)])
    kept = store.turn(turn.turn_id)
    assert kept is not None
    assert kept.answer == replace(given, status=AnswerStatus(status))
