"""From a corpus folder to an index in use: the straight line of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import repeat
from pathlib import Path

from footprints.corpus.edit import apply
from footprints.corpus.snapshot import Corpus, Readable
from footprints.errors import BadCorpus, NotStaged
from footprints.index import generations
from footprints.index.before import Before, read
from footprints.index.facts import BuildFacts
from footprints.index.gather import facts_of, numbered
from footprints.index.manifest import EncoderUsed, Manifest, changes_of
from footprints.index.objects import objects_of
from footprints.index.opening import served_manifest, splitting
from footprints.index.passages import PassageStore, Staging, writing
from footprints.index.reuse import Work, compare_passages
from footprints.index.segment import Segment, serialised
from footprints.progress import ProgressCallback, Steps, silent
from footprints.settings import Settings
from footprints.types import Encoder


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build changes. ``built`` is false when the index was already up to date.

    ``passages`` counts those that were added, changed and removed.
    ``warnings`` are sentences for people on the files that were read, by their names;
    ``left_out`` says what else stands in the folder, by its name.
    ``encoded`` texts were encoded, ``taken_over`` ones came from the build before.
    ``rolled_back_to`` is the build that served, if that was not the newest.
    ``held_back`` says why the build was dropped again, and None where it serves or is staged.
    """

    manifest: Manifest
    built: bool
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    passages: Counter[str] = field(default_factory=Counter)
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    encoded: int = 0
    taken_over: int = 0
    rolled_back_to: str | None = None
    held_back: str | None = None

    @property
    def refused(self) -> Mapping[str, str]:
        """Return why each refused file could not be indexed, by its name."""
        return self.manifest.refused

    @property
    def kept(self) -> tuple[str, ...]:
        """Return the documents that stand as they were read before, as their file is refused."""
        return self.manifest.kept

    @property
    def base(self) -> str | None:
        """Return the build that served when it was made."""
        return self.manifest.base


Gate = Callable[[BuildReport], str | None]
"""Says why a staged build must not be put into use, or None."""


def build_index(
    settings: Settings,
    load_encoder: Callable[[], Encoder],
    progress: Steps = silent,
    rebuild: bool = False,
    strict: bool = False,
    gate: Gate = lambda staged: None,
) -> BuildReport:
    """Build the index of a corpus and switch to it, unless it is up to date or held back.

    A file that cannot be read is refused and the others are indexed; ``strict`` makes it an error.
    What did not change is reused from the build before; ``rebuild`` encodes everything again.
    An exception, from the gate too, leaves the old index in use and nothing behind.

    Raises:
        BadCorpus, BadEncoder, IndexBusy, CannotRead, CannotWrite: nothing was changed.
    """
    with writing(settings) as store:
        staged = _stage(settings, store, load_encoder, progress, rebuild, strict)
        if not staged.built:
            return staged
        try:
            reason = gate(staged)
            if reason is None:
                _switch(settings, store, staged)
        finally:
            _drop(settings, store, staged)
        return replace(staged, held_back=reason)


def stage(
    settings: Settings,
    load_encoder: Callable[[], Encoder],
    progress: Steps = silent,
    rebuild: bool = False,
    strict: bool = False,
    corpus: Corpus | None = None,
) -> BuildReport:
    """Build beside the index in use, and leave the build to be accepted or dropped.

    ``corpus`` is what the folder would become, if it is to change; the folder stays as it is. No
    lock is held meanwhile: the next build removes what nobody accepted. If the report says that
    nothing was built, there is nothing to accept.

    Raises:
        BadCorpus, BadEncoder, IndexBusy, CannotRead, CannotWrite: nothing was changed.
    """
    with writing(settings) as store:
        return _stage(settings, store, load_encoder, progress, rebuild, strict, corpus)


def accept(settings: Settings, staged: BuildReport, corpus: Corpus | None = None) -> None:
    """Switch to a staged build, in one step.

    If the build was staged from a ``corpus``, the folder is first changed to match it. If the
    switch itself then fails, the build can be accepted again.

    Raises:
        NotStaged: it was dropped, or another build or other documents have come in between.
        IndexBusy, IndexDamaged, CannotWrite: it was not switched to.
    """
    with writing(settings) as store:
        _check_still_fits(settings, staged)
        if corpus:
            apply(corpus)
        if not is_of_corpus(settings, staged.manifest):
            raise NotStaged(
                f"The documents have changed since build {staged.manifest.build} was made; "
                "make it again."
            )
        _switch(settings, store, staged)
        store.tidy()


def drop(settings: Settings, staged: BuildReport) -> None:
    """Remove a staged build; dropping it twice does no harm.

    Raises:
        IndexBusy: a build is under way, which removes it too.
    """
    with writing(settings) as store:
        _drop(settings, store, staged)


def staged_folder(settings: Settings, staged: BuildReport) -> Path:
    """Return the folder of a staged build, for ``open_build``."""
    return generations.staged_folder(settings.index_dir, staged.manifest.build)


def _stage(
    settings: Settings,
    store: PassageStore,
    load_encoder: Callable[[], Encoder],
    progress: Steps,
    rebuild: bool,
    strict: bool,
    corpus: Corpus | None = None,
) -> BuildReport:
    """Do the work of ``stage``, holding the lock."""
    objects = objects_of(settings)
    generations.remove_leftovers(objects)
    previous = served_manifest(settings)
    before = Before(objects, previous)
    try:
        corpus = corpus or Corpus.of(settings.corpus_dir)
        return _staged(settings, store, corpus, before, load_encoder, progress, rebuild, strict)
    except BadCorpus as error:
        if previous is None:
            raise
        size = previous.documents
        raise BadCorpus(
            f"{error} The previous index, build {previous.build} with {size} "
            f"{'document' if size == 1 else 'documents'}, is still in use."
        ) from error


def _staged(
    settings: Settings,
    store: PassageStore,
    corpus: Corpus,
    before: Before,
    load_encoder: Callable[[], Encoder],
    progress: Steps,
    rebuild: bool,
    strict: bool,
) -> BuildReport:
    """Take documents all the way to a build beside the one before."""
    same = None if rebuild else _if_up_to_date(before.manifest, settings, store, corpus.digest)
    if same and not (corpus.refused or same.refused):
        return BuildReport(same, built=False, left_out=corpus.left_out)
    sources, refused = read(corpus, before, partial(progress, "Reading"), rebuild, strict)
    if same and same.refused == refused:
        return BuildReport(same, built=False, left_out=corpus.left_out)
    work = Work.of(sources, before, load_encoder(), splitting(settings), rebuild)
    if work.is_empty:
        raise BadCorpus(f"{corpus.folder} has only headings; give them text.")
    staging = store.begin(EncoderUsed.of(work.encoder), rebuild)
    with generations.new_generation(before.objects) as folder:
        made = _write(settings.index_dir, work, partial(progress, "Encoding"))
        segments = [made.get(one.doc_id) or work.taken[one.doc_id] for one in sources]
        now = datetime.now(UTC)
        with generations.writing(settings.index_dir):
            facts = _gather(folder, staging, segments, corpus.abbreviations)
            manifest = generations.seal(
                before.objects,
                folder,
                [*map(before.relisted, sources, segments, repeat(now))],
                {
                    "created": now,
                    "encoder": EncoderUsed.of(work.encoder),
                    "splitting": splitting(settings),
                    "corpus_digest": corpus.digest,
                    "abbreviations": corpus.abbreviations,
                    "scope": corpus.scope,
                    "passages": facts.passages,
                    "sentences": facts.sentences,
                    "base": before.manifest and before.manifest.build,
                    "refused": refused,
                    "kept": tuple(one.doc_id for one in sources if one.origin in refused),
                },
            )
    return _report(settings, corpus, sources, before, work, made, manifest)


def _report(
    settings: Settings,
    corpus: Corpus,
    sources: Sequence[Readable],
    before: Before,
    work: Work,
    made: Mapping[str, Segment],
    manifest: Manifest,
) -> BuildReport:
    folder = generations.staged_folder(settings.index_dir, manifest.build)
    changes = changes_of(before.folder, folder)
    return BuildReport(
        manifest=manifest,
        built=True,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        passages=compare_passages(work.replaced, made),
        warnings={one.origin: one.warnings for one in sources if one.warnings},
        left_out=corpus.left_out,
        encoded=work.size,
        taken_over=work.taken_over,
        rolled_back_to=_rolled_back_to(settings, manifest),
    )


def _write(index_dir: Path, work: Work, progress: ProgressCallback) -> dict[str, Segment]:
    """Write the segment of every document as soon as it is encoded."""
    segments = {}
    for doc_id, arrays in work.encode(progress):
        with generations.writing(index_dir):
            digest = generations.write_segment(index_dir, serialised(arrays))
        segments[doc_id] = Segment.open(doc_id, generations.segment_path(index_dir, digest))
    return segments


def _gather(
    folder: Path, staging: Staging, segments: Sequence[Segment], abbreviations: Mapping[str, str]
) -> BuildFacts:
    """Write what depends on all documents."""
    numbers = numbered(segments, staging.numbers)
    facts = facts_of(segments, numbers, abbreviations)
    facts.save(folder)
    staging.write(folder, segments, facts, numbers)
    return facts


def _check_still_fits(settings: Settings, staged: BuildReport) -> None:
    """Check that a staged build still fits the index it was made beside.

    Raises:
        NotStaged, IndexDamaged: see ``accept``.
    """
    folder, build = staged_folder(settings, staged), staged.manifest.build
    if not folder.is_dir():
        raise NotStaged(
            f"Build {build} was discarded, or removed when the documents were indexed again; "
            "make it again."
        )
    previous = served_manifest(settings)
    if (previous.build if previous else None) != staged.base:
        raise NotStaged(
            f"Another build has gone into service since {build} was made; make it again."
        )
    generations.open_segments(objects_of(settings), folder)


def is_of_corpus(settings: Settings, manifest: Manifest) -> bool:
    """Tell whether the corpus is still what a build was made from."""
    try:
        return Corpus.of(settings.corpus_dir).digest == manifest.corpus_digest
    except BadCorpus:
        return False


def _switch(settings: Settings, store: PassageStore, staged: BuildReport) -> None:
    store.check_held()
    with generations.writing(settings.index_dir):
        generations.switch(objects_of(settings), staged.manifest.build, settings.keep_builds)


def _drop(settings: Settings, store: PassageStore, staged: BuildReport) -> None:
    generations.drop(objects_of(settings), staged.manifest.build)
    store.tidy()


def _if_up_to_date(
    manifest: Manifest | None, settings: Settings, store: PassageStore, digest: str
) -> Manifest | None:
    """Return the build if corpus and settings are what it was made from and the store has it."""
    if manifest is None or manifest.corpus_digest != digest:
        return None
    if (manifest.encoder.name, manifest.splitting) != (settings.encoder, splitting(settings)):
        return None
    folder = settings.index_dir / manifest.build
    wrong = next(store.damage(folder, manifest), None)
    lacking = objects_of(settings).lacking(generations.segment_paths(folder))
    return None if wrong or lacking else manifest


def _rolled_back_to(settings: Settings, manifest: Manifest) -> str | None:
    """Return the build that serves, if one between it and the new one is kept."""
    builds = [folder.name for folder in generations.build_folders(settings.index_dir)]
    later = [name for name in builds if manifest.base and manifest.base < name < manifest.build]
    return manifest.base if later else None
