"""One quote with its source, to paste: as text, as Markdown, and for reference managers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from footprints.types import Answer, Citation, PartialDate
from footprints.wording import context_lines, day, markdown_escaped, when, where


def as_text(citation: Citation, address: str, today: date) -> str:
    """Return a quote with its source as plain text; ``address`` is that of the answer."""
    return f"{_words(citation)}\n\n{_source(citation, address, today)}\n"


def as_markdown(citation: Citation, address: str, today: date) -> str:
    """Return a quote with its source as Markdown."""
    lines = (*_lead(citation), *citation.quote.split("\n"))
    quote = "\n".join(f"> {markdown_escaped(line)}" for line in lines)
    source = markdown_escaped(_source(citation, address, today))
    for link in filter(None, (address, citation.url)):
        source = source.replace(markdown_escaped(link), f"<{link}>")
    return f"{quote}\n\n{source}\n"


def as_csl(citation: Citation, address: str, today: date) -> str:
    """Return a quote as an item of CSL-JSON, the data of citeproc-js 1.0.2."""
    undated = "" if citation.published else f" {_dated(citation)}."
    item: dict[str, Any] = {
        "id": f"{citation.doc_id}-{citation.start}-{citation.end}",
        "type": "document",
        "title": citation.title,
        "publisher": citation.publisher,
        "issued": _date_parts(citation.published) if citation.published else None,
        "accessed": _date_parts(citation.retrieved or PartialDate(today.isoformat())),
        "section": " › ".join(citation.headings),
        "locator": citation.locator,
        "URL": citation.url or address,
        "note": f"{_words(citation)}{undated} Quoted in {address}",
    }
    return json.dumps([{k: v for k, v in item.items() if v}], ensure_ascii=False, indent=1) + "\n"


COPIES: dict[str, tuple[Callable[[Citation, str, date], str], str]] = {
    "txt": (as_text, "text/plain"),
    "md": (as_markdown, "text/markdown"),
    "json": (as_csl, "application/vnd.citationstyles.csl+json"),
}
"""How a quote is copied, and what that is, by the end of its address."""


def copy_of(
    answer: Answer, number: int, form: str, address: str
) -> tuple[str, int, Mapping[str, str]] | None:
    """Return a quote of an answer in a form, with a status and the header that names its type."""
    cited = {one.number: one for one in (*answer.citations, *answer.further)}
    if number not in cited:
        return None
    copied, kind = COPIES[form]
    today = datetime.now(UTC).date()
    return copied(cited[number], address, today), 200, {"Content-Type": f"{kind}; charset=utf-8"}


def _words(citation: Citation) -> str:
    """Return a quote below what leads it in, such as “There are six, with leads as follows:”."""
    return "\n".join([*_lead(citation), f"“{citation.quote}”"])


def _lead(citation: Citation) -> list[str]:
    """Return what a quote needs from above to be understood, but its headings: they are a place."""
    return [line for line in context_lines(citation) if line not in citation.headings]


def _source(citation: Citation, address: str, today: date) -> str:
    """Say whose the words are, and where and when they were read."""
    is_titled = citation.headings[:1] == (citation.title,)
    parts = (
        citation.title,
        citation.publisher,
        _dated(citation),
        where(citation.headings[is_titled:], citation.locator),
        citation.url,
        f"Quoted in {address}, read on {day(today)}",
    )
    return " ".join(
        part if part.endswith(("?", "!", ".")) else f"{part}." for part in parts if part
    )


def _dated(citation: Citation) -> str:
    """Say how old a quote's document is, as the beginning of a sentence."""
    known = when(citation.published, citation.describes)
    return f"{known[0].upper()}{known[1:]}"


def _date_parts(known: PartialDate) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in known.split("-")]]}
