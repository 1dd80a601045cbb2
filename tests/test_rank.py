"""Ranking: every signal against what it says it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from math import log

import numpy as np
import pytest
from fakes import FakeEncoder
from tiny import document, index_of

from footprints.answer.names import strangers
from footprints.answer.rank import WEIGHTS, SignalRanker, piece_weights
from footprints.answer.retrieve import retrieve
from footprints.index.context import in_context
from footprints.index.lexical import terms
from footprints.index.store import Index
from footprints.types import (
    Candidate,
    Document,
    Encoding,
    Expected,
    Place,
    Scored,
    Shown,
    Understood,
)

# So long that what codes lose of a token hardly shows.
ENCODER = FakeEncoder(dimension=384)
LOST = 0.025
PAGE = document(
    """
# Leads

There are two STPs, with leads as follows:

- Devon - Angela
- Dorset - Tim

## Money

The plans are backed by funding. Nobody knows how much.
"""
)
QUESTIONS = ["Who leads Devon?", "How much funding is there?", "leads", "zebra", "?"]


@pytest.fixture(scope="module")
def index() -> Index:
    """Index the page."""
    return index_of(ENCODER, PAGE)


def rank(index: Index, question: str | Understood) -> tuple[Encoding, list[Scored[Candidate]]]:
    """Rank every sentence of the page."""
    if isinstance(question, str):
        question = Understood(question)
    (encoding,) = ENCODER.encode([question.text])
    passages = retrieve(index, terms(question.text), encoding)
    return encoding, SignalRanker(index).rank(question, encoding, passages)


def signals(index: Index, question: str | Understood) -> Mapping[str, Mapping[str, float]]:
    """Return the signals of every sentence by its text."""
    return {PAGE.at(one.item.sentence): asdict(one.signals) for one in rank(index, question)[1]}


def ranked_on(page: Document, question: Understood) -> list[Scored[Candidate]]:
    """Rank every sentence of another page, by its words alone."""
    (encoding,) = ENCODER.encode([question.text])
    index = index_of(ENCODER, page)
    return SignalRanker(index).rank(question, encoding, retrieve(index, [], encoding))


FACTS = index_of(ENCODER, document("devon lead", "devon"), document("dorset lead", "dorset")).facts
DEVON, LEAD = log(1 + 1.5 / 1.5), log(1 + 0.5 / 2.5)  # ln(1 + (N − n + 0.5) / (n + 0.5)), N = 2


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Devon lead?", [DEVON, LEAD, 0]),
        ("the lead", [0.1, LEAD]),
        ("…", [0]),
        ("devon", [DEVON]),
        ("Antidisestablishment lead", [log(1 + 2.5 / 0.5) / 2] * 2 + [LEAD]),
    ],
)
def test_piece_weights(question: str, expected: list[float]) -> None:
    """A word weighs its idf shared by its pieces, a stop word 0.1, punctuation nothing."""
    (encoding,) = ENCODER.encode([question])
    weights = piece_weights(question, encoding, FACTS.idf)
    assert weights == pytest.approx(np.array(expected) / (sum(expected) or 1), abs=1e-6)


def test_what_is_carried_over_weighs_half() -> None:
    """A word of an earlier question weighs half of what it weighs in the asker's own."""
    (encoding,) = ENCODER.encode(["Devon? lead"])
    weights = piece_weights("Devon? lead", encoding, FACTS.idf, carried=7)
    expected = np.array([DEVON / 2, 0, LEAD])
    assert weights == pytest.approx(expected / expected.sum(), abs=1e-6)


def test_what_a_followup_brings(index: Index) -> None:
    """What lacks the word that a follow-up brings ignores it; names and pointers are no such."""
    text = "Who leads Devon? And the funding?"
    brought = signals(index, Understood(text, carried=17))
    heeding = {said for said, one in brought.items() if not one["ignores"]}
    assert heeding == {"The plans are backed by funding."}
    named = Understood("Who leads Devon? And Dorset?", (("Dorset",),), carried=17)
    pointing = Understood("Who leads Devon? Who funds it?", carried=17)
    for question in (Understood(text), named, pointing):
        assert {one["ignores"] for one in signals(index, question).values()} == {0}


def test_the_weights_of_what_is_similar_add_to_one() -> None:
    """Similarities make up 1 but for a hundredth; lacking an exact thing outweighs all else."""
    similar = ("maxsim", "cosine", "passage", "passage_heading", "keyword", "coverage")
    assert sum(WEIGHTS[name] for name in similar) == pytest.approx(0.99)
    others = {name: weight for name, weight in WEIGHTS.items() if name not in similar}
    against = {name for name, weight in others.items() if weight < 0}
    assert against == {"strange", "points", "inexact", "repeats", "undated", "ignores"}
    assert all(abs(others[name]) <= 0.12 for name in others.keys() - {"inexact"})
    assert -others["inexact"] > 2 * max(others.values())


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_once_best_first(index: Index, question: str) -> None:
    """Every sentence is ranked once, and its score is the weighted sum of its signals."""
    _, ranking = rank(index, question)
    assert sorted(one.item.sentence_row for one in ranking) == [0, 1, 2, 3, 4]
    assert [one.score for one in ranking] == sorted((one.score for one in ranking), reverse=True)
    for one in ranking:
        total = sum(weight * getattr(one.signals, name) for name, weight in WEIGHTS.items())
        assert one.score == pytest.approx(total)


@pytest.mark.parametrize("question", QUESTIONS)
def test_maxsim_agrees_with_brute_force(index: Index, question: str) -> None:
    """Maxsim is Σᵢ wᵢ maxⱼ qᵢ·tⱼ over the pieces of sentence, lead-in and headings."""
    encoding, ranking = rank(index, question)
    weights = piece_weights(question, encoding, index.facts.idf)
    for one in ranking:
        words = in_context(PAGE, one.item.passage, one.item.sentence)
        (context,) = ENCODER.encode([words])
        best = [
            max(float(np.dot(piece, token)) for token in context.tokens)
            for piece in encoding.tokens
        ]
        assert one.signals.maxsim == pytest.approx(np.dot(weights, best), abs=LOST)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Devon", "Devon - Angela"),
        ("STPs", "Dorset - Tim"),
        ("Money", "Nobody knows how much."),
    ],
)
def test_words_count_wherever_they_stand(index: Index, question: str, sentence: str) -> None:
    """A word found in the sentence, its lead-in or its heading is matched and covered in full."""
    found = signals(index, question)[sentence]
    assert found["maxsim"] == pytest.approx(1, abs=LOST)
    assert found["coverage"] == pytest.approx(1)


def test_cosine_of_the_sentence_itself(index: Index) -> None:
    """A question of a sentence's own words has a cosine of 1 with it."""
    found = signals(index, "Nobody knows how much.")
    assert found["Nobody knows how much."]["cosine"] == pytest.approx(1, abs=2e-3)


def test_coverage_is_a_share_of_rarity(index: Index) -> None:
    """Coverage is the idf found over the idf asked for."""
    devon, zebra = (index.facts.idf(term) for term in ("devon", "zebra"))
    found = signals(index, "Devon zebra")
    assert found["Devon - Angela"]["coverage"] == pytest.approx(devon / (devon + zebra))
    assert found["Dorset - Tim"]["coverage"] == 0


def test_keyword_is_bm25_over_rarity(index: Index) -> None:
    """Keyword is the BM25 score of the sentence over the idf of the question."""
    devon = index.facts.idf("devon")
    candidate = next(
        one.item
        for one in rank(index, "Devon")[1]
        if PAGE.at(one.item.sentence) == "Devon - Angela"
    )
    (score,) = index.sentences([candidate]).scores(["devon"])
    assert signals(index, "Devon")["Devon - Angela"]["keyword"] == pytest.approx(score / devon)
    assert signals(index, "Devon")["Nobody knows how much."]["keyword"] == 0


def test_publisher() -> None:
    """A document of the publisher that is asked has 1, any other 0, and one of nobody too."""
    index = index_of(ENCODER, replace(PAGE, publisher="RCN"))
    for publishers, expected in [({"RCN"}, 1), ({"NHS", "RCN"}, 1), ({"NHS"}, 0), (set(), 0)]:
        question = Understood("Who leads Devon?", publishers=frozenset(publishers))
        assert {found["publisher"] for found in signals(index, question).values()} == {expected}


def test_nobody_published_what_nobody_is_known_to_have(index: Index) -> None:
    """A document without a publisher is nobody's, whoever is asked."""
    question = Understood("Who leads Devon?", publishers=frozenset({"RCN"}))
    assert {found["publisher"] for found in signals(index, question).values()} == {0}


def test_expected(index: Index) -> None:
    """A sentence lacks the kind of value that is expected; a lead-in has what its list has."""
    found = signals(index, Understood("When do they lead?", expects=Expected.DATE))
    assert {one["expected"] for one in found.values()} == {0}
    found = signals(index, Understood("How many are there?", expects=Expected.COUNT))
    assert {text for text, one in found.items() if one["expected"]} == {
        "There are two STPs, with leads as follows:"
    }
    page = document("Leads, as follows:\n\n- Devon has 2\n- Dorset")
    ranking = ranked_on(page, Understood("How many?", expects=Expected.COUNT))
    assert {page.at(one.item.sentence): one.signals.expected for one in ranking} == {
        "Leads, as follows:": 1,
        "Devon has 2": 1,
        "Dorset": 0,
    }


def test_anything_is_expected(index: Index) -> None:
    """Where no kind of value is expected every sentence has it."""
    assert {one["expected"] for one in signals(index, "What is it?").values()} == {1}


def test_states() -> None:
    """A sentence that asks is told from one that states."""
    page = document("Who leads Devon? Angela leads Devon.")
    ranking = ranked_on(page, Understood("Who leads Devon?"))
    assert {page.at(one.item.sentence): one.signals.states for one in ranking} == {
        "Who leads Devon?": 0,
        "Angela leads Devon.": 1,
    }


def test_named(index: Index) -> None:
    """Named is the share of the names, in any form, that stand in the sentence's context."""
    names = (("Devon",), ("Tim", "Dorset"))
    found = signals(index, Understood("Devon and Tim?", names=names))
    assert found["Devon - Angela"]["named"] == 0.5
    assert found["Dorset - Tim"]["named"] == 0.5
    assert found["Nobody knows how much."]["named"] == 0
    above = signals(index, Understood("Leads?", names=(("Leads",), ("STPs",))))
    assert above["Devon - Angela"]["named"] == 1
    assert {one["named"] for one in signals(index, "Who leads Devon?").values()} == {1}


def test_what_is_named_counts_a_little(index: Index) -> None:
    """A sentence that speaks of a name gains by it; one that does not keeps its score."""
    with_names = rank(index, Understood("Who leads?", names=(("Devon",),)))[1]
    by_text = {PAGE.at(one.item.sentence): one for one in with_names}
    plain = {PAGE.at(one.item.sentence): one for one in rank(index, "Who leads?")[1]}
    lost = {text: plain[text].score - one.score for text, one in by_text.items()}
    assert lost["Devon - Angela"] == pytest.approx(0)
    assert lost["Dorset - Tim"] == pytest.approx(WEIGHTS["named"])


def test_strange() -> None:
    """Names that were not asked for tell against a sentence, two or more of them in full."""
    page = document("# P\n\nThen Tim met Mary. It was Tim alone. It rained.\n")
    for text, expected in [("Who met?", [1, 0.5, 0]), ("Who met Tim?", [0.5, 0, 0])]:
        by_place = sorted(
            ranked_on(page, Understood(text)), key=lambda one: one.item.sentence.start
        )
        assert [one.signals.strange for one in by_place] == expected


def test_months_are_not_strange_where_a_date_is_asked_for() -> None:
    """The month that answers when it was is no name that was not asked for."""
    page = document("# P\n\nIt opened in April. It closed beside Bath.\n")
    asks = Understood("When?", expects=Expected.DATE)
    for question, expected in ((asks, [0, 0.5]), (replace(asks, expects=None), [0.5, 0.5])):
        found = sorted(ranked_on(page, question), key=lambda one: one.item.sentence.start)
        assert [one.signals.strange for one in found] == expected


def test_a_name_in_most_sentences_is_the_whole() -> None:
    """How many there are is told of the country that every sentence is about, not of a region."""
    page = document("# P\n\nAll of England has 44. In England, Kent has one. It is in England.\n")
    asks = Understood("How many are there?", expects=Expected.COUNT)
    for question, expected in ((asks, [0, 1, 0]), (replace(asks, expects=None), [0.5, 1, 0.5])):
        found = sorted(ranked_on(page, question), key=lambda one: one.item.sentence.start)
        assert [one.signals.strange for one in found] == expected


def test_what_is_said_of_another_subject() -> None:
    """A sentence on another abbreviation is elsewhere, unless the one asked about is near it."""
    page = document(
        "# P\n\nA local care board (LCB) meets a health task group (HTG).\n\n"
        "## One\n\nThe LCBs are bodies. It is one. The HTG is none, and no LCB is.\n\n"
        "## LCB\n\nA health task group is a body.\n"
    )
    asks = Understood("Is an LCB a body?", subject="LCB")
    for question, elsewhere in (
        (asks, {}),
        (replace(asks, subject="HTG"), {"The LCBs are bodies.": 1}),
        (replace(asks, subject=None), {}),
    ):
        found = {
            page.at(one.item.sentence): one.signals.elsewhere for one in ranked_on(page, question)
        }
        assert {text: 1 for text, is_so in found.items() if is_so} == elsewhere


def test_who_is_answered_by_a_name() -> None:
    """Where the question asks who, strange names count for nothing and a person's name counts."""
    page = document(
        "# P\n\nDevon has a leader.\n\nThe lead is Dr Mary Long.\n\nTim Hall met Ann Oak."
    )
    asks = Understood("Who is the leader of Tim Hall?", expects=Expected.PERSON)
    for question, somebody in ((asks, [0, 1, 1]), (replace(asks, expects=None), [0, 0, 0])):
        found = sorted(ranked_on(page, question), key=lambda one: one.item.sentence.start)
        assert [one.signals.somebody for one in found] == somebody
        assert any(one.signals.strange for one in found) is (question.expects is None)
    (first, *_) = ranked_on(page, asks)
    assert page.at(first.item.sentence) != "Devon has a leader."


def test_points() -> None:
    """What only points elsewhere is told, and ranks below what says something."""
    page = document("# P\n\nClick here for the leads. Angela leads.")
    found = ranked_on(page, Understood("Who leads?"))
    assert {page.at(one.item.sentence): one.signals.points for one in found} == {
        "Click here for the leads.": 1,
        "Angela leads.": 0,
    }
    assert page.at(found[0].item.sentence) == "Angela leads."


def test_inexact(index: Index) -> None:
    """The share of codes and numbers that a sentence lacks tells against it; of none it is 0."""
    page = document("# P\n\nModel 77 costs £9. Model 72 costs £8.")
    found = ranked_on(page, Understood("What does model 77 cost?", exact=(("model", "77"),)))
    assert [(page.at(one.item.sentence), one.signals.inexact) for one in found] == [
        ("Model 77 costs £9.", 0),
        ("Model 72 costs £8.", 1),
    ]
    assert {one["inexact"] for one in signals(index, "Who leads?").values()} == {0}


def test_after_an_answer(index: Index) -> None:
    """A follow-up looks first where the last answer stood, but not at the same quote again."""
    start = PAGE.text.index("Devon - Angela")
    quoted = Place("page", start, start + len("Devon - Angela"))
    after = Shown(("Leads",), (quoted,))
    found = signals(index, Understood("Who else?", after=after))
    assert {text: (one["continues"], one["repeats"]) for text, one in found.items()} == {
        "There are two STPs, with leads as follows:": (1, 0),
        "Devon - Angela": (1, 1),
        "Dorset - Tim": (1, 0),
        "The plans are backed by funding.": (0.5, 0),
        "Nobody knows how much.": (0.5, 0),
    }
    other = Shown(("Leads",), (replace(quoted, doc_id="other"),))
    elsewhere = signals(index, Understood("Who else?", after=other))
    assert {(one["continues"], one["repeats"]) for one in elsewhere.values()} == {(0, 0)}


def test_the_worst_matched_word(index: Index) -> None:
    """A word that is found nowhere leaves the least match low and its rarity unmatched."""
    both = signals(index, "Devon Angela")["Devon - Angela"]
    assert both["least"] == pytest.approx(1, abs=LOST)
    assert both["unmatched"] == 0
    devon, zebra = (index.facts.idf(term) for term in ("devon", "zebra"))
    half = signals(index, "Devon zebra")["Devon - Angela"]
    assert half["least"] < 0.6
    assert half["unmatched"] == pytest.approx(zebra / (devon + zebra), abs=1e-5)
    nothing = signals(index, "?")["Devon - Angela"]
    assert (nothing["least"], nothing["unmatched"]) == (0, 1)


@pytest.mark.parametrize(
    ("text", "question", "count"),
    [
        ("Angela leads Devon.", "Who leads Devon?", 0),
        ("The plan of Kent and that of Devon", "the plan of Devon?", 1),
        ("Then Tim Goodson met Mary Hutton in Bath.", "Who met?", 3),
        ("It is that of the Kings and of the Kings.", "whose?", 1),
        ("no names here", "Who?", 0),
    ],
)
def test_strangers(text: str, question: str, count: int) -> None:
    """Names of a text are counted once each if the question has no word of them."""
    assert len(strangers(text, question)) == count
