"""A corpus is built into an index, which opens as what was built or says why not."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable

import numpy as np
import pytest
from fakes import FakeEncoder
from tiny import document, index_of, segments_of

from footprints.corpus import snapshot
from footprints.corpus.snapshot import Corpus
from footprints.errors import BadCorpus, IndexMismatch
from footprints.index import reuse
from footprints.index.build import build_index
from footprints.index.encoder import BundledEncoder, unit
from footprints.index.generations import current_folder
from footprints.index.manifest import FORMAT
from footprints.index.opening import open_documents, open_index
from footprints.index.segment import Segment
from footprints.index.split import split
from footprints.index.store import Index
from footprints.index.tokens import coded, decoded
from footprints.settings import Settings
from footprints.types import ALL_DOCUMENTS, Candidate, Encoder, Vectors

ENCODER = FakeEncoder()


def load_fake() -> Encoder:
    """Return the encoder of all these builds."""
    return ENCODER


def built(settings: Settings) -> Index:
    """Build and open an index."""
    build_index(settings, load_fake)
    return open_index(settings, ENCODER)[0]


def passage_with(index: Index, words: str) -> tuple[Segment, int]:
    """Return where the passage is that holds some words: its segment, and its row there."""
    ((segment, row),) = [
        (segment, row)
        for segment in map(index.segment_of, index.documents)
        for row, passage in enumerate(segment.passages)
        if words in segment.document.at(passage)
    ]
    return segment, row


def sentences_with(index: Index, words: str) -> list[Candidate]:
    """Return the sentences of the passage that holds some words."""
    segment, row = passage_with(index, words)
    return [*segment.candidates(row)]


def found(index: Index, vector: Vectors | None, *terms: str) -> list[tuple[str, int]]:
    """Return the best passage by vector and by keywords."""
    weights = dict.fromkeys(terms, 1.0)
    nearest = index.search.search(vector, weights, 1, ALL_DOCUMENTS)
    return [(one.segment, one.row) for one in nearest]


def test_what_is_opened_is_what_was_built(tiny: Settings) -> None:
    """Documents and passages come back as they were read and split."""
    documents = Corpus.of(tiny.corpus_dir).documents()
    index = built(tiny)
    assert list(index.documents.values()) == documents
    assert [*index.passages] == [
        passage for page in documents for passage in split(page, ENCODER, tiny.passage_pieces)
    ]
    assert open_documents(tiny) == tuple(documents)


def test_the_manifest_says_what_was_built(tiny: Settings) -> None:
    """The manifest holds encoder, splitting, counts, documents and the name of its folder."""
    manifest = build_index(tiny, load_fake).manifest
    index, opened = open_index(tiny, ENCODER)
    assert opened == manifest
    assert manifest.encoder.model_dump() == {
        "name": "fake",
        "digest": ENCODER.digest,
        "dimension": 256,
    }
    assert manifest.splitting.passage_pieces == 128
    assert [*segments_of(tiny, manifest)] == ["devon", "kent", "notes"]
    assert manifest.documents == 3
    assert manifest.passages == index.facts.passages == len([*index.passages]) == 4
    assert manifest.sentences == index.facts.sentences == 10
    assert current_folder(tiny.index_dir).name == manifest.build


def test_vectors_of_passages(tiny: Settings) -> None:
    """The vector of a passage is that of its words."""
    index = built(tiny)
    segment, row = passage_with(index, "Angela")
    (encoding,) = ENCODER.encode(["Angela leads Devon. It has a plan."])
    np.testing.assert_allclose(segment.array("vectors")[row], encoding.vector, atol=1e-6)
    assert found(index, encoding.vector) == [(segment.digest, row)]


def test_vectors_of_sentences(tiny: Settings) -> None:
    """A sentence has its tokens within its passage, and the mean of them as its vector."""
    index = built(tiny)
    first, second = sentences_with(index, "Angela")
    for candidate, words in [(first, "Angela leads Devon."), (second, "It has a plan.")]:
        (encoding,) = ENCODER.encode([words])
        sentences = index.sentences([candidate])
        tokens = sentences.tokens()
        np.testing.assert_array_equal(tokens.vectors, decoded(coded(encoding.tokens)))
        assert tokens.starts.tolist() == [0]
        (vector,) = sentences.vectors()
        np.testing.assert_allclose(vector, unit(encoding.tokens.mean(axis=0)), atol=1e-3)


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("Angela", ["Devon"]),
        ("Two areas", ["Devon", "Areas"]),
        ("Nobody", ["Kent"]),
        ("Only notes", ["notes"]),
    ],
)
def test_vectors_of_headings(tiny: Settings, words: str, path: list[str]) -> None:
    """A passage has its innermost heading's vector and its path's tokens, or its own title's."""
    (tiny.corpus_dir / "aaa.txt").write_text("Another without headings.")
    index = built(tiny)
    heading, whole = ENCODER.encode([path[-1], " – ".join(path)])
    nearest = index.search.search(heading.vector, {}, 9, ALL_DOCUMENTS)
    segment, row = passage_with(index, words)
    (own,) = [one for one in nearest if (one.segment, one.row) == (segment.digest, row)]
    assert own.heading == pytest.approx(1, abs=1e-6)
    tokens = index.sentences(sentences_with(index, words)).heading_tokens()
    np.testing.assert_array_equal(tokens.vectors, decoded(coded(whole.tokens)))


def test_every_text_has_a_token(real_encoder: BundledEncoder) -> None:
    """A heading or a sentence without a single word piece has a token vector all the same."""
    invisible = "\u200d"
    assert len(real_encoder.pieces(invisible)) == 0
    index = index_of(real_encoder, document(f"# {invisible}\n\n{invisible}\n\n# A\n\nb"))
    segment = index.segment_of("page")
    for first in (segment.first_heading_tokens, segment.first_tokens):
        assert len(first) == 3
        assert np.diff(first).min() >= 1


def test_lead_ins(tiny: Settings) -> None:
    """An item has the tokens of its lead-in too, a row of a table those of its header."""
    index = built(tiny)
    lead, east, west = sentences_with(index, "Two areas")
    plain, header, row = sentences_with(index, "Nobody")
    for sentence, led_by in [
        (east, lead),
        (west, lead),
        (row, header),
        (lead, lead),
        (plain, plain),
    ]:
        own, above = index.sentences([sentence, led_by]).tokens().texts.T[0]
        assert above == index.sentences([sentence, led_by]).tokens().texts[0, 1]
        assert (own == above) == (sentence == led_by)


def test_keywords(tiny: Settings) -> None:
    """A passage is found by its words and headings, a sentence also by its lead-in."""
    index = built(tiny)
    for word, words in [("angela", "Angela"), ("area", "Two areas")]:
        segment, row = passage_with(index, words)
        assert found(index, None, word) == [(segment.digest, row)]
    _, east, _ = sentences_with(index, "Two areas")
    for term in ("devon", "area", "two", "east"):
        assert index.sentences([east]).coverage([term]) == 1


def test_slabs_do_not_show(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many texts are encoded at a time, the files of the build are the same."""
    whole = build_index(tiny, load_fake).manifest
    monkeypatch.setattr(reuse, "_SLAB", 2)
    again = build_index(tiny, load_fake, rebuild=True).manifest
    assert segments_of(tiny, again) == segments_of(tiny, whole)
    assert again.files == whole.files


def test_progress(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is told after every file and slab, and before the first, for which a model loads."""
    monkeypatch.setattr(reuse, "_SLAB", 3)
    seen: list[tuple[str, int, int]] = []
    build_index(tiny, load_fake, progress=lambda *step: seen.append(step))
    assert seen[:3] == [("Reading", number, 3) for number in (1, 2, 3)]
    total = seen[-1][2]
    assert total > 6
    assert seen[3:] == [("Encoding", min(done, total), total) for done in range(0, total + 3, 3)]


def test_a_second_run_is_up_to_date(tiny: Settings) -> None:
    """Where nothing changed nothing is built, and the encoder is not even loaded."""
    first = build_index(tiny, load_fake)
    assert (first.built, first.added) == (True, ("devon", "kent", "notes"))

    def never() -> Encoder:
        raise AssertionError("the encoder was loaded")

    second = build_index(tiny, never)
    assert (second.built, second.added, second.changed, second.removed) == (False, (), (), ())
    assert second.manifest == first.manifest


def test_what_is_known_of_a_document_counts(tiny: Settings) -> None:
    """A changed entry of the catalogue is a changed document, and only that one."""
    build_index(tiny, load_fake)
    entry = '[[document]]\nid = "kent"\nfile = "kent.md"\npublisher = "Kent"\n'
    (tiny.corpus_dir / "sources.toml").write_text(entry)
    report = build_index(tiny, load_fake)
    assert (report.added, report.changed, report.removed) == ((), ("kent",), ())
    assert open_documents(tiny)[1].publisher == "Kent"


def test_rebuild(tiny: Settings) -> None:
    """A rebuild builds anew though nothing changed."""
    first = build_index(tiny, load_fake)
    second = build_index(tiny, load_fake, rebuild=True)
    assert (second.built, second.added, second.changed, second.removed) == (True, (), (), ())
    assert second.manifest.build > first.manifest.build
    assert segments_of(tiny, second.manifest) == segments_of(tiny, first.manifest)


def edit_manifest(settings: Settings, **facts: object) -> None:
    """Write other facts into the manifest of the current build."""
    path = current_folder(settings.index_dir) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))


@pytest.mark.parametrize(
    "facts", [{"format": FORMAT + 1}, {"format": FORMAT + 1, "shards": 3}, {"format": FORMAT - 1}]
)
def test_another_format_is_refused(tiny: Settings, facts: dict[str, object]) -> None:
    """An index of another format is refused whether or not its manifest looks the same."""
    build_index(tiny, load_fake)
    edit_manifest(tiny, **facts)
    for opening in (lambda: open_index(tiny, ENCODER), lambda: open_documents(tiny)):
        with pytest.raises(IndexMismatch, match=r"does not read; run: footprints index"):
            opening()


def other_weights(settings: Settings) -> tuple[Settings, FakeEncoder]:
    """Change the weights under the encoder's name."""
    return settings, FakeEncoder(digest="1" * 64)


def other_encoder(settings: Settings) -> tuple[Settings, FakeEncoder]:
    """Set another encoder."""
    return settings.model_copy(update={"encoder": "other"}), FakeEncoder("other", dimension=8)


def other_splitting(settings: Settings) -> tuple[Settings, FakeEncoder]:
    """Set another length of passages."""
    return settings.model_copy(update={"passage_pieces": 16}), ENCODER


def other_format(settings: Settings) -> tuple[Settings, FakeEncoder]:
    """Let another version have written the index."""
    edit_manifest(settings, format=FORMAT + 1)
    return settings, ENCODER


def other_version(settings: Settings) -> tuple[Settings, FakeEncoder]:
    """Let another version have split the documents."""
    edit_manifest(settings, splitting={"version": 0, "passage_pieces": 128})
    return settings, ENCODER


@pytest.mark.parametrize(
    "change", [other_weights, other_encoder, other_splitting, other_format, other_version]
)
def test_the_cure_cures(
    tiny: Settings, change: Callable[[Settings], tuple[Settings, FakeEncoder]]
) -> None:
    """Running the command that a refusal names makes the index open."""
    build_index(tiny, load_fake)
    settings, encoder = change(tiny)
    with pytest.raises(IndexMismatch, match="run: footprints index") as caught:
        open_index(settings, encoder)
    build_index(settings, lambda: encoder, rebuild="--rebuild" in str(caught.value))
    index, _ = open_index(settings, encoder)
    assert len(index.documents) == 3


def test_a_strict_build_leaves_the_index_alone(tiny: Settings) -> None:
    """With ``strict`` a file that cannot be read stops the build before the encoder is loaded."""
    old = build_index(tiny, load_fake).manifest
    (tiny.corpus_dir / "bad.md").write_bytes(b"\xff")

    def never() -> Encoder:
        raise AssertionError("the encoder was loaded")

    with pytest.raises(BadCorpus, match=r"^[^,]*bad\.md"):
        build_index(tiny, never, strict=True)
    (tiny.corpus_dir / "worse.md").write_bytes(b"")
    with pytest.raises(BadCorpus, match=r"2 files cannot be read, the first: .*bad\.md"):
        build_index(tiny, never, strict=True)
    assert open_index(tiny, ENCODER)[1] == old


def test_a_bad_file_does_not_stop_the_rest(tiny: Settings) -> None:
    """Every file that can be read is indexed; those that cannot are named with their reasons."""
    (tiny.corpus_dir / "bad.md").write_bytes(b"\xff")
    (tiny.corpus_dir / "gone.md").symlink_to("nowhere.md")
    report = build_index(tiny, load_fake)
    assert report.added == ("devon", "kent", "notes")
    assert list(report.refused) == ["gone.md", "bad.md"]
    assert all(name in reason for name, reason in report.refused.items())
    assert open_index(tiny, ENCODER)[1].refused == report.refused


def test_a_refused_file_is_named_every_time(tiny: Settings) -> None:
    """A run with nothing else to do names the refused file again, and builds nothing for it."""
    (tiny.corpus_dir / "bad.md").write_bytes(b"\xff")
    first, second = build_index(tiny, load_fake), build_index(tiny, load_fake)
    assert (second.built, second.manifest) == (False, first.manifest)
    assert second.refused == first.refused != {}
    (tiny.corpus_dir / "bad.md").unlink()
    (tiny.corpus_dir / "gone.md").symlink_to("nowhere.md")
    assert list(build_index(tiny, load_fake).refused) == ["gone.md"]
    (tiny.corpus_dir / "gone.md").unlink()
    assert build_index(tiny, load_fake).refused == {}


def test_a_refused_file_keeps_its_document(tiny: Settings) -> None:
    """A document whose file has become unreadable stays as it was, however often is built."""
    index = built(tiny)
    (tiny.corpus_dir / "kent.md").write_bytes(b"\xff")
    for rebuild in (False, True):
        report = build_index(tiny, load_fake, rebuild=rebuild)
        assert (report.kept, report.removed, report.changed) == (("kent",), (), ())
        assert open_index(tiny, ENCODER)[0].documents == index.documents
    assert build_index(tiny, load_fake).kept == ("kent",)
    (tiny.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent.")
    report = build_index(tiny, load_fake)
    assert (report.kept, report.refused, report.changed) == ((), {}, ("kent",))


def test_what_is_kept_counts_as_content(tiny: Settings) -> None:
    """Two builds of one folder are told apart if what they keep has other words."""
    contents = []
    for words in ("Anna leads Kent.", "Kent leads Anna."):
        (tiny.corpus_dir / "kent.md").write_text(f"# Kent\n\n{words}")
        build_index(tiny, load_fake)
        (tiny.corpus_dir / "kent.md").write_bytes(b"\xff")
        contents.append(build_index(tiny, load_fake).manifest.content)
    assert contents[0] != contents[1]


def test_a_document_is_not_kept_when_its_file_is_gone(tiny: Settings) -> None:
    """Removing the refused file takes out its document; a new file with its id replaces it."""
    build_index(tiny, load_fake)
    (tiny.corpus_dir / "kent.md").write_bytes(b"\xff")
    (tiny.corpus_dir / "Kent.txt").write_text("Anna leads Kent.")
    report = build_index(tiny, load_fake)
    assert (report.kept, report.changed) == ((), ("kent",))
    (tiny.corpus_dir / "Kent.txt").unlink()
    assert build_index(tiny, load_fake).removed == ("kent",)
    (tiny.corpus_dir / "kent.md").unlink()
    (tiny.corpus_dir / "notes.txt").write_bytes(b"")
    assert build_index(tiny, load_fake).kept == ("notes",)
    (tiny.corpus_dir / "notes.txt").unlink()
    assert build_index(tiny, load_fake).removed == ("notes",)


def test_headings_alone_are_no_corpus(tiny: Settings) -> None:
    """A corpus with nothing to quote is refused."""
    for path in tiny.corpus_dir.iterdir():
        path.unlink()
    (tiny.corpus_dir / "a.md").write_text("# A\n\n## B")
    with pytest.raises(BadCorpus, match="has only headings; give them text"):
        build_index(tiny, load_fake)


@pytest.mark.parametrize("content", [None, b"\xff", b"# A"], ids=["none", "refused", "headings"])
@pytest.mark.parametrize(("before", "size"), [(3, "3 documents"), (1, "1 document")])
def test_where_nothing_is_left_the_old_index_answers(
    tiny: Settings, content: bytes | None, before: int, size: str
) -> None:
    """A corpus with nothing to index changes nothing, and the error says which build answers."""
    documents = sorted(tiny.corpus_dir.iterdir())
    for path in documents[before:]:
        path.unlink()
    build = build_index(tiny, load_fake).manifest.build
    for path in documents[:before]:
        path.unlink()
    if content:
        (tiny.corpus_dir / "new.md").write_bytes(content)
    answers = f"The previous index, build {build} with {size}, is still in use."
    with pytest.raises(BadCorpus, match=rf"\w\. {answers}$"):
        build_index(tiny, load_fake)
    assert open_index(tiny, ENCODER)[1].build == build
    shutil.rmtree(tiny.index_dir)
    with pytest.raises(BadCorpus) as caught:
        build_index(tiny, load_fake)
    assert "answers" not in str(caught.value)


def test_a_file_that_changes_while_it_is_read(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays as an earlier build had it, and is taken up by the next build."""
    build_index(tiny, load_fake)
    kent = tiny.corpus_dir / "kent.md"
    kent.write_text("# Kent\n\nAnna leads Kent.")
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "read_bytes", lambda path: b"# Kent\n\nBea leads Kent.")
        report = build_index(tiny, load_fake)
    assert report.kept == ("kent",)
    assert report.refused == {"kent.md": f"{kent} changed while it was read; index again."}
    assert "Nobody leads Kent." in open_index(tiny, ENCODER)[0].documents["kent"].text
    assert build_index(tiny, load_fake).changed == ("kent",)
    assert "Anna leads Kent." in open_index(tiny, ENCODER)[0].documents["kent"].text


def test_a_document_of_headings_among_others(tiny: Settings) -> None:
    """A document with nothing to quote is indexed beside the others."""
    (tiny.corpus_dir / "a.md").write_text("# A\n\n## B")
    assert "a" in built(tiny).documents


@pytest.mark.parametrize("text", ["🙂", "The and of", "x" * 20_000, "\u200d"])
def test_odd_words_alone(tiny: Settings, text: str) -> None:
    """A corpus of nothing but stop words, emoji or one endless word can be built and opened."""
    for path in tiny.corpus_dir.iterdir():
        path.unlink()
    (tiny.corpus_dir / "a.txt").write_text(text)
    assert built(tiny).documents["a"].text == text


def test_a_name_that_is_not_unicode(tiny: Settings) -> None:
    """A file whose name is not UTF-8 is refused as the others are: by name."""
    name = os.fsdecode(b"caf\xe9.md")
    (tiny.corpus_dir / name).write_text("text")
    report = build_index(tiny, load_fake)
    assert len(open_documents(tiny)) == 3
    assert "caf" in report.refused["caf\\udce9.md"]
    report.refused["caf\\udce9.md"].encode()
