"""The documentation, held against what it describes."""

from __future__ import annotations

import ast
import doctest
import re
from pathlib import Path

import pytest
from conftest import ROOT
from typer.main import get_group

import footprints
from footprints.cli import app
from footprints.settings import PREFIX, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "src" / "footprints").rglob("*.py"))


CODE = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", README, re.DOTALL))
MENTIONED = set(re.findall(r"\bfootprints ([a-z]+)\b", CODE))
COMMANDS = get_group(app).commands


@pytest.mark.parametrize("name", sorted(MENTIONED))
def test_what_the_readme_mentions_exists(name: str) -> None:
    """A command in the README exists and has help."""
    assert COMMANDS[name].help


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_readme(name: str) -> None:
    """A command that exists is in the README."""
    assert name in MENTIONED


def test_settings_in_the_readme_exist() -> None:
    """A variable in the README is a setting."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+", README))
    assert named
    assert named <= known


def test_links_in_the_readme_lead_somewhere() -> None:
    """A link to a file of this repository leads to a file that is there."""
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert targets
    assert [target for target in targets if not (ROOT / target.partition("#")[0]).exists()] == []


def test_make_targets_in_the_readme_exist() -> None:
    """A make target in the README is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)(?:^|`)make ([a-z]+)", CODE))
    assert targets >= {"serve", "test"}
    assert [one for one in targets if not re.search(rf"^{one}:", makefile, re.MULTILINE)] == []


def test_the_example_of_the_package_runs(built: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example in the package's docstring gives what it says."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("FOOTPRINTS_CORPUS_DIR", str(built.corpus_dir))
    monkeypatch.setenv("FOOTPRINTS_INDEX_DIR", str(built.index_dir))
    results = doctest.testmod(footprints)
    assert (results.failed, results.attempted) == (0, 3)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    """A module begins with a docstring whose first line is a sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", footprints.__all__)
def test_public_names_resolve(name: str) -> None:
    """A public name can be had from the package."""
    assert getattr(footprints, name).__name__ == name


def test_other_names_do_not() -> None:
    """A name that is not public is refused as Python does."""
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        getattr(footprints, "nonsense")  # noqa: B009
