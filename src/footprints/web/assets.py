"""Where the browser's files are, and the templates made from them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.responses import Response

from footprints.settings import FILES
from footprints.web.conversations import Helped
from footprints.web.paths import root_of
from footprints.wording import (
    EXPLANATIONS,
    FURTHER,
    NAMED,
    SEARCHED_FOR,
    day,
    follow_up_to,
    how_far,
    how_many,
    original,
    read_elsewhere,
    unmentioned,
    when,
    where,
    who_and_when,
)

WEB = FILES / "web"


class StaticFolder(StaticFiles):
    """Public files, which browsers may store and check by their ETag."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Send a file, or say that the browser has it already."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _root(request: Request) -> dict[str, str]:
    return {"root": root_of(request.scope)}


TEMPLATES = Jinja2Templates(WEB / "templates", context_processors=[_root])
"""The templates; every address in them begins with ``root``."""


def link_to(
    doc_id: str,
    start: int | None = None,
    end: int | None = None,
    answer: str | None = None,
    edition: str | None = None,
) -> str:
    """Return the address of a document's page, or of one place on it, without the sub-path.

    An ``answer`` is the one that quotes the place; ``edition`` is how the hash of the file begins
    in which the place was seen.
    """
    path = f"/documents/{quote(doc_id)}"
    if start is None:
        return path
    query = {"start": start, "end": end, "answer": answer, "edition": edition}
    given = {name: value for name, value in query.items() if value is not None and value != ""}
    return f"{path}?{urlencode(given)}#quote"


NOT_KEPT = (
    "This answer could not be kept, so it has no address: "
    "copy what you need before you leave this page."
)

TEMPLATES.env.globals.update(
    day=day,
    follow_up_to=follow_up_to,
    link_to=link_to,
    when=when,
    where=where,
    original=original,
    read_elsewhere=read_elsewhere,
    who_and_when=who_and_when,
    EXPLANATIONS=EXPLANATIONS,
    SEARCHED_FOR=SEARCHED_FOR,
    FURTHER=FURTHER,
    NAMED=NAMED,
    how_far=how_far,
    how_many=how_many,
    unmentioned=unmentioned,
    NOT_KEPT=NOT_KEPT,
    HELPED=tuple(Helped),
)
TEMPLATES.env.trim_blocks = True
TEMPLATES.env.lstrip_blocks = True
