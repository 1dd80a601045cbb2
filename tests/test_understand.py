"""Understanding a question: spelling, abbreviations, names and publishers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from fakes import FakeEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import PASSAGE_PIECES, answerer_of, document

from footprints.answer.names import named
from footprints.answer.question import MAX_CHARACTERS, checked
from footprints.answer.spelling import is_asking
from footprints.answer.understand import Understanding
from footprints.corpus.snapshot import Corpus
from footprints.english import english
from footprints.errors import BadQuestion
from footprints.index.lexical import words
from footprints.index.lexicon import WORD
from footprints.index.reuse import encode
from footprints.index.split import split
from footprints.types import AnswerStatus, Document, Expected, Place, Shown

ENCODER = FakeEncoder(dimension=8)
SOURCE = """
# Places

A plan for Lincolnshire is led by Angela. The partnership in Wyre Forest has two hospitals.

The Clinical Commissioning Group (CCG) of Wyre Forest pays for the vanguards.

Every CCG has a board, as the Local Care Network (LCN) of Devon has.

Sustainability is planned. Nobody transforms. Money is short. It rains. Homes are built in Devon.

The NHS meets. Again the NHS meets. Then the NHS rests, and so the NHS ends.

Enhanced care is given at home. A multispecialty provider opened. It's 30% of all in 2016.

The integrated care systems grow. Their plans differ. Some are early. Others are late.
"""
PAGE = replace(document(SOURCE), publisher="Royal College of Nursing")
OTHER = replace(document("# Home\n\nIt is open.", "other"), publisher="NHS England")
ABBREVIATIONS = {
    "RCN": "Royal College of Nursing",
    "NHSE": "NHS England",
    "ICS": "integrated care system",
    "SO": "sustainability",
    "WF": "Wyre Forest",
    "XYZ": "extra yellow zone",
}


def understanding_of(
    *documents: Document, also: Mapping[str, str] = MappingProxyType({})
) -> Understanding:
    """Index documents in memory with some abbreviations, and return what understands."""
    passages = [
        passage for document in documents for passage in split(document, ENCODER, PASSAGE_PIECES)
    ]
    return Understanding(encode(documents, passages, ENCODER, also))


UNDERSTANDING = understanding_of(PAGE, OTHER, also=ABBREVIATIONS)
ANSWERER = answerer_of(ENCODER, PAGE, OTHER)


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("who leads lincolnshrie", "who leads lincolnshire"),
        ("Who leads Lincolnshrie?", "Who leads Lincolnshire?"),
        ("Is there sustainabilty?", "Is there sustainability?"),
        ("how many hosptals are there", "how many hospitals are there"),
        ("the partnershp in Devon: what does angella do?",) * 2,
        ("WHO LEADS LINCOLNSHRIE?", "WHO LEADS Lincolnshire?"),
    ],
)
def test_spelling_is_corrected_toward_the_documents(question: str, corrected: str) -> None:
    """A word that nothing knows becomes the near one of the documents; all else stays."""
    if question == corrected:
        corrected = "the partnership in Devon: what does angela do?"
    assert UNDERSTANDING.corrected(question) == corrected


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("Lincolnshire", "the documents have it"),
        ("LINCOLNSHIRE", "the documents have it in another case"),
        ("vanguards", "the documents have it"),
        ("planted", "it is English, though “planned” is near"),
        ("hospital", "it is English, though the documents have only “hospitals”"),
        ("homs", "it is short"),
        ("CCGs", "it is an abbreviation"),
        ("NHSES", "it is an abbreviation in the plural"),
        ("lincolnsh1re", "it has a digit"),
        ("30percnt", "it has digits"),
        ("A&Eee", "it is more than letters"),
        ("mincolnshire", "its first letter differs"),
        ("oincolnshier", "its first letter differs"),
        ("lncnshre", "it is four edits away"),
        ("devom", "“devon” is near, but so it is: one edit in a short word"),
        ("deovm", "two edits are too many for a short word"),
        ("zzzzzzzz", "nothing is near"),
        ("東京東京東京", "nothing is near"),
        ("straße", "nothing is near"),
    ],
)
def test_a_word_that_is_left_alone(word: str, why: str) -> None:
    """A known, short, numbered, foreign or far word stays, and so does its first letter."""
    question = f"What of {word}?"
    expected = "What of devon?" if word == "devom" else question
    assert UNDERSTANDING.corrected(question) == expected, why


def test_what_a_correction_may_become() -> None:
    """A word is corrected toward the documents only, never toward the rest of English."""
    assert "elephant" in english()
    assert UNDERSTANDING.corrected("the elefant") == "the elefant"
    assert UNDERSTANDING.corrected("the elphants") == "the elphants"


def test_the_commoner_word_wins() -> None:
    """Of two words equally near, the one that the documents write more often is meant."""
    text = "Kingsbay and Kingsbuy and Kingsbuy."
    assert understanding_of(document(text)).corrected("kingsby") == "kingsbuy"


def test_punctuation_is_kept() -> None:
    """Correcting a word touches neither the words nor the punctuation around it."""
    question = " “Lincolnshrie” …\twho?!"
    assert UNDERSTANDING.corrected(question) == " “Lincolnshire” …\twho?!"


def test_a_misspelt_followup_keeps_its_name() -> None:
    """A name stays capitalised when it is corrected, so that a follow-up can bring it in."""
    reading = ANSWERER.search("And in Lincolnshrie?", ["Who leads the plan in Wyre Forest?"])
    assert reading.searched_for == "And in Lincolnshire?"
    assert reading.question.names == (("Lincolnshire",),)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is an ICS?", "What is an ICS? (integrated care system)"),
        ("what are ICSs?", "what are ICSs? (integrated care system)"),
        ("what is an ics", "what is an ICS (integrated care system)"),
        ("Who runs WF?", "Who runs WF? (Wyre Forest)"),
    ],
)
def test_an_abbreviation_that_the_documents_never_write(question: str, text: str) -> None:
    """An abbreviation that only askers use is spelled out in the documents' own words."""
    assert UNDERSTANDING.understand(question).text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is a happy new year?", "What is a happy new year? (HNY)"),
        ("What are happy new years?", "What are happy new years? (HNY)"),
        ("What is an HNY?", "What is an HNY?"),
    ],
)
def test_a_long_name_that_the_documents_never_write(question: str, text: str) -> None:
    """A name that the documents only write short is also searched for as they write it."""
    understanding = understanding_of(
        document("Everyone has an HNY, but none is the same."), also={"HNY": "happy new year"}
    )
    assert understanding.understand(question).text == text


@pytest.mark.parametrize(
    "question",
    [
        "What is a CCG?",
        "What is a clinical commissioning group?",
        "Who leads the LCN?",
        "What is an ICS, an integrated care system?",
        "Why is that so?",
        "What is an XYZ?",
        "What is an extra yellow zone?",
        "ICSX and MICS",
        "What does it all mean?",
    ],
)
def test_what_is_not_spelled_out(question: str) -> None:
    """What the documents write, what the question says itself and what is a word stays."""
    assert UNDERSTANDING.understand(question).text == question


def test_an_abbreviation_that_is_a_word_must_be_in_capitals() -> None:
    """“SO” is an abbreviation only where it is written so, wherever in the question it stands."""
    understanding = understanding_of(document("Sustainability it is."), also=ABBREVIATIONS)
    assert understanding.understand("Is that so?").text == "Is that so?"
    for question in ("What is SO?", "so what is SO?"):
        assert understanding.understand(question).text == f"{question} (sustainability)"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who leads Lincolnshire?", ["Lincolnshire"]),
        ("who leads lincolnshire", ["lincolnshire"]),
        ("Which hospitals are in Wyre Forest?", ["Wyre Forest"]),
        ("which hospitals are in wyre forest", ["wyre forest"]),
        ("Compare Devon and Lincolnshire", ["Devon", "Lincolnshire"]),
        ("Devon, Lincolnshire: which is it?", ["Devon", "Lincolnshire"]),
        ("Who leads Ruritania?", ["Ruritania"]),
        ("Ruritania has which plan?", ["Ruritania"]),
        ("Which plan is it? Money?", []),
        ("Why? Plans differ.", []),
        ("“Plans” are what?", []),
        ("What is a plan?", []),
        ("Money is short, is it?", []),
        ("Who leads the Forest of Wyre?", ["Forest of Wyre"]),
        ("What happened in Devon in 2016?", ["Devon", "2016"]),
        ("What are the 2017 plans?", ["2017"]),
        ("Who has 1016 plans, or 20166?", []),
        ("Devon, Devon and Devon", ["Devon"]),
        ("", []),
    ],
)
def test_names(question: str, names: list[str]) -> None:
    """Names are runs of capitalised words, or words that the documents capitalise."""
    assert [forms[0] for forms in UNDERSTANDING.understand(question).names] == names


@pytest.mark.parametrize(("with_it", "is_name"), [(3, True), (5, True), (6, False)])
def test_a_name_in_every_tenth_sentence_tells_nothing(with_it: int, is_name: bool) -> None:
    """A name that is said in more than a tenth of all sentences is none of the question's."""
    text = "\n\n".join(["It is in Bath."] * with_it + ["It is not."] * (50 - with_it))
    found = understanding_of(document(text)).understand("Who leads Bath?").names
    assert bool(found) is is_name


def test_a_common_name_may_be_part_of_a_telling_one() -> None:
    """A run of names counts without the common words at its ends."""
    text = "\n\n".join(["It is in North Bath."] + ["It is up North."] * 9 + ["It is not."] * 10)
    names = understanding_of(document(text)).understand("Who leads North Bath, in the North?").names
    assert names == (("Bath",),)


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("Who leads Wyre Forest?", ("Wyre Forest", "WF")),
        ("Who leads the WF?", ("WF", "Wyre Forest")),
        ("who leads wyre forest", ("wyre forest", "WF")),
        ("Who leads Devon?", ("Devon",)),
    ],
)
def test_forms(question: str, forms: tuple[str, ...]) -> None:
    """A name comes with its abbreviation, and an abbreviation with what it stands for."""
    assert UNDERSTANDING.understand(question, own=question).names == (forms,)


def test_the_names_of_ones_own_words_come_first() -> None:
    """Behind earlier questions the names are those just written, or else the earlier ones."""
    understand = UNDERSTANDING.understand
    both = understand("Who leads Lincolnshire? And Wyre Forest?", own="And Devon?")
    assert both.names == (("Devon",),)
    assert both.text == "Who leads Lincolnshire? And Wyre Forest?"
    neither = understand("Who leads Lincolnshire? And why?", own="And why?")
    assert neither.names == (("Lincolnshire",),)


@pytest.mark.parametrize(
    ("question", "publishers"),
    [
        ("What does the Royal College of Nursing say?", {"Royal College of Nursing"}),
        ("what does the rcn say", {"Royal College of Nursing"}),
        ("What is the RCN's view of plans?", {"Royal College of Nursing"}),
        ("Does NHS England agree with the RCN?", {"Royal College of Nursing", "NHS England"}),
        ("Does NHSE agree?", {"NHS England"}),
        ("Does the NHS agree?", set()),
        ("Do royal colleges of nursing agree?", set()),
    ],
)
def test_publishers(question: str, publishers: set[str]) -> None:
    """A publisher is named in full or by its abbreviation, in any case."""
    assert UNDERSTANDING.understand(question).publishers == publishers


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What does the RCN say on plans?", "What does the say on plans?"),
        ("What is the Royal College of Nursing’s view?", "What is the view?"),
        ("Who is the RCN?", "Who is the RCN?"),
    ],
)
def test_whose_pages_are_asked_is_not_searched_for(question: str, text: str) -> None:
    """A publisher is left out of the text, unless nothing else is asked for."""
    assert UNDERSTANDING.understand(question).text == text


def test_documents_without_a_publisher() -> None:
    """Where nobody is known to have published anything, no publisher is named."""
    assert understanding_of(document(SOURCE)).understand("Says the RCN?").publishers == frozenset()


def test_expects() -> None:
    """What kind of value is asked for is understood with the rest."""
    assert UNDERSTANDING.understand("How many boards are there?").expects is Expected.COUNT
    assert UNDERSTANDING.understand("What is a board?").expects is None


@pytest.mark.parametrize(
    ("text", "forms", "found"),
    [
        ("in Devon.", ("Devon",), True),
        ("IN DEVON", ("Devon",), True),
        ("Devon’s plan", ("Devon",), True),
        ("Devon's plan", ("Devon",), True),
        ("all STPs", ("STP",), True),
        ("the STPs' plans", ("STP",), True),
        ("Wyre\nForest", ("Wyre Forest",), True),
        ("Wyre-Forest", ("Wyre Forest",), True),
        ("the WF", ("Wyre Forest", "WF"), True),
        ("Devonport", ("Devon",), False),
        ("North-devons", ("Devon",), True),
        ("xDevon", ("Devon",), False),
        ("Forest of Wyre", ("Wyre Forest",), False),
        ("Devon", (), False),
        ("a.b", ("a.b",), True),
        ("axb", ("a.b",), False),
    ],
)
def test_named(text: str, forms: tuple[str, ...], found: bool) -> None:
    """A name stands in a text as whole words, in any case, in the plural or the genitive."""
    assert named(text, forms) is found


CORPUS_WORDS = sorted({word[0] for word in WORD.finditer(PAGE.text)})


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(CORPUS_WORDS),
            st.sampled_from([str, str.lower, str.upper, str.title]),
            st.sampled_from([" ", ", ", "? ", " – ", "\n"]),
        )
    )
)
def test_the_documents_own_words_are_never_corrected(
    parts: list[tuple[str, type[str], str]],
) -> None:
    """A question made of the documents' own words, in any case, is left as it is."""
    question = "".join(f"{write(word)}{after}" for word, write, after in parts)
    assert UNDERSTANDING.corrected(question) == question


def test_no_word_of_the_real_corpus_is_corrected(corpus_dir: Path) -> None:
    """Every word that a page of this repository's corpus writes is left as it is."""
    pages = Corpus.of(corpus_dir).documents()
    understanding = understanding_of(*pages)
    for page in pages:
        assert understanding.corrected(page.text) == page.text
        assert understanding.corrected(page.text.lower()) == page.text.lower()


@settings(max_examples=100)
@given(st.lists(st.sampled_from(sorted(english())), max_size=8))
def test_english_is_never_corrected(given: list[str]) -> None:
    """A question in plain English is left as it is."""
    assert UNDERSTANDING.corrected(" ".join(given)) == " ".join(given)


@settings(max_examples=200)
@given(st.text(max_size=80))
def test_correcting_changes_words_only(text: str) -> None:
    """What is corrected keeps its first letter, unless it asks, and what stands between words."""
    corrected = UNDERSTANDING.corrected(text)
    assert WORD.sub("", corrected) == WORD.sub("", text)
    for old, new in zip(WORD.findall(text), WORD.findall(corrected), strict=True):
        kept = old[0].lower() == new[0].lower() and new.lower() in CORPUS | english()
        assert old == new or is_asking(old) or kept


def test_a_name_in_no_document_is_known() -> None:
    """Names that no document has, in any form, are told apart from those that one has."""
    understood = UNDERSTANDING.understand("Does Zanzibar or Lincolnshire have an LCN?")
    assert understood.unmentioned == ("Zanzibar",)
    assert UNDERSTANDING.understand("Who leads Lincolnshire?").unmentioned == ()


@pytest.mark.parametrize(
    ("own", "missed"),
    [
        ("Exeter", ("Exeter",)),
        ("exeter?", ("exeter",)),
        ("the mayor", ("mayor",)),
        ("What are the risks?", ()),
        ("planning", ()),
        ("What about Devon?", ()),
    ],
)
def test_the_only_word_of_a_question(own: str, missed: tuple[str, ...]) -> None:
    """A word that stands alone is missed like a name, unless its stem is somewhere."""
    assert UNDERSTANDING.understand(own).unmentioned == missed


@pytest.mark.parametrize(
    ("own", "missed"),
    [
        ("Exeter", ("Exeter",)),
        ("and exeter?", ("exeter",)),
        ("Who is the mayor?", ()),
        ("elaborate", ()),
        ("Devon?", ()),
    ],
)
def test_the_only_word_of_a_follow_up(own: str, missed: tuple[str, ...]) -> None:
    """In a follow-up it is missed where it takes the place of what was asked about before."""
    after = Shown((), (Place(PAGE.doc_id, 0, 6),))
    read = UNDERSTANDING.understand(f"Who leads Lincolnshire? {own}", own=own, after=after)
    assert read.unmentioned == missed


@pytest.mark.parametrize(
    ("text", "unbound"),
    [
        ("Did they keep people out of hospital?", True),
        ("Who leads Lincolnshire? Did they keep people out of hospital?", False),
    ],
)
def test_a_follow_up_that_is_read_alone(text: str, unbound: bool) -> None:
    """A follow-up that points at what was asked before is unbound if it is read without that."""
    after, own = Shown((), (Place(PAGE.doc_id, 0, 6),)), "Did they keep people out of hospital?"
    assert UNDERSTANDING.understand(text, own=own, after=after).unbound is unbound
    assert not UNDERSTANDING.understand(own).unbound


def test_a_name_with_an_abbreviation_is_mentioned() -> None:
    """A name is known in full where it is asked for with an abbreviation in it."""
    page = document("# Plans\n\nThe Calder Integrated Care System is new. An ICS is large.")
    read = understanding_of(page, also=ABBREVIATIONS).understand
    assert read("Who leads the Calder ICS?").unmentioned == ()
    assert read("Who leads the Alder ICS?").unmentioned == ("Alder ICS",)


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("who leads the medwayish plan?", ("medwayish",)),
        ("Who leads Medwayish?", ()),
        ("who leads the pq plan, pls?", ()),
        ("who runs lincolnshire's hospitals?", ()),
        ("who is in charge in kent", ("kent",)),
        ("which places in kent have a plan?", ("kent",)),
        ("who leads the plan in medwayish?", ("medwayish",)),
        ("who is in charge?", ()),
        ("who leads the plan in lincolnshire?", ()),
        ("what is happening in kent hospitals?", ()),
    ],
)
def test_a_word_that_nobody_knows(question: str, unknown: tuple[str, ...]) -> None:
    """A longer word in small letters that neither the documents nor English have is told apart.

    Where a place stands, English may have it.
    """
    understood = UNDERSTANDING.understand(question)
    assert understood.unknown == unknown
    assert set(unknown) <= set(understood.missing)


@pytest.mark.parametrize(
    ("own", "renamed"),
    [
        ("And Lincolnshire?", True),
        ("what about lincolnshire", True),
        ("And in Lincolnshire, who leads it?", False),
        ("why?", False),
    ],
)
def test_a_name_in_the_place_of_another(own: str, renamed: bool) -> None:
    """A follow-up that brings a name and nothing else asks the same of another."""
    after = Shown((), (Place("page", 0, 1),))
    understood = UNDERSTANDING.understand(f"Who leads the plan? {own}", own=own, after=after)
    assert understood.renamed is renamed
    assert not UNDERSTANDING.understand(own).renamed


@pytest.mark.parametrize(
    ("question", "unplaced"),
    [
        ("will my local hospital close?", True),
        ("Will our GPs be paid more?", True),
        ("Will my hospital in Lincolnshire close?", False),
        ("Will my mother be asked?", False),
    ],
)
def test_a_place_of_the_askers_own(question: str, unplaced: bool) -> None:
    """Which place “mine” is nobody knows but the asker, who may name it."""
    assert UNDERSTANDING.understand(question).unplaced is unplaced


def test_an_abbreviation_in_small_letters() -> None:
    """“ics” is an ICS, and one of it, whatever its last letter."""
    page = document(
        "# Care\n\nAn integrated care system (ICS) is a partnership. They go on. Mimics."
    )
    read = understanding_of(page, also=ABBREVIATIONS).understand
    small, capital = read("what is an ics?"), read("what is an ICS?")
    assert small == capital
    assert small.defined[0] == "ICS"
    assert read("is my area an ics?").unplaced
    who = ABBREVIATIONS | {"WHO": "World Health Organization"}
    assert understanding_of(page, also=who).understand("Who leads it?").text.startswith("Who ")


def test_a_day_of_the_week_is_no_name() -> None:
    """That no document mentions Fridays is not worth saying."""
    assert UNDERSTANDING.understand("Is it my essay for Friday?").unmentioned == ()


def test_what_is_written_small_may_be_two_names() -> None:
    """Names in small letters in a row are missed only if one of them is."""
    assert UNDERSTANDING.understand("who leads wyre lincolnshire").unmentioned == ()
    assert UNDERSTANDING.understand("who leads Wyre Lincolnshire").unmentioned == (
        "Wyre Lincolnshire",
    )


def test_the_initials_of_a_title_are_no_strange_name() -> None:
    """A document may be called by the first letters of its title; other letters name nothing."""
    page = document("# Care\n\nCare is near.", title="Frequently asked questions – STPs")
    read = understanding_of(page).understand
    assert read("What does the FAQ say on care?").unmentioned == ()
    assert read("What does the FQA say on care?").unmentioned == ("FQA",)


def test_a_publisher_is_no_part_of_a_name() -> None:
    """Whose page it is does not make another name of the place that the page is about."""
    page = replace(document("# South West\n\nThe South West has six plans."), publisher="RCN")
    read = understanding_of(page).understand
    assert read("What does the RCN's South West page say on plans?").unmentioned == ()
    assert read("What does the RCN's North West page say on plans?").unmentioned == ("North West",)


def test_a_common_word_is_no_name() -> None:
    """A word that the documents write only in another form, within a name, is a common word."""
    read = understanding_of(document("# Care\n\nThe Royal United Hospitals are near.")).understand
    assert read("which stroke units are closing").names == ()
    assert read("what about united hospitals").names == (("united hospitals",),)


def test_only_own_names_are_missed() -> None:
    """A follow-up is not blamed for a stranger that an earlier question named."""
    text, own = "Who leads Zanzibar? And in Lincolnshire?", "And in Lincolnshire?"
    assert UNDERSTANDING.understand(text, own=own).unmentioned == ()


def test_exact_things_are_those_of_the_asker() -> None:
    """Codes and numbers count that were just written, not those of earlier questions."""
    understood = UNDERSTANDING.understand("Is E-4417 open? And E-4471?", own="And E-4471?")
    assert understood.exact == (("e4471",),)


CORPUS = {word.lower() for word in CORPUS_WORDS}
SHOWING = (AnswerStatus.ANSWERED, AnswerStatus.POSSIBLE, AnswerStatus.OVERVIEW)

ANY_QUESTION = st.one_of(
    st.text(max_size=60),
    st.text(max_size=MAX_CHARACTERS + 20),
    st.lists(
        st.one_of(
            st.sampled_from([*CORPUS_WORDS, *ABBREVIATIONS, *ABBREVIATIONS.values()]),
            st.sampled_from(["who", "How many", "and", "it", "?", "(", "“", "A&E&", "İ", "ǅ", "ß"]),
            st.text(max_size=8),
        ),
        max_size=30,
    ).map(" ".join),
)


@settings(max_examples=150)
@given(question=ANY_QUESTION, history=st.lists(ANY_QUESTION, max_size=2))
def test_whatever_is_accepted_is_answered(question: str, history: list[str]) -> None:
    """No text that is accepted as a question makes understanding or answering fail."""
    try:
        kept, *_ = map(checked, [question, *history])
    except BadQuestion:
        return
    understood = UNDERSTANDING.understand(UNDERSTANDING.corrected(kept))
    assert understood.text.strip()
    assert all(forms and all(forms) for forms in understood.names)
    answer = ANSWERER.answer(question, history)
    assert bool(answer.citations) is (answer.status in SHOWING)
    assert 0 <= answer.probability <= 1
    assert all(word.end <= len(kept) for word in words(kept))


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("Who leads Linconshire?", "Who leads Lincolnshire?"),
        ("Who is Tim Gooding?", "Who is Tim Gooding?"),
        ("who is goading tim?", "who is goading tim?"),
    ],
)
def test_a_name_is_corrected_to_a_name(question: str, corrected: str) -> None:
    """What is written like a name is taken for one of the documents, or left as it is."""
    assert UNDERSTANDING.corrected(question) == corrected
