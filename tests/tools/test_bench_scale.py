"""The benchmark of size runs on any text, and makes the same corpora every time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from footprints.corpus.snapshot import Corpus
from tools import bench_scale


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Write a public set of a few sentences and questions."""
    folder = tmp_path / "data" / "set"
    folder.mkdir(parents=True)
    texts = [f"The area of {name} has a plan of its own. It is short." for name in "ABCDEFGH"]
    (folder / "passages.jsonl").write_text("\n".join(json.dumps({"text": t}) for t in texts))
    (folder / "questions.jsonl").write_text(json.dumps({"question": "Which area has a plan?"}))
    return tmp_path / "data"


def test_text_is_that_of_the_sets(data: Path) -> None:
    """Sentences and questions are taken as they stand; sentences that are too short are not."""
    text = bench_scale.read_text(data)
    assert text.questions == ["Which area has a plan?"]
    assert text.sentences[0] == "The area of A has a plan of its own."
    assert len(text.sentences) == 8


def test_made_text_stands_in() -> None:
    """Without a set the text is made, the same every time."""
    text = bench_scale.made_text(words=50, sentences=60)
    assert text == bench_scale.made_text(words=50, sentences=60)
    assert len(text.sentences) == 60
    assert all(question.endswith("?") for question in text.questions)


def test_a_document_is_decided_by_its_number(tmp_path: Path) -> None:
    """The same number writes the same document, which has an entry in the catalogue."""
    text = bench_scale.made_text(words=50, sentences=60)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        bench_scale.write_document(tmp_path / name, 7, text, 5)
    one, two = (Corpus.of(folder).documents() for folder in sorted(tmp_path.iterdir()))
    assert one == two
    assert (one[0].doc_id, one[0].publisher) == ("page-000007", "Nobody")


@pytest.mark.parametrize("with_data", [True, False])
def test_it_measures(
    data: Path,
    with_data: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One run prints what it built, how long adding and asking took, and what was found."""
    # Made-up words are all looked up by their spelling, which takes its time.
    monkeypatch.setattr(bench_scale, "QUESTIONS", 20)
    folder = [str(data)] if with_data else []
    monkeypatch.setattr(
        "sys.argv", ["bench-scale", *folder, "--passages", "20", "40", "--made", "1"]
    )
    bench_scale.main()
    out = capsys.readouterr().out
    assert "2 documents" in out
    assert out.count("one document added") == out.count("a question: all but encode") == 2
    assert out.count("recall@10                    1.000") == 2
