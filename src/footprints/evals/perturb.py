"""Perturb questions as hurried askers do, the same way for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

_FILLERS = ("um, ", "so, ", "please tell me, ", "hi, quick one: ", "just wondering, ")

_AMERICAN = (
    (r"(?<=[a-z]{3})is(?=(ations?|ed?|es|ing|ers?)$)", "iz"),
    (r"centre", "center"),
    (r"programme", "program"),
    (r"(?<=[a-z]{2})our(?=s|$|ed|ing)", "or"),
    (r"defence", "defense"),
    (r"paed", "ped"),
)
_SAME_IN_BOTH = re.compile(
    r"(w|r|ra|prom|exerc|adv|rev|dev|superv|surpr|comprom|prem)is|(f|y|h|p)our(s|$)", re.I
)


def swap_letters(question: str, chance: random.Random) -> str:
    """Swap two neighbouring letters inside one of the longer words."""
    words = list(re.finditer(r"[A-Za-z]{5,}", question))
    if not words:
        return question
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 2)
    return question[:at] + question[at + 1] + question[at] + question[at + 2 :]


def lower_case(question: str, chance: random.Random) -> str:
    """Write everything in small letters."""
    return question.lower()


def no_question_mark(question: str, chance: random.Random) -> str:
    """Leave the question mark out."""
    return question.rstrip("? ")


def filler(question: str, chance: random.Random) -> str:
    """Begin with a filler."""
    return chance.choice(_FILLERS) + question


def other_spelling(question: str, chance: random.Random) -> str:
    """Spell as Americans do where the British spelling differs."""
    return re.sub(r"[A-Za-z]+", lambda match: _american(match[0]), question)


def _american(word: str) -> str:
    if _SAME_IN_BOTH.search(word):
        return word
    for british, american in _AMERICAN:
        word = re.sub(british, american, word)
    return word


PERTURBATIONS: Mapping[str, Callable[[str, random.Random], str]] = {
    "letter_swap": swap_letters,
    "lower_case": lower_case,
    "no_question_mark": no_question_mark,
    "filler": filler,
    "american": other_spelling,
}


def perturb(case_id: str, question: str, seed: int) -> dict[str, str]:
    """Return each perturbation that changes the question, by name."""
    perturbed = {
        name: change(question, random.Random(f"{seed}:{name}:{case_id}"))  # noqa: S311
        for name, change in PERTURBATIONS.items()
    }
    return {name: text for name, text in perturbed.items() if text != question}
