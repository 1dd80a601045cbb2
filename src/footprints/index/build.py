"""A corpus folder in, a served index out: the straight line of a document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from footprints.corpus.catalogue import read_abbreviations
from footprints.corpus.read import corpus_digest, read_documents, read_files
from footprints.errors import BadCorpus, FootprintsError, IndexMismatch
from footprints.index import generations
from footprints.index.encoder import unit
from footprints.index.generations import EncoderUsed, Manifest, Splitting
from footprints.index.lexical import KeywordIndex
from footprints.index.lexicon import Lexicon
from footprints.index.split import VERSION, split
from footprints.index.store import Index, TokenRows, load_documents
from footprints.index.vectors import VectorIndex
from footprints.settings import Settings
from footprints.types import Document, Encoder, Encoding, Passage, Sentence, Vectors

_SLAB = 256
"""So many texts are encoded at a time; their token vectors are then stored at half precision."""

Progress = Callable[[int, int], None]
"""Called with how many texts are encoded, and of how many."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build changed. ``built`` is false when the index was already up to date."""

    manifest: Manifest
    built: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def build_index(
    settings: Settings,
    load_encoder: Callable[[], Encoder],
    progress: Progress = lambda done, total: None,
    rebuild: bool = False,
) -> BuildReport:
    """Build the index of a corpus and switch to it, unless it is up to date.

    Raises:
        BadCorpus, BadEncoder, IndexBusy: nothing was changed; the old index still serves.
    """
    with generations.build_lock(settings.index_dir):
        generations.remove_leftovers(settings.index_dir)
        files = read_files(settings.corpus_dir)
        digest = corpus_digest(settings.corpus_dir, files)
        previous = _previous(settings)
        if previous and not rebuild and _is_up_to_date(previous, settings, digest):
            return BuildReport(previous, False, (), (), ())
        documents = read_documents(settings.corpus_dir, files)
        abbreviations = read_abbreviations(settings.corpus_dir)
        encoder = load_encoder()
        passages = [
            passage
            for document in documents
            for passage in split(document, encoder, settings.passage_pieces)
        ]
        if not passages:
            raise BadCorpus(f"{settings.corpus_dir} holds headings only; give them text.")
        index = encode(documents, passages, encoder, abbreviations, progress)
        with generations.new_generation(settings.index_dir) as folder:
            index.save(folder)
            generations.check(folder)
            manifest = generations.switch(
                settings.index_dir,
                folder,
                {
                    "encoder": EncoderUsed.of(encoder),
                    "splitting": splitting(settings),
                    "corpus_digest": digest,
                    "documents": {document.doc_id: _digest(document) for document in documents},
                    "passages": len(index.passages),
                    "sentences": len(index.sentence_vectors),
                },
            )
        return _report(manifest, previous)


def open_index(settings: Settings, encoder: Encoder) -> tuple[Index, Manifest]:
    """Open the current index.

    Raises:
        NoIndex: there is none.
        IndexMismatch: another encoder, format or splitting built it.
        IndexDamaged: one of its files is not what the build wrote.
    """
    folder = generations.current_folder(settings.index_dir)
    manifest = generations.read_manifest(folder)
    found = {"encoder": manifest.encoder, "splitting": manifest.splitting}
    wanted = {"encoder": EncoderUsed.of(encoder), "splitting": splitting(settings)}
    for part, want in wanted.items():
        if found[part] != want:
            raise IndexMismatch(
                f"The index {folder} was built with the {part} ({found[part]}), not with the one "
                f"that is set ({want}); run: footprints index --rebuild"
            )
    generations.verify(folder, manifest)
    return Index.load(folder), manifest


def open_documents(settings: Settings) -> tuple[Document, ...]:
    """Return the documents of the current index, which takes no encoder.

    Raises:
        NoIndex, IndexMismatch, IndexDamaged: see ``open_index``.
    """
    folder = generations.current_folder(settings.index_dir)
    generations.verify(folder, generations.read_manifest(folder))
    return load_documents(folder)


def encode(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    encoder: Encoder,
    abbreviations: Mapping[str, str] = MappingProxyType({}),
    progress: Progress = lambda done, total: None,
) -> Index:
    """Encode passages, the heading paths above them and their innermost headings.

    A sentence is read inside its passage: its vector is the mean of its tokens there, so that
    every text passes the encoder once.
    """
    texts = {document.doc_id: document for document in documents}
    paths = [heading_path(passage, texts[passage.doc_id]) for passage in passages]
    path_rows = {path: row for row, path in enumerate(dict.fromkeys(paths))}
    headings = list(dict.fromkeys(path[-1] for path in path_rows))
    words = [texts[passage.doc_id].at(passage) for passage in passages]
    encodings = _encode_all(
        encoder, [*headings, *(" – ".join(path) for path in path_rows), *words], progress
    )
    vector_of = {heading: next(encodings).vector for heading in headings}
    of_paths = [next(encodings).tokens.astype(np.float16) for _ in path_rows]
    passage_vectors, sentence_vectors, sentence_tokens = [], [], []
    for passage, encoding in zip(passages, encodings, strict=True):
        passage_vectors.append(encoding.vector)
        for sentence in passage.sentences:
            tokens = _tokens_of(sentence, passage, encoding)
            sentence_tokens.append(tokens.astype(np.float16))
            sentence_vectors.append(unit(tokens.mean(axis=0)).astype(np.float16))
    return Index(
        documents=texts,
        passages=tuple(passages),
        passage_vectors=VectorIndex.build(np.stack(passage_vectors)),
        passage_terms=KeywordIndex.build(
            ["\n".join([*path, text]) for path, text in zip(paths, words, strict=True)]
        ),
        heading_vectors=np.stack([vector_of[path[-1]] for path in path_rows]),
        heading_tokens=TokenRows.of(of_paths),
        heading_rows=np.array([path_rows[path] for path in paths], dtype=np.int32),
        sentence_vectors=np.stack(sentence_vectors),
        sentence_tokens=TokenRows.of(sentence_tokens),
        sentence_terms=KeywordIndex.build(
            [in_context(texts[p.doc_id], p, s) for p in passages for s in p.sentences]
        ),
        lead_rows=_lead_rows(passages),
        lexicon=Lexicon.mine(documents, abbreviations),
    )


def heading_path(passage: Passage, document: Document) -> tuple[str, ...]:
    """Return the headings above a passage; where its document has none there, its title."""
    return passage.headings or (document.title,)


def in_context(document: Document, passage: Passage, sentence: Sentence) -> str:
    """Return a sentence behind the headings and the lead-in that it stands under."""
    lead = [document.at(sentence.lead)] if sentence.lead else []
    return "\n".join([*heading_path(passage, document), *lead, document.at(sentence)])


def _encode_all(encoder: Encoder, texts: Sequence[str], progress: Progress) -> Iterator[Encoding]:
    """Encode texts slab by slab, so that only one slab's full-precision tokens are in memory."""
    for first in range(0, len(texts), _SLAB):
        yield from encoder.encode(texts[first : first + _SLAB])
        progress(min(first + _SLAB, len(texts)), len(texts))


def _tokens_of(sentence: Sentence, passage: Passage, encoding: Encoding) -> Vectors:
    """Return a sentence's token vectors, out of its passage's; never none at all."""
    starts = encoding.spans[:, 0] + passage.start
    inside = (starts >= sentence.start) & (starts < sentence.end)
    tokens: Vectors = encoding.tokens[inside]
    return tokens if len(tokens) else np.zeros((1, encoding.vector.shape[0]), dtype=np.float32)


def _lead_rows(passages: Sequence[Passage]) -> NDArray[np.int32]:
    """Return the row of the sentence that leads each sentence in, or -1."""
    placed = [(passage.doc_id, sentence) for passage in passages for sentence in passage.sentences]
    row_at = {(doc_id, sentence.start): row for row, (doc_id, sentence) in enumerate(placed)}
    leads = [
        row_at.get((doc_id, sentence.lead.start), -1) if sentence.lead else -1
        for doc_id, sentence in placed
    ]
    return np.array(leads, dtype=np.int32)


def _previous(settings: Settings) -> Manifest | None:
    """Return the manifest of the build that is served, if there is a readable one."""
    try:
        return generations.read_manifest(generations.current_folder(settings.index_dir))
    except FootprintsError:
        return None


def _is_up_to_date(manifest: Manifest, settings: Settings, digest: str) -> bool:
    return (
        manifest.corpus_digest == digest
        and manifest.encoder.name == settings.encoder
        and manifest.splitting == splitting(settings)
    )


def splitting(settings: Settings) -> Splitting:
    """Return how these settings split documents."""
    return Splitting(version=VERSION, passage_pieces=settings.passage_pieces)


def _digest(document: Document) -> str:
    """Return the SHA-256 of everything that is known of a document."""
    return hashlib.sha256(repr(document).encode()).hexdigest()


def _report(manifest: Manifest, previous: Manifest | None) -> BuildReport:
    old, new = (previous.documents if previous else {}), manifest.documents
    return BuildReport(
        manifest=manifest,
        built=True,
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(id_ for id_ in new.keys() & old.keys() if new[id_] != old[id_])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )
