"""Commands that answer a question and show how the answer came about."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footprints.cli.options import AsJson, Corpus, History, Index, Publisher, Since, Until
from footprints.errors import FootprintsError
from footprints.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from footprints.answer.answerer import Answerer
    from footprints.types import Answer, Citation, KnownDocument

app = typer.Typer()

_SHORT = 80
"""How many characters of a further passage are printed."""


@app.command(epilog='Example: footprints ask "Who leads the Devon STP?"')
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    history: History = None,
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
    batch: Annotated[
        bool,
        typer.Option(
            "--batch",
            help='Read one {"id", "question", "history", "only"} per line from standard input, '
            "and write one answer per line.",
        ),
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Answer a question with quotes, or say there is no answer."""
    if batch == (question is not None):
        raise typer.BadParameter("Give either a question or --batch.")
    if batch and history:
        raise typer.BadParameter('With --batch, give the history in each line, under "history".')
    if batch and (publisher or since or until):
        raise typer.BadParameter('With --batch, choose documents in each line, under "only".')
    from footprints.contract import answer_json

    answerer = _answerer(corpus, index)
    if question is None:
        _answer_batch(answerer)
        return
    answer = _limited(answerer, publisher, since, until).answer(question, history or ())
    if as_json:
        print(json.dumps(answer_json(answer), ensure_ascii=False))
    else:
        _print_answer(answer, answerer.index.facts.documents)


@app.command(epilog='Example: footprints search "prevention" --limit 3')
def search(
    question: Annotated[str, typer.Argument(help="The question.")],
    history: History = None,
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="How many sentences to show.")] = 10,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Print the passage and the value of every signal too.")
    ] = False,
    as_json: AsJson = False,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Show how sentences rank for a question, best first."""
    from footprints.contract import ranking_of
    from footprints.explain import signals_line

    answerer = _limited(_answerer(corpus, index), publisher, since, until)
    reading = answerer.search(question, history or ())
    ranking = ranking_of(reading, limit, answerer.index.documents, answerer.index_build)
    if not as_json:
        print(f"Read as: {ranking.question}")
    for number, found in enumerate(ranking.sentences, start=1):
        if as_json:
            print(found.model_dump_json())
            continue
        print(f"\n{number}. {found.score:.3f}  {found.doc_id}:{found.start}-{found.end}")
        print(f"   “{' '.join(found.text.split())}”")
        if verbose:
            print(f"   in passage {found.passage_id}")
            print(f"   {signals_line(found.signals)}")


@app.command(epilog='Example: footprints explain "Who leads the Devon STP?"')
def explain(
    question: Annotated[str, typer.Argument(help="The question.")],
    history: History = None,
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="How many sentences to show.")] = 10,
    corpus: Corpus = None,
    index: Index = None,
) -> None:
    """Show how an answer came about, step by step."""
    from footprints.explain import explain as explained

    answerer = _limited(_answerer(corpus, index), publisher, since, until)
    for line in explained(answerer, question, history or (), limit):
        print(line)


def _limited(
    answerer: Answerer, publisher: list[str] | None, since: int | None, until: int | None
) -> Answerer:
    from footprints.types import Only

    return answerer.of(Only(tuple(publisher or ()), since, until))


def _answerer(corpus: Path | None, index: Path | None) -> Answerer:
    from footprints.answer.answerer import Answerer

    return Answerer.open(load_settings(corpus_dir=corpus, index_dir=index))


def _answer_batch(answerer: Answerer) -> None:
    """Answer every line of standard input in order, a bad line with an error."""
    from footprints.contract import answer_json, id_of, problem_json, read_question

    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            asked = read_question(line)
            given = answerer.of(asked.only).answer(asked.question, asked.history)
            result = answer_json(given, asked.id)
        except FootprintsError as error:
            result = {"id": id_of(line), "error": problem_json(error)}
        print(json.dumps(result, ensure_ascii=False), flush=True)


def _print_answer(answer: Answer, documents: Sequence[KnownDocument]) -> None:
    from footprints.types import AnswerStatus
    from footprints.wording import (
        FURTHER,
        closing,
        guidance,
        how_far,
        parts_of,
        remarks,
        shown_above,
    )

    if answer.status is not AnswerStatus.ANSWERED:
        print(f"Status: {answer.status}")
    for remark in remarks(answer):
        print(remark)
    if answer.topic:
        print("\n".join(guidance(answer.topic, documents)))
    for part, own, above in parts_of(answer):
        print(f"\n{part.question}")
        if part.status is not AnswerStatus.ANSWERED:
            print(f"Status: {part.status}")
            print(how_far(part))
        if above:
            print(shown_above(above))
        for citation in own:
            print()
            _print_citation(citation)
    for citation in () if answer.parts else answer.citations:
        print()
        _print_citation(citation)
    for remark in closing(answer):
        print(f"\n{remark}")
    if answer.further:
        print(f"\n{FURTHER}:")
    for citation in answer.further:
        words = " ".join(citation.quote.split())
        print(f"  {citation.doc_id}:{citation.start}-{citation.end}  {words[:_SHORT]} …")


def _print_citation(citation: Citation) -> None:
    from footprints.wording import where, who_and_when

    known = who_and_when(citation)
    for above in citation.context:
        print(f"   {' '.join(above.text.split())}")
    print(f"{citation.number}. “{citation.quote}”")
    print(f"   {citation.title}")
    print(f"   {known}")
    print(f"   {where(citation.headings, citation.locator)}")
    print(f"   {citation.doc_id}:{citation.start}-{citation.end}")
    for place in citation.also:
        print(f"   also {place.doc_id}:{place.start}-{place.end}")
