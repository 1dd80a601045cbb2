"""Conversations, kept in one SQLite file: each question, and its answer as given.

A random id is the only key to reading a conversation or an answer: it cannot be guessed and is
never listed. Only its owner may continue a conversation, rate its answers and delete it: whoever
has the secret of which it holds the SHA-256. Times are in UTC, to the second.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from footprints.types import Answer, AnswerStatus
from footprints.web.storage import Storage

PAGE = 20
"""How many turns are read at a time."""

_ANSWER = TypeAdapter(Answer)

_MIGRATIONS = (
    (
        """
        create table if not exists conversation (
            id text primary key,
            expires text not null
        ) strict
        """,
        """
        create table if not exists turn (
            id text primary key,
            conversation text not null references conversation on delete cascade,
            asked text not null,
            answer text not null,
            helpful integer,
            words text not null default ''
        ) strict
        """,
        "create index if not exists turn_conversation on turn (conversation)",
    ),
    (
        "alter table conversation add column owner text",
        "create index conversation_expires on conversation (expires)",
    ),
)
"""A file from before there were versions has the first of them; nobody owns what is in it."""

_FROM = "from turn join conversation on conversation.id = conversation"
_BEFORE = "turn.rowid < (select rowid from turn where id = ?)"
_ID = re.compile(r"[A-Za-z0-9_-]{22}")

_ROOM = 65_536
"""How many bytes must be free before conversations are saved again."""

_log = logging.getLogger(__name__)


class Helped(StrEnum):
    """What an asker says of an answer."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


_HELPED = (Helped.NO, Helped.YES, Helped.PARTLY)
"""By the number that is kept; an older file has the first two."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation with its answer, and what the asker said of it."""

    turn_id: str
    conversation_id: str
    asked: datetime
    answer: Answer
    helpful: Helped | None
    words: str


@dataclass(frozen=True, slots=True)
class RecentTurns:
    """Consecutive turns of a conversation, oldest first, and how many there are before them."""

    turns: tuple[Turn, ...] = ()
    earlier: int = 0


class Conversations:
    """The conversations in one file, safe to share.

    All that reads or writes raises ``StorageFailed`` while the file cannot be read or written.
    """

    def __init__(self, path: Path, keep: timedelta = timedelta(days=30)) -> None:
        """Open the file, which is made if there is none.

        Raises:
            OSError, sqlite3.Error: that is not possible.
        """
        self._storage = Storage(path, _MIGRATIONS)
        self._keep = keep

    @property
    def trouble(self) -> str | None:
        """Say why the last read or write failed, or None if it did not."""
        return self._storage.trouble

    def close(self) -> None:
        """Close the file."""
        self._storage.close()

    def start(self, owner: str | None = None) -> str:
        """Begin a conversation and return its id; without an owner nobody can change it."""
        conversation_id = _new_id()
        with self._storage.write() as database:
            database.execute(
                "insert into conversation (id, expires, owner) values (?, ?, ?)",
                [conversation_id, _text(_now() + self._keep), _digest(owner)],
            )
        return conversation_id

    def add(self, conversation_id: str, answer: Answer, owner: str | None = None) -> Turn:
        """Add an answer to a conversation, and renew its expiry.

        Raises:
            KeyError: the owner has no such conversation, or it has expired.
        """
        turn = new_turn(answer, conversation_id)
        with self._storage.write() as database:
            lives = database.execute(
                "update conversation set expires = ? where id = ? and owner is ? and expires >= ?",
                [
                    _text(turn.asked + self._keep),
                    conversation_id,
                    _digest(owner),
                    _text(turn.asked),
                ],
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

    def keep(self, answer: Answer, conversation_id: str | None, owner: str) -> Turn:
        """Add an answer to the owner's conversation, or to a new one if there is no such."""
        if conversation_id:
            with suppress(KeyError):
                return self.add(conversation_id, answer, owner)
        return self.add(self.start(owner), answer, owner)

    def owns(self, owner: str | None, conversation_id: str) -> bool:
        """Tell whether somebody owns a conversation."""
        query = "select 1 from conversation where id = ? and owner = ? and expires >= ?"
        return bool(self._rows(query, [conversation_id, _digest(owner), _text(_now())]))

    def recent(self, conversation_id: str, before: str | None = None) -> RecentTurns:
        """Return the last turns of a conversation, or the last before one of them."""
        condition, values = "conversation = ?", [conversation_id]
        if before is not None:
            condition, values = f"{condition} and {_BEFORE}", [conversation_id, before]
        turns = self._turns(condition, values, f"desc limit {PAGE}")[::-1]
        if not turns:
            return RecentTurns()
        query = f"select count(*) {_FROM} where conversation = ? and {_BEFORE}"
        ((earlier,),) = self._rows(query, [conversation_id, turns[0].turn_id])
        return RecentTurns(tuple(turns), earlier)

    def turns(self, conversation_id: str) -> Iterator[Turn]:
        """Yield the turns of a conversation, oldest first, with few in memory at a time."""
        last = ""
        while turns := self._turns(
            "conversation = ? and turn.rowid > coalesce((select rowid from turn where id = ?), 0)",
            [conversation_id, last],
            f"limit {PAGE}",
        ):
            yield from turns
            last = turns[-1].turn_id

    def questions(self, conversation_id: str, owner: str, most: int) -> list[str]:
        """Return the last questions of the owner's conversation about documents, oldest first."""
        return self._questions(
            "conversation = ? and owner = ? and expires >= ?",
            [conversation_id, _digest(owner), _text(_now())],
            most,
        )

    def before(self, turn: Turn) -> list[str]:
        """Return the questions about documents before one of the turns, oldest first."""
        return self._questions(
            f"conversation = ? and {_BEFORE}", [turn.conversation_id, turn.turn_id]
        )

    def turn(self, turn_id: str) -> Turn | None:
        """Return one turn, or None if it is gone."""
        return next(iter(self._turns("turn.id = ?", [turn_id])), None)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with all its turns, from the disk too."""
        with self._storage.write() as database:
            database.execute("delete from conversation where id = ?", [conversation_id])
        self._storage.forget()

    def sweep(self) -> None:
        """Delete what has expired, from the disk too; in trouble, check whether it is over."""
        with self._storage.write() as database:
            if self.trouble:
                # Deleting may need no room where keeping does.
                expired = [_new_id(), ""]
                database.execute("insert into conversation (id, expires) values (?, ?)", expired)
                database.execute(
                    "insert into turn (id, conversation, asked, answer) values (?, ?, ?, ?)",
                    [_new_id(), *expired, " " * _ROOM],
                )
            database.execute("delete from conversation where expires < ?", [_text(_now())])
        self._storage.forget()

    def say(self, turn_id: str, helpful: Helped, words: str) -> None:
        """Record whether an answer helped; the latest record counts."""
        query = "update turn set helpful = ?, words = ? where id = ?"
        with self._storage.write() as database:
            database.execute(query, [_HELPED.index(helpful), words, turn_id])

    def with_feedback(self) -> list[Turn]:
        """Return the turns of which somebody said whether they helped, oldest first."""
        return self._turns("turn.helpful is not null", [])

    def feedback_page(self, page: int) -> list[Turn]:
        """Return the turns of a page of feedback, newest first; the first page is 1."""
        order = f"desc limit {PAGE} offset {PAGE * (page - 1)}"
        return self._turns("turn.helpful is not null", [], order)

    def feedback_counts(self) -> dict[Helped, int]:
        """Count what was said of answers."""
        query = (
            f"select helpful, count(*) {_FROM} "
            "where helpful is not null and expires >= ? group by helpful"
        )
        counts = dict(self._rows(query, [_text(_now())]))
        return {helped: counts.get(number, 0) for number, helped in enumerate(_HELPED)}

    def _turns(self, condition: str, values: Sequence[str], order: str = "") -> list[Turn]:
        rows = self._rows(
            f"select turn.id, conversation, asked, answer, helpful, words {_FROM} "
            f"where {condition} and expires >= ? order by turn.rowid {order}",
            [*values, _text(_now())],
        )
        return [
            Turn(
                turn_id,
                conversation_id,
                datetime.fromisoformat(asked),
                _answer_of(answer),
                None if helpful is None else _HELPED[helpful],
                words,
            )
            for turn_id, conversation_id, asked, answer, helpful, words in rows
        ]

    def _questions(self, condition: str, values: Sequence[str | None], most: int = -1) -> list[str]:
        rows = self._rows(
            f"select json_extract(answer, '$.question') {_FROM} "
            f"where {condition} and json_extract(answer, '$.topic') is null "
            f"order by turn.rowid desc limit {most}",
            values,
        )
        return [question for (question,) in reversed(rows)]

    def _rows(self, query: str, values: Sequence[str | None]) -> list[Any]:
        with self._storage.read() as database:
            return database.execute(query, values).fetchall()


def _answer_of(kept: str) -> Answer:
    """Read an answer; one from before quotes had surroundings has them in what it has.

    Then too, what may not have been an answer was called doubtful.
    """
    values = json.loads(kept)
    if "related" in values:
        values["further"] = values.pop("related")
        if values.pop("doubtful", False):
            values["status"] = AnswerStatus.POSSIBLE
        for one in (*values["citations"], *values["further"]):
            place = {"start": one["start"], "end": one["end"], "text": one["quote"]}
            one["surroundings"] = place
    return _ANSWER.validate_python(values)


def new_turn(answer: Answer, conversation_id: str) -> Turn:
    """Make a turn of an answer given now."""
    return Turn(_new_id(), conversation_id, _now(), answer, None, "")


def is_id(text: str) -> bool:
    """Tell whether this could be the id of a conversation."""
    return _ID.fullmatch(text) is not None


def _new_id() -> str:
    return secrets.token_urlsafe(16)


def _digest(secret: str | None) -> str | None:
    return None if secret is None else hashlib.sha256(secret.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _text(moment: datetime) -> str:
    return moment.isoformat()
