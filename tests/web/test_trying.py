"""What people could ask of a new document, told before it goes into service."""

from __future__ import annotations

from unittest import mock

import pytest
from browsing import Page
from managing import REPORT, begun, index, remove, signed_in, uploaded, words

from footprints.answer.answerer import Answerer
from footprints.settings import Settings
from footprints.web.admin.job import Stage

pytest_plugins = "managed"

CAN_ASK = "What people can ask now"
NONE_OF_THESE = "None of these would be answered from ‘New’ first."
PLAN = """# New

## Who leads Dorset?

Dilys Amis leads Dorset.

## Who leads Devon?

It is said elsewhere.
"""


def report_of(settings: Settings, text: str, **known: str) -> str:
    """Return the words of the report on a document that is added, or replaces one."""
    with signed_in(settings) as client:
        address = uploaded(client, "new.md", text.encode())
        assert index(client, address, **known) is Stage.READY
        return words(client, "/admin/build")


@pytest.mark.parametrize("replaces", ["", "kent"])
def test_a_new_document_is_asked_its_own_questions(managed: Settings, replaces: str) -> None:
    """What its headings ask is asked of the new index; a quote of another is not shown as its."""
    page = report_of(managed, PLAN, replaces=replaces)
    asked = page.partition(CAN_ASK)[2].partition("Changes to")[0]
    assert "of ‘New’, with what would be quoted first." in asked
    assert "Who leads Dorset? “Dilys Amis leads Dorset.”" in asked
    assert "Who leads Devon? Another document is quoted first: ‘Devon’." in asked
    assert NONE_OF_THESE not in asked


def test_a_document_that_is_quoted_for_none_of_its_questions(managed: Settings) -> None:
    """Where other documents come first each time, a sentence says what that means."""
    page = report_of(managed, "# New\n\n## Who leads Devon?\n\nIt is said elsewhere.")
    assert "Another document is quoted first: ‘Devon’." in page
    assert f"{NONE_OF_THESE} Either other documents say the same" in page


@pytest.mark.parametrize("text", [REPORT.decode(), "Words alone.\n\nAnd more of them."])
def test_without_headings_there_is_nothing_to_ask(managed: Settings, text: str) -> None:
    """A document whose structure asks nothing has a report without that part."""
    assert CAN_ASK not in report_of(managed, text)


def test_several_new_documents(managed: Settings) -> None:
    """Where several are new, each is asked about in turn, and a quote says whose it is."""
    for name, area in (("one", "Dorset"), ("two", "Essex")):
        text = f"# Plan {name}\n\n## Who leads {area}?\n\nAnn leads {area}."
        (managed.corpus_dir / f"{name}.md").write_text(text)
    with signed_in(managed) as client:
        assert begun(client, "/admin/index") is Stage.READY
        page = words(client, "/admin/build")
        assert "of ‘Plan one’ and ‘Plan two’, with what would be quoted first." in page
        said = "Who leads Essex? This may be an answer: check that it says what you asked."
        assert f"{said} “Ann leads Essex.” (Plan two)" in page


def test_six_questions_at_most(managed: Settings) -> None:
    """However many headings a document has, six questions are asked."""
    areas = ("Devon", "Kent", "Essex", "Dorset", "Surrey", "Sussex", "Norfolk")
    text = "# New\n\n" + "\n\n".join(f"## Who leads {area}?\n\nAnn does." for area in areas)
    with mock.patch.object(Answerer, "answer", autospec=True, side_effect=Answerer.answer) as ask:
        page = report_of(managed, text)
    assert len([call for call in ask.call_args_list if "Who leads" in call.args[1]]) == 6
    assert page.count("Who leads") == 6


def test_a_removal_asks_nothing(managed: Settings) -> None:
    """Where no document is new or changed the report has no such part."""
    with signed_in(managed) as client:
        assert remove(client, "devon") is Stage.READY
        assert not [id_ for id_ in Page(client.get("/admin/build")).ids if id_ == "asked"]
