"""DOCX: Word's headings, lists, tables and footnotes, by way of the HTML that mammoth makes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import mammoth
from lxml import etree
from lxml.html import HtmlElement, document_fromstring, fragment_fromstring

from footprints.corpus.dates import date_of
from footprints.corpus.loaders.archive import opened_archive, parse
from footprints.corpus.loaders.dom import heading_level, read_tree
from footprints.corpus.loaders.html import decode_html
from footprints.corpus.loaders.layout import Layout, author_of
from footprints.corpus.loaders.plain import read_plain
from footprints.corpus.loaders.text import of_text
from footprints.corpus.loaders.word import CHUNK, HEADING, WordPart, relations_of, repacked
from footprints.corpus.loaders.word_numbers import Numbering
from footprints.corpus.loaders.word_styles import Styles
from footprints.types import UNKNOWN, BlockKind

_DOCUMENT = "word/document.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_CREATED = "{http://purl.org/dc/terms/}created"
_COMPANY = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Company"
_NOTE = re.compile("(footnote|endnote)-")
_STYLE_MAP = "\n".join(f"p.{HEADING}{level} => h{level}:fresh" for level in range(1, 7))
_DEEPEST = 3
"""How many Word files may stand in one another."""


def read_docx(content: bytes) -> Layout:
    """Read a Word document into its blocks; a footnote stands at the end of its section.

    Raises:
        BadCorpus: it is not a Word document, or unpacks to more than one should.
    """
    with opened_archive(content, "a DOCX file") as archive:
        core, app = parse(archive, "docProps/core.xml"), parse(archive, "docProps/app.xml")
    warnings: list[str] = []
    body = _body(content, warnings)
    layout = read_tree(body, lambda element: False, numbers=False)
    layout.warnings += warnings
    layout.proposed = replace(UNKNOWN, title=_said(core, _TITLE))
    layout.author = author_of(_said(app, _COMPANY)) or author_of(_said(core, _CREATOR))
    layout.made = date_of((_said(core, _CREATED) or "")[:10])
    if not any(block.kind is BlockKind.HEADING for block in layout.blocks):
        layout.warnings.append("It has no headings; give headings a heading style in Word.")
    return layout


def _said(properties: etree._Element | None, name: str) -> str | None:
    """Return what a document's properties say."""
    return None if properties is None else properties.findtext(name)


def _body(content: bytes, warnings: list[str], depth: int = 0) -> HtmlElement:
    """Return a document as HTML, with its footnotes in their sections."""
    with opened_archive(content, "a DOCX file") as archive:
        styles = Styles(parse(archive, "word/styles.xml"))
        numbering = Numbering(parse(archive, "word/numbering.xml"), styles)
        parts = {}
        for name in (_DOCUMENT, "word/footnotes.xml", "word/endnotes.xml"):
            if (root := parse(archive, name)) is not None:
                parts[name] = WordPart(root, styles, numbering)
                parts[name].make_plain()
        if pictures := sum(part.pictures for part in parts.values()):
            warnings.append(f"Left out: {_counted(pictures)}; words in them are not read.")
        plain = repacked(archive, {name: part.root for name, part in parts.items()})
        body = _as_html(plain)
        if _DOCUMENT in parts:
            relations = relations_of(archive, _DOCUMENT)
            names = [relations.get(one, "") for one in parts[_DOCUMENT].chunks]
            _put_in(body, [_chunk(archive, name, warnings, depth) for name in names])
    notes = _take_notes(body)
    for place, found in _placed(body, notes):
        for note in found:
            place.addprevious(note)
    return body


def _counted(pictures: int) -> str:
    return "1 picture or other object" if pictures == 1 else f"{pictures} pictures or other objects"


def _as_html(content: bytes) -> HtmlElement:
    # Pictures are left out; their bytes would only be carried about.
    html = mammoth.convert_to_html(
        BytesIO(content),
        style_map=_STYLE_MAP,
        convert_image=mammoth.images.img_element(lambda image: {}),
        external_file_access=False,
        include_embedded_style_map=False,
    ).value
    return fragment_fromstring(html, create_parent="div")


def _chunk(
    archive: zipfile.ZipFile, name: str, warnings: list[str], depth: int
) -> HtmlElement | None:
    """Read a part in another format; one that cannot be read is left out with a warning."""
    suffix = name.rpartition(".")[2].lower()
    content = archive.read(name) if name in archive.namelist() else b""
    if suffix in {"htm", "html", "xhtml"} and content.strip():
        tree: HtmlElement = document_fromstring(decode_html(content).encode())
        for unseen in [*tree.iter("head", "script", "style")]:
            unseen.drop_tree()
        return tree
    if suffix == "txt":
        return _plain(content)
    if suffix == "docx" and depth < _DEEPEST:
        return _body(content, warnings, depth + 1)
    warnings.append(
        f"Left out: a part of it in another format (.{suffix}); open it in Word and save it again."
    )
    return None


def _plain(content: bytes) -> HtmlElement:
    """Write plain text as paragraphs."""
    body = etree.Element("div")
    text = of_text(read_plain)(content)
    for block in text.blocks:
        etree.SubElement(body, "p").text = text.at(block)
    return fragment_fromstring(etree.tostring(body).decode())


def _put_in(body: HtmlElement, chunks: list[HtmlElement | None]) -> None:
    """Put what stands in another format in the places that are marked for it."""
    for paragraph in [*body.iter("p")]:
        number = paragraph.text_content().strip(CHUNK)
        marked = paragraph.text_content() == f"{CHUNK}{number}{CHUNK}"
        if marked and number.isdecimal() and int(number) < len(chunks):
            if (chunk := chunks[int(number)]) is not None:
                paragraph.addnext(chunk)
            paragraph.drop_tree()


def _take_notes(body: HtmlElement) -> dict[str, list[HtmlElement]]:
    """Take the footnotes off the end, each behind its mark, by their ids."""
    notes: dict[str, list[HtmlElement]] = {}
    marks = {link.get("href", "")[1:]: link.text_content() for link in body.xpath(".//sup/a")}
    for item in body.xpath("./ol/li[@id]"):
        if not _NOTE.match(item.get("id")):
            continue
        paragraphs = [*item.iterchildren("p")]
        for link in item.xpath(
            ".//a[starts-with(@href, '#footnote-ref-') or starts-with(@href, '#endnote-ref-')]"
        ):
            link.drop_tree()
        if paragraphs:
            first = paragraphs[0]
            first.text = f"{marks.get(item.get('id'), '')} {(first.text or '').lstrip()}"
        notes[item.get("id")] = [*item]
        item.drop_tree()
    return notes


def _placed(
    body: HtmlElement, notes: dict[str, list[HtmlElement]]
) -> Iterator[tuple[HtmlElement, list[HtmlElement]]]:
    """Yield each heading, and the end, with the footnotes of the section before it."""
    end = etree.SubElement(body, "div")
    waiting: list[HtmlElement] = []
    for element in [*body]:
        if heading_level(element) or element is end:
            yield element, waiting
            waiting = []
        for link in element.xpath(".//sup/a"):
            waiting += notes.pop(link.get("href", "")[1:], [])
