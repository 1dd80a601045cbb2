"""External sets: tiny made-up ones in the same formats, with figures worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEncoder

from footprints.corpus.snapshot import Corpus
from footprints.errors import CallerError
from footprints.index.build import build_index
from footprints.types import Document, Encoding
from tools import sets
from tools.external import ExternalFigure, MissingSets, main, run_external

Line = Mapping[str, Any]

MARKDOWN = (
    "* not a list\n# not a heading\n1. not a number\n> not a quote\n    not code\n---\n"
    "_a_ **b** `c` ~~d~~ <e> &amp; [f](g) ![h](i) | j | k | \\l http://m.example <!-- n -->\n"
    "+ 2 = 3\n===\n```\n[o]: p\n- [ ] q\nr #"
)


class Recorder(FakeEncoder):
    """A fake encoder that remembers what it encoded."""

    def __init__(self) -> None:
        super().__init__(dimension=256)
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts, and remember them."""
        self.texts += texts
        return super().encode(texts)


@pytest.fixture(autouse=True)
def encoder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Load a fake encoder in place of the real one."""
    recorder = Recorder()
    monkeypatch.setattr(sets, "load_encoder", lambda name: recorder)
    return recorder


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[Document]:
    """Return a list that gets every document which is indexed."""
    documents: list[Document] = []

    def build(settings: Any, *rest: Any) -> object:
        corpus = settings.corpus_dir
        documents.extend(Corpus.of(corpus).documents())
        return build_index(settings, *rest)

    monkeypatch.setattr(sets, "build_index", build)
    return documents


def write(data: Path, name: str, **files: Sequence[Line]) -> Path:
    """Write the files of a set, and return the folder of all sets."""
    (data / name).mkdir(parents=True, exist_ok=True)
    for file, lines in files.items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (data / name / f"{file}.jsonl").write_text(text, encoding="utf-8")
    return data


def values(data: Path, size: int = 300, name: str = "") -> dict[str, tuple[Any, int]]:
    """Return the figures by measure, of the sets whose name ends so."""
    figures = [one for one in run_external(data, size) if one.set.endswith(name)]
    assert len({one.measure for one in figures}) == len(figures)
    return {one.measure: (one.value, one.n) for one in figures}


PARKING = {
    "doc_id": "Parking permits#1_0",
    "title": "Parking permits",
    "domain": "dmv",
    "text": "How to apply \nBring your passport to the office. It opens on Monday. \n\n"
    "What it costs \nA permit costs nine pounds. ",
}


def turn(question: str, gold: str, page: Line = PARKING, **more: object) -> Line:
    """Make a turn of Doc2Dial whose gold is some words of a page."""
    start = page["text"].index(gold)
    span = {"doc_id": page["doc_id"], "start": start, "end": start + len(gold), "text": gold}
    return {
        "qid": question,
        "question": question,
        "history": [],
        "first_turn": True,
        "answerable": True,
        "doc_id": page["doc_id"],
        "gold": [span],
        **more,
    }


PASSPORT = turn("Do I bring a passport to the office?", "Bring your passport to the office. ")
PRICE = turn("What does a permit cost, how many pounds?", "A permit costs nine pounds. ")


def doc2dial(data: Path, *turns: Line, page: Line = PARKING) -> Path:
    """Write a Doc2Dial of one page."""
    return write(data, "doc2dial-val", documents=[page], questions=turns)


def test_doc2dial(tmp_path: Path) -> None:
    """Of two passages the right one is first for two questions, and second for a third.

    R@1 = 2/3, R@5 = 1 and MRR = (1 + 1 + ½) / 3. A turn without an answer is not asked, and a later
    one has figures of its own.
    """
    data = doc2dial(
        tmp_path,
        PASSPORT,
        PRICE,
        turn("How many pounds does a permit cost?", "It opens on Monday. "),
        turn("And the office?", "A permit costs nine pounds. ", first_turn=False),
        turn("What of boats?", "A permit costs nine pounds. ", answerable=False),
    )
    found = values(data, name="first turns")
    assert {name: value for name, value in found.items() if name.startswith("passage")} == {
        "passage R@1": (pytest.approx(2 / 3), 3),
        "passage R@5": (1, 3),
        "passage MRR@10": (pytest.approx(2.5 / 3), 3),
    }
    assert found["first quote"][1] == found["any of what is shown"][1] == 3
    assert values(data, name="later turns")["passage R@5"] == (1, 1)


def test_doc2dial_measures_what_is_shown(tmp_path: Path) -> None:
    """A quote is right if it holds gold; what is shown may hold it around a quote or below them."""
    found = values(doc2dial(tmp_path, PASSPORT, PRICE))
    assert found["first quote"] == (1 / 2, 2), "one is abstained on …"
    assert found["any of what is shown"] == (1, 2), "… with its passage further down"


def test_later_turns_are_asked_behind_the_two_before(tmp_path: Path, encoder: Recorder) -> None:
    """A later turn is read behind what the user said before, the last two turns of it."""
    later = turn(
        "And how much is it?",
        "A permit costs nine pounds. ",
        first_turn=False,
        history=["agent:Yes.", "user:passports?", "user:permits?", "agent:No.", "user:Boats?"],
    )
    figures = run_external(doc2dial(tmp_path, later))
    assert {one.set for one in figures} == {"Doc2Dial, later turns"}
    asked = [text for text in encoder.texts if text.endswith("And how much is it?")]
    # By itself it shows whether it is said to the chat.
    assert set(asked) == {"And how much is it?", "permits? passports? And how much is it?"}


def test_doc2dial_gold_in_a_heading(tmp_path: Path) -> None:
    """Gold that is a heading means the text under it, as passages hold no headings."""
    data = doc2dial(tmp_path, turn("How many pounds does a permit cost?", "What it costs \n"))
    assert values(data)["passage R@1"] == (1, 1)


def test_doc2dial_gold_of_two_spans(tmp_path: Path) -> None:
    """A passage that overlaps any span of the gold is right."""
    second = {**PRICE, "gold": [*PASSPORT["gold"], *PRICE["gold"]]}
    assert values(doc2dial(tmp_path, second))["passage R@1"] == (1, 1)


def test_gold_is_found_behind_markdown(tmp_path: Path) -> None:
    """Gold after text full of Markdown characters is where it was."""
    page = {**PARKING, "text": f"Odd text \n{MARKDOWN}\n\n{PARKING['text']}"}
    data = doc2dial(
        tmp_path,
        turn("Do I bring a passport to the office?", "Bring your passport", page),
        turn("What does a permit cost, how many pounds?", "A permit costs nine", page),
        page=page,
    )
    assert values(data)["passage R@1"] == (1, 2)


def test_markdown_characters_come_through(tmp_path: Path, indexed: list[Document]) -> None:
    """A page's title and text are indexed word by word as they were, whatever they look like."""
    page = {**PARKING, "title": "# Odd *title* #", "text": MARKDOWN + "\n\n" + PARKING["text"]}
    data = doc2dial(tmp_path, turn("Which passport?", "Bring your passport", page), page=page)
    run_external(data)
    (document,) = indexed
    assert document.text.split() == f"{page['title']} {page['text']}".split()


OIL = ("oil#0", "oil", "Oil crisis", "Embargo began in October. Barrels tripled their price.")
GAS = ("oil#1", "oil", "Oil crisis", "Pipelines froze during winter. Siberia halted deliveries.")
BEES = ("bees#0", "bees", "Bees", "Queens lay two thousand eggs. Drones never gather nectar.")
HIVES = ("bees#1", "bees", "Bees", "Hives need ventilation. Keepers smoke colonies gently.")


def paragraph(passage_id: str, doc_id: str, title: str, text: str) -> Line:
    """Make a paragraph of SQuAD."""
    return {"passage_id": passage_id, "doc_id": doc_id, "title": title, "text": text}


def asks(question: str, passage_id: str, gold: str | None, half: str = "test") -> Line:
    """Make a question of SQuAD; without gold it is adversarial."""
    return {
        "qid": question,
        "question": question,
        "answerable": gold is not None,
        "passage_id": passage_id,
        "gold": [{"passage_id": passage_id, "start": 0, "end": 0, "text": gold}] if gold else [],
        "cs224n_half": half,
    }


SQUAD = [
    asks("Embargo began in which month?", "oil#0", "October"),
    asks("Siberia halted which deliveries?", "oil#1", "deliveries"),
    asks("Queens lay how many eggs?", "bees#0", "two thousand"),
    asks("Hives need ventilation?", "bees#1", "gently"),
    asks("Zebras vote where?", "oil#0", None),
    asks("Violins cost what?", "bees#0", None),
]


def squad(data: Path, *questions: Line) -> Path:
    """Write a SQuAD of two articles with two paragraphs each."""
    passages = [paragraph(*one) for one in (OIL, GAS, BEES, HIVES)]
    return write(data, "squad2-dev", passages=passages, questions=questions)


def test_squad(tmp_path: Path) -> None:
    """Every question has the words of its paragraph, and the adversarial ones of none.

    The gold of the fourth is in the other sentence of its paragraph, so 3 of 4 sentences are
    right. Without their paragraph, and without an answer, questions are all less probable: both
    AUROCs are 1. What is in the other half is not asked.
    """
    data = squad(tmp_path, *SQUAD, asks("Barrels tripled what?", "oil#0", "Barrels", "dev"))
    assert values(data) == {
        "paragraph R@1": (1, 4),
        "right sentence in the right paragraph": (3 / 4, 4),
        "near miss AUROC": (1, 4),
        "adversarial AUROC": (1, 6),
    }


def test_squad_finds_the_paragraph_that_is_meant(tmp_path: Path) -> None:
    """Where the words of a question are in another paragraph, the first passage is wrong."""
    wrong = asks("Queens lay how many eggs?", "oil#0", "October")
    assert values(squad(tmp_path, *SQUAD[:3], wrong))["paragraph R@1"] == (3 / 4, 4)


def test_squad_removes_half_of_the_paragraphs(
    tmp_path: Path, indexed: list[Document], encoder: Recorder
) -> None:
    """All paragraphs are indexed first and half of them then; answerable ones are asked twice."""
    run_external(squad(tmp_path, *SQUAD))
    texts = [document.text for document in indexed]
    counts = {text: sum(text in one for one in texts) for *_, text in (OIL, GAS, BEES, HIVES)}
    assert sorted(counts.values()) == [1, 1, 2, 2]
    for question in SQUAD:
        times = encoder.texts.count(question["question"])
        assert times == (
            3 if question["answerable"] else 1
        )  # the first time twice: passage, answer


def sentence(number: int, tag: str, text: str, url: str = "https://gov.example/bins") -> Line:
    """Make an evidence sentence of ConditionalQA."""
    return {"sentence_id": f"cqa-{number}", "url": url, "tag": tag, "text": text}


BINS = [
    sentence(0, "h2", "Collections"),
    *(sentence(n, "p", f"Green bins leave on day {n} of the month.") for n in range(1, 8)),
    sentence(8, "li", "garden waste * costs | extra"),
    sentence(9, "li", "Glass goes to the depot."),
    sentence(10, "tr", "Size | Litres"),
    sentence(11, "p", "Foxes eat peanuts.", "https://gov.example/foxes"),
]


def scenario(question: str, *gold: int, split: str = "dev", before: str = "I moved.") -> Line:
    """Make a question of ConditionalQA."""
    return {
        "qid": question,
        "split": split,
        "url": "https://gov.example/bins",
        "scenario": before,
        "question": question,
        "gold_sentence_ids": [f"cqa-{number}" for number in gold],
    }


def conditionalqa(data: Path, *questions: Line) -> Path:
    """Write a ConditionalQA of two pages."""
    return write(data, "conditionalqa", evidence_sentences=BINS, questions=questions)


MEASURE = "any evidence sentence in the first 5"


def test_conditionalqa(tmp_path: Path) -> None:
    """Two of three find an evidence sentence; for the third seven others are nearer.

    What has no evidence, or is for training, is not asked.
    """
    data = conditionalqa(
        tmp_path,
        scenario("Does glass go to the depot?", 8, 9),
        scenario("Does garden waste cost extra?", 8),
        scenario("Green bins leave on which day of the month?", 10),
        scenario("Do bins sing?"),
        scenario("Green bins leave on which day?", 10, split="train"),
    )
    assert values(data) == {MEASURE: (pytest.approx(2 / 3), 3)}


def test_a_long_scenario_is_cut_from_its_beginning(tmp_path: Path) -> None:
    """A question behind a scenario of 900 characters is still asked."""
    question = scenario("Does glass go to the depot?", 9, before="I moved here. " * 64)
    assert values(conditionalqa(tmp_path, question)) == {MEASURE: (1, 1)}


def test_evidence_of_another_page_is_none(tmp_path: Path) -> None:
    """A sentence of another page in the same place is not the evidence."""
    question = scenario("Foxes eat peanuts?", 10)
    assert values(conditionalqa(tmp_path, question)) == {MEASURE: (0, 1)}


def test_a_set_that_is_absent_is_skipped_with_a_line(tmp_path: Path) -> None:
    """What is there is asked; of each of the others a line says that it is not."""
    said: list[str] = []
    figures = run_external(doc2dial(tmp_path, PRICE), say=said.append)
    assert {one.set for one in figures} == {"Doc2Dial, first turns"}
    assert said == [
        "Asking doc2dial-val.",
        f"Skipped squad2-dev: it is not in {tmp_path}.",
        f"Skipped conditionalqa: it is not in {tmp_path}.",
    ]


def test_without_sets_there_are_no_figures(tmp_path: Path) -> None:
    """An empty folder has nothing to ask, and that is no error."""
    assert run_external(tmp_path) == []


def test_a_missing_folder_is_the_callers_mistake(tmp_path: Path) -> None:
    """A folder that is not there is named."""
    with pytest.raises(MissingSets) as refused:
        run_external(tmp_path / "nowhere")
    assert isinstance(refused.value, CallerError)
    assert str(tmp_path / "nowhere") in str(refused.value)


def test_a_set_that_lacks_a_file_is_the_callers_mistake(tmp_path: Path) -> None:
    """A file that is not there is named, as the folder is."""
    data = doc2dial(tmp_path, PRICE)
    (data / "doc2dial-val" / "documents.jsonl").unlink()
    with pytest.raises(CallerError, match=r"documents\.jsonl"):
        run_external(data)


def test_the_same_size_draws_the_same_questions(tmp_path: Path, encoder: Recorder) -> None:
    """A sample is drawn from one seed: two runs ask the same, and no more than the size."""
    turns = [turn(f"Who has key {number}?", "It opens on Monday. ") for number in range(9)]
    data = doc2dial(tmp_path, *turns)
    asked = []
    for size in (3, 3, 9, 100):
        encoder.texts.clear()
        figures = run_external(data, size)
        found = [text for text in encoder.texts if text.startswith("Who has key")]
        asked.append([*dict.fromkeys(found)])
        assert {one.n for one in figures} == {min(size, 9)}
    assert asked[0] == asked[1]
    assert len(set(asked[0])) == 3
    assert asked[2] == asked[3] == [one["question"] for one in turns]


def test_figures_are_printed_a_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures go to standard output, one JSON object a line on demand; the rest to the other."""
    data = doc2dial(tmp_path, PRICE)
    main(data, as_json=True)
    out, err = capsys.readouterr()
    figures = [ExternalFigure(**json.loads(line)) for line in out.splitlines()]
    assert figures == run_external(data)
    assert "Skipped squad2-dev" in err


def test_a_figure_that_is_undefined_is_still_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a single question there is no AUROC, and no NaN in what machines read."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    main(squad(tmp_path, *SQUAD), size=1, as_json=True)
    figures = [
        json.loads(line, parse_constant=refuse) for line in capsys.readouterr().out.splitlines()
    ]
    (near,) = [one for one in figures if one["measure"] == "near miss AUROC"]
    assert (near["value"], near["n"]) == (None, 1)
