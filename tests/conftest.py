"""What several test files share."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from hang import HANG

from footprints.answer.answerer import Answerer
from footprints.index.build import build_index
from footprints.index.encoder import BundledEncoder, load_encoder
from footprints.settings import PREFIX, Settings, load_settings

# The tests run on every core already.
os.environ.setdefault("OMP_NUM_THREADS", "1")

QDRANT_URL = os.environ.get("FOOTPRINTS_TEST_QDRANT_URL", "")
"""A real server to test with, in which tests leave collections behind."""

# No test asks the network for a model or reads the settings of whoever runs it.
os.environ["HF_HUB_OFFLINE"] = "1"
for _name in [name for name in os.environ if name.startswith(PREFIX)]:
    del os.environ[_name]

# No test uses the data folder of whoever runs it, which another server may hold.
_DATA = TemporaryDirectory(prefix="footprints-")
os.environ["XDG_DATA_HOME"] = _DATA.name

# How busy the machine is says nothing of what it runs.
hypothesis.settings.register_profile(
    "footprints", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("footprints")

ROOT = Path(__file__).parent.parent
_LONG = ("test_suggest.py", "test_failing_reader.py", "test_cli.py", "test_managing.py")
DEVON = "# Devon\n\nAngela leads Devon. It has a plan.\n\n## Areas\n\nTwo areas:\n\n- East\n- West"
KENT = "# Kent\n\nNobody leads Kent.\n\n| Area | Lead |\n|-|-|\n| Thanet | Tim |"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-golden``, which writes the golden files anew, and ``--llama``."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden/ anew")
    parser.addoption("--llama", action="store_true", help="ask a language model on a real server")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no core waits for one at the end."""
    items.sort(key=lambda item: item.path.name not in _LONG)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse no question because the machine is busy with other tests."""
    monkeypatch.setattr("footprints.web.engine.LONGEST_WAIT", HANG)


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Tell whether golden files are to be written."""
    return bool(pytestconfig.getoption("--update-golden"))


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """Return the corpus of this repository."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def real_encoder() -> BundledEncoder:
    """Load the bundled encoder once."""
    loaded = load_encoder()
    assert isinstance(loaded, BundledEncoder)
    return loaded


@pytest.fixture(scope="session")
def built(
    corpus_dir: Path, real_encoder: BundledEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Build the real corpus with the real encoder, and return the settings that open it."""
    settings = load_settings(corpus_dir=corpus_dir, index_dir=tmp_path_factory.mktemp("built"))
    build_index(settings, lambda: real_encoder)
    return settings


@pytest.fixture(scope="session")
def answerer(built: Settings, real_encoder: BundledEncoder) -> Answerer:
    """Open the built index of the real corpus."""
    return Answerer.open(built, lambda _: real_encoder)


@pytest.fixture
def tiny(tmp_path: Path) -> Settings:
    """Write a corpus of three small documents, and return settings with no index yet."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "devon.md").write_text(DEVON)
    (corpus / "kent.md").write_text(KENT)
    (corpus / "notes.txt").write_text("No headings here.\n\nOnly notes.")
    return load_settings(corpus_dir=corpus, index_dir=tmp_path / "index", encoder="fake")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stop the clock of the rate limits a quarter through a minute."""
    from footprints.web.limits import RateLimit

    now = [60_000_015.0 // 60 * 60 + 15]
    monkeypatch.setattr(RateLimit.__init__, "__defaults__", (lambda: now[0],))
    return now
