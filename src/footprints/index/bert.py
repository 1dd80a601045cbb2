"""BERT in NumPy: one question is read in less time than importing torch takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from scipy.special import ndtr, softmax
from threadpoolctl import ThreadpoolController

from footprints.types import Vectors


class Bert:
    """The forward pass of a BERT encoder, from its ``config.json`` and ``model.safetensors``.

    Devlin et al., BERT (2019); Hendrycks and Gimpel, Gaussian Error Linear Units (2016), exact.
    """

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.dimension = int(config["hidden_size"])
        self._layers, self._heads = config["num_hidden_layers"], config["num_attention_heads"]
        self._epsilon = config["layer_norm_eps"]
        self._weights: dict[str, Vectors] = load_file(folder / "model.safetensors")
        self._threads = ThreadpoolController()

    def read(self, ids: Sequence[int]) -> Vectors:
        """Return the vectors of word pieces, given with the special ones, (pieces, dimension)."""
        # More threads gain nothing in such small matrices and, on a busy machine, wait for each
        # other ten times as long. Where numpy was imported before this package, it has more.
        with self._threads.limit(limits=1, user_api="blas"):
            return self._read(ids)

    def _read(self, ids: Sequence[int]) -> Vectors:
        table = self._weights["embeddings.word_embeddings.weight"]
        places = self._weights["embeddings.position_embeddings.weight"]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        states = self._normed(table[list(ids)] + places[: len(ids)] + kind, "embeddings")
        for layer in range(self._layers):
            name = f"encoder.layer.{layer}"
            attended = self._linear(self._attended(states, name), f"{name}.attention.output.dense")
            states = self._normed(attended + states, f"{name}.attention.output")
            wide = self._linear(states, f"{name}.intermediate.dense")
            narrow = self._linear(wide * ndtr(wide), f"{name}.output.dense")
            states = self._normed(narrow + states, f"{name}.output")
        return states

    def _attended(self, states: Vectors, layer: str) -> Vectors:
        """Return what every piece takes from every other, the heads side by side."""
        query, key, value = (
            self._by_head(self._linear(states, f"{layer}.attention.self.{name}"))
            for name in ("query", "key", "value")
        )
        scale = np.float32(key.shape[-1] ** -0.5)
        taken: Vectors = softmax(query @ key.swapaxes(1, 2) * scale, axis=-1) @ value
        return taken.swapaxes(0, 1).reshape(states.shape)

    def _by_head(self, states: Vectors) -> Vectors:
        """Return the same numbers, (heads, pieces, dimension / heads)."""
        return states.reshape(len(states), self._heads, -1).swapaxes(0, 1)

    def _linear(self, states: Vectors, name: str) -> Vectors:
        return states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normed(self, states: Vectors, name: str) -> Vectors:
        """Normalize every vector (Ba, Kiros and Hinton, Layer Normalization, 2016)."""
        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + self._epsilon)
        weights, shift = (self._weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        normed: Vectors = centred / spread * weights + shift
        return normed
