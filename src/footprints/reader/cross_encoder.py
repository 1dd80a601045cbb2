"""A cross-encoder reads: any that sentence-transformers can open, by name or folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal

from footprints.errors import BadReader, ReaderFailed, first_line
from footprints.types import Judgement, Offer

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 8
"""So many pairs are read between two looks at the clock."""

Backend = Literal["torch", "onnx", "openvino"]

_NEEDS: Mapping[Backend, tuple[str, ...]] = {
    "torch": (),
    "onnx": ("onnxruntime", "optimum", "optimum.onnxruntime"),
    "openvino": ("openvino", "optimum", "optimum.intel"),
}
"""What has to be there, in this order: sentence-transformers says less when it is not."""


class CrossEncoderReader:
    """Scores each offer by itself: the sigmoid of the model's one output."""

    def __init__(self, name: str, model: CrossEncoder) -> None:
        self.name = f"cross-encoder:{name}"
        self._model = model

    @classmethod
    def load(cls, name: str, backend: Backend = "torch") -> CrossEncoderReader:
        """Open a model.

        Raises:
            BadReader: it cannot be found or loaded, or gives more than one score; or what it is
                to run on is not installed.
        """
        if missing := next((one for one in _NEEDS[backend] if not find_spec(one)), None):
            raise BadReader(
                f"A cross-encoder on {backend} needs {missing}, which is not installed; "
                "docs/readers.md says how to add it."
            )
        if Path(name).is_dir():
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from safetensors import SafetensorError
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(name, device="cpu", backend=backend)
        except (OSError, ValueError, RuntimeError, ImportError, SafetensorError) as error:
            raise BadReader(
                f"The reader {name!r} cannot be loaded ({first_line(error)}); name a "
                "cross-encoder that is on this machine, or its folder."
            ) from error
        if model.num_labels != 1:
            raise BadReader(
                f"The reader {name!r} gives {model.num_labels} scores for a pair; name a "
                "cross-encoder that gives one."
            )
        return cls(name, model)

    def read(self, question: str, offers: Sequence[Offer], seconds: float) -> Judgement:
        """Score every offer; none answers to the degree that not even the best does.

        Raises:
            ReaderFailed: the time is over before the last batch.
        """
        import torch

        until, scores = monotonic() + seconds, list[float]()
        for first in range(0, len(offers), _BATCH):
            if monotonic() >= until:
                raise ReaderFailed(f"{self.name} took longer than {seconds:g} seconds.")
            pairs = [(question, _text(offer)) for offer in offers[first : first + _BATCH]]
            scores += self._model.predict(
                pairs, batch_size=_BATCH, activation_fn=torch.nn.Sigmoid(), show_progress_bar=False
            ).tolist()
        return Judgement(tuple(scores), 1 - max(scores, default=0.0))


def _text(offer: Offer) -> str:
    """Write an offer as one passage: what it is about, then the sentence among its neighbours."""
    return f"{offer.subject} › {offer.in_place}" if offer.subject else offer.in_place
