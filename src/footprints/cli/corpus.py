"""Commands that list, read, add and remove documents."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footprints.cli.options import AsJson, Corpus, Index
from footprints.settings import load_settings

if TYPE_CHECKING:
    from footprints.contract import PartText

app = typer.Typer()


@app.command(epilog="Example: footprints documents")
def documents(as_json: AsJson = False, corpus: Corpus = None, index: Index = None) -> None:
    """List the indexed documents with their publishers and dates."""
    from footprints.contract import facts_of
    from footprints.index.opening import open_documents
    from footprints.wording import who_and_when

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    for document in open_documents(settings):
        if as_json:
            print(facts_of(document).model_dump_json())
        else:
            print(f"{document.doc_id}\n  {document.title}\n  {who_and_when(document)}")


@app.command(epilog="Example: footprints read report.pdf")
def read(
    file: Annotated[Path, typer.Argument(help="The file.")],
    as_json: AsJson = False,
) -> None:
    """Show part by part how a file would be read."""
    from footprints.contract import reading_of
    from footprints.corpus.edit import read_outside
    from footprints.corpus.read import read_layout

    reading = reading_of(file.name, read_layout(read_outside(file)))
    if as_json:
        print(reading.model_dump_json())
        return
    for name in ("title", "publisher", "published"):
        print(f"{name}: {getattr(reading, name) or 'not stated'}")
    for warning in reading.warnings:
        print(f"Warning: {warning}")
    for part in reading.parts:
        print(_said_of(part))
    for words in reading.left_out:
        print(f"Left out: {words}")
    for block in reading.blocks:
        print(f"{block.kind:<10} {block.level}  {block.locator or '–':<10}  {block.text}")


@app.command(epilog="Example: footprints add report.pdf --publisher 'NHS England'")
def add(
    files: Annotated[list[Path], typer.Argument(help="The files to copy in.")],
    title: Annotated[str | None, typer.Option(help="Title of the document.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    published: Annotated[
        str | None, typer.Option(help="When it was published, such as 2 August 2016 or May 2016.")
    ] = None,
    describes: Annotated[str | None, typer.Option(help="The period it describes.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it was taken from.")] = None,
    retrieved: Annotated[
        str | None, typer.Option(help="When it was taken from there, such as 2 August 2016.")
    ] = None,
    id_: Annotated[str | None, typer.Option("--id", help="Id used in links.")] = None,
    inferred: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="A field that the document itself does not state."),
    ] = None,
    corpus: Corpus = None,
) -> None:
    """Copy files into the corpus and write their entries.

    In a terminal it asks for what is not given; elsewhere it takes what the file says of itself.
    """
    from footprints.corpus.edit import add_document, draft, read_outside

    if len(files) > 1 and (title or id_):
        raise typer.BadParameter("Add files one by one to give a title or an id.")
    folder = load_settings(corpus_dir=corpus).own_corpus()
    given = {
        "id": id_,
        "title": title,
        "publisher": publisher,
        "published": published,
        "describes": describes,
        "url": url,
        "retrieved": retrieved,
        "inferred": inferred,
    }
    ask = _ask_for if sys.stdin.isatty() else None
    for path in files:
        file = read_outside(path)
        entry = draft(file, given, ask)
        target = add_document(folder, file, entry)
        print(f"Added {target} as {entry.id}; to index it, run: footprints index")
        for name in () if ask else ("title", "publisher", "published"):
            if given[name] is None and (said := getattr(entry, name)):
                print(f"  {name}, as the file says: {said}")


@app.command(epilog="Example: footprints remove rcn-south-west")
def remove(
    doc_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the document.")],
    corpus: Corpus = None,
) -> None:
    """Remove a document's file and entry from the corpus."""
    from footprints.corpus.edit import remove_document

    folder = load_settings(corpus_dir=corpus).own_corpus()
    name = remove_document(folder, doc_id)
    print(f"Removed {folder / name}; to take it out of the answers, run: footprints index")
    print("Its text stays in older builds of the index until they are removed.")


def _said_of(part: PartText) -> str:
    """Say in one line how a part of a file was read."""
    words = f"{part.words} word{'s' * (part.words != 1)}"
    left_out = f"; left out: {part.left_out}" if part.left_out else ""
    return f"{part.place}: {words}, {part.how}{left_out}"


def _ask_for(name: str, found: str | None) -> str:
    """Ask a person for a field; Enter accepts what the file says, or leaves it unknown."""
    answer: str = typer.prompt(name, default=found or "", show_default=bool(found))
    return answer.strip()
