"""A benchmark of size: what building, adding and asking cost as the corpus grows.

``python -m tools.bench_scale [DATA] [--passages N …] [--made N]`` makes corpora of
public text, or of made words where DATA is absent. Where there are ``--made`` passages or more
the encoder is made too: its vectors come from a table of words, as many as a real one gives, so
that everything but their meaning is measured within minutes. ``--qdrant`` measures with Qdrant's
core in this process in place of the embedded store.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar
from unittest.mock import patch
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from footprints.answer.answerer import Answerer
from footprints.answer.question import MAX_CHARACTERS
from footprints.corpus.catalogue import CATALOGUE
from footprints.corpus.snapshot import Corpus
from footprints.index.build import build_index
from footprints.index.context import heading_path, path_text
from footprints.index.encoder import load_encoder, sentence_transformer, unit
from footprints.index.generations import open_segments
from footprints.index.lexical import firsts
from footprints.index.objects import objects_of
from footprints.index.opening import open_index
from footprints.index.passages import store_of
from footprints.index.split import split
from footprints.progress import show_progress
from footprints.settings import Settings, load_settings
from footprints.types import ALL_DOCUMENTS, Encoder, Encoding, Vectors
from tools.bench import encode_bare

SECTIONS, PARAGRAPHS, WORDS = 4, 5, 85
"""A document's sections, their paragraphs, and the words of one, which make about a passage."""

ADDED = 5
"""A document that is added has so many passages, and so many are added in turn."""

QUESTIONS, NEAREST = 300, 10

_Value = TypeVar("_Value")

_PIECE = re.compile(r"\w{1,7}|[^\w\s]")
_ENDING = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """What corpora are made of: sentences in the order of their sources, and questions."""

    sentences: Sequence[str]
    questions: Sequence[str]


class MadeEncoder:
    """An ``Encoder`` of a real one's measures whose vectors cost nothing."""

    name, digest, dimension, max_pieces = "made", "0" * 64, 384, 254

    def __init__(self, rows: int = 1 << 15) -> None:
        rng = np.random.default_rng(0)
        self._table = unit(rng.standard_normal((rows, self.dimension)).astype(np.float32))

    def pieces(self, text: str) -> NDArray[np.int32]:
        """Return where each word piece of a text stands, shape (pieces, 2), nothing cut off."""
        spans = [match.span() for match in _PIECE.finditer(text)]
        return np.asarray(spans, dtype=np.int32).reshape(-1, 2)

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode texts, in their order; what is longer than ``max_pieces`` is cut off."""
        return [self._encoding(text) for text in texts]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode as any text."""
        return self.encode(texts)

    def _encoding(self, text: str) -> Encoding:
        spans = self.pieces(text)[: self.max_pieces]
        rows = [crc32(text[a:b].lower().encode()) % len(self._table) for a, b in spans]
        words = self._table[rows]
        vector = unit(words.mean(axis=0)) if rows else self._table[0]
        return Encoding(vector, unit(words + 0.5 * vector), spans)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, help="a folder of public sets (*.jsonl)")
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--made", type=int, default=100_000, help="made vectors from this size on")
    parser.add_argument("--qdrant", action="store_true", help="keep passages in Qdrant's core")
    asked = parser.parse_args()
    text = read_text(asked.data) if asked.data and asked.data.is_dir() else made_text()
    for passages in asked.passages:
        encoder = MadeEncoder() if passages >= asked.made else load_encoder()
        with tempfile.TemporaryDirectory() as folder:
            settings = load_settings(
                corpus_dir=Path(folder) / "corpus",
                index_dir=Path(folder) / "index",
                encoder=encoder.name,
                store="qdrant" if asked.qdrant else "embedded",
                qdrant_url="http://qdrant.invalid",
            )
            with _core(Path(folder) / "index" / "qdrant") if asked.qdrant else nullcontext():
                _bench(settings, encoder, text, passages)


@contextmanager
def _core(folder: Path) -> Iterator[None]:
    """Put Qdrant's core in the place of the server."""
    from footprints.index.qdrant_engine import Engine
    from tools.edge import EdgeClient

    client: Any = EdgeClient(folder)
    with patch.object(Engine, "at", lambda *_: Engine(client, client, "this process")):
        yield


def read_text(folder: Path) -> Text:
    """Read every ``text`` and ``question`` of the JSON lines under a folder."""
    sentences: dict[str, None] = {}
    questions: dict[str, None] = {}
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            for sentence in _ENDING.split(" ".join(str(row.get("text", "")).split())):
                if 4 <= len(sentence.split()) <= 60:
                    sentences[sentence] = None
            question = str(row.get("question", "")).strip()
            if 10 <= len(question) <= MAX_CHARACTERS:
                questions[question] = None
    return Text([*sentences], [*questions])


def made_text(words: int = 30_000, sentences: int = 40_000) -> Text:
    """Make sentences of words that are as unevenly frequent as those of a language."""
    dice = random.Random(0)
    syllables = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
    lexicon = ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(words)]
    often = [*accumulate(1 / rank for rank in range(1, words + 1))]
    made = [
        " ".join(dice.choices(lexicon, cum_weights=often, k=dice.randint(6, 30))).capitalize() + "."
        for _ in range(sentences)
    ]
    return Text(made, [f"{' '.join(one.split()[:8])}?" for one in made[::50]])


def write_document(folder: Path, number: int, text: Text, passages: int) -> None:
    """Write a Markdown document of about so many passages, with an entry in the catalogue.

    The number decides its words. Each paragraph takes sentences that stand together in their
    source, from a few sources: no two are the same, and words keep the company they keep there.
    """
    dice = random.Random(number)
    lines = [f"# Page {number}: {_heading(dice, text)}"]
    for paragraph in range(passages):
        if paragraph % PARAGRAPHS == 0:
            lines.append(f"## {_heading(dice, text)}")
        lines.append(" ".join(_sentences(dice, text)))
    name = f"page-{number:06}"
    (folder / f"{name}.md").write_text("\n\n".join(lines), encoding="utf-8")
    with (folder / CATALOGUE).open("a", encoding="utf-8") as catalogue:
        catalogue.write(
            f'[[document]]\nid = "{name}"\nfile = "{name}.md"\ntitle = "Page {number}"\n'
            'publisher = "Nobody"\npublished = 2016-10-21\n\n'
        )


def _heading(dice: random.Random, text: Text) -> str:
    return " ".join(re.findall(r"\w+", dice.choice(text.sentences))[:5])


def _sentences(dice: random.Random, text: Text) -> Iterator[str]:
    words = 0
    while words < WORDS:
        start = dice.randrange(len(text.sentences))
        for sentence in text.sentences[start : start + 2]:
            yield sentence
            words += len(sentence.split())


def _bench(settings: Settings, encoder: Encoder, text: Text, passages: int) -> None:
    settings.corpus_dir.mkdir()
    documents = passages // (SECTIONS * PARAGRAPHS)
    for number in range(documents):
        write_document(settings.corpus_dir, number, text, SECTIONS * PARAGRAPHS)
    with show_progress() as progress:
        seconds, report = _timed(lambda: build_index(settings, lambda: encoder, progress))
    _optimize(settings)
    manifest = report.manifest
    print(f"{manifest.passages} passages, {manifest.sentences} sentences, {documents} documents")
    print(f"  {'built':<24}{seconds:10.1f} s   {report.encoded / seconds:.0f} texts a second")
    if not isinstance(encoder, MadeEncoder):
        rate = _bare_rate(settings, encoder)
        print(f"  {'the bare encoder':<24}{' ' * 14}{rate:.0f} texts a second")
        print(f"  {'ratio':<24}{report.encoded / seconds / rate:10.2f}")
    print(f"  {'memory':<24}{_memory()}")
    adding = []
    for number in range(documents, documents + ADDED):
        write_document(settings.corpus_dir, number, text, ADDED)
        before = _seconds()
        build_index(settings, lambda: encoder)
        adding.append(_seconds() - before)
    clock, processor = np.median(adding, axis=0)
    print(f"  {'one document added':<24}{clock:10.2f} s   {processor:.2f} s of the processor")
    size = sum(path.stat().st_size for path in settings.index_dir.rglob("*") if path.is_file())
    print(f"  {'size of the index folder':<24}{size / 2**20:10.0f} MB")
    _bench_questions(settings, encoder, text)
    print(flush=True)


def _optimize(settings: Settings) -> None:
    """Have Qdrant's core make its graphs, as a server does in its own time."""
    store: Any = store_of(settings)
    if settings.store == "qdrant":
        seconds, _ = _timed(store.engine.client.optimize)
        print(f"  {'graphs made':<24}{seconds:10.1f} s")


def _bare_rate(settings: Settings, encoder: Encoder) -> float:
    """Return how many texts a second the encoder alone reads, of those that the build encodes."""
    corpus = Corpus.of(settings.corpus_dir)
    some = list(corpus.files.items())[:: max(1, len(corpus.files) // 30)]
    texts: list[str] = []
    for document in replace(corpus, files=dict(some)).documents():
        passages = split(document, encoder, settings.passage_pieces)
        paths = dict.fromkeys(heading_path(passage, document) for passage in passages)
        texts += dict.fromkeys([*(path[-1] for path in paths), *map(path_text, paths)])
        texts += [document.at(one) for one in passages]
    bare = sentence_transformer(encoder.name)
    encode_bare(bare, texts[:32])
    return len(texts) / _timed(lambda: encode_bare(bare, texts))[0]


def _bench_questions(settings: Settings, encoder: Encoder, text: Text) -> None:
    seconds, (index, manifest) = _timed(lambda: open_index(settings, encoder))
    print(f"  {'index opened':<24}{seconds:10.2f} s")
    seconds, answerer = _timed(lambda: Answerer(index, encoder, "bench"))
    print(f"  {'answerer made':<24}{seconds:10.2f} s")
    questions = random.Random(0).sample(text.questions, min(QUESTIONS, len(text.questions)))
    taken: dict[str, list[float]] = {}
    for question in questions:
        start = process_time()
        timings = answerer.search(question).timings_ms
        processor = (process_time() - start) * 1000
        timings["all but encode"] = sum(timings.values()) - timings["encode"]
        if isinstance(encoder, MadeEncoder):  # a real one takes several processors at once
            timings["of the processor"] = processor - timings["encode"]
        for name, milliseconds in timings.items():
            taken.setdefault(name, []).append(milliseconds)
    for name, values in taken.items():
        p50, p95 = np.percentile(values, [50, 95])
        print(f"  {'a question: ' + name:<24}{p50:10.2f} ms at p50 {p95:8.2f} ms at p95")
    segments = open_segments(objects_of(settings), settings.index_dir / manifest.build)
    vectors = np.concatenate([segment.array("vectors") for segment in segments])
    asked = np.stack([one.vector for one in encoder.encode_questions(questions)])
    first = dict(
        zip(
            (segment.digest for segment in segments),
            firsts([segment.count("passages") for segment in segments]).tolist(),
            strict=False,
        )
    )
    found = [
        [
            first[one.segment] + one.row
            for one in index.search.search(vector, {}, NEAREST, ALL_DOCUMENTS)
        ]
        for vector in asked
    ]
    print(f"  {f'recall@{NEAREST}':<24}{_recall(vectors, asked, found):10.3f}")
    print(f"  {'memory':<24}{_memory()}")


def _recall(vectors: Vectors, asked: Vectors, found: Sequence[Sequence[int]]) -> float:
    """Return the share of the nearest vectors, looked for one by one, that were found."""
    shares = []
    for question, rows in zip(asked, found, strict=True):
        nearest = np.argsort(-(vectors @ question), kind="stable")[:NEAREST]
        shares.append(len(set(rows) & set(nearest.tolist())) / len(nearest))
    return float(np.mean(shares))


def _seconds() -> NDArray[np.float64]:
    """Return the time on the clock, and the processor time of this process."""
    return np.array([perf_counter(), process_time()])


def _timed(work: Callable[[], _Value]) -> tuple[float, _Value]:
    """Return how many seconds some work takes, and what it comes to."""
    start = perf_counter()
    value = work()
    return perf_counter() - start, value


def _memory() -> str:
    """Say how much memory this process has, without files that are mapped, and had at most."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    own = int(re.findall(r"RssAnon:\s+(\d+)", status)[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{own:10.0f} MB   at most so far, with mapped files, {peak:.0f} MB"


if __name__ == "__main__":
    main()
