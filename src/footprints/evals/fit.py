"""Fit the confidence: ``python -m footprints.evals.fit DATA`` writes ``answer/confidence.json``.

It sees the ``dev`` cases and the training half of SQuAD 2.0 only. The cases weigh twice what
another set does; in every set those with an answer weigh the same as those without.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from footprints.answer import confidence
from footprints.answer.answerer import Answerer
from footprints.answer.confidence import Caution, Model, Term, features
from footprints.evals import measures
from footprints.evals.cases import load_cases
from footprints.evals.external import articles, asked, read_lines, sample
from footprints.progress import Steps, show_progress, silent, told
from footprints.settings import load_settings

SIZE = 600
"""So many questions of each kind are taken from SQuAD 2.0."""

CASES = "cases"
"""What the project's own set is called."""

_SEED = 0
_STRENGTH = 0.3
"""The inverse of the regularisation's strength."""


@dataclass(frozen=True, slots=True)
class Example:
    """What was seen of a question, and whether its documents answer it."""

    set: str
    features: dict[str, float]
    answerable: bool


def examples_of_cases(answerer: Answerer, folder: Path, progress: Steps = silent) -> list[Example]:
    """Ask the ``dev`` cases."""
    cases = [c for c in load_cases(folder, answerer.index.documents) if c.split == "dev"]
    return [
        _example(CASES, answerer, case.question, case.history, case.answerable)
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
    removed = set(random.Random(_SEED).sample(names, len(names) // 2))  # noqa: S311
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

    ``eager`` loses 1 % of the cases with an answer, ``balanced`` most often decides rightly,
    ``cautious`` abstains on four in five of those without.
    """
    names = list(examples[0].features)
    values = np.array([[example.features[name] for name in names] for example in examples])
    mean, scale = values.mean(axis=0), values.std(axis=0)
    scale[scale == 0] = 1
    scaled, weights = (values - mean) / scale, _weights(examples)
    answerable = np.array([example.answerable for example in examples])
    model = LogisticRegression(C=_STRENGTH).fit(scaled, answerable, weights)
    held_out = _held_out(scaled, answerable, weights)
    cases = np.array([example.set == CASES for example in examples])
    return Model(
        features={
            name: Term(mean=_short(m), scale=_short(s), weight=_short(w))
            for name, m, s, w in zip(names, mean, scale, model.coef_[0], strict=True)
        },
        intercept=_short(model.intercept_[0]),
        thresholds=thresholds(held_out[cases], answerable[cases]),
        fitted_on=", ".join(
            f"{name} ({sum(example.set == name for example in examples)})"
            for name in dict.fromkeys(example.set for example in examples)
        ),
    )


def thresholds(
    probabilities: NDArray[np.float64], answerable: NDArray[np.bool_]
) -> dict[Caution, float]:
    """Choose below which probability each degree of caution abstains."""
    candidates = np.unique(probabilities)
    right = [((probabilities >= at) == answerable).mean() for at in candidates]
    balanced = float(candidates[int(np.argmax(right))])
    return {
        "cautious": round(max(balanced, float(np.quantile(probabilities[~answerable], 4 / 5))), 4),
        "balanced": round(balanced, 4),
        "eager": round(min(balanced, float(np.quantile(probabilities[answerable], 0.01))), 4),
    }


def report(examples: Sequence[Example]) -> list[str]:
    """Say how well unseen questions of every set are told apart (AUROC, held out)."""
    model_input = [list(example.features.values()) for example in examples]
    values = np.array(model_input)
    scale = values.std(axis=0)
    scale[scale == 0] = 1
    answerable = np.array([example.answerable for example in examples])
    held_out = _held_out((values - values.mean(axis=0)) / scale, answerable, _weights(examples))
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
    return Example(name, dict(seen), answerable)


def _short(value: float) -> float:
    """Round to what a person reads, small values too."""
    return float(f"{value:.4g}")


def _weights(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Weigh the examples so that both halves of a set count the same, and the cases twice."""
    groups = [(example.set, example.answerable) for example in examples]
    sizes = {group: groups.count(group) for group in set(groups)}
    return np.array(
        [
            (2 if group[0] == CASES else 1) * len(groups) / len(sizes) / sizes[group]
            for group in groups
        ]
    )


def _held_out(
    values: NDArray[np.float64], answerable: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probability of every example from a model that has not seen it."""
    probabilities: NDArray[np.float64] = cross_val_predict(
        LogisticRegression(C=_STRENGTH),
        values,
        answerable,
        cv=StratifiedKFold(10, shuffle=True, random_state=_SEED),
        method="predict_proba",
        params={"sample_weight": weights},
    )[:, 1]
    return probabilities


def main() -> None:
    """Fit and write the model."""
    parser = argparse.ArgumentParser(description="Fit the confidence of answers.")
    parser.add_argument("data", type=Path, help="The folder of public sets, with squad2-dev.")
    parser.add_argument("--cases", type=Path, default=Path("evals/cases"), help="The cases.")
    arguments = parser.parse_args()
    with show_progress() as progress:
        answerer = Answerer.open(load_settings())
        examples = examples_of_cases(answerer, arguments.cases, progress)
        examples += examples_of_squad(arguments.data / "squad2-dev", progress)
    for line in report(examples):
        print(line)
    path = Path(confidence.__file__).with_name(confidence.FILE)
    path.write_text(fit(examples).model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(f"Written: {path}")


if __name__ == "__main__":
    main()
