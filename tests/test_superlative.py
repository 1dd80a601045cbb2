"""Superlatives: told from words that only end like one."""

from __future__ import annotations

import pytest

from footprints.answer.superlative import superlative


@pytest.mark.parametrize(
    "text",
    [
        "Which gate is oldest?",
        "The BEST of all paths",
        "the worst, by far",
        "most praised",
        "the easiest way",
        "the biggest barn",
        "who came first",
    ],
)
def test_a_superlative(text: str) -> None:
    """“Most”, “best” and what stands beside a form in “-er” are superlatives, in any case."""
    assert superlative(text)


@pytest.mark.parametrize(
    "text",
    [
        "In the West, a forest of interest",
        "a test of our guest",
        "the latest and most recent request",
        "at most three, at least two",
        "an honest rest",
        "in the first place, first of all",
        "older and better",
    ],
)
def test_no_superlative(text: str) -> None:
    """What only ends like one, says when, or bounds a number says nothing of the most."""
    assert not superlative(text)
