"""Archives: the parts of an Office or OpenDocument file, none of them unpacked without bound."""

from __future__ import annotations

import zipfile
from io import BytesIO

from lxml import etree

from footprints.errors import BadCorpus

MAX_UNPACKED = 200 * 2**20
"""No part of a real document unpacks to this much."""

MAX_PARTS = 10_000


def opened_archive(content: bytes, name: str) -> zipfile.ZipFile:
    """Open a file that is an archive of parts, such as “a DOCX file”.

    Raises:
        BadCorpus: it is none, unpacks to more than one should, or has a password.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except zipfile.BadZipFile as error:
        raise BadCorpus(f"is damaged or not {name}; save it again.") from error
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise BadCorpus(
            "unpacks to far more than a document should; save it again without pictures."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise BadCorpus("has a password; save it without one.")
    return archive


def parse(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """Parse a part of the archive, no entity resolved; one that is not there is None."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except (KeyError, etree.XMLSyntaxError):
        return None
