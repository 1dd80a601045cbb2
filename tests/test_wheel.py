"""The wheel serves: it is built, installed and started where there is nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest
from conftest import ROOT

Environment = Mapping[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it alone; what it depends on is that of these tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, folder], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target"]
    subprocess.run([*install, folder / "site", wheel], check=True, capture_output=True)
    return folder / "site"


@pytest.fixture(scope="module")
def environment(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Let the installed package come before the checkout, and its data stand in an empty folder."""
    data = tmp_path_factory.mktemp("data")
    return os.environ | {"PYTHONPATH": str(site), "XDG_DATA_HOME": str(data)}


def test_it_serves_in_an_empty_folder(site: Path, environment: Environment, tmp_path: Path) -> None:
    """The documents that came with it are indexed at the first start, and answered from."""
    (empty := tmp_path / "empty").mkdir()
    command = [f"{site}/bin/footprints", "serve", "--port", "0"]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=empty, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as server,
    ):
        try:
            assert server.stdout
            address = server.stdout.readline().split()[-1]
            question = {"question": "Who leads the Devon STP?"}
            answer = httpx2.post(f"{address}/api/ask", json=question, trust_env=False).json()
            page = httpx2.get(f"{address}/static/style.css", trust_env=False)
        finally:
            server.terminate()
    said = (tmp_path / "log").read_text()
    assert "Angela Pedder" in answer["citations"][0]["quote"]
    assert page.status_code == 200
    assert "using the documents that come with Footprints." in said
    assert f"Indexing {site / 'footprints' / 'bundled' / 'corpus'}" in said
    assert "5 added" in said


def test_its_documents_stay_as_they_are(
    site: Path, environment: Environment, tmp_path: Path
) -> None:
    """Nothing is added to the documents that came with it; one sentence says what to do instead."""
    (tmp_path / "devon.md").write_text("# Devon")
    (tmp_path / "here").mkdir()
    command = [f"{site}/bin/footprints", "add", "../devon.md"]
    run = subprocess.run(
        command, cwd=tmp_path / "here", env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "make a folder corpus here" in run.stderr
    assert run.stderr.count("\n") == 1


def test_it_has_its_cases_and_its_types(site: Path) -> None:
    """What the gate asks of the documents comes with them, and a type checker reads the package."""
    lines = (site / "footprints/bundled/evals/cases/fact.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["kind"] == "fact"
    assert (site / "footprints" / "py.typed").exists()
