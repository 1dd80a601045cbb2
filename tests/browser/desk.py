"""A small server whose documents can be managed, and every state that its pages can be in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from driving import serving
from fakes import FakeEncoder
from playwright.sync_api import Page

from footprints.answer.answerer import Answerer
from footprints.evals.cases import GoldQuote
from footprints.evals.changes import ChangedAnswer, Told
from footprints.evals.compare import Comparison
from footprints.evals.gate import GateReport
from footprints.evals.shared import Gone
from footprints.index.build import build_index, stage
from footprints.index.generations import current_folder
from footprints.settings import Settings, load_settings
from footprints.web.admin.job import Job, Progress, Stage
from footprints.web.admin.log import Action
from footprints.web.admin.rewording import Edit, Rewording
from footprints.web.admin.trying import Asked
from footprints.web.app import create_app
from footprints.web.conversations import Helped
from footprints.web.gaps import LEAST

TOKEN = "a token of some length"  # noqa: S105
FILES = Path(__file__).parent.parent / "files"
PENDING = {
    "/admin/documents": "page.html",
    "/admin/documents?replaces=kent#add": "guide.docx",
}
"""What is uploaded as a new document, and to replace one."""

LONG = "Responsibility-for-commissioning-was-transferred-" * 3


def gate_of(words: str) -> GateReport:
    """Return a report with something of everything, in which some words come again."""
    return GateReport(
        asked=12,
        changed=(
            ChangedAnswer(
                "c-1",
                f"Who leads {words}?",
                "worse",
                "success@1",
                (1.0, 0.0),
                Told(f"Angela leads {words}.", 1, "kent"),
                Told("Nobody.", 1, "kent"),
            ),
            ChangedAnswer(
                "c-5",
                f"What does {words} cost a year?",
                "changed",
                "asserted",
                (0.0, 1.0),
                Told("The documents do not answer this."),
                Told(f"{words} costs £12 million a year.", 2, "kent"),
                GoldQuote(doc_id="kent", quote=f"{words} costs £12 million a year."),
            ),
            ChangedAnswer(
                *("c-2", "What changed?", "changed", None, None),
                *(Told("This.", 1, "kent"), Told("That.", 3, "kent")),
            ),
            ChangedAnswer(
                *("c-6", f"Who chairs {words}?", "changed", None, None),
                *(Told("Nobody.", 1, "kent"), Told("Ann.", 1, "kent")),
                newcomer="kent",
            ),
            ChangedAnswer(
                *("c-3", "Who leads Kent?", "better", "decision", (0.0, 1.0)),
                *(Told("Nobody.", 1, "kent"), Told("Tim.", 1, "kent")),
            ),
        ),
        differences=(Comparison("success@1", 0.8, 0.4, 12, 0.001, ("c-3",), ("c-1",)),),
        gone=(Gone("c-4", "Who leads Devon?", ("devon",)),),
        lapsed=("c-4",),
    )


def desk_settings(folder: Path, **given: Any) -> Settings:
    """Write a small corpus, and return settings of a server where it can be managed."""
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "kent.md").write_text("# Kent\n\nNobody leads Kent. It has a plan.")
    (corpus / "sources.toml").write_text(
        '[[document]]\nid = "kent"\nfile = "kent.md"\ntitle = "Kent"\npublisher = "A council"\n'
    )
    own = {name: folder / name.partition("_")[0] for name in ("corpus_dir", "index_dir")}
    return load_settings(
        **{
            **own,
            "data_dir": folder / "data",
            "admin_token": TOKEN,
            "admin_per_minute": 1000,
            "rate_per_minute": 0,
            **given,
        }
    )


def sign_in(page: Page) -> None:
    """Sign in by the form."""
    page.goto("/admin/sign-in")
    page.get_by_label("Managers’ password").fill(TOKEN)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/documents")


class States:
    """The states of the pages, each shown by a method."""

    def __init__(self, settings: Settings, app: Any, words: str) -> None:
        self._settings, self._app, self._words = settings, app, words
        self._staged = stage(settings, FakeEncoder)

    def show(self, name: str, page: Page) -> None:
        """Bring the server into a state, and open its page."""
        shown: dict[str, Callable[[Page], None]] = {
            "sign in": self._wrong_token,
            "manage": self._documents,
            "uploaded": self._uploaded,
            "indexing": self._indexing,
            "held back": self._held_back,
            "stopped": self._stopped,
            "replacing": self._replacing,
            "removing": self._removing,
            "set back": self._set_back,
            "restoring": self._restoring,
            "gaps": self._gaps,
            "feedback": self._feedback,
        }
        self._app.state.desk.job = None
        shown[name](page)

    def _wrong_token(self, page: Page) -> None:
        page.goto("/admin/sign-in")
        page.get_by_label("Managers’ password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()

    def _documents(self, page: Page) -> None:
        sign_in(page)
        page.get_by_label("File").set_input_files(FILES / "refused" / "scanned.pdf")
        page.get_by_role("button", name="Upload").click()

    def _uploaded(self, page: Page) -> None:
        sign_in(page)
        page.get_by_label("File").set_input_files(FILES / "guide.docx")
        page.get_by_role("button", name="Upload").click()
        page.get_by_label("Published", exact=True).fill("yesterday")
        page.get_by_role("button", name="Prepare").click()
        page.get_by_role("button", name="Delete this upload").wait_for()
        self._discard_all()

    def _indexing(self, page: Page) -> None:
        sign_in(page)
        self._app.state.desk.job = Job(
            "Adding report.pdf", progress=Progress("Encoding", 256, 1024, 40.0)
        )
        page.goto("/admin/build")

    def _held_back(self, page: Page) -> None:
        sign_in(page)
        edits = (
            Edit("Nobody leads Kent.", f"Tim leads {self._words}."),
            Edit(None, f"{self._words} has a plan."),
            Edit(f"{self._words} has no plan.", None),
        )
        job = Job(
            "Adding report.pdf", stage=Stage.READY, report=self._staged, gate=gate_of(self._words)
        )
        job.asked = tuple(
            Asked(self._app.state.live.answerer.answer(f"Who leads {whom}?"), is_own)
            for whom, is_own in (("Kent", True), (self._words, False))
        )
        job.rewordings = (Rewording("kent", edits), Rewording(self._words, ()))
        self._app.state.desk.job = job
        page.goto("/admin/build")

    def _stopped(self, page: Page) -> None:
        sign_in(page)
        self._app.state.desk.job = Job(f"Adding {self._words}.pdf", stage=Stage.STOPPED)
        page.goto("/admin/build")

    def _replacing(self, page: Page) -> None:
        sign_in(page)
        for address in ("/admin/documents", "/admin/documents?replaces=kent#add"):
            page.goto(address)
            page.get_by_label("File").set_input_files(FILES / PENDING[address])
            page.get_by_role("button", name="Upload").click()
            page.get_by_role("button", name="Delete this upload").wait_for()
        page.goto("/admin/documents?replaces=kent#add")
        self._discard_all()

    def _removing(self, page: Page) -> None:
        sign_in(page)
        page.goto("/admin/documents/kent/remove")

    def _set_back(self, page: Page) -> None:
        sign_in(page)
        with self._later():
            page.goto("/admin/documents")

    def _restoring(self, page: Page) -> None:
        sign_in(page)
        with self._later() as build:
            page.goto(f"/admin/builds/{build}/restore")

    @contextmanager
    def _later(self) -> Iterator[str]:
        """Keep an index that is newer than the one that serves, and give its name."""
        serving = current_folder(self._settings.index_dir)
        later = serving.with_name("99991231T000000000000Z")
        shutil.copytree(serving, later)
        yield later.name
        shutil.rmtree(later)

    def _discard_all(self) -> None:
        uploads = self._app.state.desk.uploads
        for upload in uploads.all():
            uploads.discard(upload)

    def _gaps(self, page: Page) -> None:
        sign_in(page)
        for asker in range(LEAST):
            asked = self._app.state.live.answerer.answer(f"Who leads Norwich, {self._words}?")
            self._app.state.gaps.note(asked, self._app.state.live.answerer, str(asker))
        page.goto("/admin/gaps")

    def _feedback(self, page: Page) -> None:
        sign_in(page)
        kept = self._app.state.conversations
        for helped, question in zip(
            Helped, ("Who leads Kent?", "And Hull?", f"Who leads {self._words}?"), strict=True
        ):
            turn = kept.add(kept.start(), self._app.state.live.answerer.answer(question))
            kept.say(turn.turn_id, helped, f"I miss the date of {self._words}.")
        page.goto("/admin/feedback")


NAMES = (
    *("sign in", "manage", "uploaded", "indexing", "held back", "stopped"),
    *("replacing", "removing", "set back", "restoring", "gaps", "feedback"),
)


@contextmanager
def desk_served(folder: Path, words: str = LONG) -> Iterator[tuple[str, States]]:
    """Serve a small corpus with something of everything, and give the address and the states.

    Some words come again and again: such as can hardly be broken into lines, unless others are
    given.
    """
    settings, encoder = desk_settings(folder), FakeEncoder()
    (settings.corpus_dir / "scan.pdf").write_bytes((FILES / "refused/scanned.pdf").read_bytes())
    build_index(settings, lambda: encoder)
    (settings.corpus_dir / f"{words}.md").write_text(f"# {words}\n\nNew.")
    app = create_app(lambda: Answerer.open(settings, lambda _: encoder), settings=settings)
    with serving(app) as address:
        states = States(settings, app, words)
        app.state.desk.log.write(Action.ADD, "127.0.0.1", words, "0" * 64, "build")
        yield address, states
