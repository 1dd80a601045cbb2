"""What every ``Reader`` keeps: the made cross-encoder, a language model, and the one for tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from hang import HANG
from readers import KeywordReader, chat, make_cross_encoder, says, serving

from footprints.reader.bounded import Bounded
from footprints.reader.cross_encoder import Backend, CrossEncoderReader
from footprints.types import Offer, Reader

QUESTION = "Who leads Devon?"
OFFERS = [
    Offer("Leads", "Angela leads Devon.", "", "It has a plan."),
    Offer("Leads", "It has a plan.", "Angela leads Devon."),
    Offer("", "x" * 5000),
    *[Offer("Areas", f"Area {number} – ‘naïve’ 東京 🙂") for number in range(21)],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a made cross-encoder."""
    return make_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Reader]:
    """Open a reader of a kind."""
    if kind == "cross-encoder":
        yield CrossEncoderReader.load(str(folder))
    elif kind == "openai":
        with serving(says('{"best": [1]}')) as (url, _):
            yield chat(url)
    else:
        yield KeywordReader()


@pytest.fixture(params=["cross-encoder", "openai", "keywords"])
def reader(request: pytest.FixtureRequest, folder: Path) -> Iterator[Reader]:
    """Give each reader in turn, within its time."""
    with opened(request.param, folder) as found:
        yield Bounded(found)


@pytest.mark.parametrize("count", [1, 2, 9, 24])
def test_a_score_for_each(reader: Reader, count: int) -> None:
    """Every offer has a score, and these and the probability of none are from 0 to 1."""
    judgement = reader.read(QUESTION, OFFERS[:count], HANG)
    assert len(judgement.scores) == count
    assert all(0 <= one <= 1 for one in (*judgement.scores, judgement.none))


def test_the_same_every_time(reader: Reader) -> None:
    """Two readings of the same offers are the same."""
    first, second = (reader.read(QUESTION, OFFERS[:3], HANG) for _ in range(2))
    assert first.scores == pytest.approx(second.scores, abs=1e-6)
    assert first.none == pytest.approx(second.none, abs=1e-6)


def test_many_at_once(reader: Reader) -> None:
    """Questions that are read at the same time are judged as they are alone."""
    alone = reader.read(QUESTION, OFFERS[:3], HANG)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: reader.read(QUESTION, OFFERS[:3], HANG), range(8)))
    assert all(one.scores == pytest.approx(alone.scores, abs=1e-5) for one in found)


def test_says_what_it_is(reader: Reader) -> None:
    """A reader has a name, which is what the settings call it."""
    assert reader.name.partition(":")[0] in {"cross-encoder", "openai", "keywords"}


# Where a model is written out for another library, that library warns of what it cannot know.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("backend", "library"), [("onnx", "optimum.onnxruntime"), ("openvino", "optimum.intel")]
)
def test_the_same_on_whatever_it_runs(backend: Backend, library: str, folder: Path) -> None:
    """A cross-encoder judges alike on every library that is installed."""
    pytest.importorskip(library)
    expected, found = (
        CrossEncoderReader.load(str(folder), one).read(QUESTION, OFFERS, HANG)
        for one in ("torch", backend)
    )
    assert found.scores == pytest.approx(expected.scores, abs=0.001)
    # What was written out lies in a temporary folder, which goes with the model.
    gc.collect()
