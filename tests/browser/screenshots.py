"""Make the screenshots of every state, in light and dark: ``make screenshots``.

Given a folder and a width, they are made there and so wide, to look at.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from desk import NAMES, desk_served
from driving import chromium, served, watched
from playwright.sync_api import Page, expect

from footprints.answer.answerer import Answerer
from footprints.settings import load_settings
from footprints.web.assets import WEB

SCREENSHOTS = WEB / "screenshots"
LEADS = "Who leads the Devon STP?"
ABSENT = "How many nurses will lose their jobs in Cornwall?"


def ask(page: Page, *questions: str) -> None:
    """Ask in a new conversation, and go to the top of the last answer."""
    page.goto("/")
    for number, question in enumerate(questions):
        page.locator("#question").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator("article.turn")).to_have_count(number + 1)
    page.locator("article.turn").last.evaluate("turn => turn.scrollIntoView()")
    if len(questions) == 1:
        page.evaluate("scrollTo(0, 0)")


def see_error(page: Page) -> None:
    """Ask what has no words."""
    page.goto("/")
    page.locator("#question").fill("?!")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#question-error")).to_be_visible()


def see_too_long(page: Page) -> None:
    """Write more than may be asked."""
    page.goto("/")
    page.locator("#question").fill(f"{LEADS} " * 25)


def see_saved(page: Page) -> None:
    """Open an answer at its own address."""
    ask(page, LEADS)
    page.goto(str(page.get_by_role("link", name="Link to this answer").get_attribute("href")))


def see_failure(page: Page) -> None:
    """Ask while the network is gone."""
    page.goto("/")
    page.route("**/ask", lambda route: route.fulfill(status=503, body="Too many are waiting."))
    page.locator("#question").fill(LEADS)
    page.locator("#question").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def see_waiting(page: Page) -> None:
    """Wait for an answer that does not come."""
    page.goto("/")
    page.route("**/ask", lambda _: None)
    page.locator("#question").fill(LEADS)
    page.locator("#question").press("Enter")
    expect(page.locator(".waiting")).to_be_visible()


def see_mark(page: Page) -> None:
    """Open a quote in its document."""
    ask(page, "What is an integrated care system?")
    page.get_by_role("link", name=re.compile("See .* in place")).first.click()
    expect(page.locator("mark#quote")).to_be_in_viewport()


def see_copying(page: Page) -> None:
    """Unfold how a quote can be copied."""
    ask(page, LEADS)
    page.locator(".copy summary").first.click()
    page.locator(".copy").first.evaluate("menu => menu.scrollIntoView({block: 'center'})")


def see_helped(page: Page) -> None:
    """Say that an answer helped partly, and see what to ask next."""
    ask(page, LEADS)
    page.get_by_role("button", name="Partly").click()
    expect(page.get_by_role("button", name="Send your words")).to_be_visible()
    expect(page.get_by_role("heading", name="Ask next")).to_be_attached()
    page.locator(".actions").evaluate("actions => actions.scrollIntoView()")


def see_alone(page: Page) -> None:
    """Fold the surroundings away."""
    ask(page, "What is an integrated care system?")
    page.get_by_label("Quotes only").check()
    page.evaluate("scrollTo(0, 0)")


def see_rest(page: Page) -> None:
    """Unfold the fourth and the fifth quote."""
    ask(page, "What were the eastern STPs going through in July 2016?")
    page.locator(".rest > summary").click()
    page.locator(".rest > summary").evaluate("summary => summary.scrollIntoView()")


def see_some_only(page: Page) -> None:
    """Ask only some documents."""
    page.goto("/")
    page.locator(".only summary").click()
    page.get_by_label("Royal College of Nursing").check()
    page.locator("#question").fill("What are the risks?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("article.turn")).to_have_count(1)
    page.locator(".only summary").click()
    page.evaluate("scrollTo(0, 0)")


def see_details(page: Page) -> None:
    """Open a document, with all that is known of it."""
    page.goto("/documents/lga-stp-review")
    for summary in page.locator(".known summary").all():
        summary.click()
    page.evaluate("scrollTo(0, 0)")


def see_figures(page: Page) -> None:
    """Read the figures below the sentences."""
    page.goto("/evaluation")
    page.locator("#figures").evaluate("heading => heading.scrollIntoView()")


def see_further(page: Page) -> None:
    """Ask what the documents do not answer, and unfold what is nearest."""
    ask(page, ABSENT)
    page.locator(".further:not(.rest) > summary").click()


STATES: dict[str, Callable[[Page], object]] = {
    "answer": lambda page: ask(page, LEADS),
    "conversation": lambda page: ask(page, LEADS, "And in Dorset?"),
    "possible": lambda page: ask(page, "What were the eastern STPs going through in July 2016?"),
    "parts": lambda page: ask(page, "Who leads Dorset and what is the population of Mars?"),
    "overview": lambda page: ask(page, "Summarise the LGA review"),
    "guidance": lambda page: ask(page, "What can you do?"),
    "shorter": lambda page: ask(page, LEADS, "Shorter please"),
    "quotes-only": see_alone,
    "more-quotes": see_rest,
    "some-only": see_some_only,
    "no": lambda page: ask(page, ABSENT),
    "further": see_further,
    "document": see_mark,
    "documents": lambda page: page.goto("/documents"),
    "document-details": see_details,
    "documents-found": lambda page: page.goto("/documents?q=Who+leads+Devon"),
    "evaluation": lambda page: page.goto("/evaluation"),
    "figures": see_figures,
    "gone": lambda page: page.goto("/documents/none"),
    "empty": lambda page: page.goto("/"),
    "error": see_error,
    "too-long": see_too_long,
    "saved": see_saved,
    "likely": lambda page: ask(page, "What will happen to emergency admissions in vanguards?"),
    "waiting": see_waiting,
    "copying": see_copying,
    "helped": see_helped,
    "now": lambda page: ask(page, "Who leads the Devon STP now?"),
    "failure": see_failure,
}


def make_screenshots_of_managing(folder: Path, width: int) -> None:
    """Write a picture of every state of the pages for managing documents, in both schemes."""
    viewport = {"width": width, "height": 720}
    with (
        TemporaryDirectory() as data,
        desk_served(Path(data), "Kent and Medway") as (address, states),
        chromium() as browser,
        watched(browser, address, (400, 401), viewport=viewport) as page,
    ):
        for name in NAMES:
            states.show(name, page)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                picture = folder / f"{name.replace(' ', '-')}-{scheme}.png"
                page.screenshot(path=picture, full_page=True)


def make_screenshots(answerer: Answerer, folder: Path, width: int) -> None:
    """Write a picture of every state in both schemes; no conversation outlives it."""
    with (
        TemporaryDirectory() as data,
        served(answerer, Path(data), contact="the office, office@example.org") as address,
        chromium() as browser,
    ):
        for scheme in ("light", "dark"):
            for name, see in STATES.items():
                with watched(
                    browser,
                    address,
                    expected=(404, 503),
                    color_scheme=scheme,
                    reduced_motion="reduce",
                    viewport={"width": width, "height": 720},
                ) as page:
                    see(page)
                    page.screenshot(path=folder / f"{name}-{scheme}.png")


if __name__ == "__main__":
    folder, width = sys.argv[1:] or (SCREENSHOTS, 1024)
    make_screenshots(Answerer.open(load_settings()), Path(folder), int(width))
    make_screenshots_of_managing(Path(folder), int(width))
