"""Threads that wait sleep, and linear algebra has one: a busy machine answers as well as it can."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr
from threadpoolctl import threadpool_info, threadpool_limits

from footprints.index import bert
from footprints.index.encoder import BundledEncoder
from footprints.settings import Settings

_COUNT = """
import json, os, sys
from footprints import Answerer, load_settings
answerer = Answerer.open(load_settings(index_dir=sys.argv[1], corpus_dir=sys.argv[2]))
answerer.answer("Who leads the Devon STP?")
from threadpoolctl import threadpool_info
blas = [
    pool["num_threads"]
    for pool in threadpool_info()
    if pool["user_api"] == "blas" and pool["threading_layer"] == "pthreads"
]
print(json.dumps([blas, os.environ["OMP_WAIT_POLICY"]]))
"""


def _counted(settings: Settings) -> tuple[list[int], str]:
    """Answer a question in a process of its own; say how its threads are."""
    ours = {"OMP_WAIT_POLICY", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}
    left = {name: value for name, value in os.environ.items() if name not in ours}
    given = [str(settings.index_dir), str(settings.corpus_dir)]
    done = subprocess.run(
        [sys.executable, "-c", _COUNT, *given],
        env=left,
        check=True,
        capture_output=True,
    )
    blas, waits = json.loads(done.stdout)
    return blas, waits


def test_threads_do_not_spin(built: Settings) -> None:
    """A BLAS with threads of its own has one, and the threads of OpenMP sleep while they wait."""
    blas, waits = _counted(built)
    assert blas
    assert set(blas) == {1}
    assert waits == "passive"


def test_a_question_is_read_on_one_thread(
    real_encoder: BundledEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gave linear algebra more threads has them back afterwards."""
    seen: list[set[int]] = []

    def threads() -> set[int]:
        layers = ((one.get("threading_layer"), one["num_threads"]) for one in threadpool_info())
        return {number for layer, number in layers if layer == "pthreads"}

    def noting(values: NDArray[np.float32]) -> NDArray[np.float32]:
        seen.append(threads())
        noted: NDArray[np.float32] = ndtr(values)
        return noted

    monkeypatch.setattr(bert, "ndtr", noting)
    with threadpool_limits(limits=2, user_api="blas"):
        real_encoder.encode_questions(["Who leads Devon?"])
        after = threads()
    assert seen
    assert all(one == {1} for one in seen)
    assert after == {2}


def test_who_sets_it_decides() -> None:
    """What the environment says already is left as it is."""
    program = "import os, footprints; print(os.environ['OMP_WAIT_POLICY'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"OMP_WAIT_POLICY": "active"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "active"
