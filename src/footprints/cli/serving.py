"""Commands for the web chat: serve it, export feedback, and show what people do not find."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from footprints.cli.options import AsJson, Corpus, Index
from footprints.settings import load_settings

app = typer.Typer()


@app.command(epilog="Example: footprints serve --port 8080")
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Serve the chat to web browsers."""
    from footprints.cli.building import Builder
    from footprints.web.app import serve_forever

    settings = load_settings(corpus_dir=corpus, index_dir=index, host=host, port=port)
    if settings.is_bundled:
        built = Builder(settings, None, strict=False, force=False).build()
        print(built.line(), file=sys.stderr)
    serve_forever(settings, lambda address: print(f"Footprints is at {address}", flush=True))


@app.command(epilog="Example: footprints mcp")
def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP, not standard input and output.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on, with --http.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port to listen on, with --http; 0 picks a free one."),
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Serve programs over the Model Context Protocol."""
    from footprints.mcp.server import serve as serve_programs

    settings = load_settings(corpus_dir=corpus, index_dir=index, host=host, port=port)
    serve_programs(
        settings,
        "http" if http else "stdio",
        lambda address: print(f"Footprints is at {address}", file=sys.stderr, flush=True),
    )


feedback_app = typer.Typer(
    no_args_is_help=True,
    help="Feedback on the answers.",
    epilog="Example: footprints feedback export > drafts.jsonl",
)
app.add_typer(feedback_app, name="feedback")


@feedback_app.callback()
def feedback() -> None:
    """Read feedback on the answers."""


@feedback_app.command("export", epilog="Example: footprints feedback export > drafts.jsonl")
def export_feedback() -> None:
    """Print feedback as draft evaluation cases, one JSON a line."""
    from footprints.web.app import open_conversations
    from footprints.web.feedback import drafts

    kept = open_conversations(load_settings())
    for case in drafts((turn, kept.before(turn)) for turn in kept.with_feedback()):
        print(json.dumps(case, ensure_ascii=False))


@app.command(epilog="Example: footprints gaps")
def gaps(as_json: AsJson = False) -> None:
    """Show what people ask and do not find, by week."""
    from footprints.web.app import open_gaps

    with closing(open_gaps(load_settings())) as kept:
        weeks, missing = kept.weeks(), kept.missing()
    if as_json:
        for one in [*map(asdict, weeks), *map(asdict, missing)]:
            print(json.dumps(one, default=str, ensure_ascii=False))
        return
    print("Week from    answered  possible    no" if weeks else "Nothing has been asked yet.")
    for week in weeks:
        print(f"{week.monday}   {week.answered:>8}  {week.possible:>8}  {week.no:>4}")
    for word in missing:
        print(f"In no document: {word.word} ({word.askers} askers)")
