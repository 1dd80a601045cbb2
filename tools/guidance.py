"""Encode the examples of what people say to the chat itself, after they were edited."""

from __future__ import annotations

from pathlib import Path

from safetensors.numpy import save_file

from footprints.answer import guidance
from footprints.index.encoder import load_encoder


def main() -> None:
    """Write the vectors of the examples beside them."""
    encoder, examples = load_encoder(), guidance.Examples.read()
    path = Path(guidance.__file__).with_name(guidance.VECTORS)
    save_file({examples.key(encoder): examples.encoded(encoder)}, path)
    print(f"{len(examples.texts)} examples are encoded.")


if __name__ == "__main__":
    main()
