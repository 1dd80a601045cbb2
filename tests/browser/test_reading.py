"""Reading the documents in a real browser: the list, the search, the contents, the marked place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import served, watched
from fakes import FakeEncoder
from playwright.sync_api import Browser, Page, expect
from tiny import answerer_of, document

pytest_plugins = "started"

REVIEW = "/documents/lga-stp-review"
QUESTIONS = (
    "What is an integrated care system?",
    "What are the six systems for the east of England?",
    "How did Leicester, Leicestershire and Rutland engage the public?",
)
BELOW_THE_BAR = """
(mark) => {
  const bar = document.querySelector(".place").getBoundingClientRect();
  const {x, y, right, bottom} = mark.getClientRects()[0];
  const seen = [x + 2, (x + right) / 2, right - 2].every((at) =>
    mark.contains(document.elementFromPoint(at, (y + bottom) / 2)));
  return seen && y >= bar.bottom && bottom <= innerHeight;
}
"""
WIDER = "(table) => table.scrollWidth > table.clientWidth"
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(params=["script", "no script"])
def either(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """Open the list, once with JavaScript and once without."""
    script = request.param == "script"
    with watched(browser, address, (400, 404), java_script_enabled=script) as page:
        page.goto("/documents")
        yield page


def test_choosing_documents(either: Page) -> None:
    """Publisher and order are chosen in a form, and stay chosen."""
    either.get_by_label("Publisher").select_option("Royal College of Nursing")
    either.get_by_label("Sort by").select_option("Length")
    either.get_by_role("button", name="Search").click()
    expect(either.locator(".documents li")).to_have_count(2)
    expect(either.get_by_label("Publisher")).to_have_value("Royal College of Nursing")
    expect(either.get_by_label("Sort by")).to_have_value("length")


def test_searching_inside_the_documents(either: Page) -> None:
    """A search by Enter shows passages, and the first leads to its sentence in place."""
    either.get_by_label("Search inside the documents").fill("who leads the Devon STP")
    either.get_by_label("Search inside the documents").press("Enter")
    first = either.locator(".found li").first
    expect(first.locator(".quote")).to_contain_text("Angela Pedder")
    expect(first.locator("mark", has_text="Devon").first).to_have_css("font-weight", "600")
    first.get_by_role("link").click()
    expect(either.locator("mark#quote")).to_be_in_viewport()
    assert either.locator("mark#quote").evaluate(BELOW_THE_BAR)


def test_a_bad_search_is_said(either: Page) -> None:
    """A search without words says what is wrong beside its field."""
    either.get_by_label("Search inside the documents").fill("?!")
    either.get_by_role("button", name="Search").click()
    expect(either.locator("#q-error")).to_be_visible()
    expect(either.locator(".documents li")).to_have_count(5)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_contents_lead_into_the_text(either: Page, width: int) -> None:
    """The contents lead to a heading; on a wide screen they stand open beside the text."""
    either.set_viewport_size({"width": width, "height": 800})
    either.goto(REVIEW)
    link = either.locator(".contents").get_by_role("link", name="Overall plan")
    if width == 320:
        expect(link).to_be_hidden()
        either.get_by_text("Contents", exact=True).click()
    link.click()
    expect(either.get_by_role("heading", name="Overall plan")).to_be_in_viewport()


def test_the_contents_follow_the_reading(browser: Browser, address: str) -> None:
    """The heading being read under is marked in the contents, down the page and up again."""
    with watched(browser, address, viewport={"width": 1280, "height": 800}) as page:
        page.goto(REVIEW)
        here = page.locator(".contents [aria-current=location]")
        expect(here).to_have_count(0)
        for name in ("What are STPs?", "Overview", "This page"):
            heading = page.get_by_role("heading", name=name, exact=True)
            heading.evaluate("heading => heading.scrollIntoView()")
            expect(here).to_have_text(name)
        assert page.evaluate(TOO_WIDE) <= 0


def test_without_script_the_contents_mark_nothing(browser: Browser, address: str) -> None:
    """Without JavaScript the contents are a plain list of links."""
    size = {"width": 1280, "height": 800}
    with watched(browser, address, viewport=size, java_script_enabled=False) as page:
        page.goto(REVIEW)
        expect(page.locator(".contents").get_by_role("link").first).to_be_visible()
        expect(page.locator(".contents [aria-current]")).to_have_count(0)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_quote_opens_below_the_bar(either: Page, question: str) -> None:
    """The first line of a quote opened in place is whole and below what stays in sight."""
    either.goto("/")
    either.locator("#question").fill(question)
    either.get_by_role("button", name="Ask", exact=True).click()
    see = either.get_by_role("link", name=re.compile("^See .* in place"))
    links = [str(one.get_attribute("href")) for one in see.all()]
    mark = either.locator("mark#quote")
    for width in (320, 768, 1280):
        either.set_viewport_size({"width": width, "height": 800})
        for link in links:
            either.goto(link)
            expect(mark).to_be_in_viewport()
            assert mark.evaluate(BELOW_THE_BAR)


def test_a_citation_unfolds(either: Page) -> None:
    """What to cite a document by is folded away as plain text."""
    either.goto(REVIEW)
    expect(either.get_by_text("[Local Government Association].")).to_be_hidden()
    either.get_by_text("Cite this document").click()
    expect(either.get_by_text("[Local Government Association].")).to_be_visible()


def test_a_wide_table_scrolls_in_its_box(browser: Browser, tmp_path: Path) -> None:
    """On a narrow screen a table is reached by keyboard and scrolls by itself, with its heads."""
    cells = [f"Column{at}OfManyWords" for at in range(8)]
    row = f"| {' | '.join(cells)} |"
    rule = "|-" * len(cells) + "|"
    wide = document(f"# Kent\n\n{row}\n{rule}\n{row}", "kent", "Kent")
    with (
        served(answerer_of(FakeEncoder(), wide), tmp_path) as address,
        watched(browser, address, viewport={"width": 320, "height": 800}) as page,
    ):
        page.goto("/documents/kent")
        assert page.evaluate(TOO_WIDE) <= 0
        box = page.get_by_role("group", name="Table")
        assert box.evaluate(WIDER)
        box.focus()
        expect(box).to_be_focused()
        expect(page.get_by_role("columnheader")).to_have_count(8)


@pytest.mark.parametrize("gone", ["/none", "/documents/none", "/a/none", "/c/none"])
def test_a_page_that_is_gone_leads_on(either: Page, gone: str) -> None:
    """Whatever is not there says so in a sentence, and leads to the form and to the documents."""
    either.goto(gone)
    expect(either.get_by_role("heading", level=1)).to_have_text("This page is not there")
    expect(either.locator("main p").first).to_contain_text(re.compile(r"\.$"))
    either.get_by_role("link", name="See the documents").click()
    expect(either.locator(".documents li")).to_have_count(5)
