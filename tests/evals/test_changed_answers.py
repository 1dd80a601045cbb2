"""Which answers differ between two builds: better and worse by what is found alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny import document

from footprints.evals.cases import Case
from footprints.evals.changes import BuildAnswers, CaseMetrics, Told, changed_answers
from footprints.evals.compare import QUALITY
from footprints.evals.run import Row, ShownQuote
from footprints.types import AnswerStatus, Document, Place
from footprints.wording import EXPLANATIONS

CASE = Case("c-1", "fact", "Who leads Kent?", (), answerable=True, parts=())
FOUND = dict.fromkeys(QUALITY, 0.5)


def answers(metrics: CaseMetrics, error: str) -> BuildAnswers:
    """Answer the case, in other words with each ``error``."""
    row = Row(case_id="c-1", variant="", question=CASE.question, error=error)
    return BuildAnswers({"c-1": row}, {"c-1": metrics}, {})


@pytest.mark.parametrize(
    ("measure", "verdict"),
    [
        ("success@1", "better"),
        ("evidence_shown", "better"),
        ("decision", "better"),
        ("denied", "worse"),
        ("asserted", "worse"),
        ("quote_precision", "changed"),
        ("words_to_evidence", "changed"),
        ("subject_missing", "changed"),
        ("out_of_order", "changed"),
    ],
)
def test_what_is_found_decides(measure: str, verdict: str) -> None:
    """More or fewer words around the right ones make an answer neither better nor worse."""
    before, after = answers(FOUND, "1"), answers(FOUND | {measure: 1.0}, "2")
    (changed,) = changed_answers([(CASE, CASE)], before, after, {})
    assert (changed.verdict, changed.measure, changed.values) == (verdict, measure, (0.5, 1.0))


def test_what_is_found_comes_first() -> None:
    """Where an answer is longer and decided otherwise, how it is decided is what is told."""
    longer = FOUND | {"words_to_evidence": 400.0, "quote_precision": 0.1, "decision": 1.0}
    (changed,) = changed_answers([(CASE, CASE)], answers(FOUND, "1"), answers(longer, "2"), {})
    assert (changed.verdict, changed.measure) == ("better", "decision")


def quoting(*quotes: tuple[str, str]) -> BuildAnswers:
    """Answer the case with quotes of documents."""
    row = Row(
        case_id="c-1",
        variant="",
        question=CASE.question,
        status=AnswerStatus.ANSWERED,
        quotes=tuple(
            ShownQuote(text=text, places=(Place(doc_id, 0, len(text)),)) for doc_id, text in quotes
        ),
    )
    return BuildAnswers({"c-1": row}, {"c-1": FOUND}, {})


@pytest.mark.parametrize(
    ("before", "after", "newcomer"),
    [
        ([("kent", "Ann.")], [("new", "Bob."), ("kent", "Ann.")], "new"),
        ([], [("new", "Bob.")], "new"),
        ([("kent", "Ann.")], [("kent", "Cy."), ("new", "Bob.")], None),
        ([("new", "Ann.")], [("new", "Bob.")], None),
        ([("kent", "Ann."), ("new", "Bob.")], [("new", "Bob."), ("kent", "Ann.")], "new"),
    ],
)
def test_a_new_document_that_is_quoted_first(
    before: list[tuple[str, str]], after: list[tuple[str, str]], newcomer: str | None
) -> None:
    """An answer tells which new or changed document has come to its head, with the first quotes."""
    fresh = {"new": document("# New", "new")}
    (changed,) = changed_answers([(CASE, CASE)], quoting(*before), quoting(*after), fresh)
    assert changed.newcomer == newcomer
    if newcomer:
        assert changed.after.text == after[0][1]
        assert not before or changed.before.text == before[0][1]


@pytest.mark.parametrize(
    ("measure", "said"), [("success@1", ("Ann.", "Ann.")), ("in_view", ("Bob.", "Cy."))]
)
def test_what_is_measured_is_shown(measure: str, said: tuple[str, str]) -> None:
    """Whether the first quote is right is told by the first quotes, be they the same or not."""
    before, after = (
        replace(quoting(("kent", "Ann."), ("kent", text)), metrics={"c-1": FOUND | {measure: on}})
        for text, on in (("Bob.", 1.0), ("Cy.", 0.0))
    )
    (changed,) = changed_answers([(CASE, CASE)], before, after, {})
    assert (changed.before.text, changed.after.text) == said


@pytest.mark.parametrize(("now", "verdict"), [(1.0, "changed"), (0.0, "better")])
def test_a_new_document_on_what_nothing_answers(now: float, verdict: str) -> None:
    """What it makes surer a person must read; what is told more carefully with it is better."""
    fresh = {"new": document("# New", "new")}
    case = replace(CASE, answerable=False)
    before, after = (
        replace(quoting(("new", text)), metrics={"c-1": FOUND | {"asserted": value}})
        for text, value in (("Ann.", 0.5), ("Bob.", now))
    )
    (changed,) = changed_answers([(case, case)], before, after, fresh)
    assert (changed.verdict, changed.measure) == (verdict, "asserted")


def test_what_differs_is_shown() -> None:
    """Of two answers that begin alike the first quotes that differ are shown, as asked."""
    followup = replace(CASE, question="And Devon?", history=("Who leads Kent?",))
    before, after = (quoting(("kent", "Ann."), ("kent", text)) for text in ("Bob.", "Cy."))
    (changed,) = changed_answers([(followup, followup)], before, after, {})
    assert (changed.before.text, changed.after.text) == ("Bob.", "Cy.")
    assert (changed.after.number, changed.after.doc_id) == (2, "kent")
    assert changed.question == "Who leads Kent? And Devon?"


def test_right_text_that_is_lost_is_quoted() -> None:
    """Where an answer says no before and after, what was right below the first is what it lost."""
    kent = document("# Kent\n\nIt has a plan.\n\nTim leads Kent.")
    start = kent.text.index("Tim")
    right = Place(kent.doc_id, start, start + len("Tim leads Kent."))
    case = replace(CASE, parts=((right,),))
    row = Row(
        case_id="c-1",
        variant="",
        question=CASE.question,
        status=AnswerStatus.ABSTAINED_NOT_IN_CORPUS,
        further=(Place(kent.doc_id, 0, len("Kent")), right),
    )
    lost = row.model_copy(update={"status": AnswerStatus.ABSTAINED_OFF_TOPIC, "further": ()})
    before, after = (
        BuildAnswers({"c-1": one}, {"c-1": FOUND | {"evidence_shown": share}}, {kent.doc_id: kent})
        for one, share in ((row, 1.0), (lost, 0.0))
    )
    (changed,) = changed_answers([(case, case)], before, after, {})
    assert changed.before == Told("Tim leads Kent.", None, kent.doc_id)
    assert changed.after == Told(EXPLANATIONS[AnswerStatus.ABSTAINED_OFF_TOPIC])


def test_the_quote_that_makes_the_difference_is_shown() -> None:
    """What came into view is shown as its document has it now, with the number of its quote."""
    rains, plan, right = "It rains.", "It has a plan.", "Tim leads Kent."
    old = document(f"# Kent\n\n{plan} {right}\n\n{rains}", "kent")
    new = document(f"# Kent\n\nA new beginning.\n\n{plan} {right}\n\n{rains}", "kent")

    def place(kent: Document, first: str, last: str | None = None) -> Place:
        return Place(
            kent.doc_id, kent.text.index(first), kent.text.index(last or first) + len(last or first)
        )

    def answered(kent: Document, texts: list[str], below: list[str], share: float) -> BuildAnswers:
        quotes = tuple(
            ShownQuote(
                text=text,
                places=(place(kent, text),),
                surroundings=place(kent, plan, right) if text == plan else None,
            )
            for text in texts
        )
        further = tuple(place(kent, text) for text in below)
        row = quoting().rows["c-1"].model_copy(update={"quotes": quotes, "further": further})
        return BuildAnswers({"c-1": row}, {"c-1": FOUND | {"in_view": share}}, {"kent": kent})

    was, is_ = (replace(CASE, parts=((place(kent, right),),)) for kent in (old, new))
    for below in ([], [right]):
        before = answered(old, [rains], below, 0.0)
        after = answered(new, [rains, plan], [], 1.0)
        (changed,) = changed_answers([(was, is_)], before, after, {})
        assert changed.before == Told(rains, 1, "kent")
        assert changed.after == Told(right, 2, "kent")
