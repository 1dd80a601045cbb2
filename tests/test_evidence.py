"""Evidence: what of a ranking is quoted, and when a question is not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

import pytest
from fakes import FakeEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import document

from footprints.answer.compose import cite
from footprints.answer.confidence import Confidence, Model, Term
from footprints.answer.evidence import (
    MARGIN,
    OFF_TOPIC_NEAREST,
    OFF_TOPIC_SCORE,
    asks_for_list,
    judge,
    select_evidence,
)
from footprints.corpus.clean import words_of
from footprints.index.split import split
from footprints.types import (
    AnswerStatus,
    Candidate,
    Document,
    Evidence,
    Passage,
    Scored,
    Sentence,
    Span,
    Understood,
)

QUESTION = Understood("Who leads the Devon STP?")
CONFIDENCE = Confidence(
    model=Model(
        features={"nearest": Term(mean=0.0, scale=1.0, weight=5.0)},
        intercept=-1.5,
        thresholds={"cautious": 0.7, "balanced": 0.55, "eager": 0.3},
        fitted_on="nothing",
    ),
)
SIGNALS = {
    "subject": 0.5,
    "maxsim": 0.5,
    "cosine": 0.5,
    "coverage": 0.5,
    "named": 1.0,
    "expected": 1.0,
}

PAGE = document(
    """
# Places

## Devon

Angela leads Devon. It has a plan. The plan is new.

Cornwall is near.

## Areas

Two areas:

- East Devon
- West Devon

Nobody leads them. Tim leads Dorset, which has none.

## Long

"""
    + " ".join(f"The {n} of them has ten words, and not eleven." for n in range(8))
)


def ranked(page: Document, nearest: float = 0.9, **scores: float) -> list[Scored[Candidate]]:
    """Rank the sentences of a page that begin with some words, given as names, best first."""
    candidates = [
        (passage, sentence)
        for passage in split(page, FakeEncoder(), 128)
        for sentence in passage.sentences
    ]
    ranking = []
    for words, score in scores.items():
        begins = words.replace("_", " ")
        row, (passage, sentence) = next(
            (row, one) for row, one in enumerate(candidates) if page.at(one[1]).startswith(begins)
        )
        signals = {**SIGNALS, "passage": nearest}
        ranking.append(Scored(Candidate(passage, sentence, row), score, signals))
    return sorted(ranking, key=lambda one: -one.score)


def selected(
    ranking: Sequence[Scored[Candidate]],
    question: Understood = QUESTION,
    documents: Mapping[str, Document] = MappingProxyType({PAGE.doc_id: PAGE}),
) -> Evidence:
    """Select the evidence of a ranking."""
    return select_evidence(question, ranking, documents, CONFIDENCE)


def texts(chosen: Sequence[Scored[Candidate]], page: Document = PAGE) -> list[str]:
    """Return what stands where some evidence stands."""
    return [page.at(one.item.sentence) for one in chosen]


def asking(text: str, *names: str) -> Understood:
    """Make a question with names."""
    return Understood(text, names=tuple((name,) for name in names))


def alone(score: float = 0.9, nearest: float = 0.5) -> Scored[Candidate]:
    """Make a ranked sentence whose passage has a given cosine with the question."""
    (one,) = ranked(PAGE, nearest, Angela=score)
    return one


LOW_SCORE, HIGH_SCORE = OFF_TOPIC_SCORE - 0.01, OFF_TOPIC_SCORE + 0.01


@pytest.mark.parametrize(
    ("score", "nearest", "status"),
    [
        (LOW_SCORE, OFF_TOPIC_NEAREST - 0.01, AnswerStatus.ABSTAINED_OFF_TOPIC),
        (LOW_SCORE, 0.0, AnswerStatus.ABSTAINED_OFF_TOPIC),
        (LOW_SCORE, 1.0, AnswerStatus.ANSWERED),
        (HIGH_SCORE, 0.0, AnswerStatus.ABSTAINED_NOT_IN_CORPUS),
        (HIGH_SCORE, 1.0, AnswerStatus.ANSWERED),
    ],
)
def test_status(score: float, nearest: float, status: AnswerStatus) -> None:
    """Off topic is low in score and nearness; not in the corpus is only improbable."""
    judged, probability = judge(QUESTION, [alone(score, nearest)], CONFIDENCE)
    assert judged is status
    assert probability == CONFIDENCE.probability(QUESTION, [alone(score, nearest)])
    assert (probability >= CONFIDENCE.threshold) >= (judged is AnswerStatus.ANSWERED)


def test_the_threshold_itself_answers() -> None:
    """A probability is enough if it is not below the threshold."""
    ranking = [alone(nearest=0.5)]
    probability = CONFIDENCE.probability(QUESTION, ranking)
    for threshold, status in [
        (probability, AnswerStatus.ANSWERED),
        (probability + 1e-9, AnswerStatus.ABSTAINED_NOT_IN_CORPUS),
    ]:
        confidence = Confidence(
            model=Model(
                features={"nearest": Term(mean=0.0, scale=1.0, weight=5.0)},
                intercept=-1.5,
                thresholds={"cautious": 1, "balanced": threshold, "eager": 0},
                fitted_on="nothing",
            ),
        )
        assert judge(QUESTION, ranking, confidence)[0] is status


@pytest.mark.parametrize("question", ["Why?", "What is it?", "?"])
def test_a_question_without_terms_needs_rephrasing(question: str) -> None:
    """A question of stop words only needs rephrasing, however near something seems."""
    judged = judge(Understood(question), [alone(nearest=0.9)], CONFIDENCE)
    assert judged == (AnswerStatus.ABSTAINED_NEEDS_REPHRASING, 0.0)


def test_an_abstention_accepts_nothing() -> None:
    """All sentences of a question that is not answered are rejected, in their order."""
    ranking = ranked(PAGE, 0.1, Angela=0.2, Cornwall=0.1)
    evidence = selected(ranking)
    assert (evidence.accepted, evidence.rejected) == ((), tuple(ranking))


def test_margin() -> None:
    """A sentence is accepted at most the margin below the best one, and rejected beyond."""
    ranking = ranked(
        PAGE,
        Angela=0.9,
        Cornwall=0.9 - MARGIN + 0.001,
        Tim=0.9 - MARGIN - 0.001,
        Nobody=0.2,
    )
    evidence = selected(ranking)
    assert evidence.accepted == tuple(ranking[:2])
    assert evidence.rejected == tuple(ranking[2:])


def test_a_name_that_no_other_quote_speaks_of() -> None:
    """A sentence below the margin is quoted if it alone speaks of one of the names."""
    ranking = ranked(PAGE, Angela=0.9, Cornwall=0.8, Tim=0.8)
    question = asking("Who leads Angela’s area and who Dorset?", "Angela", "Dorset")
    assert texts(selected(ranking, question).accepted) == [
        "Angela leads Devon.",
        "Tim leads Dorset, which has none.",
    ]
    assert texts(selected(ranking, asking("Who leads it?")).accepted) == ["Angela leads Devon."]
    assert texts(selected(ranking, question).rejected) == ["Cornwall is near."]


@pytest.mark.parametrize(
    ("names", "below", "quoted"),
    [
        (["Dorset"], MARGIN + 0.149, True),
        (["Dorset"], MARGIN + 0.151, False),
        (["Angela", "Dorset"], MARGIN + 0.074, True),
        (["Angela", "Dorset"], MARGIN + 0.076, False),
        (["Angela"], MARGIN + 0.001, False),
    ],
)
def test_what_new_names_are_worth(names: list[str], below: float, quoted: bool) -> None:
    """A sentence gains 0.15 times the share of the question's names that are new with it."""
    ranking = ranked(PAGE, Angela=0.9, Tim=0.9 - below)
    evidence = selected(ranking, asking("Who leads both?", *names))
    assert (len(evidence.accepted) == 2) is quoted


def test_one_quote_for_a_name_is_enough() -> None:
    """A name that a quote speaks of already brings no second one below the margin."""
    page = document("# P\n\nTim leads Dorset.\n\nAngela leads.\n\nDorset is near.")
    ranking = ranked(page, Angela=0.9, Tim=0.8, Dorset=0.79)
    chosen = selected(ranking, asking("Who leads Dorset?", "Dorset"), {"page": page})
    assert texts(chosen.accepted, page) == ["Angela leads.", "Tim leads Dorset."]


def test_a_heading_speaks_for_its_sentences() -> None:
    """A sentence speaks of a name that stands in the headings above it."""
    page = document("# P\n\nAngela leads.\n\n## Dorset\n\nTim leads.")
    ranking = ranked(page, Angela=0.9, Tim=0.8)
    chosen = selected(ranking, asking("Who leads Dorset?", "Dorset"), {"page": page})
    assert texts(chosen.accepted, page) == ["Angela leads.", "Tim leads."]


def test_a_lead_in_brings_its_list() -> None:
    """A lead-in is quoted with all of its items, which are then not quoted again."""
    evidence = selected(ranked(PAGE, Two_areas=0.9, East=0.89, Cornwall=0.2))
    assert texts(evidence.accepted) == ["Two areas:\n\nEast Devon\nWest Devon"]
    assert texts(evidence.rejected) == ["Cornwall is near."]


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who leads the Devon STP?", "East Devon"),
        ("What are the areas of Devon?", "Two areas:\n\nEast Devon\nWest Devon"),
    ],
)
def test_an_item_brings_its_list_if_asked(question: str, quote: str) -> None:
    """An item is quoted alone, or as its whole list where the question asks for a list."""
    assert texts(selected(ranked(PAGE, East=0.9), Understood(question)).accepted) == [quote]


def test_items_are_not_joined() -> None:
    """Items of a list that are both quoted stay two quotes: each is on a line of its own."""
    assert texts(selected(ranked(PAGE, East=0.9, West=0.88)).accepted) == [
        "East Devon",
        "West Devon",
    ]


def test_a_lead_in_behind_its_item() -> None:
    """A lead-in whose item is quoted already brings no list, and is rejected in plain sight."""
    evidence = selected(ranked(PAGE, East=0.9, Two_areas=0.89))
    assert texts(evidence.accepted) == ["East Devon"]
    assert texts(evidence.rejected) == ["Two areas:"]


def test_a_list_too_long_for_a_passage_stays_items() -> None:
    """An item whose list is too long to be quoted whole is quoted alone."""
    item = Sentence(12, 20, lead=Span(0, 10))
    passage = Passage("page", ("Heading",), 0, 20, (item,))
    scored = Scored(Candidate(passage, item, 0), 0.9, {**SIGNALS, "passage": 0.9})
    evidence = selected([scored], Understood("List the leads of the STPs"))
    assert [(one.item.sentence.start, one.item.sentence.end) for one in evidence.accepted] == [
        (12, 20)
    ]


def test_the_same_place_in_two_documents_is_quoted_twice() -> None:
    """Offsets overlap only within one document."""
    pages = {name: document("# P\n\nAngela leads.", name) for name in ("one", "two")}
    ranking = [ranked(page, Angela=0.9)[0] for page in pages.values()]
    assert len(selected(ranking, documents=pages).accepted) == 2


@pytest.mark.parametrize("scores", [(0.9, 0.88), (0.88, 0.9)])
def test_neighbours_are_joined(scores: tuple[float, float]) -> None:
    """Two sentences side by side in a paragraph are one quote, whichever of them is better."""
    ranking = ranked(PAGE, Angela=scores[0], It_has=scores[1])
    evidence = selected(ranking)
    assert texts(evidence.accepted) == ["Angela leads Devon. It has a plan."]
    assert evidence.accepted[0].score == 0.9
    assert evidence.rejected == ()


@pytest.mark.parametrize("order", [(0.9, 0.89, 0.88), (0.9, 0.88, 0.89), (0.88, 0.89, 0.9)])
def test_three_neighbours_are_joined(order: tuple[float, float, float]) -> None:
    """A row of neighbours is one quote, also if the one in the middle comes last."""
    ranking = ranked(PAGE, Angela=order[0], It_has=order[1], The_plan=order[2])
    assert texts(selected(ranking).accepted) == [
        "Angela leads Devon. It has a plan. The plan is new."
    ]


def test_a_joined_quote_stands_where_its_best_sentence_did() -> None:
    """Joining neighbours does not change which quote comes first."""
    ranking = ranked(PAGE, Angela=0.9, Tim=0.89, It_has=0.88)
    assert texts(selected(ranking).accepted) == [
        "Angela leads Devon. It has a plan.",
        "Tim leads Dorset, which has none.",
    ]


def test_what_is_not_side_by_side_is_not_joined() -> None:
    """Sentences with one between them, or in two paragraphs, stay two quotes."""
    for ranking in (
        ranked(PAGE, Angela=0.9, The_plan=0.89),
        ranked(PAGE, The_plan=0.9, Cornwall=0.89),
    ):
        assert len(selected(ranking).accepted) == 2


def test_joined_neighbours_are_not_long() -> None:
    """Neighbours are joined up to forty-five words, and no further."""
    scores = {f"The_{n}": 0.9 - n / 1000 for n in range(8)}
    quotes = texts(selected(ranked(PAGE, **scores)).accepted)
    assert max(len(words_of(quote)) for quote in quotes) == 40
    assert [quote[:5] for quote in quotes] == ["The 0", "The 4"]


def test_a_paragraph_under_the_heading_of_a_name() -> None:
    """A paragraph under the heading of a name that was asked for is quoted whole, and only it."""
    ranking = ranked(PAGE, It_has=0.9)
    question = asking("What plan has Devon?", "Devon")
    assert texts(selected(ranking, question).accepted) == [
        "Angela leads Devon. It has a plan. The plan is new."
    ]
    for other in (asking("What plan has it?"), asking("What plan has Dorset?", "Dorset")):
        assert texts(selected(ranking, other).accepted) == ["It has a plan."]


def test_the_innermost_heading_counts() -> None:
    """A name in a heading further up does not make a paragraph an answer about it."""
    ranking = ranked(PAGE, It_has=0.9)
    question = asking("What plan have places?", "Places")
    assert texts(selected(ranking, question).accepted) == ["It has a plan."]


def test_sentences_of_a_whole_paragraph_are_quoted_once() -> None:
    """Where a paragraph is quoted whole, its other sentences are neither quoted nor rejected."""
    ranking = ranked(PAGE, It_has=0.9, Angela=0.89, The_plan=0.88)
    evidence = selected(ranking, asking("What plan has Devon?", "Devon"))
    assert texts(evidence.accepted) == ["Angela leads Devon. It has a plan. The plan is new."]
    assert evidence.rejected == ()


def test_a_long_paragraph_is_not_quoted_whole() -> None:
    """A paragraph of more than forty-five words is not quoted whole, wherever it stands."""
    chosen = selected(ranked(PAGE, The_3=0.9), asking("What is long?", "Long"))
    assert texts(chosen.accepted) == ["The 3 of them has ten words, and not eleven."]


SENTENCES = [
    PAGE.at(sentence)
    for passage in split(PAGE, FakeEncoder(), 128)
    for sentence in passage.sentences
]


@settings(max_examples=150)
@given(
    scores=st.lists(st.floats(0.8, 1), min_size=len(SENTENCES), max_size=len(SENTENCES)),
    names=st.lists(st.sampled_from(["Devon", "Dorset", "Long", "Areas", "Zebra"]), unique=True),
    text=st.sampled_from(["Who leads it in Devon?", "What are the areas?"]),
)
def test_quotes_are_verbatim_and_apart(scores: list[float], names: list[str], text: str) -> None:
    """However sentences are ranked, each quote is verbatim, none overlap, nothing gets lost."""
    found = dict(zip((words.replace(" ", "_") for words in SENTENCES), scores, strict=True))
    ranking = ranked(PAGE, **found)
    evidence = selected(ranking, asking(text, *names))
    quotes = cite(evidence.accepted, {PAGE.doc_id: PAGE}, evidence.probability)
    best = ranking[0].item.sentence
    assert quotes[0].start <= best.start < best.end <= quotes[0].end
    for quote in quotes:
        assert PAGE.text[quote.start : quote.end] == quote.quote == quote.quote.strip() != ""
    spans = sorted((one.item.sentence.start, one.item.sentence.end) for one in evidence.accepted)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    rejected = [one.item.sentence for one in evidence.rejected]
    for one in ranking:
        place = one.item.sentence
        quoted = any(start < place.end and place.start < end for start, end in spans)
        assert quoted or place in rejected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("List the must dos", True),
        ("Name all STPs in the South West", True),
        ("What are the nine must dos?", True),
        ("which systems make up the east of England?", True),
        ("Who are the STP leads?", True),
        ("Who leads the Devon STP?", False),
        ("What is an STP?", False),
        ("What does the plan say?", False),
        ("Why was the listed building sold?", False),
        ("Which area takes in Luton?", False),
    ],
)
def test_asks_for_list(question: str, expected: bool) -> None:
    """A question asks for a list if it names one or asks for several things."""
    assert asks_for_list(question) is expected
