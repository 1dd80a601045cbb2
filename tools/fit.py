"""Fit the confidence: ``python -m tools.fit DATA`` writes ``answer/confidence.json``.

With ``--reader`` it learns how far to trust that one, for ``answer/readers.json``.

It sees the ``dev`` cases and the training half of SQuAD 2.0 only. The cases weigh three times what
another set does; in every set those with an answer weigh the same as those without.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

from footprints.answer import confidence, reading
from footprints.answer.answerer import Answerer
from footprints.answer.confidence import Caution, Model, Term, Thresholds, features, reach
from footprints.answer.reading import ReadBy, Trust, keep_trust
from footprints.evals import measures
from footprints.evals.cases import Case, load_cases
from footprints.evals.score import STATUS_OF
from footprints.progress import Steps, show_progress, silent, told
from footprints.reader.opening import open_reader
from footprints.settings import load_settings
from footprints.types import Candidate, Place, Reader
from tools.sets import articles, asked, read_lines, sample

SIZE = 600
"""So many questions of each kind are taken from SQuAD 2.0."""

CASES = "cases"
"""What the project's own set is called."""

_SEED = 0
_STRENGTH = 0.3
"""The inverse of the regularisation's strength."""


_SHARES: Mapping[Caution, tuple[float, float]] = {
    "cautious": (0.07, 0.08),
    "balanced": (0.12, 0.03),
    "eager": (0.25, 0.0),
}
"""What share of cases without an answer each degree may assert, and of those with one refuse."""


_GRID = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
"""The weights of a reader's word that are tried, least first."""

_PATIENCE = 120.0
"""How many seconds a reader has while it is learnt how far to trust it."""

_CALLED_OFF = 0.005
"""What share of cases on the documents' subject may be called off topic."""


@dataclass(frozen=True, slots=True)
class Example:
    """What was seen of a question, and whether its documents answer it."""

    set: str
    document: str
    """Where the best sentence stands."""
    features: dict[str, float]
    answerable: bool
    reach: float = 1.0
    on_topic: bool = True


def examples_of_cases(answerer: Answerer, folder: Path, progress: Steps = silent) -> list[Example]:
    """Ask the ``dev`` cases."""
    cases = [
        case
        for case in load_cases(folder, answerer.index.documents)
        if case.split == "dev" and case.kind not in STATUS_OF
    ]
    return [
        replace(
            _example(CASES, answerer, case.question, case.history, case.answerable),
            on_topic=case.kind != "offtopic",
        )
        for case in told(cases, partial(progress, "Asking the cases"))
    ]


def examples_of_squad(folder: Path, progress: Steps = silent) -> list[Example]:
    """Ask the training half of SQuAD 2.0, with all its paragraphs and with half of them."""
    questions = [q for q in read_lines(folder / "questions.jsonl") if q["cs224n_half"] == "dev"]
    used = {question["passage_id"] for question in questions}
    paragraphs = [p for p in read_lines(folder / "passages.jsonl") if p["passage_id"] in used]
    answerable = sample([q for q in questions if q["answerable"]], SIZE)
    adversarial = sample([q for q in questions if not q["answerable"]], SIZE)
    found = []
    with asked(articles(paragraphs), progress) as (answerer, _):
        for question in told([*answerable, *adversarial], partial(progress, "Asking SQuAD 2.0")):
            text, has_answer = question["question"], question["answerable"]
            found.append(_example("SQuAD 2.0, adversarial", answerer, text, (), has_answer))
    names = sorted(used)
    removed = set(random.Random(_SEED).sample(names, len(names) // 2))
    left = [p for p in paragraphs if p["passage_id"] not in removed]
    with asked(articles(left), progress) as (answerer, _):
        for question in told(answerable, partial(progress, "Asking without half of it")):
            has_answer = question["passage_id"] not in removed
            found.append(
                _example("SQuAD 2.0, removed", answerer, question["question"], (), has_answer)
            )
    return found


def fit(examples: Sequence[Example]) -> Model:
    """Fit the model, and choose the thresholds on the cases when they are held out.

    They are chosen by ``thresholds``.
    """
    names, mean, scale, scaled = _scaled(examples)
    weights = _weights(examples)
    answerable = np.array([example.answerable for example in examples])
    model = LogisticRegression(C=_STRENGTH).fit(scaled, answerable, weights)
    held_out = _held_out(scaled, answerable, weights, _documents(examples))
    cases = np.array([example.set == CASES for example in examples])
    return Model(
        features={
            name: Term(mean=_short(m), scale=_short(s), weight=_short(w))
            for name, m, s, w in zip(names, mean, scale, model.coef_[0], strict=True)
        },
        intercept=_short(model.intercept_[0]),
        thresholds=thresholds(held_out[cases], answerable[cases]),
        off_topic=_off_topic([one.reach for one in examples if one.set == CASES and one.on_topic]),
        fitted_on=", ".join(
            f"{name} ({sum(example.set == name for example in examples)})"
            for name in dict.fromkeys(example.set for example in examples)
        ),
    )


def _scaled(
    examples: Sequence[Example],
) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the features that vary, their means and scales, and the examples' values by these."""
    names = [*examples[0].features]
    values = np.array([[example.features[name] for name in names] for example in examples])
    varies = values.std(axis=0) > 0
    values = values[:, varies]
    mean, scale = values.mean(axis=0), values.std(axis=0)
    kept = [name for name, does in zip(names, varies, strict=True) if does]
    return kept, mean, scale, (values - mean) / scale


def weight_of(reader: Reader, answerer: Answerer, folder: Path, progress: Steps = silent) -> float:
    """Choose how much a reader's word weighs: the least that puts most ``dev`` answers first."""
    apart = replace(ReadBy.of(reader, _PATIENCE), trust=Trust(weight=0))
    read = [
        (case, apart.reordered(found.question.text, found.ranking, answerer.index.documents))
        for case in told(_answerable(answerer, folder), partial(progress, "Reading the cases"))
        if (found := answerer.search(case.question, case.history)).ranking
    ]

    def right(weight: float) -> float:
        best = [
            (case, max(ranking, key=lambda one: one.score + weight * one.signals.read).item)
            for case, ranking in read
        ]
        return sum(measures.success_at_1(case, [(_place(one),)]) for case, one in best)

    return max(_GRID, key=right)


def _answerable(answerer: Answerer, folder: Path) -> list[Case]:
    cases = load_cases(folder, answerer.index.documents)
    return [case for case in cases if case.split == "dev" and case.parts]


def _place(candidate: Candidate) -> Place:
    sentence = candidate.sentence
    return Place(candidate.passage.doc_id, sentence.start, sentence.end)


def trust_in(reader: Reader, answerer: Answerer, folder: Path, progress: Steps = silent) -> Trust:
    """Learn on the ``dev`` cases how far to trust a reader."""
    weight = weight_of(reader, answerer, folder, progress)
    with_it = copy(answerer)
    with_it.read_by = ReadBy(reader, _PATIENCE, Trust(weight=weight))
    examples = examples_of_cases(with_it, folder, progress)
    for line in report(examples):
        print(line)
    return Trust(weight=weight, model=fit(examples))


def _off_topic(reaches: Sequence[float]) -> float:
    """Choose the reach below which a question is off topic, given that of those that are not."""
    return round(float(np.quantile(reaches, _CALLED_OFF)), 4)


def thresholds(
    probabilities: NDArray[np.float64], answerable: NDArray[np.bool_]
) -> dict[Caution, Thresholds]:
    """Choose from which probability on each degree of caution answers, and shows as possible.

    They are given by the share of cases without an answer that is asserted, and of those with one
    that is refused. What is answered is never below what is possible.
    """
    found: dict[Caution, Thresholds] = {}
    for caution, (asserted, refused) in _SHARES.items():
        answered = round(float(np.quantile(probabilities[~answerable], 1 - asserted)), 4)
        possible = round(float(np.quantile(probabilities[answerable], refused)), 4)
        found[caution] = Thresholds(answered=answered, possible=min(answered, possible))
    return found


def report(examples: Sequence[Example]) -> list[str]:
    """Say how well unseen questions of every set are told apart (AUROC, held out)."""
    answerable = np.array([example.answerable for example in examples])
    *_, scaled = _scaled(examples)
    held_out = _held_out(scaled, answerable, _weights(examples), _documents(examples))
    lines = []
    for name in dict.fromkeys(example.set for example in examples):
        own = np.array([example.set == name for example in examples])
        value = measures.auroc(list(held_out[own]), list(answerable[own]))
        lines.append(f"{name}: AUROC {value:.3f} over {own.sum()}")
    return lines


def _example(
    name: str, answerer: Answerer, question: str, history: Sequence[str], answerable: bool
) -> Example:
    reading = answerer.search(question, history)
    seen = features(reading.question, reading.ranking)
    best = reading.ranking[0].item.passage
    return Example(name, best.doc_id, dict(seen), answerable, reach(reading.ranking))


def _documents(examples: Sequence[Example]) -> list[str]:
    """Name the document of each example, apart from those of other sets."""
    return [f"{example.set} {example.document}" for example in examples]


def _short(value: float) -> float:
    """Round to what a person reads, small values too."""
    return float(f"{value:.4g}")


def _weights(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Weigh the examples so that both halves of a set count the same, and the cases threefold."""
    groups = [(example.set, example.answerable) for example in examples]
    sizes = {group: groups.count(group) for group in set(groups)}
    return np.array(
        [
            (3 if group[0] == CASES else 1) * len(groups) / len(sizes) / sizes[group]
            for group in groups
        ]
    )


def _held_out(
    values: NDArray[np.float64],
    answerable: NDArray[np.bool_],
    weights: NDArray[np.float64],
    documents: Sequence[str],
) -> NDArray[np.float64]:
    """Return the probability of every example from a model that saw neither it nor its document."""
    probabilities: NDArray[np.float64] = cross_val_predict(
        LogisticRegression(C=_STRENGTH),
        values,
        answerable,
        groups=documents,
        cv=StratifiedGroupKFold(5, shuffle=True, random_state=_SEED),
        method="predict_proba",
        params={"sample_weight": weights},
    )[:, 1]
    return probabilities


def main() -> None:
    """Fit and write the model."""
    parser = argparse.ArgumentParser(description="Fit the confidence of answers.")
    parser.add_argument("data", type=Path, help="The folder of public sets, with squad2-dev.")
    parser.add_argument("--cases", type=Path, default=Path("evals/cases"), help="The cases.")
    parser.add_argument("--reader", help="Learn how far to trust this reader instead.")
    arguments = parser.parse_args()
    reader = open_reader(load_settings(reader=arguments.reader))
    with show_progress() as progress:
        answerer = Answerer.open(load_settings(), reader=lambda _: None)
        if reader:
            path = Path(reading.__file__).with_name(reading.FILE)
            keep_trust(reader.name, trust_in(reader, answerer, arguments.cases, progress), path)
            print(f"Written: {path}")
            return
        examples = examples_of_cases(answerer, arguments.cases, progress)
        examples += examples_of_squad(arguments.data / "squad2-dev", progress)
    for line in report(examples):
        print(line)
    path = Path(confidence.__file__).with_name(confidence.FILE)
    path.write_text(fit(examples).model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(f"Written: {path}")


if __name__ == "__main__":
    main()
