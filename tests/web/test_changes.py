"""Changing the documents: staged as what the folder would be, and applied when accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browsing import Page
from full import full_disk
from managing import (
    ENCODER,
    REPORT,
    begun,
    corpus,
    decide,
    desk,
    done,
    in_service,
    index,
    kept,
    nothing_is_staged,
    refusal,
    remove,
    signed_in,
    upload,
    uploaded,
    words,
    worked,
)
from serving import until
from shortage import no_file_handles

from footprints.evals.cases import JUDGED, GoldQuote, read_cases
from footprints.evals.changes import ChangedAnswer, Told
from footprints.evals.compare import Comparison
from footprints.evals.gate import GateReport
from footprints.index import generations
from footprints.index.build import build_index
from footprints.index.generations import current_folder
from footprints.index.history import rollback
from footprints.settings import Settings
from footprints.web.admin.desk import Desk
from footprints.web.admin.job import Stage
from footprints.web.admin.log import Action
from footprints.web.admin.restoring import name_of
from footprints.web.admin.routes import JUDGE as VERDICT

pytest_plugins = "managed"

JUDGE = Desk._judge
CASES = [
    {"id": "c-1", "kind": "fact", "question": "Who leads Devon?", "answerable": True}
    | {"gold": [[{"doc_id": "devon", "quote": "Angela leads Devon."}]]},
    {"id": "c-2", "kind": "fact", "question": "Who leads Kent?", "answerable": True}
    | {"gold": [[{"doc_id": "kent", "quote": "Nobody leads Kent."}]]},
]
CATALOGUE = """# Kept.

[[document]]
id = "the-devon"
file = "devon.md"
title = "Devon!"

# At the end.
"""


# Applied when accepted


def test_from_upload_to_service(managed: Settings) -> None:
    """A file is in the folder and answers from when it is accepted; all of it is in the log."""
    before, question = corpus(managed), {"question": "Who leads Dorset?"}
    with signed_in(managed) as client:
        address = uploaded(client)
        facts = {"title": "A report", "publisher": "A trust", "published": "2016-08-02"}
        assert index(client, address, **facts) is Stage.READY
        ready = words(client, "/admin/build")
        assert "Documents added: A report" in ready
        assert "Passages: 1 added" in ready
        assert "Dilys" not in client.post("/api/ask", json=question).text
        assert corpus(managed) == before
        decide(client, "accept")
        in_service(client)
        answer = client.post("/api/ask", json=question).json()
        given = answer["citations"] or answer["further"]
        assert any("Dilys leads Dorset." in one["quote"] for one in given)
        assert answer["index_build"] == current_folder(managed.index_dir).name
        listed = words(client, "/admin/documents")
        assert "A report A trust, 2 August 2016 · report.md Indexed" in listed
        actions = [Action.SIGN_IN, Action.UPLOAD, Action.ADD, Action.STAGED, Action.ACCEPT]
        assert done(client) == actions
        assert client.get(address).status_code == 404
        (accepted,) = desk(client).log.read(1)
        assert (accepted.file, accepted.build) == ("report.md", answer["index_build"])
    assert corpus(managed)["report.md"] == REPORT


def test_dropping_what_was_uploaded(managed: Settings) -> None:
    """What is dropped is never in the folder nor served, and stays pending where it was."""
    before, served = corpus(managed), current_folder(managed.index_dir)
    with signed_in(managed) as client:
        address = uploaded(client)
        for title in ("A report", "Another title"):
            assert index(client, address, title=title) is Stage.READY
            decide(client, "drop")
            page = words(client, "/admin/build")
            assert f"Adding ‘{title}’: discarded The chat answers as before." in page
            assert "Back to report.md, which is still pending" in page
            assert client.get(address).status_code == 200
            assert nothing_is_staged(managed)
    assert (corpus(managed), current_folder(managed.index_dir)) == (before, served)


@pytest.mark.parametrize("how", ["accept", "drop"])
def test_removing_a_document(managed: Settings, how: str) -> None:
    """A document goes with its entry when that is accepted; until then it stays, and if not."""
    (managed.corpus_dir / "sources.toml").write_text(CATALOGUE)
    build_index(managed, lambda: ENCODER)
    before = corpus(managed)
    with signed_in(managed) as client:
        assert "Remove ‘Devon!’?" in words(client, "/admin/documents/the-devon/remove")
        assert remove(client, "the-devon") is Stage.READY
        assert "Documents removed: Devon!" in words(client, "/admin/build")
        assert corpus(managed) == before
        assert client.get("/documents/the-devon").status_code == 200
        decide(client, how)
        staged = desk(client).log.read(2)[1]
        assert (staged.action, staged.file, len(staged.sha256 or "")) == ("staged", "devon.md", 64)
        decided = {"accept": "put into service", "drop": "discarded"}[how]
        activity = words(client, "/admin/documents").partition("Recent activity")[2]
        assert activity.startswith(f" Removing ‘Devon!’: {decided} ")
        assert "Removing ‘Devon!’: prepared" in activity
        if how == "accept":
            until(lambda: client.get("/documents/the-devon").status_code == 404)
            assert corpus(managed).keys() == before.keys() - {"devon.md"}
            assert "# Kept." in corpus(managed)["sources.toml"].decode()
        else:
            assert corpus(managed) == before
            assert client.get("/documents/the-devon").status_code == 200


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_after_a_crash(managed: Settings, kind: str) -> None:
    """A server that dies before a decision leaves the folder as it was and the upload pending."""
    before = corpus(managed)
    with signed_in(managed) as client:
        address = uploaded(client)
        assert (index(client, address) if kind == "added" else remove(client, "devon")) == "ready"
    assert corpus(managed) == before
    with signed_in(managed) as client:
        assert "Pending uploads report.md" in words(client, "/admin/documents")
        assert index(client, address) is Stage.READY
        decide(client, "accept")
        in_service(client)
    assert corpus(managed).keys() == {*before, "report.md", "sources.toml"}


@pytest.mark.parametrize("builds", [False, True])
def test_the_folder_changes_meanwhile(managed: Settings, builds: bool) -> None:
    """Where the folder changed, indexed by somebody else or not, the build has to be made again."""
    with signed_in(managed) as client:
        address = uploaded(client)
        index(client, address)
        (managed.corpus_dir / "new.md").write_text("# New\n\nText.")
        before = corpus(managed)
        if builds:
            build_index(managed, lambda: ENCODER)
        why = refusal(client.post("/admin/build/accept"), 409)
        assert "make it again." in why
        assert builds or "The documents in " in why
        assert worked(client) is Stage.FAILED
        assert "make it again. The chat answers as before." in words(client, "/admin/build")
        assert done(client)[-2:] == [Action.ACCEPT, Action.FAILED]
        assert corpus(managed) == before
        assert index(client, address) is Stage.READY
        decide(client, "accept")
        in_service(client)
        assert {"new.md", "report.md"} < corpus(managed).keys()


def test_what_the_index_is_of_already(managed: Settings) -> None:
    """Where no answer would change there is nothing to decide: the folder changes at once."""
    before = corpus(managed)
    (managed.corpus_dir / "new.md").write_text("# New\n\nText.")
    with signed_in(managed) as client:
        assert remove(client, "new") is Stage.NOTHING
        assert corpus(managed) == before
        address = uploaded(client)
        index(client, address, title="A report")
        decide(client, "accept")
        in_service(client)
        (managed.corpus_dir / "report.md").unlink()
        (managed.corpus_dir / "sources.toml").unlink()
        assert index(client, uploaded(client), title="A report") is Stage.NOTHING
        assert corpus(managed)["report.md"] == REPORT
        assert kept(managed) == []


def test_the_first_document(managed: Settings) -> None:
    """An empty folder may get a document again."""
    for path in managed.corpus_dir.iterdir():
        path.unlink()
    with signed_in(managed) as client:
        assert index(client, uploaded(client)) is Stage.READY
        decide(client, "accept")
        in_service(client)
    assert corpus(managed).keys() == {"report.md", "sources.toml"}


def test_documents_that_came_with_the_wheel(
    managed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They can be neither added to nor removed, and the page says what to do instead."""
    with signed_in(managed) as client:
        address, before = uploaded(client), corpus(managed)
        monkeypatch.setattr(Settings, "is_bundled", True)
        for response in (
            upload(client, "other.md", REPORT),
            client.post(f"{address}/index"),
            client.post("/admin/documents/devon/remove"),
        ):
            assert "make a folder corpus here" in refusal(response, 400)
    assert corpus(managed) == before


# Replacing


def chosen(page: Page) -> list[str | None]:
    """Return which documents a form would replace."""
    return [one["value"] for one in page.all("option") if "selected" in one]


def test_replacing_a_document(managed: Settings) -> None:
    """A file takes the place and the id of a document in one step, when that is accepted."""
    before = corpus(managed)
    with signed_in(managed) as client:
        page = Page(client.get("/admin/documents", params={"replaces": "devon"}))
        assert "Replace ‘Devon’" in page.words
        assert page.all("input", name="replaces", value="devon")
        response = client.post(
            "/admin/uploads", files={"file": ("new.md", REPORT)}, data={"replaces": "devon"}
        )
        address = response.headers["location"]
        shown = Page(client.get(address))
        assert chosen(shown) == ["devon"]
        assert shown.all("input", name="title", value="Devon")
        assert "new.md, to replace ‘Devon’ Documents" in words(client, "/admin/documents")
        assert index(client, address, replaces="devon", title="Dorset") is Stage.READY
        ready = words(client, "/admin/build")
        assert "Replacing ‘Devon’: ready for your decision" in ready
        assert "Dorset: 1 changed, 1 added, 5 removed" in ready
        assert corpus(managed) == before
        decide(client, "accept")
        in_service(client)
        assert Action.REPLACE in done(client)
        assert "Dilys leads Dorset" in words(client, "/documents/devon")
    assert corpus(managed).keys() == before.keys() - {"devon.md"} | {"new.md", "sources.toml"}


def test_a_file_of_the_same_name(managed: Settings) -> None:
    """A file with the name of a document is taken to replace it, unless somebody says no."""
    with signed_in(managed) as client:
        address = uploaded(client, "devon.md")
        assert chosen(Page(client.get(address))) == ["devon"]
        assert "devon.md, to replace ‘Devon’ Documents" in words(client, "/admin/documents")
        assert index(client, address, replaces="") is Stage.FAILED
        assert "already there" in words(client, "/admin/build")
        assert "devon.md, a new document Documents" in words(client, "/admin/documents")
        assert index(client, address, replaces="devon") is Stage.READY
        decide(client, "accept")
        in_service(client)
    assert corpus(managed)["devon.md"] == REPORT


def test_what_cannot_be_replaced(managed: Settings) -> None:
    """A document that is not there is not replaced, and its page is the usual one."""
    with signed_in(managed) as client:
        assert "Add a document" in words(client, "/admin/documents?replaces=none")
        refused = client.post(f"{uploaded(client)}/index", data={"replaces": "none"})
        assert "has the id 'none'" in refusal(refused, 400)


def test_a_file_that_is_there_already(managed: Settings) -> None:
    """A file is recognised at upload, whatever it is called: as a document, or as pending."""
    with signed_in(managed) as client:
        devon = corpus(managed)["devon.md"]
        said = refusal(upload(client, "other.md", devon), 400)
        assert "This very file is among the documents, as ‘Devon’" in said
        uploaded(client)
        said = refusal(upload(client, "other.md"), 400)
        assert "This very file is pending already, as report.md" in said
        assert len(kept(managed)) == 1
        assert done(client)[-1] is Action.REFUSED_UPLOAD


def test_what_a_file_says_of_itself_is_proposed(managed: Settings) -> None:
    """Date and address stand in the form; who made a file, and when, is only offered."""
    head = (
        '<meta name="date" content="2022-07-01"><meta name="author" content="Ann">'
        '<link rel="canonical" href="https://example.org/plan">'
    )
    html = f"<html><head>{head}</head><body><main><h1>Plan</h1><p>Words.</p></main></body></html>"
    with signed_in(managed) as client:
        page = Page(client.get(uploaded(client, "plan.html", html.encode())))
        assert page.all("input", name="published", value="1 July 2022")
        assert page.all("input", name="url", value="https://example.org/plan")
        assert page.all("input", name="publisher", value="", list="publisher-other")
        assert page.all("option", value="Ann")
        assert "The file names only its author, Ann." in page.words
        assert (
            "Proposed from the file; please check it. For example, 1 July 2022, July" in page.words
        )


def test_what_is_left_empty_is_told(managed: Settings) -> None:
    """Beside its field stands what is shown without a publisher and without a period."""
    with signed_in(managed) as client:
        page = words(client, uploaded(client))
        assert "if you do not know. Without a publisher, answers say “Publisher unknown”." in page
        assert "such as 2016/17. If this is empty, the year it was published stands for it." in page


def test_a_date_in_words(managed: Settings) -> None:
    """A date may be written as people write it; without a period its year counts, as is said."""
    with signed_in(managed) as client:
        index(client, uploaded(client), published="1 July 2022")
        decide(client, "accept")
        in_service(client)
        page = words(client, "/documents/report")
        assert "Published 1 July 2022 Describes 2022 (the year of its date)" in page


# Going back


def test_going_back_and_forward(managed: Settings) -> None:
    """A kept index serves again, and nobody is pressed to index what was given up."""
    first = current_folder(managed.index_dir).name
    with signed_in(managed) as client:
        assert "Indexes kept" not in words(client, "/admin/documents")
        index(client, uploaded(client))
        decide(client, "accept")
        in_service(client)
        second = current_folder(managed.index_dir).name
        place = f"/admin/builds/{first}/restore"
        page = words(client, place)
        assert "indexed then: 3 documents. Compared with now: ‘Report’ removed." in page
        assert current_folder(managed.index_dir).name == second
        assert client.post(place).status_code == 303
        until(lambda: "now answers from this index" in words(client, "/admin/build"))
        assert done(client)[-1] is Action.RESTORE
        listed = words(client, "/admin/documents")
        assert "Somebody has gone back to an earlier index" in listed
        assert "“Index the folder” prepares a new index of what the folder holds now" in listed
        assert "The folder has changed" not in listed
        assert "4 documents; ‘Report’ added Go forward to this index" in listed
        page = words(client, f"/admin/builds/{second}/restore")
        assert "Go forward to the index" in page
        assert "Compared with now: ‘Report’ added." in page
        assert client.get(place).status_code == client.post(place).status_code == 404
        assert begun(client, "/admin/index") is Stage.READY
        assert "brings the chat forward to what the folder holds" in words(client, "/admin/build")
        refusal(client.post(f"/admin/builds/{second}/restore"), 409)
        decide(client, "drop")
        rollback(managed, lambda: ENCODER, second)
        assert "gone back to an earlier index" not in words(client, "/admin/documents")


def test_kept_indexes_name_the_documents_that_changed(managed: Settings) -> None:
    """Each says by title what came, changed and went since the one before; many are counted."""
    folder = managed.corpus_dir
    for number in range(5):
        (folder / f"new-{number}.md").write_text(f"# Report {number}\n\nWords.")
    build_index(managed, lambda: ENCODER)
    (folder / "kent.md").write_text("# Kent\n\nTim leads Kent.")
    (folder / "devon.md").unlink()
    (folder / "new-0.md").unlink()
    build_index(managed, lambda: ENCODER)
    with signed_in(managed) as client:
        page = words(client, "/admin/documents")
        assert "8 documents; ‘Report 0’, ‘Report 1’, ‘Report 2’ and 2 more added Go back" in page
        assert "6 documents; ‘Kent’ changed, ‘Devon’ and ‘Report 0’ removed In service" in page
        assert "3 documents Go back to this index" in page


def test_the_report_names_the_index_that_goes(managed: Settings) -> None:
    """The decision says which kept index gives way to the change, and that is the one that does."""
    first = current_folder(managed.index_dir)
    for keep, goes in ((3, False), (2, True)):
        with signed_in(managed.model_copy(update={"keep_builds": keep})) as client:
            index(client, uploaded(client, f"report-{keep}.md", REPORT + f"\n\n{keep}".encode()))
            said = f"the index of {name_of(first.name)} will no longer be kept"
            assert (said in words(client, "/admin/build")) is goes
            decide(client, "accept")
            in_service(client)
            assert first.exists() is not goes


def test_a_change_that_leads_back_says_so(managed: Settings) -> None:
    """Who removes what was added last is told that all is then as it was before."""
    first = name_of(current_folder(managed.index_dir).name)
    back = f"This leads back to the documents and answers of {first}."
    with signed_in(managed) as client:
        index(client, uploaded(client))
        assert "This leads back" not in words(client, "/admin/build")
        decide(client, "accept")
        in_service(client)
        remove(client, "report")
        assert back in words(client, "/admin/build")


def test_the_report_has_the_title_of_a_new_document(managed: Settings) -> None:
    """A document whose title nobody has typed is called by its own, as it will be in answers."""
    with signed_in(managed) as client:
        index(client, uploaded(client, "a-file.md", REPORT))
        assert "Documents added: Report Passages" in words(client, "/admin/build")


def test_times_are_written_as_people_write_them(managed: Settings) -> None:
    """What was done, and the index it was done to, are named by day and minute."""
    with signed_in(managed) as client:
        log = desk(client).log
        log.write(Action.ACCEPT, "client", build="20261127T120612000000Z")
        log.write(Action.ACCEPT, "client", build="an older name")
        page = words(client, "/admin/documents")
        for record, name in zip(
            log.read(2), ("an older name", "27 November 2026, 12:06 UTC"), strict=True
        ):
            when = f"{record.time:%-d %B %Y, %H:%M} UTC"
            assert f"Put into service {when} · client · index of {name}" in page


def test_an_index_that_cannot_be_gone_back_to(managed: Settings) -> None:
    """A damaged index is refused in a sentence without paths, and what serves stays."""
    first = current_folder(managed.index_dir)
    with signed_in(managed) as client:
        index(client, uploaded(client))
        decide(client, "accept")
        served = current_folder(managed.index_dir)
        (first / "facts.sqlite").write_bytes(b"")
        said = refusal(client.post(f"/admin/builds/{first.name}/restore"), 500)
        assert "That index can no longer be used, and the chat answers as before" in said
        assert str(managed.index_dir) not in said
        assert done(client)[-2:] == [Action.RESTORE, Action.FAILED]
        assert current_folder(managed.index_dir) == served


# Deciding


def test_the_gate_holds_back(managed: Settings, gate: list[GateReport]) -> None:
    """What is held back says why above all, and serves only if a person says so once more."""
    fell = Comparison("success@1", 0.8, 0.4, 12, 0.001, (), ("c-2",))
    changed = ChangedAnswer("c-2", "Who leads?", "changed", None, None, Told("Ann."), Told("Al."))
    gate[0] = GateReport(asked=1234, changed=(changed,), differences=(fell,))
    with signed_in(managed) as client:
        index(client, uploaded(client))
        page = words(client, "/admin/build")
        assert (
            "ready for your decision Held back: Answers are significantly worse: "
            "40% of the first quotes are right (80% before; worse for 1 of 12 questions, better "
            "for 0). Put into service anyway" in page
        )
        assert "1,234 evaluation questions were put" in page
        assert "What holds the change back: worse in “first quote right (success@1)” (1)" in page
        assert page.index("Discard this change") < page.index("Changes to answers")
        decide(client, "accept")
        assert worked(client) is Stage.READY
        assert Action.ACCEPT not in done(client)
        decide(client, "accept", anyway="true")
        in_service(client)


def test_many_worse_answers_stay_short(managed: Settings, gate: list[GateReport]) -> None:
    """Of many answers that are worse eight are read at once, and the others unfold."""
    worse = [
        ChangedAnswer(
            *(f"c-{n}", f"Who leads {n}?", "worse", "success@1", (1.0, 0.0)),
            *(Told("Ann.", 1, "kent"), Told("Al.", 2, "kent")),
        )
        for n in range(11)
    ]
    gate[0] = GateReport(asked=12, changed=tuple(worse))
    with signed_in(managed) as client:
        index(client, uploaded(client))
        page = words(client, "/admin/build")
        assert "Worse (11) Who leads 0?" in page
        assert "Who leads 7?" in page.split("The other 3 Who leads 8?")[0]
        decide(client, "drop")


def test_what_nobody_may_force(managed: Settings, gate: list[GateReport]) -> None:
    """An index that misquotes cannot be put into service by anybody."""
    gate[0] = GateReport(altered=("c-1", "c-2"))
    with signed_in(managed) as client:
        index(client, uploaded(client))
        page = words(client, "/admin/build")
        assert "Held back: Answers that quote what their documents do not say: 2." in page
        assert "anyway" not in page
        decide(client, "accept", anyway="true")
        assert Action.ACCEPT not in done(client)
        decide(client, "drop")


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Have the real gate ask the cases of a folder, with none in it yet."""
    folder = tmp_path / "cases"
    folder.mkdir()
    monkeypatch.setattr(Desk, "_judge", JUDGE)
    monkeypatch.setattr("footprints.evals.cases.cases_of", lambda settings: folder)
    return folder


def test_the_real_gate(managed: Settings, cases: Path) -> None:
    """The cases of the evaluation are asked, and those that left with a document are named."""
    (cases / "own.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in CASES))
    with signed_in(managed) as client:
        assert remove(client, "devon") is Stage.READY
        page = words(client, "/admin/build")
        assert (
            "1 evaluation question was put to the documents as they are and as they would be."
            in page
        )
        gone = (
            "1 question was not asked: what answered it is no longer word for word in the documents"
        )
        assert f"{gone} Who leads Devon?" in page


def test_saying_that_a_new_answer_is_right(managed: Settings, cases: Path) -> None:
    """What is said of new answers is a case as soon as the build serves, and not before."""
    absent = {"id": "a-1", "kind": "absent", "question": "Zyx qwv jkl mno?", "gold": []}
    lines = [*CASES[:1], absent | {"answerable": False}]
    (cases / "own.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in lines))
    with signed_in(managed) as client:
        content = b"# New\n\nZyx qwv jkl mno."
        address = uploaded(client, content=content)
        assert index(client, address, title="A report") is Stage.READY
        page = words(client, "/admin/build")
        assert "marked unanswerable (1): read these" in page
        assert "Zyx qwv jkl mno? Before:" in page
        assert "“Zyx qwv jkl mno.” (A report)" in page
        assert not (cases / JUDGED).exists()
        decide(client, "accept", **{f"{VERDICT}a-1": "right", f"{VERDICT}none": "wrong"})
        in_service(client)
        assert done(client)[-2:] == [Action.ACCEPT, Action.JUDGE]
        kept = "An answer that you called right is kept for the next evaluation"
        assert kept in words(client, "/admin/build")
    case = next(line for line in read_cases(cases) if line.id == "a-1")
    gold = GoldQuote(doc_id="report", quote="Zyx qwv jkl mno.")
    assert (case.answerable, case.gold) == (True, ((gold,),))


def test_a_verdict_goes_with_its_document(managed: Settings, cases: Path) -> None:
    """A verdict on a document that is removed goes when that serves; what hands wrote stays."""
    absent = {"id": "c-1", "kind": "absent", "question": "Who leads Devon?", "gold": []}
    own = "".join(f"{json.dumps(case)}\n" for case in (absent | {"answerable": False}, CASES[1]))
    kent = json.dumps(CASES[1] | {"question": "Does anybody lead Kent?"})
    (cases / "own.jsonl").write_text(own)
    (cases / JUDGED).write_text(verdicts := f"{json.dumps(CASES[0])}\n{kent}\n")
    with signed_in(managed) as client:
        for how, left in (("drop", verdicts), ("accept", f"{kent}\n")):
            assert remove(client, "devon") is Stage.READY
            page = words(client, "/admin/build")
            assert "One verdict of “right” will be dropped when you put this into service" in page
            decide(client, how)
            assert (cases / JUDGED).read_text() == left
        in_service(client)
        assert done(client)[-1] is Action.ACCEPT
    assert (cases / "own.jsonl").read_text() == own
    assert {line.id: line.answerable for line in read_cases(cases)} == {"c-1": False, "c-2": True}


def test_what_was_said_cannot_be_kept(
    managed: Settings, monkeypatch: pytest.MonkeyPatch, gate: list[GateReport], tmp_path: Path
) -> None:
    """Where the cases cannot be read any more the build serves all the same, and it is said."""
    monkeypatch.setattr("footprints.evals.cases.cases_of", lambda settings: tmp_path / "none")
    with signed_in(managed) as client:
        index(client, uploaded(client))
        decide(client, "accept", **{f"{VERDICT}a-1": "right"})
        in_service(client)
        assert "was not brought up to date: There are no cases in" in words(client, "/admin/build")


def test_one_at_a_time(managed: Settings) -> None:
    """While one build is ready for a decision, another is refused with a sentence."""
    with signed_in(managed) as client:
        second = uploaded(client, "second.md", b"# Second\n\nAnother.")
        index(client, uploaded(client))
        for path in (f"{second}/index", "/admin/documents/devon/remove", "/admin/index"):
            why = refusal(client.post(path), 409)
            assert "stop or decide on this one first: Adding ‘Report’." in why
        decide(client, "accept")
        assert index(client, second) is Stage.READY


def test_what_has_to_wait_says_for_what(managed: Settings) -> None:
    """While a change is open, a sentence that leads to it stands where the acts were."""
    with signed_in(managed) as client:
        second = uploaded(client, "second.md", b"# Second\n\nAnother.")
        index(client, uploaded(client))
        decide(client, "accept")
        (managed.corpus_dir / "by-hand.md").write_text("# By hand\n\nWords.")
        free = Page(client.get("/admin/documents"))
        assert {"/admin/documents/devon/remove", "/admin/documents?replaces=devon#add"} < free.links
        assert any(link.endswith("/restore") for link in free.links)
        assert free.all("form", action="/admin/index")
        assert "once this change is decided" not in free.words
        index(client, second)
        page = Page(client.get("/admin/documents"))
        assert not [link for link in page.links if link.endswith(("/remove", "#add", "/restore"))]
        decided = "again once this change is decided: Adding ‘Second’."
        assert not page.all("form", action="/admin/index")
        assert f"“Index the folder” will be here {decided}" in page.words
        assert f"Documents can be replaced or removed {decided}" in page.words
        assert f"The chat can go to another index {decided}" in page.words
        assert len(page.all("a", href="/admin/build")) == 4
        waits = f"“Prepare” works {decided} What you type is kept when you press it."
        assert waits in words(client, uploaded(client, "third.md", b"# Third\n\nMore."))


def test_deciding_twice(managed: Settings) -> None:
    """A decision that was made already is told so, and does nothing."""
    with signed_in(managed) as client:
        index(client, uploaded(client))
        decide(client, "drop")
        for how in ("accept", "drop"):
            assert "No build is ready" in refusal(client.post(f"/admin/build/{how}"), 409)


@pytest.mark.parametrize("how", ["accept", "drop"])
def test_a_decision_waits_for_another_build(managed: Settings, how: str) -> None:
    """While another process builds neither decision is made, and either can be made later."""
    with signed_in(managed) as client:
        index(client, uploaded(client))
        with generations.build_lock(managed.index_dir):
            why = refusal(client.post(f"/admin/build/{how}"), 409)
        assert "Another build is under way" in why
        assert done(client)[-2:] == [Action(how), Action.FAILED]
        assert worked(client) is Stage.READY
        decide(client, how)


def test_a_decision_outlives_a_shortage(managed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that cannot be put into service for want of file handles stays ready until it can."""

    def short(*_: object) -> None:
        with no_file_handles():
            current_folder(managed.index_dir)

    with signed_in(managed) as client:
        index(client, uploaded(client))
        with monkeypatch.context() as patched:
            patched.setattr("footprints.web.admin.desk.accept", short)
            why = refusal(client.post("/admin/build/accept"), 503)
        assert "cannot be read for now (Too many open files)" in why
        assert worked(client) is Stage.READY
        decide(client, "accept")


def test_a_corpus_whose_disk_is_full(managed: Settings) -> None:
    """Where there is no room in the folder nothing changes, and it can be accepted later."""
    before = corpus(managed)
    with signed_in(managed) as client:
        index(client, uploaded(client, content=b"# Long\n\n" + b"A word. " * 500))
        with full_disk((managed.data_dir / "documents.log").stat().st_size + 2000):
            assert "make room there" in refusal(client.post("/admin/build/accept"), 507)
        assert corpus(managed) == before
        assert worked(client) is Stage.READY
        decide(client, "accept")
        in_service(client)


@pytest.mark.parametrize("how", ["accept", "drop"])
def test_a_bug_in_a_decision(managed: Settings, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """A decision that fails for no known reason is an end: the old index serves, as it is said."""
    before, served = corpus(managed), current_folder(managed.index_dir)
    with signed_in(managed) as client:
        index(client, uploaded(client))
        with monkeypatch.context() as patched:
            patched.setattr(f"footprints.web.admin.desk.{how}", lambda *_: 1 / 0)
            why = refusal(client.post(f"/admin/build/{how}"), 500)
        for page in (why, words(client, "/admin/build")):
            assert "nothing was put into service" in page
        assert worked(client) is Stage.FAILED
        assert done(client)[-2:] == [Action(how), Action.FAILED]
    assert (corpus(managed), current_folder(managed.index_dir)) == (before, served)


def test_a_bug_after_the_switch(managed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong when the new build serves already does not call it failed."""
    with signed_in(managed) as client:
        index(client, uploaded(client))
        monkeypatch.setattr("footprints.index.generations._remove_old", lambda *_: 1 / 0)
        decide(client, "accept")
        in_service(client)
        assert done(client)[-1] is Action.ACCEPT
        assert kept(managed) == []
