"""A language model behind a real server reads; only where its packages are installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hang import HANG

from footprints.reader.chat import ChatReader
from footprints.types import Offer
from tools.llama import MODEL, serving


@pytest.mark.skipif("not config.getoption('llama')", reason="make llama runs it")
def test_a_real_server(tmp_path: Path) -> None:
    """Whatever a small model makes of it, its judgement is a choice among the offers."""
    offers = [Offer("Leads", "Angela leads Devon."), Offer("Plans", "The plan has nine parts.")]
    with serving(tmp_path) as address:
        judgement = ChatReader.open(MODEL, address, "").read("Who leads Devon?", offers, HANG)
    assert len(judgement.scores) == 2
    assert set(judgement.scores) <= {0.0, 0.5, 1.0}
    assert judgement.none == float(not any(judgement.scores))
