"""A build takes over what did not change, and is the one that a full rebuild would have made."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from conftest import KENT
from fakes import FakeEncoder
from tiny import segments_of

from footprints.corpus import read
from footprints.corpus.loaders.layout import Layout
from footprints.index import generations
from footprints.index.build import BuildReport, build_index
from footprints.index.encoder import BundledEncoder
from footprints.index.listing import Listing
from footprints.index.manifest import Manifest
from footprints.index.opening import open_index
from footprints.progress import Tick
from footprints.settings import Settings
from footprints.types import Encoder, Encoding

PARTS = [
    "# Devon",
    "# Kent",
    "## Areas",
    "## Leads",
    "Angela leads Devon. It has a plan.",
    "Nobody leads Kent.",
    "Two areas:\n\n- East\n- West",
    "Two areas: - East - West",
    "| Area | Lead |\n|-|-|\n| Thanet | Tim |",
    "🙂",
    "\u200d",
]


class CountingEncoder(FakeEncoder):
    """Notes what it encodes."""

    def __init__(self, digest: str = "0" * 64) -> None:
        super().__init__(digest=digest)
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Note the texts and encode them."""
        self.texts += texts
        return super().encode(texts)


def build(settings: Settings, encoder: Encoder | None = None) -> BuildReport:
    """Build what changed."""
    return build_index(settings, lambda: encoder or FakeEncoder())


def assert_like_a_rebuild(settings: Settings, folder: Path, encoder: Encoder) -> None:
    """Check that a build from nothing has the same files to the last bit."""
    taken_over = build(settings, encoder).manifest
    elsewhere = settings.model_copy(update={"index_dir": folder})
    anew = build_index(elsewhere, lambda: encoder, rebuild=True).manifest
    assert segments_of(elsewhere, anew) == segments_of(settings, taken_over)
    assert anew.files == taken_over.files


def alter(corpus: Path, dice: random.Random) -> None:
    """Add, change, rename or remove a document, or say who published it."""
    paths = sorted(corpus.glob("*.md"))
    new = corpus / f"{dice.choice('abcdefgh')}{dice.randrange(9)}.md"
    deed = dice.choice(["add", "change", "rename", "remove", "describe"])
    if deed == "add" or len(paths) < 2:
        text = "\n\n".join(dice.choices(PARTS, k=dice.randint(1, 6)))
        new.write_text(f"{text}\n\nPage {dice.randrange(3)}.", encoding="utf-8")
    elif deed == "change":
        path = dice.choice(paths)
        blocks = path.read_text(encoding="utf-8").split("\n\n")
        blocks[dice.randrange(len(blocks))] = dice.choice(PARTS[2:-1])
        path.write_text("\n\n".join(["Words.", *blocks]), encoding="utf-8")
    elif deed == "rename":
        dice.choice(paths).replace(new)
    elif deed == "remove":
        dice.choice(paths).unlink()
    paths = sorted(corpus.glob("*.md"))
    title = dice.choice(["Devon", "Other"])
    (corpus / "sources.toml").write_text(
        f'[[document]]\nid = "titled"\nfile = "{paths[0].name}"\ntitle = "{title}"\n'
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_build_is_that_of_a_full_rebuild(tiny: Settings, tmp_path: Path, seed: int) -> None:
    """After any sequence of changes every file is, byte for byte, that of a build from nothing."""
    dice = random.Random(seed)  # noqa: S311
    encoder = FakeEncoder()
    for _ in range(6):
        for _ in range(dice.randint(1, 3)):
            alter(tiny.corpus_dir, dice)
        assert_like_a_rebuild(tiny, tmp_path / "elsewhere", encoder)


def test_so_it_is_with_the_real_encoder(
    tiny: Settings, tmp_path: Path, real_encoder: BundledEncoder
) -> None:
    """The real encoder's last bits do not tell a build that took over from one that did not."""
    settings = tiny.model_copy(update={"encoder": real_encoder.name})
    build(settings, real_encoder)
    dice = random.Random(0)  # noqa: S311
    for _ in range(3):
        alter(tiny.corpus_dir, dice)
        assert_like_a_rebuild(settings, tmp_path / "elsewhere", real_encoder)


def test_only_what_changed_is_encoded(tiny: Settings) -> None:
    """A changed passage and a new heading are encoded; nothing else is."""
    first = build(tiny)
    assert (first.encoded, first.taken_over) == (9, 0)
    (tiny.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent.\n\n## New\n\nOnly notes.")
    encoder = CountingEncoder()
    report = build(tiny, encoder)
    assert encoder.texts == ["New", "Kent – New", "Anna leads Kent.", "Only notes."]
    assert (report.encoded, report.taken_over) == (4, 8)


def test_each_document_keeps_the_date_it_was_indexed(tiny: Settings) -> None:
    """A document that did not change was indexed when it was, a changed one with the new build."""

    def indexed(manifest: Manifest) -> dict[str, datetime]:
        listing = Listing(tiny.index_dir / manifest.build)
        return {doc_id: one.indexed for doc_id, one in listing.items()}

    first = build(tiny).manifest
    assert indexed(first) == dict.fromkeys(("devon", "kent", "notes"), first.created)
    (tiny.corpus_dir / "kent.md").write_text("# Kent\n\nAnna leads Kent.")
    second = build(tiny).manifest
    assert indexed(second) == {**indexed(first), "kent": second.created}
    (tiny.corpus_dir / "notes.txt").unlink()
    third = build(tiny).manifest
    assert indexed(third) == {"devon": first.created, "kent": second.created}


def test_a_rename_costs_nothing(tiny: Settings) -> None:
    """A document under another name and id is not encoded, nor is one with another publisher."""
    build(tiny)
    (tiny.corpus_dir / "kent.md").rename(tiny.corpus_dir / "zeal.md")
    (tiny.corpus_dir / "sources.toml").write_text(
        '[[document]]\nid = "d"\nfile = "devon.md"\npublisher = "Devon"\n'
    )
    encoder = CountingEncoder()
    report = build(tiny, encoder)
    assert (report.added, report.removed) == (("d", "zeal"), ("devon", "kent"))
    assert (encoder.texts, report.encoded, report.taken_over) == ([], 0, 9)


def test_a_title_is_encoded_where_it_heads_a_passage(tiny: Settings) -> None:
    """Another title counts for a document without headings, and for no other."""
    build(tiny)
    (tiny.corpus_dir / "sources.toml").write_text(
        '[[document]]\nid = "notes"\nfile = "notes.txt"\ntitle = "Remarks"\n'
        '[[document]]\nid = "kent"\nfile = "kent.md"\ntitle = "The county"\n'
    )
    encoder = CountingEncoder()
    build(tiny, encoder)
    assert encoder.texts == ["Remarks"]


def test_sentences_are_part_of_what_was_encoded(tiny: Settings, tmp_path: Path) -> None:
    """The same words with other sentences in them are not taken for the same passage."""
    (tiny.corpus_dir / "kent.md").write_text("Areas:\n\n- East is one. West.")
    build(tiny)
    (tiny.corpus_dir / "kent.md").write_text("Areas:\n\nEast is one. West.")
    assert_like_a_rebuild(tiny, tmp_path / "elsewhere", FakeEncoder())


def test_nothing_is_taken_from_another_encoder(tiny: Settings) -> None:
    """With other weights under the same name all is encoded anew, as it is with ``rebuild``."""
    build(tiny)
    (tiny.corpus_dir / "notes.txt").write_text("Other notes.")
    report = build(tiny, CountingEncoder(digest="1" * 64))
    assert (report.encoded, report.taken_over) == (9, 0)
    report = build_index(tiny, FakeEncoder, rebuild=True)
    assert (report.encoded, report.taken_over) == (9, 0)


def segment_of(doc_id: str, report: BuildReport, settings: Settings) -> Path:
    """Return the file of a document's segment."""
    return generations.segment_path(
        settings.index_dir, segments_of(settings, report.manifest)[doc_id]
    )


def test_nothing_is_taken_from_a_damaged_segment(tiny: Settings, tmp_path: Path) -> None:
    """A segment off by one bit gives nothing to the changed document, which is encoded anew."""
    path = segment_of("kent", build(tiny), tiny)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    (tiny.corpus_dir / "kent.md").write_text(KENT + "\n\nMore.")
    encoder = CountingEncoder()
    assert_like_a_rebuild(tiny, tmp_path / "elsewhere", encoder)
    assert "Kent" in encoder.texts[: len(encoder.texts) // 2]


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_segment_that_is_lost_is_made_anew(
    tiny: Settings, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """The next build does not take over what is missing or cut, though its file did not change."""
    damage(segment_of("kent", build(tiny), tiny))
    (tiny.corpus_dir / "notes.txt").write_text("Other notes.")
    assert_like_a_rebuild(tiny, tmp_path / "elsewhere", FakeEncoder())
    assert len(open_index(tiny, FakeEncoder())[0].documents) == 3


def test_unchanged_files_are_not_read(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only files whose bytes or entries changed are read and split; a rebuild reads them all."""
    build(tiny)
    (tiny.corpus_dir / "notes.txt").write_text("Other notes.")
    (tiny.corpus_dir / "sources.toml").write_text(
        '[[document]]\nid = "kent"\nfile = "kent.md"\npublisher = "Kent"\n'
    )
    seen: list[str] = []
    layout = read.read_layout

    def noted(file: read.SourceFile, tick: Tick) -> Layout:
        seen.append(file.path.name)
        return layout(file, tick)

    monkeypatch.setattr(read, "read_layout", noted)
    build(tiny)
    assert seen == ["kent.md", "notes.txt"]
    build_index(tiny, FakeEncoder, rebuild=True)
    assert seen[2:] == ["devon.md", "kent.md", "notes.txt"]


def test_other_lengths_of_passages_take_over_the_headings(tiny: Settings, tmp_path: Path) -> None:
    """Where documents are split otherwise, what comes out the same is taken over."""
    build(tiny)
    settings = tiny.model_copy(update={"passage_pieces": 16})
    assert build(settings).taken_over >= 7
    elsewhere = settings.model_copy(update={"index_dir": tmp_path / "elsewhere"})
    anew = build_index(settings, FakeEncoder, rebuild=True).manifest
    other = build(elsewhere).manifest
    assert segments_of(elsewhere, other) == segments_of(settings, anew)
