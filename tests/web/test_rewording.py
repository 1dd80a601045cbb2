"""What a change alters in the text of the documents that are served."""

from __future__ import annotations

from browsing import Page
from hypothesis import given
from hypothesis import strategies as st
from managing import begun, index, signed_in, uploaded
from tiny import document

from footprints.settings import Settings
from footprints.web.admin.job import Stage
from footprints.web.admin.rewording import Edit, Rewording, rewording

pytest_plugins = "managed"

OLD = """# Devon

Angela leads the Devon partnership.

It has a plan.

| Area | Lead |
|-|-|
| East | Tim |
"""
NEW = """# Devon

A new beginning of its own.

Ann leads the Devon partnership.

| Area | Lead |
|-|-|
| East | Tom |
"""

SOURCES = st.lists(st.sampled_from(["One two.", "One three.", "Four.", "Five six."]), min_size=1)


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Return what is altered between two documents of Markdown."""
    return rewording(document(old), document(new)).edits


def test_what_was_changed_added_and_removed() -> None:
    """A paragraph with most words in common has changed; any other is added or removed."""
    found = rewording(document(OLD), document(NEW))
    assert found.edits == (
        Edit(None, "A new beginning of its own."),
        Edit("Angela leads the Devon partnership.", "Ann leads the Devon partnership."),
        Edit("It has a plan.", None),
        Edit("East\tTim", "East\tTom"),
    )
    assert found.summary == "2 changed, 1 added, 1 removed"


def test_one_for_one_is_a_change() -> None:
    """A paragraph in the place of another has changed, even where no word is the same."""
    assert edits("- Kent – Ann\n- Devon – Bo\n- Leeds", "- Kent – Ann\n- Devon – Cy\n- Leeds") == (
        Edit("Devon – Bo", "Devon – Cy"),
    )
    assert edits("One.\n\nTwo.", "One.\n\nOther words.") == (Edit("Two.", "Other words."),)


def test_the_same_words() -> None:
    """A text that stays as it is has no edits, whatever its headings and lists have become."""
    assert edits("# A\n\n- One\n- Two", "## A\n\nOne\n\nTwo") == ()
    assert Rewording("page", ()).summary == "the same words as before"


def test_what_stands_often_is_no_edit() -> None:
    """A paragraph that stands hundreds of times is shown only where it came or went."""
    often = "\n\n".join(["To be confirmed."] * 300)
    assert edits(f"First.\n\n{often}", f"Other.\n\n{often}") == (
        Edit("First.", None),
        Edit(None, "Other."),
    )


@given(SOURCES, SOURCES)
def test_the_edits_lead_from_one_text_to_the_other(old: list[str], new: list[str]) -> None:
    """The paragraphs that go, less those that come, are the difference of the two texts."""
    found = edits("\n\n".join(old), "\n\n".join(new))
    gone = sorted([*new, *(edit.before for edit in found if edit.before)])
    assert gone == sorted([*old, *(edit.after for edit in found if edit.after)])
    assert all(edit.before != edit.after for edit in found)


def test_which_words_are_put_in_and_taken_out() -> None:
    """Of a changed paragraph only the words are marked that the other text lacks."""
    edit = Edit("Angela Pedder leads Devon, as ever.", "Ann leads Devon and Kent, as ever.")
    assert [[text for text, own in side if own] for side in edit.marked] == [
        ["Angela Pedder", "Devon,"],
        ["Ann", "Devon and Kent,"],
    ]
    assert Edit(None, "Two words").marked == ((), (("Two words", True),))


@given(st.text("ab \t"), st.text("ab \t"))
def test_marking_changes_no_word(old: str, new: str) -> None:
    """The pieces are the texts, and what is not marked is the same words in both."""
    old, new = old.strip(), new.strip()
    marked = Edit(old, new).marked
    assert ["".join(text for text, _ in side) for side in marked] == [old, new]
    same = ["".join(text for text, own in side if not own).split() for side in marked]
    assert same[0] == same[1]


def test_managers_see_it_before_it_serves(managed: Settings) -> None:
    """The report has the old words as deleted, the new as inserted, twenty edits and a count."""
    with signed_in(managed) as client:
        text = "".join(f"Paragraph {number} 1 < 2 & 3.\n\n" for number in range(30))
        address = uploaded(client, "devon.md", f"# Devon\n\n{text}".encode())
        assert index(client, address, replaces="devon", title="Devon") is Stage.READY
        page = Page(client.get("/admin/build"))
        assert "Changes to paragraphs Devon: 30 added, 5 removed" in page.words
        assert "Removed: Angela leads Devon. It has a plan." in page.words
        assert "Added: Paragraph 0 1 < 2 & 3." in page.words
        assert len(page.all("del")) + len(page.all("ins")) == 20
        assert "more paragraphs are not shown." in page.words


def test_a_file_that_was_changed_by_hand(managed: Settings) -> None:
    """A file that was changed in the folder is compared too; one that is new is not."""
    path = managed.corpus_dir / "kent.md"
    path.write_text(path.read_text().replace("Nobody leads Kent.", "Tim leads Kent."))
    (managed.corpus_dir / "new.md").write_text("# New\n\nWords.")
    with signed_in(managed) as client:
        assert begun(client, "/admin/index") is Stage.READY
        page = Page(client.get("/admin/build"))
        assert "Kent: 1 changed" in page.words
        assert "Before: Nobody leads Kent. Now: Tim leads Kent." in page.words
        shown = client.get("/admin/build").text
        assert "<del>Nobody</del> leads Kent." in shown
        assert "<ins>Tim</ins> leads Kent." in shown
