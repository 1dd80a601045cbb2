"""What stands above the quotes of an answer, seen and heard in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from driving import served, watched
from fakes import FakeEncoder
from playwright.sync_api import Browser, expect
from test_every_state import see_answer, wrong_with
from tiny import document, index_of

from footprints.answer.answerer import Answerer
from footprints.types import Answer, AnswerStatus, Difference

pytest_plugins = "started"

ENCODER = FakeEncoder()
PLAN = "Sustainability and transformation plans (STPs) were announced."
PARTNERSHIP = "STP stands for sustainability and transformation partnership."
PAGES = (document(f"# 2016\n\n{PLAN}", "plan"), document(f"# What is it?\n\n{PARTNERSHIP}", "now"))
QUESTION = "Sustainability and transformation plans or partnership, what stands STP for?"


DOUBT: dict[str, Any] = {"status": AnswerStatus.POSSIBLE, "unmentioned": ("King’s Fund",)}


class Doubting(Answerer):
    """Answers as ever, but doubts it and says how it read the question."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer with both pages."""
        given = super().answer(f"{PLAN} {PARTNERSHIP}", history)
        assert given.differences == (Difference(1, 2, "definition"),)
        return replace(given, question=question, read_after=("Who leads Kent?",), **DOUBT)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve two pages that differ."""
    answerer = Doubting(index_of(ENCODER, *PAGES), ENCODER, "tiny")
    with served(answerer, tmp_path_factory.mktemp("data")) as address:
        yield address


def test_remarks_are_accessible(browser: Browser, address: str) -> None:
    """Narrow and wide, in both schemes, nothing is wrong with what stands above the quotes."""
    with watched(browser, address) as page:
        see_answer(page, QUESTION)
        for words in (
            "These documents differ in what STP stands for",
            "no clear answer",
            "King’s Fund",
            "Read as a follow-up to “Who leads Kent?”",
        ):
            expect(page.locator("article p", has_text=words)).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text(
            "These documents differ in what STP stands for:"
        )
        assert {check: found for check, found in wrong_with(page).items() if found} == {}
        page.get_by_role("button", name="Ask it by itself").click()
        expect(page.locator("article.turn")).to_have_count(2)


def test_a_difference_leads_to_its_quotes(browser: Browser, address: str) -> None:
    """Each link of a difference goes to the quote that it names, which is set off."""
    with watched(browser, address) as page:
        see_answer(page, QUESTION)
        for number in (1, 2):
            page.get_by_role("link", name=f"quote {number}", exact=True).click()
            expect(page.locator(f".quote:target[id$='-{number}']")).to_be_in_viewport()


def test_remarks_are_printed(browser: Browser, address: str) -> None:
    """On paper the remarks stand too."""
    with watched(browser, address) as page:
        see_answer(page, QUESTION)
        page.emulate_media(media="print")
        expect(page.locator(".differ")).to_be_visible()


def test_paper_says_where_and_when(browser: Browser, address: str) -> None:
    """On paper an answer has its address and its day, and a document how it is cited."""
    with watched(browser, address) as page:
        see_answer(page, QUESTION)
        printed = page.locator(".printed")
        expect(printed).to_be_hidden()
        where = page.get_by_role("link", name="Link to this answer").get_attribute("href")
        page.emulate_media(media="print")
        expect(printed).to_have_text(re.compile(rf"^{address}{where}, asked on \d+ \w+ 20\d\d$"))
        page.goto("/documents/plan")
        cited = page.locator(".cite p")
        expect(cited).to_be_visible()
        expect(cited).to_contain_text(f"{address}/documents/plan (read on ")
