"""Reading an answer in a browser: what is in view, what is folded, and what one takes along."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import served, watched
from fakes import FakeEncoder
from playwright.sync_api import Browser, Page, expect
from test_every_state import CUT_OFF, TOO_WIDE
from test_journeys import DEVON, ICS, LIST, ask
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.evals.cases import cases_of, load_cases
from footprints.settings import Settings
from footprints.types import Answer
from footprints.web.grouping import Card, sections

pytest_plugins = "started"

NARROW = {"width": 320, "height": 800}
LONG = "How did Leicester, Leicestershire and Rutland engage the public?"
FOUR = "What were the eastern STPs going through in July 2016?"
HEIGHT = """(turn) => turn.getBoundingClientRect().height
  - (turn.querySelector(".next")?.getBoundingClientRect().height ?? 0)"""
"""How high an answer is, without what may be asked next."""


@pytest.fixture(params=["script", "no script"])
def either(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """Open the first page, once with JavaScript and once without."""
    script = request.param == "script"
    with watched(browser, address, (404,), java_script_enabled=script) as page:
        page.goto("/")
        yield page


def cards_in_view(answer: Answer) -> list[Card]:
    """Return the cards of an answer that are not folded away."""
    return [card for one in sections(answer) for card in one.cards if card not in one.folded]


def characters_in_view(answer: Answer) -> int:
    """Count the characters of the cards that are not folded away."""
    return sum(len(card.best.surroundings.text) for card in cards_in_view(answer))


def test_an_answer_of_three_cards_is_short(
    browser: Browser, address: str, answerer: Answerer, built: Settings
) -> None:
    """At 320 pixels twenty `dev` answers with three cards in view are at most 2,000 high each.

    They are those with the most words in view of every fifth question that has one part.
    """
    cases = load_cases(cases_of(built), answerer.index.documents)
    dev = [one.question for one in cases if one.split == "dev" and not one.history]
    answers = [answerer.answer(one) for one in dev[::5]]
    three = [one for one in answers if len(cards_in_view(one)) == 3 and not one.parts]
    longest = sorted(three, key=characters_in_view)[-20:]
    assert len(longest) == 20
    with watched(browser, address, viewport=NARROW) as page:
        for answer in longest:
            page.goto("/")
            turn = ask(page, answer.question)
            expect(turn.locator("> .source")).to_have_count(3)
            assert turn.evaluate(HEIGHT) <= 2000, answer.question


def test_a_wide_table_that_is_quoted(browser: Browser, tmp_path: Path) -> None:
    """On a narrow screen a row of many columns scrolls in its card, by keyboard too."""
    heads = " | ".join(f"Responsibility{at}" for at in range(8))
    cells = " | ".join(f"Commissioning{at}" for at in range(8))
    rows = f"| {heads} |\n{'|-' * 8}|\n| {cells} |"
    wide = document(f"# Kent\n\nWho is responsible in Kent:\n\n{rows}", "kent", "Kent")
    with (
        served(answerer_of(FakeEncoder(), wide), tmp_path) as address,
        watched(browser, address, viewport=NARROW) as page,
    ):
        page.goto("/")
        turn = ask(page, "Who has Commissioning3 and Commissioning5?")
        expect(turn.get_by_role("cell", name="Commissioning7").first).to_be_visible()
        box = turn.get_by_role("group", name="Table").first
        box.focus()
        expect(box).to_be_focused()
        assert page.evaluate(TOO_WIDE) <= 0
        assert page.evaluate(CUT_OFF) == []


def test_more_quotes_are_unfolded(either: Page) -> None:
    """The fourth quote is folded with its count and first words, and unfolds by one press."""
    turn = ask(either, FOUR)
    rest = turn.locator(".rest")
    expect(rest.locator("blockquote").first).to_be_hidden()
    expect(rest.locator("> summary")).to_contain_text(re.compile(r"More quotes \(\d\): “\w"))
    rest.locator("> summary").press("Enter")
    expect(rest.locator("blockquote").first).to_be_visible()


def test_a_list_keeps_its_bullets(either: Page) -> None:
    """The items of a quoted list are a list."""
    turn = ask(either, LIST)
    items = turn.locator(".source").first.get_by_role("listitem")
    expect(items.first).to_have_text("Norfolk and Waveney")


def test_quotes_alone(either: Page) -> None:
    """The surroundings of the quotes are folded away and come back at the reader's wish."""
    turn = ask(either, DEVON)
    around = turn.get_by_text("Dr Matthew Dolman", exact=False).first
    expect(around).to_be_visible()
    turn.get_by_label("Quotes only").check()
    expect(around).to_be_hidden()
    expect(turn.locator(".quote").first).to_be_visible()
    turn.get_by_label("Quotes only").uncheck()
    expect(around).to_be_visible()


def test_quotes_alone_is_remembered(browser: Browser, address: str) -> None:
    """Who reads quotes alone has the next answers so, after a page load too."""
    with watched(browser, address) as page:
        page.goto("/")
        ask(page, DEVON).get_by_label("Quotes only").check()
        expect(ask(page, ICS).get_by_label("Quotes only")).to_be_checked()
        page.reload()
        expect(page.get_by_label("Quotes only").first).to_be_checked()


def test_copying_a_quote(browser: Browser, address: str) -> None:
    """A quote is copied with its source, in the form that was chosen, and that is said."""
    with watched(browser, address) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        page.goto("/")
        turn = ask(page, DEVON)
        turn.locator(".copy summary").first.press("Enter")
        turn.get_by_role("link", name="CSL-JSON").first.press("Enter")
        expect(page.locator("#announcement")).to_have_text("The quote is copied with its source.")
        (item,) = json.loads(page.evaluate("navigator.clipboard.readText()"))
        assert item["publisher"] == "Royal College of Nursing"


def test_copying_a_quote_without_javascript(browser: Browser, address: str) -> None:
    """Without JavaScript the menu opens too, and leads to the text."""
    with watched(browser, address, (404,), java_script_enabled=False) as page:
        page.goto("/")
        turn = ask(page, DEVON)
        turn.locator(".copy summary").first.press("Enter")
        turn.get_by_role("link", name="Plain text").first.click()
        expect(page.locator("body")).to_contain_text("Nursing. No date on the page; about")


def test_a_question_about_now(either: Page) -> None:
    """How old the documents are stands first in an answer to what is asked about now."""
    turn = ask(either, f"{DEVON[:-1]} now?")
    expect(turn.locator(".notice").first).to_have_text("This document describes 2016.")
    expect(ask(either, DEVON).locator("> .meta").last).to_have_text("This document describes 2016.")
