"""The web pages and the HTTP API, by their public face."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from fakes import FakeEncoder
from starlette.testclient import TestClient
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.contract import answer_json
from footprints.errors import IndexDamaged
from footprints.types import AnswerStatus
from footprints.web.app import create_app

if TYPE_CHECKING:
    from httpx2 import Response

DEVON = "Who leads the Devon STP?"
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


class Page(HTMLParser):
    """What a page consists of, as a browser would see it."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.marks: list[str] = []
        self._in_mark = False
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; all but marks and links keep words apart."""
        self.tags.append((tag, dict(attrs)))
        self.text.append("" if tag in {"mark", "a"} else " ")
        if tag == "mark":
            self._in_mark = True
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        """End a mark."""
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text.append(data)
        if self._in_mark:
            self.marks[-1] += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of this name that has these ones."""
        asked = attributes.items()
        return [found for name, found in self.tags if name == tag and asked <= found.items()]

    @property
    def words(self) -> str:
        """Return its whole text with white space folded."""
        return fold("".join(self.text))


def fold(text: str) -> str:
    """Write every run of white space as one space."""
    return " ".join(text.split())


def context(response: Response) -> dict[str, Any]:
    """Return what the template of a response was given."""
    given: dict[str, Any] = response.context  # type: ignore[attr-defined]
    return given


def template(response: Response) -> str:
    """Return the name of the template of a response."""
    name: str = response.template.name  # type: ignore[attr-defined]
    return name


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> Iterator[TestClient]:
    """Browse the real corpus."""
    with TestClient(create_app(lambda: answerer), follow_redirects=False) as browser:
        yield browser


@pytest.fixture(scope="module")
def hostile() -> Iterator[TestClient]:
    """Browse a corpus of one hostile document."""
    answerer = answerer_of(FakeEncoder(), HOSTILE_PAGE)
    with TestClient(create_app(lambda: answerer)) as browser:
        yield browser


def ask(client: TestClient, question: str, *history: str) -> Response:
    """Ask in the browser."""
    return client.get("/", params={"question": question, "history": history})


def test_the_first_page(client: TestClient) -> None:
    """The first page is a form and no answer."""
    response = client.get("/")
    page = Page(response)
    assert (response.status_code, template(response)) == (200, "ask.html")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert (context(response)["answer"], context(response)["error"]) == (None, "")
    assert page.all("form", action="/", method="get")
    assert page.all("label", **{"for": "question"})
    assert page.all("input", id="question", name="question")
    assert not page.all("section")


def test_an_answer(client: TestClient, answerer: Answerer) -> None:
    """An answer shows its quote, whose words they are, and a link to the place."""
    response = ask(client, DEVON)
    page = Page(response)
    (citation,) = context(response)["answer"].citations
    assert (response.status_code, template(response)) == (200, "ask.html")
    assert context(response)["answered"] is True
    assert citation.quote in page.words
    assert "Royal College of Nursing, undated; describes 2016" in page.words
    assert " › ".join(citation.headings) in page.words
    assert page.all("a", href=place_of(citation))
    assert not page.all("p", **{"class": "abstained"})


def test_an_abstention(client: TestClient) -> None:
    """An abstention says so in a sentence and marks the closest passages as not answering."""
    response = ask(client, "hello")
    page = Page(response)
    assert (response.status_code, context(response)["answered"]) == (200, False)
    assert context(response)["answer"].status is AnswerStatus.ABSTAINED_OFF_TOPIC
    assert "This does not seem to be about what the documents cover." in page.words
    assert "What came closest, though it does not answer the question:" in page.words
    assert len(page.all("ol", **{"class": "citations related"})) == 1
    assert len(page.all("blockquote")) == 3


def test_merged_places_are_linked(client: TestClient) -> None:
    """A quote that two documents share links to both."""
    response = ask(client, "How much NHS funding backs the STPs?")
    first = context(response)["answer"].citations[0]
    links = {link["href"] for link in Page(response).all("a")}
    assert first.also
    assert {place_of(first), *(place_of(place) for place in first.also)} <= links


def test_a_list_is_shown_line_by_line(client: TestClient) -> None:
    """Each line of a quoted list is a paragraph of its own."""
    response = ask(client, "What are the six systems for the east of England?")
    for line in ("Norfolk and Waveney", "Suffolk and North East Essex"):
        assert f"<p>{line}</p>" in response.text


@pytest.mark.parametrize("question", ["", "  ", "?!", "a" * 501])
def test_a_bad_question(client: TestClient, question: str) -> None:
    """A bad question is a 400 whose message is tied to the field, which keeps what was typed."""
    response = ask(client, question)
    page = Page(response)
    assert (response.status_code, template(response)) == (400, "ask.html")
    assert context(response)["answer"] is None
    (field,) = page.all("input", id="question")
    assert field["aria-invalid"] == "true"
    assert field["value"] == question
    (message,) = page.all("p", id=str(field["aria-describedby"]))
    assert message["class"] == "error"
    assert context(response)["error"] in page.words
    assert "<title>Error:" in response.text


def test_without_an_error_no_field_is_invalid(client: TestClient) -> None:
    """The field is tied to no message while there is none."""
    (field,) = Page(ask(client, DEVON)).all("input", id="question")
    assert not {"aria-invalid", "aria-describedby"} & field.keys()


def test_bytes_that_are_not_utf_8(client: TestClient) -> None:
    """A question of broken bytes is a bad question or a question, never a failure."""
    assert client.get("/?question=%ED%A0%80%FF").status_code in {200, 400}


def test_history_is_carried_by_the_form(client: TestClient) -> None:
    """The form carries the last two questions, and a follow-up is read behind them."""
    first = Page(ask(client, ENGAGE))
    assert [field["value"] for field in first.all("input", type="hidden")] == [ENGAGE]
    response = ask(client, "And in Lincolnshire?", ENGAGE)
    assert "patient stories" in Page(response).words
    carried = Page(response).all("input", type="hidden", name="history")
    assert [field["value"] for field in carried] == [ENGAGE, "And in Lincolnshire?"]
    third = Page(ask(client, "How many local care networks are there?", ENGAGE, "And in Kent?"))
    carried = third.all("input", type="hidden", name="history")
    assert [field["value"] for field in carried] == [
        "And in Kent?",
        "How many local care networks are there?",
    ]


def test_history_survives_a_bad_question(client: TestClient) -> None:
    """A bad question leaves the history as it was."""
    page = Page(ask(client, "?", ENGAGE))
    assert [field["value"] for field in page.all("input", type="hidden")] == [ENGAGE]


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
    """A document's page holds its blocks, all of them, in order, with nothing marked."""
    for doc_id, one in answerer.index.documents.items():
        response = client.get(f"/documents/{doc_id}")
        page = Page(response)
        assert (response.status_code, template(response)) == (200, "document.html")
        article = page.words[page.words.index(fold(one.at(one.blocks[0]))) :]
        assert article.endswith(fold(" ".join(one.at(block) for block in one.blocks)))
        assert page.marks == []


def test_a_document_says_what_was_inferred(client: TestClient) -> None:
    """A document's page names the facts that its publisher does not state."""
    words = Page(client.get("/documents/lga-stp-review")).words
    assert "Not stated on the page itself, but inferred: publisher, describes." in words


QUESTIONS = [
    DEVON,
    "What are the nine must dos for 2016/2017?",
    "What are the six systems for the east of England?",
    "Which vanguard sites are in the South West?",
    "What is an integrated care system?",
    "What must the STPs provide details about?",
    "What is the LLR pound?",
    "How does Lincolnshire use patient stories?",
    "hello",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_exactly_the_quote_is_marked(client: TestClient, answerer: Answerer, question: str) -> None:
    """The page that a citation links to marks its quote and nothing else, and the link lands."""
    answer = answerer.answer(question)
    places = [
        (citation.quote, place)
        for citation in [*answer.citations, *answer.related]
        for place in (citation, *citation.also)
    ]
    for quote, place in places:
        page = Page(client.get(place_of(place)))
        assert fold(" ".join(page.marks)) == fold(quote)
        assert len(page.all("mark", id="quote")) == 1


def place_of(place: Any) -> str:
    """Return the address that should lead to a place."""
    return f"/documents/{place.doc_id}?start={place.start}&end={place.end}#quote"


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
    [
        "/",
        "/documents",
        "/documents/hostile",
        "/documents/hostile?start=0&end=30",
        "/?question=lead+is+Angela+others",
        "/?question=item",
        "/?question=zebra",
    ],
)
def test_hostile_documents_are_escaped(hostile: TestClient, address: str) -> None:
    """A document's markup is shown as text: no page has a script, an image or a handler."""
    page = Page(hostile.get(address))
    names = {name for name, _ in page.tags}
    assert not names & {"script", "img", "b", "iframe", "object"}
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]


def test_a_hostile_document_is_shown(hostile: TestClient) -> None:
    """A document's markup is shown to the letter."""
    words = Page(hostile.get("/documents/hostile")).words
    assert HOSTILE_PAGE.title in words
    for block in HOSTILE_PAGE.blocks:
        assert fold(HOSTILE_PAGE.at(block)) in words


@pytest.mark.parametrize("question", [EVIL, EVIL + "a" * 500])
def test_hostile_questions_are_escaped(client: TestClient, question: str) -> None:
    """A question's markup is shown as text in title, heading, field and history."""
    response = ask(client, question, EVIL)
    page = Page(response)
    assert not page.all("script") + page.all("img")
    hidden = page.all("input", type="hidden")
    assert hidden[0]["value"] == EVIL
    if response.status_code == 200:
        assert fold(EVIL) in page.words
    else:
        assert page.all("input", id="question", value=question)


ADDRESSES = ["/", f"/?question={DEVON}", "/documents", "/documents/lga-stp-review", "/none"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_javascript(client: TestClient, address: str) -> None:
    """No page has a script, so every page works without."""
    assert not Page(client.get(address)).all("script")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_in_order(client: TestClient, address: str) -> None:
    """Every page has a language, a title, one main part, one first heading and unique ids."""
    page = Page(client.get(address))
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert page.all("html", lang="en-GB")
    assert [len(page.all(name)) for name in ("title", "main", "h1")] == [1, 1, 1]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("address", [*ADDRESSES, "/documents/", "/api/ask/", "/api/none"])
def test_a_hostile_host_is_not_reflected(client: TestClient, address: str) -> None:
    """Links are relative: what the Host header says is nowhere in a response."""
    response = client.get(address, headers={"host": "evil.example"})
    assert "evil" not in response.text + str(response.headers)


@pytest.mark.parametrize("address", ADDRESSES)
def test_links_lead_somewhere(client: TestClient, address: str) -> None:
    """Every link of a page is on this site and is answered."""
    page = Page(client.get(address))
    links = {str(found[key]) for _, found in page.tags for key in ("href", "src") if key in found}
    assert links
    for link in links:
        assert link.startswith("/")
        assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/none", 404),
        ("/documents/none", 404),
        ("/documents/..%2f..%2fetc", 404),
        ("/documents/%ff", 404),
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
    assert page.all("a", href="/")
    assert not page.all("script")


def test_the_end_of_a_document_is_a_place(client: TestClient, answerer: Answerer) -> None:
    """The last character is the last place of a document."""
    end = len(answerer.index.documents["lga-stp-review"].text)
    address = "/documents/lga-stp-review"
    assert client.get(f"{address}?start={end - 1}&end={end}").status_code == 200
    assert client.get(f"{address}?start={end}&end={end + 1}").status_code == 404


def test_wrong_method_on_a_page(client: TestClient) -> None:
    """Posting to a page is an error page."""
    response = client.post("/")
    assert (response.status_code, template(response)) == (405, "error.html")


@pytest.mark.parametrize("id_", [None, "7", 7])
def test_api_answers(client: TestClient, answerer: Answerer, id_: str | int | None) -> None:
    """The API gives the same JSON as the library's contract, with the id if there was one."""
    body = {"question": DEVON} if id_ is None else {"id": id_, "question": DEVON}
    response = client.post("/api/ask", json=body)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert untimed(response.json()) == untimed(answer_json(answerer.answer(DEVON), id_))
    assert list(response.json()) == list(answer_json(answerer.answer(DEVON), id_))


def untimed(values: dict[str, Any]) -> dict[str, Any]:
    """Forget how long an answer took."""
    return {key: value for key, value in values.items() if key != "timings_ms"}


def test_api_history(client: TestClient) -> None:
    """The API reads a follow-up behind its history."""
    body = {"question": "And in Lincolnshire?", "history": [ENGAGE]}
    first = client.post("/api/ask", json=body).json()["citations"][0]
    assert "patient stories" in first["quote"]


BAD_BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 422),
    "not JSON": (b"{", 422),
    "not UTF-8": (b'{"question": "\xff"}', 400),
    "deep": (b"[" * 100_000, 400),
    "not an object": (b"[]", 422),
    "no question": (b"{}", 422),
    "null": (b'{"question": null}', 422),
    "number": (b'{"question": 3}', 422),
    "history": (b'{"question": "Who?", "history": "Why?"}', 422),
    "blank": (b'{"question": " "}', 400),
    "punctuation": (b'{"question": "?"}', 400),
    "long": (json.dumps({"question": "a" * 501}).encode(), 400),
    "surrogate": (b'{"question": "\\ud800"}', 400),
    "bad history": (b'{"question": "Who leads it?", "history": [""]}', 400),
    "long history": (json.dumps({"question": "Who?", "history": ["a"] * 101}).encode(), 422),
    "surrogate id": (b'{"question": "Who leads it?", "id": "\\ud800"}', 422),
}


@pytest.mark.parametrize(("body", "status"), BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_api_errors(client: TestClient, body: bytes, status: int) -> None:
    """A bad request to the API is problem details of one shape, with a sentence."""
    headers = {"content-type": "application/json"}
    assert_problem(client.post("/api/ask", content=body, headers=headers), status)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/ask", 405),
        ("PUT", "/api/ask", 405),
        ("GET", "/api/none", 404),
        ("POST", "/api/none", 404),
    ],
)
def test_api_wrong_address_or_method(
    client: TestClient, method: str, address: str, status: int
) -> None:
    """What the API does not have is problem details too."""
    assert_problem(client.request(method, address), status)


def test_api_says_which_methods_are_allowed(client: TestClient) -> None:
    """A wrong method is told the right one, as RFC 9110 asks."""
    assert client.get("/api/ask").headers.get("allow") == "POST"


def assert_problem(response: Response, status: int) -> None:
    """Check that a response is problem details."""
    values = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert values.keys() == {"type", "title", "status", "detail"}
    assert values["status"] == status
    assert values["detail"]


class Broken:
    """An answerer whose index was damaged under it."""

    def answer(self, question: str, history: object) -> None:
        """Fail."""
        raise IndexDamaged("passages.json is damaged; run: footprints index --rebuild")


def test_our_own_failure_is_a_500() -> None:
    """An error of ours is a 500 in the shape of its door, with its sentence and no traceback."""
    with TestClient(create_app(lambda: Broken())) as browser:  # type: ignore[arg-type,return-value]
        page, api = ask(browser, DEVON), browser.post("/api/ask", json={"question": DEVON})
    assert (page.status_code, template(page)) == (500, "error.html")
    assert "passages.json is damaged" in page.text
    assert_problem(api, 500)


def test_the_answerer_is_opened_once(answerer: Answerer) -> None:
    """The application opens its answerer when it starts, once, and not before."""
    opened: list[Answerer] = []

    def open_answerer() -> Answerer:
        opened.append(answerer)
        return answerer

    app = create_app(open_answerer)
    assert opened == []
    with TestClient(app) as browser:
        browser.get("/")
        ask(browser, DEVON)
    assert len(opened) == 1
