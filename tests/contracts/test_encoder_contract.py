"""What every ``Encoder`` keeps, the real one and the fake."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fakes import FakeEncoder

from footprints.index.encoder import BundledEncoder
from footprints.types import Encoder, Encoding

SHORT = ["Who leads the Devon STP?", "A&E", "Ysbyty Gwynedd – naïve café, 東京, שלום 🙂", "?"]
TEXTS = [*SHORT, "word " * 600, "x" * 3000]


@pytest.fixture(params=["real", "fake"])
def encoder(request: pytest.FixtureRequest, real_encoder: BundledEncoder) -> Encoder:
    """Give each encoder in turn."""
    return real_encoder if request.param == "real" else FakeEncoder()


def same(one: Encoding, other: Encoding) -> bool:
    """Tell whether two encodings are equal to the last bit."""
    return (
        np.array_equal(one.vector, other.vector)
        and np.array_equal(one.tokens, other.tokens)
        and np.array_equal(one.spans, other.spans)
    )


def test_says_what_it_is(encoder: Encoder) -> None:
    """An encoder has a name, a SHA-256, a dimension and a limit."""
    assert encoder.name
    assert re.fullmatch("[0-9a-f]{64}", encoder.digest)
    assert encoder.dimension > 0
    assert encoder.max_pieces > 0


@pytest.mark.parametrize("text", TEXTS)
def test_shapes_and_lengths(encoder: Encoder, text: str) -> None:
    """A text has one vector, and one token vector a piece, all of length 1."""
    (encoding,) = encoder.encode([text])
    assert encoding.vector.shape == (encoder.dimension,)
    assert encoding.tokens.shape == (len(encoding.spans), encoder.dimension)
    assert np.linalg.norm(encoding.vector) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(encoding.tokens, axis=1) == pytest.approx(1, abs=1e-5)
    assert encoding.vector.dtype == encoding.tokens.dtype == np.float32


@pytest.mark.parametrize("text", TEXTS)
def test_pieces_stand_in_the_text(encoder: Encoder, text: str) -> None:
    """Pieces are places of the text in order, and nothing but white space is outside them."""
    pieces = encoder.pieces(text)
    covered = "".join(text[start:end] for start, end in pieces)
    assert pieces.shape == (len(pieces), 2)
    assert np.array_equal(pieces, np.sort(pieces, axis=0))
    assert covered == "".join(text.split())


@pytest.mark.parametrize("text", TEXTS)
def test_reads_the_first_pieces(encoder: Encoder, text: str) -> None:
    """What is encoded are the text's first pieces, at most as many as the encoder reads."""
    (encoding,) = encoder.encode([text])
    assert np.array_equal(encoding.spans, encoder.pieces(text)[: encoder.max_pieces])


def test_nothing_to_encode(encoder: Encoder) -> None:
    """No texts give no encodings."""
    assert encoder.encode([]) == []


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_text_without_words(encoder: Encoder, text: str) -> None:
    """An empty text has no pieces, and still a vector of length 1."""
    (encoding,) = encoder.encode([text])
    assert len(encoder.pieces(text)) == len(encoding.tokens) == 0
    assert np.linalg.norm(encoding.vector) == pytest.approx(1, abs=1e-5)


def test_order_and_company_do_not_matter(encoder: Encoder) -> None:
    """A text is encoded the same to the last bit alone, beside others and in any order."""
    together = encoder.encode(TEXTS)
    backwards = encoder.encode(TEXTS[::-1])[::-1]
    alone = [encoder.encode([text])[0] for text in TEXTS]
    assert all(map(same, together, backwards))
    assert all(map(same, together, alone))


def test_shared_words_are_similar(encoder: Encoder) -> None:
    """A text is nearer to one that shares its words than to one that shares none."""
    ours, near, far = (
        encoding.vector
        for encoding in encoder.encode(
            ["Who leads the Devon STP?", "Angela leads the Devon STP.", "Boil an egg, gently"]
        )
    )
    assert ours @ near > ours @ far


def test_safe_between_threads(encoder: Encoder) -> None:
    """Eight threads that count and encode at once get what one gets."""

    def work(text: str) -> Encoding:
        encoder.pieces(text)
        return encoder.encode([text])[0]

    with ThreadPoolExecutor(8) as threads:
        at_once = list(threads.map(work, SHORT * 8))
    assert all(map(same, at_once, [work(text) for text in SHORT] * 8))


def test_questions_are_encoded_alike(encoder: Encoder) -> None:
    """A question gets the same encoding as any text, but for the last bits."""
    for own, other in zip(encoder.encode_questions(TEXTS), encoder.encode(TEXTS), strict=True):
        assert np.array_equal(own.spans, other.spans)
        assert own.vector == pytest.approx(other.vector, abs=1e-5)
        assert own.tokens == pytest.approx(other.tokens, abs=1e-4)
    assert encoder.encode_questions([]) == []
