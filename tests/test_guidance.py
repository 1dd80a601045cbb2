"""Guidance: what is said to the chat itself, and what only sounds like it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from fakes import FakeEncoder
from safetensors.numpy import load
from tiny import document

from footprints import answer as package
from footprints.answer.guidance import VECTORS, Examples, guidance_of
from footprints.index.encoder import BundledEncoder
from footprints.types import PartialDate, Topic
from footprints.wording import guidance

SAID = {
    Topic.GREETING: ["hello", "Hi there", "Good morning!", "hey, how are you?"],
    Topic.THANKS: ["thanks", "Thank you very much, that's all", "ok thanks", "bye", "cheers mate"],
    Topic.HELP: [
        "help",
        "what can you do?",
        "who are you?",
        "Are you a robot?",
        "can i trust this",
        "What am I supposed to do here?",
        "do you keep what i type",
    ],
    Topic.DOCUMENTS: ["What documents do you have?", "Which sources do you use?"],
    Topic.AGE: [
        "how old is this information?",
        "Is this up to date?",
        "When was this written?",
        "Are you current?",
    ],
    Topic.AUTHORS: ["who wrote this?", "Who is behind this site?"],
    Topic.SHORTER: [
        "a shorter version please",
        "Can you make that shorter?",
        "summarise it",
        "in brief?",
        "sum that up for me",
        "in a few words please",
    ],
}


TopicOf = Callable[..., Topic | None]


@pytest.fixture(scope="module")
def topic_of(real_encoder: BundledEncoder) -> TopicOf:
    """Tell what of the chat a question is about."""

    def told(question: str, follows: bool = False) -> Topic | None:
        (encoding,) = real_encoder.encode_questions([question])
        return guidance_of(real_encoder).topic_of(question, encoding.vector, follows)

    return told


@pytest.mark.parametrize(
    ("topic", "said"), [(topic, one) for topic, every in SAID.items() for one in every]
)
def test_topics(topic_of: TopicOf, topic: Topic, said: str) -> None:
    """What people say to the chat itself is known for what it is about, in words never seen."""
    assert topic_of(said) is topic


@pytest.mark.parametrize(
    "question",
    [
        "What is an STP?",
        "hello what is an stp",
        "Who wrote the STP plan for Dorset?",
        "How does an ICS work?",
        "What help do carers get?",
        "Thanks to whom was the plan made?",
        "Can I trust the NHS?",
        "How old is the NHS?",
        "Which documents must an STP publish?",
        "How many cleaners are on ward 3?",
        "Why do cats purr?",
        "What does the plan say in short about carers?",
        "Give me the gist of the RCN briefing",
        "asdkjh qwe",
        "xyzzy",
    ],
)
def test_questions_of_the_documents(topic_of: TopicOf, question: str) -> None:
    """A question that the documents may answer is left to them, however it begins."""
    assert topic_of(question) is None


@pytest.mark.parametrize(
    "question", ["who does it answer to?", "who wrote this?", "Who runs it?", "How old is this?"]
)
def test_in_a_conversation_this_is_what_was_spoken_of(topic_of: TopicOf, question: str) -> None:
    """After other questions “this” and “it” mean what was asked about, not the chat."""
    assert topic_of(question, follows=True) is None


@pytest.mark.parametrize(
    "said", ["thanks", "What documents do you have?", "who are you?", "Make it shorter"]
)
def test_a_conversation_can_turn_to_the_chat(topic_of: TopicOf, said: str) -> None:
    """What names the chat means it at any time."""
    assert topic_of(said, follows=True) is topic_of(said) is not None


@pytest.mark.parametrize("said", [one for every in SAID.values() for one in every])
def test_case_and_marks_do_not_count(topic_of: TopicOf, said: str) -> None:
    """Capitals, marks and white space around what is said change nothing."""
    for other in (said.upper(), f"  {said}!! ", said.rstrip("?!")):
        assert topic_of(other) is topic_of(said)


PAGES = [
    replace(document("# A", "a", "Old page"), publisher="RCN", published=PartialDate("2016-08-02")),
    replace(document("# B", "b", "New page"), publisher="NHS England", describes="2019"),
]


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("pages", [PAGES, PAGES[:1], []])
def test_every_topic_has_words(topic: Topic, pages: Sequence[object]) -> None:
    """There is something to say of every topic, whatever documents there are."""
    said = guidance(topic, PAGES[: len(pages)])
    assert said
    assert all(one.strip() and one[-1] in ".!" for one in said)


def test_guidance_tells_what_there_is() -> None:
    """The documents are named with their dates, and their publishers where these are asked for."""
    (covered,) = guidance(Topic.DOCUMENTS, PAGES)
    assert covered == (
        "There are 2 documents: Old page (2 August 2016); "
        "New page (no date on the page; about 2019)."
    )
    assert guidance(Topic.AUTHORS, PAGES)[0] == "The documents are by NHS England and RCN."
    assert covered in guidance(Topic.AGE, PAGES)


def test_the_vectors_are_those_of_the_examples(real_encoder: BundledEncoder) -> None:
    """Every example has its vector; after an edit: python -m tools.guidance."""
    examples = Examples.read()
    known = load(files(package).joinpath(VECTORS).read_bytes())
    vectors = known[examples.key(real_encoder)]
    np.testing.assert_allclose(vectors, examples.encoded(real_encoder), atol=1e-5)


def test_another_encoder_has_vectors_of_its_own() -> None:
    """What the package has for its own encoder is not taken for another one's."""
    encoder = FakeEncoder()
    (encoding,) = encoder.encode_questions(["good morning"])
    assert guidance_of(encoder).topic_of("good morning", encoding.vector) is Topic.GREETING
