"""Tiny documents and indexes for tests, made in memory, and what is in those on the disk."""

from __future__ import annotations

from footprints.answer.answerer import Answerer
from footprints.corpus.loaders.markdown import read_markdown
from footprints.index.listing import Listing
from footprints.index.manifest import Manifest
from footprints.index.reuse import encode
from footprints.index.split import split
from footprints.index.store import Index
from footprints.settings import Settings
from footprints.types import Document, Encoder

PASSAGE_PIECES = 128


def document(source: str, doc_id: str = "page", title: str = "Page") -> Document:
    """Make a document of Markdown, of which nothing else is known."""
    layout = read_markdown(source)
    return Document(
        doc_id=doc_id,
        title=title,
        publisher=None,
        published=None,
        describes=None,
        inferred=(),
        origin=f"{doc_id}.md",
        text=layout.text,
        blocks=tuple(layout.blocks),
    )


def index_of(encoder: Encoder, *documents: Document) -> Index:
    """Index documents in memory."""
    passages = [
        passage for document in documents for passage in split(document, encoder, PASSAGE_PIECES)
    ]
    return encode(documents, passages, encoder)


def answerer_of(encoder: Encoder, *documents: Document) -> Answerer:
    """Make an answerer of documents in memory."""
    return Answerer(index_of(encoder, *documents), encoder, "tiny")


def segments_of(settings: Settings, manifest: Manifest) -> dict[str, str]:
    """Return the digests of the segments of a kept build, by document."""
    return Listing(settings.index_dir / manifest.build).segments()
