"""What holds for every page and state: accessible, fits the screen, and light enough."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import NAMES as DESK_STATES
from desk import States, desk_served
from driving import watched
from playwright.sync_api import Browser, Page, Response, expect

pytest_plugins = "started"

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
"""axe-core 4.14.1."""

RUN_AXE = """
async (dark) => {
  const colours = {runOnly: {type: "rule", values: ["color-contrast"]}};
  const rules = dark ? colours : {rules: {"target-size": {enabled: true}}};
  const {violations} = await axe.run(document, {...rules, resultTypes: ["violations"]});
  return violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)]);
}
"""
"""What axe-core finds; in the dark only colours can be wrong that are right in the light."""

TO_THE_END = """
() => document.querySelector("#ask") && scrollTo(0, document.body.scrollHeight)
"""
"""There the box stands over nothing that can be pressed."""

SMALL = """
() => {
  const standalone = (link) =>
    link.parentElement.textContent.trim() === link.textContent.trim() ||
    getComputedStyle(link.parentElement).display.includes("flex");
  return [...document.querySelectorAll("button, summary, input, textarea, a")]
    .filter((one) => one.tagName !== "A" || standalone(one))
    .filter((one) => one.checkVisibility() && one.type !== "hidden")
    .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([_, box]) => box.height < 23.95 || box.width < 23.95)
    .map(([html, box]) => `${Math.round(box.width)} × ${box.height}: ${html}`);
}
"""

TOO_WIDE = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"

SHIFTED = """
() => new Promise((resolve) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) total += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(total), 300);
})
"""
"""All that moved unasked since the page was loaded, what an input excuses included."""

CUT_OFF = """
() => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".unseen, .scroll, .skip"))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    const hides = getComputedStyle(one).overflowX !== "visible" &&
      !["INPUT", "TEXTAREA"].includes(one.tagName);
    return box.left < -0.5 || box.right > innerWidth + 0.5 ||
      (hides && one.scrollWidth > one.clientWidth);
  })
  .map((one) => one.outerHTML.slice(0, 90))
"""

COVERED = """
() => [...document.querySelectorAll("a, button, summary, textarea, input")]
  .filter((one) => one.checkVisibility() && one.type !== "hidden")
  .filter((one) => {
    one.focus();
    const box = one.getClientRects()[0];
    // Of a field of several lines the one with the cursor comes into view.
    const y = Math.min(box.y + box.height / 2, innerHeight - 1);
    const top = document.elementFromPoint(box.x + box.width / 2, y);
    return document.activeElement !== one || !top || !(one.contains(top) || top.contains(one));
  })
  .map((one) => one.outerHTML.slice(0, 90))
"""

MOST = 60_000
"""So many bytes the first page may have in all."""


def ask(page: Page, question: str) -> None:
    """Ask in place."""
    page.goto("/")
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")


def see_answer(page: Page, question: str) -> None:
    """Ask in place, and wait for the answer."""
    ask(page, question)
    expect(page.locator("article.turn")).to_have_count(1)


def see_error(page: Page) -> None:
    """Ask nothing."""
    ask(page, "?")
    expect(page.locator("#question-error")).to_be_visible()


def see_bad_choice(page: Page) -> None:
    """Choose documents of a year that is none."""
    page.goto("/")
    page.get_by_text("Ask only some documents").click()
    page.get_by_label("NHS England").check()
    page.get_by_label("From").fill("soon")
    page.locator("#question").fill("What is an STP?")
    page.locator("#question").press("Enter")
    expect(page.locator(".choices #question-error")).to_be_visible()


def see_who_says(page: Page) -> None:
    """Ask who says so, and unfold the quotes."""
    see_answer(page, "Who leads the Devon STP?")
    page.locator("#question").fill("Who says so?")
    page.locator("#question").press("Enter")
    page.get_by_text("The quotes (").click()
    expect(page.locator(".rest blockquote")).to_be_visible()


def see_too_long(page: Page) -> None:
    """Write more than may be asked."""
    page.goto("/")
    page.locator("#question").fill("a" * 512)


def see_mark(page: Page) -> None:
    """Open a quote in place."""
    see_answer(page, "What are the nine ‘must dos’ for 2016/17?")
    page.get_by_role("link", name=re.compile("See .* in place")).first.click()
    expect(page.locator("mark#quote")).to_be_visible()


def see_follow_up(page: Page) -> None:
    """Ask, and follow up."""
    see_answer(page, "How did Leicester, Leicestershire and Rutland engage the public?")
    page.locator("#question").fill("And in Lincolnshire?")
    page.locator("#question").press("Enter")
    expect(page.locator("article.turn")).to_have_count(2)


def see_thanks(page: Page) -> None:
    """Say that an answer helped."""
    see_answer(page, "Who leads the Devon STP?")
    page.get_by_role("button", name="Yes").click()
    expect(page.locator(".feedback [role=status]")).to_be_visible()


def see_permalink(page: Page) -> None:
    """Open an answer at its own address, with a way to copy unfolded."""
    see_answer(page, "What is an integrated care system?")
    page.goto(str(page.get_by_role("link", name="Link to this answer").get_attribute("href")))
    page.locator(".copy summary").first.click()


def see_deletion(page: Page) -> None:
    """Be asked whether to delete a conversation."""
    see_answer(page, "What is an integrated care system?")
    page.get_by_role("link", name="Delete this conversation").click()
    expect(page.get_by_role("button", name="Delete it")).to_be_visible()


def see_oldest_first(page: Page) -> None:
    """Turn an answer to the order of dates."""
    see_answer(page, "Who leads Dorset and what is the population of Mars?")
    page.get_by_role("link", name="Oldest quotes first").click()
    expect(page.get_by_role("link", name="Best quotes first")).to_be_visible()


def see_anothers(page: Page) -> None:
    """Read a conversation that another browser began."""
    see_follow_up(page)
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("button", name="Yes")).to_have_count(0)


def see_document(page: Page) -> None:
    """Open a document, with all that is known of it."""
    page.goto("/documents/lga-stp-review")
    page.get_by_text("Document details").click()
    page.get_by_text("Cite this document").click()


def see_evaluation(page: Page) -> None:
    """Read how good it is, with all cases unfolded."""
    page.goto("/evaluation")
    for summary in page.locator("summary").all():
        summary.click()


def at(address: str) -> Callable[[Page], Any]:
    """Return how to see the page at an address."""
    return lambda page: page.goto(address)


def see_further(page: Page, question: str) -> None:
    """Ask, and unfold what more there is."""
    see_answer(page, question)
    page.locator(".further:not(.rest) > summary").click()
    expect(page.locator(".further:not(.rest) blockquote").first).to_be_visible()


def see_folded(page: Page) -> None:
    """Unfold the fourth and the fifth quote."""
    see_answer(page, "What were the eastern STPs going through in July 2016?")
    page.locator(".rest > summary").click()
    expect(page.locator(".rest blockquote").first).to_be_visible()


def see_alone(page: Page) -> None:
    """Fold the surroundings away."""
    see_answer(page, "Who leads the Devon STP?")
    page.get_by_label("Quotes only").check()


STATES: dict[str, Callable[[Page], Any]] = {
    "empty": at("/"),
    "deleted": at("/?deleted"),
    "answered": lambda page: see_answer(page, "What is an integrated care system?"),
    "conversation": see_follow_up,
    "further": lambda page: see_further(page, "What is an integrated care system?"),
    "possible": lambda page: see_answer(
        page, "What were the eastern STPs going through in July 2016?"
    ),
    "likely": lambda page: see_answer(
        page, "What will happen to emergency admissions in vanguards?"
    ),
    "about now": lambda page: see_answer(page, "Who leads the Devon STP now?"),
    "folded quotes": see_folded,
    "quotes alone": see_alone,
    "no": lambda page: see_further(page, "How many nurses will lose their jobs in Cornwall?"),
    "off topic": lambda page: see_answer(page, "What is the capital of France?"),
    "guidance": lambda page: see_answer(page, "What can you do?"),
    "overview": lambda page: see_answer(page, "Summarise the LGA review"),
    "two parts": lambda page: see_answer(
        page, "Who leads Dorset and what is the population of Mars?"
    ),
    "comparison": lambda page: see_answer(
        page, "Compare vanguards in the South East and the South West"
    ),
    "oldest first": see_oldest_first,
    "error": see_error,
    "bad choice": see_bad_choice,
    "who says so": see_who_says,
    "too long": see_too_long,
    "thanks": see_thanks,
    "permalink": see_permalink,
    "deletion": see_deletion,
    "another's": see_anothers,
    "document with mark": see_mark,
    "document": see_document,
    "documents": at("/documents"),
    "documents found": at("/documents?q=Who+leads+Devon"),
    "no documents": at("/documents?year=1999&sort=period"),
    "bad search": at("/documents?q=%3F"),
    "about": at("/about"),
    "evaluation": see_evaluation,
    "evaluation of all": at("/evaluation?split=all"),
    "accessibility": at("/accessibility"),
    "404": at("/none"),
    "document gone": at("/documents/none"),
}

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 800}
MIDDLE = {"width": 768, "height": 800}
WAYS: dict[str, dict[str, Any]] = {
    "light, 1280 px": {"color_scheme": "light", "viewport": WIDE},
    "dark, 320 px": {"color_scheme": "dark", "viewport": NARROW},
    "dark, 1280 px": {"color_scheme": "dark", "viewport": WIDE},
    "light, 320 px": {"color_scheme": "light", "viewport": NARROW},
    "light, 768 px": {"color_scheme": "light", "viewport": MIDDLE},
    "dark, 768 px": {"color_scheme": "dark", "viewport": MIDDLE},
    # What a window of 1280 by 1024 pixels shows at 400 %.
    "400 %": {"color_scheme": "light", "viewport": {"width": 320, "height": 256}},
}
CHECKS = {
    "axe": RUN_AXE,
    "too wide": TOO_WIDE,
    "cut off": CUT_OFF,
    "covered": COVERED,
    "small": SMALL,
}
"""What finds that something is wrong with a page."""

in_every_state = pytest.mark.parametrize(
    "wrong", [*STATES, *DESK_STATES], indirect=True, scope="module"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, States]]:
    """Serve documents that can be managed."""
    with desk_served(tmp_path_factory.mktemp("desk")) as served:
        yield served


@pytest.fixture(scope="module")
def wrong(
    request: pytest.FixtureRequest, browser: Browser, address: str, desk: tuple[str, States]
) -> dict[str, dict[str, Any]]:
    """Open a state once, and tell what each check finds in each way that it is seen."""
    state = request.param
    at = desk[0] if state in DESK_STATES else address
    with watched(browser, at, expected=(400, 401, 404)) as page:
        if state in DESK_STATES:
            desk[1].show(state, page)
        else:
            STATES[state](page)
        return wrong_with(page)


def wrong_with(page: Page) -> dict[str, dict[str, Any]]:
    """Tell what each check finds wrong with an open page, in each way that it is seen."""
    page.evaluate(AXE)
    found: dict[str, dict[str, Any]] = {check: {} for check in CHECKS}
    for name, way in WAYS.items():
        page.emulate_media(color_scheme=way["color_scheme"])
        page.set_viewport_size(way["viewport"])
        page.evaluate(TO_THE_END)
        is_dark = way["color_scheme"] == "dark"
        # Everything stands in the dark where it stands in the light.
        for check in ["axe"] if is_dark else CHECKS:
            if seen := page.evaluate(CHECKS[check], is_dark):
                found[check][name] = seen
    return found


@in_every_state
def test_axe_finds_nothing(wrong: dict[str, Any]) -> None:
    """axe-core finds nothing wrong, in light and dark, on narrow and wide screens."""
    assert wrong["axe"] == {}


@in_every_state
def test_nothing_scrolls_sideways(wrong: dict[str, Any]) -> None:
    """Every state fits the width of the screen, down to 320 pixels and at 400 %."""
    assert wrong["too wide"] == {}


@in_every_state
def test_nothing_is_cut_off(wrong: dict[str, Any]) -> None:
    """No part of a page reaches beyond the screen or hides what does not fit into it."""
    assert wrong["cut off"] == {}


@in_every_state
def test_nothing_is_covered(wrong: dict[str, Any]) -> None:
    """Whatever takes the focus comes into view with nothing over it, the form at 400 % too."""
    assert wrong["covered"] == {}


@in_every_state
def test_targets_are_large_enough(wrong: dict[str, Any]) -> None:
    """What is pressed and stands alone is at least 24 pixels high and wide."""
    assert wrong["small"] == {}


def test_a_long_word_fits(browser: Browser, address: str) -> None:
    """A question of 500 characters without a space does not widen a narrow page."""
    with watched(browser, address, viewport={"width": 320, "height": 800}) as page:
        see_answer(page, "a" * 500)
        assert page.evaluate(TOO_WIDE) <= 0


def test_the_first_page_is_light(browser: Browser, address: str) -> None:
    """The first page with all that it loads is under 60 kB."""
    responses: list[Response] = []
    with watched(browser, address) as page:
        page.on("response", lambda response: responses.append(response))
        page.goto("/", wait_until="networkidle")
        sizes = {one.url: one.request.sizes()["responseBodySize"] for one in responses}
        assert len(sizes) >= 4
        assert sum(sizes.values()) < MOST, sizes


@pytest.mark.parametrize("size", [(1280, 720), (320, 640)], ids=str)
def test_nothing_shifts(browser: Browser, address: str, size: tuple[int, int]) -> None:
    """Nothing jumps when the first page is loaded, or an answer, a follow-up or an error comes."""
    width, height = size
    with watched(browser, address, viewport={"width": width, "height": height}) as page:
        page.goto("/", wait_until="networkidle")
        assert page.evaluate(SHIFTED) == 0
        for number, question in enumerate(("What is an ICS?", "And why?", "?")):
            page.locator("#question").fill(question)
            page.get_by_role("button", name="Ask", exact=True).click()
            expect(page.locator("article.turn")).to_have_count(min(number + 1, 2))
            assert page.evaluate(SHIFTED) == 0


def test_a_page_prints_clean(browser: Browser, address: str) -> None:
    """Printed, an answer is its question, quotes and sources, without what can be pressed."""
    with watched(browser, address) as page:
        see_answer(page, "Who leads the Devon STP?")
        page.emulate_media(media="print")
        expect(page.locator("blockquote").first).to_be_visible()
        expect(page.locator("cite").first).to_be_visible()
        expect(page.locator(".further")).to_be_hidden()
        for pressed in page.locator("button, input:not([type=hidden]), nav").all():
            expect(pressed).to_be_hidden()


def test_what_was_unfolded_is_printed(browser: Browser, address: str) -> None:
    """On paper stands what the reader had unfolded, without what unfolds it."""
    with watched(browser, address) as page:
        see_further(page, "Who leads the Devon STP?")
        page.emulate_media(media="print")
        expect(page.locator(".further blockquote").first).to_be_visible()
        expect(page.locator(".further > summary").first).to_be_hidden()
