"""Settings come from arguments, then the environment, then footprints.toml."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from footprints.errors import BadCorpus, BadSettings
from footprints.settings import load_settings


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where there is no footprints.toml but the test's own."""
    monkeypatch.chdir(tmp_path)


def refusal(**given: object) -> str:
    """Return the message, a single line, with which settings are refused."""
    with pytest.raises(BadSettings) as caught:
        load_settings(**given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_defaults() -> None:
    """Without any setting the folders of this repository and the bundled encoder are used."""
    settings = load_settings()
    assert (settings.corpus_dir, settings.index_dir) == (Path("corpus"), Path("index"))
    assert settings.data_dir.is_absolute()
    assert (settings.encoder, settings.passage_pieces) == ("all-MiniLM-L6-v2", 128)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.caution == "balanced"


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be the settings of a wheel, which has documents with it, in an empty folder."""
    for name in ("wheel", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr("footprints.settings.BUNDLED", tmp_path / "wheel")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "wheel" / "corpus"


def test_the_documents_of_the_wheel(bundled: Path) -> None:
    """Where there is nothing, a wheel has its own documents, and their index is with the data."""
    settings = load_settings(data_dir="data")
    assert (settings.corpus_dir, settings.index_dir) == (bundled, Path("data/index"))
    assert settings.is_bundled
    with pytest.raises(BadCorpus, match="cannot be changed; to use your own, make a folder"):
        settings.own_corpus()


@pytest.mark.parametrize(
    ("here", "given"),
    [("corpus", {}), ("index", {}), ("x", {"index_dir": "index"}), ("x", {"corpus_dir": "corpus"})],
)
def test_documents_or_an_index_of_ones_own(bundled: Path, here: str, given: dict[str, str]) -> None:
    """Where documents or an index are here or named, those of the wheel are no concern."""
    Path(here).mkdir()
    settings = load_settings(**given)
    assert (settings.corpus_dir, settings.index_dir) == (Path("corpus"), Path("index"))
    assert settings.own_corpus() == Path("corpus")


def test_a_wrong_data_folder_in_a_wheel(bundled: Path) -> None:
    """What is wrong is named, though the index of the wheel's documents would stand in it."""
    assert "'data_dir'" in refusal(data_dir=1)


def test_precedence(monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument wins over the environment, and the environment over the file."""
    Path("footprints.toml").write_text('port = 1\nhost = "file"\nindex_dir = "file"\n')
    monkeypatch.setenv("FOOTPRINTS_PORT", "2")
    monkeypatch.setenv("FOOTPRINTS_INDEX_DIR", "environment")
    settings = load_settings(port=3)
    assert (settings.port, settings.index_dir, settings.host) == (3, Path("environment"), "file")


def test_an_argument_that_is_none_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command passes None for what its caller left out."""
    monkeypatch.setenv("FOOTPRINTS_CORPUS_DIR", "mine")
    assert load_settings(corpus_dir=None).corpus_dir == Path("mine")


@pytest.mark.parametrize("name", ["CORPUS_DIR", "INDEX_DIR", "DATA_DIR"])
def test_folders_from_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every folder has its variable."""
    monkeypatch.setenv(f"FOOTPRINTS_{name}", "some where")
    assert getattr(load_settings(), name.lower()) == Path("some where")


@pytest.mark.parametrize("caution", ["cautious", "balanced", "eager"])
def test_caution(caution: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every degree of caution can be set."""
    monkeypatch.setenv("FOOTPRINTS_CAUTION", caution)
    assert load_settings().caution == caution


def test_an_unknown_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable is named, with those there are."""
    monkeypatch.setenv("FOOTPRINTS_CORPUS", "x")
    message = refusal()
    assert message.startswith("FOOTPRINTS_CORPUS is not a setting; unset it or use one of")
    assert "FOOTPRINTS_CORPUS_DIR" in message


def test_other_variables_are_no_concern(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable without the prefix is passed over."""
    monkeypatch.setenv("CORPUS_DIR", "x")
    monkeypatch.setenv("MY_FOOTPRINTS_PORT", "x")
    assert load_settings().corpus_dir == Path("corpus")


def test_an_unknown_key_of_the_file() -> None:
    """An unknown key of the file is named, with the file."""
    Path("footprints.toml").write_text("colour = 1")
    message = refusal()
    assert "'colour'" in message
    assert "footprints.toml" in message


def test_an_unknown_argument() -> None:
    """An unknown argument is named."""
    assert "'colour'" in refusal(colour="red")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "http"),
        ("port", "-1"),
        ("port", "65536"),
        ("port", ""),
        ("passage_pieces", "15"),
        ("passage_pieces", "many"),
        ("encoder", ""),
        ("caution", "brave"),
        ("caution", "Eager"),
        ("caution", ""),
    ],
)
def test_an_impossible_value(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An impossible value is named by its setting and its variable."""
    monkeypatch.setenv(f"FOOTPRINTS_{name.upper()}", value)
    message = refusal()
    assert f"'{name}'" in message
    assert f"FOOTPRINTS_{name.upper()}" in message


@pytest.mark.parametrize("value", ['"http"', "70000", "[1]"])
def test_an_impossible_value_of_the_file(value: str) -> None:
    """An impossible value in the file is named, with the file."""
    Path("footprints.toml").write_text(f"port = {value}")
    message = refusal()
    assert "'port" in message
    assert "footprints.toml" in message


@pytest.mark.parametrize("content", [b"port =", b"[port", b"host = '\xe9'"])
def test_a_file_that_is_not_toml(content: bytes) -> None:
    """A file that is not TOML is named."""
    Path("footprints.toml").write_bytes(content)
    assert refusal().startswith("footprints.toml is not valid TOML (")


def test_a_file_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read is named."""
    Path("footprints.toml").write_text("port = 1")

    def refuse(path: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied", os.fspath(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert "footprints.toml" in refusal()


def test_the_token_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is shown nowhere, and one that is easily guessed is refused without saying it."""
    monkeypatch.setenv("FOOTPRINTS_ADMIN_TOKEN", "a-token-of-some-length")
    settings = load_settings()
    assert settings.admin_token
    assert settings.admin_token.get_secret_value() == "a-token-of-some-length"
    assert "some-length" not in f"{settings!r} {settings.model_dump(mode='json')}"
    monkeypatch.setenv("FOOTPRINTS_ADMIN_TOKEN", "short")
    assert "short" not in refusal()
    assert "FOOTPRINTS_ADMIN_TOKEN" in refusal()


def test_names_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are parted by commas in the environment, and a list in the file."""
    assert load_settings().hosts == ("localhost", "127.0.0.1", "[::1]")
    Path("footprints.toml").write_text('hosts = ["chat.example", "::1"]')
    assert load_settings().hosts == ("chat.example", "::1")
    monkeypatch.setenv("FOOTPRINTS_HOSTS", "chat.example, [2001:db8::1],*")
    assert load_settings().hosts == ("chat.example", "[2001:db8::1]", "*")


@pytest.mark.parametrize(
    "hosts", ["chat.example:80", "http://chat.example", "[::1]:80", "a b", "a,,b", ""]
)
def test_what_is_no_name(hosts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not the bare name of a host is refused."""
    monkeypatch.setenv("FOOTPRINTS_HOSTS", hosts)
    assert "is not the name of a host" in refusal()


@pytest.mark.parametrize("path", ["", "/footprints", "/a/b-c_d~e.f"])
def test_a_sub_path(path: str) -> None:
    """The server can stand under a path of its host."""
    assert load_settings(root_path=path).root_path == path


@pytest.mark.parametrize("path", ["/", "a", "/a/", "//a", "/a//b", "/../a", "/a?b", "/a b"])
def test_what_is_no_sub_path(path: str) -> None:
    """A path that does not begin with a slash, ends with one or is written oddly is refused."""
    assert "'root_path'" in refusal(root_path=path)


def test_sites_that_may_frame_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites are parted by commas; there are none unless they are named."""
    assert load_settings().embed_from == ()
    monkeypatch.setenv("FOOTPRINTS_EMBED_FROM", "https://a.example.org, http://localhost:8080")
    assert load_settings().embed_from == ("https://a.example.org", "http://localhost:8080")
    monkeypatch.setenv("FOOTPRINTS_EMBED_FROM", "")
    assert load_settings().embed_from == ()


@pytest.mark.parametrize(
    "wrong",
    [
        *("example.org", "*", "https:", "https://*", "https://a.org/b", "HTTPS://A.org", "'self'"),
        *("https://a.org; script-src *", "https://a.org https://b.org", "https://a.org,"),
    ],
)
def test_what_is_no_site(wrong: str) -> None:
    """What a browser could read as more than one site is refused when the settings are read."""
    with pytest.raises(BadSettings, match="is not a site; write it like this: https://"):
        load_settings(embed_from=wrong)
