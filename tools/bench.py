"""A benchmark of one run: what a question and a passage cost beside the bare encoder.

Figures of a shared machine wander; the ratios, measured in turn within one run, are what counts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from sentence_transformers import SentenceTransformer

from footprints.answer.answerer import Answerer
from footprints.corpus.snapshot import Corpus
from footprints.index.build import build_index
from footprints.index.context import heading_path, path_text
from footprints.index.encoder import load_encoder, sentence_transformer
from footprints.index.reuse import encode
from footprints.index.split import split
from footprints.settings import Settings, load_settings
from footprints.types import Encoder

ROUNDS = 5
"""Everything is measured so often, in turn with the bare encoder."""

_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Says how much memory a command took at most; a process that has much itself is told that."""

QUESTIONS = (
    "Who leads the Devon STP?",
    "What is an integrated care system?",
    "How many STPs are there in the South East region?",
    "Which vanguard in the South West is about urgent and emergency care?",
    "What are the nine must dos for 2016/2017?",
    "When must every STP have become an integrated care system?",
    "How does Frimley Health involve elected members?",
    "What do the plans say about investing in prevention?",
    "How much money has South Yorkshire and Bassetlaw secured for employment work?",
    "Who chairs the transformation board in Cornwall and the Isles of Scilly?",
)


def main() -> None:
    """Measure and print."""
    settings = load_settings()
    encoder, bare = load_encoder(settings.encoder), sentence_transformer(settings.encoder)
    with tempfile.TemporaryDirectory() as folder:
        built = settings.model_copy(update={"index_dir": Path(folder)})
        build_index(built, lambda: encoder)
        _bench_indexing(built, encoder, bare)
        _bench_questions(Answerer.open(built, lambda name: encoder), bare)
        _bench_start(built)


def encode_bare(bare: SentenceTransformer, texts: Sequence[str]) -> None:
    """Encode texts as sentence-transformers alone would, to measure against."""
    bare.encode(list(texts), show_progress_bar=False)


def _bench_indexing(settings: Settings, encoder: Encoder, bare: SentenceTransformer) -> None:
    documents = Corpus.of(settings.corpus_dir).documents()
    by_id = {document.doc_id: document for document in documents}
    passages = [p for d in documents for p in split(d, encoder, settings.passage_pieces)]
    paths = dict.fromkeys(heading_path(p, by_id[p.doc_id]) for p in passages)
    texts = list(dict.fromkeys([*(path[-1] for path in paths), *map(path_text, paths)]))
    texts += [by_id[p.doc_id].at(p) for p in passages]
    ours, alone = _in_turn(
        lambda: encode(documents, passages, encoder), lambda: encode_bare(bare, texts)
    )
    print(f"indexing: {len(texts)} texts a round, {ROUNDS} rounds")
    print(f"  {'footprints':<14}{len(texts) / np.median(ours):8.0f} texts a second")
    print(f"  {'bare encoder':<14}{len(texts) / np.median(alone):8.0f} texts a second")
    print(f"  {'ratio':<14}{np.median(alone) / np.median(ours):8.2f}")


def _bench_questions(answerer: Answerer, bare: SentenceTransformer) -> None:
    stages: dict[str, list[float]] = {}
    alone = []
    for question in QUESTIONS:  # the first question of each length is slower, in both
        answerer.answer(question)
        encode_bare(bare, [question])
    for _ in range(ROUNDS):
        for question in QUESTIONS:
            for name, taken in answerer.answer(question).timings_ms.items():
                stages.setdefault(name, []).append(taken)
            alone.append(_seconds(partial(encode_bare, bare, [question])) * 1000)
    stages["bare encode"] = alone
    print(f"a question: {ROUNDS} × {len(QUESTIONS)}, milliseconds")
    for name, values in stages.items():
        p50, p95 = np.percentile(values, [50, 95])
        print(f"  {name:<14}p50 {p50:7.2f}   p95 {p95:7.2f}")
    print(f"  {'ratio':<14}{np.median(stages['total']) / np.median(alone):11.2f}")


def _bench_start(settings: Settings) -> None:
    command = [sys.executable, "-m", "footprints", "ask", QUESTIONS[0]]
    command += ["--index", str(settings.index_dir), "--corpus", str(settings.corpus_dir)]
    taken = [
        _seconds(lambda: subprocess.run(command, check=True, capture_output=True))
        for _ in range(ROUNDS)
    ]
    asked = subprocess.run(
        [sys.executable, "-c", _PEAK, *command], check=True, capture_output=True, text=True
    )
    peak = int(asked.stdout) / 1024
    print(f"from start to first answer: {np.median(taken):.1f} s, peak memory {peak:.0f} MB")


def _in_turn(
    one: Callable[[], object], other: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Measure two things in turn, in seconds, after one warm-up of each."""
    one(), other()
    pairs = [(_seconds(one), _seconds(other)) for _ in range(ROUNDS)]
    ones, others = zip(*pairs, strict=True)
    return list(ones), list(others)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    main()
