"""Sessions: begun with the token alone, ended by time, by hand, and with the server."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from footprints.web.admin.sessions import HOURS, Sessions

TOKEN = SecretStr("a token of some length")


def test_the_token_begins_a_session() -> None:
    """Each session has a random id of its own, which is open only where it was begun."""
    sessions = Sessions(TOKEN)
    one, other = (sessions.sign_in(TOKEN.get_secret_value()) for _ in range(2))
    assert one
    assert other
    assert one != other
    assert len(one) >= 40
    assert sessions.is_open(one)
    assert not Sessions(TOKEN).is_open(one)


@pytest.mark.parametrize("token", ["", "a token of some lengt", "A token of some length", "\ud800"])
def test_any_other_does_not(token: str) -> None:
    """A token that is wrong in any way begins nothing."""
    assert Sessions(TOKEN).sign_in(token) is None


def test_a_session_ends_by_itself() -> None:
    """After its hours a session is over, used or not."""
    now = [0.0]
    sessions = Sessions(TOKEN, lambda: now[0])
    session = sessions.sign_in(TOKEN.get_secret_value()) or ""
    now[0] = HOURS * 3600 - 1
    assert sessions.is_open(session)
    now[0] += 1
    assert not sessions.is_open(session)


def test_signing_out_ends_one() -> None:
    """Who signs out ends one session and no other."""
    sessions = Sessions(TOKEN)
    one, other = (sessions.sign_in(TOKEN.get_secret_value()) or "" for _ in range(2))
    sessions.sign_out(one)
    assert (sessions.is_open(one), sessions.is_open(other)) == (False, True)
    sessions.sign_out("never begun")


def test_there_are_only_so_many() -> None:
    """Past a hundred sessions the oldest ends for the next."""
    sessions = Sessions(TOKEN)
    begun = [sessions.sign_in(TOKEN.get_secret_value()) or "" for _ in range(101)]
    assert [sessions.is_open(one) for one in begun] == [False] + [True] * 100
