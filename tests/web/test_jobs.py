"""Jobs: how far one is, that it can be stopped, and that it always comes to an end."""

from __future__ import annotations

import json
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
    UNCHECKED,
    begun,
    corpus,
    decide,
    desk,
    done,
    in_service,
    index,
    nothing_is_staged,
    refusal,
    sign_in,
    signed_in,
    upload,
    uploaded,
    words,
    worked,
)
from starlette.testclient import TestClient

from footprints.corpus.catalogue import read_catalogue
from footprints.corpus.dates import date_of
from footprints.errors import BadCorpus
from footprints.evals.gate import GateReport
from footprints.index import build
from footprints.index.generations import current_folder
from footprints.settings import Settings
from footprints.web.admin.desk import Desk
from footprints.web.admin.job import STEPS, Job, Progress, Stage
from footprints.web.admin.log import Action

pytest_plugins = "managed"

JUDGE = Desk._judge


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

    def begin(self, client: TestClient, address: str, **known: str) -> None:
        """Begin a build, and wait until it is slow."""
        assert client.post(address, data=known).status_code == 303
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

    def judge(desk: Desk, staged: Any, progress: Any) -> GateReport:
        slow.work(progress)
        return UNCHECKED

    if request.param == "stage":
        monkeypatch.setattr("footprints.web.admin.desk.stage", stage)
    else:
        monkeypatch.setattr(Desk, "_judge", judge)
    return slow


@pytest.mark.parametrize(
    ("ended", "time"),
    [
        (2, "The last change took about 2 minutes to prepare."),
        (0, "The last change took under a minute to prepare."),
        (None, "The last two steps take longest: some minutes where there are many evaluation"),
    ],
)
def test_how_long_it_will_take(managed: Settings, slow: Slow, ended: int | None, time: str) -> None:
    """The page says how long the last change took; of the first one, what takes longest."""
    log = managed.data_dir / "documents.log"
    log.parent.mkdir(exist_ok=True)
    lines = [] if ended is None else [(0, "index"), (ended, "staged")]
    log.write_text(
        "".join(
            f'{{"time": "2026-11-28T00:0{minute}:00Z", "action": "{action}", "client": "c"}}\n'
            for minute, action in lines
        )
    )
    with signed_in(managed) as client:
        slow.begin(client, f"{uploaded(client)}/index")
        assert time in Page(client.get("/admin/build")).words
        slow.go_on.set()
        worked(client)


def test_progress_is_shown(managed: Settings, slow: Slow) -> None:
    """While a build is made the page says how far it is, and comes again without a script."""
    with signed_in(managed) as client:
        slow.begin(client, f"{uploaded(client)}/index")
        page = Page(client.get("/admin/build"))
        step = "Step 2 of 5: Preparing what is searched"
        assert f"{step} (512 of 1,024)" in page.words or f"{step} (256 of 1,024)" in page.words
        assert "The chat keeps answering in the meantime." in page.words
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


def test_every_step_has_a_name_for_managers(
    managed: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A change goes through the steps that managers are told of, in their order, and no other."""
    case = {"id": "c-1", "kind": "fact", "question": "Who leads Kent?", "answerable": True}
    gold = {"gold": [[{"doc_id": "kent", "quote": "Nobody leads Kent."}]]}
    (tmp_path / "own.jsonl").write_text(json.dumps(case | gold))
    monkeypatch.setattr(Desk, "_judge", JUDGE)
    monkeypatch.setattr("footprints.evals.cases.cases_of", lambda settings: tmp_path)
    real, seen = Job.show, dict[str, str]()

    def show(job: Job, step: str, done: int, total: int) -> None:
        real(job, step, done, total)
        seen[step] = job.progress.name

    monkeypatch.setattr(Job, "show", show)
    with signed_in(managed) as client:
        assert index(client, uploaded(client)) is Stage.READY
    assert list(seen) == list(STEPS)
    assert [name.partition(":")[0] for name in seen.values()] == [
        f"Step {number} of 5" for number in range(1, 6)
    ]


def test_stopping_a_build(managed: Settings, slow: Slow) -> None:
    """A build that is stopped leaves nothing; its file stays pending, as it was described."""
    before, served = corpus(managed), current_folder(managed.index_dir)
    with signed_in(managed) as client:
        address = uploaded(client)
        slow.begin(client, f"{address}/index", publisher="A trust", published="May 2021")
        assert Page(client.get("/admin/build")).all("form", action="/admin/build/stop")
        assert client.post("/admin/build/stop").headers["location"] == "/admin/build"
        assert worked(client) is Stage.STOPPED
        said = words(client, "/admin/build")
        assert "Adding ‘Report’: stopped The chat answers as before." in said
        assert "Adding ‘Report’: stopped." not in words(client, "/admin/documents")
        assert done(client)[-3:] == [Action.ADD, Action.STOP, Action.STOPPED]
        assert desk(client).log.read(1)[0].file == "report.md"
        assert nothing_is_staged(managed)
        assert (corpus(managed), current_folder(managed.index_dir)) == (before, served)
        page = Page(client.get(address))
        assert page.all("input", name="publisher", value="A trust")
        assert page.all("input", name="published", value="May 2021")
        slow.go_on.set()
        assert index(client, address) is Stage.READY


def test_stopping_twice(managed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """To ask twice does no harm while it stops, and the page no longer asks; then it is too late.

    A build that was about to be ready when it was asked to stop is stopped, and never both.
    """
    judging, go_on = Event(), Event()

    def judge(*_: object) -> GateReport:
        judging.set()
        assert go_on.wait(HANG)
        return UNCHECKED

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


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("published", "2 August", "is not a date"),
        ("published", "2016-13-01", "is not a date"),
        ("retrieved", "soon", "is not a date"),
        ("url", "www.example.org", "begins with http:// or https://"),
    ],
)
def test_a_wrong_value_is_said_by_its_field(
    managed: Settings, name: str, value: str, says: str
) -> None:
    """What is no date, or no address, is said by its field, and what else was written stays."""
    with signed_in(managed) as client:
        fields = {"title": "My title", name: value}
        response = client.post(f"{uploaded(client)}/index", data=fields)
        page = Page(response)
        assert response.status_code == 400
        assert page.all("input", name=name)[0]["aria-invalid"] == "true"
        assert says in page.words
        assert page.all("input", name="title")[0]["value"] == "My title"
        assert desk(client).job is None


def test_all_that_is_wrong_is_said_at_once(managed: Settings) -> None:
    """Each wrong detail is said by its field and in a summary above that leads there."""
    wrong = {"published": "July 2099", "url": "example.org", "retrieved": "soon"}
    with signed_in(managed) as client:
        page = Page(client.post(f"{uploaded(client)}/index", data=wrong))
        assert "3 details have to be corrected" in page.words
        for name, value in wrong.items():
            (field,) = page.all("input", name=name, value=value)
            assert (field["aria-invalid"], field["aria-describedby"]) == (
                "true",
                f"{name}-error {name}-hint",
            )
            assert page.all("p", id=f"{name}-error")
            assert page.all("a", href=f"#{name}")
        assert "Published: ‘July 2099’ is in the future; correct it." in page.words
        assert len(page.all("input", **{"aria-invalid": "true"})) == 3


@pytest.mark.parametrize("how", ["wrong", "discarded", "another change is open"])
def test_what_was_typed_is_kept(managed: Settings, how: str) -> None:
    """Whoever comes back to an upload finds the details as they were typed, right or wrong."""
    typed = {"title": "My title", "publisher": "", "published": "May 2021", "describes": "2020/21"}
    with signed_in(managed) as client:
        address = uploaded(client)
        if how == "wrong":
            typed["url"] = "nowhere"
            assert client.post(f"{address}/index", data=typed).status_code == 400
        elif how == "discarded":
            index(client, address, replaces="devon", **typed)
            decide(client, "drop")
        else:
            index(client, uploaded(client, "second.md", b"# Second\n\nAnother."))
            assert client.post(f"{address}/index", data=typed).status_code == 409
        page = Page(client.get(address))
        for name, value in typed.items():
            assert page.all("input", name=name, value=value)
        assert "3 details have" not in page.words
        chosen = [option["value"] for option in page.all("option") if "selected" in option]
        assert chosen == (["devon"] if how == "discarded" else [])


def test_what_was_proposed_is_still_offered(managed: Settings) -> None:
    """Where somebody has typed something else, the proposal stands by the field."""
    html = b"<main><h1>Plan</h1><p>Words.</p></main>"
    with signed_in(managed) as client:
        address = uploaded(client, "plan.html", html)
        assert "Proposed from the file; please check it." in words(client, address)
        client.post(f"{address}/index", data={"title": "My plan", "url": "nowhere"})
        page = Page(client.get(address))
        assert "Proposed: Plan." in page.words
        assert "please check it" not in page.words
        assert page.all("input", name="title", value="My plan", list="title-other")


@pytest.mark.parametrize(
    ("published", "shown", "year"),
    [("May 2021", "May 2021", 2021), ("2021", "2021", 2021), ("1 July 2022", "1 July 2022", 2022)],
)
def test_a_date_as_far_as_it_is_known(
    managed: Settings, published: str, shown: str, year: int
) -> None:
    """A month or a year of publication is kept and shown as such; its year is what it describes."""
    with signed_in(managed) as client:
        index(client, uploaded(client), published=published)
        decide(client, "accept")
        in_service(client)
        assert f"Published {shown} Describes {year} (the year of its date)" in words(
            client, "/documents/report"
        )
        facts = client.get("/api/documents/report").json()
        assert facts["published"] == date_of(published)


def test_where_a_document_was_taken_from_is_kept(managed: Settings) -> None:
    """The address of the original and the day it was taken from there get into the catalogue."""
    given = {"url": "https://example.org/report", "retrieved": "3 May 2017"}
    with signed_in(managed) as client:
        assert index(client, uploaded(client), **given) is Stage.READY
        decide(client, "accept")
    entry = read_catalogue(managed.corpus_dir)["report.md"]
    assert (entry.url, entry.retrieved) == ("https://example.org/report", "2017-05-03")


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
        assert len(desk(client).door.sessions._ends) == 1
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


def test_what_has_ended_is_told_once(managed: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line above the documents stays while a job is open, and leaves when its end was told."""
    said = "Adding ‘Report’: "
    with signed_in(managed) as client:
        index(client, uploaded(client))
        for _ in range(2):
            assert f"{said}ready for your decision" in words(client, "/admin/documents")
        decide(client, "drop")
        assert f"{said}discarded. View details" in words(client, "/admin/documents")
        assert f"{said}discarded. View details" not in words(client, "/admin/documents")
        assert f"{said}discarded" in words(client, "/admin/build")


@pytest.mark.parametrize(
    ("progress", "left"),
    [
        (Progress("Reading", 0, 9, 1), None),
        (Progress("Reading", 9, 9, 1), None),
        (
            Progress("Reading", 28_800_000, 28_800_001, 1e-6),
            "Less than a minute left of this step.",
        ),
        (Progress("Reading", 1, 61, 1), "About a minute left of this step."),
        (Progress("Reading", 1, 601, 1), "About 10 minutes left of this step."),
        (Progress("Reading", 1, 10_000, 1), "More than an hour left of this step."),
    ],
)
def test_time_left_in_words(progress: Progress, left: str | None) -> None:
    """How long a step will take is said as people say it, once that is known."""
    assert progress.left == left
