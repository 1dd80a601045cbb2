"""Where the browser's files are, and the templates made from them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlencode

from fastapi.templating import Jinja2Templates

from footprints.wording import DOUBTFUL, SEARCHED_FOR, when, where, who_and_when

WEB = Path(__file__).resolve().parents[3] / "web"
"""The folder ``web/`` of the checkout that this package is installed from."""

TEMPLATES = Jinja2Templates(WEB / "templates")


def link_to(
    doc_id: str,
    start: int | None = None,
    end: int | None = None,
    answer: str | None = None,
    edition: str | None = None,
) -> str:
    """Return the address of a document's page, or of one place on it.

    An ``answer`` is the one that quotes the place; ``edition`` is how the hash of the file begins
    in which the place was seen.
    """
    path = f"/documents/{quote(doc_id)}"
    if start is None:
        return path
    query = {"start": start, "end": end, "answer": answer, "edition": edition}
    given = {name: value for name, value in query.items() if value is not None and value != ""}
    return f"{path}?{urlencode(given)}#quote"


TEMPLATES.env.globals.update(
    link_to=link_to,
    when=when,
    where=where,
    who_and_when=who_and_when,
    SEARCHED_FOR=SEARCHED_FOR,
    DOUBTFUL=DOUBTFUL,
)
TEMPLATES.env.trim_blocks = True
TEMPLATES.env.lstrip_blocks = True
