"""Commands that make an index, list its builds and go back to one."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footprints.cli.options import AsJson, Corpus, Index
from footprints.settings import load_settings

if TYPE_CHECKING:
    from footprints.index.history import Kept

app = typer.Typer()


@app.command(epilog="Example: footprints index --corpus my-documents --index my-index")
def index(
    corpus: Corpus = None,
    index: Index = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Build even if the index is up to date, and encode everything."
        ),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Change nothing if any file cannot be read.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Switch even if answers are significantly worse.")
    ] = False,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Keep running, and build again whenever the folder changes."),
    ] = False,
    cases: Annotated[
        Path | None,
        typer.Option(help="Folder of evaluation cases to ask before the switch."),
    ] = None,
) -> None:
    """Build the index of a folder of documents and switch to it.

    Before the switch the evaluation cases are asked of the old index and the new one.
    Exits with 3 when files were refused (the others are indexed) or when the new index was held
    back because its answers are significantly worse.
    """
    from footprints.cli.building import Builder
    from footprints.cli.watching import follow

    builder = Builder(load_settings(corpus_dir=corpus, index_dir=index), cases, strict, force)
    if watch:
        follow(builder, rebuild)
        return
    built = builder.build(rebuild)
    for line in built.lines():
        print(line)
    for line in built.complaints():
        print(line, file=sys.stderr)
    if built.incomplete:
        raise typer.Exit(3)


@app.command(epilog="Example: footprints generations")
def generations(as_json: AsJson = False, corpus: Corpus = None, index: Index = None) -> None:
    """List the kept builds, newest first, and what changed."""
    from footprints.index.history import kept_builds

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    for kept in reversed(kept_builds(settings)):
        if as_json:
            print(json.dumps(_kept_json(kept), ensure_ascii=False))
        else:
            _print_kept(kept)


@app.command(epilog="Example: footprints check")
def check(corpus: Corpus = None, index: Index = None) -> None:
    """Check that every file of the index is as it was written.

    A question reads the documents it needs and checks those alone; this reads them all.
    """
    from footprints.cli.building import size_of
    from footprints.index import history

    manifest, damaged = history.check(load_settings(corpus_dir=corpus, index_dir=index))
    for what in damaged:
        print(what, file=sys.stderr)
    if damaged:
        print("Run: footprints index --rebuild", file=sys.stderr)
        raise typer.Exit(1)
    print(f"Build {manifest.build} with {size_of(manifest)} is as it was written.")


@app.command(epilog="Example: footprints rollback 20261103T090000000000Z")
def rollback(
    build: Annotated[
        str | None, typer.Argument(help="The build; by default, the one in use before.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Go back to a kept build; the documents stay as they are."""
    from footprints.cli.building import patiently, size_of
    from footprints.index import history
    from footprints.index.build import is_of_corpus
    from footprints.index.encoder import load_encoder

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    manifest = patiently(
        settings.build_wait,
        lambda: history.rollback(settings, lambda: load_encoder(settings.encoder), build),
    )
    print(f"Went back to {manifest.build} with {size_of(manifest)}.")
    if not is_of_corpus(settings, manifest):
        print(
            f"The documents in {settings.corpus_dir} have changed since; "
            "the next footprints index will follow them again."
        )


def _kept_json(kept: Kept) -> dict[str, object]:
    manifest = kept.manifest
    return {
        "build": kept.build,
        "current": kept.current,
        "created": manifest and manifest.created.isoformat(),
        "documents": manifest and manifest.documents,
        "passages": manifest and manifest.passages,
        "changes": kept.changes and asdict(kept.changes),
        "problem": kept.problem,
    }


def _print_kept(kept: Kept) -> None:
    from footprints.cli.building import size_of

    print(f"{kept.build}{'  (current)' if kept.current else ''}")
    if kept.manifest:
        print(f"  {kept.manifest.created:%Y-%m-%d %H:%M} UTC, {size_of(kept.manifest)}")
    if kept.changes:
        for what, ids in asdict(kept.changes).items():
            if ids:
                print(f"  {what}: {', '.join(ids)}")
    if kept.problem:
        print(f"  {kept.problem}")
