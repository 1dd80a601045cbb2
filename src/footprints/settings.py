"""One frozen Settings object: from arguments, then the environment, then ``footprints.toml``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from footprints.errors import BadCorpus, BadSettings

PREFIX = "FOOTPRINTS_"
FILE = Path("footprints.toml")
BUNDLED = Path(__file__).with_name("bundled")
"""The documents, the cases and the browser's files in a wheel; a checkout has no such folder."""
FILES = BUNDLED if BUNDLED.is_dir() else Path(__file__).resolve().parents[2]
"""The folder that has the latter: of the wheel, or of the checkout."""
BUNDLED_ENCODER = "all-MiniLM-L6-v2"
_CORPUS, _INDEX = Path("corpus"), Path("index")
_SITE = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?", re.ASCII)
_NAME = re.compile(r"\*|[\w.-]+", re.ASCII)


class Settings(BaseSettings):
    """Where things are and how they are built; every field is also ``FOOTPRINTS_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        toml_file=FILE,
        frozen=True,
        extra="forbid",
    )

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("footprints", appauthor=False))
    )
    corpus_dir: Path = _CORPUS
    """The documents; where neither they nor an index are here or named, those of the wheel."""
    index_dir: Path = Field(
        default_factory=lambda made: (
            made["data_dir"] / "index" if made.get("corpus_dir") == BUNDLED / "corpus" else _INDEX
        )
    )
    encoder: str = Field(BUNDLED_ENCODER, min_length=1)
    """The bundled model, or any sentence-transformers name or folder."""
    passage_pieces: int = Field(128, ge=16)
    """How many word pieces a passage should have; a list may exceed it to stay in one piece."""
    store: Literal["embedded", "qdrant"] = "embedded"
    """What keeps the passages that are searched: files of the index, or a server at ``qdrant_url``.
    """
    qdrant_url: str = Field("", pattern=r"^(https?://\S+)?$")
    """The address of Qdrant, such as ``http://localhost:6333``."""
    qdrant_api_key: SecretStr | None = None
    """What Qdrant asks for; best kept in the environment."""
    qdrant_seconds: int = Field(5, ge=1)
    """How long Qdrant may take over a search."""
    segments_url: SecretStr = SecretStr("")
    """Where segments are kept if not in the index folder: an address such as ``s3://bucket/name``.
    """
    keep_builds: int = Field(3, ge=1)
    """How many builds of the index are kept: the one that serves and those before it."""
    build_wait: int = Field(60, ge=0)
    """How many seconds a command waits for another build of the index to end."""
    keep_days: int = Field(30, ge=1)
    """How many days a conversation is kept after its last question."""
    caution: Literal["cautious", "balanced", "eager"] = "balanced"
    """How sure an answer must be to be given."""
    reader: str = Field("", pattern=r"^((cross-encoder|openai):\S.*)?$")
    """Who reads question and sentence together: ``cross-encoder:NAME_OR_FOLDER``, ``openai:MODEL``
    at ``reader_url``, or nobody."""
    reader_url: str = Field("", pattern=r"^(https?://\S+)?$")
    """The address of the reader's server, such as ``http://localhost:8080/v1``."""
    reader_key: SecretStr | None = None
    """What the reader's server asks for; best kept in the environment."""
    reader_seconds: float = Field(5, gt=0)
    """How long a reader may take; over it the answer is given without."""
    reader_backend: Literal["torch", "onnx", "openvino"] = "torch"
    """What a cross-encoder runs on."""
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    hosts: Annotated[tuple[str, ...], NoDecode] = ("localhost", "127.0.0.1", "[::1]")
    """The names that the server answers to besides ``host``; ``*`` for any. Commas part them."""
    root_path: str = Field("", pattern=r"^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*$")
    """The path of the server on its host where it is not all of it, such as ``/footprints``."""
    max_connections: int = Field(512, ge=1)
    """How many connections may be open; the next is refused."""
    workers: int = Field(1, ge=1)
    """How many questions the server answers at the same time."""
    queue: int = Field(32, ge=0)
    """How many more may wait; the next is told to come back."""
    rate_per_minute: int = Field(60, ge=0)
    """How many questions and forms a client may send in a minute; 0 is no limit."""
    max_body: int = Field(65_536, ge=1)
    """How many bytes the body of a request may have."""
    trusted_proxies: int = Field(0, ge=0)
    """How many proxies stand before the server; only their word on the client is taken."""
    admin_token: SecretStr | None = Field(None, min_length=16)
    """What lets a person manage documents in the browser; without one nobody can."""
    admin_per_minute: int = Field(6, ge=1)
    """How often a client may try to sign in, and how many files it may upload, in a minute."""
    max_upload: int = Field(20 * 2**20, ge=1)
    """How many bytes an uploaded file may have."""
    contact: str = Field("", max_length=300)
    """Whom to ask where the documents do not answer, in words for people."""
    embed_from: Annotated[tuple[str, ...], NoDecode] = ()
    """The sites whose pages may show the chat in a frame, such as ``https://example.org``."""
    log_questions: bool = False
    """Whether the server's log holds what was asked."""

    @property
    def is_bundled(self) -> bool:
        """Tell whether the documents are those of the wheel, which stay as they are."""
        return self.corpus_dir == BUNDLED / "corpus"

    def own_corpus(self) -> Path:
        """Return the folder of documents, to change it.

        Raises:
            BadCorpus: it came with the wheel.
        """
        if self.is_bundled:
            raise BadCorpus(
                "The documents that come with Footprints cannot be changed; to use your own, make "
                "a folder corpus here, put them in it and start again."
            )
        return self.corpus_dir

    @model_validator(mode="before")
    @classmethod
    def _documents(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Take the documents of the wheel where none are named or here, and no index either."""
        named = given.keys() & {"corpus_dir", "index_dir"}
        if named or not BUNDLED.is_dir() or _CORPUS.exists() or _INDEX.exists():
            return given
        return {**given, "corpus_dir": BUNDLED / "corpus"}

    @field_validator("hosts", mode="before")
    @classmethod
    def _hosts(cls, given: object) -> object:
        """Take names apart at commas."""
        return _each(given, _host)

    @field_validator("embed_from", mode="before")
    @classmethod
    def _sites(cls, given: object) -> object:
        """Take sites apart at commas."""
        return _each(given or (), _site)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments win over the environment, and the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def _each(given: object, read: Callable[[str], str]) -> object:
    """Read each of what commas part or what is a list already; leave anything else to fail."""
    names = given.split(",") if isinstance(given, str) else given
    if not isinstance(names, list | tuple):
        return names
    return tuple(read(str(name).strip()) for name in names)


def _site(name: str) -> str:
    """Check that this is one site and nothing that a browser could read as more."""
    if not _SITE.fullmatch(name):
        raise ValueError(f"{name!r} is not a site; write it like this: https://www.example.org")
    return name


def _host(name: str) -> str:
    if not _NAME.fullmatch(name):
        try:
            ip_address(name.strip("[]"))
        except ValueError:
            raise ValueError(f"{name!r} is not the name of a host; leave out its port") from None
    return name


def load_settings(**given: Any) -> Settings:
    """Make the settings; arguments that are None count as not given.

    Raises:
        BadSettings: an unknown key or an impossible value, named with where it came from.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise BadSettings(
                f"{name} is not a setting; unset it or use one of {', '.join(sorted(known))}."
            )
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BadSettings(
            f"The setting {key!r} is wrong ({first['msg']}); correct it in the command, "
            f"in {PREFIX}{key.upper()} or in {FILE}."
        ) from error
    except OSError as error:
        raise BadSettings(
            f"{FILE} cannot be read ({error.strerror}); check its permissions."
        ) from error
    except ValueError as error:
        raise BadSettings(f"{FILE} is not valid TOML ({error}); correct it.") from error
