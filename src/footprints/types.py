"""The nouns of the project: plain frozen values and the Protocols between its parts.

One law holds for everything that has a place: it stands in its document at
``document.text[start:end]``, offsets counted in Unicode code points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields
from enum import StrEnum
from typing import Generic, Literal, NewType, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
T_co = TypeVar("T_co", covariant=True)

PartialDate = NewType("PartialDate", str)
"""A date as far as it is known, in ISO 8601: ``2016-08-02``, ``2016-08`` or ``2016``.

As text they are in order, a year before its months and these before their days.
"""


class HasSpan(Protocol):
    """Anything with a place, ``[start, end)``, in a document's text."""

    @property
    def start(self) -> int:
        """Return where it begins."""
        ...

    @property
    def end(self) -> int:
        """Return one past where it ends."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """A bare place in a document's text."""

    start: int
    end: int


class BlockKind(StrEnum):
    """What a block is on its page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row.

    ``level`` is 1 to 6 for a heading, 1 for the header row of a table and 0 for its other rows;
    elsewhere it is the depth of the list that the block stands in, 0 outside any list.
    ``locator`` says where in its file a person finds it, such as ``page 3`` or ``#areas``, if
    its headings do not say enough.
    """

    kind: BlockKind
    level: int
    start: int
    end: int
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about a document; ``None`` means unknown.

    ``url`` is where it was taken from, ``retrieved`` when.
    """

    title: str | None
    publisher: str | None
    published: PartialDate | None
    describes: str | None
    _: KW_ONLY
    url: str | None = None
    retrieved: PartialDate | None = None

    @classmethod
    def of(cls, known: object) -> Facts:
        """Take them from what has them among other things, such as an entry of the catalogue."""
        return Facts(**{name: getattr(known, name) for name in FACTS})


FACTS = tuple(fact.name for fact in fields(Facts))
UNKNOWN = Facts(None, None, None, None)


@dataclass(frozen=True, slots=True)
class KnownDocument(Facts):
    """What is known of one file of the corpus, but for what stands in it.

    ``inferred`` names the facts that the document itself does not state.
    """

    title: str
    doc_id: str
    inferred: tuple[str, ...]
    origin: str
    _: KW_ONLY
    digest: str = ""
    """SHA-256 of the file it was read from."""


@dataclass(frozen=True, slots=True)
class Document(KnownDocument):
    """One file of the corpus: its clean plain text, its blocks in order, and its facts."""

    text: str
    blocks: tuple[Block, ...]

    def at(self, place: HasSpan) -> str:
        """Return the text that stands at a place."""
        return self.text[place.start : place.end]

    def locator(self, place: HasSpan) -> str | None:
        """Return where in the file a person finds the beginning of a place, if that is known."""
        row = bisect_right(self.blocks, place.start, key=lambda block: block.start) - 1
        return self.blocks[row].locator if row >= 0 else None

    def headings(self, place: HasSpan) -> tuple[str, ...]:
        """Return the heading path of a place: the headings it stands under, from the top."""
        return tuple(self.at(block) for block in self.above(place))

    def above(self, place: HasSpan) -> tuple[Block, ...]:
        """Return the headings that a place stands under, from the top."""
        path: list[Block] = []
        for block in self.blocks:
            if block.start > place.start:
                break
            if block.kind is BlockKind.HEADING:
                path = [above for above in path if above.level < block.level]
                path.append(block)
        return tuple(path)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or list item: what is quoted.

    ``lead`` is the line that leads in the list it is an item of. ``whole`` is that list from its
    lead-in to its last item, on the items and on the lead-in itself; on the header of a table, it
    is the table.
    """

    start: int
    end: int
    lead: Span | None = None
    whole: Span | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive blocks under one heading: what is embedded and retrieved."""

    doc_id: str
    headings: tuple[str, ...]
    start: int
    end: int
    sentences: tuple[Sentence, ...]

    @property
    def passage_id(self) -> str:
        """Return the id, which is the place."""
        return f"{self.doc_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence, its passage, and its row among the sentences of its document."""

    passage: Passage
    sentence: Sentence
    sentence_row: int

    @property
    def key(self) -> tuple[str, int]:
        """Return what tells it from every other sentence of the index."""
        return self.passage.doc_id, self.sentence_row


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a search found: its segment, its row there, and how near it is.

    ``dense`` and ``heading`` are the cosines of the question and the passage, and of the question
    and its innermost heading; ``keyword`` is its BM25 score.
    """

    segment: str
    row: int
    dense: float
    keyword: float
    heading: float


@dataclass(frozen=True, slots=True)
class Signals:
    """What a passage or sentence is ranked and judged by; ``SignalRanker`` says what each is.

    Of a passage there are the first four alone.
    """

    passage: float = 0.0
    passage_keyword: float = 0.0
    passage_heading: float = 0.0
    subject: float = 0.0
    maxsim: float = 0.0
    cosine: float = 0.0
    keyword: float = 0.0
    coverage: float = 0.0
    least: float = 0.0
    unmatched: float = 0.0
    publisher: float = 0.0
    expected: float = 0.0
    somebody: float = 0.0
    states: float = 0.0
    defines: float = 0.0
    named: float = 0.0
    strange: float = 0.0
    points: float = 0.0
    inexact: float = 0.0
    continues: float = 0.0
    repeats: float = 0.0
    middling: float = 0.0
    amiss: float = 0.0
    elsewhere: float = 0.0
    ignores: float = 0.0
    undated: float = 0.0
    read: float = 0.0
    none: float = 0.0


@dataclass(frozen=True, slots=True)
class Scored(Generic[T_co]):
    """An item of a ranking. Higher is better; ``signals`` are what the score was made of."""

    item: T_co
    score: float
    signals: Signals = Signals()


class AnswerStatus(StrEnum):
    """The outcome of a question; those that abstain name the reason.

    A ``possible`` answer is shown like any other, but without the claim that it is one.
    """

    ANSWERED = "answered"
    POSSIBLE = "possible"
    OVERVIEW = "overview"
    GUIDANCE = "guidance"
    ABSTAINED_OFF_TOPIC = "abstained_off_topic"
    ABSTAINED_NOT_IN_CORPUS = "abstained_not_in_corpus"
    ABSTAINED_NEEDS_REPHRASING = "abstained_needs_rephrasing"


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a named document."""

    doc_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Verbatim words of a document, with their place in it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered verbatim quote, with its place, its publisher and its date.

    ``surroundings`` are the quote and the text around it in its passage. ``context`` is what it
    needs from above to be understood: its heading, the lead-in of its list, the column heads of
    its table. ``also`` are the other places that say the same. ``locator`` is where in the
    document's file the quote begins, such as ``page 3``.
    """

    number: int
    doc_id: str
    title: str
    publisher: str | None
    published: PartialDate | None
    describes: str | None
    headings: tuple[str, ...]
    quote: str
    start: int
    end: int
    also: tuple[Place, ...]
    probability: float
    surroundings: Excerpt
    context: tuple[Excerpt, ...] = ()
    locator: str | None = None
    url: str | None = None
    retrieved: PartialDate | None = None


About = Literal["figure", "date", "definition"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two quotes from different documents, by number, and what they differ in."""

    first: int
    second: int
    about: About


@dataclass(frozen=True, slots=True)
class Only:
    """Which documents a question is asked of: by one of these publishers, about these years.

    No publishers mean all of them. ``since`` and ``until`` are years, both included; a document
    without a year fits none.
    """

    publishers: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None


ALL_DOCUMENTS = Only()


@dataclass(frozen=True, slots=True)
class Scope:
    """How the people who run a corpus head the page where it is asked, and introduce it."""

    heading: str = "Ask the documents"
    introduction: str = "Ask in your own words."


ANY_CORPUS = Scope()


class Topic(StrEnum):
    """What people ask about the chat itself rather than the documents."""

    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    DOCUMENTS = "documents"
    AGE = "age"
    AUTHORS = "authors"
    SHORTER = "shorter"


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One of several questions asked at once: its own words, and its outcome.

    ``citations`` are the numbers of its quotes.
    """

    question: str
    status: AnswerStatus
    probability: float
    citations: tuple[int, ...]
    likely: bool = False
    """Whether what is only possible answers more likely than not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    ``citations`` are the quotes, in the order shown; there are some if the status is
    ``answered``, ``possible`` or ``overview``. ``further`` are the next best passages, whole.
    ``timings_ms`` are milliseconds by stage.
    """

    question: str
    status: AnswerStatus
    probability: float
    citations: tuple[Citation, ...]
    further: tuple[Citation, ...]
    index_build: str
    timings_ms: Mapping[str, float]
    searched_for: str | None = None
    """The question with its spelling corrected; None if nothing was."""
    read_after: tuple[str, ...] = ()
    """The questions before it that it leans on, oldest first; none if it was read by itself."""
    differs: bool = False
    """Whether the documents it quotes differ, by the rule in ``answer/differ.py``."""
    differences: tuple[Difference, ...] = ()
    parts: tuple[AnswerPart, ...] = ()
    """The questions it was split into, if there are several."""
    unmentioned: tuple[str, ...] = ()
    """The names in the question that no document mentions, and the words that nobody knows."""
    topic: Topic | None = None
    """What the guidance is about."""
    only: Only = ALL_DOCUMENTS
    """Which documents were asked."""
    likely: bool = False
    """Whether what is only possible answers more likely than not."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """One text as the encoder reads it, special tokens left out.

    ``vector`` has shape (dimension,) and ``tokens`` (pieces, dimension); every row has length 1.
    ``spans`` has shape (pieces, 2): where each word piece stands in the text.
    """

    vector: Vectors
    tokens: Vectors
    spans: NDArray[np.int32]


class Encoder(Hashable, Protocol):
    """Turns text into vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Return what the settings call it."""
        ...

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its weights."""
        ...

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        ...

    @property
    def max_pieces(self) -> int:
        """Return how many word pieces of a text it reads, special tokens not counted."""
        ...

    def pieces(self, text: str) -> NDArray[np.int32]:
        """Return where each word piece of a text stands, shape (pieces, 2), nothing cut off."""
        ...

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts, in their order, each with the same bits whatever is encoded with it."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode a few short texts as fast as can be; the last bits may differ from ``encode``."""
        ...


class Expected(StrEnum):
    """A kind of value that a direct answer must hold, named by what is asked for."""

    MONEY = "money"
    SHARE = "share"
    FREQUENCY = "frequency"
    DURATION = "duration"
    COUNT = "count"
    DATE = "date"
    PERSON = "person"
    REASON = "reason"
    NAME = "name"


Names = tuple[tuple[str, ...], ...]
"""Names, each in all the forms in which a text may write it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the answer before a follow-up showed: its quotes, best first, and where the best is."""

    headings: tuple[str, ...]
    quotes: tuple[Place, ...]

    @property
    def best(self) -> Place:
        """Return the best quote."""
        return self.quotes[0]


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it is searched for.

    ``text`` is what is encoded. ``publishers`` are those it names; ``expects`` is None where any
    words may answer. ``defined`` is the term whose meaning is asked for, in all its forms.
    ``unmentioned`` are its names that no document has, ``unknown`` its words that English has not
    either or that stand where a place does; ``exact`` are its codes and numbers. ``subject`` is the
    abbreviation that is asked whether something is so of it, however it is written.
    ``after`` is what was shown before, if it leans on that; the first ``carried`` characters of the
    text are those of earlier questions. ``yes_or_no`` is what it is asked for. It is ``unbound``
    if it points at what was asked before (“they”) and is read without that, ``renamed`` if it only
    puts another name in the place of one before (“and Devon?”), and ``unplaced`` if it asks of a
    place that only its asker knows (“my hospital”).
    """

    text: str
    names: Names = ()
    publishers: frozenset[str] = frozenset()
    expects: Expected | None = None
    defined: tuple[str, ...] = ()
    unmentioned: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    exact: tuple[tuple[str, ...], ...] = ()
    subject: str | None = None
    after: Shown | None = None
    yes_or_no: bool = False
    carried: int = 0
    unbound: bool = False
    renamed: bool = False
    unplaced: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Return what it asks about that no document has."""
        return tuple(dict.fromkeys([*self.unmentioned, *self.unknown]))


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate as a reader sees it: what it is about, and the sentences around it."""

    subject: str
    sentence: str
    before: str = ""
    after: str = ""

    @property
    def in_place(self) -> str:
        """Return the sentence among its neighbours."""
        return " ".join(filter(None, (self.before, self.sentence, self.after)))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well each offer answers, and how likely it is that none does, all from 0 to 1."""

    scores: tuple[float, ...]
    none: float


class Reader(Protocol):
    """Judges question and sentence together; it never writes a word of an answer."""

    name: str

    def read(self, question: str, offers: Sequence[Offer], seconds: float) -> Judgement:
        """Judge up to 24 offers within so many seconds; a score for each, in their order.

        Raises:
            ReaderFailed: there is no judgement in time.
        """
        ...


class PassageSearch(Protocol):
    """Searches the passages of one build."""

    def search(
        self, vector: Vectors | None, weights: Mapping[str, float], k: int, only: Only
    ) -> Sequence[Found]:
        """Return the ``k`` nearest passages by vector and the ``k`` best by keywords.

        Each once, in the order of the documents. ``weights`` are the idf of the question's terms;
        without a vector, keywords alone count. ``only`` says which documents are asked; where there
        are none, nothing is found.
        """
        ...


class Ranker(Protocol):
    """Puts the sentences of retrieved passages in order."""

    def rank(
        self, question: Understood, encoding: Encoding, passages: Sequence[Scored[Found]]
    ) -> list[Scored[Candidate]]:
        """Rank every sentence of one or more passages that were found, best first.

        The signals must hold ``passage``, the cosine of the question and the sentence's passage,
        ``subject``, its mean with all passages, and ``maxsim``, ``named`` and ``expected``, each
        from 0 to 1.
        """
        ...
