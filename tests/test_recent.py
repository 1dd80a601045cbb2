"""What was reckoned last."""

from __future__ import annotations

from footprints.answer.recent import MOST, Recent


def test_a_value_is_reckoned_once() -> None:
    """What is kept is not reckoned again, nothing and zero included; what was kept last counts."""
    recent: Recent[str, int | None] = Recent()
    for value in (None, 0):
        recent.keep("a", value)
        assert recent.get("a", lambda: 1 // 0) == value
    assert recent.get("b", lambda: 1) == recent.get("b", lambda: 2) == 1


def test_what_was_used_longest_ago_goes() -> None:
    """Only so many values are kept: those that were used last."""
    recent: Recent[int, int] = Recent()
    for number in range(MOST):
        recent.keep(number, number)
    recent.get(0, lambda: -1)
    recent.keep(MOST, MOST)
    assert recent.get(0, lambda: -1) == 0
    assert recent.get(1, lambda: -1) == -1
