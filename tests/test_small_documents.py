"""Questions that went wrong once, each on a small document of its kind or on the five pages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tiny import answerer_of, document

from footprints.answer.answerer import Answerer
from footprints.index.encoder import BundledEncoder
from footprints.types import Answer, AnswerStatus, Topic

WARDS = "# Night staff\n\nStaff on duty at night are given for each ward.\n\n" + "\n".join(
    [
        "| Ward | Nurses | Cleaners | Guards |",
        "|---|---|---|---|",
        *(
            f"| {tree} {number} | {number + at + 3} | {2 * number + at + 1} | {at} |"
            for number in range(6)
            for at, tree in enumerate(("Alder", "Beech", "Cherry", "Maple", "Rowan", "Willow"))
        ),
    ]
)


def code_of(number: int) -> str:
    """Return the code of a model."""
    return f"PX-{2000 + number}/{'ABCDEFGH'[number % 8]}"


KINDS = ("boiler", "loader", "mixer", "press", "saw")
CODES = (
    "# Stores\n\n"
    + "\n".join(
        [
            "| Code | Item | Price |",
            "|---|---|---|",
            *(
                f"| {code_of(n)} | {KINDS[n % 5]} model {n} | £{300 + 9 * n}.00 |"
                for n in range(90)
            ),
        ]
    )
    + "\n\n## Faults\n\nF-3381 means that the door is open. "
    "F-3318 means that the belt has slipped. F-3831 means that the oil is low."
)
PATHS = (
    "# Paths\n\nThe Lane Keeping Committee (LKC) meets each month. The LKC chair is Dora Finch.\n\n"
    "The District Path Warden (DPW) checks stiles. DPWs carry a saw.\n\n"
    "Gates were mended on 3 June 2022. The fine is £60."
)
CLUBS = (
    "# Clubs\n\n## Archery club\n\nThe archery club was founded in 1911. "
    "Its secretary is Ann Price. It has 61 members.\n\n"
    "## Bridge club\n\nThe bridge club was founded in 1958. "
    "Its secretary is Hugh Lowe. It has 24 members.\n\n"
    "## Rambling club\n\nThe rambling club was founded in 1974. "
    "Its secretary is Meg Oram."
)


@pytest.fixture(scope="module")
def wards(real_encoder: BundledEncoder) -> Answerer:
    """Answer from a table of wards whose names differ in a number."""
    return answerer_of(real_encoder, document(WARDS, "wards", "Night staff"))


@pytest.fixture(scope="module")
def codes(real_encoder: BundledEncoder) -> Answerer:
    """Answer from a register of codes and models, with a list of faults."""
    return answerer_of(real_encoder, document(CODES, "codes", "Stores"))


@pytest.fixture(scope="module")
def clubs(real_encoder: BundledEncoder) -> Answerer:
    """Answer from a page of three clubs."""
    return answerer_of(real_encoder, document(CLUBS, "clubs", "Clubs"))


@pytest.fixture(scope="module")
def among_others(answerer: Answerer, real_encoder: BundledEncoder) -> Answerer:
    """Answer from a small page beside the five large ones."""
    others = answerer.index.documents.values()
    return answerer_of(real_encoder, *others, document(PATHS, "paths", "Paths"))


def contexts(answer: Answer) -> list[list[str]]:
    """Return what stands above each quote of an answer."""
    return [[part.text for part in one.context] for one in answer.citations]


def in_view(answer: Answer) -> str:
    """Return all that an answer has in view."""
    return "\n".join(one.surroundings.text for one in answer.citations)


SHOWN = (AnswerStatus.ANSWERED, AnswerStatus.POSSIBLE)


@pytest.mark.parametrize("ward", ["Beech 4", "Willow 2", "Alder 5"])
def test_a_row_is_found_by_its_name(wards: Answerer, ward: str) -> None:
    """Of rows whose names differ in a number the right one is quoted first, with its heads."""
    answer = wards.answer(f"How many cleaners are in {ward}?")
    assert answer.status in SHOWN
    assert answer.citations[0].quote.split("\t")[0] == ward
    assert contexts(answer)[0] == ["Night staff", "Ward\tNurses\tCleaners\tGuards"]


@pytest.mark.parametrize("number", [7, 57, 72])
def test_a_model_is_found_by_its_number(codes: Answerer, number: int) -> None:
    """A model that is asked for is quoted first, not one that is like it."""
    kind = KINDS[number % 5]
    answer = codes.answer(f"What does {kind} model {number} cost?")
    assert answer.status in SHOWN
    assert f"{kind} model {number}\t" in answer.citations[0].quote
    assert contexts(answer)[0] == ["Stores", "Code\tItem\tPrice"]


@pytest.mark.parametrize("number", [10, 41])
def test_a_code_is_found_as_it_is_written(codes: Answerer, number: int) -> None:
    """A code that is asked for is quoted first, with the heads of its columns."""
    code = code_of(number)
    answer = codes.answer(f"How much is {code}?")
    assert answer.status in SHOWN
    assert answer.citations[0].quote.split("\t")[0] == code
    assert contexts(answer)[0] == ["Stores", "Code\tItem\tPrice"]


@pytest.mark.parametrize("question", ["f3318", "F-3318", "What does f-3318 mean?"])
def test_a_code_is_found_however_it_is_written(codes: Answerer, question: str) -> None:
    """Capitals and dashes in a code do not count; the order of its digits does."""
    answer = codes.answer(question)
    assert answer.status in SHOWN
    assert answer.citations[0].quote == "F-3318 means that the belt has slipped."


@pytest.mark.parametrize("name", ["DPW", "District Path Warden"])
def test_an_abbreviation_and_its_name_are_one(among_others: Answerer, name: str) -> None:
    """An abbreviation is answered beside many other pages as what it stands for is."""
    answer = among_others.answer(f"What does the {name} do?")
    assert answer.status in SHOWN
    assert answer.citations[0].quote.startswith("The District Path Warden (DPW) checks stiles.")


def test_a_followup_goes_on_where_the_answer_stood(clubs: Answerer) -> None:
    """“Its” means what the previous answer was about, not the first page that has the word."""
    asked = "When was the bridge club founded?"
    assert clubs.answer(asked).citations[0].quote == "The bridge club was founded in 1958."
    answer = clubs.answer("Who is its secretary?", [asked])
    assert answer.status in SHOWN
    assert answer.citations[0].quote == "Its secretary is Hugh Lowe."
    assert contexts(answer)[0] == ["Bridge club"]


@pytest.mark.parametrize("history", [[], ["When was the bridge club founded?"]])
def test_thanks_are_not_searched_for(clubs: Answerer, history: Sequence[str]) -> None:
    """Whoever says thanks is not shown a quote, whatever was asked before."""
    answer = clubs.answer("thanks", history)
    assert (answer.status, answer.topic) == (AnswerStatus.GUIDANCE, Topic.THANKS)
    assert answer.citations == ()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (
            "What proportion of plans propose downgrading A&E?",
            "acute/urgent care downgrades in over three quarters of plans",
        ),
        ("how long is the cancer wait target", "Deliver the 62-day cancer wait standard."),
    ],
)
def test_other_words_are_not_refused(answerer: Answerer, question: str, words: str) -> None:
    """What the pages say in other words is shown, and first of all."""
    answer = answerer.answer(question)
    assert answer.status in SHOWN
    assert words in answer.citations[0].quote


def test_two_questions_have_two_answers(answerer: Answerer) -> None:
    """What STPs are in law is in view, and so is each part's own quote."""
    answer = answerer.answer("Are STPs statutory bodies or do they have any legal standing?")
    assert [part.question for part in answer.parts] == [
        "Are STPs statutory bodies?",
        "do they have any legal standing?",
    ]
    assert "STPs are not legal entities" in in_view(answer)
    numbered = {one.number: one.quote for one in answer.citations}
    assert numbered[answer.parts[1].citations[0]].startswith("STPs are not legal entities")


def test_a_vanguard_is_no_link(answerer: Answerer) -> None:
    """What a vanguard is begins with what it does, not with where to click."""
    answer = answerer.answer("What is a vanguard?")
    assert answer.status in SHOWN
    assert "blueprints for future care" in answer.citations[0].quote
    assert not any("click" in one.quote.lower() for one in answer.citations)


def test_the_list_comes_first(answerer: Answerer) -> None:
    """A list that was asked for is the first quote, and numbers follow the order on the page."""
    answer = answerer.answer("List the footprints in the East of England")
    first, *_ = answer.citations
    assert first.quote.startswith("The six systems for the east of England include:\n")
    assert first.quote.count("\n") == 7
    numbers = [one.number for one in answer.citations]
    assert numbers == [*range(1, len(numbers) + 1)]


def test_a_place_has_an_overview(answerer: Answerer) -> None:
    """Whoever asks for a place is shown what there is on it."""
    answer = answerer.answer("tell me about Devon")
    assert answer.status is AnswerStatus.OVERVIEW
    assert "Devon - Angela Pedder" in answer.citations[0].quote


def test_what_a_stranger_said(answerer: Answerer) -> None:
    """Who is in no document is named as such, and nothing is asserted of them."""
    answer = answerer.answer("What did the King's Fund say about STPs?")
    assert answer.unmentioned == ("King's Fund",)
    assert answer.status is not AnswerStatus.ANSWERED


@pytest.mark.parametrize(
    "question",
    [
        "Is the STP process a cover for privatisation of the NHS?",
        "are they privatising the nhs",
        "how do i complain about my hospital",
        "Which nursing jobs are being cut in Cornwall?",
    ],
)
def test_what_is_beside_the_point_is_not_asserted(answerer: Answerer, question: str) -> None:
    """What the pages come near to without an answer is shown with care or not at all."""
    assert answerer.answer(question).status is not AnswerStatus.ANSWERED


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What does the Health and Care Act 2022 say?", ("Health and Care Act 2022",)),
        ("Is Zanzibar mentioned?", ("Zanzibar",)),
        ("Do the King's Fund and the Nuffield Trust agree?", ("King's Fund", "Nuffield Trust")),
        ("Do Somerset and the Nuffield Trust agree?", ("Nuffield Trust",)),
    ],
)
def test_a_missing_name_is_told_in_full(
    answerer: Answerer, question: str, names: tuple[str, ...]
) -> None:
    """Capitalised words before it, common as they are, belong to it; another name does not."""
    assert answerer.answer(question).unmentioned == names


def test_column_heads_bring_their_rows(real_encoder: BundledEncoder) -> None:
    """What a table is about is answered by its rows, not by its heads alone."""
    source = (
        "# Kent\n\n## Services\n\n| Service | Waiting time in weeks | Provider |\n|-|-|-|\n"
        "| Physiotherapy | 6 | Kent Care |\n| Podiatry | 12 | Medway Health |"
    )
    first, *_ = answerer_of(real_encoder, document(source)).answer("waiting times").citations
    assert first.quote.splitlines()[1:] == [
        "Physiotherapy\t6\tKent Care",
        "Podiatry\t12\tMedway Health",
    ]


def test_each_form_of_a_term_finds_what_it_means(real_encoder: BundledEncoder) -> None:
    """A page with the abbreviation alone takes no definition away from one that spells it out."""
    means = document(
        "# Frequently asked questions\n\n## What is a primary care network?\n\n"
        "A primary care network is a group of surgeries that work together for the people who "
        "live near them.",
    )
    of_kent = document(
        "# Kent\n\nKent has a primary care network (PCN).\n\n## What the PCN will do\n\n"
        "The PCN of Kent is led by Anna Brown. The PCN of Kent brings surgeries together.",
        "kent",
    )
    tiny = answerer_of(real_encoder, means, of_kent)
    for question in ("What is a PCN?", "what does PCN mean"):
        answer = tiny.answer(question)
        assert "is a group of surgeries" in answer.citations[0].quote


@pytest.mark.parametrize("question", ["who says so?", "Says who?", "And what is the source?"])
def test_who_says_so(answerer: Answerer, question: str) -> None:
    """Asked whose words they are, the quotes stand there again, each with who says it and when."""
    before = "What is an integrated care system?"
    answer, last = answerer.answer(question, [before]), answerer.answer(before)
    assert answer.citations == last.citations
    assert (answer.question, answer.read_after) == (question, (before,))
    assert answerer.answer(question, ["hello"]).citations == ()


def test_a_whole_question_on_something_else(real_encoder: BundledEncoder) -> None:
    """A whole question of which no document has a word is not answered by what was asked before."""
    tiny = answerer_of(real_encoder, document(CLUBS))
    before = ["Who is the secretary of the archery club?"]
    for question in ("What is the weather today?", "What's the temperature now?"):
        answer = tiny.answer(question, before)
        assert answer.read_after == ()
        assert answer.status not in (AnswerStatus.ANSWERED, AnswerStatus.POSSIBLE)


DEPTHS = (
    "# Lakes\n\nAsh lake lies below the hill. Bell lake was surveyed by boat. "
    "The lakes are fed by streams. {}"
)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("Crow lake is wide.", AnswerStatus.POSSIBLE),
        ("The deepest lake is Crow lake.", AnswerStatus.ANSWERED),
    ],
)
def test_which_is_the_most(real_encoder: BundledEncoder, told: str, status: AnswerStatus) -> None:
    """Which is the most is answered only where a document says so."""
    tiny = answerer_of(real_encoder, document(DEPTHS.format(told)))
    assert tiny.answer("Which of the lakes is deepest?").status is status


LETTER = (
    "# Garden\n\nThe members wrote to the committee. Who is the treasurer of the garden? "
    "How can visitors complain about the garden? "
    "The committee has a desk in the hall where visitors are heard on Mondays."
)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Is there a treasurer of the garden?", False),
        ("How can visitors complain about the garden?", False),
        ("What did the members ask about the treasurer of the garden?", True),
    ],
)
def test_what_only_asks_is_no_answer(
    real_encoder: BundledEncoder, question: str, asks: bool
) -> None:
    """A sentence that asks is quoted only where somebody wants to know what was asked."""
    answer = answerer_of(real_encoder, document(LETTER)).answer(question)
    assert answer.citations[0].quote.endswith("?") is asks
    assert (answer.status is AnswerStatus.ANSWERED) <= asks


def test_when_is_answered_by_a_date(real_encoder: BundledEncoder) -> None:
    """Of sentences that are near, the one with a date comes first where the question is when."""
    source = (
        "# Towpaths\n\nWork on every towpath has to be open to the views of whole towns.\n\n"
        "The canal plan requires each towpath to become a cycle path by May 2031."
    )
    tiny = answerer_of(real_encoder, document(source))
    assert "2031" in tiny.answer("When must every towpath be open to cycles?").citations[0].quote


SCHEMES = (
    "# Schemes\n\nThe scheme in Kent is led by Anna Brown. "
    "The scheme in Essex is led by Ben White. "
    "The oldest schemes began in the towns of Dover and Harwich.\n\n"
    "An LKC is a committee that keeps lanes. An LKC meets monthly.\n\n"
    "A DPW is a person who checks stiles. A DPW carries a saw. "
    "Many an LKC has asked a DPW for help."
)


@pytest.mark.parametrize(
    ("before", "sides"),
    [
        (["Who leads Kent and who leads Essex?"], ("Kent", "Essex")),
        (["What is an LKC?", "What is a DPW?"], ("LKC", "DPW")),
        (["In which towns did schemes begin?"], ("Dover", "Harwich")),
    ],
)
def test_the_difference_between_them(
    real_encoder: BundledEncoder, before: Sequence[str], sides: tuple[str, str]
) -> None:
    """“Them” are the two that were asked about, together or in turn, or that the answer named."""
    tiny = answerer_of(real_encoder, document(SCHEMES))
    for question in ("What is the difference between them?", "How do they differ?"):
        answer = tiny.answer(question, before)
        assert tuple(part.question for part in answer.parts) == sides
        for part in answer.parts:
            assert part.question in answer.citations[part.citations[0] - 1].quote


def test_a_followup_is_about_its_own_word(real_encoder: BundledEncoder) -> None:
    """What a follow-up brings weighs more than what it goes on from."""
    source = (
        "# Ponds\n\n- Ash pond: Ann Lee\n- Elm pond: Hugh Lowe\n\n"
        "## Fishing\n\nFishing takes place on Sundays, from the north bank."
    )
    tiny = answerer_of(real_encoder, document(source))
    before = ["Who leads Ash pond?"]
    assert "Ann Lee" in tiny.answer(before[0]).citations[0].quote
    for question in ("And fishing?", "what about fishing"):
        assert tiny.answer(question, before).citations[0].quote.startswith("Fishing")


@pytest.mark.parametrize(
    ("question", "unmentioned"),
    [
        ("Who sits on Derbyshire's System Group?", ()),
        ("When was the Cornwall Deal approved?", ()),
        ("When was the Dorset Deal approved?", ("Dorset Deal",)),
    ],
)
def test_a_name_whose_words_stand_together_is_mentioned(
    real_encoder: BundledEncoder, question: str, unmentioned: tuple[str, ...]
) -> None:
    """In another order or apart, in one sentence, they are that name all the same."""
    text = (
        "# Plans\n\nDerbyshire formed a System Group of members and executives. "
        "The Deal for Cornwall was approved by the Cabinet in July 2015.\n\n"
        "Dorset has a System Leadership Team. Its members met in May. The plan of Devon is new."
    )
    answer = answerer_of(real_encoder, document(text)).answer(question)
    assert answer.unmentioned == unmentioned
