"""DOCX: Word's headings, lists, tables and footnotes, by way of the HTML that mammoth makes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import mammoth
from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring

from footprints.corpus.loaders.dom import heading_level, read_tree
from footprints.corpus.loaders.layout import Layout
from footprints.errors import BadCorpus
from footprints.types import UNKNOWN, BlockKind

MAX_UNPACKED = 200 * 2**20
"""No part of a real document unpacks to this much."""

MAX_PARTS = 10_000

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_NOTE = re.compile("(footnote|endnote)-")
_DEEPEST_HEADING = 6


def read_docx(content: bytes) -> Layout:
    """Read a Word document into its blocks; a footnote stands at the end of its section.

    Raises:
        BadCorpus: it is not a Word document, or unpacks to more than one should.
    """
    with _open(content) as archive:
        styles = _parse(archive, "word/styles.xml")
        core = _parse(archive, "docProps/core.xml")
    body = _body(content, _style_map(styles))
    notes = _take_notes(body)
    for place, found in _placed(body, notes):
        for note in found:
            place.addprevious(note)
    layout = read_tree(body, lambda element: False, anchors=False)
    layout.proposed = replace(UNKNOWN, title=core.findtext(_TITLE) if core is not None else None)
    if not any(block.kind is BlockKind.HEADING for block in layout.blocks):
        layout.warnings.append("It has no headings; give headings a heading style in Word.")
    return layout


def _open(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except zipfile.BadZipFile as error:
        raise BadCorpus("is damaged or not a DOCX file; save it again.") from error
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise BadCorpus(
            "unpacks to far more than a document should; save it again without pictures."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise BadCorpus("has a password; save it without one.")
    return archive


def _parse(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """Parse a part of the archive, no entity resolved; one that is not there is None."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except (KeyError, etree.XMLSyntaxError):
        return None


def _style_map(styles: etree._Element | None) -> str:
    """Say which paragraph styles are headings, by the outline level that Word gives them."""
    lines = ["p[style-name='Title'] => h1:fresh", "comment-reference => "]
    for name, level in _outlined(styles) if styles is not None else ():
        if not {"'", "\\", "\n"} & set(name):
            lines.append(f"p[style-name='{name}'] => h{level}:fresh")
    return "\n".join(lines)


def _outlined(styles: etree._Element) -> Iterator[tuple[str, int]]:
    """Yield the names and levels of the styles that stand in the outline."""
    for style in styles.iter(f"{_WORD}style"):
        name = style.find(f"{_WORD}name")
        outline = style.find(f"{_WORD}pPr/{_WORD}outlineLvl")
        if name is not None and outline is not None:
            level = outline.get(f"{_WORD}val", "9")
            if re.fullmatch("[0-8]", level):
                yield name.get(f"{_WORD}val", ""), min(int(level) + 1, _DEEPEST_HEADING)


def _body(content: bytes, style_map: str) -> HtmlElement:
    # Pictures are left out; their bytes would only be carried about.
    html = mammoth.convert_to_html(
        BytesIO(content),
        style_map=style_map,
        convert_image=mammoth.images.img_element(lambda image: {}),
        external_file_access=False,
        include_embedded_style_map=False,
    ).value
    return fragment_fromstring(html, create_parent="div")


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
