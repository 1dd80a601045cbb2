"""Managing documents in a real browser, with JavaScript and without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from desk import FILES, desk_settings, sign_in
from driving import served, watched
from hang import HANG
from playwright.sync_api import Browser, Locator, Page, expect

from footprints.answer.answerer import Answerer
from footprints.index.build import build_index
from footprints.index.encoder import BundledEncoder
from footprints.progress import Steps
from footprints.settings import Settings

pytest_plugins = "started"
QUESTION = "What are the three largest risks to the plan?"
TITLE = "Annual report of the Severn Vale partnership"
RISKS = "Energy, wages and the repair of old roofs"


@pytest.fixture(params=["script", "no script"])
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    real_encoder: BundledEncoder,
    tmp_path: Path,
) -> Iterator[Page]:
    """Open a server with a small corpus, once with JavaScript and once without."""
    settings = desk_settings(tmp_path)
    build_index(settings, lambda: real_encoder)
    answerer = Answerer.open(settings, lambda _: real_encoder)
    given = settings.model_dump(exclude_unset=True) | {"admin_token": settings.admin_token}
    script = request.param == "script"
    with (
        served(answerer, **given) as address,
        watched(browser, address, (404, 413), java_script_enabled=script) as page,
    ):
        page.goto("/")
        yield page


def heading(page: Page, name: str) -> Locator:
    """Return a heading."""
    return page.get_by_role("heading", name=name)


def ask(page: Page) -> None:
    """Ask what only the report answers."""
    page.goto("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("article.turn")).to_be_visible()


def index_report(page: Page) -> None:
    """Sign in, upload the report, and have it indexed until somebody has to decide."""
    sign_in(page)
    page.get_by_label("File").set_input_files(FILES / "report.pdf")
    page.get_by_role("button", name="Upload").click()
    expect(heading(page, "report.pdf")).to_be_visible()
    expect(page.locator(".blocks")).to_contain_text("Energy, wages and the repair of old roofs")
    expect(page.locator(".blocks")).to_contain_text("heading 2, page 2")
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    expect(page.get_by_label("Publisher")).to_have_value("")
    page.get_by_label("Publisher").fill("Severn Vale partnership")
    page.get_by_label("Describes").fill("2021/22")
    page.get_by_role("button", name="Prepare").click()
    expect(heading(page, f"Adding ‘{TITLE}’: ready for your decision")).to_be_visible()
    expect(page.get_by_text(f"Documents added: {TITLE}")).to_be_visible()


def test_from_a_file_to_a_quote(page: Page) -> None:
    """A PDF is uploaded, seen, indexed and put into service; then it is quoted with its page."""
    ask(page)
    expect(page.locator("article.turn")).not_to_contain_text(RISKS)
    page.goto("/documents")
    page.get_by_role("link", name="Manage documents").click()
    index_report(page)
    page.get_by_role("button", name="Put into service").click()
    expect(heading(page, f"Adding ‘{TITLE}’: done")).to_be_visible()
    ask(page)
    turn = page.locator("article.turn")
    expect(turn.locator("blockquote").first).to_contain_text(RISKS)
    expect(turn.locator("figcaption").first).to_contain_text("page 2")
    expect(turn.locator(".who").first).to_contain_text("Severn Vale partnership")
    turn.get_by_role("link", name=re.compile("See .* in place")).first.click()
    expect(page.locator("mark#quote")).to_contain_text(RISKS)


@pytest.mark.parametrize("page", ["script"], indirect=True)
def test_dropping_and_removing(page: Page) -> None:
    """What is dropped never answers; what is removed answers no more, but its answers stay."""
    index_report(page)
    page.get_by_role("button", name="Discard this change").click()
    expect(heading(page, f"Adding ‘{TITLE}’: discarded")).to_be_visible()
    ask(page)
    expect(page.locator("article.turn")).not_to_contain_text(RISKS)
    page.goto("/admin/documents")
    page.get_by_role("link", name="report.pdf").click()
    page.get_by_role("button", name="Prepare").click()
    page.get_by_role("button", name="Put into service").click()
    expect(heading(page, f"Adding ‘{TITLE}’: done")).to_be_visible()
    ask(page)
    expect(page.locator("blockquote").first).to_contain_text(RISKS)
    answer = page.get_by_role("link", name="Link to this answer").get_attribute("href")
    page.goto("/admin/documents")
    page.get_by_role("link", name="Remove Annual report").click()
    page.get_by_role("button", name="Prepare").click()
    expect(page.get_by_text(f"Documents removed: {TITLE}")).to_be_visible()
    page.get_by_role("button", name="Put into service").click()
    expect(heading(page, f"Removing ‘{TITLE}’: done")).to_be_visible()
    page.goto(str(answer))
    expect(page.locator("blockquote").first).to_contain_text(RISKS)
    expect(page.locator(".notice").first).to_contain_text("has changed or is no longer")
    page.goto("/admin/documents")
    expect(page.locator(".inventory").last).to_contain_text(f"Removing ‘{TITLE}’: put into service")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Managers’ password")).to_be_visible()
    page.goto("/admin/documents")
    expect(page.get_by_label("Managers’ password")).to_be_visible()


def test_stopping(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that is stopped leaves the chat as it is, and its file stays pending."""
    with monkeypatch.context() as patched:
        patched.setattr("footprints.web.admin.desk.stage", endless)
        sign_in(page)
        page.get_by_label("File").set_input_files(FILES / "report.pdf")
        page.get_by_role("button", name="Upload").click()
        page.get_by_role("button", name="Prepare").click()
        expect(heading(page, f"Adding ‘{TITLE}’")).to_be_visible()
        expect(page.locator("#step")).to_contain_text(
            "Step 2 of 5: Preparing what is searched (1 of 9)"
        )
        page.get_by_role("button", name="Stop").click()
        expect(heading(page, f"Adding ‘{TITLE}’: stopped")).to_be_visible()
    expect(page.get_by_text("The chat answers as before")).to_be_visible()
    page.get_by_role("link", name="Back to the documents").click()
    page.get_by_role("link", name="report.pdf").click()
    page.get_by_role("button", name="Prepare").click()
    expect(heading(page, f"Adding ‘{TITLE}’: ready for your decision")).to_be_visible()


def endless(settings: Settings, encoder: object, progress: Steps, **rest: object) -> None:
    """Work until it is stopped; a test that fails before must still end."""
    for _ in range(int(10 * HANG)):
        progress("Encoding", 1, 9)
        sleep(0.1)


@pytest.mark.parametrize("page", ["no script"], indirect=True)
def test_a_large_file(page: Page, tmp_path: Path) -> None:
    """A file that is too large is said by its field."""
    large = tmp_path / "large.md"
    large.write_bytes(b"a word " * 3_500_000)
    sign_in(page)
    page.get_by_label("File").set_input_files(large)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#file-error")).to_contain_text("larger than 20 MB")
