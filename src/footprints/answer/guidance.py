"""Guidance: questions about the chat itself, told from those about documents by examples."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from safetensors.numpy import load

from footprints.english import english
from footprints.index.lexicon import WORD
from footprints.types import Encoder, Topic, Vectors

FILE = "guidance.toml"
"""The examples, beside this module."""

VECTORS = "guidance.safetensors"
"""Their vectors by the bundled encoder, so that the first question need not wait for them."""

_ELSE = "asked_of_the_documents"

# Chosen on the `dev` cases and on examples held out, all in one manner of writing at a time.
_NEARNESS, _RIDGE = 4.0, 0.3

_POINTS_BACK = re.compile(
    r"\b(?:it|they|them|he|she)\b|\b(?:that|those|this|these)\b"
    r"(?! (?:site|website|page|tool|service|chat|chatbot|bot|app|information|answers?)\b)",
    re.IGNORECASE,
)
_SPEAKS_TO_IT = re.compile(
    r"\b(?:you|your|yours|u|ur|yo|hello|hi|hiya|hey\w*|greetings|morning|afternoon|evening|thank\w*|thx"
    r"|ta|cheers|bye|goodbye|help|stuck|lost|this|these|here|site|website|service|tool|program|bot"
    r"|robot|human|computer|machine|sources?|documents?|docs?)\b",
    re.IGNORECASE,
)
_ASKS_FOR_LESS = re.compile(
    r"(?!.*\b(?:of|on|about) (?!it\b|this\b|that\b|them\b|all\b|(?:the|your) (?:above|answer)\b))"
    r".*\b(?:short\w*|brief\w*|summar\w*|sum|tl ?;? ?dr|gist|nutshell|condense|simpl\w*|plain"
    r"|points|bullets?|lines?|sentences?|words|long|cut|quick|boil)\b",
    re.IGNORECASE | re.DOTALL,
)
"""Words that ask for less of what was said, and not for a little of something that is named."""

_SURE = 0.2
"""Below this score a question must have a word that people use to or about a chat."""

_TOPICS = [*Topic]
_OF_WHAT_WAS_SAID = {Topic.GREETING, Topic.THANKS, Topic.SHORTER}
"""With these topics, “it” is the answer before."""


class Guidance:
    """Knows examples of every topic, and of what is asked of documents.

    Kernel ridge regression on the examples' vectors x, one column a topic: with
    k(a, b) = exp(−4 (1 − cosine)) and α = (K + 0.3 I)⁻¹ Y, a question q scores Σᵢ αᵢ k(q, xᵢ)
    (Murphy, *Machine Learning: a Probabilistic Perspective*, 2012, 14.4.3).
    """

    def __init__(self, examples: Vectors, targets: Vectors) -> None:
        self._examples = examples
        kernel = _kernel(examples @ examples.T)
        self._weights = np.linalg.solve(kernel + _RIDGE * np.eye(len(kernel)), targets)

    @classmethod
    def of(cls, encoder: Encoder) -> Guidance:
        """Take the examples that come with the package; without vectors they are encoded."""
        examples = Examples.read()
        known = load(files(__package__).joinpath(VECTORS).read_bytes())
        vectors = known.get(examples.key(encoder))
        return cls(examples.encoded(encoder) if vectors is None else vectors, examples.targets)

    def topic_of(self, question: str, vector: Vectors, follows: bool = False) -> Topic | None:
        """Return the topic of a question about the chat itself; None if about the documents.

        ``vector`` is its encoding, shape (dimension,). ``follows`` says that others were asked
        before: then “this” and “it” are what these were about.
        """
        scores = _kernel(self._examples @ vector) @ self._weights
        if not _ASKS_FOR_LESS.match(question):
            scores[_TOPICS.index(Topic.SHORTER)] = 0
        topic = _TOPICS[int(scores[:-1].argmax())]
        if follows and topic not in _OF_WHAT_WAS_SAID and _POINTS_BACK.search(question):
            return None
        score = scores[:-1].sum() - scores[-1]
        sure = topic is Topic.SHORTER or _SPEAKS_TO_IT.search(question)
        # What has no word of English is about nothing that can be told.
        if not sure and english().isdisjoint(WORD.findall(question.lower())):
            return None
        return topic if score > (0 if sure else _SURE) else None


@dataclass(frozen=True, slots=True)
class Examples:
    """What people say, and of which topic it is: ``targets``, shape (examples, topics + 1)."""

    texts: Sequence[str]
    targets: Vectors

    @classmethod
    def read(cls) -> Examples:
        """Read the examples that come with the package."""
        said = tomllib.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
        columns = [*_TOPICS, _ELSE]
        texts = [text for column in columns for text in said[column]]
        rows = [at for at, column in enumerate(columns) for _ in said[column]]
        return cls(texts, np.eye(len(columns), dtype=np.float32)[rows])

    def key(self, encoder: Encoder) -> str:
        """Return what their vectors depend on, as a digest."""
        return hashlib.sha256("\n".join([encoder.digest, *self.texts]).encode()).hexdigest()

    def encoded(self, encoder: Encoder) -> Vectors:
        """Encode them, shape (examples, dimension)."""
        return np.stack([one.vector for one in encoder.encode_questions(self.texts)])


@lru_cache(maxsize=4)
def guidance_of(encoder: Encoder) -> Guidance:
    """Return what is known by an encoder."""
    return Guidance.of(encoder)


def _kernel(cosines: Vectors) -> Vectors:
    kernel: Vectors = np.exp(-_NEARNESS * (1 - cosines))
    return kernel
