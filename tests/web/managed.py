"""Fixtures: settings of a server whose documents can be managed, and the gate of its builds."""

from __future__ import annotations

from pathlib import Path

import pytest
from managing import ENCODER, TOKEN, UNCHECKED
from pydantic import SecretStr
from serving import HOSTS

from footprints.evals.gate import GateReport
from footprints.index.build import build_index
from footprints.settings import Settings
from footprints.web.admin.desk import Desk


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> list[GateReport]:
    """Let everything through, unless a test puts another gate here."""
    gates = [UNCHECKED]
    monkeypatch.setattr(Desk, "_judge", lambda *_: gates[0])
    return gates


@pytest.fixture
def managed(tiny: Settings, tmp_path: Path, gate: list[GateReport]) -> Settings:
    """Build an index of three small documents, and set a token."""
    build_index(tiny, lambda: ENCODER)
    return tiny.model_copy(
        update={
            "data_dir": tmp_path / "data",
            "admin_token": SecretStr(TOKEN),
            "admin_per_minute": 1000,
            "rate_per_minute": 0,
            "hosts": HOSTS,
        }
    )
