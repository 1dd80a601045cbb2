"""Public sets as files of documents: read, written as Markdown, indexed, their gold found again."""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from footprints.answer.answerer import Answerer
from footprints.corpus.catalogue import CATALOGUE
from footprints.index.build import build_index
from footprints.index.encoder import load_encoder
from footprints.progress import Steps, silent
from footprints.settings import load_settings
from footprints.types import BlockKind, Document, HasSpan, Span
from footprints.wording import markdown_escaped

Line = Mapping[str, Any]
"""What one line of a file says."""

SEED = 0


@contextmanager
def asked(
    files: Mapping[str, str], progress: Steps = silent
) -> Iterator[tuple[Answerer, dict[str, Document]]]:
    """Index Markdown texts and give what answers from them, and the documents by their keys."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        entries = []
        for number, text in enumerate(files.values()):
            (corpus / f"{number}.md").write_text(text, encoding="utf-8")
            entries.append(f'[[document]]\nid = "{number}"\nfile = "{number}.md"\n')
        (corpus / CATALOGUE).write_text("\n".join(entries), encoding="utf-8")
        settings = load_settings(corpus_dir=corpus, index_dir=Path(folder) / "index")
        encoder = load_encoder(settings.encoder)
        build_index(settings, lambda: encoder, progress)
        answerer = Answerer.open(settings, lambda name: encoder)
        by_number = answerer.index.documents
        yield answerer, {key: by_number[str(number)] for number, key in enumerate(files)}


def sample(lines: Sequence[Line], size: int) -> list[Line]:
    """Draw questions from one seed, the same for the same size."""
    if size >= len(lines):
        return list(lines)
    return random.Random(SEED).sample(list(lines), size)


def read_lines(path: Path) -> list[Line]:
    """Read a file with one JSON object a line."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def articles(paragraphs: Sequence[Line]) -> dict[str, str]:
    """Write every article of SQuAD 2.0 as Markdown, by its id."""
    articles: dict[str, list[str]] = {}
    for paragraph in paragraphs:
        title = f"# {_escaped(paragraph['title'])}"
        articles.setdefault(paragraph["doc_id"], [title]).append(_escaped(paragraph["text"]))
    return {doc_id: "\n\n".join(blocks) for doc_id, blocks in articles.items()}


def headed(original: Line) -> str:
    """Write a page whose sections begin with a line of their own as Markdown with headings."""
    blocks = [f"# {_escaped(original['title'])}"]
    for section in re.split(r"\n\s*\n", original["text"].strip()):
        first, *rest = [line.strip() for line in section.split("\n") if line.strip()] or [""]
        blocks.append(f"## {_escaped(first)}" if rest else _escaped(first))
        blocks += [_escaped(line) for line in rest]
    return "\n\n".join(blocks)


def tagged(line: Line) -> str:
    """Write a sentence under its HTML tag as a block of Markdown."""
    text = _escaped(line["text"])
    match line["tag"]:
        case "h2" | "h3":
            return f"\n{'#' * int(line['tag'][1])} {text}\n"
        case "li":
            return f"- {text}"
        case _:
            return f"\n{text}\n"


def _escaped(text: str) -> str:
    """Write text on one line of Markdown, as it is."""
    return markdown_escaped(" ".join(text.split()))


def carried_over(span: Line, original: Line, documents: Mapping[str, Document]) -> Span:
    """Return where a span of a page's text stands in our document, by counting words."""
    before = len(original["title"].split()) + len(original["text"][: span["start"]].split())
    inside = len(original["text"][span["start"] : span["end"]].split())
    words = list(re.finditer(r"\S+", documents[span["doc_id"]].text))
    place = Span(words[before].start(), words[before + inside - 1].end())
    return _under(documents[span["doc_id"]], place)


def _under(document: Document, place: Span) -> Span:
    """Widen a place to the block under it where it ends in a heading: passages hold no headings."""
    blocks = [block for block in document.blocks if block.end > place.start]
    last = next((block for block in blocks if block.end >= place.end), None)
    if last is None or last.kind is not BlockKind.HEADING:
        return place
    below = (b for b in blocks if b.start > last.start and b.kind is not BlockKind.HEADING)
    return Span(place.start, next(below, last).end)


def find(document: Document, text: str) -> Span:
    """Return where a text stands in our document, runs of white space counting as one space."""
    return within(document, Span(0, len(document.text)), text)


def within(document: Document, place: HasSpan, text: str) -> Span:
    """Return where a text stands within a place; an empty place where it does not."""
    pattern = r"\s+".join(re.escape(word) for word in text.split())
    match = re.compile(pattern).search(document.text, place.start, place.end)
    return Span(match.start(), match.end()) if match else Span(0, 0)
