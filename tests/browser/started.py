"""Fixtures of the browser tests: one server with the real corpus, and one browser, for each file.

A plugin and no ``conftest.py``, as two modules of that name cannot be told apart by an import.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driving import chromium, served
from playwright.sync_api import Browser

from footprints.answer.answerer import Answerer


@pytest.fixture(scope="module")
def address(answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the real corpus."""
    with served(answerer, tmp_path_factory.mktemp("data")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once."""
    with chromium() as browser:
        yield browser
