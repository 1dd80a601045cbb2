"""Asking in a browser: a box in reach, keys, what is shown while one waits and when it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from driving import watched
from playwright.sync_api import Browser, Locator, Page, Route, expect
from test_every_state import AXE, CUT_OFF, RUN_AXE, SMALL, TOO_WIDE, WAYS
from test_journeys import ABSENT, DEVON, ICS, ask, field, stop_the_clock

pytest_plugins = "started"

REFUSED = '<p class="error" role="alert">Too many questions are waiting.</p>'
THROUGH = "The question did not get through; it is still in the box."


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Open the first page, where a request may fail."""
    with watched(browser, address, expected=(503,)) as page:
        page.goto("/")
        yield page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("size", [(1280, 720), (320, 640)], ids=str)
def test_the_box_stays_in_reach(
    browser: Browser, address: str, script: bool, size: tuple[int, int]
) -> None:
    """Wherever one reads in a long conversation, the box is whole at the bottom of the window."""
    width, height = size
    viewport = {"width": width, "height": height}
    with watched(browser, address, java_script_enabled=script, viewport=viewport) as page:
        page.goto("/")
        ask(page, ICS)
        for place in (page.locator("h1"), page.locator("blockquote").nth(1)):
            place.scroll_into_view_if_needed()
            expect(field(page)).to_be_in_viewport(ratio=1)
            expect(page.get_by_role("button", name="Ask", exact=True)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [320, 390, 479])
def test_on_a_phone_the_bar_is_one_line(browser: Browser, address: str, width: int) -> None:
    """On a narrow screen the bar is as tall as its button, with the label in the empty box."""
    with watched(browser, address, viewport={"width": width, "height": 844}) as page:
        page.goto("/")
        ask(page, ICS)
        bar, button = page.locator("#ask"), page.get_by_role("button", name="Ask", exact=True)
        label, box = bar.locator("label"), field(page).bounding_box()
        tall = [one.evaluate("one => one.getBoundingClientRect().height") for one in (bar, button)]
        assert tall[0] - tall[1] < 20
        expect(label).to_have_css("opacity", "1")
        words = label.bounding_box()
        assert words and box
        assert box["x"] < words["x"] and words["x"] + words["width"] < box["x"] + box["width"]
        assert box["y"] <= words["y"] and words["y"] + words["height"] <= box["y"] + box["height"]
        field(page).fill("Why?")
        expect(label).to_have_css("opacity", "0")
        expect(page.locator(".only")).not_to_have_attribute("open", "")


def test_the_box_grows(page: Page) -> None:
    """The box grows with its text up to six lines, and then no more."""
    heights = []
    for lines in (1, 3, 6, 9):
        field(page).fill("\n".join("one" for _ in range(lines)))
        heights.append(field(page).evaluate("box => box.getBoundingClientRect().height"))
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_enter_and_shift_enter(page: Page) -> None:
    """Shift and Enter make a line, Enter asks, and a question of two lines is answered."""
    field(page).focus()
    page.keyboard.type("Who leads the")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Devon STP?")
    expect(field(page)).to_have_value("Who leads the\nDevon STP?")
    page.keyboard.press("Enter")
    expect(page.locator("article.turn blockquote").first).to_contain_text("Angela Pedder")


def test_the_count_is_shown_near_its_end(page: Page) -> None:
    """How many characters are left is shown from the last hundred on, and said at some."""
    count = page.locator("#question-count")
    field(page).fill("a" * 399)
    expect(count).to_be_empty()
    field(page).fill("a" * 450)
    expect(count).to_have_text("50 left")
    expect(page.locator("#announcement")).to_have_text("50 characters left.")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_question_that_is_too_long_is_kept_whole(
    browser: Browser, address: str, script: bool
) -> None:
    """What is pasted is never cut: it stays in the box under how many characters are too many."""
    pasted = f"{DEVON}\n" * 21
    over = "25 characters too long"
    with watched(browser, address, (400,), java_script_enabled=script) as page:
        page.goto("/")
        field(page).focus()
        page.keyboard.insert_text(pasted)
        expect(field(page)).to_have_value(pasted)
        if script:
            expect(page.locator("#question-count")).to_have_text("25 too many")
            expect(page.locator("#announcement")).to_have_text("25 characters too many.")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator("#question-error")).to_contain_text(over)
        expect(field(page)).to_have_value(pasted)
        expect(field(page)).to_have_accessible_description(re.compile(over))
        field(page).fill(pasted[:500])
        expect(page.locator("#question-count")).to_have_text("0 left" if script else "")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator("article.turn")).to_have_count(1)


def test_a_slash_leads_to_the_box(page: Page) -> None:
    """A slash leads to the box from anywhere but a field, and is listed with the box."""
    expect(page.locator("#question-hint")).to_contain_text("/ brings you back here")
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    page.keyboard.press("/")
    expect(field(page)).to_have_value("/")


def test_the_slash_is_switched_off(page: Page) -> None:
    """Who switches the slash off has it off on the next page too, and on again as they wish."""
    page.get_by_role("link", name="keys").click()
    page.get_by_role("checkbox").uncheck()
    page.goto("/")
    page.keyboard.press("/")
    expect(field(page)).not_to_be_focused()
    expect(page.locator("#question-hint")).not_to_contain_text("/ brings", use_inner_text=True)
    page.goto("/accessibility")
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.get_by_role("checkbox").check()
    page.goto("/")
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()


def test_no_keys_without_javascript(browser: Browser, address: str) -> None:
    """Without JavaScript no key is listed that does nothing, nor its switch."""
    with watched(browser, address, java_script_enabled=False) as page:
        page.goto("/")
        expect(page.locator("#question-hint .keys")).to_be_hidden()
        page.goto("/accessibility")
        expect(page.locator("#slash")).to_be_hidden()


def test_what_one_waits_for_is_in_view(page: Page) -> None:
    """A question stands in the conversation at once, in view, and “Searching …” is announced."""
    ask(page, ICS)
    held: list[Route] = []
    page.route("**/ask", lambda route: held.append(route))
    page.locator("h1").scroll_into_view_if_needed()
    field(page).fill(DEVON)
    field(page).press("Enter")
    waiting = page.locator(".waiting")
    expect(waiting.get_by_role("heading", name=DEVON)).to_be_in_viewport(ratio=1)
    expect(waiting).to_contain_text("Searching …")
    expect(page.locator("#announcement")).to_have_text("Searching …")
    held[0].continue_()
    expect(page.locator("article.turn")).to_have_count(2)
    expect(waiting).to_have_count(0)


def abort(route: Route) -> None:
    """Lose the connection."""
    route.abort()


def refuse(route: Route) -> None:
    """Answer as a server that is busy."""
    route.fulfill(status=503, body=REFUSED)


FAILURES = pytest.mark.parametrize(
    ("way", "said"),
    [(abort, THROUGH), (refuse, "Too many questions are waiting.")],
    ids=["network", "server"],
)


def asked_by_typing(page: Page) -> str:
    """Ask by the box."""
    field(page).fill(DEVON)
    field(page).press("Enter")
    return DEVON


def asked_by_example(page: Page) -> str:
    """Ask by an example."""
    example = page.locator("button.example").first
    question = example.inner_text()
    example.click()
    return question


@FAILURES
@pytest.mark.parametrize("press", [asked_by_typing, asked_by_example])
def test_a_failure_keeps_the_question(
    browser: Browser,
    address: str,
    press: Callable[[Page], str],
    way: Callable[[Route], None],
    said: str,
) -> None:
    """Whatever fails, the question is in the box under one sentence, and is asked once more."""
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/")
        page.route("**/ask", way, times=1)
        question = press(page)
        expect(page.get_by_role("alert")).to_contain_text(said)
        expect(field(page)).to_have_value(question)
        expect(field(page)).to_be_focused()
        expect(page.locator(".waiting")).to_have_count(0)
        page.get_by_role("button", name="Try again").press("Enter")
        expect(page.locator("article.turn")).to_have_count(1)
        expect(page.get_by_role("alert")).to_have_count(0)


def test_feedback_that_fails(browser: Browser, address: str) -> None:
    """Feedback that is lost on the way is named as that, once, until it gets through."""
    with browser.new_context(base_url=address) as context:
        page = context.new_page()
        page.goto("/")
        turn = ask(page, DEVON)
        page.route("**/feedback", abort, times=2)
        for name in ("Yes", "No"):
            with page.expect_event("requestfailed"):
                turn.get_by_role("button", name=name, exact=True).click()
            expect(page.get_by_role("alert")).to_have_text(
                "Your feedback did not get through; try again."
            )
        turn.get_by_role("button", name="No", exact=True).click()
        expect(turn.get_by_role("status")).to_contain_text("You said “No”")
        expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("way", [abort, refuse], ids=["network", "server"])
def test_a_copy_that_fails(browser: Browser, address: str, way: Callable[[Route], None]) -> None:
    """Where the words to copy do not come, the page stays and says so, and copies them later."""
    with browser.new_context(base_url=address) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        page = context.new_page()
        page.goto("/")
        turn = ask(page, DEVON)
        stop_the_clock(page)
        page.route("**/*.txt", way, times=2)
        turn.locator(".copy summary").first.click()
        for name in ("Copy as text", "Plain text"):
            link = turn.get_by_role("link", name=name).first
            link.press("Enter")
            failed = turn.get_by_role("link", name="Copying failed")
            expect(failed).to_be_visible()
            expect(page.locator("#announcement")).to_have_text("Copying failed; try again.")
            page.clock.run_for(2000)
            expect(failed).to_have_count(0)
        link.press("Enter")
        expect(turn.get_by_role("link", name="Copied")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_asking_some_documents_only(browser: Browser, address: str, script: bool) -> None:
    """A choice of documents is folded away, is said above the answer, and holds for the next."""
    with watched(browser, address, java_script_enabled=script) as page:
        page.goto("/")
        publishers = page.get_by_role("group", name="Publishers")
        expect(publishers).to_be_hidden()
        page.get_by_text("Ask only some documents").press("Enter")
        chosen = ("Local Government Association", "NHS England")
        by = f"by {' or '.join(chosen)}"
        for publisher in chosen:
            publishers.get_by_label(publisher).check()
        for question in (ICS, "What is an STP?"):
            turn = ask(page, question)
            expect(turn.locator(".asked-how .meta")).to_have_text(f"Asked only of documents {by}.")
            for source in turn.locator(".who").all():
                expect(source).to_contain_text(re.compile("|".join(chosen)))
            expect(page.locator(".only summary")).to_have_text(f"Asking only documents {by}")
            for publisher in chosen:
                expect(page.get_by_label(publisher)).to_be_checked()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_is_suggested_is_asked_by_one_press(
    browser: Browser, address: str, script: bool
) -> None:
    """Up to three questions stand under an answer, and one press asks one in the conversation."""
    with watched(browser, address, java_script_enabled=script) as page:
        page.goto("/")
        ask(page, DEVON)
        suggested = page.locator(".next button")
        expect(suggested).to_have_count(3)
        question = suggested.first.inner_text()
        suggested.first.press("Enter")
        turn = page.locator("article.turn").nth(1)
        expect(turn.get_by_role("heading", name=question)).to_be_in_viewport()
        expect(turn.locator("strong.quote").first).to_be_visible()


def waiting_state(page: Page) -> Locator:
    """Wait for an answer that does not come."""
    page.route("**/ask", lambda _: None)
    asked_by_typing(page)
    return page.locator(".waiting")


def failed_state(page: Page) -> Locator:
    """Fail."""
    page.route("**/ask", refuse)
    asked_by_typing(page)
    return page.get_by_role("alert")


@pytest.mark.parametrize("see", [waiting_state, failed_state])
def test_waiting_and_failing_are_accessible(page: Page, see: Callable[[Page], Locator]) -> None:
    """While one waits and when it failed, nothing is wrong in any scheme or size."""
    expect(see(page)).to_be_visible()
    page.evaluate(AXE)
    for way in WAYS.values():
        page.emulate_media(color_scheme=way["color_scheme"])
        page.set_viewport_size(way["viewport"])
        for check in (RUN_AXE, CUT_OFF, SMALL):
            assert page.evaluate(check) == []
        assert page.evaluate(TOO_WIDE) <= 0


def test_the_title_follows_the_question(page: Page) -> None:
    """The title of the tab is that of the last question, without a page load."""
    for question in (DEVON, ABSENT):
        ask(page, question)
        expect(page).to_have_title(f"{question} – Footprints")
