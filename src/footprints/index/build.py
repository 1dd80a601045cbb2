"""A corpus folder in, a served index out: the straight line of a document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from footprints.corpus.catalogue import read_abbreviations
from footprints.corpus.read import SourceFile, corpus_digest, read_each, read_each_file
from footprints.errors import BadCorpus, FootprintsError, IndexDamaged, IndexMismatch, NotStaged
from footprints.index import generations
from footprints.index.changes import PassageChanges, passage_changes
from footprints.index.encoder import unit
from footprints.index.generations import Changes, EncoderUsed, Manifest, Splitting
from footprints.index.known import (
    EncodedPassage,
    Known,
    PassageKey,
    heading_path,
    key_of,
    path_text,
)
from footprints.index.lexical import KeywordIndex
from footprints.index.lexicon import Lexicon
from footprints.index.split import VERSION, split
from footprints.index.store import Index, TokenRows, load_documents
from footprints.index.vectors import VectorIndex
from footprints.settings import Settings
from footprints.types import Document, Encoder, Encoding, Passage, Sentence, Vectors

_SLAB = 256
"""So many texts are encoded at a time; their token vectors are then stored at half precision."""

_Key = TypeVar("_Key", bound=Hashable)

Progress = Callable[[int, int], None]
"""Called with how much is done, and of how much."""

Steps = Callable[[str, int, int], None]
"""Called with what is being done, such as “Encoding”, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build changes. ``built`` is false when the index was already up to date.

    ``refused`` says why a file could not be indexed, by its name; ``kept`` names the documents
    that are still answered from as they were read before, because their file is refused now.
    ``encoded`` texts passed the encoder, ``taken_over`` came from the build before.
    ``base`` is the build that served; ``rolled_back_to`` too, if it was not the newest.
    ``held_back`` says why the build was dropped again, and None where it serves or is staged.
    """

    manifest: Manifest
    built: bool
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    passages: PassageChanges = field(default_factory=PassageChanges)
    refused: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    encoded: int = 0
    taken_over: int = 0
    base: str | None = None
    rolled_back_to: str | None = None
    held_back: str | None = None


Gate = Callable[[BuildReport], str | None]
"""Says why a staged build must not serve, or None."""


def build_index(
    settings: Settings,
    load_encoder: Callable[[], Encoder],
    progress: Steps = lambda step, done, total: None,
    rebuild: bool = False,
    strict: bool = False,
    gate: Gate = lambda staged: None,
) -> BuildReport:
    """Build the index of a corpus and switch to it, unless it is up to date or held back.

    A file that cannot be read is refused and the others are indexed; ``strict`` makes it an error.
    What did not change is taken over from the build before; ``rebuild`` encodes all of it anew.
    Whatever is raised, by the gate too, leaves the old index serving and nothing behind.

    Raises:
        BadCorpus, BadEncoder, IndexBusy, CannotWrite: nothing was changed.
    """
    with generations.build_lock(settings.index_dir):
        staged = _stage(settings, load_encoder, progress, rebuild, strict)
        if not staged.built:
            return staged
        try:
            reason = gate(staged)
            if reason is None:
                _switch(settings, staged)
        finally:
            generations.drop(settings.index_dir, staged.manifest.build)
        return replace(staged, held_back=reason)


def stage(
    settings: Settings,
    load_encoder: Callable[[], Encoder],
    progress: Steps = lambda step, done, total: None,
    rebuild: bool = False,
    strict: bool = False,
) -> BuildReport:
    """Build beside the index that serves and leave it there, to be accepted or dropped.

    Nothing is held meanwhile: the next build removes what nobody accepted. Where the report says
    that nothing was built, there is nothing to accept.

    Raises:
        BadCorpus, BadEncoder, IndexBusy, CannotWrite: nothing was changed.
    """
    with generations.build_lock(settings.index_dir):
        return _stage(settings, load_encoder, progress, rebuild, strict)


def accept(settings: Settings, staged: BuildReport) -> None:
    """Switch to a staged build, in one step.

    Raises:
        NotStaged: it was dropped, or another build or other documents have come in between.
        IndexBusy, IndexDamaged, CannotWrite: it was not switched to.
    """
    with generations.build_lock(settings.index_dir):
        _check_still_fits(settings, staged)
        _switch(settings, staged)


def drop(settings: Settings, staged: BuildReport) -> None:
    """Remove a staged build; dropping it twice does no harm.

    Raises:
        IndexBusy: a build is under way, which removes it too.
    """
    with generations.build_lock(settings.index_dir):
        generations.drop(settings.index_dir, staged.manifest.build)


def staged_folder(settings: Settings, staged: BuildReport) -> Path:
    """Return the folder of a staged build, for ``open_build``."""
    return generations.staged_folder(settings.index_dir, staged.manifest.build)


def _stage(
    settings: Settings,
    load_encoder: Callable[[], Encoder],
    progress: Steps,
    rebuild: bool,
    strict: bool,
) -> BuildReport:
    """Be ``stage`` for one who holds the lock."""
    generations.remove_leftovers(settings.index_dir)
    files, unread = read_each_file(settings.corpus_dir)
    digest = corpus_digest(settings.corpus_dir, files)
    previous = _previous(settings)
    same = None if rebuild else _if_up_to_date(previous, settings, digest)
    if same and not (unread or same.refused):
        return BuildReport(same, built=False)
    reading = _told(files, partial(progress, "Reading"))
    readable, unreadable = read_each(settings.corpus_dir, reading)
    refused = {_printable(one.name): one.reason for one in (*unread, *unreadable)}
    if refused and (strict or not readable):
        raise BadCorpus(_first_of(refused))
    if same and same.refused == refused:
        return BuildReport(same, built=False, refused=refused, kept=same.kept)
    abbreviations = read_abbreviations(settings.corpus_dir)
    before = _open_before(settings, previous)
    kept = _kept(readable, refused, before)
    documents = sorted((*readable, *kept), key=lambda document: document.origin)
    encoder = load_encoder()
    passages = _passages(settings, documents, encoder)
    known = Known() if rebuild else _known(before, previous, encoder)
    work = Work.of(documents, passages, known)
    index = work.encode(encoder, abbreviations, partial(progress, "Encoding"))
    with generations.new_generation(settings.index_dir) as folder:
        index.save(folder)
        generations.check(folder)
        manifest = generations.seal(
            folder,
            {
                "encoder": EncoderUsed.of(encoder),
                "splitting": splitting(settings),
                "corpus_digest": digest,
                "documents": {document.doc_id: _digest(document) for document in documents},
                "passages": len(index.passages),
                "sentences": len(index.sentence_vectors),
                "refused": refused,
                "kept": tuple(document.doc_id for document in kept),
            },
        )
    changes = generations.changes(previous, manifest)
    return BuildReport(
        manifest=manifest,
        built=True,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        passages=passage_changes(before, index, _looked_at(changes, previous, manifest)),
        refused=manifest.refused,
        kept=manifest.kept,
        encoded=work.size,
        taken_over=work.taken_over,
        base=previous.build if previous else None,
        rolled_back_to=_rolled_back_to(settings, previous, manifest),
    )


def _told(files: Sequence[SourceFile], progress: Progress) -> Iterator[SourceFile]:
    """Give files one by one, and tell when one has been dealt with."""
    for number, file in enumerate(files, start=1):
        yield file
        progress(number, len(files))


def _check_still_fits(settings: Settings, staged: BuildReport) -> None:
    """Hold a staged build against what it was made beside.

    Raises:
        NotStaged, IndexDamaged: see ``accept``.
    """
    folder, build = staged_folder(settings, staged), staged.manifest.build
    if not folder.is_dir():
        raise NotStaged(f"The build {build} is no longer there; index the documents again.")
    previous = _previous(settings)
    if (previous.build if previous else None) != staged.base:
        raise NotStaged(
            f"Another build has come to serve since {build} was made; index the documents again."
        )
    files, _ = read_each_file(settings.corpus_dir)
    if corpus_digest(settings.corpus_dir, files) != staged.manifest.corpus_digest:
        raise NotStaged(
            f"The documents have changed since {build} was made; index the documents again."
        )
    generations.verify(folder, staged.manifest)


def _switch(settings: Settings, staged: BuildReport) -> None:
    with generations.writing(settings.index_dir):
        generations.switch(settings.index_dir, staged.manifest.build, settings.keep_builds)


def open_index(settings: Settings, encoder: Encoder) -> tuple[Index, Manifest]:
    """Open the current index.

    Raises:
        NoIndex: there is none.
        IndexMismatch: another encoder, format or splitting built it.
        IndexDamaged: one of its files is not what the build wrote.
    """
    return open_build(settings, generations.current_folder(settings.index_dir), encoder)


def open_build(settings: Settings, folder: Path, encoder: Encoder) -> tuple[Index, Manifest]:
    """Open any build.

    Raises:
        IndexMismatch, IndexDamaged: see ``open_index``.
    """
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
    """Encode passages and the headings above them, with nothing to take over."""
    return Work.of(documents, passages, Known()).encode(encoder, abbreviations, progress)


@dataclass(frozen=True, slots=True)
class Work:
    """What an index is made of, and which of its texts are still to be encoded.

    The texts are the innermost headings, the heading paths and the passages, each distinct one
    once. A sentence is read inside its passage: its vector is the mean of its tokens there.
    """

    documents: Sequence[Document]
    passages: Sequence[Passage]
    known: Known
    paths: Sequence[tuple[str, ...]]
    """The heading path of each passage."""
    keys: Sequence[PassageKey]
    """The key of each passage."""

    @classmethod
    def of(cls, documents: Sequence[Document], passages: Sequence[Passage], known: Known) -> Work:
        """See what passages need."""
        by_id = {document.doc_id: document for document in documents}
        paths = [heading_path(passage, by_id[passage.doc_id]) for passage in passages]
        keys = [key_of(passage, by_id[passage.doc_id]) for passage in passages]
        return cls(documents, passages, known, paths, keys)

    @property
    def headings(self) -> list[str]:
        """Return the innermost headings that are not known."""
        return _unknown((path[-1] for path in self.paths), self.known.headings)

    @property
    def path_texts(self) -> list[str]:
        """Return the heading paths that are not known."""
        return _unknown(map(path_text, self.paths), self.known.paths)

    @property
    def new_passages(self) -> list[PassageKey]:
        """Return the passages that are not known."""
        return _unknown(self.keys, self.known.passages)

    @property
    def size(self) -> int:
        """Return how many texts are to be encoded."""
        return len(self.headings) + len(self.path_texts) + len(self.new_passages)

    @property
    def taken_over(self) -> int:
        """Return how many texts are not."""
        headings = {path[-1] for path in self.paths}
        return (
            len(headings) + len(set(map(path_text, self.paths))) + len(set(self.keys)) - self.size
        )

    def encode(
        self, encoder: Encoder, abbreviations: Mapping[str, str], progress: Progress
    ) -> Index:
        """Encode what is not known and put the index together."""
        headings, paths, passages = self.headings, self.path_texts, self.new_passages
        words = [text for text, _ in passages]
        encodings = _encode_all(encoder, [*headings, *paths, *words], progress)
        vectors = self.known.headings | {text: next(encodings).vector for text in headings}
        tokens = self.known.paths | {
            text: next(encodings).tokens.astype(np.float16) for text in paths
        }
        fresh = {
            key: _encoded(key, encoding) for key, encoding in zip(passages, encodings, strict=True)
        }
        encoded = [fresh.get(key) or self.known.passage(key) for key in self.keys]
        return self._index(vectors, tokens, encoded, Lexicon.mine(self.documents, abbreviations))

    def _index(
        self,
        vectors: Mapping[str, Vectors],
        tokens: Mapping[str, NDArray[np.float16]],
        encoded: Sequence[EncodedPassage],
        lexicon: Lexicon,
    ) -> Index:
        texts = {document.doc_id: document for document in self.documents}
        path_rows = {path: row for row, path in enumerate(dict.fromkeys(self.paths))}
        return Index(
            documents=texts,
            passages=tuple(self.passages),
            passage_vectors=VectorIndex.build(np.stack([one.vector for one in encoded])),
            passage_terms=KeywordIndex.build(
                [
                    "\n".join([*path, key[0]])
                    for path, key in zip(self.paths, self.keys, strict=True)
                ]
            ),
            heading_vectors=np.stack([vectors[path[-1]] for path in path_rows]),
            heading_tokens=TokenRows.of([tokens[path_text(path)] for path in path_rows]),
            heading_rows=np.array([path_rows[path] for path in self.paths], dtype=np.int32),
            sentence_vectors=np.concatenate([one.sentence_vectors for one in encoded]),
            sentence_tokens=TokenRows.of([rows for one in encoded for rows in one.sentence_tokens]),
            sentence_terms=KeywordIndex.build(
                [in_context(texts[p.doc_id], p, s) for p in self.passages for s in p.sentences]
            ),
            lead_rows=_lead_rows(self.passages),
            lexicon=lexicon,
        )


def in_context(document: Document, passage: Passage, sentence: Sentence) -> str:
    """Return a sentence behind the headings and the lead-in that it stands under."""
    lead = [document.at(sentence.lead)] if sentence.lead else []
    return "\n".join([*heading_path(passage, document), *lead, document.at(sentence)])


def _encode_all(encoder: Encoder, texts: Sequence[str], progress: Progress) -> Iterator[Encoding]:
    """Encode texts slab by slab, so that only one slab's full-precision tokens are in memory."""
    for first in range(0, len(texts), _SLAB):
        yield from encoder.encode(texts[first : first + _SLAB])
        progress(min(first + _SLAB, len(texts)), len(texts))


def _unknown(wanted: Iterable[_Key], known: Container[_Key]) -> list[_Key]:
    """Return what is wanted and not known, each once."""
    return [key for key in dict.fromkeys(wanted) if key not in known]


def _encoded(key: PassageKey, encoding: Encoding) -> EncodedPassage:
    """Cut the sentences of a passage out of its encoding."""
    tokens = [_tokens_at(start, end, encoding) for start, end in key[1]]
    return EncodedPassage(
        encoding.vector,
        np.stack([unit(rows.mean(axis=0)).astype(np.float16) for rows in tokens]),
        [rows.astype(np.float16) for rows in tokens],
    )


def _tokens_at(start: int, end: int, encoding: Encoding) -> Vectors:
    """Return the token vectors of a place of a text; never none at all."""
    starts = encoding.spans[:, 0]
    tokens: Vectors = encoding.tokens[(starts >= start) & (starts < end)]
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


def _if_up_to_date(manifest: Manifest | None, settings: Settings, digest: str) -> Manifest | None:
    """Return the build if the corpus and the settings are what it was made from."""
    if manifest is None or manifest.corpus_digest != digest:
        return None
    made = (manifest.encoder.name, manifest.splitting)
    return manifest if made == (settings.encoder, splitting(settings)) else None


def _open_before(settings: Settings, manifest: Manifest | None) -> Index | None:
    """Open the build before to take from it; a damaged one gives nothing."""
    if manifest is None:
        return None
    folder = generations.current_folder(settings.index_dir)
    try:
        generations.verify(folder, manifest)
    except IndexDamaged:
        return None
    return Index.load(folder)


def _kept(
    readable: Sequence[Document], refused: Mapping[str, str], before: Index | None
) -> list[Document]:
    """Return the documents of refused files as the build before has them.

    A half-copied or damaged file is a mishap, not a wish: what it said yesterday stays quotable,
    and the report says so. Whoever wants it gone removes the file.
    """
    ids = {document.doc_id for document in readable}
    old = before.documents.values() if before else ()
    return [one for one in old if one.origin in refused and one.doc_id not in ids]


def _known(before: Index | None, manifest: Manifest | None, encoder: Encoder) -> Known:
    """Return what the same encoder encoded before."""
    if before and manifest and manifest.encoder == EncoderUsed.of(encoder):
        return Known.of(before)
    return Known()


def _passages(settings: Settings, documents: Sequence[Document], encoder: Encoder) -> list[Passage]:
    """Split documents.

    Raises:
        BadCorpus: none of them has any text below its headings.
    """
    passages = [
        passage
        for document in documents
        for passage in split(document, encoder, settings.passage_pieces)
    ]
    if not passages:
        raise BadCorpus(f"{settings.corpus_dir} holds headings only; give them text.")
    return passages


def _printable(name: str) -> str:
    """Return the name of a file as text; the manifest cannot hold one that is not Unicode."""
    return name.encode("utf-8", "backslashreplace").decode()


def _first_of(refused: Mapping[str, str]) -> str:
    first = next(iter(refused.values()))
    return (
        first if len(refused) == 1 else f"{len(refused)} files cannot be read, the first: {first}"
    )


def splitting(settings: Settings) -> Splitting:
    """Return how these settings split documents."""
    return Splitting(version=VERSION, passage_pieces=settings.passage_pieces)


def _digest(document: Document) -> str:
    """Return the SHA-256 of everything that is known of a document."""
    return hashlib.sha256(repr(document).encode()).hexdigest()


def _looked_at(changes: Changes, previous: Manifest | None, manifest: Manifest) -> set[str]:
    """Return the documents whose passages may be others: all, where they are split otherwise."""
    if previous and previous.splitting != manifest.splitting:
        return {*previous.documents, *manifest.documents}
    return {*changes.added, *changes.changed, *changes.removed}


def _rolled_back_to(
    settings: Settings, previous: Manifest | None, manifest: Manifest
) -> str | None:
    """Return the build that serves, if one between it and the new one is kept."""
    builds = [folder.name for folder in generations.build_folders(settings.index_dir)]
    later = [name for name in builds if previous and previous.build < name < manifest.build]
    return previous.build if previous and later else None
