"""The wording that several doors share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from urllib.parse import urlsplit

from footprints.answer.differ import differently_defined
from footprints.answer.followup import asks_who_says
from footprints.answer.judge import Judged
from footprints.answer.only import in_words
from footprints.answer.period import asks_for_now, long_past
from footprints.index.years import Dated, years
from footprints.types import (
    About,
    Answer,
    AnswerPart,
    AnswerStatus,
    Citation,
    Document,
    Facts,
    KnownDocument,
    PartialDate,
    Topic,
)

_READ_BY = re.compile(r"openai:(.+)")

EXPLANATIONS = {
    AnswerStatus.ANSWERED: "The documents answer this.",
    AnswerStatus.POSSIBLE: "We found no clear answer. These passages may help.",
    AnswerStatus.OVERVIEW: "An overview in the documents’ own words.",
    AnswerStatus.GUIDANCE: "About this service, in our own words.",
    AnswerStatus.ABSTAINED_OFF_TOPIC: "This does not seem to be about anything in the documents.",
    AnswerStatus.ABSTAINED_NOT_IN_CORPUS: "The documents do not answer this.",
    AnswerStatus.ABSTAINED_NEEDS_REPHRASING: (
        "It is not clear what you are asking about; "
        "ask again and name the place, plan or organisation you mean."
    ),
}
"""What to tell the asker, by status."""

_LIKELY = "This may be an answer: check that it says what you asked."

FURTHER = "More from the documents"
NAMED = 8
"""The most documents that a sentence names."""

_FEW = 3
"""So many documents that have changed are named."""

SEARCHED_FOR = "Searched for:"


def remarks(answer: Answer) -> list[str]:
    """Return what to say before the quotes.

    That is: how old it all is if the question is about now, which documents were asked if not all
    were, how a follow-up was read, what was searched for, names that no document mentions, a
    caution where the answer is not certain, who says it if that is asked, and differences. Where
    there are several parts, each carries its own caution.
    """
    old = [age_of(answer)] if asks_for_now(answer.question) else []
    only = in_words(answer.only)
    asked = [f"Asked only of documents {only}."] if only else []
    searched = [f"{SEARCHED_FOR} {answer.searched_for}"] if answer.searched_for else []
    read = [follow_up_to(answer.read_after)] if answer.read_after else []
    plain = AnswerStatus.ANSWERED, AnswerStatus.GUIDANCE
    outcome = [how_far(answer)] if answer.status not in plain and not answer.parts else []
    differ = [_difference(*found) for found in differing(answer)]
    missing = [unmentioned(answer.unmentioned, only)] if answer.unmentioned else []
    said = [*old, *asked, *read, *searched, *missing, *outcome, who_says(answer), *differ]
    return [remark for remark in said if remark]


def how_far(answered: Answer | AnswerPart | Judged) -> str:
    """Say how far the documents answer a question, or a part of one."""
    return _LIKELY if answered.likely else EXPLANATIONS[answered.status]


def follow_up_to(before: Sequence[str]) -> str:
    """Say which earlier questions a question was read with."""
    return f"Read as a follow-up to {_and([f'“{one}”' for one in before])}"


def age_of(answer: Answer, today: date | None = None) -> str:
    """Say which years the quoted documents describe if all of them are long past, else nothing."""
    years = long_past(answer, today)
    if years is None:
        return ""
    one = len({citation.doc_id for citation in answer.citations}) == 1
    first, last = years
    until = f"{first} to {last}" if first != last else f"{first}"
    return f"{'This document describes' if one else 'These documents describe'} {until}."


def closing(answer: Answer) -> list[str]:
    """Return what to say behind the quotes: how old they are, where it was not said before them."""
    old = "" if asks_for_now(answer.question) else age_of(answer)
    return [old] if old else []


def unmentioned(names: Sequence[str], only: str = "") -> str:
    """Say that no document mentions any of some names; ``only`` says which were asked."""
    *first, last = (f"‘{name}’" for name in names)
    asked = " ".join(filter(None, ("No document", only)))
    return f"{asked} mentions {', '.join(first)}{' or ' if first else ''}{last}."


def who_says(answer: Answer) -> str:
    """Say whose words the quotes are if that is asked; of what nobody has published, its title."""
    if not (answer.citations and asks_who_says(answer.question)):
        return ""
    numbers: dict[str, list[int]] = {}
    for one in answer.citations:
        numbers.setdefault(one.publisher or f"‘{one.title}’", []).append(one.number)
    said = [
        f"{_quotes(own)} {'is' if len(own) == 1 else 'are'} from {who}"
        for who, own in numbers.items()
    ]
    return f"{_and(said)}.".replace("q", "Q", 1)


def _quotes(numbers: Sequence[int]) -> str:
    return f"quote{'s' if len(numbers) > 1 else ''} {_and([str(one) for one in numbers])}"


def announcement(answer: Answer) -> str:
    """Sum up an answer in a sentence or two, for a screen reader."""
    first = [_outcome(answer)]
    if answer.parts:
        first = [f"{part.question} {_outcome(part)}" for part in answer.parts]
    others = (remark for remark in remarks(answer) if remark not in first)
    return " ".join([*first, *others])


def _outcome(answered: Answer | AnswerPart) -> str:
    if answered.status is not AnswerStatus.ANSWERED:
        return how_far(answered)
    count = len(answered.citations)
    return f"Answered with {count} quote{'' if count == 1 else 's'}."


def covered(documents: Sequence[KnownDocument]) -> str:
    """List the documents in a sentence, the first few by name."""
    named = [f"{one.title} ({when(one.published, one.describes)})" for one in documents[:NAMED]]
    more = len(documents) - len(named)
    listed = "; ".join([*named, *([f"and {more} more"] if more else [])])
    return f"{how_many(len(documents))}: {listed}."


def guidance(topic: Topic, documents: Sequence[KnownDocument]) -> list[str]:
    """Answer a question about the chat itself, paragraph by paragraph, without quotes."""
    scope = covered(documents)
    publishers = sorted({one.publisher for one in documents if one.publisher})
    said = {
        Topic.GREETING: ["Hello. Ask a question to see what the documents say.", scope],
        Topic.THANKS: ["You are welcome. Ask again whenever you like."],
        Topic.HELP: [
            "Footprints is a program, not a person. It finds the sentences in its documents that "
            "answer a question and quotes them word for word, and shows who says each one, when "
            "and where. It writes nothing itself.",
            "Ask in your own words: who, when, how many, what something means, what a document "
            "says or what there is about a place. You can ask follow-up questions.",
            "Each quote can be viewed in its document. If the documents do not answer, Footprints "
            "says so. It does not know whether what they say is true, or still true.",
            scope,
        ],
        Topic.DOCUMENTS: [scope],
        Topic.AGE: [
            "The documents are no newer than they say; Footprints knows nothing more recent.",
            scope,
        ],
        Topic.AUTHORS: [
            f"The documents are by {_and(publishers)}."
            if publishers
            else "Their publishers are not known.",
            "Every answer is in their words; Footprints only chooses which to quote.",
            scope,
        ],
        Topic.SHORTER: [
            "Footprints only quotes: it cannot shorten, simplify or reword what the documents say.",
            "The first quote of an answer is the one that fits best. “Quotes only”, below an "
            "answer, folds away the text around its quotes.",
        ],
    }
    return said[topic]


def how_many(documents: int) -> str:
    """Say how many documents there are."""
    return "There is one document" if documents == 1 else f"There are {documents} documents"


def extent(documents: Sequence[Dated]) -> str:
    """Say how many documents there are and of which years, behind “from”."""
    count = "one document" if len(documents) == 1 else f"{len(documents):,} documents"
    known = [found for one in documents if (found := years(one))]
    if not known:
        return count
    first, last = min(one[0] for one in known), max(one[1] for one in known)
    return f"{count} of {first}" + (f" to {last}" if last > first else "")


def titled(doc_ids: Sequence[str], title: Callable[[str], str]) -> str:
    """Name documents by their titles, the first few; the others are counted."""
    more = len(doc_ids) - _FEW
    first = [f"‘{title(doc_id)}’" for doc_id in doc_ids[:_FEW]]
    return _and([*first, f"{more} more"] if more > 0 else first)


def parts_of(answer: Answer) -> Iterator[tuple[AnswerPart, list[Citation], tuple[int, ...]]]:
    """Yield each part with the quotes that it is the first to show, and the numbers of others."""
    unseen = {citation.number: citation for citation in answer.citations}
    for part in answer.parts:
        above = tuple(number for number in part.citations if number not in unseen)
        own = [unseen.pop(number) for number in part.citations if number in unseen]
        yield part, own, above


def shown_above(numbers: Sequence[int]) -> str:
    """Lead to quotes that an earlier part of the answer has shown."""
    return f"See {_and([f'quote {number}' for number in sorted(numbers)])} above."


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def differing(answer: Answer) -> list[tuple[str, Citation, Citation]]:
    """Return each difference between documents, with the two quotes that show it."""
    numbered = {citation.number: citation for citation in answer.citations}
    pairs = ((one.about, numbered[one.first], numbered[one.second]) for one in answer.differences)
    return [
        (f"These documents differ in {_in_what(about, one, other, answer.question)}", one, other)
        for about, one, other in pairs
    ]


def _in_what(about: About, one: Citation, other: Citation, question: str) -> str:
    """Say what two quotes differ in; of a definition, what it is of."""
    if about == "definition" and (of := differently_defined(one.quote, other.quote, question)):
        return f"what {_and(of)} {'stands' if len(of) == 1 else 'stand'} for"
    return f"a {about}"


def _difference(differ: str, one: Citation, other: Citation) -> str:
    quotes = (f"quote {c.number} ({when(c.published, c.describes)})" for c in (one, other))
    return f"{differ}: {' and '.join(quotes)}."


def when(published: PartialDate | None, describes: str | None) -> str:
    """Say how old a document is: its date or, without one, the period it describes."""
    if published:
        return as_known(published)
    about = re.sub(r"^between (.+) and (.+)$", r"\1 to \2", describes or "")
    return f"no date on the page; about {about}" if about else "no date on the page"


def who_and_when(facts: Facts | Citation) -> str:
    """Say who published a document and when, as far as is known."""
    known = when(facts.published, facts.describes)
    dated = f", {known}" if facts.published else f". {known[0].upper()}{known[1:]}"
    return f"{facts.publisher or 'Publisher unknown'}{dated}"


def cited(document: Document, address: str, today: date) -> str:
    """Cite a document as plain text: whose it is, its title and date, where and when it was read.

    What the document does not say itself is in square brackets.
    """
    inferred = document.inferred

    def bracketed(fact: str, said: str) -> str:
        return f"[{said}]" if fact in inferred else said

    publisher = bracketed("publisher", document.publisher or "Publisher unknown")
    dated = (
        bracketed("published", as_known(document.published)) if document.published else "No date"
    )
    about = bracketed("describes", f"describes {document.describes}") if document.describes else ""
    when_about = "; ".join(filter(None, (dated, about)))
    return f"{publisher}. {document.title}. {when_about}. {address} (read on {day(today)})."


def original(facts: Facts | Citation) -> str:
    """Name the link to where a document was taken from, with when if that is known."""
    return f"Original page{f', retrieved {as_known(facts.retrieved)}' if facts.retrieved else ''}"


_AS_WRITTEN = {10: "%-d %B %Y", 7: "%B %Y", 4: "%Y"}


def as_known(known: PartialDate) -> str:
    """Write a date as people do, as far as it is known."""
    return f"{date.fromisoformat((known + '-01-01')[:10]):{_AS_WRITTEN[len(known)]}}"


def day(date_: date) -> str:
    """Write a date as people do."""
    return f"{date_.day} {date_:%B %Y}"


def where(headings: Sequence[str], locator: str | None) -> str:
    """Say where a quote is in its document: the headings above it, and its page if it has one."""
    return ", ".join(filter(None, (" › ".join(headings), locator)))


def context_lines(citation: Citation) -> list[str]:
    """Return what a quote needs from above to be understood, each in a line."""
    return [" ".join(one.text.split()) for one in citation.context]


def markdown_escaped(text: str) -> str:
    """Escape text so that Markdown shows every character as it is."""
    marks = re.sub(r"([\\`*_\[\]<>|&~#])", r"\\\1", text)
    # These mean something only where a line begins: bullets, numbers, rules.
    return re.sub(r"^(\s*\d*)([-+=.)])", r"\1\\\2", marks, flags=re.MULTILINE)


def read_elsewhere(reader: str, url: str) -> str:
    """Say who else reads the questions, if they are sent to a server."""
    model = _READ_BY.fullmatch(reader)
    return f"Questions are read by {model[1]} at {urlsplit(url).netloc}." if model else ""
