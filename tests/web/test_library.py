"""The pages of the documents: the list, the search in it, and a document with its contents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from browsing import Page, browse, context, fold, template
from fakes import FakeEncoder
from starlette.testclient import TestClient
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.types import PartialDate
from footprints.wording import cited

TABLE = (
    "# Kent\n\n## Leads\n\n| Area | Lead |\n|-|-|\n| Thanet | Tim leads it |\n\n## Dates\n\nNone."
)
KENT = replace(
    document(TABLE, "kent", "Kent"),
    publisher="NHS England",
    inferred=("publisher", "describes"),
    describes="2016",
)
NAMED = document("# County\n\n### Devon\n\nAngela leads it.", "devon", "About Devon")


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> Iterator[TestClient]:
    """Browse the real corpus."""
    with browse(answerer) as browser:
        yield browser


@pytest.fixture(scope="module")
def small() -> Iterator[TestClient]:
    """Browse two small documents."""
    with browse(answerer_of(FakeEncoder(), KENT, NAMED)) as browser:
        yield browser


def listed(client: TestClient, query: str) -> list[str]:
    """Return the documents that are listed, in order."""
    return [row.document.doc_id for row in context(client.get(f"/documents?{query}"))["rows"]]


def test_the_list_says_what_each_is(client: TestClient) -> None:
    """The list gives publisher, period, length and the first sentence of every document."""
    page = Page(client.get("/documents"))
    assert "STP stands for sustainability and transformation partnership." in page.words
    assert "Health Education England, 2 August 2016 · 498 words · indexed on" in page.words


def test_the_list_is_narrowed_and_sorted_by_its_address(client: TestClient) -> None:
    """Publisher, year and order are in the address, and the form shows what was chosen."""
    assert listed(client, "publisher=NHS+England") == ["nhs-england-stp-faq"]
    assert listed(client, "year=2020") == ["nhs-england-stp-faq"]
    assert listed(client, "sort=length")[0] == "lga-stp-review"
    response = client.get("/documents?year=2020&sort=length")
    page = Page(response)
    assert [one["value"] for one in page.all("option") if "selected" in one] == [
        "",
        "2020",
        "length",
    ]
    assert "No document fits." in Page(client.get("/documents?year=1999")).words


def test_a_search_leads_to_the_place(client: TestClient) -> None:
    """The search inside the documents shows passages, and each links to its sentence in place."""
    response = client.get("/documents?q=who+leads+the+Devon+STP")
    first, page = context(response)["found"][0], Page(response)
    assert "Angela Pedder" in first.sentence
    assert fold(first.sentence) in page.words
    assert {mark.lower() for mark in page.marks} >= {"devon", "stp"}
    assert len(page.all("button")) == 1
    link = f"/documents/rcn-south-west?start={first.place.start}&end={first.place.end}#quote"
    assert page.all("a", href=link)
    assert fold("".join(Page(client.get(link)).marks)) == fold(first.sentence)
    narrowed = context(client.get("/documents?q=what+is+an+STP&publisher=NHS+England"))["found"]
    assert {one.document.doc_id for one in narrowed} == {"nhs-england-stp-faq"}


def test_a_misspelt_search(client: TestClient) -> None:
    """A slip is corrected, and the page says what was searched for."""
    response = client.get("/documents?q=vangards")
    assert "Searched for: vanguards" in Page(response).words
    assert "vanguard" in context(response)["found"][0].sentence.lower()


@pytest.mark.parametrize("query", ["xyzzy", "pizza recipe"])
def test_a_search_that_finds_nothing(client: TestClient, query: str) -> None:
    """Where nothing in the documents comes near what is sought, no passage is shown for it."""
    response = client.get("/documents", params={"q": query})
    assert (response.status_code, context(response)["found"]) == (200, [])
    assert "Nothing was found in these documents" in Page(response).words


@pytest.mark.parametrize("query", ["q=%3F!", f"q={'a' * 501}", "q=%20"])
def test_a_bad_search(client: TestClient, query: str) -> None:
    """A search without words keeps the list, with its error tied to the field."""
    response = client.get(f"/documents?{query}")
    assert (response.status_code, template(response)) == (400, "documents.html")
    assert Page(response).all("input", id="q", **{"aria-describedby": "q-error"})
    assert len(context(response)["rows"]) == 5


@pytest.mark.parametrize("query", ["year=x", "year=20201", "sort=none"])
def test_a_choice_that_there_is_not(client: TestClient, query: str) -> None:
    """What can be neither a year nor an order is an error in words."""
    assert client.get(f"/documents?{query}").status_code == 422


def test_the_title_stands_once(small: TestClient) -> None:
    """A first heading that is the title is not shown again; the next level follows it."""
    page = Page(small.get("/documents/kent"))
    assert len(page.all("h1")) == 1
    assert [name for name, _ in page.tags if name in {"h2", "h3"}] == ["h2", "h2"]
    marked = Page(small.get("/documents/kent?start=0&end=4"))
    assert marked.marks == ["Kent"]
    assert len(marked.all("h1")) == 1


def test_a_title_below_the_first_heading_stands_once(client: TestClient) -> None:
    """Where a later heading at the top is the title, the one before it stands as a line above."""
    response = client.get("/documents/rcn-south-west")
    shown = context(response)
    assert [part.text for part in shown["above"]] == ["RCN South West Region"]
    assert shown["contents"][0].text == "Integrated care"
    assert [name for name, _ in Page(response).tags if name in {"h1", "h2"}][:2] == ["h1", "h2"]


def test_another_first_heading_stays(small: TestClient) -> None:
    """A first heading that is not the title stays, one level below it."""
    page = Page(small.get("/documents/devon"))
    assert [name for name, _ in page.tags if name in {"h1", "h2", "h3", "h4"}] == ["h1", "h2", "h4"]


def test_the_contents_lead_to_the_headings(small: TestClient) -> None:
    """The contents link every heading by its anchor."""
    page = Page(small.get("/documents/kent"))
    anchors = [str(found["id"]) for found in page.all("h2")]
    contents = [found["href"] for found in page.all("a") if str(found["href"]).startswith("#at-")]
    assert contents[:2] == [f"#{anchor}" for anchor in anchors]


def test_a_table_has_column_heads(small: TestClient) -> None:
    """The header row of a table is its column heads, and the table scrolls in its own box."""
    page = Page(small.get("/documents/kent"))
    assert len(page.all("th", scope="col")) == 2
    assert len(page.all("td")) == 2
    assert page.all("div", **{"class": "scroll", "tabindex": "0", "aria-label": "Table"})


def test_a_document_is_cited() -> None:
    """A citation names publisher, title, date and address; what is inferred is in brackets."""
    said = cited(KENT, "http://test/documents/kent", date(2026, 3, 1))
    assert said == (
        "[NHS England]. Kent. No date; [describes 2016]. "
        "http://test/documents/kent (read on 1 March 2026)."
    )
    dated = replace(
        KENT, inferred=(), publisher=None, published=PartialDate("2016-08-02"), describes=None
    )
    assert cited(dated, "http://a", date(2026, 3, 1)).startswith(
        "Publisher unknown. Kent. 2 August 2016. http://a"
    )


def test_the_citation_is_on_the_page(small: TestClient) -> None:
    """A document's page holds its citation, with the address that it was asked by."""
    words = Page(small.get("/documents/kent")).words
    assert "Cite this document [NHS England]. Kent. No date; [describes 2016]." in words
    assert "http://testserver/documents/kent (read on" in words
