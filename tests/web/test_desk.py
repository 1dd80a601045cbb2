"""Changing the documents: what is staged, what is decided, and that every job comes to an end."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, current_thread
from typing import Any

import pytest
from browsing import Page
from full import full_disk
from hang import HANG
from managing import (
    ENCODER,
    REPORT,
    Gate,
    begun,
    corpus,
    decide,
    desk,
    done,
    in_service,
    index,
    kept,
    refusal,
    remove,
    sign_in,
    signed_in,
    upload,
    uploaded,
    words,
    worked,
)
from serving import until
from shortage import no_file_handles
from starlette.testclient import TestClient

from footprints.errors import BadCorpus
from footprints.index import build, generations
from footprints.index.build import build_index
from footprints.index.generations import current_folder
from footprints.settings import Settings
from footprints.web.admin.desk import Desk
from footprints.web.admin.job import Job, Stage
from footprints.web.admin.log import Action

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


def nothing_is_staged(settings: Settings) -> bool:
    """Tell whether only builds that serve or served are there."""
    return not [*settings.index_dir.glob(".staged-*"), *settings.index_dir.glob(".building-*")]


# Applied when accepted


def test_from_upload_to_service(managed: Settings) -> None:
    """A file is in the folder and answers from when it is accepted; all of it is in the log."""
    before, question = corpus(managed), {"question": "Who leads Dorset?"}
    with signed_in(managed) as client:
        address = uploaded(client)
        facts = {"title": "A report", "publisher": "A trust", "published": "2016-08-02"}
        assert index(client, address, **facts) is Stage.READY
        ready = words(client, "/admin/build")
        assert "Documents added: report" in ready
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
            assert "Adding report.md: dropped The chat answers as before." in page
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
        assert "Remove devon.md?" in words(client, "/admin/documents/the-devon/remove")
        assert remove(client, "the-devon") is Stage.READY
        assert "Documents removed: the-devon" in words(client, "/admin/build")
        assert corpus(managed) == before
        assert client.get("/documents/the-devon").status_code == 200
        decide(client, how)
        staged = desk(client).log.read(2)[1]
        assert (staged.action, staged.file, len(staged.sha256 or "")) == ("staged", "devon.md", 64)
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


@pytest.mark.parametrize(
    "name", ["../../escape.md", "C:\\folder\\escape.md", "/etc/escape.md", "a/../escape.md"]
)
def test_a_path_is_only_a_name(managed: Settings, name: str) -> None:
    """Whatever path a file says it had, it is stored under its bare name in the corpus only."""
    with signed_in(managed) as client:
        assert index(client, uploaded(client, name)) is Stage.READY
        decide(client, "accept")
    assert corpus(managed)["escape.md"] == REPORT
    assert not list(managed.corpus_dir.parent.glob("escape.md"))


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


# Deciding


def test_the_gate_holds_back(managed: Settings, gate: list[Gate]) -> None:
    """What the gate holds back serves only if a person says so once more."""
    gate[0] = Gate("Answers are significantly worse: decision 1 → 0.")
    with signed_in(managed) as client:
        index(client, uploaded(client))
        page = words(client, "/admin/build")
        assert "Held back: Answers are significantly worse" in page
        assert "Put into service anyway" in page
        decide(client, "accept")
        assert worked(client) is Stage.READY
        assert Action.ACCEPT not in done(client)
        decide(client, "accept", anyway="true")
        in_service(client)


def test_what_nobody_may_force(managed: Settings, gate: list[Gate]) -> None:
    """An index that misquotes cannot be put into service by anybody."""
    gate[0] = Gate("2 answers quote what their documents do not say.", forcible=False)
    with signed_in(managed) as client:
        index(client, uploaded(client))
        assert "anyway" not in words(client, "/admin/build")
        decide(client, "accept", anyway="true")
        assert Action.ACCEPT not in done(client)
        decide(client, "drop")


def test_the_real_gate(managed: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The cases of the evaluation are asked, and those that left with a document are named."""
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "own.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in CASES))
    monkeypatch.setattr(Desk, "_judge", JUDGE)
    monkeypatch.setattr("footprints.evals.cases.cases_of", lambda settings: cases)
    with signed_in(managed) as client:
        assert remove(client, "devon") is Stage.READY
        page = words(client, "/admin/build")
        assert "1 evaluation question was put to the build in service and to this one." in page
        assert "Who leads Devon? (c-1, devon)" in page


def test_one_at_a_time(managed: Settings) -> None:
    """While one build is ready for a decision, another is refused with a sentence."""
    with signed_in(managed) as client:
        second = uploaded(client, "second.md", b"# Second\n\nAnother.")
        index(client, uploaded(client))
        for path in (f"{second}/index", "/admin/documents/devon/remove", "/admin/index"):
            why = refusal(client.post(path), 409)
            assert "stop or decide on this one first: Adding report.md." in why
        decide(client, "accept")
        assert index(client, second) is Stage.READY


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


def out_of_handles(settings: Settings) -> None:
    """Look at the index without a file handle to be had."""
    with no_file_handles():
        current_folder(settings.index_dir)


def out_of_room(settings: Settings) -> None:
    """Add to the folder without room on its disk."""
    with full_disk(), generations.writing(settings.index_dir):
        (settings.index_dir / ".full").write_text("x")


@pytest.mark.parametrize(
    ("short", "status", "says"),
    [
        (out_of_handles, 503, "cannot be read just now (Too many open files)"),
        (out_of_room, 507, "File too large"),
    ],
)
def test_a_decision_outlives_a_shortage(
    managed: Settings,
    monkeypatch: pytest.MonkeyPatch,
    short: Callable[[Settings], None],
    status: int,
    says: str,
) -> None:
    """A build that cannot be put into service for want of something stays ready until it can."""
    with signed_in(managed) as client:
        index(client, uploaded(client))
        with monkeypatch.context() as patched:
            patched.setattr("footprints.web.admin.desk.accept", lambda given, *_: short(given))
            assert says in refusal(client.post("/admin/build/accept"), status)
        assert worked(client) is Stage.READY
        decide(client, "accept")


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


# Working


@dataclass
class Slow:
    """A build that takes until it is stopped, or until it may go on."""

    begun: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    def work(self, progress: Any) -> None:
        """Say how far it is until it may go on."""
        while not self.go_on.wait(0.01):
            progress("Encoding", 256, 1024)
            progress("Encoding", 512, 1024)
            self.begun.set()

    def begin(self, client: TestClient, address: str) -> None:
        """Begin a build, and wait until it is slow."""
        assert client.post(address).status_code == 303
        assert self.begun.wait(HANG)


@pytest.fixture(params=["stage", "judge"])
def slow(
    request: pytest.FixtureRequest, managed: Settings, monkeypatch: pytest.MonkeyPatch
) -> Slow:
    """Make the build slow in one of its two parts."""
    slow = Slow()

    def stage(given: Settings, encoder: Any, progress: Any, **rest: Any) -> Any:
        slow.work(progress)
        return build.stage(given, encoder, progress, **rest)

    def judge(desk: Desk, staged: Any, progress: Any) -> Gate:
        slow.work(progress)
        return Gate()

    if request.param == "stage":
        monkeypatch.setattr("footprints.web.admin.desk.stage", stage)
    else:
        monkeypatch.setattr(Desk, "_judge", judge)
    return slow


def test_progress_is_shown(managed: Settings, slow: Slow) -> None:
    """While a build is made the page says how far it is, and comes again without a script."""
    with signed_in(managed) as client:
        slow.begin(client, f"{uploaded(client)}/index")
        page = Page(client.get("/admin/build"))
        assert ": 512 of 1,024" in page.words or ": 256 of 1,024" in page.words
        assert page.all("meta", **{"http-equiv": "refresh"})
        (bar,) = page.all("progress")
        assert bar["max"] == "1024"
        part = client.get("/admin/build", headers={"HX-Request": "true"})
        assert "<html" not in part.text
        assert 'hx-trigger="every 1s"' in part.text
        assert client.post("/api/ask", json={"question": "Who leads Devon?"}).status_code == 200
        slow.go_on.set()
        worked(client)
        part = client.get("/admin/build", headers={"HX-Request": "true"})
        assert part.headers["hx-refresh"] == "true"
        assert not Page(client.get("/admin/build")).all("meta", **{"http-equiv": "refresh"})


def test_stopping_a_build(managed: Settings, slow: Slow) -> None:
    """A build that is stopped leaves nothing; its file stays pending, and can be indexed."""
    before, served = corpus(managed), current_folder(managed.index_dir)
    with signed_in(managed) as client:
        address = uploaded(client)
        slow.begin(client, f"{address}/index")
        assert Page(client.get("/admin/build")).all("form", action="/admin/build/stop")
        assert client.post("/admin/build/stop").headers["location"] == "/admin/build"
        assert worked(client) is Stage.STOPPED
        page = words(client, "/admin/build")
        assert "Adding report.md: stopped The chat answers as before." in page
        assert "Adding report.md: stopped." in words(client, "/admin/documents")
        assert done(client)[-3:] == [Action.ADD, Action.STOP, Action.STOPPED]
        assert desk(client).log.read(1)[0].file == "report.md"
        assert nothing_is_staged(managed)
        assert (corpus(managed), current_folder(managed.index_dir)) == (before, served)
        slow.go_on.set()
        assert index(client, address) is Stage.READY


def test_stopping_twice(managed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask twice does no harm while it stops, and the page no longer asks; then it is too late.

    A build that was about to be ready when it was asked to stop is stopped, and never both.
    """
    judging, go_on = Event(), Event()

    def judge(*_: object) -> Gate:
        judging.set()
        assert go_on.wait(HANG)
        return Gate()

    monkeypatch.setattr(Desk, "_judge", judge)
    with signed_in(managed) as client:
        client.post(f"{uploaded(client)}/index")
        assert judging.wait(HANG)
        for _ in range(2):
            assert client.post("/admin/build/stop").status_code == 303
        page = Page(client.get("/admin/build"))
        assert "It will stop at its next step." in page.words
        assert not page.all("form", action="/admin/build/stop")
        go_on.set()
        assert worked(client) is Stage.STOPPED
        assert nothing_is_staged(managed)
        for how in ("stop", "accept", "drop"):
            assert client.post(f"/admin/build/{how}").status_code == 409
        assert worked(client) is Stage.STOPPED
        assert Action.STAGED not in done(client)


@pytest.mark.parametrize("at", range(6))
def test_stopping_at_any_step(managed: Settings, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """At whatever step it is asked to stop, a build stops and leaves nothing."""
    before, real, steps = corpus(managed), Job.show, 0
    with signed_in(managed) as client:

        def show(job: Job, step: str, done: int, total: int) -> None:
            nonlocal steps
            real(job, step, done, total)
            if steps == at:
                desk(client).stop("client")
            steps += 1

        monkeypatch.setattr(Job, "show", show)
        assert index(client, uploaded(client)) is Stage.STOPPED
        assert done(client)[-2:] == [Action.STOP, Action.STOPPED]
    assert corpus(managed) == before
    assert nothing_is_staged(managed)


def test_nothing_to_stop(managed: Settings) -> None:
    """Where nothing is worked on that is said, and what is ready for a decision stays so."""
    with signed_in(managed) as client:
        for stage in (None, Stage.READY):
            if stage:
                assert index(client, uploaded(client)) is stage
            why = refusal(client.post("/admin/build/stop"), 409)
            assert "Nothing is being indexed now" in why
            assert Action.STOP not in done(client)
        decide(client, "accept")


def test_a_server_that_ends_gives_a_build_up(managed: Settings, slow: Slow) -> None:
    """A server that is told to stop does not wait for a build; its file is pending in the next."""
    before = corpus(managed)
    with signed_in(managed) as client:
        address = uploaded(client)
        slow.begin(client, f"{address}/index")
    slow.go_on.set()
    with signed_in(managed) as client:
        assert done(client)[-2:] == [Action.FAILED, Action.SIGN_IN]
        assert index(client, address) is Stage.READY
    assert corpus(managed) == before


# Failing


def test_a_name_that_is_taken(managed: Settings) -> None:
    """A file whose name the folder has already changes nothing, and says so."""
    before = corpus(managed)
    with signed_in(managed) as client:
        assert index(client, uploaded(client, "devon.md")) is Stage.FAILED
        assert "devon.md is already there" in words(client, "/admin/build")
        assert done(client)[-1] is Action.FAILED
    assert corpus(managed) == before


def test_a_file_that_cannot_be_read_again(
    managed: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was read when it was uploaded and is refused now is not offered for service."""
    real = "footprints.corpus.snapshot.read_document"

    def refuse(*_: object) -> None:
        raise BadCorpus("report.md cannot be read for once; try again.")

    with signed_in(managed) as client:
        address = uploaded(client)
        with monkeypatch.context() as patched:
            patched.setattr(real, refuse)
            assert index(client, address) is Stage.FAILED
        assert "cannot be read for once" in words(client, "/admin/build")
        assert nothing_is_staged(managed)
        assert index(client, address) is Stage.READY


@pytest.mark.parametrize("published", ["2 August", "2016-13-01"])
def test_a_wrong_value_is_said_by_its_field(managed: Settings, published: str) -> None:
    """A date that is none is said by its field, and what else was written stays."""
    with signed_in(managed) as client:
        fields = {"title": "My title", "published": published}
        response = client.post(f"{uploaded(client)}/index", data=fields)
        page = Page(response)
        assert response.status_code == 400
        assert page.all("input", name="published")[0]["aria-invalid"] == "true"
        assert page.all("input", name="title")[0]["value"] == "My title"
        assert desk(client).job is None


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit])
@pytest.mark.parametrize(
    ("place", "name"),
    [(Job, "show"), (Desk, "_judge"), (Desk, "_settle"), (Desk, "_note")],
)
def test_a_bug_ends_a_job_with_a_sentence(
    managed: Settings,
    monkeypatch: pytest.MonkeyPatch,
    place: type,
    name: str,
    error: type[BaseException],
) -> None:
    """Whatever goes wrong in a job, the page and the log say so, and the next can be begun."""
    before, real, broken = corpus(managed), getattr(place, name), True

    def bug(*given: Any) -> Any:
        if broken and current_thread().name.startswith("documents"):
            raise error
        return real(*given)

    monkeypatch.setattr(place, name, bug)
    with signed_in(managed) as client:
        address = uploaded(client)
        # Only where there is nothing to index a job settles anything itself.
        begun(client, "/admin/index" if name == "_settle" else f"{address}/index")
        assert worked(client) is Stage.FAILED
        assert "Something went wrong" in words(client, "/admin/build")
        if name != "_note":  # what would write to the log
            assert done(client)[-1] is Action.FAILED
        broken = False
        assert corpus(managed) == before
        assert index(client, address) is Stage.READY


def test_what_cannot_be_logged_ends_too(managed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job whose log is full when it ends has failed, and says why."""
    before, full = corpus(managed), ExitStack()
    monkeypatch.setattr(Desk, "_judge", lambda *_: full.enter_context(full_disk()))
    with signed_in(managed) as client:
        with full:
            assert index(client, uploaded(client)) is Stage.FAILED
        assert "nothing is done that is not logged" in words(client, "/admin/build")
        assert done(client)[-1] is Action.ADD
    assert corpus(managed) == before


def test_a_log_that_cannot_be_written_stops_everything(managed: Settings) -> None:
    """Nothing is done that cannot be logged, and every page says so."""
    with signed_in(managed) as client:
        address = uploaded(client)
        before = corpus(managed)
        log = managed.data_dir / "documents.log"
        log.unlink()
        log.mkdir()
        for response in (
            client.post(f"{address}/index"),
            upload(client),
            client.post("/admin/documents/devon/remove"),
            client.post("/admin/index"),
            client.post(f"{address}/discard"),
            sign_in(client),
            sign_in(client, "wrong"),
        ):
            assert "nothing is done that is not logged; make room" in refusal(response, 507)
        assert desk(client).job is None
        assert [one.name for one in desk(client).uploads.all()] == ["report.md"]
        assert len(desk(client).sessions._ends) == 1
        log.rmdir()
        assert index(client, address) is Stage.READY
        log.unlink()
        log.mkdir()
        for how in ("accept", "drop"):
            refusal(client.post(f"/admin/build/{how}"), 507)
        assert worked(client) is Stage.READY
        assert corpus(managed) == before
        refusal(client.post("/admin/sign-out"), 507)
        log.rmdir()


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
