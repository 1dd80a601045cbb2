"""What the tests of the pages share: a client that posts like a browser, and what it sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from serving import HOSTS
from starlette.testclient import TestClient

from footprints.answer.answerer import Answerer
from footprints.settings import load_settings
from footprints.web.app import create_app
from footprints.web.conversations import Conversations

if TYPE_CHECKING:
    from httpx2 import Response

SAME_ORIGIN = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@contextmanager
def browse(
    answerer: Any, conversations: Callable[[], Conversations] | None = None
) -> Iterator[TestClient]:
    """Browse an application without a rate limit, redirects not followed."""
    settings = load_settings(rate_per_minute=0, hosts=HOSTS)

    def open_answerer() -> Answerer:
        opened: Answerer = answerer
        return opened

    app = create_app(open_answerer, conversations=conversations, settings=settings)
    with TestClient(app, headers=SAME_ORIGIN, follow_redirects=False) as browser:
        yield browser


def ask(client: TestClient, question: str, conversation: str = "") -> Response:
    """Ask by the form, and follow to the conversation if there is one."""
    response = client.post("/ask", data={"question": question, "conversation": conversation})
    return client.get(response.headers["location"]) if response.status_code == 303 else response


def ask_in_place(client: TestClient, question: str, conversation: str = "") -> Response:
    """Ask as htmx does."""
    fields = {"question": question, "conversation": conversation}
    return client.post("/ask", data=fields, headers={"HX-Request": "true"})


class Page(HTMLParser):
    """What a page consists of, as a browser would see it."""

    def __init__(self, source: Response | str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.marks: list[str] = []
        self.inline: list[str] = []
        """What stands in script and style elements."""
        self.fields: list[str] = []
        """What stands in fields of several lines."""
        self._in_mark = False
        self._in_code = False
        self._in_field = False
        self.feed(source if isinstance(source, str) else source.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; all but those that stand within lines keep words apart."""
        self.tags.append((tag, dict(attrs)))
        self.text.append("" if tag in {"mark", "a", "span", "strong"} else " ")
        self._in_code = tag in {"script", "style"}
        if tag == "mark":
            self._in_mark = True
            self.marks.append("")
        if tag == "textarea":
            self._in_field = True
            self.fields.append("")

    def handle_endtag(self, tag: str) -> None:
        """End a mark, a field, a script or a style."""
        self._in_field = self._in_field and tag != "textarea"
        self._in_mark = self._in_mark and tag != "mark"
        self._in_code = False

    def handle_data(self, data: str) -> None:
        """Note text."""
        (self.inline if self._in_code else self.text).append(data)
        if self._in_mark:
            self.marks[-1] += data
        if self._in_field:
            # The line end behind the tag is none of the text.
            self.fields[-1] += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of this name that has these ones."""
        asked = attributes.items()
        return [found for name, found in self.tags if name == tag and asked <= found.items()]

    @property
    def ids(self) -> list[str | None]:
        """Return the ids of its elements, in order."""
        return [found["id"] for _, found in self.tags if "id" in found]

    @property
    def links(self) -> set[str]:
        """Return all that it links to, the files it loads included."""
        return {
            str(found[key]) for _, found in self.tags for key in ("href", "src") if key in found
        }

    @property
    def words(self) -> str:
        """Return its whole text with white space folded."""
        return fold("".join(self.text))


def assert_harmless(page: Page) -> None:
    """Check that a page runs no code but our own files, and has no element of a document."""
    names = {name for name, _ in page.tags}
    attributes = {name for _, found in page.tags for name in found}
    assert not names & {"style", "img", "b", "iframe", "object", "embed", "base"}
    assert not {name for name in attributes if name.startswith("on") or name == "style"}
    assert all(str(script.get("src")).startswith("/static/") for script in page.all("script"))
    assert "".join(page.inline).strip() == ""


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
