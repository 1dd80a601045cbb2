"""Fitting the confidence: on made-up numbers, and on what it is allowed to see."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import answerer_of, document

from footprints.answer import confidence
from footprints.answer.answerer import Answerer
from footprints.answer.confidence import Model, Thresholds, load_model
from footprints.answer.searching import Reading
from footprints.evals.cases import Case
from footprints.types import Document, Judgement, Offer
from tools import fit as fitting
from tools.fit import (
    Example,
    examples_of_cases,
    examples_of_squad,
    fit,
    report,
    thresholds,
    weight_of,
)

ENCODER = FakeEncoder()
PAGE = document("# North\n\nAnna leads the north. It has nine areas.", "north", "North")
FEATURES = set(load_model().features)


def chosen(
    probabilities: Sequence[float], answerable: Sequence[bool]
) -> dict[str, tuple[float, float]]:
    """Choose the thresholds for some probabilities: from where to answer, from where to show."""
    found = thresholds(np.array(probabilities), np.array(answerable))
    return {str(caution): (one.answered, one.possible) for caution, one in found.items()}


def test_thresholds_by_hand() -> None:
    """Of the absent 7, 12 or 25 % are asserted, of the answerable 8, 3 or 0 % refused.

    Along the absent (.1, .2, .3, .6) 93 % of the way is at 2.79, so .3 + .79 · .3 = .537; 88 % at
    2.64, so .492; 75 % at 2.25, so .375. Along the answerable (.2, .5, .7, .8) 8 % is at .24, so
    .2 + .24 · .3 = .272; 3 % at .09, so .227; 0 % is .2.
    """
    probabilities = [0.1, 0.2, 0.3, 0.2, 0.5, 0.6, 0.7, 0.8]
    answerable = [False, False, False, True, True, False, True, True]
    assert chosen(probabilities, answerable) == {
        "cautious": (0.537, 0.272),
        "balanced": (0.492, 0.227),
        "eager": (0.375, 0.2),
    }


def test_thresholds_of_what_is_separated() -> None:
    """Where all the absent are below all the rest, nothing lies between possible and answered."""
    found = chosen([0.1, 0.15, 0.2, 0.8, 0.9, 0.95], [False] * 3 + [True] * 3)
    for answered, possible in found.values():
        assert possible == answered <= 0.2


@settings(max_examples=100)
@given(
    st.lists(st.floats(0, 1), min_size=4, max_size=40),
    st.data(),
)
def test_thresholds_never_cross(probabilities: list[float], data: st.DataObject) -> None:
    """Caution only abstains more, what is answered is possible, and few absent are asserted."""
    size = len(probabilities)
    answerable = [
        True,
        False,
        *data.draw(st.lists(st.booleans(), min_size=size - 2, max_size=size - 2)),
    ]
    rounded = [round(p, 4) for p in probabilities]
    found = chosen(rounded, answerable)
    for which in (0, 1):
        eager, balanced, cautious = (found[one][which] for one in ("eager", "balanced", "cautious"))
        assert 0 <= eager <= balanced <= cautious <= 1
    absent = [p for p, has_answer in zip(rounded, answerable, strict=True) if not has_answer]
    for caution, share in {"cautious": 0.07, "balanced": 0.14, "eager": 0.25}.items():
        answered, possible = found[caution]
        assert possible <= answered
        assert sum(p > answered for p in absent) <= share * len(absent) + 1


def made_up(name: str, size: int, share: float = 0.5, seed: int = 1) -> list[Example]:
    """Make up examples whose only telling feature is “nearest”; “noise” says nothing."""
    draw = random.Random(seed)  # noqa: S311
    examples = []
    for number in range(size):
        answerable = number < share * size
        values = {
            "nearest": draw.gauss(0.7 if answerable else 0.3, 0.1),
            "noise": draw.gauss(5, 2),
            "constant": 1.0,
        }
        examples.append(Example(name, f"page {number % 20}", values, answerable))
    return examples


def probability(model: Model, example: Example) -> float:
    """Return what a model makes of an example."""
    logit = model.intercept + sum(
        term.weight * (example.features[name] - term.mean) / term.scale
        for name, term in model.features.items()
    )
    return float(1 / (1 + np.exp(-logit)))


def test_a_fit_separates_what_can_be_separated() -> None:
    """What tells gets the weight, what does not next to none, and unseen ones are told apart."""
    model = fit(made_up("cases", 100) + made_up("other", 100, seed=2))
    assert model.features["nearest"].weight > 1
    assert abs(model.features["noise"].weight) < 0.3
    assert "constant" not in model.features
    unseen = made_up("cases", 200, seed=3)
    right = [
        (probability(model, one) >= model.thresholds["balanced"].answered) == one.answerable
        for one in unseen
    ]
    assert sum(right) / len(right) > 0.85


def test_a_fit_is_the_same_again() -> None:
    """The same examples give the same model, to the last digit."""
    examples = made_up("cases", 60) + made_up("other", 40, seed=2)
    assert fit(examples) == fit(examples)


def test_what_is_off_topic_is_chosen_on_the_cases() -> None:
    """At most one in two hundred of the cases on the subject falls below; no other set counts."""
    near = [replace(one, reach=0.3 + at / 1000) for at, one in enumerate(made_up("cases", 200))]
    off = [replace(one, reach=0.1, on_topic=False) for one in made_up("cases", 40)]
    other = [replace(one, reach=0.2) for one in made_up("other", 40, seed=2)]
    assert fit([*near, *off, *other]).off_topic == pytest.approx(0.301, abs=0.001)


def test_a_fit_says_what_it_saw() -> None:
    """The model names its sets with their sizes, in the order they came in."""
    examples = made_up("cases", 40) + made_up("other", 30, seed=2)
    assert fit(examples).fitted_on == "cases (40), other (30)"


def test_the_scale_is_that_of_the_examples() -> None:
    """Means and scales are the examples' own; what is the same for all tells nothing."""
    examples = made_up("cases", 60)
    model = fit(examples)
    noise = [one.features["noise"] for one in examples]
    assert model.features["noise"].mean == pytest.approx(np.mean(noise), rel=1e-3)
    assert model.features["noise"].scale == pytest.approx(np.std(noise), rel=1e-3)
    assert "constant" not in model.features


def test_every_half_of_every_set_weighs_the_same() -> None:
    """The cases count threefold, and in every set those with an answer as those without."""
    examples = [
        *made_up("cases", 40, share=0.9),
        *made_up("large", 200, share=0.2),
    ]
    weights = fitting._weights(examples)
    assert len(weights) == len(examples)
    sums: dict[tuple[str, bool], float] = {}
    for example, weight in zip(examples, weights, strict=True):
        key = (example.set, example.answerable)
        sums[key] = sums.get(key, 0) + weight
    assert len(sums) == 4
    for name, times in (("cases", 3), ("large", 1)):
        for half in (True, False):
            assert sums[name, half] == pytest.approx(times * len(examples) / 4)


def test_how_often_there_is_an_answer_does_not_sway_the_fit() -> None:
    """Where nearly all of a set have an answer, the middle still has about even odds."""
    model = fit(made_up("cases", 400, share=0.9))
    values = {"nearest": 0.5, "noise": 5.0, "constant": 1.0}
    middle = probability(model, Example("cases", "page", values, True))
    assert middle == pytest.approx(0.5, abs=0.15)


def test_thresholds_are_those_of_the_cases() -> None:
    """Other sets shape the probability, but where to abstain is chosen on the cases alone."""
    cases, other = made_up("cases", 100), made_up("other", 100, seed=2)
    fitted = fit(cases + other)
    held_out: list[int] = []

    def spy(probabilities: Any, answerable: Any) -> dict[Any, Thresholds]:
        held_out.append(len(probabilities))
        return thresholds(probabilities, answerable)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "thresholds", spy)
        assert fit(cases + other) == fitted
    assert held_out == [100]


def test_report() -> None:
    """Each set is reported with its size and how well it is told apart when it is held out."""
    lines = report(made_up("cases", 60) + made_up("other", 40, seed=2))
    assert [line.split(":")[0] for line in lines] == ["cases", "other"]
    assert lines[0].endswith("over 60")
    assert float(lines[1].split("AUROC ")[1].split()[0]) > 0.9


def test_a_report_of_noise() -> None:
    """Where nothing tells, held-out examples are not told apart, however close the fit."""
    draw = random.Random(5)  # noqa: S311
    noise = [
        Example("cases", f"page {n}", {f"n{i}": draw.random() for i in range(9)}, n % 2 == 0)
        for n in range(80)
    ]
    assert float(report(noise)[0].split("AUROC ")[1].split()[0]) < 0.7


class Watched:
    """An answerer that remembers what it was asked."""

    def __init__(self, answerer: Answerer) -> None:
        self.index = answerer.index
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._answerer = answerer

    def search(self, question: str, history: Sequence[str] = ()) -> Reading:
        """Search, and remember."""
        self.asked.append((question, tuple(history)))
        return self._answerer.search(question, history)


def watched(*pages: Document) -> Any:
    """Make an answerer that remembers."""
    return Watched(answerer_of(ENCODER, *pages))


def split_of(case_id: str) -> str:
    """Return the split of a case."""
    return Case(case_id, "fact", "", (), True, ()).split


def test_only_dev_cases_are_seen(tmp_path: Path) -> None:
    """Of all cases those of dev are asked, with their history; no overview and no guidance."""
    lines: list[dict[str, Any]] = []
    for number in range(40):
        absent = number % 3 == 0
        gold = [] if absent else [[{"doc_id": "north", "quote": "It has nine areas."}]]
        lines.append(
            {
                "id": f"case-{number}",
                "kind": "absent" if absent else "fact",
                "question": f"Has the north {number} areas?",
                "history": ["Who leads the north?"] if number % 2 else [],
                "answerable": not absent,
                "gold": gold,
            }
        )
    for kind in ("guidance", "overview"):
        gold = [[{"doc_id": "north", "quote": "It has nine areas."}]] if kind == "overview" else []
        other = {"kind": kind, "question": "hello", "answerable": bool(gold), "gold": gold}
        lines += [{"id": f"{kind}-{number}", "history": [], **other} for number in range(9)]
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    answerer = watched(PAGE)
    examples = examples_of_cases(answerer, tmp_path)
    asked = [line for line in lines if line["kind"] in ("fact", "absent")]
    dev = [line for line in asked if split_of(str(line["id"])) == "dev"]
    assert 0 < len(dev) < len(asked)
    assert {one.document for one in examples} == {"north"}
    assert answerer.asked == [(line["question"], tuple(line["history"])) for line in dev]
    assert [one.answerable for one in examples] == [line["answerable"] for line in dev]
    assert {one.set for one in examples} == {"cases"}
    assert all(one.features.keys() >= FEATURES for one in examples)


class Chooser:
    """A reader that is sure of one sentence."""

    name = "chooser"

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def read(self, question: str, offers: Sequence[Offer], seconds: float) -> Judgement:
        """Score that sentence 1, and all others 0."""
        scores = tuple(float(one.sentence == self._sentence) for one in offers)
        return Judgement(scores, 1 - max(scores))


@pytest.mark.parametrize(
    ("sentence", "helps"), [("It has nine areas.", True), ("Anna leads the north.", False)]
)
def test_a_reader_weighs_as_little_as_it_may(tmp_path: Path, sentence: str, helps: bool) -> None:
    """A reader that puts right answers first gets the least weight that does so, another none."""
    lines = [
        {
            "id": f"case-{number}",
            "kind": "fact" if number % 3 else "absent",
            "question": "Anna leads the north, has she?",
            "answerable": bool(number % 3),
            "gold": [[{"doc_id": "north", "quote": "It has nine areas."}]] if number % 3 else [],
        }
        for number in range(60)
    ]
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    weight = weight_of(Chooser(sentence), answerer_of(ENCODER, PAGE), tmp_path)
    assert (weight > 0) is helps


def squad(folder: Path) -> Path:
    """Write a SQuAD of two halves, each of two articles with two paragraphs."""
    passages: list[dict[str, Any]] = []
    questions: list[dict[str, Any]] = []
    for half in ("dev", "test"):
        for doc in ("a", "b"):
            for place in range(2):
                passage_id = f"{half}-{doc}#{place}"
                passages.append(
                    {
                        "passage_id": passage_id,
                        "doc_id": f"{half}-{doc}",
                        "title": f"{half} {doc}",
                        "text": f"Paragraph {passage_id} of {half} tells {doc} a tale.",
                    }
                )
                questions += [
                    {
                        "qid": f"{passage_id}-{answerable}",
                        "question": f"{half} {doc} {place} is {answerable}?",
                        "answerable": answerable,
                        "passage_id": passage_id,
                        "cs224n_half": half,
                    }
                    for answerable in (True, False)
                ]
    for name, lines in {"passages": passages, "questions": questions}.items():
        text = "\n".join(map(json.dumps, lines))
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_only_the_training_half_of_squad_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a question nor a paragraph of the half that is measured is ever read in the fit.

    The four questions with an answer are asked twice, the second time without half of the
    paragraphs: two of them have lost theirs.
    """
    opened: list[Any] = []

    @contextmanager
    def fake(
        files: Mapping[str, str], progress: object
    ) -> Iterator[tuple[Any, dict[str, Document]]]:
        assert files
        assert all("test" not in text for text in files.values())
        pages = [document(text, f"page{n}") for n, text in enumerate(files.values())]
        opened.append(watched(*pages))
        yield opened[-1], {}

    monkeypatch.setattr(fitting, "asked", fake)
    examples = examples_of_squad(squad(tmp_path))
    questions = [question for answerer in opened for question, _ in answerer.asked]
    assert len(opened) == 2
    assert len(questions) == len(examples) == 12
    assert all(question.startswith("dev") for question in questions)
    found = [(one.set, one.answerable) for one in examples]
    assert found.count(("SQuAD 2.0, adversarial", True)) == 4
    assert found.count(("SQuAD 2.0, adversarial", False)) == 4
    assert found.count(("SQuAD 2.0, removed", True)) == 2
    assert found.count(("SQuAD 2.0, removed", False)) == 2


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command reports each set and writes a model that loads, where the package reads it."""
    seen: list[Path] = []

    def of_cases(answerer: object, folder: Path, progress: object) -> list[Example]:
        seen.append(folder)
        return made_up("cases", 60)

    def of_squad(folder: Path, progress: object) -> list[Example]:
        seen.append(folder)
        return made_up("SQuAD", 60, seed=2)

    monkeypatch.setattr(fitting, "examples_of_cases", of_cases)
    monkeypatch.setattr(fitting, "examples_of_squad", of_squad)
    monkeypatch.setattr(Answerer, "open", lambda settings, **_: None)
    monkeypatch.setattr(confidence, "__file__", str(tmp_path / "confidence.py"))
    monkeypatch.setattr("sys.argv", ["fit", "data", "--cases", "mine"])
    fitting.main()
    assert seen == [Path("mine"), Path("data/squad2-dev")]
    written = Model.model_validate_json((tmp_path / confidence.FILE).read_bytes())
    assert written == fit(made_up("cases", 60) + made_up("SQuAD", 60, seed=2))
    assert written != load_model()


def test_what_is_held_out_is_held_out_by_document() -> None:
    """Examples of one document are never told apart by what was learnt from its others.

    Whether there is an answer can be read off the document alone: where each is held out whole,
    that is of no use, and all that is left is chance.
    """
    draw = random.Random(7)  # noqa: S311
    examples = []
    for number in range(200):
        page = number % 20
        values = {f"page {one}": float(one == page) for one in range(20)}
        values["noise"] = draw.random()
        examples.append(Example("cases", f"page {page}", values, page % 2 == 0))
    assert float(report(examples)[0].split("AUROC ")[1].split()[0]) < 0.7
