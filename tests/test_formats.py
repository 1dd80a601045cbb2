"""HTML, DOCX and PDF are read into the blocks that a reader sees."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from fakes import FakeEncoder
from test_hostile import FONT, PAGE, body, docx, paragraph, pdf, simple_pdf, stream
from test_loaders import HEADING, ITEM, PARAGRAPH, ROW, Shown, shown
from tiny import answerer_of

from footprints.corpus.loaders import child
from footprints.corpus.loaders.docx import read_docx
from footprints.corpus.loaders.html import read_html
from footprints.corpus.loaders.layout import Layout
from footprints.corpus.loaders.pdf import read_pdf
from footprints.corpus.loaders.pdf_glyph import Glyph
from footprints.corpus.loaders.pdf_lines import Line, Vocabulary, lines_of
from footprints.corpus.read import SourceFile, read_document, read_layout
from footprints.errors import BadCorpus
from footprints.types import UNKNOWN, Block, BlockKind, Document, Facts, PartialDate, Span
from footprints.wording import where

FILES = ROOT / "tests" / "files"
READERS = {".docx": read_docx, ".html": read_html, ".pdf": read_pdf}

HTML: dict[str, tuple[str, list[Shown]]] = {
    "headings": ("<h1>A</h1><h6>B</h6>", [(HEADING, 1, "A"), (HEADING, 6, "B")]),
    "a heading by its role": (
        "<div role=heading aria-level=3>A</div><div role=heading>B</div>",
        [(HEADING, 3, "A"), (HEADING, 2, "B")],
    ),
    "a button that is a heading": ("<h2><button>A</button></h2>", [(HEADING, 2, "A")]),
    "readings above characters": (
        "<p><ruby>漢<rt>kan</rt></ruby> <ruby>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby>",
        [(PARAGRAPH, 0, "漢 (kan) 字 (ji)")],
    ),
    "the sign of a note that leads back": (
        "<p><a href='#a'>1</a>Half.<p><a href='#b'>2</a> of us.",
        [(PARAGRAPH, 0, "[1] Half."), (PARAGRAPH, 0, "2 of us.")],
    ),
    "a table in a row of a table with heads": (
        "<table><thead><tr><td>A<td>B</thead><tr><td>C<td><table><tr><td>D<td>E</table></table>",
        [(ROW, 1, "A\tB"), (ROW, 0, "C\tD E")],
    ),
    "words beside blocks": (
        "a <b>b</b><p>c</p>d<div>e</div>",
        [(PARAGRAPH, 0, text) for text in ("a b", "c", "d", "e")],
    ),
    "links keep their text": ("<p>see <a href=x>the plan</a>.", [(PARAGRAPH, 0, "see the plan.")]),
    "line breaks": (
        "<p>one<br>two<br><br>three",
        [(PARAGRAPH, 0, "one two"), (PARAGRAPH, 0, "three")],
    ),
    "nested lists": (
        "<ul><li>a<ol><li>b</li></ol>c</li><li><p>d</p><p>e</p></li></ul>f",
        [
            (ITEM, 1, "a"),
            (ITEM, 2, "1. b"),
            (PARAGRAPH, 1, "c"),
            (ITEM, 1, "d"),
            (PARAGRAPH, 1, "e"),
            (PARAGRAPH, 0, "f"),
        ],
    ),
    "numbered lists": (
        "<ol start=3><li>a<ol type=a><li>b<li><p>c</p><p>d</p></ol><li value=7>e<li>f</ol>",
        [
            (ITEM, 1, "3. a"),
            (ITEM, 2, "a. b"),
            (ITEM, 2, "b. c"),
            (PARAGRAPH, 2, "d"),
            (ITEM, 1, "7. e"),
            (ITEM, 1, "8. f"),
        ],
    ),
    "lists numbered in other ways": (
        "<ol type=I reversed><li>a<li type=i>b</ol><ol start=0 type=A><li>c<li>d</ol>"
        "<ol style='list-style: none'><li>e</ol><ol class=list-unstyled start=x><li>f</ol>",
        [(ITEM, 1, text) for text in ("II. a", "i. b", "0. c", "A. d", "e", "f")],
    ),
    "terms": (
        "<dl><dt>a</dt><dd>b</dd><dt>c</dt><dd>d</dd></dl>",
        [(ITEM, 1, "a"), (ITEM, 2, "b"), (ITEM, 1, "c"), (ITEM, 2, "d")],
    ),
    "a table": (
        "<table><caption>T</caption><tr><th>a<th>b</tr><tr><th>c<td><p>d</p><p>e</p></tr></table>",
        [(PARAGRAPH, 0, "T"), (ROW, 1, "a\tb"), (ROW, 0, "c\td e")],
    ),
    "joined cells": (
        "<table><tr><td rowspan=2>a<td colspan=2>b</tr><tr><td>c<td>d</tr></table>",
        [(ROW, 0, "a\tb\t"), (ROW, 0, "a\tc\td")],
    ),
    "a table that lays out": (
        "<table><tr><td><h2>A</h2><p>b</p></td><td>c</td></tr></table>",
        [(HEADING, 2, "A"), (PARAGRAPH, 0, "b"), (PARAGRAPH, 0, "c")],
    ),
    "a table of one column": (
        "<table><tr><td>a</tr><tr><td>b</tr></table>",
        [(PARAGRAPH, 0, "a"), (PARAGRAPH, 0, "b")],
    ),
    "a reference to a footnote": (
        '<p>a<sup><a href="#1">2</a></sup> so<sup>2</sup></p><p id=1>n <a href="#r">↩</a></p>',
        [(PARAGRAPH, 0, "a[2] so[2]"), (PARAGRAPH, 0, "n")],
    ),
    "formulas": (
        "<p>Be <math><mi>π</mi><msup><mi>r</mi><mn>2</mn></msup></math> or <math><semantics><mfrac>"
        "<mn>1</mn><msqrt><mi>x</mi><mo>+</mo><msub><mi>a</mi><mn>1</mn></msub></msqrt></mfrac>"
        "<annotation>\\frac</annotation></semantics></math> or"
        " <math><msup><mi>e</mi><mrow><mi>i</mi><mi>x</mi></mrow></msup></math>.",
        [(PARAGRAPH, 0, "Be πr² or 1/(√(x+a_1)) or e^ix.")],
    ),
    "what is raised": (
        "<p>£250<sup>9</sup> £5<sup>1, 2</sup> a<sup>*</sup> 4<sup>th</sup> 3 km<sup>2</sup>"
        " 10<sup>-6</sup> 5 rooms<sup>2</sup> £4m<sup>9</sup> €2 m<sup>3</sup> 40m<sup>2</sup>"
        " (x + y)<sup>2</sup> (so)<sup>2</sup> 4m<sup>9</sup>",
        [
            (
                PARAGRAPH,
                0,
                "£250[9] £5[1, 2] a[*] 4th 3 km² 10⁻⁶ 5 rooms[2] £4m[9] €2 m[3] 40m² "
                "(x + y)² (so)[2] 4m[9]",
            )
        ],
    ),
    "what is struck out": (
        "<p>It costs <del>£15</del> <s>£16</s> <span style='text-decoration: line-through'>£17"
        "</span> <ins>£22</ins>.",
        [(PARAGRAPH, 0, "It costs £22.")],
    ),
    "the footer of a quotation": (
        "<main><blockquote>Well said.<footer>— Ada</footer></blockquote><footer>c</footer></main>",
        [(PARAGRAPH, 0, "Well said."), (PARAGRAPH, 0, "— Ada")],
    ),
    "what no one sees": (
        "<p hidden>a</p><p style='display: none'>b</p><i aria-hidden=true>c</i><script>d</script>"
        "<template>e</template><span class='sr-only'>f</span><p hidden=until-found>g",
        [(PARAGRAPH, 0, "g")],
    ),
    "what stands beside": (
        "<nav>a</nav><form><p>b</p></form><footer>c</footer><div role=search>d</div>"
        "<div class='cookie-banner'>e</div><aside><a href=x>f</a></aside><aside>Note: g</aside>",
        [(PARAGRAPH, 0, "b"), (PARAGRAPH, 0, "Note: g")],
    ),
    "comments": ("a<!-- b -->c<?php d ?>", [(PARAGRAPH, 0, "ac")]),
}


@pytest.mark.parametrize(("source", "blocks"), HTML.values(), ids=HTML)
def test_html(source: str, blocks: list[Shown]) -> None:
    """An HTML construct is read into the blocks that a reader sees."""
    assert shown(read_html(f"<body><main>{source}</main>".encode())) == blocks


@pytest.mark.parametrize("path", sorted(FILES.glob("*.*")), ids=lambda path: path.name)
def test_a_child_reads_as_its_parent_would(path: Path) -> None:
    """Nothing of a document is lost or changed on the way from the child process."""
    if path.suffix not in READERS:
        pytest.skip("no document")
    content = path.read_bytes()
    there, here = read_layout(SourceFile(path, content)), READERS[path.suffix](content)
    assert (there.text, there.blocks) == (here.text, here.blocks)
    assert (there.warnings, there.proposed) == (here.warnings, here.proposed)
    assert there.left_out == here.left_out


def test_what_a_child_says() -> None:
    """A child gives blocks, or why there are none, whatever its libraries raise."""
    page = (FILES / "page.html").read_bytes()
    assert next(child._read(".html", page)) == "heading\t1\t#main\tCommunity hubs explained"
    says = ["refused\tis damaged or not a DOCX file; save it again."]
    assert list(child._read(".docx", b"")) == says
    deep = docx(body("<w:tbl><w:tr><w:tc>" * 20_000))
    assert next(child._read(".docx", deep)).startswith("refused\t")


PAGES = {
    "a page that marks nothing": '<div class="c">{}</div>',
    "a page within a wrapper": '<div><div class="a"><div>{}</div></div></div>',
    "a page that marks it": "<main>{}</main>",
    "a page that marks it by a role": "<div role=main>{}</div>",
    "a page that has a hidden one too": "<main hidden>Draft only</main><main>{}</main>",
}
AROUND = (
    '<html><body><ul class="menu"><li><a href="/">Home</a></li><li><a href="/a">About us</a></li>'
    '</ul>{}<div class="foot"><a href="/p">Privacy</a> <a href="/t">Terms of use</a></div></body>'
)
LONG = "<p>" + "The partnership publishes its plan every spring, after a long debate. " * 6 + "</p>"


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_main_content(page: str) -> None:
    """Menus and footers around the content are left out, and none of the content is."""
    inside = f"<h1>Plan</h1>{LONG}<ul><li>a short item</li><li>another</li></ul>{LONG}<p>End.</p>"
    layout = read_html(AROUND.format(page.format(inside)).encode())
    texts = [text for _, _, text in shown(layout)]
    assert layout.left_out == ["Home About us", "Privacy Terms of use"]
    assert texts[0] == "Plan"
    assert texts[2:4] == ["a short item", "another"]
    assert texts[-1] == "End."
    assert len(texts) == 6


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ("<h1>Ferry rules</h1><span>From May</span></header><div>", ["Ferry rules", "From May"]),
        ("<h1><a href=/>The harbour</a></h1></header><div>", []),
        ("<h1>The harbour</h1></header><div><h1>Ferry rules</h1>", ["Ferry rules"]),
    ],
    ids=["title", "home", "two"],
)
def test_the_heading_of_a_page(head: str, first: list[str]) -> None:
    """A header with the only title of its page is read, one that names the site is not."""
    page = f"<body><section><header>{head}{LONG}<p>End.</p></div></section></body>"
    texts = [text for _, _, text in shown(read_html(page.encode()))]
    assert texts[:-2] == first
    assert texts[-1] == "End."


def test_what_stands_beside_the_content_is_named() -> None:
    """What is left out around the content and in it is named once and cut; the unseen is not."""
    layout = read_html(
        b"<body>Loose words<nav>Home<script>x()</script></nav><p hidden>Draft</p><main><p>Text.</p>"
        b"<aside><a href=/>Next page</a></aside><p class=sr-only>Opens here</p></main><footer>"
        + b"Very long words. " * 90
        + b"</footer><script>y()</script></body>"
    )
    *short, long = layout.left_out
    assert short == ["Loose words", "Home", "Next page", "Opens here"]
    assert long.endswith("Very long …")
    assert len(long) < 310


def test_a_page_of_frames() -> None:
    """Of frames is read what the page says to those who see none; without that it is refused."""
    page = "<title>T</title><frameset><frame src=a>{}</frameset>"
    seen = page.format("<noframes><body><h1>Tides</h1><p>At nine.</body></noframes>")
    layout = read_html(seen.encode())
    assert shown(layout) == [(HEADING, 1, "Tides"), (PARAGRAPH, 0, "At nine.")]
    assert layout.warnings[-1] == "The page shows other pages, in frames; they are not read."
    with pytest.raises(BadCorpus, match="only shows other pages, in frames; take those pages"):
        read_html(page.format("").encode())


def locators(layout: Layout) -> list[str | None]:
    """Return the locator of every block."""
    return [block.locator for block in layout.blocks]


def test_anchors() -> None:
    """A block says the nearest id at or above it; one inside a closed element is none of it."""
    source = (
        "<p>0</p><h2 id=a>1</h2><p>2</p><div id=b><p>3</p></div><p>4</p><h3><a name=c></a>5</h3>"
        "<p>6</p><ul><li id='d e'>7</li><li id=f>8</li></ul><h2>9</h2>"
    )
    layout = read_html(f"<main>{source}</main>".encode())
    assert locators(layout) == [None, "#a", "#a", "#b", "#a", "#c", "#c", "#c", "#f", "#c"]


METADATA = {
    '<meta property="og:title" content="A"><title>B</title>': replace(UNKNOWN, title="A"),
    "<title>B</title>": replace(UNKNOWN, title="B"),
    '<meta name="DC.Publisher" content=" P ">': replace(UNKNOWN, publisher="P"),
    '<meta name="DCTERMS.issued" content="2020-01-02">': replace(
        UNKNOWN, published=PartialDate("2020-01-02")
    ),
    '<meta name="dc.date" content="January 2020">': replace(
        UNKNOWN, published=PartialDate("2020-01")
    ),
    '<meta name="dc.date" content="2020"><meta name="date" content="1 July 2020">': replace(
        UNKNOWN, published=PartialDate("2020-07-01")
    ),
    '<meta name="dcterms.title" content="T">': replace(UNKNOWN, title="T"),
    '<meta name="publisher" content="P">': replace(UNKNOWN, publisher="P"),
    '<link rel="canonical" href="/here"><meta property="og:url" content="https://a.b/c">': replace(
        UNKNOWN, url="https://a.b/c"
    ),
    '<link rel="canonical" href="javascript:alert(1)">': UNKNOWN,
    '<script type="application/ld+json">{"@graph": [{"datePublished": "2020-01-02T00:00", '
    '"publisher": {"name": "P"}}]}</script>': Facts(None, "P", PartialDate("2020-01-02"), None),
    '<script type="application/ld+json">[' + "[" * 100_000 + "</script>": UNKNOWN,
    '<script type="application/ld+json">{"publisher": "P", "datePublished": 3}</script>': UNKNOWN,
}


AUTHORS = {
    '<meta name="author" content="Ann">': ("Ann", None),
    '<meta name="dc.creator" content="A trust"><meta name="author" content="Ann">': (
        "A trust",
        None,
    ),
    '<meta property="article:author" content="https://example.org/ann">': (None, None),
    '<meta name="author" content="admin">': (None, None),
    '<meta property="article:modified_time" content="2022-07-01T09:00:00Z">': (
        None,
        PartialDate("2022-07-01"),
    ),
    '<script type="application/ld+json">{"author": [{"name": "Ann"}, 3], '
    '"dateModified": "1 July 2022"}</script>': ("Ann", PartialDate("2022-07-01")),
}


@pytest.mark.parametrize(("head", "said"), AUTHORS.items(), ids=range(len(AUTHORS)))
def test_who_made_a_page_and_when(head: str, said: tuple[str | None, PartialDate | None]) -> None:
    """An author and the day of the last change are told apart from a publisher and a date."""
    html = f"<html><head>{head}</head><body><main><p>Words.</p></main></body></html>"
    layout = read_html(html.encode())
    assert (layout.author, layout.made) == said
    assert layout.proposed == UNKNOWN


def test_who_made_a_file_and_when() -> None:
    """Word and PDF say it in their properties; it comes through the process that reads them."""
    guide = read_layout(SourceFile(Path("guide.docx"), (FILES / "guide.docx").read_bytes()))
    assert (guide.author, str(guide.made)) == ("Severn Vale Care Partnership", "2026-11-22")
    report = read_layout(SourceFile(Path("report.pdf"), (FILES / "report.pdf").read_bytes()))
    assert (report.author, str(report.made)) == (None, "2026-11-22")


@pytest.mark.parametrize(("head", "proposed"), METADATA.items(), ids=range(len(METADATA)))
def test_what_a_page_says_of_itself(head: str, proposed: Facts) -> None:
    """Title, publisher and date come from the page's own metadata, and are never made up."""
    html = f"<html><head>{head}</head><body><main><p>Words.</p></main></body></html>"
    assert read_html(html.encode()).proposed == proposed


def test_a_footnote_stands_in_its_section() -> None:
    """Every footnote of a Word document is read once, before the next heading."""
    texts = [text for _, _, text in shown(read_docx((FILES / "guide.docx").read_bytes()))]
    assert texts.index("[1] Estimate of the statistics office for mid 2020.") + 1 == texts.index(
        "Who leads it"
    )
    assert sum("Estimate of the statistics office" in text for text in texts) == 1


def test_a_document_without_headings() -> None:
    """A Word document that only looks as if it had headings is read with a warning."""
    layout = read_docx(docx(body(paragraph("Words."))))
    assert layout.warnings == ["It has no headings; give headings a heading style in Word."]


def test_headings_by_their_outline_level() -> None:
    """A style of any name is a heading if it stands in the outline."""
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    styles = (
        f'<w:styles xmlns:w="{name}"><w:style w:type="paragraph" w:styleId="X"><w:name '
        'w:val="Kapitel"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style></w:styles>'
    )
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="s" Target="styles.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/styles"/></Relationships>'
    )
    heading = '<w:p><w:pPr><w:pStyle w:val="X"/></w:pPr><w:r><w:t>A</w:t></w:r></w:p>'
    more = {"word/styles.xml": styles.encode(), "word/_rels/document.xml.rels": links.encode()}
    assert shown(read_docx(docx(body(heading + paragraph("b")), **more))) == [
        (HEADING, 2, "A"),
        (PARAGRAPH, 0, "b"),
    ]


def test_a_locked_document() -> None:
    """An archive whose parts need a password is refused with that reason."""
    file = io.BytesIO(docx(body(paragraph("x"))))
    with zipfile.ZipFile(file) as archive:
        first = archive.infolist()[0].header_offset
    content = bytearray(file.getvalue())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert first == 0
    with pytest.raises(BadCorpus, match="has a password; save it without one"):
        read_docx(bytes(content))


def drawn(*words: tuple[float, float, str], size: int = 12, more: bytes = b"") -> bytes:
    """Write a page: words at places from the lower left corner."""
    parts = [
        b"BT /F %d Tf %d %d Td (%s) Tj ET" % (size, x, y, text.encode()) for x, y, text in words
    ]
    return stream(b"\n".join(parts) + b"\n" + more)


def one_page(content: bytes, root: bytes = b"", *more: bytes) -> Layout:
    """Read a PDF of one page."""
    return read_pdf(pdf([*simple_pdf(root, content=content), *more]))


def test_columns_out_of_order() -> None:
    """Lines that were written across two columns are read down one and then the other."""
    rows = [("Left one goes on and", "Right one goes on and"), ("left two ends.", "right two")]
    words = []
    for number, (left, right) in enumerate(rows):
        words += [(20, 200 - 14 * number, left), (160, 200 - 14 * number, right)]
    shuffled = [words[3], words[0], words[2], words[1]]
    assert one_page(drawn(*shuffled)).text == (
        "Left one goes on and left two ends.\n\nRight one goes on and right two"
    )


def test_a_table_by_its_lines() -> None:
    """Words between drawn lines are the cells of a table; joined cells are said once."""
    lines = b"".join(
        b"%d %d m %d %d l S\n" % line
        for line in [
            *((20, y, 220, y) for y in (220, 200, 180, 160)),
            (20, 160, 20, 220),
            (120, 180, 120, 220),
            (220, 160, 220, 220),
        ]
    )
    content = drawn(
        (25, 205, "Area"), (125, 205, "Millions"), (25, 185, "Kent"), (125, 185, "9.5"),
        (25, 165, "All of it"), (20, 240, "Before"), (20, 130, "After"), more=lines,
    )  # fmt: skip
    assert shown(one_page(content)) == [
        (PARAGRAPH, 0, "Before"),
        (ROW, 1, "Area\tMillions"),
        (ROW, 0, "Kent\t9.5"),
        (ROW, 0, "All of it\t"),
        (PARAGRAPH, 0, "After"),
    ]


def test_headings_by_the_outline() -> None:
    """What the outline names is a heading of its level, however it looks."""
    content = drawn((20, 250, "First part"), (20, 200, "Words of it."), (20, 150, "A detail"))
    layout = one_page(
        content,
        b"/Outlines 6 0 R",
        b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 2>>",
        b"<</Title(First  part)/Parent 6 0 R/First 8 0 R/Last 8 0 R/Count 1/Dest[3 0 R/Fit]>>",
        b"<</Title(A detail)/Parent 7 0 R/Dest[3 0 R/Fit]>>",
    )
    assert [(kind, level) for kind, level, _ in shown(layout)] == [
        (HEADING, 1),
        (PARAGRAPH, 0),
        (HEADING, 2),
    ]


def test_headers_and_footers() -> None:
    """What pages repeat at their ends is no content, whatever page number stands in it."""
    pages = [
        drawn((20, 280, "The report"), (20, 200, words), (20, 20, f"Page {number} of 3"))
        for number, words in enumerate(["It begins and", "goes on here. Then", "it ends."], 1)
    ]
    kids = b" ".join(b"%d 0 R" % number for number in (3, 7, 9))
    objects = simple_pdf(pages=b"/Kids[" + kids + b"]/Count 3", content=pages[0])
    for number, content in ((8, pages[1]), (10, pages[2])):
        objects += [b"<<>>"] if len(objects) == 5 else []
        objects += [PAGE.replace(b"/Contents 4", b"/Contents %d" % number), content]
    layout = read_pdf(pdf(objects))
    assert layout.text == "It begins and goes on here. Then it ends."
    assert locators(layout) == ["pages 1–3"]


def test_pages_without_text_are_named() -> None:
    """A page without words among others is a warning only if it has pictures."""
    assert one_page(drawn((20, 200, "Words."))).warnings == []
    with pytest.raises(BadCorpus, match="has no text; give it text or remove it"):
        one_page(stream(b""))


def test_turned_text_is_named() -> None:
    """Text at an angle, as of a stamp across the page, is left out with a warning."""
    stamp = b"BT /F 40 Tf 0.7 0.7 -0.7 0.7 60 60 Tm (DRAFT) Tj ET"
    layout = one_page(drawn((20, 200, "Words."), more=stamp))
    assert layout.text == "Words."
    assert layout.warnings == ["Text at an angle was left out on page 1."]


def line(text: str) -> Line:
    """Make a line of glyphs of equal width."""
    glyphs = [Glyph(c, 6 * at, 0, 6 * at + 6, 12, 12, False, 0) for at, c in enumerate(text)]
    return lines_of(glyphs, 1)[0]


@pytest.mark.parametrize(
    ("before", "parts", "joined"),
    [
        (["the footprint"], ["a foot-", "print"], "a footprint"),
        (["a well-known plan"], ["a well-", "known one"], "a well-known one"),
        (["a long-term plan", "the term"], ["a mid-", "term one"], "a mid-term one"),
        (["the footprint", "a foot-", "print"], ["recon-", "figured"], "reconfigured"),
        (["the footprint", "a foot-", "print"], ["short-", "age of"], "shortage of"),
        (["the footprint", "a foot-", "print"], ["high-", "quality"], "high-quality"),
        (["words"], ["so\u00ad", "called"], "socalled"),
        (["words"], ["re-", "figured"], "re-figured"),
        (["words"], ["2016-", "17 and"], "2016-17 and"),
        (["words"], ["the A-", "Z"], "the A-Z"),
        (["words"], ["so –", "they say"], "so – they say"),
    ],
)
def test_hyphens_at_the_ends_of_lines(before: list[str], parts: list[str], joined: str) -> None:
    """A hyphen that only ends a line goes; one of the word, as the document has it, stays."""
    assert Vocabulary(map(line, before)).join(parts) == joined


def test_the_font_is_there() -> None:
    """The pages of these tests are set in a font that every reader of PDF has."""
    assert b"Helvetica" in FONT


@pytest.mark.parametrize(("start", "locator"), [(0, "page 1"), (3, "page 1"), (4, None), (9, "x")])
def test_the_locator_of_a_place(start: int, locator: str | None) -> None:
    """A place is found where the block is in which it begins."""
    blocks = (
        Block(BlockKind.PARAGRAPH, 0, 0, 3, "page 1"),
        Block(BlockKind.PARAGRAPH, 0, 4, 7),
        Block(BlockKind.PARAGRAPH, 0, 8, 11, "x"),
    )
    document = Document("A", None, None, None, "a", (), "a.md", "one two red", blocks)
    assert document.locator(Span(start, 11)) == locator
    assert Document("A", None, None, None, "a", (), "a", "", ()).locator(Span(0, 0)) is None


@pytest.mark.parametrize(
    ("headings", "locator", "said"),
    [
        (("A", "B"), "page 3", "A › B, page 3"),
        (("A",), None, "A"),
        ((), "page 3", "page 3"),
        ((), None, ""),
    ],
)
def test_where_a_quote_stands(headings: tuple[str, ...], locator: str | None, said: str) -> None:
    """People are told the headings above a quote and its page, whichever there are."""
    assert where(headings, locator) == said


@pytest.mark.parametrize(("name", "locator"), [("report.pdf", "page 2"), ("guide.docx", None)])
def test_citations_say_where(name: str, locator: str | None) -> None:
    """A passage of a PDF is cited with its page."""
    path = FILES / name
    document, _ = read_document(SourceFile(path, path.read_bytes()), None)
    answerer = answerer_of(FakeEncoder(), document)
    answer = answerer.answer(document.at(document.blocks[-1])[:90])
    cited = [*answer.citations, *answer.further]
    assert all(one.locator == document.locator(Span(one.start, one.end)) for one in cited)
    assert locator in {one.locator for one in cited}
