"""A small server whose documents can be managed, and every state that its pages can be in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from driving import serving
from fakes import FakeEncoder
from playwright.sync_api import Page

from footprints.answer.answerer import Answerer
from footprints.evals.cases import GoldQuote
from footprints.evals.changes import ChangedAnswer
from footprints.evals.compare import Comparison
from footprints.evals.gate import GateReport
from footprints.evals.shared import Gone
from footprints.index.build import build_index, stage
from footprints.settings import Settings, load_settings
from footprints.web.admin.job import Job, Progress, Stage
from footprints.web.admin.log import Action
from footprints.web.admin.rewording import Edit, Rewording
from footprints.web.app import create_app
from footprints.web.conversations import Helped
from footprints.web.gaps import LEAST

TOKEN = "a token of some length"  # noqa: S105
FILES = Path(__file__).parent.parent / "files"
LONG = "Responsibility-for-commissioning-was-transferred-" * 3

GATE = GateReport(
    asked=12,
    changed=(
        ChangedAnswer(
            "c-1", f"Who leads {LONG}?", "worse", "success@1", (1.0, 0.0), "Angela", LONG
        ),
        ChangedAnswer(
            "c-5",
            f"What does {LONG} cost?",
            "changed",
            "asserted",
            (0.0, 1.0),
            "We could not find this in the documents.",
            f"{LONG} costs much.",
            GoldQuote(doc_id="kent", quote=f"{LONG} costs much."),
        ),
        ChangedAnswer("c-2", "What changed?", "changed", None, None, "This.", "That."),
        ChangedAnswer(
            "c-3", "Who leads Kent?", "better", "decision", (0.0, 1.0), "Nobody.", "Tim."
        ),
    ),
    differences=(Comparison("success@1", 0.8, 0.4, 12, 0.001, ("c-3",), ("c-1",)),),
    gone=(Gone("c-4", "Who leads Devon?", ("devon",)),),
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

    def __init__(self, settings: Settings, app: Any) -> None:
        self._settings, self._app = settings, app
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
        page.get_by_label("Published on").fill("yesterday")
        page.get_by_role("button", name="Prepare").click()
        page.get_by_role("button", name="Delete this upload").wait_for()
        desk = self._app.state.desk
        for upload in desk.uploads.all():
            desk.uploads.discard(upload)

    def _indexing(self, page: Page) -> None:
        sign_in(page)
        self._app.state.desk.job = Job(
            "Adding report.pdf", progress=Progress("Encoding", 256, 1024, 3.0)
        )
        page.goto("/admin/build")

    def _held_back(self, page: Page) -> None:
        sign_in(page)
        edits = (
            Edit("Nobody leads Kent.", f"{LONG} leads Kent."),
            Edit(None, LONG),
            Edit(LONG, None),
        )
        job = Job("Adding report.pdf", stage=Stage.READY, report=self._staged, gate=GATE)
        job.rewordings = (Rewording("kent", edits), Rewording(LONG, ()))
        self._app.state.desk.job = job
        page.goto("/admin/build")
        page.get_by_text("1 changed, 1 added").click()

    def _stopped(self, page: Page) -> None:
        sign_in(page)
        self._app.state.desk.job = Job(f"Adding {LONG}.pdf", stage=Stage.STOPPED)
        page.goto("/admin/build")

    def _replacing(self, page: Page) -> None:
        sign_in(page)
        page.goto("/admin/documents?replaces=kent#add")

    def _removing(self, page: Page) -> None:
        sign_in(page)
        page.goto("/admin/documents/kent/remove")

    def _gaps(self, page: Page) -> None:
        sign_in(page)
        for asker in range(LEAST):
            asked = self._app.state.live.answerer.answer(f"Who leads Norwich, {LONG}?")
            self._app.state.gaps.note(asked, self._app.state.live.answerer, str(asker))
        page.goto("/admin/gaps")

    def _feedback(self, page: Page) -> None:
        sign_in(page)
        kept = self._app.state.conversations
        for helped, question in zip(Helped, ("Who leads Kent?", "And Hull?", LONG), strict=True):
            turn = kept.add(kept.start(), self._app.state.live.answerer.answer(question))
            kept.say(turn.turn_id, helped, f"The date is missing. {LONG}")
        page.goto("/admin/feedback")


NAMES = (
    *("sign in", "manage", "uploaded", "indexing", "held back", "stopped"),
    *("replacing", "removing", "gaps", "feedback"),
)


@contextmanager
def desk_served(folder: Path) -> Iterator[tuple[str, States]]:
    """Serve a small corpus with something of everything, and give the address and the states."""
    settings, encoder = desk_settings(folder), FakeEncoder()
    (settings.corpus_dir / "scan.pdf").write_bytes((FILES / "refused/scanned.pdf").read_bytes())
    build_index(settings, lambda: encoder)
    (settings.corpus_dir / f"{LONG}.md").write_text(f"# {LONG}\n\nNew.")
    app = create_app(lambda: Answerer.open(settings, lambda _: encoder), settings=settings)
    with serving(app) as address:
        states = States(settings, app)
        app.state.desk.log.write(Action.ADD, "127.0.0.1", LONG, "0" * 64, "build")
        yield address, states
