"""Conversations, kept in one SQLite file: what was asked, and the answer as it was given.

A random id is the only key to a conversation or an answer: it cannot be guessed and is never
listed. Times are in UTC, to the second.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from footprints.types import Answer

_ANSWER = TypeAdapter(Answer)

_SCHEMA = """
create table if not exists conversation (
    id text primary key,
    expires text not null
) strict;
create table if not exists turn (
    id text primary key,
    conversation text not null references conversation on delete cascade,
    asked text not null,
    answer text not null,
    helpful integer,
    words text not null default ''
) strict;
create index if not exists turn_conversation on turn (conversation);
"""

_TURNS = (
    "select turn.id, conversation, asked, answer, helpful, words "
    "from turn join conversation on conversation.id = conversation"
)

_BUSY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation with its answer, and whether the asker said it helped."""

    turn_id: str
    conversation_id: str
    asked: datetime
    answer: Answer
    helpful: bool | None
    words: str


class Conversations:
    """The conversations in one file. Safe to share: every call opens a connection of its own.

    One more stays open and idle, since the last to be closed would write the whole journal back.
    """

    def __init__(self, path: Path, keep: timedelta = timedelta(days=30)) -> None:
        self._path = path
        self._keep = keep
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as database:
            database.execute("pragma journal_mode = wal")
            database.executescript(_SCHEMA)
        self._idle = sqlite3.connect(path, check_same_thread=False)
        self._idle.execute("select count(*) from conversation").fetchone()

    def close(self) -> None:
        """Let go of the file."""
        self._idle.close()

    def start(self) -> str:
        """Begin a conversation and return its id; those that have expired are deleted."""
        conversation_id = _new_id()
        with self._open() as database:
            database.execute("delete from conversation where expires < ?", [_text(_now())])
            database.execute(
                "insert into conversation values (?, ?)",
                [conversation_id, _text(_now() + self._keep)],
            )
        return conversation_id

    def add(self, conversation_id: str, answer: Answer) -> Turn:
        """Add an answer to a conversation, which then lives on from now.

        Raises:
            KeyError: there is no such conversation, or it has expired.
        """
        turn = Turn(_new_id(), conversation_id, _now(), answer, None, "")
        with self._open() as database:
            lives = database.execute(
                "update conversation set expires = ? where id = ? and expires >= ?",
                [_text(turn.asked + self._keep), conversation_id, _text(turn.asked)],
            )
            if not lives.rowcount:
                raise KeyError(conversation_id)
            database.execute(
                "insert into turn (id, conversation, asked, answer) values (?, ?, ?, ?)",
                [
                    turn.turn_id,
                    conversation_id,
                    _text(turn.asked),
                    _ANSWER.dump_json(answer).decode(),
                ],
            )
        return turn

    def keep(self, answer: Answer, conversation_id: str | None) -> Turn:
        """Add an answer to a conversation, or to a new one if that is gone or there is none."""
        if conversation_id:
            with suppress(KeyError):
                return self.add(conversation_id, answer)
        return self.add(self.start(), answer)

    def turns(self, conversation_id: str) -> list[Turn]:
        """Return the turns of a conversation, oldest first; none if it is gone."""
        return self._select("turn.conversation = ?", [conversation_id])

    def turn(self, turn_id: str) -> Turn | None:
        """Return one turn, or None if it is gone."""
        return next(iter(self._select("turn.id = ?", [turn_id])), None)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with all its turns."""
        with self._open() as database:
            database.execute("delete from conversation where id = ?", [conversation_id])

    def say(self, turn_id: str, helpful: bool, words: str) -> None:
        """Keep whether an answer helped; the last word counts."""
        with self._open() as database:
            database.execute(
                "update turn set helpful = ?, words = ? where id = ?",
                [int(helpful), words, turn_id],
            )

    def with_feedback(self) -> list[Turn]:
        """Return the turns that somebody said helped or did not, oldest first."""
        return self._select("turn.helpful is not null", [])

    def before(self, turn: Turn) -> list[str]:
        """Return the questions of a conversation before one of its turns, oldest first."""
        questions = []
        for other in self.turns(turn.conversation_id):
            if other.turn_id == turn.turn_id:
                break
            questions.append(other.answer.question)
        return questions

    def _select(self, condition: str, values: list[str]) -> list[Turn]:
        with self._open() as database:
            query = f"{_TURNS} where {condition} and expires >= ? order by turn.rowid"
            rows = database.execute(query, [*values, _text(_now())]).fetchall()
        return [
            Turn(
                turn_id,
                conversation_id,
                datetime.fromisoformat(asked),
                _ANSWER.validate_json(answer),
                None if helpful is None else bool(helpful),
                words,
            )
            for turn_id, conversation_id, asked, answer, helpful, words in rows
        ]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as database, database:
            database.execute("pragma foreign_keys = on")
            # With a write-ahead log a crash of the process loses nothing; only the power going
            # could lose the very last answers, and waiting for the disk costs more than finding.
            database.execute("pragma synchronous = normal")
            yield database


def _new_id() -> str:
    return secrets.token_urlsafe(16)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _text(moment: datetime) -> str:
    return moment.isoformat()
