"""Words for people that more than one door uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from footprints.types import About, Answer, AnswerStatus, Citation, Document, Facts, Topic

EXPLANATIONS = {
    AnswerStatus.ANSWERED: "The documents answer this.",
    AnswerStatus.POSSIBLE: "We found no clear answer. These passages may help.",
    AnswerStatus.OVERVIEW: "An overview, in the documents’ own words.",
    AnswerStatus.GUIDANCE: "About this service, in our words.",
    AnswerStatus.ABSTAINED_OFF_TOPIC: "This does not seem to be about what the documents cover.",
    AnswerStatus.ABSTAINED_NOT_IN_CORPUS: "The documents do not answer this.",
    AnswerStatus.ABSTAINED_NEEDS_REPHRASING: (
        "It is not clear what this asks about; "
        "ask again and name the place, plan or organisation you mean."
    ),
}
"""What to tell the asker, by status."""

FURTHER = "More from the documents"
NAMED = 8
"""So many documents are named where they are listed in a sentence."""

SEARCHED_FOR = "Searched for:"
DIFFER: dict[About, str] = {
    "figure": "These pages differ in a figure",
    "date": "These pages differ in a date",
    "definition": "These pages differ in a definition",
}


def remarks(answer: Answer) -> list[str]:
    """Say what to know before the quotes.

    What was searched for, which names no document has, how far it answers where that is not
    surely, and differences. Each of several parts says for itself how far it answers.
    """
    searched = [f"{SEARCHED_FOR} {answer.searched_for}"] if answer.searched_for else []
    plain = AnswerStatus.ANSWERED, AnswerStatus.GUIDANCE
    how_far = (
        [EXPLANATIONS[answer.status]] if answer.status not in plain and not answer.parts else []
    )
    differ = [_difference(*found) for found in differing(answer)]
    return [*searched, *map(unmentioned, answer.unmentioned), *how_far, *differ]


def unmentioned(name: str) -> str:
    """Say that no document has a name."""
    return f"No document mentions {name}."


def announcement(answer: Answer) -> str:
    """Say in a sentence or two what came of a question, for those who do not see it."""
    first = [_outcome(answer.status, len(answer.citations))]
    if answer.parts:
        first = [
            f"{part.question} {_outcome(part.status, len(part.citations))}" for part in answer.parts
        ]
    others = (remark for remark in remarks(answer) if remark not in first)
    return " ".join([*first, *others])


def _outcome(status: AnswerStatus, count: int) -> str:
    if status is not AnswerStatus.ANSWERED:
        return EXPLANATIONS[status]
    return f"Answered with {count} quote{'' if count == 1 else 's'}."


def covered(documents: Sequence[Document]) -> str:
    """Say what the documents are, the first few by name."""
    named = [f"{one.title} ({when(one.published, one.describes)})" for one in documents[:NAMED]]
    more = len(documents) - len(named)
    listed = "; ".join([*named, *([f"and {more} more"] if more else [])])
    return f"{how_many(len(documents))}: {listed}."


def guidance(topic: Topic, documents: Sequence[Document]) -> list[str]:
    """Say what people ask of the chat itself, paragraph by paragraph; no word of it is a quote."""
    scope = covered(documents)
    publishers = sorted({one.publisher for one in documents if one.publisher})
    said = {
        Topic.GREETING: ["Hello. Ask a question, and see what the documents say.", scope],
        Topic.THANKS: ["You are welcome. Ask again whenever you like."],
        Topic.HELP: [
            "Footprints is a program, not a person. It finds the sentences in its documents that "
            "answer a question and quotes them word for word, each with who says it, when and "
            "where. It writes no text of its own.",
            "Ask in your own words: who, when, how many, what something means, what a document "
            "says or what there is about a place. A question can follow up on the one before.",
            "Each quote can be seen in its place. If the documents do not answer, it says so. It "
            "does not know whether what they say is true, or still true.",
            scope,
        ],
        Topic.DOCUMENTS: [scope],
        Topic.AGE: [
            "The documents are as old as they say; nothing newer is known here.",
            scope,
        ],
        Topic.AUTHORS: [
            f"The documents are by {_and(publishers)}." if publishers else "Nobody is named.",
            "What stands in an answer is theirs, word for word; the program only chooses it.",
            scope,
        ],
    }
    return said[topic]


def how_many(documents: int) -> str:
    """Say how many documents there are."""
    return "There is one document" if documents == 1 else f"There are {documents} documents"


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def differing(answer: Answer) -> list[tuple[str, Citation, Citation]]:
    """Return what the pages differ in, each with the two quotes that show it."""
    numbered = {citation.number: citation for citation in answer.citations}
    return [
        (DIFFER[difference.about], numbered[difference.first], numbered[difference.second])
        for difference in answer.differences
    ]


def _difference(differ: str, one: Citation, other: Citation) -> str:
    quotes = (f"quote {c.number} ({when(c.published, c.describes)})" for c in (one, other))
    return f"{differ}: {' and '.join(quotes)}."


def when(published: date | None, describes: str | None) -> str:
    """Say how old a document is: its date, or that it has none and what period it speaks of."""
    if published:
        return f"{published.day} {published:%B %Y}"
    return f"undated; describes {describes}" if describes else "undated"


def who_and_when(facts: Facts | Citation) -> str:
    """Say who published a document and when, as far as is known."""
    return f"{facts.publisher or 'Publisher unknown'}, {when(facts.published, facts.describes)}"


def where(headings: Sequence[str], locator: str | None) -> str:
    """Say where in a document a quote stands: the headings above it and, say, its page."""
    return ", ".join(filter(None, (" › ".join(headings), locator)))


def markdown_escaped(text: str) -> str:
    """Write text so that Markdown reads every character of it as itself."""
    marks = re.sub(r"([\\`*_\[\]<>|&~#])", r"\\\1", text)
    # These mean something only where a line begins: bullets, numbers, rules.
    return re.sub(r"^(\s*\d*)([-+=.)])", r"\1\\\2", marks, flags=re.MULTILINE)
