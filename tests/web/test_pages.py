"""The web pages, by their public face: what a browser is given, scripts not run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest
from browsing import (
    SAME_ORIGIN,
    Page,
    ask,
    ask_in_place,
    assert_harmless,
    browse,
    context,
    fold,
    template,
)
from fakes import FakeEncoder
from kept import answer as answer_of
from kept import cited
from serving import app_of
from starlette.testclient import TestClient
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.answer.judge import SHOWING
from footprints.answer.suggest import next_questions
from footprints.errors import IndexDamaged
from footprints.types import (
    Answer,
    AnswerPart,
    AnswerStatus,
    Difference,
    Excerpt,
    Only,
    PartialDate,
    Place,
    Topic,
)
from footprints.web.conversations import Conversations, Helped
from footprints.wording import EXPLANATIONS, when

if TYPE_CHECKING:
    from httpx2 import Response

DEVON = "Who leads the Devon STP?"
ICS = "What is an integrated care system?"
ABSENT = "How many nurses will lose their jobs in Cornwall?"
ENGAGE = "How did Leicester, Leicestershire and Rutland engage the public?"
EVIL = "<script>alert('q')</script>\"'><img src=x onerror=alert(1)> & שלום"
HOSTILE_PAGE = document(
    """
# Heading <script>alert("h")</script> & 'co'

The lead is <b onclick="alert(1)">Angela</b> \u202eשלום עולם\u202c & "others".

- item <script>alert(2)</script>
- item {{ 7 * 7 }} &lt;b&gt;

| cell <script>alert(3)</script> | naïve |
|---|---|
| | “Zoë” 東京 🙂 |
""",
    "hostile",
    "Title </title><script>alert('t')</script>",
)


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> Iterator[TestClient]:
    """Browse the real corpus."""
    with browse(answerer) as browser:
        yield browser


@pytest.fixture(scope="module")
def hostile() -> Iterator[TestClient]:
    """Browse a corpus of one hostile document."""
    with browse(answerer_of(FakeEncoder(), HOSTILE_PAGE)) as browser:
        yield browser


def last_turn(response: Response) -> dict[str, Any]:
    """Return what the partial of the last turn of a conversation's page was given."""
    turn: dict[str, Any] = context(response)["turns"][-1]
    return turn


def conversation_of(response: Response) -> str:
    """Return the id of the conversation that a page shows."""
    conversation_id: str = context(response)["conversation_id"]
    return conversation_id


def test_the_first_page(client: TestClient) -> None:
    """The first page is a form, and no answer and no conversation yet."""
    response = client.get("/")
    page = Page(response)
    assert (response.status_code, template(response)) == (200, "ask.html")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert (context(response)["turns"], context(response)["error"]) == ([], "")
    assert page.all("form", action="/ask", method="post", id="ask")
    assert page.all("label", **{"for": "question"})
    assert page.all("textarea", id="question", name="question")
    assert not page.all("article")
    assert not page.all("input", name="conversation")


def test_asking_leads_to_the_conversation(client: TestClient) -> None:
    """A question is redirected to its conversation, at the turn that answers it."""
    response = client.post("/ask", data={"question": DEVON})
    assert response.status_code == 303
    address, _, turn_id = response.headers["location"].partition("#")
    page = client.get(address)
    assert address == f"/c/{conversation_of(page)}"
    assert Page(page).all("article", id=turn_id)
    assert f"<title>{DEVON} – Footprints</title>" in page.text


def test_a_question_in_an_address_is_not_asked(client: TestClient) -> None:
    """A link cannot ask: the first page takes no question from its address."""
    page = Page(client.get("/", params={"question": DEVON}))
    assert not page.all("article")
    assert page.fields == ["\n"]


def test_an_answer(client: TestClient) -> None:
    """An answer shows its quote, whose words they are, and a link to the place."""
    response = ask(client, DEVON)
    page = Page(response)
    shown = last_turn(response)
    citation = shown["answer"].citations[0]
    assert (response.status_code, template(response)) == (200, "ask.html")
    assert (shown["answer"].status, shown["outdated"]) == (AnswerStatus.ANSWERED, False)
    assert fold(citation.quote) in page.words
    assert "Royal College of Nursing. No date on the page; about 2016" in page.words
    assert " › ".join(citation.headings) not in page.words
    assert page.all("a", href=place_of(citation, shown["turn"].turn_id))
    assert not page.all("p", **{"class": "outcome"})
    assert not page.all("p", **{"class": "notice"})


def test_merged_places_are_linked(client: TestClient) -> None:
    """A quote that two documents share links to both."""
    response = ask(client, "How much NHS funding backs the STPs?")
    turn_id = last_turn(response)["turn"].turn_id
    first = last_turn(response)["answer"].citations[0]
    assert first.also
    assert {place_of(place, turn_id) for place in (first, *first.also)} <= Page(response).links


def test_a_list_is_shown_line_by_line(client: TestClient) -> None:
    """Each item of a quoted list is an item of a list."""
    response = ask(client, "What are the six systems for the east of England?")
    for line in ("Norfolk and Waveney", "Suffolk and North East Essex"):
        assert f'<li><strong class="quote">{line}</strong></li>' in response.text


def test_an_item_with_a_number_has_no_bullet(client: TestClient) -> None:
    """An item that begins with a number of its own is marked as such."""
    page = Page(ask(client, "What does a multispecialty community provider do?"))
    numbered = page.all("li", **{"class": "numbered"})
    assert len(numbered) == 5
    assert "2. Multispecialty community providers" in page.words


BAD = ["", "  ", "?!", "a" * 501, "Who\x07?", "Who\U000e0041?"]


@pytest.mark.parametrize("question", BAD)
def test_a_bad_question(client: TestClient, question: str) -> None:
    """A bad question is a 400 whose message is tied to the field, which keeps what was typed."""
    response = ask(client, question)
    page = Page(response)
    assert (response.status_code, template(response)) == (400, "ask.html")
    assert context(response)["turns"] == []
    (field,) = page.all("textarea", id="question")
    assert field["aria-invalid"] == "true"
    assert page.fields == [f"\n{question}"]
    assert_described(page, context(response)["error"])
    assert "<title>Error:" in response.text


def assert_described(page: Page, error: str) -> None:
    """Check that the question's field is described by an error, and by its hint."""
    (field,) = page.all("textarea", id="question")
    message, hint = str(field["aria-describedby"]).split()
    assert [found["class"] for found in page.all("p", id=message)] == ["error"]
    assert [found["class"] for found in page.all("p", id=hint)] == ["hint"]
    assert error
    assert error in page.words


def test_bytes_that_are_not_utf_8(client: TestClient) -> None:
    """A question of broken bytes is a bad question or a question, never a failure."""
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = client.post("/ask", content=b"question=%ED%A0%80%FF", headers=headers)
    assert response.status_code in {303, 400}


def test_a_question_that_is_a_file(client: TestClient) -> None:
    """A file in the place of the question is an error page."""
    response = client.post("/ask", files={"question": b"Who?"})
    assert (response.status_code, template(response)) == (422, "error.html")


def test_a_fragment_and_a_page_show_the_same_turn(client: TestClient) -> None:
    """A turn is the same markup in the fragment, in the conversation and at its own address.

    At its own address feedback alone knows of no conversation.
    """
    fragment = ask_in_place(client, DEVON)
    turn = context(fragment)["turn"]
    # Behind it stands what to ask next, which the fragment fetches and the page has.
    article = fragment.text[
        fragment.text.index("<article") : fragment.text.index('<div class="next" hx-get=')
    ]
    assert article in client.get(f"/c/{turn.conversation_id}").text
    assert article.partition("<input")[0] in client.get(f"/a/{turn.turn_id}").text


class Listener:
    """An answerer that notes what it is asked behind which history."""

    def __init__(self, answerer: Answerer) -> None:
        self.index = answerer.index
        self.index_build = answerer.index_build
        self.listing = answerer.listing
        self.scope, self.examples = answerer.scope, answerer.examples
        self.heard: list[tuple[str, list[str]]] = []

    def of(self, only: Only) -> Self:
        """Ask all documents, whatever is chosen."""
        return self

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Note the question and abstain."""
        self.heard.append((question, list(history)))
        return answer_of(question)


def test_a_follow_up_is_read_behind_the_conversation(answerer: Answerer) -> None:
    """A question is answered behind the last eight of its own conversation, unless asked alone."""
    listener, turns = Listener(answerer), [f"Question {number}?" for number in range(10)]
    with browse(listener) as browser:
        other = conversation_of(ask(browser, "Something else?"))
        own = conversation_of(ask(browser, turns[0]))
        for question in turns[1:]:
            ask(browser, question, own)
        ask(browser, "More?", other)
        alone = {"question": "Alone?", "conversation": own, "alone": "true"}
        assert browser.post("/ask", data=alone).status_code == 303
    assert listener.heard == [
        ("Something else?", []),
        *((turn, turns[max(0, at - 8) : at]) for at, turn in enumerate(turns)),
        ("More?", ["Something else?"]),
        ("Alone?", []),
    ]


def test_a_conversation_survives_a_bad_question(client: TestClient) -> None:
    """A bad question leaves the conversation as it was, on the page and in the form."""
    conversation = conversation_of(ask(client, ENGAGE))
    response = ask(client, "?", conversation)
    page = Page(response)
    assert response.status_code == 400
    assert [one["answer"].question for one in context(response)["turns"]] == [ENGAGE]
    assert page.all("input", name="conversation", value=conversation)
    assert len(context(client.get(f"/c/{conversation}"))["turns"]) == 1


@pytest.mark.parametrize("conversation", ["none", "../../etc", EVIL, "a" * 10_000])
def test_an_unknown_conversation_is_begun_anew(client: TestClient, conversation: str) -> None:
    """A question in a conversation that is gone begins another, under an id of our own."""
    response = ask(client, DEVON, conversation)
    assert response.status_code == 200
    assert conversation_of(response) != conversation
    assert len(context(response)["turns"]) == 1


def test_examples_are_answered(client: TestClient, answerer: Answerer) -> None:
    """Every example question on the first page is answered by the documents."""
    page = Page(client.get("/"))
    assert len(answerer.examples) == 4
    for question in answerer.examples:
        assert page.all("input", type="hidden", name="question", value=question)
        assert last_turn(ask(client, question))["answer"].status is AnswerStatus.ANSWERED


def test_documents(client: TestClient, answerer: Answerer) -> None:
    """The list of documents links every document and says whose it is and when."""
    response = client.get("/documents")
    page = Page(response)
    assert (response.status_code, template(response)) == (200, "documents.html")
    for doc_id, one in answerer.index.documents.items():
        assert page.all("a", href=f"/documents/{doc_id}")
        assert one.title in page.words
    assert "Health Education England, 2 August 2016" in page.words


def test_a_document_is_shown_whole(client: TestClient, answerer: Answerer) -> None:
    """A document's page holds its blocks below the title once, in order, with nothing marked."""
    for doc_id, one in answerer.index.documents.items():
        response = client.get(f"/documents/{doc_id}")
        assert (response.status_code, template(response)) == (200, "document.html")
        article = response.text.partition('<article class="page">')[2].partition("</article>")[0]
        page = Page(article)
        top = [one.at(block) for block in one.blocks[:2]]
        titled = top.index(one.title) + 1 if one.title in top else 0
        assert page.words == fold(" ".join(one.at(block) for block in one.blocks[titled:]))
        assert page.marks == []


def test_a_document_says_what_was_inferred(client: TestClient) -> None:
    """A document's page names the facts that its publisher does not state."""
    words = Page(client.get("/documents/lga-stp-review")).words
    assert words.count("(inferred, not stated in the document)") == 2
    assert "Publisher Local Government Association (inferred, not stated in the document)" in words
    assert "October 2016 and April 2017 (inferred, not stated in the document)" in words


def test_a_document_says_what_is_known(client: TestClient, answerer: Answerer) -> None:
    """A document's page gives its file with the hash, and when it was indexed."""
    for doc_id, one in answerer.index.documents.items():
        words = Page(client.get(f"/documents/{doc_id}")).words
        assert len(one.digest) == 64
        assert f"{one.origin}, SHA-256 {one.digest}" in words
        assert f"{answerer.listing[doc_id].indexed:%-d %B %Y, %H:%M} UTC" in words


QUESTIONS = [
    DEVON,
    "What are the nine must dos for 2016/2017?",
    "What are the six systems for the east of England?",
    "Which vanguard sites are in the South West?",
    "What is an integrated care system?",
    "What must the STPs provide details about?",
    "What is the LLR pound?",
    "How does Lincolnshire use patient stories?",
    ABSENT,
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_exactly_the_quote_is_marked(client: TestClient, answerer: Answerer, question: str) -> None:
    """The page that a citation links to marks its quote and nothing else, and the link lands."""
    answer = answerer.answer(question)
    places = [
        (citation.quote, place)
        for citation in [*answer.citations, *answer.further]
        for place in (citation, *citation.also)
    ]
    for quote, place in places:
        page = Page(client.get(place_of(place)))
        assert fold(" ".join(page.marks)) == fold(quote)
        assert len(page.all("mark", id="quote")) == 1


def place_of(place: Any, turn_id: str | None = None) -> str:
    """Return the address that should lead to a place, as a turn quotes it."""
    answer = f"&answer={turn_id}" if turn_id else ""
    return f"/documents/{place.doc_id}?start={place.start}&end={place.end}{answer}#quote"


@pytest.mark.parametrize("block", range(len(HOSTILE_PAGE.blocks)))
def test_marks_in_hostile_text(hostile: TestClient, block: int) -> None:
    """Markup, tables, right-to-left and non-ASCII text are marked to the character."""
    place = HOSTILE_PAGE.blocks[block]
    page = Page(hostile.get(f"/documents/hostile?start={place.start}&end={place.end}"))
    assert fold(" ".join(page.marks)) == fold(HOSTILE_PAGE.at(place))


def test_a_mark_over_the_whole_document(hostile: TestClient) -> None:
    """A mark over headings, lists and tables marks all of them."""
    text = HOSTILE_PAGE.text
    page = Page(hostile.get(f"/documents/hostile?start=0&end={len(text)}"))
    assert fold(" ".join(page.marks)) == fold(text)
    assert len(page.all("mark", id="quote")) == 1


@pytest.mark.parametrize(
    "address",
    ["/", "/documents", "/documents/hostile", "/documents/hostile?start=0&end=30", "/about"],
)
def test_hostile_documents_are_escaped(hostile: TestClient, address: str) -> None:
    """A document's markup is shown as text: no page runs it or has an element of its own."""
    assert_harmless(Page(hostile.get(address)))


@pytest.mark.parametrize("question", ["lead is Angela others", "item"])
def test_hostile_quotes_are_escaped(hostile: TestClient, question: str) -> None:
    """A quote's markup is shown as text in the conversation, the fragment and the permalink."""
    response = ask(hostile, question)
    turn_id = last_turn(response)["turn"].turn_id
    fragment = ask_in_place(hostile, question)
    shown = last_turn(response)["answer"].citations or last_turn(response)["answer"].further
    assert shown
    for one in (response, fragment, hostile.get(f"/a/{turn_id}")):
        assert_harmless(Page(one))
        assert all(fold(citation.quote) in Page(one).words for citation in shown)
    in_place = Page(hostile.get(place_of(shown[0], turn_id)))
    assert_harmless(in_place)
    assert fold(" ".join(in_place.marks)) == fold(shown[0].quote)


@pytest.mark.parametrize("question", [EVIL, EVIL + "a" * 500])
def test_hostile_questions_are_escaped(client: TestClient, question: str) -> None:
    """A question's markup is shown as text in title, heading and field."""
    response = ask(client, question)
    assert_harmless(Page(response))
    if response.status_code == 200:
        assert fold(EVIL) in Page(response).words
        assert_harmless(Page(client.get(f"/a/{last_turn(response)['turn'].turn_id}")))
    else:
        assert Page(response).fields[-1] == f"\n{question}"


ADDRESSES = [
    "/",
    "/?deleted",
    "/c/{conversation}",
    "/c/{conversation}/delete",
    "/a/{turn}",
    "/documents",
    "/documents/lga-stp-review",
    "/documents/lga-stp-review?start=0&end=9&answer={turn}",
    "/about",
    "/evaluation",
    "/accessibility",
    "/none",
]
"""A page of every kind; what is in braces is filled in from ``kept``."""


@pytest.fixture(scope="module")
def kept(client: TestClient) -> dict[str, str]:
    """Ask a question, and return the ids of its conversation and of its answer."""
    response = ask(client, DEVON)
    turn_id: str = last_turn(response)["turn"].turn_id
    return {"conversation": conversation_of(response), "turn": turn_id}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_inline_script_or_style(client: TestClient, kept: dict[str, str], address: str) -> None:
    """Every script and style is a file of ours, and nothing but those is loaded."""
    response = client.get(address.format(**kept))
    page = Page(response)
    assert_harmless(page)
    loaded = [found["src"] for _, found in page.tags if "src" in found]
    loaded += [link["href"] for link in page.all("link")]
    assert loaded
    assert all(str(address).startswith("/static/") for address in loaded)
    assert "javascript:" not in response.text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_in_order(client: TestClient, kept: dict[str, str], address: str) -> None:
    """Every page has a language, a title, one main part, one first heading and unique ids."""
    page = Page(client.get(address.format(**kept)))
    ids = page.ids
    assert page.all("html", lang="en-GB")
    assert [len(page.all(name)) for name in ("title", "main", "h1")] == [1, 1, 1]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("address", [*ADDRESSES, "/documents/", "/api/ask/", "/api/none"])
def test_a_hostile_host_is_not_reflected(
    client: TestClient, kept: dict[str, str], address: str
) -> None:
    """Links are relative: what the Host header says is nowhere in a response."""
    response = client.get(address.format(**kept), headers={"host": "evil.example"})
    assert "evil.example" not in response.text + str(response.headers)


def test_a_redirect_does_not_reflect_the_host(client: TestClient) -> None:
    """A redirect is relative too."""
    headers = {"host": "testserver:8443", "origin": "https://testserver:8443"}
    response = client.post("/ask", data={"question": DEVON}, headers=headers)
    assert response.status_code == 303
    assert response.headers["location"].startswith("/c/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_links_lead_somewhere(client: TestClient, kept: dict[str, str], address: str) -> None:
    """Every link of a page is on this site and is answered, and its place is on that page."""
    page = Page(client.get(address.format(**kept)))
    assert page.links
    for link in page.links:
        path, _, place = link.partition("#")
        assert (path or link).startswith(("/", "#"))
        assert not link.startswith("//")
        linked = client.get(path) if path else None
        assert linked is None or linked.status_code == 200
        if place:
            assert place in (Page(linked) if linked else page).ids


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/none", 404),
        ("/documents/none", 404),
        ("/documents/..%2f..%2fetc", 404),
        ("/documents/%ff", 404),
        ("/c/none", 404),
        ("/c/none.md", 404),
        ("/c/none/delete", 404),
        (f"/c/{EVIL}", 404),
        ("/a/none", 404),
        ("/a/none.txt", 404),
        ("/c", 404),
        ("/c/", 404),
        ("/a", 404),
        ("/a/", 404),
        ("/static/none.css", 404),
        ("/static/..%2fapp.py", 404),
        ("/documents/lga-stp-review?start=0&end=99999999", 404),
        ("/documents/lga-stp-review?start=5&end=5", 404),
        ("/documents/lga-stp-review?start=9&end=5", 404),
        (f"/documents/lga-stp-review?start=0&end={'9' * 40}", 404),
        ("/documents/lga-stp-review?start=-1&end=5", 422),
        ("/documents/lga-stp-review?start=x&end=5", 422),
        (f"/documents/{EVIL}", 404),
    ],
)
def test_error_pages(client: TestClient, address: str, status: int) -> None:
    """What is not there is an error page in words, whatever was asked for."""
    response = client.get(address)
    page = Page(response)
    assert (response.status_code, template(response)) == (status, "error.html")
    assert fold(context(response)["detail"]) in page.words
    assert context(response)["detail"].endswith(".")
    assert ("This page is not there" in page.words) == (status == 404)
    for link in ("/", "/documents", "/about"):
        assert page.all("a", href=link)
    assert_harmless(page)


def test_the_end_of_a_document_is_a_place(client: TestClient, answerer: Answerer) -> None:
    """The last character is the last place of a document."""
    end = len(answerer.index.documents["lga-stp-review"].text)
    address = "/documents/lga-stp-review"
    assert client.get(f"{address}?start={end - 1}&end={end}").status_code == 200
    assert client.get(f"{address}?start={end}&end={end + 1}").status_code == 404


@pytest.mark.parametrize(
    ("method", "address"), [("GET", "/ask"), ("GET", "/a/none/feedback"), ("POST", "/")]
)
def test_forms_are_not_addresses(client: TestClient, method: str, address: str) -> None:
    """What changes something cannot be done by following a link, nor is a page posted to."""
    response = client.request(method, address)
    assert (response.status_code, template(response)) == (405, "error.html")


def test_conversations_are_listed_nowhere(client: TestClient, kept: dict[str, str]) -> None:
    """A conversation and its answers are on no page but their own."""
    for address in ADDRESSES:
        if "{" not in address:
            text = client.get(address).text
            assert kept["conversation"] not in text
            assert kept["turn"] not in text
    other = ask(client, "hello")
    assert kept["conversation"] not in other.text


def test_a_permalink(client: TestClient, kept: dict[str, str], answerer: Answerer) -> None:
    """An answer's address shows its question, quotes and time, and no build number."""
    response = client.get(f"/a/{kept['turn']}")
    given, words = context(response), Page(response).words
    asked = f"Asked on {given['turn'].asked:%-d %B %Y at %H:%M} UTC"
    assert (response.status_code, template(response)) == (200, "answer.html")
    assert f"{asked}." in words
    assert answerer.index_build not in words
    assert f"<title>{DEVON} – Footprints</title>" in response.text
    assert fold(given["answer"].citations[0].quote) in words


def test_a_document_lists_what_an_answer_quoted(client: TestClient) -> None:
    """A document opened from an answer lists its quotes, and says which of them is marked."""
    turn = last_turn(ask(client, ICS))["turn"]
    citation = turn.answer.citations[1]
    shown = client.get(place_of(citation, turn.turn_id))
    walk = context(shown)["walk"]
    assert [stop.text for stop in walk.stops] == [one.quote for one in turn.answer.citations]
    assert walk.stops[walk.here].text == citation.quote
    assert Page(shown).all("a", href=f"/c/{turn.conversation_id}#{turn.turn_id}")
    assert len(Page(shown).all("a", **{"aria-current": "true"})) == 1
    assert "Quotes in the answer" in Page(shown).words
    assert context(client.get(place_of(citation, "none")))["walk"].stops == ()


def test_what_came_closest_was_not_quoted(client: TestClient) -> None:
    """A document opened from an abstention does not call what came closest an answer's quotes."""
    turn = last_turn(ask(client, ABSENT))["turn"]
    words = Page(client.get(place_of(turn.answer.further[0], turn.turn_id))).words
    assert "Closest to an answer" in words
    assert "Quotes in the answer" not in words


ONE = document("# One\n\nAngela leads Devon.\n\n## Kent\n\nTim leads Kent.", "one", "Page one")
TWO = document("# Two\n\nAnn leads Hull.", "two", "Page two")
QUOTES = (
    cited(ONE, "Angela leads Devon.", 1),
    cited(ONE, "Tim leads Kent.", 2),
    cited(TWO, "Ann leads Hull.", 3),
)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (0, "One Quote 1 of 3 Back to the answer Next quote Link"),
        (
            1,
            "One › Kent Quote 2 of 3 Back to the answer Previous quote Next quote in Page two Link",
        ),
        (2, "Two Quote 3 of 3 Back to the answer Previous quote in Page one Link"),
    ],
)
def test_a_marked_quote_has_its_headings_and_neighbours(tmp_path: Path, at: int, said: str) -> None:
    """Beside a mark stand its headings and the quotes before and after, with their pages."""
    store = Conversations(tmp_path / "kept.sqlite3")
    turn = store.add(store.start(), answer_of("Who leads what?", *QUOTES))
    with browse(answerer_of(FakeEncoder(), ONE, TWO), lambda: store) as browser:
        page = Page(browser.get(place_of(QUOTES[at], turn.turn_id)))
    assert said in page.words
    assert page.all("nav", **{"aria-label": "The marked place"})
    for rel, other in (("prev", at - 1), ("next", at + 1)):
        beside = [place_of(quote, turn.turn_id) for quote in QUOTES[max(other, 0) : other + 1]]
        assert [link["href"] for link in page.all("a", rel=rel)] == beside


def test_a_place_can_be_shared(client: TestClient, answerer: Answerer) -> None:
    """A marked place has an address that needs no answer, and marks it with its headings."""
    turn = last_turn(ask(client, DEVON))["turn"]
    (citation,) = turn.answer.citations
    edition = answerer.index.documents[citation.doc_id].digest[:12]
    shared = place_of(citation).replace("#", f"&edition={edition}#")
    assert Page(client.get(place_of(citation, turn.turn_id))).all("a", href=shared)
    page = Page(client.get(shared))
    assert page.marks == [citation.quote]
    assert " › ".join(citation.headings) in page.words
    assert page.all("a", href=shared)
    assert turn.turn_id not in client.get(shared).text
    assert not page.all("p", **{"class": "notice"})


def test_a_shared_place_of_an_older_page_says_so(client: TestClient) -> None:
    """A link that was made when the document was another warns that the place may be too."""
    page = Page(client.get("/documents/lga-stp-review?start=0&end=9&edition=0123"))
    assert page.all("p", **{"class": "notice"})
    assert "This document has changed since the link was made." in page.words


# An answer is older than the index.

OLD = document(
    "# Plan\n\nAngela leads Devon. Tim leads Kent. Ann leads Hull.\n\nAs before.", "plan", "Plan"
)
GONE = document("# Gone\n\nNobody leads Thanet.", "gone", "Gone")
NEW = document(
    "# Plan\n\nNew words first, and longer ones.\n\nTim leads Kent. Angela leads Devon.", "plan"
)
OLDER = answer_of(
    "Who leads what?",
    cited(OLD, "Angela leads Devon.", 1),
    cited(OLD, "Ann leads Hull.", 2),
    cited(GONE, "Nobody leads Thanet.", 3),
)


@pytest.fixture
def reindexed(tmp_path: Path) -> Iterator[tuple[TestClient, str]]:
    """Browse a new index with an answer from an older one; return its id too."""
    store = Conversations(tmp_path / "kept.sqlite3")
    turn = store.add(store.start(), OLDER)
    with browse(answerer_of(FakeEncoder(), NEW), lambda: store) as browser:
        yield browser, turn.turn_id


def test_an_older_answer_is_shown_as_it_was_given(reindexed: tuple[TestClient, str]) -> None:
    """An answer keeps its quotes, sources and build when the documents change, and says so."""
    client, turn_id = reindexed
    response = client.get(f"/a/{turn_id}")
    page = Page(response)
    assert context(response)["answer"] == OLDER
    for citation in OLDER.citations:
        assert citation.quote in page.words
        assert citation.title in page.words
    assert context(response)["changed"] is True
    assert "old-build" not in page.words
    today = f"{context(response)['turn'].asked:%-d %B %Y}"
    changed = "What is quoted here has changed or is no longer in the documents since"
    assert f"{changed} {today}" in page.words


def test_an_answer_whose_quotes_still_stand(tmp_path: Path) -> None:
    """Another build of documents that still say what is quoted is nothing to warn of."""
    store = Conversations(tmp_path / "kept.sqlite3")
    turn = store.add(store.start(), answer_of("Who?", cited(OLD, "Angela leads Devon.")))
    with browse(answerer_of(FakeEncoder(), NEW), lambda: store) as browser:
        response = browser.get(f"/a/{turn.turn_id}")
    assert (context(response)["outdated"], context(response)["changed"]) == (True, False)
    assert not Page(response).all("p", **{"class": "notice"})


def test_links_of_an_older_answer(reindexed: tuple[TestClient, str]) -> None:
    """A quote links to where it stands now; to its page if it is gone; nowhere if that is gone."""
    client, turn_id = reindexed
    links = {link for link in Page(client.get(f"/a/{turn_id}")).links if "/documents/" in link}
    start = NEW.text.index("Angela leads Devon.")
    moved = place_of(Place("plan", start, start + len("Angela leads Devon.")), turn_id)
    assert links == {moved, "/documents/plan"}
    assert Page(client.get(moved)).marks == ["Angela leads Devon."]


@pytest.mark.parametrize(
    ("quote", "marked"), [("Angela leads Devon.", ["Angela leads Devon."]), ("Ann leads Hull.", [])]
)
def test_a_place_of_an_older_answer(
    reindexed: tuple[TestClient, str], quote: str, marked: list[str]
) -> None:
    """The place a quote had marks its words where they are now; where they are gone it says so."""
    client, turn_id = reindexed
    page = Page(client.get(place_of(cited(OLD, quote), turn_id)))
    assert page.marks == marked
    said = "The words that were quoted are no longer in this document."
    assert (said not in page.words) is bool(marked)


SHARED = "The words that both pages say."


@pytest.mark.parametrize(
    "text", ["Other words.", f"Other words. {SHARED}", "Far more words than there ever were. " * 9]
)
def test_merged_places_of_an_older_answer(tmp_path: Path, text: str) -> None:
    """A merged place of an older answer leads to the same words or to the page, never elsewhere."""
    one = document(f"# One\n\n{SHARED}", "one", "One")
    two = document(f"# Two\n\n{'Before. ' * 20}{SHARED}", "two", "Two")
    other = cited(two, SHARED)
    also = (Place("two", other.start, other.end),)
    given = answer_of("What do both say?", replace(cited(one, SHARED), also=also))
    store = Conversations(tmp_path / "kept.sqlite3")
    turn = store.add(store.start(), given)
    with browse(
        answerer_of(FakeEncoder(), one, document(f"# Two\n\n{text}", "two", "Two")), lambda: store
    ) as browser:
        links = {link for link in Page(browser.get(f"/a/{turn.turn_id}")).links if "/two" in link}
        (link,) = links
        response = browser.get(link)
        assert response.status_code == 200
        assert Page(response).marks == ([SHARED] if SHARED in text else [])


# Deleting, and saying whether it helped.


def test_a_conversation_is_deleted(client: TestClient) -> None:
    """A deleted conversation is gone with its answers, in all their forms, and the page says so."""
    response = ask(client, DEVON)
    conversation, turn_id = conversation_of(response), last_turn(response)["turn"].turn_id
    asked = client.get(f"/c/{conversation}/delete")
    assert Page(response).all("a", href=f"/c/{conversation}/delete")
    assert Page(asked).all("form", action=f"/c/{conversation}/delete", method="post")
    assert Page(asked).all("a", href=f"/c/{conversation}")
    assert f"Its only question, “{DEVON}”, will be deleted with its answer." in Page(asked).words
    deleted = client.post(f"/c/{conversation}/delete")
    assert (deleted.status_code, deleted.headers["location"]) == (303, "/?deleted")
    assert "The conversation has been deleted." in Page(client.get("/?deleted")).words
    addresses = (
        f"/c/{conversation}",
        f"/c/{conversation}.md",
        f"/a/{turn_id}",
        f"/a/{turn_id}.txt",
        f"/c/{conversation}/delete",
    )
    assert [client.get(address).status_code for address in addresses] == [404] * 5
    assert client.post(f"/a/{turn_id}/feedback", data={"helpful": "yes"}).status_code == 404


def test_deleting_what_is_gone(client: TestClient) -> None:
    """Deleting twice is no error."""
    assert client.post("/c/none/delete").status_code == 303


@pytest.fixture
def store(tmp_path: Path) -> Conversations:
    """Open an empty file of conversations."""
    return Conversations(tmp_path / "kept.sqlite3")


@pytest.mark.parametrize("pressed", Helped)
def test_feedback_by_form(answerer: Answerer, store: Conversations, pressed: Helped) -> None:
    """One press is kept beside the answer, with the words if any, and thanked for on the page."""
    with browse(answerer, lambda: store) as browser:
        page = ask(browser, DEVON)
        turn_id = last_turn(page)["turn"].turn_id
        assert Page(page).all("form", action=f"/a/{turn_id}/feedback", method="post")
        fields = {"helpful": pressed, "words": f" {EVIL} "}
        fields["conversation"] = conversation_of(page)
        assert Page(page).all("input", name="conversation", value=fields["conversation"])
        response = browser.post(f"/a/{turn_id}/feedback", data=fields)
        assert response.status_code == 303
        assert response.headers["location"] == f"/c/{conversation_of(page)}#{turn_id}"
        after = Page(browser.get(response.headers["location"]))
    (turn,) = store.with_feedback()
    assert (turn.turn_id, turn.helpful, turn.words) == (turn_id, pressed, EVIL)
    assert f"You said “{pressed.capitalize()}”, with your words; you can change it." in after.words
    assert after.all("button", **{"aria-pressed": "true"}) == [
        {"name": "helpful", "value": pressed, "type": "submit", "aria-pressed": "true"}
    ]
    assert EVIL in after.fields[0]
    assert_harmless(after)


@pytest.mark.parametrize(
    "fields", [{}, {"helpful": "perhaps"}, {"helpful": "yes", "words": "a" * 501}]
)
def test_bad_feedback(client: TestClient, kept: dict[str, str], fields: dict[str, str]) -> None:
    """Feedback that says neither, or too much, is an error page and is not kept."""
    response = client.post(f"/a/{kept['turn']}/feedback", data=fields)
    assert (response.status_code, template(response)) == (422, "error.html")
    assert context(client.get(f"/a/{kept['turn']}"))["turn"].helpful is None


def test_errors_in_place(client: TestClient) -> None:
    """In place, an error is one sentence that is announced, not a page."""
    headers = {"HX-Request": "true"}
    response = client.post("/a/none/feedback", data={"helpful": "yes"}, headers=headers)
    assert (response.status_code, template(response)) == (404, "fragments/error.html")
    assert Page(response).all("p", role="alert")
    assert not Page(response).all("html")


class Broken:
    """An answerer whose index was damaged under it."""

    def of(self, only: Only) -> Self:
        """Ask all documents, whatever is chosen."""
        return self

    def answer(self, question: str, history: object) -> None:
        """Fail."""
        raise IndexDamaged("passages.json is damaged; run: footprints index --rebuild")


def test_our_own_failure_is_a_500() -> None:
    """An error of ours is a 500 in the shape of its door, with its sentence and no traceback."""
    with browse(Broken()) as browser:
        page, fragment = ask(browser, DEVON), ask_in_place(browser, DEVON)
        api = browser.post("/api/ask", json={"question": DEVON})
    assert (page.status_code, template(page)) == (500, "error.html")
    assert (fragment.status_code, template(fragment)) == (500, "fragments/error.html")
    assert (api.status_code, api.headers["content-type"]) == (500, "application/problem+json")
    for response in (page, fragment, api):
        assert "passages.json is damaged" in response.text
        assert "Traceback" not in response.text


def test_a_kept_answer_is_there_for_programs(client: TestClient, kept: dict[str, str]) -> None:
    """The answer at an address is given as JSON too, behind its id, and an unknown one is a 404."""
    found = client.get(f"/api/answers/{kept['turn']}")
    assert (found.status_code, found.json()["id"]) == (200, kept["turn"])
    assert found.json()["citations"][0]["quote"].startswith("Devon - Angela Pedder OBE")
    unknown = client.get("/api/answers/none")
    assert (unknown.status_code, unknown.json()["status"]) == (404, 404)


# What an asker should know before the quotes.

PLAN = "Sustainability and transformation plans (STPs) were announced."
MAY_HELP = "We found no clear answer. These passages may help."
PARTNERSHIP = "STP stands for sustainability and transformation partnership."
PAGES_THAT_DIFFER = (
    document(f"# 2016\n\n{PLAN}", "plan", "Plan"),
    replace(
        document(f"# What is it?\n\n{PARTNERSHIP}", "partner", "Partner"),
        published=PartialDate("2019-01-07"),
    ),
)
DIFFERENT = replace(
    answer_of(
        "What is an STP?",
        replace(cited(PAGES_THAT_DIFFER[0], PLAN, 1), describes="2016"),
        replace(cited(PAGES_THAT_DIFFER[1], PARTNERSHIP, 2), published=PartialDate("2019-01-07")),
    ),
    differs=True,
    differences=(Difference(1, 2, "definition"),),
)
REMARKED = replace(
    DIFFERENT,
    status=AnswerStatus.POSSIBLE,
    searched_for="What is <b>an</b> STP?",
    unmentioned=("King’s <b>Fund</b>",),
)


def page_of(tmp_path: Path, given: Answer, address: str = "/a/{}") -> Page:
    """Show an answer that was kept."""
    store = Conversations(tmp_path / "kept.sqlite3")
    turn = store.add(store.start(), given)
    with browse(answerer_of(FakeEncoder(), *PAGES_THAT_DIFFER), lambda: store) as browser:
        return Page(browser.get(address.format(turn.turn_id, turn.conversation_id)))


@pytest.mark.parametrize("address", ["/a/{}", "/c/{1}"])
def test_pages_that_differ(tmp_path: Path, address: str) -> None:
    """The answer says what the pages differ in, and leads to both quotes, with their dates."""
    page = page_of(tmp_path, DIFFERENT, address)
    assert (
        "These documents differ in what STP stands for: "
        "quote 1 (no date on the page; about 2016) and quote 2 (7 January 2019)."
    ) in page.words
    links = [str(link["href"]) for link in page.all("a") if "#quote-" in str(link.get("href"))]
    assert len(links) == 2
    assert {link.removeprefix("#") for link in links} <= set(page.ids)
    assert page.words.index("These documents differ") < page.words.index(PLAN)


def test_pages_that_do_not_differ(tmp_path: Path) -> None:
    """An answer whose pages agree, or were not compared when it was given, says nothing of it."""
    page = page_of(tmp_path, replace(DIFFERENT, differs=False, differences=()))
    for remark in (
        "These documents differ",
        "no clear answer",
        "No document mentions",
        "Searched for",
    ):
        assert remark not in page.words


def test_what_was_searched_for_and_doubt(tmp_path: Path) -> None:
    """The corrected question, what no document mentions and doubt stand above the quotes."""
    page = page_of(tmp_path, REMARKED)
    for remark in (
        "Searched for: What is <b>an</b> STP?",
        "No document mentions ‘King’s <b>Fund</b>’.",
        MAY_HELP,
    ):
        assert page.words.count(remark) == 1
        assert page.words.index(remark) < page.words.index(PLAN)
    assert_harmless(page)


def test_how_a_follow_up_was_read(tmp_path: Path) -> None:
    """One line says how it was read; only whoever asked it can ask it by itself, in its choice."""
    given = replace(REMARKED, read_after=("Who leads <b>it</b>?", "And?"), only=Only(("A",)))
    page = page_of(tmp_path, given)
    said = "Read as a follow-up to “Who leads <b>it</b>?” and “And?” "
    assert page.words.count(said) == 1
    assert "by itself" not in page.words
    with browse(Giving(given)) as browser:
        page = Page(ask_in_place(browser, given.question).text)
    assert "Ask it by itself" in page.words
    assert page.all("input", type="hidden", name="alone", value="true")
    assert page.all("input", type="hidden", name="publisher", value="A")
    assert_harmless(page)


class Giving(Listener):
    """Gives one answer to everything."""

    def __init__(self, given: Answer) -> None:
        super().__init__(answerer_of(FakeEncoder(), *PAGES_THAT_DIFFER))
        self.given = given

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Give it."""
        return self.given


def announced(given: Answer) -> str:
    """Return what those who listen are told of an answer, asked in place."""
    with browse(Giving(given)) as browser:
        text = ask_in_place(browser, given.question).text
    return Page(text[text.index('<p id="announcement"') :].partition("</p>")[0]).words


def test_what_differs_is_announced() -> None:
    """Asked in place, all that stands above the quotes is told to those who listen."""
    assert announced(REMARKED) == (
        f"{MAY_HELP} Searched for: What is <b>an</b> STP? "
        "No document mentions ‘King’s <b>Fund</b>’. These documents differ in what STP stands for: "
        "quote 1 (no date on the page; about 2016) and quote 2 (7 January 2019)."
    )


def test_a_real_answer_whose_pages_differ() -> None:
    """What an STP is, is answered from two pages that differ, and the answer says so."""
    given = answerer_of(FakeEncoder(), *PAGES_THAT_DIFFER).answer(f"{PLAN} {PARTNERSHIP}")
    assert (given.differs, given.differences) == (True, (Difference(1, 2, "definition"),))


# What an answer shows, by how it ended.

LEADS = document(
    "# Leads\n\nFirst of all. Angela leads Devon. Ann leads Hull. She is new.\n\nFar away.",
    "leads",
    "Leads",
)
AROUND = "First of all. Angela leads Devon. Ann leads Hull. She is new."
ANN = cited(LEADS, "Ann leads Hull.", 1, AROUND)
ANGELA = cited(LEADS, "Angela leads Devon.", 2, AROUND)
NEAR = cited(LEADS, "Far away.", 3)
NO = "The documents do not answer this."


def shown(tmp_path: Path, given: Answer, query: str = "") -> tuple[Page, str]:
    """Show an answer over those documents; return the page and its source."""
    store = Conversations(tmp_path / "kept.sqlite3")
    turn = store.add(store.start(), given)
    with browse(answerer_of(FakeEncoder(), LEADS), lambda: store) as browser:
        response = browser.get(f"/a/{turn.turn_id}{query}")
    return Page(response), response.text


def test_a_quote_stands_in_its_surroundings(tmp_path: Path) -> None:
    """Two quotes of one place are one card: all of the place once, each quote strong in it."""
    page, source = shown(tmp_path, answer_of("Who leads?", ANN, ANGELA))
    assert len(page.all("blockquote")) == 1
    assert (
        '<p><span class="around">First of all. </span>'
        f'<span class="number">2</span> <strong class="quote" id="{id_of(page, 2)}">'
        'Angela leads Devon.</strong><span class="around"> </span>'
        f'<span class="number">1</span> <strong class="quote" id="{id_of(page, 1)}">'
        'Ann leads Hull.</strong><span class="around"> She is new.</span></p>'
    ) in source
    for one in (ANN, ANGELA):
        assert f"See quote {one.number} in place" in page.words
        assert any(f"start={one.start}&end={one.end}&" in link for link in page.links)
    assert not page.marks


def id_of(page: Page, number: int) -> str:
    """Return the id of a quote."""
    (found,) = (one for one in page.ids if str(one).endswith(f"-{number}"))
    return str(found)


def test_the_subject_stands_above_a_quote(tmp_path: Path) -> None:
    """What the quote needs stands above it, the column heads apart; the breadcrumb is in place."""
    context_of = (Excerpt(0, 5, "Kent <b>"), Excerpt(500, 509, "Area\tLead"))
    one = replace(ANN, context=context_of, headings=("Page", "Kent <b>"))
    page, source = shown(tmp_path, answer_of("Who leads?", one))
    assert '<p class="subject">Kent &lt;b&gt; › Area | Lead</p>' in source
    assert page.words.index("Area | Lead") < page.words.index(AROUND[:9])
    assert "Page › Kent" not in page.words


def test_a_table_keeps_its_heads_and_cells(tmp_path: Path) -> None:
    """A row that is quoted stands in cells under the heads of its columns, which are said once."""
    table = document("# Kent\n\n| Area | Lead |\n|-|-|\n| Thanet | Tim |", "kent", "Kent")
    heads = Excerpt(table.text.index("Area"), table.text.index("Lead") + 4, "Area\tLead")
    one = replace(cited(table, "Thanet\tTim"), context=(heads,))
    page, source = shown(tmp_path, answer_of("Who?", one))
    assert [name for name, _ in page.tags if name in {"th", "td"}] == ["th", "th", "td", "td"]
    assert page.words.count("Area") == 1
    assert '<td><strong class="quote">Tim</strong></td>' in source


def test_what_may_help(tmp_path: Path) -> None:
    """Passages that may help stand at normal weight, the words that match marked, and no no."""
    given = answer_of("Who is leading Hull?", ANN, status=AnswerStatus.POSSIBLE)
    page, source = shown(tmp_path, replace(given, probability=0.3))
    assert page.words.count(MAY_HELP) == 1
    assert page.marks == ["leads", "leads", "Hull"]
    assert not page.all("strong")
    assert "Ann <mark>leads</mark> <mark>Hull</mark>.</span>" in source
    assert "not answer" not in page.words


def test_more_from_the_documents(tmp_path: Path) -> None:
    """Behind an answer its next best passages are folded away, each with a link to its place."""
    page, source = shown(tmp_path, answer_of("Who is far?", ANN, further=(NEAR,)))
    (folded,) = page.all("details", **{"class": "further"})
    assert "open" not in folded
    assert "More from the documents (1): “Far away.”" in page.words
    assert page.marks == ["Far"]
    assert any(f"start={NEAR.start}&end={NEAR.end}&" in link for link in page.links)
    assert source.index('<details class="further"') > source.index("Ann leads Hull.")


def test_a_no(tmp_path: Path) -> None:
    """A no is one sentence, then the documents there are, then what is nearest, folded away."""
    near = replace(NEAR, number=1)
    page, source = shown(tmp_path, answer_of("Why?", further=(near,)))
    assert page.words.count(NO) == 1
    assert "There is one document: Leads, no date on the page" in page.words
    assert page.all("a", href="/documents/leads")
    assert (
        source.index(NO)
        < source.index("There is one document")
        < source.index('<details class="further"')
    )
    assert len(page.all("blockquote")) == 1


@pytest.mark.parametrize(
    "status", [AnswerStatus.ABSTAINED_OFF_TOPIC, AnswerStatus.ABSTAINED_NEEDS_REPHRASING]
)
def test_the_other_kinds_of_no(tmp_path: Path, status: AnswerStatus) -> None:
    """Off topic, or unclear, is one sentence and nothing else."""
    page, _ = shown(tmp_path, answer_of("Why?", status=status))
    assert page.words.count(EXPLANATIONS[status]) == 1
    assert not page.all("blockquote")
    assert not page.all("a", href="/documents/leads")


@pytest.mark.parametrize("topic", Topic)
def test_guidance_is_no_quote(tmp_path: Path, topic: Topic) -> None:
    """Guidance is a section named as our own words: no quote, no card, no source."""
    given = replace(answer_of("hello", status=AnswerStatus.GUIDANCE), topic=topic)
    page, source = shown(tmp_path, given)
    assert page.all("section", **{"aria-label": "About this service, in our own words."})
    assert not {"blockquote", "figure", "cite", "mark"} & {tag for tag, _ in page.tags}
    assert 'class="source"' not in source


def test_guidance_is_not_rated(client: TestClient) -> None:
    """Whether it helped is asked under an answer and under a “no”, not under guidance."""
    for question, rated in ((DEVON, 1), (ABSENT, 1), ("hello", 0), ("thanks", 0)):
        assert len(Page(ask(client, question)).all("form", **{"class": "feedback"})) == rated


@pytest.mark.parametrize("question", ["hello", "What can you do?", "What documents do you have?"])
def test_guidance_says_what_there_is(client: TestClient, answerer: Answerer, question: str) -> None:
    """Asked of itself, the chat lists the documents with their dates."""
    page = Page(ask(client, question))
    for one in answerer.index.documents.values():
        assert page.all("a", href=f"/documents/{one.doc_id}")
        assert f"{one.title}, {when(one.published, one.describes)}" in page.words


def test_guidance_has_examples(client: TestClient, answerer: Answerer) -> None:
    """A greeting offers examples that go on with the conversation, in place or by themselves."""
    response = ask(client, "hello")
    page, conversation = Page(response), conversation_of(response)
    examples = answerer.examples
    for question in examples:
        assert page.all("input", type="hidden", name="question", value=question)
    assert len(page.all("input", name="conversation", value=conversation)) > len(examples)
    assert len(page.all("form", action="/ask", **{"hx-target": "#turns"})) == len(examples) + 1


def test_asking_for_less(client: TestClient, answerer: Answerer) -> None:
    """Nothing can be shortened: one is led to the first quote of the answer, if there was one."""
    first = ask(client, DEVON)
    page = Page(ask(client, "Shorter please", conversation_of(first)))
    turn_id = last_turn(first)["turn"].turn_id
    assert "it cannot shorten, simplify or reword what the documents say" in page.words
    assert page.all("a", href=f"/c/{conversation_of(first)}#quote-{turn_id}-1")
    assert f"quote-{turn_id}-1" in page.ids
    page = Page(ask(client, "Shorter please"))
    assert "it cannot shorten" in page.words
    assert "See the first quote" not in page.words
    assert page.all("input", name="question", value=answerer.examples[0])


def test_a_conversation_may_begin_with_a_greeting(client: TestClient) -> None:
    """What is asked after “hello” goes on in the same conversation."""
    conversation = conversation_of(ask(client, "hello"))
    given = client.post("/ask", data={"question": DEVON, "conversation": conversation})
    assert given.headers["location"].startswith(f"/c/{conversation}#")


def test_guidance_as_text_of_the_page(client: TestClient) -> None:
    """The text of guidance is what the page says, the documents too."""
    turn_id = last_turn(ask(client, "hello"))["turn"].turn_id
    text = client.get(f"/a/{turn_id}.txt").text
    assert text.startswith("hello\n\nHello. Ask a question")
    assert "East of England sustainability and transformation plans explained (2 August" in text


def test_an_overview(tmp_path: Path) -> None:
    """An overview is an outline of links to its quotes, whose document is named once."""
    quotes = [
        citation_of(words, number, headings=("Leads", heading))
        for number, (words, heading) in enumerate(
            (("First of all.", "One"), ("She is new.", "Two"), ("Far away.", "Three")), 1
        )
    ]
    given = answer_of("Summarise the leads", *quotes, status=AnswerStatus.OVERVIEW)
    page, source = shown(tmp_path, given)
    assert page.all("nav", **{"aria-label": "Outline"})
    outline = source.partition('<nav class="outline"')[2].partition("</nav>")[0]
    assert [link["href"] for link in Page(outline).all("a")] == [
        f"#{id_of(page, number)}" for number in (1, 2, 3)
    ]
    assert Page(outline).words.endswith("One Two Three")
    assert len(page.all("cite")) == 1
    assert len(page.all("blockquote")) == 3


def citation_of(quote: str, number: int, **known: Any) -> Any:
    """Return a citation of those documents of which more is known."""
    return replace(cited(LEADS, quote, number), **known)


TWO_PARTS = replace(
    answer_of("Who leads Hull, and why?", ANN, further=(NEAR,)),
    parts=(
        AnswerPart("Who leads Hull?", AnswerStatus.ANSWERED, 0.9, (1,)),
        AnswerPart("And why?", AnswerStatus.ABSTAINED_NOT_IN_CORPUS, 0.1, ()),
    ),
)


def test_two_parts(tmp_path: Path) -> None:
    """Each part stands under its own words, a heading below the question's, with its own status."""
    page, source = shown(tmp_path, TWO_PARTS)
    headings = [tag for tag, _ in page.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert headings == ["h1", "h2", "h3", "h3"]
    order = [source.index(words) for words in ("<h3>Who leads Hull?", AROUND[:9], "<h3>And", NO)]
    assert order == sorted(order)
    assert page.words.count(NO) == 1


def test_parts_are_announced() -> None:
    """Those who listen hear of each part what came of it."""
    assert announced(TWO_PARTS) == f"Who leads Hull? Answered with 1 quote. And why? {NO}"


def test_a_quote_of_two_parts_stands_once(tmp_path: Path) -> None:
    """A quote that two parts share is shown in the first; the second leads to it by its number."""
    first, second = TWO_PARTS.parts
    again = replace(second, status=AnswerStatus.ANSWERED, citations=(1,))
    page, _ = shown(tmp_path, replace(TWO_PARTS, parts=(first, again)))
    assert len(page.all("blockquote")) == 2
    assert "And why? See quote 1 above." in page.words
    assert page.all("a", href=f"#{id_of(page, 1)}")
    assert len(set(page.ids)) == len(page.ids)


@pytest.mark.parametrize(
    ("query", "first", "link"),
    [
        ("", "Best quotes first", "date"),
        ("?order=best", "Best quotes first", "date"),
        ("?order=date", "Oldest quotes first", "best"),
    ],
)
def test_the_reader_chooses_the_order(tmp_path: Path, query: str, first: str, link: str) -> None:
    """Cards stand by rank, or by date at the reader's switch; the numbers stay what they were."""
    new = replace(ANN, published=PartialDate("2019-01-01"), title="New")
    old = replace(NEAR, number=2, published=PartialDate("2016-01-01"), title="Old")
    page, _ = shown(tmp_path, answer_of("Who?", new, old), query)
    order = sorted(("New", "Old"), key=lambda title: page.words.index(f". {title}"))
    assert order == (["New", "Old"] if first == "Best quotes first" else ["Old", "New"])
    turn_id = page.all("article")[0]["id"]
    assert page.all("a", href=f"/a/{turn_id}?order={link}#{turn_id}")
    assert ("Oldest quotes first" if link == "date" else "Best quotes first") in page.words


@pytest.mark.parametrize("earlier", [False, True])
def test_the_order_is_turned_in_the_conversation(tmp_path: Path, earlier: bool) -> None:
    """The switch shows the same page of the conversation, with that answer alone in its order."""
    new = replace(ANN, published=PartialDate("2019-01-01"), title="New")
    old = replace(NEAR, number=2, published=PartialDate("2016-01-01"), title="Old")
    store = Conversations(tmp_path / "kept.sqlite3")
    conversation = store.start()
    asked = [store.add(conversation, answer_of("Who?", new, old)).turn_id for _ in range(3)]
    query = f"before={asked[2]}&" if earlier else ""
    last = asked[1 if earlier else 2]
    with browse(answerer_of(FakeEncoder(), LEADS), lambda: store) as browser:
        page = Page(browser.get(f"/c/{conversation}?{query}"))
        (link,) = page.all("a", href=f"/c/{conversation}?{query}turn={last}&order=date#{last}")
        turned = Page(browser.get(str(link["href"])))
        assert browser.get(f"/c/{conversation}?order=worst").status_code == 422
    assert turned.all("article") == page.all("article")
    assert turned.words.count("Oldest quotes first") == len(page.all("article")) - 1
    words = turned.words.rpartition("Who?")[2]
    assert words.index(". Old") < words.index(". New")
    assert turned.all("a", href=f"/c/{conversation}?{query}turn={last}&order=best#{last}")


def test_one_date_has_no_order(tmp_path: Path) -> None:
    """Where all quotes are of one date there is nothing to choose, and another order is none."""
    page, _ = shown(tmp_path, answer_of("Who?", ANN, ANGELA))
    assert "Oldest quotes first" not in page.words
    store = Conversations(tmp_path / "kept.sqlite3")
    turn = store.add(store.start(), answer_of("Who?", ANN))
    with browse(answerer_of(FakeEncoder(), LEADS), lambda: store) as browser:
        assert browser.get(f"/a/{turn.turn_id}?order=worst").status_code == 422


@pytest.mark.parametrize("status", AnswerStatus)
def test_whom_else_to_ask(status: AnswerStatus) -> None:
    """A contact stands under every “no” and “possible” alone, and only if there is one."""
    unsure = status in ("possible", "abstained_not_in_corpus", "abstained_off_topic")
    for contact in ("", "the office, office@example.org"):
        app = app_of(contact=contact)
        with TestClient(app, headers=SAME_ORIGIN) as client:
            kept = app.state.conversations
            turn = kept.add(kept.start(), answer_of("Norwich?", status=status))
            for address in (f"/a/{turn.turn_id}", f"/c/{turn.conversation_id}"):
                page = Page(client.get(address))
                said = "You could also ask: the office, office@example.org" in page.words
                assert said == (unsure and bool(contact))
                assert ("mailto:office@example.org" in page.links) == said


def test_quotes_four_and_five_are_folded(tmp_path: Path) -> None:
    """From the fourth quote on they are folded away, with their count and first words."""
    quotes = [replace(cited(LEADS, "Far away.", n), doc_id=f"d{n}") for n in range(1, 6)]
    page, _ = shown(tmp_path, answer_of("Who?", *quotes))
    assert len(page.all("details", **{"class": "further rest"})) == 1
    assert "More quotes (2): “Far away.”" in page.words


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [("txt", "text/plain"), ("md", "text/markdown"), ("json", "application/vnd.citationstyles")],
)
def test_a_quote_is_copied(
    client: TestClient, kept: dict[str, str], suffix: str, kind: str
) -> None:
    """Each quote has an address for each form of its words with their source; others have none."""
    address = f"/a/{kept['turn']}"
    assert f"{address}/1.{suffix}" in Page(client.get(address)).links
    response = client.get(f"{address}/1.{suffix}")
    assert response.headers["content-type"].startswith(kind)
    assert "Royal College of Nursing" in response.text
    assert f"http://testserver{address}" in response.text
    assert client.get(f"{address}/99.{suffix}").status_code == 404


@pytest.mark.parametrize(("question", "first"), [("Who leads?", False), ("Who leads now?", True)])
def test_how_old_it_is(tmp_path: Path, question: str, first: bool) -> None:
    """How old the documents are stands behind the quotes, or first if the question is about now."""
    page, _ = shown(tmp_path, answer_of(question, replace(ANN, describes="2016")))
    age = page.words.index("This document describes 2016.")
    assert (age < page.words.index(AROUND[:9])) is first


@pytest.mark.parametrize("status", sorted(set(AnswerStatus) - SHOWING - {AnswerStatus.OVERVIEW}))
def test_nothing_quoted_has_no_age(tmp_path: Path, status: AnswerStatus) -> None:
    """How old the documents are is not said where none is quoted, nor of a question about now."""
    page, _ = shown(tmp_path, answer_of("Who leads today?", status=status))
    assert "describes 20" not in page.words
    assert "describe 20" not in page.words


def test_what_to_ask_next(client: TestClient, answerer: Answerer) -> None:
    """Under the last answer stands what to ask next: on the page, or fetched after the answer."""
    fragment = ask_in_place(client, DEVON)
    turn = context(fragment)["turn"]
    fetched = Page(client.get(f"/a/{turn.turn_id}/next", headers={"HX-Request": "true"}))
    page = Page(client.get(f"/c/{turn.conversation_id}"))
    expected = next_questions(answerer, answerer.answer(DEVON))
    assert len(expected) == 3
    for question in expected:
        for shown in (fetched, page):
            assert shown.all("input", type="hidden", name="question", value=question)
            assert shown.all("input", name="conversation", value=turn.conversation_id)
    assert "Ask next" in page.words
    assert "Ask next" not in Page(client.get(f"/a/{turn.turn_id}")).words


def test_what_to_ask_next_is_its_askers_alone(answerer: Answerer) -> None:
    """Whoever was given an answer does not learn its conversation from what could be asked next."""
    with browse(answerer) as browser:
        turn = context(ask_in_place(browser, DEVON))["turn"]
        browser.cookies.clear()
        assert browser.get(f"/a/{turn.turn_id}/next").text.strip() == ""
        assert browser.get("/a/none/next").status_code == 404


def test_asking_some_documents_only(client: TestClient) -> None:
    """A choice is said above the answer, kept for the next question, and refused in a sentence."""
    chosen = {"publisher": "NHS England", "since": "2019", "until": ""}
    given = client.post("/ask", data={"question": "What is an STP?", **chosen})
    response = client.get(given.headers["location"])
    page, conversation = Page(response), conversation_of(response)
    assert "Asked only of documents by NHS England, about 2019 or later." in page.words
    boxes = page.all("input", type="checkbox", name="publisher")
    assert [one["value"] for one in boxes if "checked" in one] == ["NHS England"]
    assert page.all("input", type="text", name="since", value="2019")
    quoted = {one.doc_id for one in last_turn(response)["answer"].citations}
    assert quoted == {"nhs-england-stp-faq"}
    (form,) = (
        one
        for one in re.findall("<form.*?</form>", response.text, re.DOTALL)
        if "Ask all documents" in one
    )
    assert not Page(form).all("input", name="publisher")
    of_all = {str(one["name"]): str(one["value"]) for one in Page(form).all("input")}
    assert of_all == {"conversation": conversation, "alone": "true", "question": "What is an STP?"}
    asked = last_turn(client.get(client.post("/ask", data=of_all).headers["location"]))["answer"]
    assert len({one.doc_id for one in asked.citations}) > 1
    nothing = client.post("/ask", data={"question": "Which hospitals are in Kent?", **chosen})
    said = Page(client.get(nothing.headers["location"])).words
    assert "The documents do not answer this" in said
    assert "There is one document:" in said
    again = {"question": "What?", "conversation": conversation, **chosen, "since": "soon"}
    wrong = client.post("/ask", data=again)
    assert wrong.status_code == 400
    assert "'soon' is not a year" in Page(wrong).words
    assert Page(wrong).all("input", type="text", name="since", value="soon")
    (field,) = Page(wrong).all("input", type="text", **{"aria-invalid": "true"})
    assert (field["name"], field["aria-describedby"]) == ("since", "question-error")
    assert not Page(wrong).all("textarea", **{"aria-invalid": "true"})
    (fields,) = re.findall('<details class="only" open>.*?</details>', wrong.text, re.DOTALL)
    assert "question-error" in fields
    nobody = client.post("/ask", data={"question": "What is an STP?", "publisher": "Nobody"})
    assert nobody.status_code == 400
    assert "No document is by Nobody; widen the choice of documents." in Page(nobody).words


def test_any_corpus_has_its_own_first_page(tmp_path: Path) -> None:
    """Without a heading of its own the page names no subject, and of one document no choice."""
    tea = document("# Tea\n\nTea is a drink.", "tea")
    with browse(answerer_of(FakeEncoder(), tea)) as browser:
        page = Page(browser.get("/"))
    assert "Ask the documents" in page.words
    assert "integrated care" not in page.words
    assert not page.all("details", **{"class": "only"})
    assert not page.all("button", **{"class": "example"})


def test_the_original_page(tmp_path: Path) -> None:
    """Beside a quote and in a document's details stands where it was taken from, and when."""
    url = "https://example.org/tea?a=1&b=2"
    tea = document("# Tea\n\nTea is a drink made of leaves.", "tea")
    tea = replace(tea, url=url, retrieved=PartialDate("2017-05-03"))
    with browse(answerer_of(FakeEncoder(), tea)) as browser:
        for page in (Page(ask(browser, "What is tea?")), Page(browser.get("/documents/tea"))):
            assert "Original page, retrieved 3 May 2017" in page.words
            assert url in page.links
