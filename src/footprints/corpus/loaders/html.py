"""HTML: the main content of a page as its reader sees it, each block with its nearest anchor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from footprints.corpus.clean import clean, words_of
from footprints.corpus.dates import date_of
from footprints.corpus.loaders.dom import HEADINGS, Skip, read_tree
from footprints.corpus.loaders.layout import Layout, author_of
from footprints.corpus.loaders.text import marked_encoding
from footprints.errors import BadCorpus
from footprints.types import Facts, PartialDate

_DECLARED = re.compile(rb"""<meta[^>]+?charset\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
_DECLARED_WITHIN = 4096

_UNSEEN = frozenset({
    "audio", "base", "canvas", "datalist", "head", "iframe", "input", "link", "meta", "nav",
    "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea",
    "title", "video",
})  # fmt: skip
_ROLES_BESIDE = frozenset({"navigation", "banner", "contentinfo", "search", "alertdialog"})
_CLASSES_BESIDE = frozenset({
    "breadcrumb", "breadcrumbs", "pagination", "pager", "print-only", "related-content",
    "related-links", "screen-only", "screen-reader-text", "share", "share-buttons", "sharing",
    "skip-link", "skiplink", "social-media", "social-share", "sr-only", "visually-hidden",
    "visuallyhidden", "govuk-visually-hidden",
})  # fmt: skip
_COOKIES = re.compile(
    r"(cookie|consent|gdpr)s?[-_ ]*(banner|bar|box|notice|popup|message|overlay|dialog|wall|modal)"
    r"|onetrust|cookiebot|cookies on this (web)?site",
    re.IGNORECASE,
)
_HIDING = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

_SHOWN, _LONGEST = 50, 300
"""So much is shown of what was left out, and so many characters of each."""

_SHINGLE = 4
_MOST = 0.9
_MAINLY_LINKS = 0.6


def read_html(content: bytes) -> Layout:
    """Read the main content of an HTML page into its blocks.

    Raises:
        BadCorpus: elements are nested so deeply that words would be lost, or all words are those of
            other pages.
    """
    tree = parsed(decode_html(content))
    frames = _without_frames(tree)
    said, linked = dict(reversed(list(_metas(tree)))), list(_linked_data(tree))
    proposed = _proposed(tree, said, linked)
    body = tree.find("body")
    # Without a body tag the parser may put the content right below the root, or into the head.
    body = tree if body is None else body
    marked = _marked_main(tree)
    main, kept = (marked, None) if marked is not None else _found_main(body)

    def skip(one: HtmlElement) -> bool:
        return is_beside(one) or (kept is not None and _is_menu(one, kept))

    layout = read_tree(main, skip, anchors=True)
    if marked is None:
        layout.warnings.append(
            "The page does not mark its main content; check that nothing is missing."
        )
    if frames:
        if not layout.blocks:
            raise BadCorpus("only shows other pages, in frames; take those pages themselves.")
        layout.warnings.append("The page shows other pages, in frames; they are not read.")
    layout.left_out += islice(filter(None, _left_out(body, main, skip)), _SHOWN)
    layout.proposed = proposed
    layout.author = _first(list(map(author_of, _names(_AUTHOR, said, "author", linked))))
    layout.made = _best_date([*_values(_MADE, said), *(one.get("dateModified") for one in linked)])
    return layout


def decode_html(content: bytes) -> str:
    """Decode a page as browsers do: by its mark, what it declares, as UTF-8 or Windows-1252."""
    declared = _DECLARED.search(content, 0, _DECLARED_WITHIN)
    for name in (marked_encoding(content), declared and declared[1].decode("ascii"), "utf-8"):
        # Browsers read Windows-1252 where a page says Latin-1, and know UTF-16 by its mark alone.
        if not name or (name.lower().startswith("utf-16") and name != marked_encoding(content)):
            continue
        name = "cp1252" if name.lower() in {"iso-8859-1", "latin1", "us-ascii"} else name
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", errors="replace")


def parsed(html: str) -> HtmlElement:
    """Parse a page; one without words is an empty one.

    Raises:
        BadCorpus: its elements are nested so deeply that words would be lost.
    """
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    source = html.replace("\0", "\ufffd").encode(errors="replace")
    try:
        tree: HtmlElement = document_fromstring(source, parser=parser)
    except etree.XMLSyntaxError as error:
        # The parser makes do with any syntax; only memory can fail it.
        raise MemoryError from error
    except etree.ParserError:
        return document_fromstring("<html></html>")
    if any("depth" in error.message for error in parser.error_log):
        raise BadCorpus("nests its elements too deeply to read; make it flatter.")
    return tree


def _without_frames(tree: HtmlElement) -> bool:
    """Put what a page of frames says to those who see none in their place; tell if it has any."""
    frames = next(tree.iter("frameset"), None)
    if frames is None:
        return False
    # The parser takes it for bare text.
    words = " ".join(one.text_content() for one in frames.iter("noframes"))
    body = parsed(words).find("body")
    frames.getparent().replace(frames, etree.Element("body") if body is None else body)
    return True


def _marked_main(tree: HtmlElement) -> HtmlElement | None:
    """Return what a page marks as its main content, if that has words."""
    marked = [one for one in tree.iter("main") if not _is_hidden(one)]
    marked = marked or tree.xpath(".//*[@role='main']")
    best = max(marked, key=lambda one: len(one.text_content()), default=None)
    return best if best is not None and clean(best.text_content()) else None


def _found_main(body: HtmlElement) -> tuple[HtmlElement, frozenset[tuple[str, ...]]]:
    """Return the smallest element with nearly all that an extractor takes for content."""
    import trafilatura

    # A copy, as the extractor prunes the tree that it is given.
    page = deepcopy(body.getroottree().getroot())
    extracted = trafilatura.extract(page, favor_recall=True, include_comments=False)
    kept = frozenset(_shingles(extracted or ""))
    main, found = body, _kept_in(body, kept)
    while found:
        inner = ((_kept_in(child, kept), child) for child in main if isinstance(child.tag, str))
        most, child = max(inner, key=lambda pair: pair[0], default=(0, main))
        if most < _MOST * found or child.tag in HEADINGS or child.tag in {"p", "ul", "ol", "table"}:
            break
        if any(one is not child and _has_the_title(one) for one in main.iterchildren("header")):
            break
        main = child
    return main, kept


def _kept_in(element: HtmlElement, kept: frozenset[tuple[str, ...]]) -> int:
    return sum(shingle in kept for shingle in _shingles(element.text_content()))


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = words_of(text)
    return (words[at : at + _SHINGLE] for at in range(len(words) - _SHINGLE + 1))


def _is_menu(element: HtmlElement, kept: frozenset[tuple[str, ...]]) -> bool:
    """Tell a group of links that the extractor left out."""
    if element.tag not in {"ul", "ol", "div", "section", "aside"}:
        return False
    links = [clean(link.text_content()) for link in element.iter("a")]
    length = len(clean(element.text_content()))
    if len(links) < 2 or sum(map(len, links)) < _MAINLY_LINKS * length:
        return False
    return not _kept_in(element, kept)


def is_beside(element: HtmlElement) -> bool:
    """Tell what a reader does not see, or sees beside the content: menus, banners, footers."""
    if element.tag in _UNSEEN or element.get("role") in _ROLES_BESIDE or _is_hidden(element):
        return True
    if element.tag == "button":
        return not any(above.tag in HEADINGS for above in element.iterancestors())
    if element.tag == "footer" and any(True for _ in element.iterancestors("blockquote")):
        return False
    if element.tag == "footer" or (element.tag in {"header", "aside"} and _is_apart(element)):
        return True
    said = " ".join(element.get(name, "") for name in ("id", "class", "aria-label"))
    if _COOKIES.search(said):
        return True
    return not _CLASSES_BESIDE.isdisjoint(element.get("class", "").lower().split())


def _is_apart(element: HtmlElement) -> bool:
    """Tell a header or an aside of the whole page, or one that only leads to other pages."""
    if any(above.tag in {"main", "article"} for above in element.iterancestors()):
        return element.tag == "aside" and _is_links(element)
    return not _has_the_title(element)


def _has_the_title(element: HtmlElement) -> bool:
    """Tell what has the only first heading of the page, if that does not lead home."""
    own = next(element.iter("h1"), None)
    if own is None or next(own.iter("a"), None) is not None:
        return False
    return sum(1 for _ in islice(element.getroottree().iter("h1"), 2)) == 1


def _left_out(element: HtmlElement, main: HtmlElement, skip: Skip) -> Iterator[str]:
    """Yield what can be seen beside the content, above it and in it; some of it is empty."""
    unseen = not isinstance(element.tag, str) or element.tag in _UNSEEN - {"nav"}
    if unseen or _is_hidden(element):
        return
    within = element is main or main in element.iterancestors()
    if skip(element) if within else element not in main.iterancestors():
        yield _cut(element.xpath(".//text()[not(ancestor::script or ancestor::style)]"))
        return
    if not within:
        yield _cut(element.xpath("text()"))
    for child in element:
        yield from _left_out(child, main, skip)


def _cut(texts: Sequence[str]) -> str:
    words = clean(" ".join(texts[:_LONGEST]))
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"


def _is_hidden(element: HtmlElement) -> bool:
    hidden = element.get("hidden")
    return (
        (hidden is not None and hidden.lower() != "until-found")
        or element.get("aria-hidden") == "true"
        or bool(_HIDING.search(element.get("style", "")))
    )


def _is_links(element: HtmlElement) -> bool:
    links = sum(len(clean(link.text_content())) for link in element.iter("a"))
    return links > _MAINLY_LINKS * len(clean(element.text_content()))


_PUBLISHED = (
    "article:published_time", "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date",
    "citation_publication_date", "datepublished", "dcterms.created", "dc.date.created", "date",
)  # fmt: skip
_MADE = (
    "article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified",
    "datemodified", "last-modified",
)  # fmt: skip
_AUTHOR = ("dcterms.creator", "dc.creator", "author", "article:author", "citation_author")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_TITLE = ("dcterms.title", "dc.title", "citation_title")
_PUBLISHER = (
    "og:site_name", "dcterms.publisher", "dc.publisher", "citation_publisher", "publisher",
)  # fmt: skip


def _proposed(
    tree: HtmlElement, said: Mapping[str, str], linked: Sequence[Mapping[str, Any]]
) -> Facts:
    """Return what a page says about itself in its metadata."""
    heading = next((one.text_content() for one in tree.iter("h1")), None)
    titles = [said.get("og:title"), heading, *_values(_TITLE, said)]
    titles += [*(one.get("headline") for one in linked), tree.findtext(".//title")]
    dates = [*_values(_PUBLISHED, said), *(one.get("datePublished") for one in linked)]
    dates += [time.get("datetime") for time in tree.xpath("//time[@pubdate]")]
    addresses = [*tree.xpath("//link[@rel='canonical']/@href"), said.get("og:url")]
    return Facts(
        title=_first(titles),
        publisher=_first(_names(_PUBLISHER, said, "publisher", linked)),
        published=_best_date(dates),
        describes=None,
        url=next((one for one in addresses if one and _ADDRESS.fullmatch(one)), None),
    )


def _values(names: Sequence[str], said: Mapping[str, str]) -> list[str | None]:
    return [said.get(name) for name in names]


def _names(
    names: Sequence[str], said: Mapping[str, str], key: str, linked: Sequence[Mapping[str, Any]]
) -> list[Any]:
    """Return who is named by a page's metadata, and under a key of its JSON-LD."""
    found = _values(names, said)
    for data in linked:
        several = data[key] if isinstance(data.get(key), list) else [data.get(key)]
        found += [one.get("name") for one in several if isinstance(one, dict)]
    return found


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta", "time"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name:
            yield name.lower(), meta.get("content") or meta.get("datetime") or ""


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield the objects of a page's JSON-LD, those of its graph too."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        objects = data if isinstance(data, list) else [data]
        for one in objects:
            if isinstance(one, dict):
                yield one
                graph = one.get("@graph")
                yield from (part for part in graph or () if isinstance(part, dict))


def _first(texts: list[Any]) -> str | None:
    return next((clean(text) for text in texts if isinstance(text, str) and clean(text)), None)


def _best_date(texts: list[Any]) -> PartialDate | None:
    """Return the first day, else the first month, else the first year."""
    return max(filter(None, (date_of(str(text)) for text in texts)), key=len, default=None)
