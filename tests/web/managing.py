"""A server whose documents can be managed, and what somebody does there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from browsing import SAME_ORIGIN, Page
from fakes import FakeEncoder
from fastapi import FastAPI
from serving import until
from starlette.testclient import TestClient

from footprints.answer.answerer import Answerer
from footprints.evals.gate import GateReport
from footprints.settings import Settings
from footprints.web.admin.desk import Desk
from footprints.web.admin.job import Stage
from footprints.web.admin.log import Action
from footprints.web.app import create_app

if TYPE_CHECKING:
    from httpx2 import Response

TOKEN = "a token of some length"  # noqa: S105
ENCODER = FakeEncoder()
REPORT = b"# Report\n\nDilys leads Dorset. It has a plan."
UNCHECKED = GateReport(unchecked="Nothing was checked.")


def app_with(settings: Settings) -> FastAPI:
    """Make an application that follows its index closely."""
    return create_app(
        lambda: Answerer.open(settings, lambda _: ENCODER), settings=settings, follow=0.01
    )


@contextmanager
def browsing(settings: Settings) -> Iterator[TestClient]:
    """Browse an application; redirects are not followed."""
    with TestClient(app_with(settings), headers=SAME_ORIGIN, follow_redirects=False) as client:
        yield client


@contextmanager
def signed_in(settings: Settings) -> Iterator[TestClient]:
    """Browse as somebody who has signed in."""
    with browsing(settings) as client:
        assert sign_in(client).status_code == 303
        yield client


def sign_in(client: TestClient, token: str = TOKEN) -> Response:
    """Send the form with a token."""
    return client.post("/admin/sign-in", data={"token": token})


def desk(client: TestClient) -> Desk:
    """Return the desk of the application behind a client."""
    found: Desk = client.app.state.desk  # type: ignore[attr-defined]
    return found


def upload(client: TestClient, name: str = "report.md", content: bytes = REPORT) -> Response:
    """Upload a file."""
    return client.post("/admin/uploads", files={"file": (name, content)})


def uploaded(client: TestClient, name: str = "report.md", content: bytes = REPORT) -> str:
    """Upload a file, and return the address of its page."""
    response = upload(client, name, content)
    assert response.status_code == 303, Page(response).words
    return str(response.headers["location"])


def index(client: TestClient, address: str, **known: str) -> Stage:
    """Index an uploaded file, and wait until somebody has to decide."""
    return begun(client, f"{address}/index", **known)


def remove(client: TestClient, doc_id: str) -> Stage:
    """Index without a document, and wait until somebody has to decide."""
    return begun(client, f"/admin/documents/{doc_id}/remove")


def begun(client: TestClient, address: str, **known: str) -> Stage:
    """Begin a build, and wait until somebody has to decide."""
    response = client.post(address, data=known)
    assert response.status_code == 303, Page(response).words
    return worked(client)


def worked(client: TestClient) -> Stage:
    """Wait until the job has ended or is ready for a decision."""

    def stage() -> Stage:
        job = desk(client).job
        return job.stage if job else Stage.WORKING

    until(lambda: stage() is not Stage.WORKING)
    return stage()


def decide(client: TestClient, how: str, **fields: str) -> None:
    """Accept or drop what is ready."""
    assert client.post(f"/admin/build/{how}", data=fields).status_code == 303


def in_service(client: TestClient) -> None:
    """Wait until the build that was accepted answers."""
    until(
        lambda: (
            "The chat now answers from the documents as they are now"
            in words(client, "/admin/build")
        )
    )


def words(client: TestClient, address: str) -> str:
    """Return the words of a page."""
    response = client.get(address)
    assert response.status_code == 200
    return Page(response).words


def refusal(response: Response, status: int) -> str:
    """Return the words of a page that says why something was not done."""
    assert response.status_code == status
    return Page(response).words


def corpus(settings: Settings) -> dict[str, bytes]:
    """Return every file of the corpus folder."""
    return {path.name: path.read_bytes() for path in settings.corpus_dir.iterdir()}


def kept(settings: Settings) -> list[Path]:
    """Return what is stored of uploads."""
    return list((settings.data_dir / "documents" / "uploads").glob("*"))


def nothing_is_staged(settings: Settings) -> bool:
    """Tell whether only builds that serve or served are there."""
    return not [*settings.index_dir.glob(".staged-*"), *settings.index_dir.glob(".building-*")]


def done(client: TestClient) -> list[Action]:
    """Return what the log says was done, oldest first."""
    return [record.action for record in reversed(desk(client).log.read(100))]
