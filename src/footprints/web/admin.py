"""The pages for those who look after the documents: upload, see, index, decide, remove."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from threading import Event
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from footprints.contract import status_of
from footprints.corpus.loaders import LOADERS
from footprints.corpus.snapshot import Listing
from footprints.errors import BadCorpus, FootprintsError
from footprints.types import FACTS
from footprints.web.assets import TEMPLATES
from footprints.web.desk import Desk
from footprints.web.holdings import State, holdings
from footprints.web.jobs import Stage, Stopped
from footprints.web.limits import client_of
from footprints.web.paths import root_of
from footprints.web.sessions import HOURS
from footprints.web.state import answerer_of, live_of
from footprints.web.uploads import Upload

SIGN_IN, UPLOADS = "/admin/sign-in", "/admin/uploads"
"""Where trying often is trying to break in, or to fill the disk."""

_DOCUMENTS, _BUILD = "/admin/documents", "/admin/build"
_COOKIE = "footprints_session"
_LOGGED = 20
"""So many lines of the log are shown."""

_BLOCKS = 200
"""So many blocks are shown unless all are asked for."""


def desk_of(request: Request) -> Desk:
    """Return the application's one desk."""
    desk: Desk = request.app.state.desk
    return desk


def session_of(request: Request) -> str:
    """Return the session of whoever sends a request, and turn away who has none."""
    session = request.cookies.get(_COOKIE, "")
    if desk_of(request).sessions.is_open(session):
        return session
    if "HX-Request" in request.headers:
        # htmx would put the page that a redirect leads to in the place of a part.
        raise HTTPException(401, "Sign in first.", {"HX-Redirect": SIGN_IN})
    raise HTTPException(303, "Sign in first.", {"Location": SIGN_IN})


entrance = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
"""What everyone may send who knows the address."""

router = APIRouter(
    default_response_class=HTMLResponse,
    include_in_schema=False,
    dependencies=[Depends(session_of)],
)
"""What only those may send who are signed in."""


@entrance.get(SIGN_IN)
def sign_in_page(request: Request) -> Response:
    """Ask for the token."""
    return _page(request, "sign-in.html", error="")


@entrance.post(SIGN_IN)
def sign_in(request: Request, token: Annotated[str, Form()] = "") -> Response:
    """Begin a session, if the token is right."""
    try:
        session = desk_of(request).sign_in(token, client_of(request.scope))
    except FootprintsError as error:
        return _page(request, "sign-in.html", status_of(error), error=str(error))
    if session is None:
        wrong = "This is not the token; it is what FOOTPRINTS_ADMIN_TOKEN is set to on the server."
        return _page(request, "sign-in.html", 401, error=wrong)
    response = _see(_DOCUMENTS)
    response.set_cookie(
        _COOKIE,
        session,
        max_age=HOURS * 3600,
        path=f"{root_of(request.scope)}/admin",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


@router.post("/admin/sign-out")
def sign_out(request: Request, session: Annotated[str, Depends(session_of)]) -> Response:
    """End the session."""
    desk_of(request).sign_out(session, client_of(request.scope))
    response = _see(SIGN_IN)
    response.delete_cookie(
        _COOKIE, path=f"{root_of(request.scope)}/admin", httponly=True, samesite="strict"
    )
    return response


@router.get(_DOCUMENTS)
def documents_page(request: Request) -> Response:
    """List the documents, with what waits and what was done."""
    return _documents(request)


@router.post(UPLOADS)
async def upload(request: Request) -> Response:
    """Take a file; the body is not read before it is known who sends it."""
    try:
        async with request.form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            if isinstance(file, UploadFile):
                async with _leaving(request) as left:
                    return await run_in_threadpool(_keep, request, file, left)
    except HTTPException as error:
        if error.status_code != 413:
            raise
        return await run_in_threadpool(_documents, request, 413, _too_large(request))
    except OSError as error:
        # A large form is kept in a temporary file until it is read to its end.
        full = f"The file cannot be taken in ({error.strerror or error}); make room on the server."
        return await run_in_threadpool(_documents, request, 507, full)
    return await run_in_threadpool(_documents, request, 400, "Choose a file.")


@router.get("/admin/uploads/{upload_id}")
def upload_page(request: Request, upload_id: str, all_blocks: bool = False) -> Response:
    """Show how a file was read, and ask for what is to be known of it."""
    return _upload_page(request, _upload_or_404(request, upload_id), all_blocks)


@router.post("/admin/uploads/{upload_id}/index")
def index_upload(
    request: Request,
    upload_id: str,
    title: Annotated[str, Form()] = "",
    publisher: Annotated[str, Form()] = "",
    published: Annotated[str, Form()] = "",
    describes: Annotated[str, Form()] = "",
) -> Response:
    """Index a file that was uploaded, beside what serves."""
    upload = _upload_or_404(request, upload_id)
    known = {
        "title": title.strip(),
        "publisher": publisher.strip(),
        "published": published.strip(),
        "describes": describes.strip(),
    }
    try:
        desk_of(request).add(upload, known, client_of(request.scope))
    except FootprintsError as error:
        return _upload_page(request, upload, known=known, error=str(error), status=status_of(error))
    return _see(_BUILD)


@router.post("/admin/uploads/{upload_id}/discard")
def discard_upload(request: Request, upload_id: str) -> Response:
    """Delete a file that was uploaded."""
    upload = _upload_or_404(request, upload_id)
    try:
        desk_of(request).discard(upload, client_of(request.scope))
    except FootprintsError as error:
        return _documents(request, status_of(error), trouble=str(error))
    return _see(_DOCUMENTS)


@router.get("/admin/documents/{doc_id}/remove")
def remove_page(request: Request, doc_id: str) -> Response:
    """Ask whether a document is to be removed."""
    return _page(request, "remove.html", doc_id=doc_id, file=_file_or_404(request, doc_id))


@router.post("/admin/documents/{doc_id}/remove")
def remove(request: Request, doc_id: str) -> Response:
    """Index the folder without a document, beside what serves."""
    _file_or_404(request, doc_id)
    try:
        desk_of(request).remove(doc_id, client_of(request.scope))
    except FootprintsError as error:
        return _documents(request, status_of(error), trouble=str(error))
    return _see(_BUILD)


@router.post("/admin/index")
def index_folder(request: Request) -> Response:
    """Index the folder as it is, beside what serves."""
    try:
        desk_of(request).index(client_of(request.scope))
    except FootprintsError as error:
        return _documents(request, status_of(error), trouble=str(error))
    return _see(_BUILD)


@router.post("/admin/undo")
def undo(request: Request) -> Response:
    """Undo a change that was never decided on."""
    try:
        desk_of(request).undo(client_of(request.scope))
    except FootprintsError as error:
        return _documents(request, status_of(error), trouble=str(error))
    return _see(_DOCUMENTS)


@router.get(_BUILD)
def build_page(request: Request) -> Response:
    """Show how far the build has come, its report, or what became of it."""
    job = desk_of(request).jobs.job
    if job is None:
        return _see(_DOCUMENTS)
    live, report = live_of(request), job.report
    serves = report is not None and live.answerer.index_build == report.manifest.build
    is_moving = job.stage is Stage.WORKING or (
        job.stage is Stage.ACCEPTED and not serves and not live.trouble
    )
    if "HX-Request" in request.headers and not is_moving:
        return Response(headers={"HX-Refresh": "true"})
    fragment = "fragments/progress.html" if "HX-Request" in request.headers else "build.html"
    return _page(
        request,
        fragment,
        job=job,
        serves=serves,
        is_moving=is_moving,
        trouble=live.trouble,
        labels=_labels(),
        change=desk_of(request).undecided.change,
    )


@router.post("/admin/build/accept")
def accept(request: Request, anyway: Annotated[bool, Form()] = False) -> Response:
    """Put the build into service; one that was held back only if that is said."""
    desk = desk_of(request)
    job = desk.jobs.job
    if job and job.held_back and not (anyway and job.may_be_forced):
        return _see(_BUILD)
    return _decided(request, desk.accept)


@router.post("/admin/build/drop")
def drop(request: Request) -> Response:
    """Drop the build, and make the folder what it was."""
    return _decided(request, desk_of(request).drop)


@router.post("/admin/build/stop")
def stop(request: Request) -> Response:
    """Stop the build at its next step, and make the folder what it was."""
    return _decided(request, desk_of(request).stop)


def _decided(request: Request, decide: Callable[[str], None]) -> Response:
    try:
        decide(client_of(request.scope))
    except FootprintsError as error:
        return _documents(request, status_of(error), trouble=str(error))
    return _see(_BUILD)


@asynccontextmanager
async def _leaving(request: Request) -> AsyncIterator[Event]:
    """Give an event that is set when whoever sent a request, to its end, has gone away."""
    left = Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        left.set()

    watching = asyncio.create_task(watch())
    try:
        yield left
    finally:
        watching.cancel()
        await asyncio.wait([watching])


def _keep(request: Request, file: UploadFile, left: Event) -> Response:
    """Keep a file that was sent, or say by its field why not; until its sender has left."""

    def stay() -> None:
        if left.is_set():
            raise Stopped("The browser has left; upload the file again.")

    settings = request.app.state.settings
    if (file.size or 0) > settings.max_upload:
        return _documents(request, 413, _too_large(request))
    try:
        client = client_of(request.scope)
        kept = desk_of(request).upload(file.filename or "", file.file, client, stay)
    except FootprintsError as error:
        return _documents(request, status_of(error), str(error))
    return _see(f"{UPLOADS}/{kept.upload_id}")


def _too_large(request: Request) -> str:
    most = request.app.state.settings.max_upload
    return f"The file is larger than {_size(most)}; make it smaller or split it."


def _documents(
    request: Request, status: int = 200, upload_error: str = "", trouble: str = ""
) -> Response:
    """Show the documents, with what went wrong by the field or above."""
    desk = desk_of(request)
    job, settings = desk.jobs.job, request.app.state.settings
    try:
        held = holdings(settings, answerer_of(request))
    except BadCorpus as error:
        held, trouble = [], trouble or str(error)
    is_free = not (job and job.is_open)
    return _page(
        request,
        "documents.html",
        status,
        holdings=held,
        unindexed=any(one.state in {State.WAITING, State.CHANGED, State.LEAVING} for one in held),
        uploads=list(desk.uploads.all()),
        change=desk.undecided.change if is_free else None,
        job=job,
        is_free=is_free,
        upload_error=upload_error,
        trouble=trouble,
        formats=", ".join(sorted(LOADERS)),
        most=_size(settings.max_upload),
        log=desk.log.read(_LOGGED),
    )


def _upload_page(
    request: Request,
    upload: Upload,
    all_blocks: bool = False,
    known: dict[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    reading = desk_of(request).uploads.reading(upload)
    # No file says what it describes.
    proposed = {name: str(getattr(reading, name, None) or "") for name in FACTS}
    shown = reading.blocks if all_blocks else reading.blocks[:_BLOCKS]
    field = next((name for name in proposed if error.startswith(name)), "")
    return _page(
        request,
        "upload.html",
        status,
        upload=upload,
        warnings=reading.warnings,
        size=_size(upload.size),
        known=known or proposed,
        proposed=proposed,
        error=error,
        wrong=field,
        blocks=shown,
        left_out=len(reading.blocks) - len(shown),
    )


def _page(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    # People see names of files, not where the server keeps them.
    context["folder"] = f"{request.app.state.settings.corpus_dir}/"
    return TEMPLATES.TemplateResponse(request, f"admin/{template}", context, status_code=status)


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)


def _upload_or_404(request: Request, upload_id: str) -> Upload:
    upload = desk_of(request).uploads.get(upload_id)
    if upload is None:
        raise HTTPException(404, "There is no such file; it was indexed or discarded.")
    return upload


def _file_or_404(request: Request, doc_id: str) -> str:
    try:
        return Listing.of(request.app.state.settings.corpus_dir).name_of(doc_id)
    except BadCorpus as error:
        raise HTTPException(404, f"There is no document {doc_id!r} in the folder.") from error


def _labels() -> Mapping[str, str]:
    from footprints.evals.report import LABELS

    # Two builds are compared by means.
    return {measure: label.removesuffix(", median") for measure, label in LABELS.items()}


def _size(size: int) -> str:
    """Write a number of bytes for people."""
    if size >= 2**20:
        return f"{size / 2**20:.3g} MB"
    return f"{max(1, round(size / 1024))} kB"
