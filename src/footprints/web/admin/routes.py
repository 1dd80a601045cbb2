"""The addresses for managing documents: upload, see, index, decide, remove."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from threading import Event
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from footprints.contract import status_of
from footprints.corpus.snapshot import Listing
from footprints.errors import BadCorpus, FootprintsError
from footprints.index.manifest import Manifest
from footprints.web.admin import views
from footprints.web.admin.restoring import against, kept
from footprints.web.admin.sessions import HOURS
from footprints.web.admin.uploads import Stopped, Upload
from footprints.web.admin.views import desk_of, see
from footprints.web.gaps import LEAST
from footprints.web.limits import client_of
from footprints.web.paths import root_of
from footprints.web.state import answerer_of

SIGN_IN, UPLOADS = "/admin/sign-in", "/admin/uploads"
"""Where trying often is trying to break in, or to fill the disk."""

JUDGE = "judge "
"""So begin the names of the fields that say whether a new answer is right."""

_DOCUMENTS, _BUILD = "/admin/documents", "/admin/build"
_COOKIE = "footprints_session"

_MOST_PAGES = 1_000_000
"""Far more than there are; the database can count no further than it can count rows."""


def session_of(request: Request) -> str:
    """Return the session of whoever sends a request, and turn away who has none."""
    session = request.cookies.get(_COOKIE, "")
    if desk_of(request).door.sessions.is_open(session):
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


@router.get("/admin")
def admin() -> Response:
    """Lead on to the documents."""
    return see(_DOCUMENTS)


@entrance.get(SIGN_IN)
def sign_in_page(request: Request) -> Response:
    """Ask for the token."""
    return views.page(request, "sign-in.html", error="")


@entrance.post(SIGN_IN)
def sign_in(request: Request, token: Annotated[str, Form()] = "") -> Response:
    """Begin a session, if the token is right."""
    try:
        session = desk_of(request).door.sign_in(token, client_of(request.scope))
    except FootprintsError as error:
        return views.page(request, "sign-in.html", status_of(error), error=str(error))
    if session is None:
        wrong = "That is not the managers’ password; ask whoever runs this service for it."
        return views.page(request, "sign-in.html", 401, error=wrong)
    response = see(_DOCUMENTS)
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
    desk_of(request).door.sign_out(session, client_of(request.scope))
    response = see(SIGN_IN)
    response.delete_cookie(
        _COOKIE, path=f"{root_of(request.scope)}/admin", httponly=True, samesite="strict"
    )
    return response


@router.get(_DOCUMENTS)
def documents_page(request: Request, replaces: str = "") -> Response:
    """List the documents, with what is pending and done; a file may be to replace one of them."""
    return views.documents(request, replaces=replaces)


@router.get("/admin/gaps")
def gaps_page(request: Request) -> Response:
    """Show what people ask and do not find."""
    gaps = request.app.state.gaps
    return views.page(request, "gaps.html", weeks=gaps.weeks(), missing=gaps.missing(), least=LEAST)


@router.get("/admin/feedback")
def feedback_page(
    request: Request, page: Annotated[int, Query(ge=1, le=_MOST_PAGES)] = 1
) -> Response:
    """Show what askers said of answers, a page at a time."""
    return views.feedback(request, page)


@router.post(UPLOADS)
async def upload(request: Request) -> Response:
    """Take a file; the body is not read before it is known who sends it."""
    try:
        async with request.form(max_files=1, max_fields=1) as form:
            file, replaces = form.get("file"), str(form.get("replaces", ""))
            if isinstance(file, UploadFile):
                async with _leaving(request) as left:
                    return await run_in_threadpool(_keep, request, file, replaces, left)
    except HTTPException as error:
        if error.status_code != 413:
            raise
        return await run_in_threadpool(views.documents, request, 413, _too_large(request))
    except OSError as error:
        # A large form is kept in a temporary file until it is read to its end.
        full = f"The file cannot be stored ({error.strerror or error}); make room on the server."
        return await run_in_threadpool(views.documents, request, 507, full)
    return await run_in_threadpool(views.documents, request, 400, "Choose a file.")


@router.get("/admin/uploads/{upload_id}")
def upload_page(request: Request, upload_id: str, all_blocks: bool = False) -> Response:
    """Show how a file was read, and ask for its details."""
    return views.upload(request, _upload_or_404(request, upload_id), all_blocks)


@router.post("/admin/uploads/{upload_id}/index")
def index_upload(
    request: Request,
    upload_id: str,
    title: Annotated[str, Form()] = "",
    publisher: Annotated[str, Form()] = "",
    published: Annotated[str, Form()] = "",
    describes: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "",
    retrieved: Annotated[str, Form()] = "",
    replaces: Annotated[str, Form()] = "",
) -> Response:
    """Index the folder with a file that was uploaded, beside what serves."""
    pending = _upload_or_404(request, upload_id)
    known = {
        "title": title.strip(),
        "publisher": publisher.strip(),
        "published": published.strip(),
        "describes": describes.strip(),
        "url": url.strip(),
        "retrieved": retrieved.strip(),
    }
    try:
        desk_of(request).add(pending, known, client_of(request.scope), replaces)
    except FootprintsError as error:
        meant = pending.model_copy(update={"replaces": replaces, "known": known})
        return views.upload(request, meant, error=error)
    return see(_BUILD)


@router.post("/admin/uploads/{upload_id}/discard")
def discard_upload(request: Request, upload_id: str) -> Response:
    """Delete a file that was uploaded."""
    pending = _upload_or_404(request, upload_id)
    return _done(request, partial(desk_of(request).discard, pending), _DOCUMENTS)


@router.get("/admin/documents/{doc_id}/remove")
def remove_page(request: Request, doc_id: str) -> Response:
    """Ask whether a document is to be removed."""
    file = _file_or_404(request, doc_id)
    return views.page(request, "remove.html", doc_id=doc_id, title=views.title(request, file))


@router.post("/admin/documents/{doc_id}/remove")
def remove(request: Request, doc_id: str) -> Response:
    """Index the folder without a document, beside what serves."""
    _file_or_404(request, doc_id)
    return _done(request, partial(desk_of(request).remove, doc_id))


@router.post("/admin/index")
def index_folder(request: Request) -> Response:
    """Index the folder as it is, beside what serves."""
    return _done(request, desk_of(request).index)


@router.get("/admin/builds/{build}/restore")
def restore_page(request: Request, build: str) -> Response:
    """Ask whether to go back to a build that is kept."""
    index, served = _kept_or_404(request, build), answerer_of(request).index_build
    return views.page(
        request,
        "restore.html",
        index=index,
        is_later=build > served,
        changes=against(request.app.state.settings, served, build),
    )


@router.post("/admin/builds/{build}/restore")
def restore(request: Request, build: str) -> Response:
    """Go back to a build that is kept."""
    _kept_or_404(request, build)
    return _done(request, partial(desk_of(request).restore, build))


@router.get(_BUILD)
def build_page(request: Request) -> Response:
    """Show how far the build has come, its report, or what came of it."""
    job = desk_of(request).job
    return views.build(request, job) if job else see(_DOCUMENTS)


async def judged(request: Request) -> dict[str, bool]:
    """Return which new answers a form calls right and which wrong, by the ids of their cases."""
    form = await request.form()
    return {
        name.removeprefix(JUDGE): value == "right"
        for name, value in form.items()
        if name.startswith(JUDGE) and value in ("right", "wrong")
    }


@router.post("/admin/build/accept")
def accept(
    request: Request,
    right: Annotated[dict[str, bool], Depends(judged)],
    anyway: Annotated[bool, Form()] = False,
) -> Response:
    """Put the build into service; one that was held back only if that is said."""
    desk = desk_of(request)
    if desk.job and desk.job.held_back and not (anyway and desk.job.may_be_forced):
        return see(_BUILD)
    return _done(request, partial(desk.accept, right=right))


@router.post("/admin/build/drop")
def drop(request: Request) -> Response:
    """Drop the build."""
    return _done(request, desk_of(request).drop)


@router.post("/admin/build/stop")
def stop(request: Request) -> Response:
    """Stop the build at its next step."""
    return _done(request, desk_of(request).stop)


def _done(request: Request, act: Callable[[str], None], then: str = _BUILD) -> Response:
    """Do what the client asks for and lead on, or say above the documents why not."""
    try:
        act(client_of(request.scope))
    except FootprintsError as error:
        return views.documents(request, status_of(error), trouble=str(error))
    return see(then)


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


def _keep(request: Request, file: UploadFile, replaces: str, left: Event) -> Response:
    """Keep a file that was sent, or say by its field why not; until its sender has left."""

    def stay() -> None:
        if left.is_set():
            raise Stopped("The upload was cancelled; upload the file again.")

    if (file.size or 0) > request.app.state.settings.max_upload:
        return views.documents(request, 413, _too_large(request), replaces=replaces)
    try:
        client = client_of(request.scope)
        pending = desk_of(request).upload(file.filename or "", file.file, client, stay)
        if replaces:
            desk_of(request).uploads.meant(pending, replaces)
    except FootprintsError as error:
        return views.documents(request, status_of(error), str(error), replaces=replaces)
    return see(f"{UPLOADS}/{pending.upload_id}")


def _too_large(request: Request) -> str:
    most = views.size_in_words(request.app.state.settings.max_upload)
    return f"The file is larger than {most}; make it smaller or split it."


def _upload_or_404(request: Request, upload_id: str) -> Upload:
    pending = desk_of(request).uploads.get(upload_id)
    if pending is None:
        raise HTTPException(404, "There is no such upload; it was indexed or deleted.")
    return pending


def _kept_or_404(request: Request, build: str) -> Manifest:
    builds = kept(request.app.state.settings)
    found = next((one.manifest for one in builds if one.build == build and not one.current), None)
    if found is None:
        raise HTTPException(404, "There is no such index to go to; see which are kept.")
    return found


def _file_or_404(request: Request, doc_id: str) -> str:
    try:
        return Listing.of(request.app.state.settings.corpus_dir).name_of(doc_id)
    except BadCorpus as error:
        raise HTTPException(404, f"There is no document {doc_id!r} in the folder.") from error
