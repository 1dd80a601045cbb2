"""Perturbations: each does what it says, and all are the same for the same seed."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from footprints.evals.perturb import (
    PERTURBATIONS,
    filler,
    lower_case,
    no_question_mark,
    other_spelling,
    perturb,
    swap_letters,
)

QUESTION = "Which organisations lead the programme in Devon?"
SEEDS = range(40)


def chance(seed: int = 0) -> random.Random:
    """Return a source of chance."""
    return random.Random(seed)  # noqa: S311


def american(word: str) -> str:
    """Return a word as Americans spell it."""
    return other_spelling(word, chance())


def test_every_perturbation_is_made() -> None:
    """A question that each of them changes comes in five other ways."""
    assert list(perturb("fact-1", QUESTION, 0)) == list(PERTURBATIONS)
    assert len(PERTURBATIONS) == 5


def test_the_same_seed_gives_the_same() -> None:
    """A case is perturbed alike in every run with one seed, whatever was perturbed before it."""
    first = perturb("fact-1", QUESTION, 7)
    perturb("fact-2", QUESTION, 7)
    assert perturb("fact-1", QUESTION, 7) == first


def test_another_seed_swaps_other_letters() -> None:
    """Letters are swapped at many places of a question over the seeds."""
    assert len({perturb("fact-1", QUESTION, seed).get("letter_swap") for seed in SEEDS}) > 10


def test_another_case_swaps_other_letters() -> None:
    """Two cases with the same words are not bound to have the same slip."""
    swapped = {perturb(f"fact-{number}", QUESTION, 0).get("letter_swap") for number in SEEDS}
    assert len(swapped) > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_letters_are_swapped_inside_a_longer_word(seed: int) -> None:
    """One word of five letters or more has two neighbours swapped, its first and last kept."""
    before, after = QUESTION.split(), swap_letters(QUESTION, chance(seed)).split()
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert len(changed) <= 1  # none where the two letters are the same
    for one, other in changed:
        at = next(i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
        assert len(one.strip("?")) >= 5
        assert other == one[:at] + one[at + 1] + one[at] + one[at + 2 :]
        assert 0 < at < len(one.strip("?")) - 2


@pytest.mark.parametrize("question", ["Who is it?", "Why?", "12345 67890?", ""])
def test_without_a_longer_word_nothing_is_swapped(question: str) -> None:
    """Words of up to four letters, and numbers, stay as they are."""
    assert swap_letters(question, chance()) == question


def test_small_letters() -> None:
    """Everything is in small letters, and nothing else is changed."""
    assert lower_case("Who leads the Devon STP?", chance()) == "who leads the devon stp?"


@pytest.mark.parametrize(
    ("question", "without"),
    [
        ("Who leads Devon?", "Who leads Devon"),
        ("Who leads Devon? ", "Who leads Devon"),
        ("Who leads Devon??", "Who leads Devon"),
        ("Who? And why?", "Who? And why"),
        ("Who leads Devon", "Who leads Devon"),
    ],
)
def test_no_question_mark(question: str, without: str) -> None:
    """The mark at the end is left out, and no other."""
    assert no_question_mark(question, chance()) == without


def test_filler() -> None:
    """Something empty stands before the question, which is whole; not always the same thing."""
    fillers = Counter(filler(QUESTION, chance(seed)).removesuffix(QUESTION) for seed in SEEDS)
    assert len(fillers) > 3
    assert all(text and text.endswith((", ", ": ")) for text in fillers)


@pytest.mark.parametrize(
    ("british", "spelt"),
    [
        ("organisation", "organization"),
        ("organisations", "organizations"),
        ("organised", "organized"),
        ("prioritise", "prioritize"),
        ("prioritising", "prioritizing"),
        ("Organisation", "Organization"),
        ("centre", "center"),
        ("centres", "centers"),
        ("programme", "program"),
        ("programmes", "programs"),
        ("labour", "labor"),
        ("neighbours", "neighbors"),
        ("favoured", "favored"),
        ("defence", "defense"),
        ("paediatric", "pediatric"),
    ],
)
def test_american_spelling(british: str, spelt: str) -> None:
    """A word that Americans spell otherwise is spelt so."""
    assert american(british) == spelt


@pytest.mark.parametrize(
    ("british", "spelt"),
    [
        ("centred", "centered"),
        ("programmed", "programmed"),
        ("practises", "practices"),
        ("practised", "practiced"),
        ("Centre", "Center"),
        ("Programme", "Program"),
        ("summarise", "summarize"),
    ],
)
def test_american_spelling_of_less_regular_words(british: str, spelt: str) -> None:
    """A word that only looks as if the rule held for it is spelt as Americans do."""
    assert american(british) == spelt


@pytest.mark.parametrize(
    "word",
    [
        *("exercise", "promise", "promised", "advise", "revised", "supervise", "surprise"),
        *("compromise", "premises", "raise", "wise", "is", "his", "this", "basis", "crisis"),
        *("decision", "vision", "precise", "concise", "enterprise", "expertise", "advertising"),
        *("four", "hour", "hours", "your", "yours", "pour", "our", "tour", "course", "source"),
        *("resource", "recourse", "discourse", "Devon", "STP"),
    ],
)
def test_what_is_spelt_the_same(word: str) -> None:
    """A word that Americans spell as the British do stays as it is."""
    assert american(word) == word


def test_spelling_keeps_everything_else() -> None:
    """Within a question only the words change that differ."""
    question = "Which 3 organisations’ centres (of the four) lead?"
    assert american(question) == "Which 3 organizations’ centers (of the four) lead?"


def test_what_is_unchanged_is_left_out() -> None:
    """A perturbation that leaves the question as it is is not asked."""
    assert perturb("fact-1", "who is it", 0).keys() == {"filler"}
    assert perturb("fact-1", "who is it?", 0).keys() == {"filler", "no_question_mark"}
    assert "american" not in perturb("fact-1", "Who leads the four plans?", 0)
    for text in perturb("fact-1", QUESTION, 0).values():
        assert text != QUESTION
