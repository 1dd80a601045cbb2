"""The words of the stamps that are put onto a page of a PDF, apart from its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_MOST = 5000


@contextmanager
def stamps_alone(page: pdfium.PdfPage, number: int) -> Iterator[pdfium.PdfPage | None]:
    """Yield a copy of a page with nothing but its stamps, or nothing if it has none.

    On the page itself their letters would come between those that they cover.
    """
    if raw.FPDF_ANNOT_STAMP not in _kinds(page):
        yield None
        return
    with closing(pdfium.PdfDocument.new()) as copy:
        copy.import_pages(page.pdf, [number - 1])
        with closing(copy[0]) as sheet:
            for thing in list(sheet.get_objects(max_depth=1)):
                sheet.remove_obj(thing)
            sheet.gen_content()
            for at, kind in reversed(list(enumerate(_kinds(sheet)))):
                if kind != raw.FPDF_ANNOT_STAMP:
                    raw.FPDFPage_RemoveAnnot(sheet, at)
            raw.FPDFPage_Flatten(sheet, raw.FLAT_NORMALDISPLAY)
        with closing(copy[0]) as sheet:  # Only a page opened anew has what was made part of it.
            yield sheet


def _kinds(page: pdfium.PdfPage) -> list[int]:
    """Return the kinds of the annotations of a page."""
    kinds = []
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        kinds.append(raw.FPDFAnnot_GetSubtype(annotation))
        raw.FPDFPage_CloseAnnot(annotation)
    return kinds
