"""Perturb questions as people in a hurry do, the same way for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

_FILLERS = ("um, ", "so, ", "please tell me, ", "hi, quick one: ", "just wondering, ")

# Closed lists: a rule such as “-ise becomes -ize” would spoil “practise”, “advise” and “precise”.
_IZE = (
    "authoris", "categoris", "centralis", "characteris", "customis", "decentralis", "digitis",
    "emphasis", "finalis", "harmonis", "hospitalis", "immunis", "incentivis", "maximis",
    "minimis", "mobilis", "modernis", "optimis", "organis", "personalis", "prioritis",
    "privatis", "rationalis", "realis", "recognis", "reorganis", "revitalis", "scrutinis",
    "specialis", "stabilis", "standardis", "summaris", "utilis", "visualis",
)  # fmt: skip
_AMERICAN = {
    **{f"{stem}{end}": f"{stem[:-1]}z{end}" for stem in _IZE
       for end in ("e", "ed", "es", "er", "ers", "ing", "ation", "ations", "ational")},
    **{f"{stem}our{end}": f"{stem}or{end}" for stem in ("behavi", "col", "fav", "harb", "hon",
       "lab", "neighb") for end in ("", "s", "ed", "ing", "hood", "hoods", "ite", "able")},
    **{f"analys{end}": f"analyz{end}" for end in ("e", "ed", "ing")},
    "ageing": "aging", "centre": "center", "centres": "centers", "centred": "centered",
    "defence": "defense", "enrol": "enroll", "enrolment": "enrollment", "fulfil": "fulfill",
    "judgement": "judgment", "licence": "license", "paediatric": "pediatric",
    "paediatrics": "pediatrics", "practise": "practice", "practised": "practiced",
    "practises": "practices", "practising": "practicing", "programme": "program",
    "programmes": "programs",
}  # fmt: skip


def swap_letters(question: str, chance: random.Random) -> str:
    """Swap two neighbouring letters inside one of the longer words."""
    words = list(re.finditer(r"[A-Za-z]{5,}", question))
    if not words:
        return question
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 2)
    return question[:at] + question[at + 1] + question[at] + question[at + 2 :]


def lower_case(question: str, chance: random.Random) -> str:
    """Write everything in lower case."""
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
    american = _AMERICAN.get(word.lower(), word)
    return american.capitalize() if word[0].isupper() and american != word else american


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
