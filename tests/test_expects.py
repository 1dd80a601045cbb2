"""What a question expects, and whether a text holds it."""

from __future__ import annotations

import pytest

from footprints.answer.expects import expected_of, holds
from footprints.types import Expected

ASKED = {
    Expected.MONEY: [
        "How much money is there?",
        "How much NHS funding backs the plans?",
        "how much did it cost",
        "What was the budget of the trust?",
        "How expensive is it?",
        "How much is spent?",
        "What is the chair of the board paid?",
        "what salary does she get",
    ],
    Expected.SHARE: [
        "What percentage of patients wait?",
        "what per cent of staff agree",
        "What proportion of beds is full?",
        "Of all plans, what share is new?",
        "How much of it, as a percentage, is new?",
    ],
    Expected.FREQUENCY: [
        "How often does the board meet?",
        "how frequently is it reviewed",
        "How regularly do they report?",
        "And how often?",
    ],
    Expected.DURATION: [
        "How long will it take?",
        "how long is the plan",
        "For how long do patients wait?",
        "How long has it run?",
    ],
    Expected.COUNT: [
        "How many STPs are there?",
        "how many people live there",
        "What is the number of areas?",
        "So how many?",
        "How many people who work there agree?",
    ],
    Expected.DATE: [
        "When was it approved?",
        "when will it end",
        "By when must plans be in?",
        "What year did it start?",
        "In which month do they meet?",
        "And when?",
        "What is the date of the plan?",
    ],
    Expected.PERSON: [
        "Who leads Devon?",
        "whos the lead",
        "Who's the chair?",
        "Whose plan is it?",
        "To whom does she report?",
        "devon lead, who is it",
    ],
    Expected.REASON: ["Why?", "why not", "And why is that?", "how come", "Why do plans matter?"],
    Expected.NAME: [
        "What is the new body called?",
        "What are the names of the sites?",
        "Which hospital is closing?",
        "Which trusts merge?",
        "which sites are there",
    ],
    None: [
        "What is an STP?",
        "How does the board decide?",
        "Where is the hospital?",
        "How is the plan funded?",
        "What happens when patients are ill?",
        "Whole systems, what are they?",
        "Is there a limit on how long patients wait?",
        "And does anyone say who leads it?",
        "Were there many sites, and which hospitals?",
        "When patients are ill, what happens?",
        "Tell me of the plan",
        "What is the much-loved plan?",
        "How longer lives are won",
        "What about the manyfold uses?",
        "",
    ],
}

HOLDS = {
    Expected.MONEY: ["It got £5.", "It cost £ 3bn", "a fund of 1.8 billion", "40 pence", "€7m"],
    Expected.SHARE: ["It is 30%.", "ten per cent", "Half of them", "the majority", "two thirds"],
    Expected.FREQUENCY: ["It meets weekly.", "every day", "twice", "annually", "once a month"],
    Expected.DURATION: ["It takes 5 years.", "a two-week wait", "many months", "24 hours"],
    Expected.COUNT: ["There are 44 plans.", "nine areas", "none", "a dozen", "1,200 people"],
    Expected.DATE: ["It began in May.", "by spring", "2016/17", "in 16/17", "since 1948"],
    Expected.PERSON: ["Angela Pedder leads.", "the chief", "a board", "A. B. Smith, Sarah J. Cox"],
    Expected.REASON: ["because it is late", "as a result", "Due to rain, none", "It needs care."],
    Expected.NAME: ["It is called Devon.", "the ‘Deal", "to St. Mary", "at Leeds"],
}

LACKS = {
    Expected.MONEY: ["It got 5.", "a million thanks", "It is free.", "£ sterling", "5 miles"],
    Expected.SHARE: ["It is 30.", "a percolator", "halfway", "someone", "a smaller one"],
    Expected.FREQUENCY: ["It meets.", "that day", "in 2016", "for years", "soon"],
    Expected.DURATION: ["It takes 5.", "daily", "a yearbook", "in 2016", "soon"],
    Expected.COUNT: [
        "There are plans.",
        "in 2016",
        "2016/17",
        "2016–2021",
        "in 16/17",
        "someone",
        "nineties",
        "one of our proudest works",
        "They help one another.",
    ],
    Expected.DATE: ["It began.", "in 3016", "dismay", "at 16:17", "a marching band"],
    Expected.PERSON: ["It leaks.", "Devon plans", "of the plan", "It is chilly."],
    Expected.REASON: ["It is late.", "a reasonable plan", "the needle", "Tim leads."],
    Expected.NAME: ["Devon", "it is called so", "no name", "new. Devon"],
}


@pytest.mark.parametrize(
    ("question", "kind"), [(text, kind) for kind, texts in ASKED.items() for text in texts]
)
def test_expected_of(question: str, kind: Expected | None) -> None:
    """A question expects the kind of value that it asks for, and some expect none."""
    assert expected_of(question) is kind


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in HOLDS.items() for text in texts]
)
def test_holds(kind: Expected, text: str) -> None:
    """A text holds a kind of value if one such value stands in it."""
    assert holds(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in LACKS.items() for text in texts]
)
def test_lacks(kind: Expected, text: str) -> None:
    """A text without such a value lacks it, even if it has a word or a number like one."""
    assert not holds(kind, text)


@pytest.mark.parametrize(
    ("kind", "text", "question"),
    [
        (Expected.COUNT, "The nine must dos are these.", "How many of the nine are done?"),
        (Expected.PERSON, "Angela Pedder is new.", "Who is angela pedder?"),
        (Expected.DATE, "In May it opens.", "When in MAY is it?"),
        (Expected.MONEY, "The £5 million are here.", "How much is 5 million?"),
        (Expected.SHARE, "Most of it", "What share is most?"),
    ],
)
def test_what_the_question_gives_is_no_answer(kind: Expected, text: str, question: str) -> None:
    """A value that stands in the question itself is not what is asked for."""
    assert holds(kind, text)
    assert not holds(kind, text, question)
    assert holds(kind, f"{text} {' '.join(HOLDS[kind])}", question)


@pytest.mark.parametrize("kind", Expected)
def test_every_kind_is_tried(kind: Expected) -> None:
    """Each kind of value has four examples and more of every sort, so that none goes untried."""
    assert all(len(table[kind]) >= 4 for table in (HOLDS, LACKS))
    assert len(ASKED[kind]) >= 4


@pytest.mark.parametrize("kind", Expected)
def test_a_kind_is_a_matter_of_words(kind: Expected) -> None:
    """An empty text holds nothing, and white space around a text changes nothing."""
    assert not holds(kind, "")
    assert all(holds(kind, f"\n {text} \n") for text in HOLDS[kind])


def test_a_number_in_a_number_is_another() -> None:
    """What a question gives is taken out of a text as a whole number, not out of a longer one."""
    assert holds(Expected.MONEY, "Ash 1, £1,237", "What is the budget of Ash 1?")
    assert not holds(Expected.MONEY, "£1,237", "Which ward has £1,237?")
    assert not holds(Expected.COUNT, "Ash 1", "How many are in Ash 1?")
