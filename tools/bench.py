"""A benchmark of one run: what a question and a passage cost beside the bare encoder.

Figures of a shared machine wander; the ratios, measured in turn within one run, are what counts.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np

from footprints.answer.answerer import Answerer
from footprints.corpus.snapshot import Corpus
from footprints.index.build import build_index
from footprints.index.context import heading_path, path_text
from footprints.index.encoder import SentenceEncoder, load_encoder
from footprints.index.reuse import encode
from footprints.index.split import split
from footprints.settings import Settings, load_settings

ROUNDS = 5
"""Everything is measured so often, in turn with the bare encoder."""

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
    encoder = load_encoder(settings.encoder)
    with tempfile.TemporaryDirectory() as folder:
        built = settings.model_copy(update={"index_dir": Path(folder)})
        build_index(built, lambda: encoder)
        _bench_indexing(built, encoder)
        _bench_questions(Answerer.open(built, lambda name: encoder), encoder)
        _bench_start(built)


def encode_bare(encoder: SentenceEncoder, texts: Sequence[str]) -> None:
    """Encode texts as sentence-transformers alone would, to measure against."""
    encoder.model.encode(list(texts), show_progress_bar=False)


def _bench_indexing(settings: Settings, encoder: SentenceEncoder) -> None:
    documents = Corpus.of(settings.corpus_dir).documents()
    by_id = {document.doc_id: document for document in documents}
    passages = [p for d in documents for p in split(d, encoder, settings.passage_pieces)]
    paths = dict.fromkeys(heading_path(p, by_id[p.doc_id]) for p in passages)
    texts = list(dict.fromkeys([*(path[-1] for path in paths), *map(path_text, paths)]))
    texts += [by_id[p.doc_id].at(p) for p in passages]
    ours, bare = _in_turn(
        lambda: encode(documents, passages, encoder), lambda: encode_bare(encoder, texts)
    )
    print(f"indexing: {len(texts)} texts a round, {ROUNDS} rounds")
    print(f"  {'footprints':<14}{len(texts) / np.median(ours):8.0f} texts a second")
    print(f"  {'bare encoder':<14}{len(texts) / np.median(bare):8.0f} texts a second")
    print(f"  {'ratio':<14}{np.median(bare) / np.median(ours):8.2f}")


def _bench_questions(answerer: Answerer, encoder: SentenceEncoder) -> None:
    stages: dict[str, list[float]] = {}
    bare = []
    for question in QUESTIONS:  # the first question of each length is slower, in both
        answerer.answer(question)
        encode_bare(encoder, [question])
    for _ in range(ROUNDS):
        for question in QUESTIONS:
            for name, taken in answerer.answer(question).timings_ms.items():
                stages.setdefault(name, []).append(taken)
            bare.append(_seconds(partial(encode_bare, encoder, [question])) * 1000)
    stages["bare encode"] = bare
    print(f"a question: {ROUNDS} × {len(QUESTIONS)}, milliseconds")
    for name, values in stages.items():
        p50, p95 = np.percentile(values, [50, 95])
        print(f"  {name:<14}p50 {p50:7.2f}   p95 {p95:7.2f}")
    print(f"  {'ratio':<14}{np.median(stages['total']) / np.median(bare):11.2f}")


def _bench_start(settings: Settings) -> None:
    command = [sys.executable, "-m", "footprints", "ask", QUESTIONS[0]]
    command += ["--index", str(settings.index_dir), "--corpus", str(settings.corpus_dir)]
    taken = _seconds(lambda: subprocess.run(command, check=True, capture_output=True))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"from start to first answer: {taken:.1f} s, peak memory {peak:.0f} MB")


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
