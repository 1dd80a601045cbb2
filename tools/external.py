"""External sets: public questions with documents of their own, indexed as any corpus would be.

They say whether the thing works beyond the pages it was made for. Each set is written as files
into a temporary folder, indexed there and asked through the same Answerer with default settings.
Where a set is split, only its part for measuring is asked.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from math import isnan
from pathlib import Path
from statistics import mean
from typing import Annotated

import typer

from footprints.answer.answerer import Answerer
from footprints.answer.question import MAX_CHARACTERS
from footprints.answer.surroundings import overlap
from footprints.errors import CallerError
from footprints.evals import measures
from footprints.progress import ProgressCallback, Steps, show_progress, silent, told
from footprints.types import Document, HasSpan, Span
from tools.sets import (
    SEED,
    Line,
    articles,
    asked,
    carried_over,
    find,
    headed,
    read_lines,
    sample,
    tagged,
    within,
)

SIZE = 300
"""So many questions of each part are asked unless another number is given."""

_CUTOFF = 10
_USER = "user:"
_EARLIER = 2
"""So many earlier turns are taken along, as the chat does."""


class MissingSets(CallerError):
    """The folder of the sets is not there."""


@dataclass(frozen=True, slots=True)
class ExternalFigure:
    """What a measure comes to over ``n`` questions of an external set."""

    set: str
    measure: str
    value: float | None
    n: int


def run_external(
    data: Path,
    size: int = SIZE,
    say: Callable[[str], None] = lambda text: None,
    progress: Steps = silent,
) -> list[ExternalFigure]:
    """Measure every set that is there; a set that is absent is skipped with a line.

    Raises:
        MissingSets: the folder itself is not there.
    """
    if not data.is_dir():
        raise MissingSets(f"There is no folder {data}; name the one that holds the sets.")
    figures = []
    for name, measure in SETS.items():
        if (data / name).is_dir():
            say(f"Asking {name}.")
            try:
                figures += measure(data / name, size, partial(_named, progress, name))
            except FileNotFoundError as error:
                raise MissingSets(f"{error.filename} is missing; complete the set.") from error
        else:
            say(f"Skipped {name}: it is not in {data}.")
    return figures


def measure_doc2dial(folder: Path, size: int, progress: Steps) -> list[ExternalFigure]:
    """Ask turns of Doc2Dial: what is found or shown is right when it overlaps the gold span.

    Later turns are asked behind what the user said before.
    """
    originals = {line["doc_id"]: line for line in read_lines(folder / "documents.jsonl")}
    turns = [turn for turn in read_lines(folder / "questions.jsonl") if turn["answerable"]]
    texts = {doc_id: headed(original) for doc_id, original in originals.items()}
    figures: list[ExternalFigure] = []
    with asked(texts, progress) as (answerer, documents):
        for name, first in (("first turns", True), ("later turns", False)):
            of_kind = [turn for turn in turns if turn["first_turn"] is first]
            if not of_kind:
                continue
            chosen = sample(of_kind, size)
            figures += _turns(
                f"Doc2Dial, {name}",
                answerer,
                [
                    (turn, [_gold(span, originals, documents) for span in turn["gold"]])
                    for turn in chosen
                ],
                partial(progress, f"Asking {name}"),
            )
    return figures


def _gold(
    span: Line, originals: Mapping[str, Line], documents: Mapping[str, Document]
) -> tuple[str, Span]:
    """Return the document of a gold span and where it stands there."""
    place = carried_over(span, originals[span["doc_id"]], documents)
    return documents[span["doc_id"]].doc_id, place


def _turns(
    name: str,
    answerer: Answerer,
    turns: Sequence[tuple[Line, Sequence[tuple[str, Span]]]],
    progress: ProgressCallback,
) -> list[ExternalFigure]:
    """Measure what is found, and what is shown, for turns with their gold."""
    ranks: list[int | None] = []
    first_quote, shown = [], []
    for turn, gold in told(turns, progress):
        question, history = turn["question"][:MAX_CHARACTERS], _earlier(turn)
        passages = answerer.search(question, history).passages
        hits = (at for at, one in enumerate(passages, start=1) if _hits(one.doc_id, one, gold))
        ranks.append(next(hits, None))
        answer = answerer.answer(question, history)
        quotes = [_hits(one.doc_id, one, gold) for one in answer.citations]
        views = [_hits(one.doc_id, one.surroundings, gold) for one in answer.citations]
        first_quote.append(any(quotes[:1]))
        shown.append(any([*views, *(_hits(one.doc_id, one, gold) for one in answer.further)]))
    reciprocal = [1 / rank if rank and rank <= _CUTOFF else 0 for rank in ranks]
    return [
        _figure(name, "passage R@1", [rank == 1 for rank in ranks]),
        _figure(name, "passage R@5", [bool(rank and rank <= 5) for rank in ranks]),
        _figure(name, "passage MRR@10", reciprocal),
        _figure(name, "first quote", first_quote),
        _figure(name, "any of what is shown", shown),
    ]


def _earlier(turn: Line) -> list[str]:
    """Return what the user said before a turn, oldest first, as far as it can be asked."""
    said = [line.removeprefix(_USER) for line in turn["history"] if line.startswith(_USER)]
    asked = [text[:MAX_CHARACTERS] for text in said if re.search(r"[^\W_]", text)]
    return asked[:_EARLIER][::-1]


def _hits(doc_id: str, place: HasSpan, gold: Sequence[tuple[str, Span]]) -> bool:
    return any(doc_id == document and overlap(place, span) for document, span in gold)


def measure_squad(folder: Path, size: int, progress: Steps) -> list[ExternalFigure]:
    """Ask the ``test`` articles of SQuAD 2.0: paragraphs, sentences, and two kinds of no.

    An adversarial question has no answer by design; a near miss has lost its paragraph.
    """
    name = "SQuAD 2.0, test articles"
    questions = [q for q in read_lines(folder / "questions.jsonl") if q["cs224n_half"] == "test"]
    used = {question["passage_id"] for question in questions}
    paragraphs = [p for p in read_lines(folder / "passages.jsonl") if p["passage_id"] in used]
    answerable = sample([q for q in questions if q["answerable"]], size)
    adversarial = sample([q for q in questions if not q["answerable"]], size)
    right_paragraph, right_sentence = [], []
    with asked(articles(paragraphs), progress) as (answerer, documents):
        places = _paragraph_places(paragraphs, documents)
        for question in told(answerable, partial(progress, "Finding")):
            one, two = _found(answerer, question, *places[question["passage_id"]])
            right_paragraph.append(one)
            right_sentence.append(two)
        given = _probabilities(answerer, answerable, partial(progress, "Asking"))
        refused = _probabilities(answerer, adversarial, partial(progress, "Asking adversarially"))
    names = sorted(used)
    removed = set(random.Random(SEED).sample(names, len(names) // 2))
    kept = [paragraph for paragraph in paragraphs if paragraph["passage_id"] not in removed]
    with asked(articles(kept), progress) as (answerer, _):
        near = _probabilities(answerer, answerable, partial(progress, "Asking near misses"))
    has_paragraph = [question["passage_id"] not in removed for question in answerable]
    by_design = [True] * len(given) + [False] * len(refused)
    return [
        _figure(name, "paragraph R@1", right_paragraph),
        _figure(name, "right sentence in the right paragraph", right_sentence),
        _auroc(name, "near miss AUROC", near, has_paragraph),
        _auroc(name, "adversarial AUROC", given + refused, by_design),
    ]


def measure_conditionalqa(folder: Path, size: int, progress: Steps) -> list[ExternalFigure]:
    """Ask ``dev`` questions of ConditionalQA behind their scenarios, over all its pages.

    A question counts when one of the five best sentences overlaps an evidence sentence.
    """
    evidence = {
        line["sentence_id"]: line for line in read_lines(folder / "evidence_sentences.jsonl")
    }
    marked_up: dict[str, list[str]] = {}
    for line in evidence.values():
        marked_up.setdefault(line["url"], []).append(tagged(line))
    questions = [
        question
        for question in read_lines(folder / "questions.jsonl")
        if question["split"] == "dev" and question["gold_sentence_ids"]
    ]
    found = []
    texts = {url: "\n".join(blocks) for url, blocks in marked_up.items()}
    with asked(texts, progress) as (answerer, documents):
        for question in told(sample(questions, size), partial(progress, "Asking")):
            text = f"{question['scenario']} {question['question']}"
            document = documents[question["url"]]
            gold = [
                find(document, evidence[sentence_id]["text"])
                for sentence_id in question["gold_sentence_ids"]
            ]
            best = answerer.search(text[-MAX_CHARACTERS:]).ranking[:5]
            found.append(
                any(
                    scored.item.passage.doc_id == document.doc_id
                    and overlap(scored.item.sentence, place)
                    for scored in best
                    for place in gold
                )
            )
    measure = "any evidence sentence in the first 5"
    return [_figure("ConditionalQA dev, scenario and question", measure, found)]


SETS: Mapping[str, Callable[[Path, int, Steps], list[ExternalFigure]]] = {
    "doc2dial-val": measure_doc2dial,
    "squad2-dev": measure_squad,
    "conditionalqa": measure_conditionalqa,
}
"""The sets by the folder they are in."""


def _named(progress: Steps, name: str, step: str, done: int, total: int) -> None:
    """Tell the progress of a step with the name of the set."""
    progress(f"{name}: {step.lower()}", done, total)


def _probabilities(
    answerer: Answerer, questions: Sequence[Line], progress: ProgressCallback
) -> list[float]:
    """Return how likely each question is answered."""
    return [answerer.answer(one["question"]).probability for one in told(questions, progress)]


def _found(
    answerer: Answerer, question: Line, document: Document, paragraph: Span
) -> tuple[bool, bool]:
    """Tell whether the first passage is in the right paragraph, and its best sentence right."""
    reading = answerer.search(question["question"])
    first = reading.passages[0]
    in_paragraph = [
        scored.item.sentence
        for scored in reading.ranking
        if scored.item.passage.doc_id == document.doc_id
        and overlap(scored.item.sentence, paragraph)
    ]
    gold = [within(document, paragraph, span["text"]) for span in question["gold"]]
    return (
        first.doc_id == document.doc_id and overlap(first, paragraph),
        bool(in_paragraph) and any(overlap(in_paragraph[0], place) for place in gold),
    )


def _paragraph_places(
    paragraphs: Sequence[Line], documents: Mapping[str, Document]
) -> dict[str, tuple[Document, Span]]:
    return {
        paragraph["passage_id"]: (
            documents[paragraph["doc_id"]],
            find(documents[paragraph["doc_id"]], paragraph["text"]),
        )
        for paragraph in paragraphs
    }


def _figure(name: str, measure: str, values: Sequence[float]) -> ExternalFigure:
    return ExternalFigure(name, measure, mean(map(float, values)), len(values))


def _auroc(
    name: str, measure: str, probabilities: Sequence[float], positive: Sequence[bool]
) -> ExternalFigure:
    value = measures.auroc(probabilities, positive)
    return ExternalFigure(name, measure, None if isnan(value) else value, len(positive))


def main(
    data: Annotated[Path, typer.Argument(help="Folder of the public sets.")],
    size: Annotated[int, typer.Option(min=1, help="Questions of each part.")] = SIZE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Index and ask public sets of questions, to see how it does beyond its own pages."""
    with show_progress() as progress:
        figures = run_external(data, size, lambda text: print(text, file=sys.stderr), progress)
    for figure in figures:
        if as_json:
            print(json.dumps(asdict(figure)))
        else:
            value = "  –  " if figure.value is None else f"{figure.value:.3f}"
            print(f"{figure.set:<42} {figure.measure:<38} {value}  ({figure.n})")


if __name__ == "__main__":
    try:
        typer.run(main)
    except CallerError as error:
        print(f"footprints: {error}", file=sys.stderr)
        sys.exit(2)
