"""Answer questions from indexed documents with exact quotes, and say so when they do not answer.

>>> from footprints import Answerer, load_settings
>>> answerer = Answerer.open(load_settings())
>>> [citation.quote for citation in answerer.answer("Who leads the Devon STP?").citations]
['Devon - Angela Pedder OBE (Chief Executive, NEW Devon CCG)']
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from footprints.answer.answerer import Answerer
    from footprints.errors import CallerError, FootprintsError
    from footprints.index.build import BuildReport, build_index
    from footprints.settings import Settings, load_settings
    from footprints.types import Answer, AnswerStatus, Citation, Document

# Read when torch, FAISS and numpy are loaded. A thread that waits must sleep: where it spins, a
# question beside other work takes ten times as long, and alone no less.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__all__ = [
    "Answer",
    "AnswerStatus",
    "Answerer",
    "BuildReport",
    "CallerError",
    "Citation",
    "Document",
    "FootprintsError",
    "Settings",
    "build_index",
    "load_settings",
]

_HOMES = {
    "footprints.answer.answerer": ("Answerer",),
    "footprints.errors": ("CallerError", "FootprintsError"),
    "footprints.index.build": ("BuildReport", "build_index"),
    "footprints.settings": ("Settings", "load_settings"),
    "footprints.types": ("Answer", "AnswerStatus", "Citation", "Document"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that the command line starts at once."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
