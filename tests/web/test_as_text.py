"""Answers as text to paste, and conversations as Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from kept import DATED, answer, citation
from markdown_it import MarkdownIt
from tiny import document

from footprints.types import Answer, AnswerPart, AnswerStatus, Difference, Excerpt, Topic
from footprints.web.as_text import answer_as_text, conversation_as_markdown
from footprints.web.conversations import Turn
from footprints.wording import EXPLANATIONS, differing, how_far, unmentioned

ASKED = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)


def turn(given: Answer) -> Turn:
    """Return a turn of a conversation."""
    return Turn("t", "c", ASKED, given, helpful=None, words="")


def markdown(*given: Answer) -> str:
    """Return a conversation of these answers as Markdown."""
    return "".join(conversation_as_markdown([turn(one) for one in given]))


class Shown(HTMLParser):
    """What a reader of rendered Markdown sees: its elements, and the text of each kind."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(MarkdownIt("commonmark").render(source))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(tag)
        if tag not in {"br", "hr", "img"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Note text, by the outermost element it stands in."""
        if self._open:
            self.texts[self._open[0]] = self.texts.get(self._open[0], "") + data


def test_an_answer_as_text() -> None:
    """The text of an answer is its question, then each quote with number, title, date and place."""
    given = answer("Who leads?", citation("One & <b>two</b>."), DATED)
    assert answer_as_text(given) == (
        "Who leads?\n\n"
        "“One & <b>two</b>.”\n\n"
        "[1] Page. Publisher unknown. No date on the page. \n\n"
        "“Angela leads.\nHer team is small.”\n\n"
        "[2] Devon – naïve “page” 東京. A publisher, 2 August 2016. Devon › Leads\n"
    )


@pytest.mark.parametrize("status", [s for s in AnswerStatus if s.startswith("abstained")])
def test_a_no_as_text(status: AnswerStatus) -> None:
    """The text of an abstention is its sentence alone, whatever is folded away on the page."""
    text = answer_as_text(answer("Why?", further=(DATED,), status=status))
    assert text == f"Why?\n\n{EXPLANATIONS[status]}\n"


@pytest.mark.parametrize("status", [AnswerStatus.POSSIBLE, AnswerStatus.OVERVIEW])
def test_what_is_no_sure_answer_says_so_in_text(status: AnswerStatus) -> None:
    """What may help, and an overview, say what they are before their quotes."""
    given = answer("Why?", citation("One."), status=status)
    text = answer_as_text(given)
    assert text.startswith(f"Why?\n\n{how_far(given)}\n\n“One.”")


SUBJECT = replace(
    citation("Tim leads.", headings=("Kent",)),
    context=(Excerpt(90, 94, "Kent"), Excerpt(95, 105, "Area\tLead")),
)


def test_the_subject_stands_above_the_quote() -> None:
    """What a quote needs to be understood stands above it, in text and in Markdown."""
    assert "\n\nKent\nArea Lead\n“Tim leads.”\n\n" in answer_as_text(answer("Who?", SUBJECT))
    shown = Shown(markdown(answer("Who?", SUBJECT)))
    assert "Kent\nArea Lead\n“Tim leads.”" in shown.texts["blockquote"]


PARTS = replace(
    answer("Who leads *and* why?", citation("One."), DATED),
    parts=(
        AnswerPart("Who leads *?", AnswerStatus.ANSWERED, 0.9, (1,)),
        AnswerPart("Why?", AnswerStatus.POSSIBLE, 0.3, (2,)),
        AnswerPart("When?", AnswerStatus.ABSTAINED_NOT_IN_CORPUS, 0.1, ()),
    ),
)


def test_parts_as_text() -> None:
    """Each part stands under its own words with its own quotes, and says how far it answers."""
    text = answer_as_text(PARTS)
    assert text.startswith("Who leads *and* why?\n\nWho leads *?\n\n“One.”")
    assert "\n\nWhy?\n\nWe found no clear answer. These passages may help.\n\n“Angela" in text
    assert text.endswith("\n\nWhen?\n\nThe documents do not answer this.\n")
    assert text.count("We found no clear answer.") == 1


def test_a_quote_of_two_parts_stands_once() -> None:
    """A part names by their numbers the quotes that an earlier one has, and has only the others."""
    first, second, _ = PARTS.parts
    both = replace(second, citations=(1, 2))
    text = answer_as_text(replace(PARTS, parts=(first, both)))
    assert "These passages may help.\n\nSee quote 1 above.\n\n“Angela" in text
    assert text.count("“One.”") == 1


def test_parts_as_markdown() -> None:
    """In Markdown each part has a heading below its question's."""
    shown = Shown(markdown(PARTS))
    assert shown.texts["h3"] == "Who leads *?Why?When?"
    assert shown.elements.count("blockquote") == 2


def test_guidance_as_text() -> None:
    """Guidance is taken along in our words, with the documents there are, and quotes nothing."""
    given = replace(answer("hello", status=AnswerStatus.GUIDANCE), topic=Topic.GREETING)
    text = answer_as_text(given, [document("# Kent", "kent", "Kent *")])
    assert text == (
        "hello\n\nHello. Ask a question to see what the documents say.\n\n"
        "There is one document: Kent * (no date on the page).\n"
    )
    source = "".join(conversation_as_markdown([turn(given)], [document("# K", "k", "K *")]))
    assert "K \\* (no date on the page)" in source
    assert "blockquote" not in Shown(source).elements


def test_a_conversation_as_markdown() -> None:
    """Markdown has a heading for each question, when it was asked of which index, and quotes."""
    source = markdown(answer("Who leads?", DATED), answer("And why?"))
    shown = Shown(source)
    assert shown.elements.count("h1") == 1
    assert shown.elements.count("h2") == 2
    assert shown.elements.count("blockquote") == 1
    assert shown.texts["h2"] == "Who leads?And why?"
    assert shown.texts["blockquote"].strip() == "“Angela leads.\nHer team is small.”"
    assert source.count("Asked on 1 March 2026 at 09:05 UTC.") == 2
    assert "[2] Devon – naïve “page” 東京. A publisher, 2 August 2016. Devon › Leads" in source
    assert EXPLANATIONS[AnswerStatus.ABSTAINED_NOT_IN_CORPUS] in source


def test_an_empty_conversation() -> None:
    """A conversation without turns is its heading."""
    assert "".join(conversation_as_markdown([])) == "# Footprints: a conversation\n"


HOSTILE = [
    "<script>alert(1)</script><!-- x -->",
    "![x](http://evil.example/x.png) [link](javascript:alert(1)) <http://evil.example>",
    "**bold** __too__ *em* _em_ `code` ``code``",
    "# heading ## more",
    "1. item",
    "- item + item * item",
    "> quote",
    "| a | b |",
    "back\\slash \\* end\\",
    "naïve 東京 🙂 ‘quoted’ שלום",
    "[1]: http://evil.example",
    "&lt;b&gt; &amp; &#60;script&#62; &copy;",
]
LINES = [
    "one\n# two\n- three\n1. four\n> five\n***\n```\nsix",
    "one\n\ntwo\n---",
    "<div>\n<script>\nalert(1)\n</script>\n</div>",
    "one\n    two",
    "one\n===\ntwo",
    "one\n~~~\ntwo",
]


@pytest.mark.parametrize("question", HOSTILE)
def test_hostile_markdown_in_a_question(question: str) -> None:
    """A question's markup is shown as it is, in its heading, and makes no element."""
    shown = Shown(markdown(answer(question)))
    assert shown.texts["h2"] == question
    assert shown.elements == ["h1", "h2", "p", "p"]


@pytest.mark.parametrize("quote", [*HOSTILE, *LINES])
def test_hostile_markdown_in_a_quote(quote: str) -> None:
    """A quote's markup is shown as it is, in its block, and makes no element."""
    shown = Shown(markdown(answer("Who?", citation(quote))))
    words = [line.split() for line in shown.texts["blockquote"].splitlines() if line.strip()]
    assert words == [line.split() for line in f"“{quote}”".splitlines() if line.strip()]
    assert set(shown.elements) == {"h1", "h2", "p", "blockquote"}
    assert shown.elements.count("blockquote") == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "![x](http://evil.example)", "*a*"])
def test_hostile_markdown_in_a_source(text: str) -> None:
    """A source's markup is shown as it is too: it comes from documents."""
    source = citation("Quote.", title=text, publisher=text, headings=(text, text))
    shown = Shown(markdown(answer("Who?", source)))
    assert set(shown.elements) == {"h1", "h2", "p", "blockquote"}
    assert shown.texts["p"].count(text) == 4


def test_text_is_not_escaped() -> None:
    """Text to paste is no Markdown: it stands as it is."""
    given = answer("*Who* leads [it]?", citation("#1 is **she**."))
    assert "*Who* leads [it]?" in answer_as_text(given)
    assert "“#1 is **she**.”" in answer_as_text(given)


REMARKED = replace(
    answer("Wich STP?", citation("One."), DATED),
    searched_for="Which *STP*?",
    status=AnswerStatus.POSSIBLE,
    unmentioned=("King’s *Fund*",),
    differs=True,
    differences=(Difference(1, 2, "date"),),
)
DIFFER = (
    "These documents differ in a date: quote 1 (no date on the page) and quote 2 (2 August 2016)."
)


def test_remarks_stand_before_the_quotes() -> None:
    """The text says what it searched for, which names are nowhere, how far, and what differs."""
    text = answer_as_text(REMARKED)
    assert text.startswith(
        "Wich STP?\n\nSearched for: Which *STP*?\n\nNo document mentions ‘King’s *Fund*’.\n\n"
        "We found no clear answer. These passages may help.\n\n"
        f"{DIFFER}\n\n“One.”"
    )


def test_remarks_in_markdown() -> None:
    """Markdown says so too, and shows every character of it as itself."""
    shown = Shown(markdown(REMARKED))
    assert set(shown.elements) == {"h1", "h2", "p", "blockquote"}
    for remark in (
        "Searched for: Which *STP*?",
        "No document mentions ‘King’s *Fund*’.",
        "We found no clear answer.",
        DIFFER,
    ):
        assert remark in shown.texts["p"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Mars",), "‘Mars’"),
        (("Mars", "Ys"), "‘Mars’ or ‘Ys’"),
        (("A", "B", "C"), "‘A’, ‘B’ or ‘C’"),
    ],
)
def test_names_that_are_missing_are_said_at_once(names: tuple[str, ...], said: str) -> None:
    """However many names no document mentions, one sentence says so."""
    assert unmentioned(names) == f"No document mentions {said}."
    assert unmentioned(names, "by the RCN") == f"No document by the RCN mentions {said}."


def test_what_differs_is_named() -> None:
    """A definition that differs says of what, and only “a definition” where the quotes do not."""
    plan = "Sustainability and transformation plans (STPs)."
    partnership = "STP stands for sustainability and transformation partnership."
    given = replace(
        REMARKED, question="What is an STP?", differences=(Difference(1, 2, "definition"),)
    )
    one, other = given.citations[:2]
    spelled = replace(one, quote=plan), replace(other, quote=partnership)
    (said, *_), (unsaid, *_) = (
        differing(replace(given, citations=citations))[0] for citations in (spelled, (one, other))
    )
    assert said == "These documents differ in what STP stands for"
    assert unsaid == "These documents differ in a definition"
