"""Loaders turn a file's text into clean text with blocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from footprints.corpus.clean import clean
from footprints.corpus.loaders import LOADERS
from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.markdown import read_markdown
from footprints.corpus.loaders.plain import read_plain
from footprints.types import BlockKind

HEADING, PARAGRAPH = BlockKind.HEADING, BlockKind.PARAGRAPH
ITEM, ROW = BlockKind.LIST_ITEM, BlockKind.TABLE_ROW

Shown = tuple[BlockKind, int, str]


def shown(layout: Layout) -> list[Shown]:
    """Return kind, level and text of every block."""
    return [(block.kind, block.level, layout.at(block)) for block in layout.blocks]


MARKDOWN: dict[str, tuple[str, list[Shown]]] = {
    "headings of six levels": (
        "# A\n## B\n### C\n#### D\n##### E\n###### F",
        [(HEADING, level, text) for level, text in enumerate("ABCDEF", start=1)],
    ),
    "underlined headings": ("A\n===\nB\n---", [(HEADING, 1, "A"), (HEADING, 2, "B")]),
    "a heading without words": ("# \n\nA", [(PARAGRAPH, 0, "A")]),
    "a wrapped paragraph": (
        "one\ntwo\n\nthree",
        [(PARAGRAPH, 0, "one two"), (PARAGRAPH, 0, "three")],
    ),
    "hard breaks": ("one  \ntwo\\\nthree", [(PARAGRAPH, 0, "one two three")]),
    "CRLF": ("# A\r\n\r\none\r\ntwo", [(HEADING, 1, "A"), (PARAGRAPH, 0, "one two")]),
    "nested lists": (
        "- a\n  - b\n    - c\n- d",
        [(ITEM, 1, "a"), (ITEM, 2, "b"), (ITEM, 3, "c"), (ITEM, 1, "d")],
    ),
    "ordered lists": (
        "4. a\n4. b\n   - c\n     1. d\n3) e",
        [
            (ITEM, 1, "4. a"),
            (ITEM, 1, "5. b"),
            (ITEM, 2, "c"),
            (ITEM, 3, "1. d"),
            (ITEM, 1, "3. e"),
        ],
    ),
    "a paragraph inside an item": (
        "- a\n\n  more\n- b",
        [(ITEM, 1, "a"), (PARAGRAPH, 1, "more"), (ITEM, 1, "b")],
    ),
    "an empty item": ("- a\n-\n- b", [(ITEM, 1, "a"), (ITEM, 1, "b")]),
    "a table": (
        "| Area | Lead |\n|---|---|\n| *Devon* | Angela \\| Pedder |\n| Kent | |",
        [(ROW, 1, "Area\tLead"), (ROW, 0, "Devon\tAngela | Pedder"), (ROW, 0, "Kent\t")],
    ),
    "a table inside an item": (
        "- a\n\n  | b | c |\n  |---|---|\n  | d | e |",
        [(ITEM, 1, "a"), (ROW, 1, "b\tc"), (ROW, 0, "d\te")],
    ),
    "code": (
        "`x = 1` runs\n\n    two\n    lines\n\n```py\nthree\n\nfour\n```",
        [(PARAGRAPH, 0, "x = 1 runs"), (PARAGRAPH, 0, "two lines"), (PARAGRAPH, 0, "three four")],
    ),
    "a block quote": ("> one\n> two\n>\n> - a", [(PARAGRAPH, 0, "one two"), (ITEM, 1, "a")]),
    "a block quote inside an item": ("- a\n\n  > b", [(ITEM, 1, "a"), (PARAGRAPH, 1, "b")]),
    "a rule": ("a\n\n***\n\nb", [(PARAGRAPH, 0, "a"), (PARAGRAPH, 0, "b")]),
    "emphasis": ("*a* **b** _c_ ***d***", [(PARAGRAPH, 0, "a b c d")]),
    "links": (
        "[A](x) [B][r] <http://c.d> [](e)f\n\n[r]: http://g.h",
        [(PARAGRAPH, 0, "A B http://c.d f")],
    ),
    "an image": ("![The six areas](map.png) of it", [(PARAGRAPH, 0, "The six areas of it")]),
    "an image whose words are marked up": (
        "![The *six* \\[old\\] areas](map.png)",
        [(PARAGRAPH, 0, "The six [old] areas")],
    ),
    "raw HTML": (
        "<div>\n\na<br>b <script>x()</script>\n\n<!-- c -->\n\n<table><tr><td>d<td>e</table>",
        [(PARAGRAPH, 0, "a b"), (ROW, 0, "d\te")],
    ),
    "what is struck out": ("~~£15~~ £22 <del>a</del>b", [(PARAGRAPH, 0, "£22 b")]),
    "a reference to a note": (
        "£250<sup>9</sup> for 20m<sup>2</sup>",
        [(PARAGRAPH, 0, "£250[9] for 20m²")],
    ),
    "front matter": ("---\ntitle: A\ntags: [b]\n---\nc", [(PARAGRAPH, 0, "c")]),
    "entities and escapes": (
        "A&amp;E caf&eacute; &#8217;s&nbsp;\\*x\\*",
        [(PARAGRAPH, 0, "A&E café ’s *x*")],
    ),
    "nothing to read": ("\n \n[r]: http://a.b", []),
}

PLAIN: dict[str, tuple[str, list[Shown]]] = {
    "wrapped paragraphs": (
        "one\ntwo\n\nthree",
        [(PARAGRAPH, 0, "one two"), (PARAGRAPH, 0, "three")],
    ),
    "CRLF": ("one\r\ntwo\r\n\r\nthree", [(PARAGRAPH, 0, "one two"), (PARAGRAPH, 0, "three")]),
    "blank lines that hold spaces": (
        "one\n \t\u00a0\ntwo",
        [(PARAGRAPH, 0, "one"), (PARAGRAPH, 0, "two")],
    ),
    "blank lines that hold what no one sees": (
        "one\n\u200b\ntwo",
        [(PARAGRAPH, 0, "one"), (PARAGRAPH, 0, "two")],
    ),
    "a wrapped item": ("• a\n  b\n• c", [(ITEM, 1, "a b"), (ITEM, 1, "c")]),
    "items under their lead-in": (
        "Six areas:\n  • a\n  • b\n\nAfter",
        [(PARAGRAPH, 0, "Six areas:"), (ITEM, 1, "a"), (ITEM, 1, "b"), (PARAGRAPH, 0, "After")],
    ),
    "no markup": ("# a *b* [c](d)", [(PARAGRAPH, 0, "# a *b* [c](d)")]),
    "a dash inside a line": ("Devon - Angela", [(PARAGRAPH, 0, "Devon - Angela")]),
    "a number that is not followed by a space": ("1.5 million", [(PARAGRAPH, 0, "1.5 million")]),
    "a year at the start of a line": ("2016. A year", [(PARAGRAPH, 0, "2016. A year")]),
    "a minus": ("-5 degrees", [(PARAGRAPH, 0, "-5 degrees")]),
    "nothing to read": ("\n \n\u200b", []),
}


@pytest.mark.parametrize(("source", "blocks"), MARKDOWN.values(), ids=MARKDOWN)
def test_markdown(source: str, blocks: list[Shown]) -> None:
    """A Markdown construct is read into the blocks that a reader sees."""
    assert shown(read_markdown(source)) == blocks


@pytest.mark.parametrize(("source", "blocks"), PLAIN.values(), ids=PLAIN)
def test_plain(source: str, blocks: list[Shown]) -> None:
    """Plain text is read into paragraphs and items, and nothing else is made of it."""
    assert shown(read_plain(source)) == blocks


@pytest.mark.parametrize(
    "marker",
    ["•", "◦", "▪", "‣", "·", "*", "+", "-", "–", "1.", "10.", "2)", "(3)", "a.", "b)", "(c)"],
)
def test_plain_markers(marker: str) -> None:
    """Every usual bullet and number begins an item; only a number is part of it."""
    source = f"{marker} one\n  {marker}\u00a0two\n\t{marker}\tthree"
    number = f"{marker} " if any(map(str.isalnum, marker)) else ""
    items = [(ITEM, 1, f"{number}{word}") for word in ("one", "two", "three")]
    assert shown(read_plain(source)) == items


@pytest.mark.parametrize(
    "source",
    ["\n".join(f"{'  ' * depth}- w{depth}" for depth in range(15)), ">" * 25 + " w0"],
    ids=["lists", "quotes"],
)
def test_deep_nesting_loses_no_words(source: str) -> None:
    """Words are read however deep they are nested."""
    words = [word for word in source.split() if word.startswith("w")]
    assert read_markdown(source).text.split() == words


def test_deep_emphasis_is_read() -> None:
    """Emphasis within emphasis, thousands deep, is text like any other."""
    source = "*a **b " * 1500 + "c** d* " * 1500
    assert read_markdown(source).text.split() == ["a", "b"] * 1500 + ["c", "d"] * 1500


def test_blocks_stand_apart() -> None:
    """Blocks are a blank line apart, items of a list and rows of a table one line."""
    source = "# A\n\nb\n\n- c\n- d\n\ne\n\n| f | g |\n|---|---|\n| h | i |"
    assert read_markdown(source).text == "A\n\nb\n\nc\nd\n\ne\n\nf\tg\nh\ti"


INVISIBLE = "\u0000\u0007\u007f\u00ad\u200b\u200e\u202e\u2060\u2066\ufeff\U000e0041"
SPACES = "\t\n\r\u000b\u000c\u0085\u00a0\u2003\u2028\u3000"


@pytest.mark.parametrize("invisible", INVISIBLE, ids=ascii)
def test_invisible_characters_are_dropped(invisible: str) -> None:
    """A character that no reader sees does not break a word in two."""
    assert clean(f"{invisible}foot{invisible}print{invisible}") == "footprint"


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_white_space_is_one_space(space: str) -> None:
    """Every run of white space becomes one space, and none is left at the ends."""
    assert clean(f"{space}a{space}{space}b{space}") == "a b"


@pytest.mark.parametrize("text", ["👩‍👩‍👧 ❤️ 🇬🇧", "می‌خواهم", "e\u0301 ﷺ 한 漢"], ids=ascii)
def test_what_is_visible_is_kept(text: str) -> None:
    """Joined emoji, joiners inside words and combining marks stay as they are."""
    assert clean(text) == text


def test_suffixes() -> None:
    """A format is read by its suffix: Markdown has headings, plain text has none."""
    office = {".csv", ".docx", ".ods", ".pptx", ".xlsx"}
    assert set(LOADERS) == {".htm", ".html", ".markdown", ".md", ".pdf", ".txt"} | office
    kinds = {suffix: LOADERS[suffix](b"# A").blocks[0].kind for suffix in (".markdown", ".md")}
    assert set(kinds.values()) == {HEADING}
    assert LOADERS[".txt"](b"# A").blocks[0].kind is PARAGRAPH


@pytest.mark.parametrize(("suffix", "read"), [(".md", read_markdown), (".txt", read_plain)])
def test_a_long_file_is_read_as_a_short_one(suffix: str, read: Callable[[str], Layout]) -> None:
    """Text that is read in a child process has the blocks it has here."""
    source = "# Über\n\n" + "- one\n- two\n\n| a | b |\n|-|-|\n| c | |\n\n" * 2000
    assert shown(LOADERS[suffix](source.encode())) == shown(read(source))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("suffix", [".md", ".txt"])
def test_encodings(suffix: str, encoding: str) -> None:
    """UTF-8, and what says by its mark that it is UTF-16 or UTF-32, is read."""
    assert LOADERS[suffix]("“Café”".encode(encoding)).text == "“Café”"
