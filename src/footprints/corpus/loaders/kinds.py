"""What a file is by its content, where that is unmistakable."""

from __future__ import annotations

from footprints.errors import BadCorpus

_ALIKE = {".htm": ".html", ".markdown": ".md"}
_NAMES = {
    ".pdf": "a PDF", ".docx": "a Word document", ".html": "an HTML page",
    ".ods": "a spreadsheet", ".pptx": "a presentation", ".xlsx": "a workbook",
}  # fmt: skip
_PARTS = {
    ".docx": b"word/document.xml",
    ".pptx": b"ppt/presentation.xml",
    ".xlsx": b"xl/workbook.xml",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
"""What stands uncompressed in an archive of each kind: the name of a part, or its own kind."""

OTHER_OFFICE = {
    ".doc": "DOCX", ".odp": "PPTX", ".odt": "DOCX", ".ppt": "PPTX", ".rtf": "DOCX",
    ".xls": "XLSX", ".xlsb": "XLSX", ".xlsm": "XLSX",
}  # fmt: skip
"""What other Office files are to be saved as."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_WITHIN = 1024


def check_kind(suffix: str, content: bytes) -> None:
    """Check the suffix of a file against its content.

    Raises:
        BadCorpus: the file is certainly of another format, with the cure.
    """
    if content.startswith(_OLD_OFFICE):
        raise BadCorpus(
            "is an old Office file or has a password; "
            "save it as DOCX, XLSX or PPTX without a password."
        )
    if content.startswith(b"{\\rtf"):
        raise BadCorpus("is RTF; save it as DOCX.")
    if content.startswith(_ZIP) and not _kind(content):
        raise BadCorpus("is an archive, not a document; save its text as DOCX or PDF.")
    found = _kind(content)
    if found and found != _ALIKE.get(suffix, suffix):
        raise BadCorpus(f"is {_NAMES[found]} by its content; rename it to end in {found}.")


def _kind(content: bytes) -> str | None:
    if content.startswith(_ZIP):
        return next((kind for kind, part in _PARTS.items() if part in content), None)
    front = content[:_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if front.startswith(b"%pdf-"):
        return ".pdf"
    if front.startswith((b"<!doctype html", b"<html")):
        return ".html"
    return None
