"""The command line: parse, call, print."""

from __future__ import annotations

import sys
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated

import typer

from footprints.cli import asking, corpus, evaluating, indexing, serving
from footprints.errors import CallerError, FootprintsError

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Answer questions from a folder of documents with exact quotes.",
)
for part in (indexing, asking, corpus, serving):
    app.add_typer(part.app)
app.add_typer(evaluating.app, name="eval")


def main() -> None:
    """Run the command line; an error is one sentence on standard error and an exit code.

    2 is the caller's mistake, 1 is ours.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except FootprintsError as error:
        print(f"footprints: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, CallerError) else 1)


@app.callback(invoke_without_command=True)
def _footprints(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        print(version("footprints"))
        raise typer.Exit
