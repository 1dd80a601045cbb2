"""The command line: parse, call, print."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footprints.errors import CallerError, FootprintsError
from footprints.settings import load_settings

if TYPE_CHECKING:
    from rich.progress import TaskID

    from footprints.answer.answerer import Answerer
    from footprints.evals.compare import Difference
    from footprints.index.build import Steps
    from footprints.index.generations import Manifest
    from footprints.index.history import Kept
    from footprints.types import Answer, Citation

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Answer questions from a folder of documents with exact quotes.",
)

Corpus = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of documents (FOOTPRINTS_CORPUS_DIR).")
]
Index = Annotated[
    Path | None, typer.Option("--index", help="Folder of indexes (FOOTPRINTS_INDEX_DIR).")
]
History = Annotated[
    list[str] | None,
    typer.Option("--history", metavar="Q", help="An earlier question; repeat it, oldest first."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def main() -> None:
    """Run the command line; an error is one sentence on standard error and an exit code.

    2 is the caller's mistake, 1 is ours.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    warnings.showwarning = lambda message, *_, **__: print(f"Warning: {message}", file=sys.stderr)
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


@app.command(epilog="Example: footprints index --corpus my-documents --index my-index")
def index(
    corpus: Corpus = None,
    index: Index = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build even if it is up to date, and encode it all.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Change nothing if any file cannot be read.")
    ] = False,
) -> None:
    """Build the index of a folder of documents, and switch to it.

    Exits with 3 when files were refused; the others are indexed.
    """
    from footprints.index.build import build_index
    from footprints.index.encoder import load_encoder

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    with _progress() as progress:
        report = build_index(
            settings, lambda: load_encoder(settings.encoder), progress, rebuild, strict
        )
    manifest = report.manifest
    print(f"{'Built' if report.built else 'Up to date:'} {manifest.build} with {_size(manifest)}.")
    if report.rolled_back_to:
        print(
            f"The index had been taken back to {report.rolled_back_to}; "
            "now it follows the documents again."
        )
    for name in ("added", "changed", "removed", "kept"):
        if ids := getattr(report, name):
            what = "Kept as an earlier build read it" if name == "kept" else name.capitalize()
            print(f"{what}: {', '.join(ids)}.")
    if report.built:
        print(f"Encoded {report.encoded} texts, took over {report.taken_over}.")
    for reason in report.refused.values():
        print(f"Refused: {reason}", file=sys.stderr)
    if report.refused:
        raise typer.Exit(3)


@app.command(epilog="Example: footprints generations")
def generations(as_json: AsJson = False, corpus: Corpus = None, index: Index = None) -> None:
    """List the builds that are kept, newest first, with what changed and which one serves."""
    from footprints.index.history import kept_builds

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    for kept in reversed(kept_builds(settings)):
        if as_json:
            print(json.dumps(_kept_json(kept), ensure_ascii=False))
        else:
            _print_kept(kept)


@app.command(epilog="Example: footprints rollback 20261103T090000000000Z")
def rollback(
    build: Annotated[
        str | None, typer.Argument(help="The build; without it, the one before the current.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Go back to a build that is kept; the documents stay as they are."""
    from footprints.index import history
    from footprints.index.encoder import load_encoder

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    manifest = history.rollback(settings, lambda: load_encoder(settings.encoder), build)
    print(f"Went back to {manifest.build} with {_size(manifest)}.")
    if not history.is_of_corpus(settings, manifest):
        print(
            f"The documents in {settings.corpus_dir} are others now; "
            "the next footprints index takes them up again."
        )


def _size(manifest: Manifest) -> str:
    return (
        f"{len(manifest.documents)} documents, {manifest.passages} passages, "
        f"{manifest.sentences} sentences"
    )


def _kept_json(kept: Kept) -> dict[str, object]:
    manifest = kept.manifest
    return {
        "build": kept.build,
        "current": kept.current,
        "created": manifest and manifest.created.isoformat(),
        "documents": manifest and len(manifest.documents),
        "passages": manifest and manifest.passages,
        "changes": kept.changes and asdict(kept.changes),
        "problem": kept.problem,
    }


def _print_kept(kept: Kept) -> None:
    print(f"{kept.build}{'  (current)' if kept.current else ''}")
    if kept.manifest:
        print(f"  {kept.manifest.created:%Y-%m-%d %H:%M} UTC, {_size(kept.manifest)}")
    if kept.changes:
        for what, ids in asdict(kept.changes).items():
            if ids:
                print(f"  {what}: {', '.join(ids)}")
    if kept.problem:
        print(f"  {kept.problem}")


@app.command(epilog='Example: footprints ask "Who leads the Devon STP?"')
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    history: History = None,
    as_json: AsJson = False,
    batch: Annotated[
        bool,
        typer.Option(
            "--batch",
            help='Read {"id", "question", "history"} a line from standard input instead, '
            "and write an answer a line.",
        ),
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Answer a question with quotes, or say that the documents do not."""
    if batch == (question is not None):
        raise typer.BadParameter("Give either a question or --batch.")
    if batch and history:
        raise typer.BadParameter('With --batch the history stands in each line, under "history".')
    from footprints.contract import answer_json

    answerer = _answerer(corpus, index)
    if question is None:
        _answer_batch(answerer)
        return
    answer = answerer.answer(question, history or ())
    if as_json:
        print(json.dumps(answer_json(answer), ensure_ascii=False))
    else:
        _print_answer(answer)


@app.command(epilog='Example: footprints search "prevention" --limit 3')
def search(
    question: Annotated[str, typer.Argument(help="The question.")],
    history: History = None,
    limit: Annotated[int, typer.Option(min=1, help="How many sentences to show.")] = 10,
    as_json: AsJson = False,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Show the ranking of sentences for a question with every signal's value, to see why."""
    from footprints.contract import ranking_of
    from footprints.explain import signals_line

    answerer = _answerer(corpus, index)
    reading = answerer.search(question, history or ())
    ranking = ranking_of(reading, limit, answerer.index.documents, answerer.index_build)
    if not as_json:
        print(f"Read as: {ranking.question}")
    for number, found in enumerate(ranking.sentences, start=1):
        if as_json:
            print(found.model_dump_json())
            continue
        print(f"\n{number}. {found.score:.3f}  {found.passage_id}  {' '.join(found.text.split())}")
        print(f"   {signals_line(found.signals)}")


@app.command(epilog='Example: footprints explain "Who leads the Devon STP?"')
def explain(
    question: Annotated[str, typer.Argument(help="The question.")],
    history: History = None,
    limit: Annotated[int, typer.Option(min=1, help="How many sentences to show.")] = 10,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Show the whole way of an answer: question, passages, sentences, what was taken and why."""
    from footprints.explain import explain as explained

    for line in explained(_answerer(corpus, index), question, history or (), limit):
        print(line)


@app.command(epilog="Example: footprints documents")
def documents(as_json: AsJson = False, corpus: Corpus = None, index: Index = None) -> None:
    """List what is indexed, who says it and when."""
    from footprints.contract import facts_of
    from footprints.index.build import open_documents
    from footprints.wording import who_and_when

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    for facts in map(facts_of, open_documents(settings)):
        if as_json:
            print(facts.model_dump_json())
        else:
            known = who_and_when(facts.publisher, facts.published, facts.describes)
            print(f"{facts.doc_id}\n  {facts.title}\n  {known}")


@app.command(epilog="Example: footprints read report.pdf")
def read(
    file: Annotated[Path, typer.Argument(help="The file.")],
    as_json: AsJson = False,
) -> None:
    """Show how a file would be read, block by block, without indexing it."""
    from footprints.contract import reading_of
    from footprints.corpus.edit import read_outside
    from footprints.corpus.read import read_layout

    reading = reading_of(file.name, read_layout(read_outside(file)))
    if as_json:
        print(reading.model_dump_json())
        return
    for name in ("title", "publisher", "published"):
        print(f"{name}: {getattr(reading, name) or 'not said'}")
    for warning in reading.warnings:
        print(f"Warning: {warning}")
    for block in reading.blocks:
        print(f"{block.kind:<10} {block.level}  {block.locator or '–':<10}  {block.text}")


@app.command(epilog="Example: footprints add report.pdf --publisher 'NHS England'")
def add(
    files: Annotated[list[Path], typer.Argument(help="The files to copy in.")],
    title: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who says it.")] = None,
    published: Annotated[str | None, typer.Option(help="When, as 2016-08-02.")] = None,
    describes: Annotated[str | None, typer.Option(help="The period it speaks of.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="What links call it.")] = None,
    inferred: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="A field that the page itself does not state."),
    ] = None,
    corpus: Corpus = None,
) -> None:
    """Copy files into the corpus and write their entries; a terminal is asked for the rest."""
    from footprints.corpus.edit import add_document, draft, read_outside

    if len(files) > 1 and (title or id_):
        raise typer.BadParameter("Add files one by one to give a title or an id.")
    folder = load_settings(corpus_dir=corpus).corpus_dir
    given = {
        "id": id_,
        "title": title,
        "publisher": publisher,
        "published": published,
        "describes": describes,
        "inferred": inferred,
    }
    for path in files:
        file = read_outside(path)
        entry = draft(file, given, _ask_for if sys.stdin.isatty() else None)
        target = add_document(folder, file, entry)
        print(f"Added {target} as {entry.id}; to index it, run: footprints index")


@app.command(epilog="Example: footprints remove rcn-south-west")
def remove(
    doc_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the document.")],
    corpus: Corpus = None,
) -> None:
    """Take a document's file and entry out of the corpus."""
    from footprints.corpus.edit import remove_document

    folder = load_settings(corpus_dir=corpus).corpus_dir
    name = remove_document(folder, doc_id)
    print(f"Removed {folder / name}; to take it out of the answers, run: footprints index")
    print("Its text stays in the older builds of the index until they are gone.")


def _ask_for(name: str, found: str | None) -> str:
    """Ask a person for a field; Enter takes what the file says, or leaves it unknown."""
    answer: str = typer.prompt(name, default=found or "", show_default=bool(found))
    return answer.strip()


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
    from footprints.web.app import serve_forever

    settings = load_settings(corpus_dir=corpus, index_dir=index, host=host, port=port)
    serve_forever(settings, lambda address: print(f"Footprints is at {address}", flush=True))


feedback_app = typer.Typer(
    no_args_is_help=True,
    help="What askers said of the answers.",
    epilog="Example: footprints feedback export > drafts.jsonl",
)
app.add_typer(feedback_app, name="feedback")


@feedback_app.callback()
def feedback() -> None:
    """Read what askers said of the answers."""


@feedback_app.command("export", epilog="Example: footprints feedback export > drafts.jsonl")
def export_feedback() -> None:
    """Print what askers said as drafts of evaluation cases, one JSON object a line."""
    from footprints.web.app import open_conversations
    from footprints.web.feedback import drafts

    kept = open_conversations(load_settings())
    for case in drafts((turn, kept.before(turn)) for turn in kept.with_feedback()):
        print(json.dumps(case, ensure_ascii=False))


eval_app = typer.Typer(
    invoke_without_command=True,
    help="Measure how good the answers are.",
    epilog="Example: footprints eval --split dev",
)
app.add_typer(eval_app, name="eval")


@eval_app.callback()
def evaluate(
    context: typer.Context,
    cases: Annotated[Path, typer.Option(help="Folder of cases.")] = Path("evals/cases"),
    split: Annotated[str, typer.Option(help="dev, test or all.")] = "all",
    runs: Annotated[Path, typer.Option(help="Folder to keep runs in.")] = Path("evals/runs"),
    baseline: Annotated[
        Path, typer.Option(help="Results to compare with, if they are there.")
    ] = Path("evals/baselines/baseline.json"),
    seed: Annotated[int, typer.Option(help="Seed of the perturbations.")] = 0,
    perturb: Annotated[bool, typer.Option(help="Ask perturbed questions too.")] = True,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Ask every case, score the answers, write a report and compare with the baseline.

    Exits with 3 when a quality measure is significantly worse or a quote is not verbatim.
    """
    if context.invoked_subcommand:
        return
    from footprints.evals.report import kinds_table, markdown_table
    from footprints.evals.suite import evaluate

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    with _progress() as progress:
        verdict = evaluate(
            settings,
            cases,
            split,
            runs,
            baseline,
            seed if perturb else None,
            partial(progress, "Asking"),
        )
    print(f"{markdown_table(verdict.results)}\n\n{kinds_table(verdict.results)}\n")
    _print_differences(verdict.differences)
    print(f"Report: {verdict.folder / 'report.html'}")
    if verdict.altered_quotes:
        print("footprints: a quote is not what its document says.", file=sys.stderr)
    if not verdict.passed:
        raise typer.Exit(3)


@eval_app.command("external", epilog="Example: footprints eval external DATA --size 100")
def external(
    data: Annotated[Path, typer.Argument(help="Folder of the public sets.")],
    size: Annotated[int, typer.Option(min=1, help="Questions of each part.")] = 300,
    as_json: AsJson = False,
) -> None:
    """Index and ask public sets of questions, to see how it does beyond its own pages."""
    from footprints.evals.external import run_external

    figures = run_external(data, size, lambda text: print(text, file=sys.stderr))
    for figure in figures:
        if as_json:
            print(json.dumps(asdict(figure)))
        else:
            value = "  –  " if figure.value is None else f"{figure.value:.3f}"
            print(f"{figure.set:<42} {figure.measure:<38} {value}  ({figure.n})")


@eval_app.command("compare", epilog="Example: footprints eval compare RUN_A RUN_B")
def compare_runs(
    before: Annotated[Path, typer.Argument(help="A run folder or its results.json.")],
    after: Annotated[Path, typer.Argument(help="The run to compare with it.")],
) -> None:
    """Compare two saved runs case by case, without loading a model."""
    from footprints.evals.compare import compare, missing, read_results

    old, new = read_results(before), read_results(after)
    differences = compare(old, new)
    _print_differences(differences, with_cases=True)
    if gone := missing(old, new):
        print(f"Not in the second run: {', '.join(gone)}.")
    if any(difference.significantly_worse for difference in differences):
        raise typer.Exit(3)


def _print_differences(differences: Sequence[Difference], with_cases: bool = False) -> None:
    for difference in differences:
        print(
            f"{difference.measure:<18} {difference.before:.3f} → {difference.after:.3f} "
            f"over {difference.n} cases: {len(difference.better)} better, "
            f"{len(difference.worse)} worse, p {difference.p_worse:.3f}"
            f"{'  SIGNIFICANTLY WORSE' if difference.significantly_worse else ''}"
        )
        if with_cases:
            print(f"  better: {' '.join(difference.better) or 'none'}")
            print(f"  worse: {' '.join(difference.worse) or 'none'}")


def _answerer(corpus: Path | None, index: Path | None) -> Answerer:
    from footprints.answer.answerer import Answerer

    return Answerer.open(load_settings(corpus_dir=corpus, index_dir=index))


def _answer_batch(answerer: Answerer) -> None:
    """Answer every line of standard input in order; a bad line gets an error in its place."""
    from footprints.contract import answer_json, id_of, problem_json, read_question

    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            asked = read_question(line)
            result = answer_json(answerer.answer(asked.question, asked.history), asked.id)
        except FootprintsError as error:
            result = {"id": id_of(line), "error": problem_json(error)}
        print(json.dumps(result, ensure_ascii=False), flush=True)


def _print_answer(answer: Answer) -> None:
    from footprints.types import AnswerStatus
    from footprints.wording import CLOSEST, EXPLANATIONS, remarks

    for remark in remarks(answer):
        print(remark)
    if answer.status is not AnswerStatus.ANSWERED:
        print(EXPLANATIONS[answer.status])
        print(CLOSEST)
    for citation in answer.citations or answer.related:
        print()
        _print_citation(citation)


def _print_citation(citation: Citation) -> None:
    from footprints.wording import where, who_and_when

    known = who_and_when(citation.publisher, citation.published, citation.describes)
    print(f"{citation.number}. “{citation.quote}”")
    print(f"   {citation.title}")
    print(f"   {known}")
    print(f"   {where(citation.headings, citation.locator)}")
    print(f"   {citation.doc_id}:{citation.start}-{citation.end}")
    for place in citation.also:
        print(f"   also {place.doc_id}:{place.start}-{place.end}")


@contextmanager
def _progress() -> Iterator[Steps]:
    """Show a bar for each step with rate and time left, if there is a terminal to show it on."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step)
            bar.update(tasks[step], completed=done, total=total)

        yield show
