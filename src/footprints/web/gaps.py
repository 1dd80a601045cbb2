"""What people ask and do not find: counts by week, and the words that no document has.

No question is kept. A word is counted once a week for each asker, is shown when ``LEAST`` askers
have used it, as a rarer one may tell who asked, and goes when a conversation of then would.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from footprints.answer.answerer import Answerer
from footprints.index.lexical import terms, words
from footprints.types import Answer, AnswerStatus
from footprints.web.storage import Storage

LEAST = 3
"""So many askers must have used a word before it is shown."""

_OUTCOMES = {
    AnswerStatus.ANSWERED: "answered",
    AnswerStatus.OVERVIEW: "answered",
    AnswerStatus.POSSIBLE: "possible",
    AnswerStatus.ABSTAINED_NOT_IN_CORPUS: "no",
    AnswerStatus.ABSTAINED_OFF_TOPIC: "no",
}
"""What is counted; a remark to the chat is no question, nor is what nobody can read."""

_COUNTS_KEPT = timedelta(weeks=53)
_SHORTEST, _LONGEST = 3, 60
_MOST_SEEN = 100_000

_MIGRATIONS = (
    (
        """
        create table outcome (
            week text not null, name text not null, asked integer not null,
            primary key (week, name)
        ) strict
        """,
        """
        create table word (
            week text not null, word text not null collate nocase, askers integer not null,
            primary key (week, word)
        ) strict
        """,
    ),
)

_COUNT_OUTCOME = (
    "insert into outcome (week, name, asked) values (?, ?, 1) "
    "on conflict do update set asked = asked + 1"
)
_COUNT_WORD = (
    "insert into word (week, word, askers) values (?, ?, 1) "
    "on conflict do update set askers = askers + 1"
)


@dataclass(frozen=True, slots=True)
class Week:
    """How many questions of a week, from its Monday, ended in which way."""

    monday: date
    answered: int
    possible: int
    no: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A word or name that no document has, and how many askers used it."""

    word: str
    askers: int


class Gaps:
    """The counts in one file, safe to share; all that reads or writes raises ``StorageFailed``."""

    def __init__(self, path: Path, keep: timedelta = timedelta(days=30)) -> None:
        """Open the file, which is made if there is none; words are kept for a time.

        Raises:
            OSError, sqlite3.Error: that is not possible.
        """
        self._storage = Storage(path, _MIGRATIONS, "Counts of what is not found")
        self._keep = keep
        self._lock = Lock()
        self._seen: set[int] = set()
        self._known: tuple[str, frozenset[str]] = ("", frozenset())

    def close(self) -> None:
        """Close the file."""
        self._storage.close()

    def note(self, answer: Answer, answerer: Answerer, asker: str) -> None:
        """Count an answer, and the words of its question that no document has."""
        if not (outcome := _OUTCOMES.get(answer.status)):
            return
        week = _monday(_today()).isoformat()
        missing: Sequence[str] = ()
        if outcome != "answered":
            missing = self._unseen(week, asker, _missing(answer, self._terms(answerer)))
        with self._storage.write() as database:
            database.execute(_COUNT_OUTCOME, [week, outcome])
            database.executemany(_COUNT_WORD, [(week, word) for word in missing])

    def weeks(self) -> list[Week]:
        """Return the weeks in which something was asked, newest first."""
        counts: dict[str, dict[str, int]] = {}
        query = "select week, name, asked from outcome where week >= ? order by week desc"
        for week, name, asked in self._rows(query, [_since(_COUNTS_KEPT)]):
            counts.setdefault(week, {"answered": 0, "possible": 0, "no": 0})[name] = asked
        return [Week(date.fromisoformat(week), **count) for week, count in counts.items()]

    def missing(self) -> list[Missing]:
        """Return the words that enough askers used, the most used first."""
        query = (
            "select min(word), sum(askers) from word where week >= ? group by word "
            "having sum(askers) >= ? order by sum(askers) desc, word"
        )
        return [Missing(*row) for row in self._rows(query, [_since(self._keep), LEAST])]

    def sweep(self) -> None:
        """Delete what has expired, from the disk too."""
        with self._storage.write() as database:
            database.execute("delete from outcome where week < ?", [_since(_COUNTS_KEPT)])
            database.execute("delete from word where week < ?", [_since(self._keep)])
        self._storage.forget()

    def _unseen(self, week: str, asker: str, missing: Sequence[str]) -> Sequence[str]:
        """Return the words that are new from an asker this week, which only memory knows."""
        with self._lock:
            if len(self._seen) > _MOST_SEEN:
                self._seen.clear()
            keys = {word: hash((week, asker, word.lower())) for word in missing}
            new = [word for word, key in keys.items() if key not in self._seen]
            self._seen.update(keys.values())
        return new

    def _terms(self, answerer: Answerer) -> frozenset[str]:
        """Return the stems of all words of the documents, worked out once for each build."""
        build, known = self._known
        if build != answerer.index_build:
            index = answerer.index
            facts = (f"{one.title} {one.publisher}" for one in index.facts.documents)
            known = frozenset(terms(" ".join([*index.facts.lexicon.counts, *facts])))
            self._known = (answerer.index_build, known)
        return known

    def _rows(self, query: str, values: Sequence[Any]) -> list[Any]:
        with self._storage.read() as database:
            return database.execute(query, values).fetchall()


def _missing(answer: Answer, known: frozenset[str]) -> list[str]:
    """Return the names and words of a question that no document has; numbers are none."""
    named = " ".join(answer.unmentioned).lower()
    return list(dict.fromkeys([*answer.unmentioned, *_unknown(answer.question, known, named)]))


def _unknown(question: str, known: frozenset[str], named: str) -> Iterator[str]:
    for word in words(question):
        text = question[word.start : word.end].lower()
        is_word = text.isalpha() and _SHORTEST <= len(text) <= _LONGEST
        if is_word and word.term and word.term not in known and text not in named:
            yield text


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _since(kept: timedelta) -> str:
    """Return the first week of which something is kept: whose last day is not too long ago."""
    return _monday(_today() - kept).isoformat()


def _today() -> date:
    return datetime.now(UTC).date()
