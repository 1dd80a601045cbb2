"""Examples and what to ask next: questions from the documents' own structure, each answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from fakes import FakeEncoder
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.answer.question import MAX_CHARACTERS
from footprints.answer.suggest import EXAMPLES, NEXT, next_questions
from footprints.evals.cases import cases_of, load_cases
from footprints.evals.gate import Remembering
from footprints.index.encoder import BundledEncoder
from footprints.settings import Settings
from footprints.types import Answer, AnswerStatus, Only

ANSWERED = {AnswerStatus.ANSWERED, AnswerStatus.OVERVIEW}
DEVON = "Who leads the Devon STP?"


class Once(Answerer):
    """Answers each question once: what is asked again, behind the same history, is known."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._known: dict[tuple[str, ...], Answer] = {}

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question, or say what was answered."""
        asked = (question, *history)
        if asked not in self._known:
            self._known[asked] = super().answer(question, history)
        return self._known[asked]


def test_a_heading_that_is_too_long_to_be_asked() -> None:
    """A heading longer than a question may be is no example, and does no harm."""
    long = f"What is the plan of Kent{' and of Devon' * 60}?"
    page = document(f"# Kent\n\n## {long}\n\nIt is long.\n\n## Who leads Kent?\n\nTim leads Kent.")
    assert answerer_of(FakeEncoder(), page).examples == ("Who leads Kent?",)


def test_what_is_suggested_is_answered(answerer: Answerer, built: Settings) -> None:
    """Under every third `dev` answer, what one can ask next is answered when it is asked next."""
    answerer = Once(answerer.index, Remembering(answerer.encoder), answerer.index_build)
    answers = followed = 0
    cases = load_cases(cases_of(built), answerer.index.documents)
    for case in [one for one in cases if one.split == "dev"][::3]:
        answer, before = answerer.answer(case.question, case.history), case.history[-1:]
        questions = next_questions(answerer, answer, before)
        assert len(questions) <= NEXT
        answers += answer.status in ANSWERED
        followed += bool(questions)
        for question in questions:
            asked = answerer.answer(question, [*before, case.question])
            assert asked.status in ANSWERED, (case.question, question)
            assert asked.citations[0].quote != answer.citations[0].quote
    assert followed > 0.8 * answers


def test_the_siblings_of_what_was_asked(answerer: Answerer) -> None:
    """What was asked of one area is asked of those listed beside it."""
    questions = next_questions(answerer, answerer.answer(DEVON))
    assert "Who leads the Somerset STP?" in questions
    assert DEVON not in questions


def test_what_is_too_long_to_ask_is_not_offered(answerer: Answerer) -> None:
    """Of a question as long as may be, what would be longer is not offered of its siblings."""
    longest = f"{DEVON} {'Please tell me. ' * 40}"[:MAX_CHARACTERS]
    answer = answerer.answer(longest)
    assert answer.citations
    assert all(len(one) <= MAX_CHARACTERS for one in next_questions(answerer, answer))


def test_the_rows_and_headings_beside(real_encoder: BundledEncoder) -> None:
    """Areas in the rows of a table, or under headings, stand beside each other too."""
    rows = (
        "# Leads\n\n| Area | Who leads |\n|-|-|\n"
        "| Thanet | Tim Smith leads the plan of Thanet |\n"
        "| Dover | Dora Jones leads the plan of Dover |"
    )
    headings = (
        "# Plans\n\n## Kent\n\nThe plan of Kent is led by Anna Brown.\n\n"
        "## Essex\n\nThe plan of Essex is led by Ben White."
    )
    tiny = answerer_of(real_encoder, document(rows), document(headings, "b"))
    for area, beside in (("Thanet", "Dover"), ("Kent", "Essex")):
        answer = tiny.answer(f"Who leads the plan of {area}?")
        assert next_questions(tiny, answer) == (f"Who leads the plan of {beside}?",)


def test_the_place_of_a_sibling_is_that_of_its_label(real_encoder: BundledEncoder) -> None:
    """What stands behind a label, a quotation mark or an ’s, stays behind the one in its place."""
    source = "# Plans\n\n## Kent\n\nKent plans parks.\n\n## Essex\n\nEssex plans piers."
    tiny = answerer_of(real_encoder, document(source))
    answer = tiny.answer("What do the documents say about ‘Kent’?")
    assert "What do the documents say about ‘Essex’?" in next_questions(tiny, answer)


LAKES = "\n\n".join(
    [
        "# Lakes",
        *(
            f"## {lake} lake\n\nThe {lake} lake is {number} metres deep and full of fish."
            for number, lake in enumerate(("Ash", "Bell", "Crow", "Dun", "Elm", "Fox", "Gull"), 11)
        ),
    ]
)


def test_a_conversation_is_offered_new_questions(real_encoder: BundledEncoder) -> None:
    """What was asked in a conversation is not offered in it, and what was offered comes last."""
    tiny = answerer_of(real_encoder, document(LAKES))
    asked = [f"How deep is the {lake} lake?" for lake in ("Crow", "Dun", "Crow")]
    given: list[Answer] = []
    offered: list[Sequence[str]] = []
    for question in asked:
        answer = tiny.answer(question)
        offered.append(next_questions(tiny, answer, (), given))
        given.append(answer)
    first, second, _ = offered
    assert first
    assert second
    assert not set(asked) & {*second, *offered[2]}
    assert not set(first) & set(second)


def test_headings_that_say_nothing_are_not_offered(real_encoder: BundledEncoder) -> None:
    """A heading that neither has a name nor says what stands under it is nothing to ask about."""
    source = (
        "# Ponds\n\n## Pond plants\n\nMost of the plants in a pond are reeds.\n\n"
        "## Brief introduction\n\nPeople have dug ponds for long.\n\n"
        "## Pond fish\n\nMost of the fish in a pond are carp and tench."
    )
    tiny = answerer_of(real_encoder, document(source))
    answer = tiny.answer("Which plants are in a pond?")
    offered = next_questions(tiny, answer)
    assert any("Pond fish" in one for one in offered)
    assert not any("introduction" in one.casefold() for one in [*offered, *tiny.examples])


def test_a_heading_that_asks_without_a_mark(real_encoder: BundledEncoder) -> None:
    """A heading that begins as a question does is asked as one."""
    source = (
        "# Kent\n\n## Who leads the Kent plan\n\nAnna Brown leads the Kent plan.\n\n"
        "## Where the Kent plan is kept\n\nThe Kent plan is kept in Maidstone."
    )
    tiny = answerer_of(real_encoder, document(source))
    offered = next_questions(tiny, tiny.answer("Who leads the Kent plan?"))
    assert offered == ("Where the Kent plan is kept?",)


def test_the_definition_of_another_publisher(answerer: Answerer) -> None:
    """Where two publishers say what a term means, the other is asked next."""
    term = "What are STPs?"
    answer = answerer.answer(term)
    others = {one.publisher for one in answer.citations[1:]} - {answer.citations[0].publisher}
    named = [one for one in next_questions(answerer, answer) if one.startswith(term)]
    assert all(one.removeprefix(term).strip(" ()") in others for one in named)


@pytest.mark.parametrize("question", ["hello", "Who won the 1966 World Cup?", "Who leads Mars?"])
def test_nothing_after_no_answer(answerer: Answerer, question: str) -> None:
    """Where nothing was answered, there is nothing to go on from."""
    answer = answerer.answer(question)
    if not answer.citations:
        assert next_questions(answerer, answer) == ()


def test_a_document_that_is_gone(answerer: Answerer) -> None:
    """An answer from a document that is no longer there leads nowhere."""
    tiny = answerer_of(FakeEncoder(), document("Some text.", "other"))
    assert next_questions(tiny, answerer.answer(DEVON)) == ()


def test_what_is_next_is_asked_of_the_same_documents(answerer: Answerer) -> None:
    """A choice of documents holds for what is asked next too."""
    only = Only(("NHS England",))
    answer = answerer.of(only).answer("Why are STPs needed?")
    for question in next_questions(answerer, answer):
        found = answerer.of(only).answer(question, [answer.question])
        assert found.status in ANSWERED


def test_the_examples(answerer: Answerer) -> None:
    """The examples are answered, each by another document."""
    answers = [answerer.answer(question) for question in answerer.examples]
    assert len(answers) == EXAMPLES
    assert all(one.status in ANSWERED for one in answers)
    assert len({one.citations[0].doc_id for one in answers}) >= 3


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("# Tea\n\n## What is tea?\n\nTea is a drink.", "What is tea?"),
        ("The two kinds of tea are:\n\n- black tea\n- green tea", "What are the two kinds of tea?"),
        ("The tea pot must hold:\n\n- water\n- leaves", "What must the tea pot hold?"),
        ("The three rules of tea:\n\n- Warm the pot.\n- Wait.", "What are the three rules of tea?"),
    ],
)
def test_a_document_asks_for_itself(text: str, question: str) -> None:
    """A heading that is a question is one; the lead-in of a list becomes one."""
    assert question in answerer_of(FakeEncoder(), document(text)).examples


@pytest.mark.parametrize(
    "text",
    [
        "Only notes.",
        "# Title\n\nText.",
        "It includes:\n\n- tea",
        "# Tea\n\n## Who leads the plan?\n\nAnn Lee leads the plan.",
        "# Tea\n\n## What happens then?\n\nThen the tea is poured.",
    ],
)
def test_no_examples(text: str) -> None:
    """Documents of which no question can be made that is whole in itself have no examples."""
    assert answerer_of(FakeEncoder(), document(text)).examples == ()
