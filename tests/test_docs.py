"""The papers, held against what they describe: README, CONTRIBUTING and all of ``docs/``."""

from __future__ import annotations

import ast
import doctest
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
from conftest import ROOT
from starlette.testclient import TestClient
from typer.main import get_group

import footprints
from footprints.answer.answerer import Answerer
from footprints.cli import app, main
from footprints.contract import IdentifiedAnswer, status_of
from footprints.corpus.catalogue import Entry
from footprints.corpus.loaders import LOADERS
from footprints.errors import CallerError, FootprintsError
from footprints.settings import PREFIX, Settings
from footprints.types import AnswerStatus, Citation, Scope
from footprints.web import about, api, library, pages
from footprints.web.admin import routes as admin
from footprints.web.app import create_app

PACKAGE = ROOT / "src" / "footprints"
MODULES = sorted(PACKAGE.rglob("*.py"))
PAPERS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
        *sorted((ROOT / "docs").glob("*.md")),
        *(ROOT / folder / "README.md" for folder in ("evals", "index")),
    )
}
README, CONTRIBUTING = PAPERS["README.md"], PAPERS["CONTRIBUTING.md"]
OPERATING, HTTP = PAPERS["docs/operating.md"], PAPERS["docs/http.md"]
TROUBLE = PAPERS["docs/troubleshooting.md"]

GENERATED = {
    *("index/gate.txt", "index/qdrant.id", "runs/", "evals/runs/", "evals/cases/judged.jsonl"),
    *("application/json", "application/problem", "qdrant/qdrant"),
}
"""What papers name that is made later, or looks like a file and is none."""

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))

every_paper = pytest.mark.parametrize("paper", PAPERS)


def spans(text: str) -> list[str]:
    """Return what stands in a line as code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def blocks(text: str, language: str = r"\w*") -> list[str]:
    """Return the blocks of code in a language, or in all."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def code(text: str) -> str:
    """Return all code of a paper, line by line."""
    return "\n".join((*spans(text), *blocks(text)))


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of every row of every table."""
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("| ").split(" | ")]


def commands(text: str) -> list[str]:
    """Return what stands behind ``footprints`` on the lines of code."""
    return re.findall(r"^(?:.*[ /])?footprints ([a-z].*)$", code(text), re.MULTILINE)


def parsed(line: str) -> str:
    """Parse a command as the command line does, and return its name; unknown options raise."""
    command: Any = get_group(app)
    name, arguments = "", shlex.split(line, comments=True)
    while hasattr(command, "commands") and arguments and not arguments[0].startswith("-"):
        name = f"{name} {arguments[0]}".strip()
        command = command.commands[arguments.pop(0)]
    assert command.help
    command.make_context(name, arguments, resilient_parsing=True)
    return name


@cache
def mentioned() -> frozenset[str]:
    """Return the names of all commands in the papers."""
    return frozenset(parsed(line) for text in PAPERS.values() for line in commands(text))


def names_of(commands: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """Yield the names of all commands, those under others too."""
    for name, command in commands.items():
        yield f"{above}{name}"
        yield from names_of(getattr(command, "commands", {}), f"{above}{name} ")


@every_paper
def test_commands_exist(paper: str) -> None:
    """A command in a paper exists, has help and knows its options."""
    for line in commands(PAPERS[paper]):
        parsed(line)


@pytest.mark.parametrize("name", [*names_of(get_group(app).commands)])
def test_every_command_is_in_a_paper(name: str) -> None:
    """A command that exists is in a paper."""
    assert any(f"{one} ".startswith(f"{name} ") for one in mentioned())


@every_paper
def test_settings_exist(paper: str) -> None:
    """A variable in a paper is a setting, but for one of the tests."""
    known = {PREFIX + name.upper() for name in [*Settings.model_fields, "test_qdrant_url"]}
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+[A-Z]", PAPERS[paper])) <= known


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_table(name: str) -> None:
    """A setting is in the table of settings, with its default."""
    default = next(row[1] for row in rows(OPERATING) if row[0] == f"`{PREFIX}{name.upper()}`")
    value = Settings.model_fields[name].get_default(call_default_factory=True, validated_data={})
    if default.startswith("`"):
        shown = ",".join(value) if isinstance(value, tuple) else str(value)
        assert default.strip("`").casefold() == shown.casefold()
    else:
        assert not value or name == "data_dir"


@every_paper
def test_links_lead_somewhere(paper: str) -> None:
    """A link to a file of this repository leads to a file that is there, and to its heading."""
    for target in re.findall(r"\]\(([^)]+)\)", PAPERS[paper]):
        name, _, anchor = target.partition("#")
        if "://" not in target:
            path = (ROOT / paper).parent / name if name else ROOT / paper
            assert path.exists(), target
            assert not anchor or anchor in anchors(path.read_text(encoding="utf-8")), target


def anchors(text: str) -> set[str]:
    """Return the anchors of a paper's headings."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_paper
def test_make_targets_exist(paper: str) -> None:
    """A make target in a paper is in the Makefile."""
    assert set(re.findall(r"(?m)^make ([a-z-]+)", code(PAPERS[paper]))) <= TARGETS


def test_every_make_target_is_explained() -> None:
    """A make target is in CONTRIBUTING."""
    assert set(re.findall(r"`make ([a-z-]+)", CONTRIBUTING)) | {"serve", "install"} == TARGETS


@every_paper
def test_files_exist(paper: str) -> None:
    """A file or folder in a paper exists, in the repository, in the package or beside the paper."""
    named = re.findall(r"(?<![\w/.$:>-])(?:[\w.-]+/)+[\w.-]*(?![\w/<*…-])", code(PAPERS[paper]))
    homes = (ROOT, PACKAGE, (ROOT / paper).parent)
    missing = {one.rstrip(".") for one in named if not any((home / one).exists() for home in homes)}
    assert {one for one in missing - GENERATED if not one.startswith(".venv/")} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_is_in_the_architecture(path: Path) -> None:
    """A module that does something is named where the architecture is told."""
    name = str(path.relative_to(PACKAGE))
    assert f"`{name}`" in PAPERS["docs/architecture.md"] or path.stem.startswith("__")


def routes() -> set[tuple[str, str]]:
    """Return the method and path of everything that a server answers."""
    known = {("GET", "/api/openapi.json")}
    for router in (
        pages.router,
        about.router,
        library.router,
        api.router,
        admin.entrance,
        admin.router,
    ):
        for route in map(vars, router.routes):
            known |= {(method, route["path"]) for method in route["methods"]}
    return known


def addresses(text: str) -> set[tuple[str, str]]:
    """Return the addresses that stand as code, with a method or with an empty one."""
    found = (re.fullmatch(r"(?:([A-Z]+) )?(/[\w{}./-]*)", span) for span in spans(text))
    return {(match[1] or "", match[2]) for match in found if match}


@every_paper
def test_addresses_exist(paper: str) -> None:
    """An address in a paper is one of the server's."""
    known = routes() | {("", path) for _, path in routes()}
    assert addresses(PAPERS[paper]) <= known


def test_every_address_is_in_the_paper() -> None:
    """An address of the server is in the paper on HTTP."""
    assert addresses(HTTP) >= routes() - {("GET", "/api/openapi.json")}


@pytest.mark.parametrize(
    "name",
    [
        *(field.name for field in (*fields(IdentifiedAnswer), *fields(Citation))),
        *(status.value for status in AnswerStatus),
    ],
)
def test_every_field_is_in_the_paper(name: str) -> None:
    """A field of an answer or of a citation, and each status, is in the paper on HTTP."""
    assert name in spans(HTTP)


@every_paper
def test_examples_run(
    paper: str,
    built: Settings,
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An example on a console gives what stands under it, “…” for any lines; HTTP is answered."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("FOOTPRINTS_CORPUS_DIR", str(built.corpus_dir))
    monkeypatch.setenv("FOOTPRINTS_INDEX_DIR", str(built.index_dir))
    for block in blocks(PAPERS[paper], "console"):
        line, _, expected = block.removeprefix("$ ").partition("\n")
        program, *arguments = shlex.split(line)
        if program == "curl":
            with TestClient(create_app(lambda: answerer)) as client:
                sent = json.loads(arguments[arguments.index("-d") + 1])
                address = arguments[0].replace("127.0.0.1:8000", "localhost")
                assert client.post(address, json=sent).status_code == 200
            continue
        monkeypatch.setattr(sys, "argv", [program, *arguments])
        with pytest.raises(SystemExit, match="0"):
            main()
        rest = re.sub("(?m)^…$", "...", expected)
        out = capsys.readouterr().out
        assert doctest.OutputChecker().check_output(rest, out, doctest.ELLIPSIS)


@every_paper
def test_entries_are_entries(paper: str) -> None:
    """A table of a paper in TOML is one of the catalogue."""
    for block in blocks(PAPERS[paper], "toml"):
        tables = tomllib.loads(block)
        assert tables.keys() <= {"document", "corpus"}
        assert all(map(Entry.model_validate, tables.get("document", [])))
        assert Scope(**tables.get("corpus", {}))


@pytest.mark.parametrize("suffix", LOADERS)
def test_every_format_is_in_the_paper(suffix: str) -> None:
    """A format that can be read is in the table of formats."""
    assert suffix in spans(PAPERS["docs/documents.md"])


def test_the_readme_is_short() -> None:
    """The README has 120 lines at most, its one picture 120 kB, and it leads to all papers."""
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(README.splitlines()) <= 120
    assert [(ROOT / one).stat().st_size <= 120_000 for one in pictures] == [True]
    own = {name for name in PAPERS if not name.endswith("README.md")}
    assert own <= set(re.findall(r"\]\(([^)#]+)\)", README))


def errors() -> Mapping[str, type[FootprintsError]]:
    """Return every error of the package by its name."""
    found: dict[str, type[FootprintsError]] = {"FootprintsError": FootprintsError}
    for path in sorted(MODULES, key=lambda path: path.name != "errors.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and {ast.unparse(one) for one in node.bases} & {
                *found
            }:
                module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
                found[node.name] = getattr(import_module(module), node.name)
    return found


@pytest.mark.parametrize(("name", "kind"), errors().items())
def test_every_error_is_in_the_table(name: str, kind: type[FootprintsError]) -> None:
    """An error is in the table of errors with its exit code and its HTTP status."""
    row = next(row for row in rows(TROUBLE) if row[0] == f"`{name}`")
    exit_code = 2 if issubclass(kind, CallerError) else 1
    assert row[1:3] == [str(exit_code), str(status_of(kind.__new__(kind)))]


@cache
def said() -> str:
    """Return every string of the package and the text of every template."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in MODULES]
    strings = [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    templates = (ROOT / "web" / "templates").rglob("*.html")
    return "\n".join((*strings, *(path.read_text(encoding="utf-8") for path in templates)))


def test_messages_are_said() -> None:
    """A message in the paper on trouble is said somewhere, part by part."""
    parts = [part.strip() for one in re.findall(r"“([^”]+)”", TROUBLE) for part in one.split("…")]
    telling = [part for part in parts if len(part) > 3]
    assert len(telling) > 100
    assert [part for part in telling if part not in said()] == []


@pytest.mark.parametrize("needs", ["footprints", "langchain_core", "haystack"])
def test_the_examples_for_programs_run(
    needs: str, built: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An example in Python gives the quote, for each library that is installed."""
    pytest.importorskip(needs)
    monkeypatch.setenv("FOOTPRINTS_CORPUS_DIR", str(built.corpus_dir))
    monkeypatch.setenv("FOOTPRINTS_INDEX_DIR", str(built.index_dir))
    examples = blocks(PAPERS["docs/programs.md"], "python")
    (example,) = (
        one
        for one in examples
        if ("haystack" in one, "langchain" in one) == (needs[0] == "h", needs[0] == "l")
    )
    (tmp_path / "example.py").write_text(example, encoding="utf-8")
    names = run_path(str(tmp_path / "example.py"))
    assert "Angela Pedder" in str(names.get("found") or names["answer"])


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
