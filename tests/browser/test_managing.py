"""What those who manage documents do, with JavaScript and without it, and how it looks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from desk import FILES, States, desk_served, desk_settings, sign_in
from driving import served, serving, watched
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, Page, expect
from test_every_state import CUT_OFF

from footprints.answer.answerer import Answerer
from footprints.evals.cases import JUDGED, read_cases
from footprints.index.build import build_index
from footprints.index.encoder import BundledEncoder

pytest_plugins = "started"
QUESTION = "What are the three largest risks to the plan?"
CASES = [
    {"id": "k-1", "kind": "fact", "question": "Who leads Kent?", "answerable": True}
    | {"gold": [[{"doc_id": "kent", "quote": "Nobody leads Kent."}]]},
    {"id": "a-1", "kind": "absent", "question": QUESTION, "answerable": False, "gold": []},
]


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write two cases: one of what is there, and one of what is not."""
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "own.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in CASES))
    monkeypatch.setattr("footprints.evals.cases.cases_of", lambda settings: folder)
    return folder


@pytest.fixture(params=["script", "no script"])
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    real_encoder: BundledEncoder,
    tmp_path: Path,
) -> Iterator[Page]:
    """Open a server with a small corpus and a contact, once with JavaScript and once without."""
    settings = desk_settings(tmp_path, contact="the office, office@example.org")
    build_index(settings, lambda: real_encoder)
    answerer = Answerer.open(settings, lambda _: real_encoder)
    given = settings.model_dump(exclude_unset=True) | {"admin_token": settings.admin_token}
    script = request.param == "script"
    with (
        served(answerer, **given) as address,
        watched(browser, address, (400,), java_script_enabled=script) as page,
    ):
        yield page


def upload(page: Page, name: str) -> None:
    """Upload a file."""
    page.get_by_label("File").set_input_files(FILES / name)
    page.get_by_role("button", name="Upload").click()


def test_a_verdict_becomes_a_case(page: Page, cases: Path) -> None:
    """The report begins with what is newly answered; what is called right is a case after that."""
    sign_in(page)
    upload(page, "report.pdf")
    page.get_by_role("button", name="Prepare").click()
    first = page.get_by_role("heading", level=2).first
    expect(first).to_contain_text("marked unanswerable (1): read these")
    answer = page.locator(".answers .new")
    expect(answer).to_contain_text(QUESTION)
    expect(page.locator(".figures")).to_be_hidden()
    page.get_by_text("First quotes right: 1 of 1, as before.", exact=True).click()
    expect(page.locator(".figures")).to_be_visible()
    answer.get_by_label("Right").check()
    page.get_by_role("button", name="Put into service").click()
    expect(page.get_by_role("heading", name=": done")).to_be_visible()
    judged = next(case for case in read_cases(cases) if case.id == "a-1")
    assert judged.answerable
    assert (cases / JUDGED).exists()
    page.get_by_role("link", name="Back to the documents").click()
    expect(page.get_by_role("heading", name="Manage documents")).to_be_visible()
    expect(page.locator(".notice", has_text=": done")).to_have_count(0)


def test_replacing(page: Page, cases: Path) -> None:
    """A document is replaced from its place in the list, by its title, and that is taken back."""
    sign_in(page)
    page.get_by_role("link", name="Replace Kent").click()
    expect(page.get_by_role("heading", name="Replace ‘Kent’")).to_be_visible()
    upload(page, "guide.docx")
    expect(page.get_by_label("Replaces")).to_have_value("kent")
    expect(page.get_by_label("Publisher")).to_have_value("A council")
    expect(page.get_by_text("only when it was made or last changed")).to_be_visible()
    page.get_by_label("Published", exact=True).fill("1 July 2022")
    page.get_by_role("button", name="Prepare").click()
    expect(page.get_by_role("heading", name="Replacing ‘Kent’: ready")).to_be_visible()
    page.get_by_role("button", name="Put into service", exact=False).click()
    expect(page.get_by_role("heading", name="Replacing ‘Kent’: done")).to_be_visible()
    page.goto("/documents/kent")
    expect(page.get_by_text("1 July 2022").first).to_be_visible()
    page.goto("/admin/documents")
    page.get_by_role("link", name="Go back to this index").click()
    page.get_by_role("button", name="Go back to this index").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("Going back to the index .*: done")
    )
    page.get_by_role("link", name="Back to the documents").click()
    expect(page.get_by_text("Somebody has gone back to an earlier index")).to_be_visible()
    page.get_by_role("link", name="Remove Kent").click()
    expect(page.get_by_role("heading", name="Remove ‘Kent’?")).to_be_visible()
    page.get_by_role("link", name="Cancel").click()
    upload(page, "guide.docx")
    expect(page.locator("#file-error")).to_contain_text("among the documents, as ‘Kent’")


def test_details_that_are_wrong(page: Page, cases: Path) -> None:
    """All that is wrong is said above and by its field; what was typed is there on coming back."""
    sign_in(page)
    upload(page, "report.pdf")
    page.get_by_label("Title").fill("The year 2021")
    for name in ("Published", "Address of the original"):
        page.get_by_label(name, exact=True).fill("nowhere")
    page.get_by_role("button", name="Prepare").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    summary.get_by_role("link", name="Published").click()
    expect(page.get_by_label("Published", exact=True)).to_be_focused()
    expect(page.get_by_label("Published", exact=True)).to_have_accessible_description(
        re.compile("^Error: ‘nowhere’ is not a date")
    )
    page.goto("/admin/documents")
    page.get_by_role("link", name="report.pdf", exact=True).click()
    expect(page.get_by_label("Title")).to_have_value("The year 2021")
    expect(page.get_by_label("Published", exact=True)).to_have_value("nowhere")
    page.get_by_label("Published", exact=True).fill("May 2021")
    page.get_by_label("Address of the original").fill("")
    page.get_by_role("button", name="Prepare").click()
    page.get_by_role("button", name="Put into service").click()
    expect(page.get_by_role("heading", name="Adding ‘The year 2021’: done")).to_be_visible()
    page.get_by_role("link", name="Back to the documents").click()
    expect(page.get_by_text("Publisher unknown, May 2021 · report.pdf")).to_be_visible()


def test_what_is_not_found(page: Page) -> None:
    """Under a “no” stands whom else to ask, and managers see that it was one."""
    page.goto("/")
    page.get_by_label("Your question").fill("How much does parking cost in Norwich?")
    page.get_by_role("button", name="Ask", exact=True).click()
    contact = page.locator("article.turn .contact")
    expect(contact).to_have_text("You could also ask: the office, office@example.org")
    expect(contact.get_by_role("link")).to_have_attribute("href", "mailto:office@example.org")
    sign_in(page)
    page.get_by_role("link", name="What people ask and do not find").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("None yet that 3 different people have used.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_in_another_sites_page(
    browser: Browser, real_encoder: BundledEncoder, tmp_path: Path, named: bool, script: bool
) -> None:
    """A site that is named can show the chat and its answers in a frame, and no other can."""
    settings = desk_settings(tmp_path)
    build_index(settings, lambda: real_encoder)
    answerer = Answerer.open(settings, lambda _: real_encoder)
    other, chat = FastAPI(), ""
    other.state.settings = settings

    @other.get("/", response_class=HTMLResponse)
    def outer() -> str:
        return f'<!doctype html><title>Outer</title><iframe name="chat" src="{chat}/"></iframe>'

    with serving(other) as elsewhere:
        # To a browser, this is another site than 127.0.0.1.
        site = elsewhere.replace("127.0.0.1", "localhost")
        given: dict[str, Any] = {"embed_from": site} if named else {}
        with (
            served(answerer, tmp_path / "data", **given) as chat,
            closing(browser.new_context(java_script_enabled=script)) as context,
        ):
            page = context.new_page()
            page.goto(site)
            frame = page.frame_locator("iframe")
            if named:
                frame.get_by_label("Your question").fill("Who leads Kent?")
                frame.get_by_role("button", name="Ask", exact=True).click()
                expect(frame.locator("article.turn")).to_contain_text("Nobody leads Kent")
            else:
                page.wait_for_load_state("networkidle")
                expect(frame.get_by_label("Your question")).to_have_count(0)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, States]]:
    """Serve documents that can be managed."""
    with desk_served(tmp_path_factory.mktemp("desk")) as served:
        yield served


def test_recent_activity_on_a_narrow_screen(browser: Browser, desk: tuple[str, States]) -> None:
    """All of it is read at 320 pixels from top to bottom; nothing there scrolls sideways."""
    address, states = desk
    viewport = {"width": 320, "height": 800}
    with watched(browser, address, expected=(400,), viewport=viewport) as page:
        states.show("manage", page)
        activity = page.locator("h2:text-is('Recent activity') + ul")
        expect(activity.get_by_role("listitem").first).to_contain_text("scanned.pdf: refused")
        assert (
            activity.evaluate(
                "list => [list, ...list.querySelectorAll('*')]"
                ".filter(one => one.scrollWidth > one.clientWidth && one.clientWidth).length"
            )
            == 0
        )
        assert page.evaluate(CUT_OFF) == []


def test_marked_words_are_seen_and_heard(browser: Browser, desk: tuple[str, States]) -> None:
    """Words put in are underlined, words taken out struck through, and both are said aloud."""
    address, states = desk
    with watched(browser, address) as page:
        states.show("held back", page)
        for tag, line, said in (
            ("del", "line-through", "taken out: Nobody (end)"),
            ("ins", "underline", "put in: Tim (end)"),
        ):
            changed = page.locator("p.changed", has=page.locator(tag))
            marked = changed.locator(tag).first
            expect(marked).to_have_css("text-decoration-line", line)
            assert said in " ".join(changed.aria_snapshot().split())
            assert "(end)" not in changed.inner_text()
