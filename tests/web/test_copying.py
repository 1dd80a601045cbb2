"""One quote with its source, to paste and for reference managers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from kept import DATED, citation

from footprints.types import Excerpt, PartialDate
from footprints.web.copying import as_csl, as_markdown, as_text

ADDRESS = "https://example.org/a/1"
TODAY = date(2026, 3, 1)


def test_a_quote_as_text() -> None:
    """Text is the words, whose they are, of when, and where and when they were read."""
    assert as_text(DATED, ADDRESS, TODAY) == (
        "“Angela leads.\nHer team is small.”\n\n"
        "Devon – naïve “page” 東京. A publisher. 2 August 2016. Devon › Leads. "
        "Quoted in https://example.org/a/1, read on 1 March 2026.\n"
    )


def test_what_leads_a_quote_in_is_copied() -> None:
    """An item of a list says what the list is of; a heading is a place."""
    item = replace(
        citation("Tim leads.", headings=("Kent",)),
        context=(Excerpt(90, 94, "Kent"), Excerpt(95, 105, "The leads:\n")),
    )
    assert as_text(item, ADDRESS, TODAY).startswith("The leads:\n“Tim leads.”\n\n")
    assert as_markdown(item, ADDRESS, TODAY).startswith("> The leads:\n> Tim leads.\n\n")
    (kept,) = json.loads(as_csl(item, ADDRESS, TODAY))
    assert kept["note"].startswith("The leads:\n“Tim leads.”")


def test_what_is_not_known_is_not_made_up() -> None:
    """Without a date it says so, and what else is unknown is left out."""
    quote = citation("One.", locator="page 3")
    assert "Page. No date on the page. page 3. Quoted in" in as_text(quote, ADDRESS, TODAY)
    (item,) = json.loads(as_csl(quote, ADDRESS, TODAY))
    assert not {"issued", "publisher", "section"} & set(item)


def test_a_quote_as_markdown() -> None:
    """Markdown quotes each line, and shows every character as itself."""
    copied = as_markdown(citation("*One*\n# two"), ADDRESS, TODAY)
    assert copied.startswith("> \\*One\\*\n> \\# two\n\nPage. No date on the page. Quoted in")


def test_without_a_date_the_period_is_copied() -> None:
    """Without a date a copy names the period as the page does, and never as a date."""
    quote = citation("One.", describes="between October 2016 and April 2017")
    said = "No date on the page; about October 2016 to April 2017. Quoted in"
    for copied in (as_text, as_markdown):
        assert f"Page. {said}" in copied(quote, ADDRESS, TODAY)
    (item,) = json.loads(as_csl(quote, ADDRESS, TODAY))
    assert item["note"] == f"“One.” {said} {ADDRESS}"
    assert "issued" not in item


def test_a_date_that_is_known_in_part() -> None:
    """A month or a year is copied as such, for people and for reference managers."""
    month = replace(DATED, published=PartialDate("2021-05"), retrieved=PartialDate("2022"))
    assert "A publisher. May 2021. Devon" in as_text(month, ADDRESS, TODAY)
    (item,) = json.loads(as_csl(month, ADDRESS, TODAY))
    assert (item["issued"], item["accessed"]) == (
        {"date-parts": [[2021, 5]]},
        {"date-parts": [[2022]]},
    )


def test_a_quote_for_a_reference_manager() -> None:
    """CSL-JSON is a list of one item with the facts, the place and the day it was read."""
    (item,) = json.loads(as_csl(DATED, ADDRESS, TODAY))
    assert item["issued"] == {"date-parts": [[2016, 8, 2]]}
    assert item["accessed"] == {"date-parts": [[2026, 3, 1]]}
    assert (item["type"], item["publisher"]) == ("document", "A publisher")
    assert (item["title"], item["section"]) == (DATED.title, "Devon › Leads")
    assert item["URL"] == ADDRESS
    assert DATED.quote in item["note"]
