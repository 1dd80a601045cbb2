"""Three rights: to read an answer, to read its conversation, and to change that."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import SAME_ORIGIN, Page, ask, ask_in_place, context
from kept import answer
from serving import HOSTS, tiny_answerer
from starlette.testclient import TestClient

from footprints.settings import load_settings
from footprints.web.app import create_app, open_conversations
from footprints.web.conversations import PAGE, Conversations
from footprints.web.owners import COOKIE

if TYPE_CHECKING:
    from httpx2 import Response

FIRST, SECOND = "Who leads Devon?", "And what does it have?"


@contextmanager
def browsers(folder: Path, **given: object) -> Iterator[tuple[TestClient, TestClient]]:
    """Give two browsers of one application, each with cookies of its own."""
    settings = load_settings(data_dir=folder, rate_per_minute=0, hosts=HOSTS, **given)
    app = create_app(
        tiny_answerer, conversations=lambda: open_conversations(settings), settings=settings
    )
    with TestClient(app, headers=SAME_ORIGIN, follow_redirects=False) as owner:
        yield owner, TestClient(app, headers=SAME_ORIGIN, follow_redirects=False)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[TestClient, TestClient]]:
    """Give the browser that asks, and a stranger's."""
    with browsers(tmp_path) as pair:
        yield pair


def begun(browser: TestClient) -> tuple[str, str]:
    """Ask two questions, and return the ids of the conversation and of its first answer."""
    conversation = str(context(ask(browser, FIRST))["conversation_id"])
    shown = context(ask(browser, SECOND, conversation))["turns"]
    return conversation, str(shown[0]["turn"].turn_id)


def test_the_secret_is_a_cookie(both: tuple[TestClient, TestClient]) -> None:
    """The first question sets a cookie that no script reads, the next ones renew the same."""
    owner, _ = both
    assert "set-cookie" not in owner.get("/").headers
    first = owner.post("/ask", data={"question": FIRST}).headers["set-cookie"]
    again = ask_in_place(owner, SECOND).headers["set-cookie"]
    assert again == first
    name, _, value = first.partition(";")[0].partition("=")
    assert (name, len(value)) == (COOKIE, 43)
    kept = 30 * 24 * 60 * 60
    assert {part.strip().lower() for part in first.split(";")[1:]} == {
        "httponly",
        f"max-age={kept}",
        "path=/",
        "samesite=lax",
    }


def test_over_https_the_secret_stays_there(tmp_path: Path) -> None:
    """Where the browser speaks https, the cookie goes over nothing else."""
    with browsers(tmp_path, trusted_proxies=1) as (owner, _):
        headers = {"x-forwarded-for": "1.1.1.1", "x-forwarded-proto": "https"}
        response = owner.post("/ask", data={"question": FIRST}, headers=headers)
    assert "Secure" in response.headers["set-cookie"]


@pytest.mark.parametrize("value", ["", "short", "é" * 43, "a" * 5000, "a" * 42 + "%"])
def test_a_secret_that_is_none(both: tuple[TestClient, TestClient], value: str) -> None:
    """What cannot be a secret of ours is replaced by one."""
    owner, _ = both
    headers = {b"cookie": f"{COOKIE}={value}".encode()}
    response = owner.post("/ask", data={"question": FIRST}, headers=headers)
    assert re.search(rf"{COOKIE}=[\w-]{{43}};", response.headers["set-cookie"])


def test_the_secret_is_not_kept(both: tuple[TestClient, TestClient], tmp_path: Path) -> None:
    """The file holds the SHA-256 of the secret and nothing that it could be read from."""
    owner, _ = both
    begun(owner)
    secret = str(owner.cookies[COOKIE]).encode()
    files = [path.read_bytes() for path in tmp_path.iterdir()]
    assert any(hashlib.sha256(secret).hexdigest().encode() in content for content in files)
    assert not any(secret in content for content in files)


@pytest.mark.parametrize("mine", [True, False])
@pytest.mark.parametrize("address", ["/a/{}", "/a/{}.txt", "/api/answers/{}"])
def test_an_answer_does_not_lead_to_its_conversation(
    both: tuple[TestClient, TestClient], address: str, mine: bool
) -> None:
    """Whoever is given an answer reads that answer, and nothing that leads to the rest.

    The page of whoever asked leads back to the conversation, for that browser alone.
    """
    conversation, turn_id = begun(both[0])
    response = both[not mine].get(address.format(turn_id))
    assert response.status_code == 200
    assert FIRST in response.text
    assert SECOND not in response.text
    leads_back = mine and address == "/a/{}"
    assert (f"/c/{conversation}#{turn_id}" in response.text) is leads_back
    if not leads_back:
        assert "/c/" not in response.text + str(response.headers)
        assert conversation not in response.text


def test_a_document_does_not_lead_there_either(both: tuple[TestClient, TestClient]) -> None:
    """A quote in its place leads back to the answer, not to the conversation."""
    conversation, turn_id = begun(both[0])
    page = both[1].get(f"/documents/devon?start=0&end=5&answer={turn_id}")
    assert Page(page).all("a", href=f"/a/{turn_id}")
    assert conversation not in page.text


def test_a_stranger_reads_and_begins_anew(both: tuple[TestClient, TestClient]) -> None:
    """Another browser may read a conversation; what it asks there begins one of its own."""
    conversation, _ = begun(both[0])
    page = Page(both[1].get(f"/c/{conversation}"))
    assert len(page.all("article")) == 2
    assert "you can read it, and asking a question begins one of your own" in page.words
    assert "Your question" in page.words
    assert not page.all("input", name="conversation")
    assert not page.all("form", **{"class": "feedback"})
    assert not page.all("a", href=f"/c/{conversation}/delete")
    (form,) = page.all("form", id="ask")
    assert "hx-post" not in form
    assert both[1].get(f"/c/{conversation}.md").status_code == 200


def test_a_strangers_question_is_not_added(
    both: tuple[TestClient, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question in another's conversation begins a new one, and is read without its history."""
    conversation, _ = begun(both[0])
    for put in (ask, ask_in_place):
        response = put(both[1], "And in Kent?", conversation)
        assert context(response)["conversation_id"] != conversation
    new = context(ask(both[1], "And in Hull?", conversation))
    assert [turn["answer"].question for turn in new["turns"]] == ["And in Hull?"]
    assert len(context(both[0].get(f"/c/{conversation}"))["turns"]) == 2
    bad = ask(both[1], "?", conversation)
    assert (bad.status_code, context(bad)["turns"]) == (400, [])


def assert_refused(response: Response) -> None:
    """Check that somebody was turned away in a sentence that says what they can do."""
    assert response.status_code == 403
    assert "ask a question to begin your own" in response.text


def test_a_stranger_changes_nothing(both: tuple[TestClient, TestClient]) -> None:
    """Another browser cannot rate, nor delete, nor see the page that asks whether to delete."""
    conversation, turn_id = begun(both[0])
    rated = {"helpful": "yes", "words": "not mine", "conversation": conversation}
    assert_refused(both[1].post(f"/a/{turn_id}/feedback", data=rated))
    in_place = {"HX-Request": "true"}
    assert_refused(both[1].post(f"/a/{turn_id}/feedback", data=rated, headers=in_place))
    assert_refused(both[1].post(f"/c/{conversation}/delete"))
    assert_refused(both[1].get(f"/c/{conversation}/delete"))
    ask(both[1], FIRST)
    assert_refused(both[1].post(f"/c/{conversation}/delete"))
    (first, _) = context(both[0].get(f"/c/{conversation}"))["turns"]
    assert (first["turn"].helpful, first["turn"].words) == (None, "")


def test_feedback_leads_back(both: tuple[TestClient, TestClient]) -> None:
    """Without JavaScript, feedback leads to where it was given, and there it is thanked for."""
    conversation, turn_id = begun(both[0])
    send = {"helpful": "yes"}
    alone = both[0].post(f"/a/{turn_id}/feedback", data=send)
    assert alone.headers["location"] == f"/a/{turn_id}"
    assert "Thank you." in Page(both[0].get(f"/a/{turn_id}")).words
    among = both[0].post(f"/a/{turn_id}/feedback", data=send | {"conversation": conversation})
    assert among.headers["location"] == f"/c/{conversation}#{turn_id}"
    earlier = send | {"conversation": conversation, "before": "x&y"}
    page = both[0].post(f"/a/{turn_id}/feedback", data=earlier)
    assert page.headers["location"] == f"/c/{conversation}?before=x%26y#{turn_id}"
    other = both[0].post(f"/a/{turn_id}/feedback", data=send | {"conversation": "//evil.example"})
    assert other.headers["location"] == f"/a/{turn_id}"


def test_deleting_asks_once_more(both: tuple[TestClient, TestClient]) -> None:
    """The page before says what is deleted and how much, and deletes nothing itself."""
    conversation, _ = begun(both[0])
    page = Page(both[0].get(f"/c/{conversation}/delete"))
    assert f"Its 2 questions, the last of which is “{SECOND}”, will be deleted" in page.words
    assert both[0].get(f"/c/{conversation}").status_code == 200
    assert both[0].post(f"/c/{conversation}/delete").status_code == 303
    assert both[0].get(f"/c/{conversation}").status_code == 404


def test_a_file_from_before_there_were_owners(tmp_path: Path) -> None:
    """An older file is brought up to date: its conversations are read, and are nobody's."""
    path = tmp_path / "conversations.sqlite3"
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("create table conversation (id text primary key, expires text not null) strict")
        old.execute(
            "create table turn (id text primary key, conversation text not null references "
            "conversation on delete cascade, asked text not null, answer text not null, "
            "helpful integer, words text not null default '') strict"
        )
        old.execute("insert into conversation values ('old', '9999-01-01T00:00:00+00:00')")
    store = Conversations(path)
    turn = store.add("old", answer("Who?"))
    with browsers(tmp_path) as (owner, _):
        assert "Who?" in Page(owner.get("/c/old")).words
        assert "Who?" in Page(owner.get(f"/a/{turn.turn_id}")).words
        assert_refused(owner.post("/c/old/delete"))
        begun(owner)
        assert_refused(owner.post("/c/old/delete"))
    assert store.questions("old", "anyone", 2) == []


# Long conversations.


@pytest.fixture
def long(both: tuple[TestClient, TestClient]) -> tuple[TestClient, str]:
    """Hold a conversation of more turns than two pages show."""
    owner, _ = both
    conversation, _ = begun(owner)
    store = owner.app.state.conversations  # type: ignore[attr-defined]
    for number in range(3, 2 * PAGE + 4):
        store.add(conversation, answer(f"Question {number}?"), owner.cookies[COOKIE])
    return owner, conversation


def test_a_long_conversation_is_read_from_its_end(long: tuple[TestClient, str]) -> None:
    """A page shows the last turns and how many there are before; its link leads to those."""
    owner, conversation = long
    seen: list[str] = []
    address, links = f"/c/{conversation}", []
    while address:
        response = owner.get(address)
        page = Page(response)
        asked = [turn["answer"].question for turn in context(response)["turns"]]
        seen = asked + seen
        links.append(re.findall(r"The previous (?:\d+ questions|question)", page.words))
        assert bool(page.all("form", id="ask")) is (len(links) == 1)
        assert (f"/c/{conversation}" in page.links) is (len(links) > 1)
        address = next((link for link in page.links if "?before=" in link), "")
    assert seen[:3] == [FIRST, SECOND, "Question 3?"]
    assert seen[-1] == f"Question {2 * PAGE + 3}?"
    assert len(seen) == 2 * PAGE + 3
    assert links == [[f"The previous {PAGE + 3} questions"], ["The previous 3 questions"], []]


def test_one_earlier_question(long: tuple[TestClient, str]) -> None:
    """The link to a single earlier question says so."""
    owner, conversation = long
    turns = list(owner.app.state.conversations.turns(conversation))  # type: ignore[attr-defined]
    before = turns[PAGE + 1].turn_id
    assert "The previous question" in Page(owner.get(f"/c/{conversation}?before={before}")).words
    assert owner.get(f"/c/{conversation}?before=none").status_code == 404


def test_feedback_on_an_earlier_page(long: tuple[TestClient, str]) -> None:
    """Feedback on an earlier page leads back to that page."""
    owner, conversation = long
    before = context(owner.get(f"/c/{conversation}"))["turns"][0]["turn"].turn_id
    page = Page(owner.get(f"/c/{conversation}?before={before}"))
    assert len(page.all("input", name="before", value=before)) == PAGE


def test_a_long_conversation_is_taken_along_whole(long: tuple[TestClient, str]) -> None:
    """The download holds every turn, and is sent piece by piece."""
    owner, conversation = long
    with owner.stream("GET", f"/c/{conversation}.md") as response:
        assert "content-length" not in response.headers
        text = "".join(response.iter_text())
    assert text.count("\n## ") == 2 * PAGE + 3
    assert text.index(FIRST) < text.index("Question 3?") < text.index(f"Question {2 * PAGE + 3}?")


def test_reading_uses_the_index(tmp_path: Path) -> None:
    """What is read of a conversation is found by an index and never sorted."""
    path = tmp_path / "kept.sqlite3"
    store = Conversations(path)
    turn = store.add(store.start("mine"), answer("Who?"), "mine")
    asked: list[str] = []
    original = store._rows

    def listen(query: str, values: list[str]) -> object:
        with closing(sqlite3.connect(path)) as database:
            plan = database.execute(f"explain query plan {query}", values).fetchall()
        asked.append(" ".join(line[-1] for line in plan))
        return original(query, values)

    store._rows = listen  # type: ignore[method-assign, assignment]
    store.recent(turn.conversation_id)
    store.recent(turn.conversation_id, turn.turn_id)
    store.questions(turn.conversation_id, "mine", 2)
    store.before(turn)
    list(store.turns(turn.conversation_id))
    assert len(asked) == 7
    for plan in asked:
        assert "turn_conversation" in plan
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan
