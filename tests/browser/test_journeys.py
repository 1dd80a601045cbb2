"""What a person does here, in a real browser: with JavaScript, without it, and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from driving import served, watched
from playwright.sync_api import Browser, Locator, Page, Route, expect

from footprints.answer.answerer import Answerer

pytest_plugins = "started"

DEVON = "Who leads the Devon STP?"
ANGELA = "Devon - Angela Pedder OBE (Chief Executive, NEW Devon CCG)"
ENGAGE = "How did Leicester, Leicestershire and Rutland engage the public?"
FOLLOW_UP = "And in Lincolnshire?"
ICS = "What is an integrated care system?"
LIST = "What are the six systems for the east of England?"
OFF_TOPIC = "What is the capital of France?"
OVERVIEW = "Summarise the LGA review"
POSSIBLE = "Who leads Dorset and what is the population of Mars?"
ABSENT = "How many nurses will lose their jobs in Cornwall?"
HOSTILE = "<img src=x onerror=alert(1)> \"'> & שלום?"
UNCOVERED = """
(mark) => {
  const {x, y, height} = mark.getClientRects()[0];
  return mark.contains(document.elementFromPoint(x + 5, y + height / 2));
}
"""
ADDRESS = re.compile(r"/c/[\w-]{22}")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Open the first page."""
    with watched(browser, address) as page:
        page.goto("/")
        yield page


@pytest.fixture(params=["script", "no script"])
def either(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """Open the first page, once with JavaScript and once without."""
    script = request.param == "script"
    with watched(browser, address, (404,), java_script_enabled=script) as page:
        page.goto("/")
        yield page


def stop_the_clock(page: Page) -> None:
    """Let no time pass in a page from now on, but by the test."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))


def field(page: Page) -> Locator:
    """Return the field to ask in."""
    return page.get_by_role("textbox", name=re.compile("question"))


def ask(page: Page, question: str) -> Locator:
    """Ask by typing and the button, and return the turn that answers."""
    before = page.locator("article.turn").count()
    field(page).fill(question)
    page.get_by_role("button", name="Ask", exact=True).press("Enter")
    turn = page.locator("article.turn").nth(before)
    expect(turn).to_be_visible()
    return turn


def mark_page(page: Page) -> None:
    """Leave a mark in the page that a page load would remove."""
    page.evaluate("window.unloaded = false; addEventListener('pagehide', () => {})")


def was_loaded(page: Page) -> bool:
    """Tell whether the page was loaded since it was marked."""
    return bool(page.evaluate("window.unloaded !== false"))


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail("Tab does not lead there")


def assert_in_view(page: Page, target: Locator) -> None:
    """Check that some element is where a person looks."""
    expect(target).to_be_in_viewport()


# With JavaScript.


def test_asking_by_keyboard(page: Page) -> None:
    """Tab, type, Enter: the answer appears without a page load, and the reader is taken to it."""
    mark_page(page)
    expect(field(page)).to_have_accessible_name("Your question")
    tab_to(page, field(page))
    page.keyboard.type(DEVON)
    page.keyboard.press("Enter")
    turn = page.locator("article.turn")
    expect(turn.locator("blockquote").first).to_contain_text("Angela Pedder")
    expect(turn.get_by_role("heading", name=DEVON)).to_be_focused()
    assert_in_view(page, turn.get_by_role("heading", name=DEVON))
    expect(page.locator("#announcement")).to_have_text("Answered with 1 quote.")
    expect(page.locator("#announcement")).to_have_role("status")
    expect(field(page)).to_have_value("")
    expect(field(page)).to_have_accessible_name("Ask a follow-up question")
    expect(page.locator("#example-questions")).to_have_count(0)
    expect(page).to_have_url(ADDRESS)
    assert not was_loaded(page)


def test_following_up_by_keyboard(page: Page) -> None:
    """A follow-up is one more turn below, read behind the first, with the focus on it."""
    ask(page, ENGAGE)
    mark_page(page)
    tab_to(page, field(page))
    page.keyboard.type(FOLLOW_UP)
    page.keyboard.press("Enter")
    turns = page.locator("article.turn")
    expect(turns).to_have_count(2)
    expect(turns.nth(1)).to_contain_text("patient stories")
    expect(turns.nth(1).get_by_role("heading", name=FOLLOW_UP)).to_be_focused()
    assert_in_view(page, turns.nth(1).get_by_role("heading", name=FOLLOW_UP))
    assert not was_loaded(page)
    page.reload()
    expect(turns).to_have_count(2)


def test_the_focus_is_seen(page: Page) -> None:
    """Whatever Tab leads to has an outline, on the page before and after an answer."""
    for _ in range(2):
        for _ in range(page.locator("a, button, input, summary").count()):
            page.keyboard.press("Tab")
            outline = page.evaluate(
                "() => { const style = getComputedStyle(document.activeElement);"
                " return [document.activeElement.tagName, style.outlineStyle,"
                " parseFloat(style.outlineWidth)]; }"
            )
            if outline[0] != "BODY":
                assert outline[1] != "none", outline
                assert outline[2] >= 2, outline
        ask(page, LIST)


def test_an_example_is_asked_in_place(page: Page) -> None:
    """An example question is asked by one press, without a page load."""
    mark_page(page)
    example = page.locator("button.example").first
    asked = example.inner_text()
    example.press("Enter")
    heading = page.locator("article.turn").get_by_role("heading", name=asked)
    expect(heading).to_be_focused()
    expect(page.locator("article.turn")).to_have_count(1)
    assert not was_loaded(page)


def test_a_double_press_sends_once(page: Page) -> None:
    """While a question is on its way no press sends it, or another one, again."""
    held: list[Route] = []
    page.route("**/ask", lambda route: held.append(route))
    field(page).fill(DEVON)
    page.get_by_role("button", name="Ask", exact=True).dblclick()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    field(page).press("Enter")
    page.locator("button.example").nth(1).dblclick()
    page.wait_for_timeout(100)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("article.turn")).to_have_count(1)
    page.reload()
    expect(page.locator("article.turn")).to_have_count(1)


def test_an_example_pressed_twice_sends_once(page: Page) -> None:
    """A double press on an example asks it once."""
    held: list[Route] = []
    page.route("**/ask", lambda route: held.append(route))
    page.locator("button.example").nth(1).dblclick()
    page.wait_for_timeout(100)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("article.turn")).to_have_count(1)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (OFF_TOPIC, "This does not seem to be about anything in the documents."),
        ("hello", "About this service, in our own words."),
        (OVERVIEW, "An overview in the documents’ own words."),
        (POSSIBLE, "what is the population of Mars? The documents do not answer this."),
    ],
)
def test_every_kind_of_answer_is_announced(page: Page, question: str, said: str) -> None:
    """Whatever came of a question is announced, and the reader is taken to it."""
    turn = ask(page, question)
    expect(page.locator("#announcement")).to_contain_text(said)
    expect(turn.get_by_role("heading", level=2)).to_be_focused()


def test_an_example_of_guidance_is_asked_in_place(page: Page) -> None:
    """A greeting's examples go on with the conversation, without a page load."""
    turn = ask(page, "hello")
    mark_page(page)
    turn.locator("button.example").first.press("Enter")
    expect(page.locator("article.turn")).to_have_count(2)
    expect(page.locator("article.turn").last.locator("blockquote").first).to_be_visible()
    assert not was_loaded(page)
    page.reload()
    expect(page.locator("article.turn")).to_have_count(2)


def test_a_bad_question_in_place(page: Page) -> None:
    """A bad question keeps the page; its error is tied to the field, which has the focus."""
    mark_page(page)
    field(page).fill("?!")
    field(page).press("Enter")
    error = page.locator("#question-error")
    expect(error).to_be_visible()
    message = str(error.text_content())
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("?!")
    expect(field(page)).to_have_attribute("aria-invalid", "true")
    expect(field(page)).to_have_accessible_description(re.compile(re.escape(message)))
    expect(page.locator("#announcement")).to_have_text(message)
    assert not was_loaded(page)
    ask(page, DEVON)
    expect(error).to_have_count(0)
    expect(field(page)).not_to_have_attribute("aria-invalid", "true")


def test_feedback_in_place(page: Page) -> None:
    """One press says that it helped; the thanks have the focus, and stay after a reload."""
    turn = ask(page, DEVON)
    mark_page(page)
    tab_to(page, turn.get_by_role("button", name="Yes"))
    page.keyboard.press("Enter")
    thanks = turn.get_by_role("status")
    expect(thanks).to_contain_text("You said “Yes”")
    expect(thanks).to_be_focused()
    assert not was_loaded(page)
    page.reload()
    expect(page.locator("article.turn")).to_contain_text("You said “Yes”")


def test_copying_an_answer(page: Page, address: str) -> None:
    """An answer is copied with its citations as text, and for two seconds its link says so."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    turn = ask(page, DEVON)
    stop_the_clock(page)
    for _ in range(2):
        turn.get_by_role("link", name="Copy as text").press("Enter")
        expect(turn.get_by_role("link", name="Copied")).to_be_visible()
        page.clock.run_for(1000)
        announcement = page.locator("#announcement")
        announcement.evaluate("element => element.replaceChildren()")
        turn.get_by_role("link", name="Copied").press("Enter")
        expect(announcement).to_have_text("The answer is copied.")
        page.clock.run_for(2000)
        expect(turn.get_by_role("link", name="Copied")).to_have_count(0)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{DEVON}\n\n")
    assert ANGELA in copied
    assert "Royal College of Nursing" in copied


def test_going_back_and_forward(page: Page) -> None:
    """Back from a conversation is the first page, and forward the conversation again."""
    ask(page, DEVON)
    expect(page).to_have_url(ADDRESS)
    page.go_back()
    expect(page.get_by_role("heading", name="For example")).to_be_visible()
    expect(page.locator("article.turn")).to_have_count(0)
    page.go_forward()
    expect(page.locator("article.turn")).to_have_count(1)
    expect(page.locator("blockquote").first).to_contain_text("Angela Pedder")


SCROLLS = """
window.scrolls = [];
const scroll = Element.prototype.scrollIntoView;
Element.prototype.scrollIntoView = function (options) {
  scrolls.push(options.behavior);
  scroll.call(this, options);
};
"""


@pytest.mark.parametrize(("motion", "behaviour"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_reduced_motion(browser: Browser, address: str, motion: str, behaviour: str) -> None:
    """Who asks for less motion gets none: the page jumps to the answer instead of gliding."""
    with watched(browser, address, reduced_motion=motion) as page:
        page.add_init_script(SCROLLS)
        page.goto("/")
        ask(page, DEVON)
        assert page.evaluate("scrolls") == [behaviour]
        moving = page.evaluate("document.getAnimations().length")
        assert moving == 0


# With JavaScript and without.


def open_saved(page: Page, turn: Locator) -> None:
    """Open an answer at its own address."""
    page.goto(str(turn.get_by_role("link", name="Link to this answer").get_attribute("href")))


@pytest.mark.parametrize("question", [DEVON, LIST])
def test_a_quote_is_seen_in_place(either: Page, question: str) -> None:
    """A quote opens its document where it stands, in view, marked to the letter."""
    turn = ask(either, question)
    lines = turn.locator("blockquote").first.locator(".quote").all_inner_texts()
    turn.get_by_role("link", name=re.compile("See .* in place")).first.click()
    expect(either).to_have_url(re.compile(r"/documents/.*#quote$"))
    first = either.locator("mark#quote")
    expect(first).to_have_count(1)
    assert_in_view(either, first)
    assert [words.strip() for words in either.locator("mark").all_inner_texts()] == lines
    expect(either.locator(".quotes [aria-current]")).to_have_count(1)
    either.get_by_role("link", name="Back to the conversation").click()
    expect(either).to_have_url(re.compile(r"/c/[\w-]+#[\w-]+$"))


def test_from_quote_to_quote(either: Page) -> None:
    """From a quote in place one goes to the next, back again, and by a link to share."""
    turn = ask(either, ICS)
    quotes = turn.locator("blockquote strong").all_inner_texts()
    turn.get_by_role(
        "link", name=re.compile("quote 1 in place|See it in place ?: quote 1$")
    ).click()
    mark = either.locator("mark#quote")
    links = either.get_by_role("navigation", name="The marked place")
    for press, number in (("Next quote", 2), ("Previous quote", 1), ("Next quote", 2)):
        links.get_by_role("link", name=press).click()
        expect(links).to_contain_text(f"Quote {number} of {len(quotes)}")
        assert_in_view(either, mark)
        assert_in_view(either, links)
        assert mark.inner_text() in quotes
        assert mark.evaluate(UNCOVERED)
    links.get_by_role("link", name="Link to this place").click()
    expect(either).to_have_url(
        re.compile(r"/documents/[\w-]+\?start=\d+&end=\d+&edition=\w+#quote")
    )
    expect(either.locator(".quotes")).to_have_count(0)
    assert_in_view(either, mark)


def test_a_no_says_which(either: Page) -> None:
    """A no is its sentence; what the documents have that is nearest is folded away below."""
    turn = ask(either, OFF_TOPIC)
    expect(turn.locator(".outcome")).to_have_text(
        "This does not seem to be about anything in the documents."
    )
    expect(turn.locator("blockquote")).to_have_count(0)
    turn = ask(either, ABSENT)
    expect(turn.locator(".outcome")).to_have_text("The documents do not answer this.")
    for quote in turn.locator("blockquote").all():
        expect(quote).to_be_hidden()


def test_a_quote_stands_out_of_its_surroundings(either: Page) -> None:
    """The quote is in view, in bolder type than the words around it, under its subject."""
    turn = ask(either, DEVON)
    card = turn.locator(".source").first
    quote = card.locator("strong")
    expect(quote).to_have_text(ANGELA)
    assert_in_view(either, quote)
    expect(card.locator("blockquote")).to_contain_text("Somerset")

    def weight(one: Locator) -> int:
        return int(one.evaluate("one => getComputedStyle(one).fontWeight"))

    assert weight(quote) >= 600
    assert weight(card.locator("blockquote p").first) == 400
    assert weight(card.locator(".subject")) > weight(card.locator(".who"))
    quote_top, subject_top = (
        float(one.evaluate("one => one.getBoundingClientRect().top"))
        for one in (quote, card.locator(".subject"))
    )
    assert subject_top < quote_top


def test_what_may_help_is_marked(either: Page) -> None:
    """Where nothing is a clear answer no passage is bold, but the words that match are."""
    turn = ask(either, POSSIBLE)
    if turn.locator(".source").first.locator("strong").count():
        pytest.fail("a part of this question is to be uncertain")
    marks = turn.locator(".source").first.locator("mark")
    expect(marks.first).to_be_visible()
    assert marks.first.evaluate("one => Number(getComputedStyle(one).fontWeight)") >= 600


def test_more_is_unfolded(either: Page) -> None:
    """More from the documents opens by keyboard, with and without scripts, and shows its places."""
    turn = ask(either, DEVON)
    more = turn.locator("details.further:not(.rest)")
    expect(more.locator("blockquote").first).to_be_hidden()
    more.locator("> summary").press("Enter")
    expect(more.locator("blockquote").first).to_be_visible()
    more.get_by_role("link", name=re.compile("See .* in place")).first.click()
    expect(either.locator("mark#quote")).to_be_in_viewport()


def test_an_outline_leads_to_its_quotes(either: Page) -> None:
    """Each link of an overview's outline leads to the quote it names, in view."""
    either.emulate_media(reduced_motion="reduce")
    turn = ask(either, OVERVIEW)
    links = turn.get_by_role("navigation", name="Outline").get_by_role("link")
    assert links.count() > 2
    last = links.last.inner_text()
    links.last.press("Enter")
    assert_in_view(either, turn.locator(".quote:target").first)
    expect(turn.locator(".source:has(.quote:target) .subject")).to_contain_text(last)


def test_the_order_is_turned(either: Page) -> None:
    """The reader turns an answer to the order of dates and back in the chat; no quote is lost."""
    ask(either, OVERVIEW)
    turn = ask(either, POSSIBLE)
    best = turn.locator(".source:not(.further *)").all_inner_texts()
    turn.get_by_role("link", name="Oldest quotes first").click()
    turn.get_by_role("link", name="Best quotes first").wait_for()
    assert_in_view(either, turn.get_by_role("heading", level=2))
    dated = turn.locator(".source:not(.further *)").all_inner_texts()
    assert sorted(dated) == sorted(best)
    turn.get_by_role("link", name="Best quotes first").click()
    expect(turn.get_by_role("link", name="Oldest quotes first")).to_be_visible()
    assert turn.locator(".source:not(.further *)").all_inner_texts() == best


def test_the_order_is_turned_back_after_another_question(page: Page) -> None:
    """An answer that stands oldest first above one that came in place can be turned back."""
    turn = ask(page, POSSIBLE)
    turn.get_by_role("link", name="Oldest quotes first").click()
    turn.get_by_role("link", name="Best quotes first").wait_for()
    ask(page, OVERVIEW)
    turn = page.locator("article.turn").first
    turn.get_by_role("link", name="Best quotes first").click()
    expect(turn.get_by_role("link", name="Oldest quotes first")).to_be_visible()


def test_a_hostile_question(either: Page) -> None:
    """Markup in a question is text on every page that shows it."""
    turn = ask(either, HOSTILE)
    expect(turn.get_by_role("heading", level=2)).to_have_text(HOSTILE)
    open_saved(either, turn)
    expect(either.get_by_role("heading", level=2).first).to_have_text(HOSTILE)
    expect(either.locator("img")).to_have_count(0)


@pytest.mark.parametrize("press", ["Yes", "Partly", "No"])
def test_feedback(either: Page, press: str) -> None:
    """One press says whether it helped, words are sent by their own button, and both can change."""
    turn = ask(either, DEVON)
    words, said = turn.get_by_label("(optional)"), turn.get_by_role("status")
    expect(words).to_have_count(0)
    turn.get_by_role("button", name=press, exact=True).click()
    asked = {
        "Yes": "What helped?",
        "Partly": "What was missing?",
        "No": "What was wrong or missing?",
    }
    expect(turn.get_by_label(asked[press])).to_be_visible()
    expect(said).to_contain_text(f"Thank you. You said “{press}”; you can change it.")
    words.fill("naïve & <b>bold</b>")
    turn.get_by_role("button", name="Send your words").click()
    expect(said).to_contain_text(f"You said “{press}”, with your words")
    turn.get_by_role("button", name="Partly", exact=True).click()
    expect(said).to_contain_text("You said “Partly”, with your words")
    expect(words).to_have_value("naïve & <b>bold</b>")
    expect(turn.get_by_role("button", name="Partly", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(either.locator("article.turn")).to_have_count(1)


def test_a_permalink(either: Page) -> None:
    """An answer has an address of its own, which shows it and leads its asker alone back."""
    turn = ask(either, DEVON)
    ask(either, FOLLOW_UP)
    open_saved(either, turn)
    expect(either).to_have_url(re.compile(r"/a/[\w-]{22}$"))
    expect(either.locator("article.turn")).to_have_count(1)
    expect(either.locator("main")).to_contain_text("can read this answer, but no other")
    expect(either.locator("blockquote").first).to_contain_text("Angela Pedder")
    expect(either.locator(".notice")).to_have_count(0)
    assert FOLLOW_UP not in either.content()
    expect(either.get_by_role("link", name="Back to the conversation")).to_be_visible()
    either.context.clear_cookies()
    either.reload()
    expect(either.locator("article.turn")).to_have_count(1)
    assert "/c/" not in either.content()


def test_deleting_a_conversation(either: Page) -> None:
    """A conversation is deleted by its owner, who is asked once more; its addresses are gone."""
    turn = ask(either, DEVON)
    conversation = either.url.partition("#")[0]
    answer = turn.get_by_role("link", name="Link to this answer").get_attribute("href")
    either.get_by_role("link", name="Delete this conversation").click()
    expect(either.get_by_role("heading", level=1)).to_have_text("Delete this conversation?")
    either.get_by_role("link", name="Keep it").click()
    expect(either.locator("article.turn")).to_have_count(1)
    either.get_by_role("link", name="Delete this conversation").click()
    either.get_by_role("button", name="Delete it").click()
    expect(either.get_by_role("status").first).to_have_text("The conversation has been deleted.")
    for gone in (conversation, str(answer)):
        response = either.goto(gone)
        assert response
        assert response.status == 404
        expect(either.get_by_role("heading", level=1)).to_have_text("This page is not there")


def test_a_new_conversation(either: Page) -> None:
    """A new conversation begins without the old one."""
    ask(either, DEVON)
    either.get_by_role("link", name="Start a new conversation").click()
    expect(either.locator("article.turn")).to_have_count(0)
    expect(field(either)).to_have_accessible_name("Your question")


def test_downloading_a_conversation(either: Page) -> None:
    """A conversation is downloaded as a file of Markdown."""
    ask(either, DEVON)
    with either.expect_download() as download:
        either.get_by_role("link", name="Download this conversation").click()
    assert download.value.suggested_filename.startswith("footprints-20")
    assert download.value.path().read_text().startswith("# Footprints: a conversation")


def test_browsing_the_documents(either: Page) -> None:
    """The documents are listed, opened, and left again by the links of every page."""
    navigation = either.get_by_role("navigation", name="Main")
    navigation.get_by_role("link", name="Documents").click()
    links = either.locator(".documents a")
    title = links.first.inner_text()
    links.first.click()
    expect(either.get_by_role("heading", level=1).first).to_have_text(title)
    for name in ("How it works", "How good it is"):
        navigation.get_by_role("link", name=name).click()
        expect(either.get_by_role("heading", level=1)).to_have_text(name)
    either.get_by_role("link", name="Accessibility").click()
    expect(either.get_by_role("heading", level=1)).to_have_text("Accessibility")
    either.get_by_role("link", name="Footprints", exact=True).click()
    expect(field(either)).to_be_visible()


# Without JavaScript.


def test_copying_without_javascript(browser: Browser, address: str) -> None:
    """Without JavaScript the link to copy leads to the text itself."""
    # Plain text names no icon, so Chromium asks for one where there is none.
    with watched(browser, address, expected=(404,), java_script_enabled=False) as page:
        page.goto("/")
        ask(page, DEVON).get_by_role("link", name="Copy as text").click()
        expect(page).to_have_url(re.compile(r"/a/[\w-]{22}\.txt$"))
        expect(page.locator("body")).to_contain_text(ANGELA)


def test_a_keyboard_journey_without_javascript(browser: Browser, address: str) -> None:
    """Without JavaScript too, everything is done by keyboard, and the page opens at the answer."""
    with watched(browser, address, java_script_enabled=False) as page:
        page.goto("/")
        field(page).focus()
        page.keyboard.type(ENGAGE)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("article.turn")).to_have_count(1)
        field(page).focus()
        page.keyboard.type(FOLLOW_UP)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        turns = page.locator("article.turn")
        expect(turns).to_have_count(2)
        assert page.url.endswith(f"#{turns.nth(1).get_attribute('id')}")
        assert_in_view(page, turns.nth(1).get_by_role("heading", name=FOLLOW_UP))


@pytest.mark.parametrize("script", [True, False])
def test_under_a_sub_path(
    browser: Browser, answerer: Answerer, tmp_path: Path, script: bool
) -> None:
    """Under a sub-path one asks, opens a quote and follows up, and all of it stays under there."""
    outside: list[str] = []
    with (
        served(answerer, tmp_path, root_path="/footprints") as address,
        watched(browser, address, java_script_enabled=script) as page,
    ):
        page.on(
            "request",
            lambda sent: (
                outside.append(sent.url)
                if not sent.url.startswith(f"{address}/footprints/")
                else None
            ),
        )
        page.goto("/footprints/")
        turn = ask(page, DEVON)
        expect(page).to_have_url(ADDRESS)
        conversation = page.url
        turn.get_by_role("link", name="See it in place").first.click()
        expect(page.locator("mark").first).to_contain_text("Angela Pedder")
        page.get_by_role("link", name="Back to the conversation").click()
        expect(page).to_have_url(re.compile(re.escape(conversation.partition("#")[0])))
        expect(ask(page, FOLLOW_UP)).to_contain_text("Lincolnshire")
        assert page.url.startswith(f"{address}/footprints/c/")
    assert outside == []
