"""What the pages for managing documents show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from footprints.contract import status_of
from footprints.corpus.loaders import LOADERS
from footprints.corpus.read import slug
from footprints.corpus.snapshot import Listing
from footprints.errors import BadCorpus, BadFacts, CannotRead, FootprintsError
from footprints.index.build import staged_folder
from footprints.web.admin.desk import Desk
from footprints.web.admin.inventory import Item, State, inventory, title_of, titles_in
from footprints.web.admin.job import Job, Stage
from footprints.web.admin.proposals import proposals
from footprints.web.admin.restoring import changes, kept, name_of, outgoing, same_as
from footprints.web.admin.uploads import Upload
from footprints.web.assets import TEMPLATES
from footprints.web.conversations import PAGE
from footprints.web.feedback import for_managers
from footprints.web.places import link_now
from footprints.web.state import answerer_of, conversations_of, live_of
from footprints.wording import titled

_LOGGED = 20
"""So many lines of the log are shown."""

_BLOCKS = 200
"""So many blocks are shown unless all are asked for."""


def desk_of(request: Request) -> Desk:
    """Return the application's one desk."""
    desk: Desk = request.app.state.desk
    return desk


def page(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """Show a page."""
    # People see names of files, not where the server keeps them.
    context["folder"] = f"{request.app.state.settings.corpus_dir}/"
    context["name_of"] = name_of
    return TEMPLATES.TemplateResponse(request, f"admin/{template}", context, status_code=status)


def see(address: str) -> RedirectResponse:
    """Lead on to a page."""
    return RedirectResponse(address, status_code=303)


def documents(
    request: Request,
    status: int = 200,
    upload_error: str = "",
    trouble: str = "",
    replaces: str = "",
) -> Response:
    """Show the documents, with what went wrong by the field or above.

    What has ended is told once.
    """
    desk, settings = desk_of(request), request.app.state.settings
    try:
        items = inventory(settings, answerer_of(request))
    except (BadCorpus, CannotRead) as error:
        items, trouble = [], trouble or str(error)
    job = desk.job if desk.job and not desk.job.seen else None
    builds = kept(settings)
    if job:
        job.seen = not job.is_open
    return page(
        request,
        "documents.html",
        status,
        items=items,
        unindexed=any(one.state in {State.NEW, State.CHANGED, State.GONE} for one in items),
        uploads=[(one, _replaced(one, items)) for one in desk.uploads.all()],
        builds=builds[::-1],
        changes=changes(settings, builds),
        served=next((one.build for one in builds if one.current), ""),
        set_back=bool(builds) and not builds[-1].current,
        job=job,
        replaced=next((one for one in items if one.removable and one.doc_id == replaces), None),
        is_free=not (job and job.is_open),
        upload_error=upload_error,
        trouble=trouble,
        formats=", ".join(sorted(LOADERS)),
        most=size_in_words(settings.max_upload),
        log=desk.log.read(_LOGGED),
    )


def upload(
    request: Request,
    pending: Upload,
    all_blocks: bool = False,
    error: FootprintsError | None = None,
) -> Response:
    """Show how a file was read, and ask for its details; what is wrong stands by its field."""
    desk, items = desk_of(request), _replaceable(request)
    reading = desk.uploads.reading(pending)
    replaced = _replaced(pending, items)
    shown = reading.blocks if all_blocks else reading.blocks[:_BLOCKS]
    return page(
        request,
        "upload.html",
        status_of(error) if error else 200,
        upload=pending,
        doc_id=replaced.doc_id if replaced else slug(Path(pending.name).stem),
        open=desk.job if desk.job and desk.job.is_open else None,
        warnings=reading.warnings,
        size=size_in_words(pending.size),
        fields=proposals(reading, replaced.facts if replaced else None, pending.known),
        replaces=replaced and replaced.doc_id,
        items=items,
        error=error,
        wrong=error.wrong if isinstance(error, BadFacts) else {},
        blocks=shown,
        beside=[
            *reading.left_out,
            *(f"{part.place}: {part.left_out}" for part in reading.parts if part.left_out),
        ],
        left_out=len(reading.blocks) - len(shown),
    )


def feedback(request: Request, number: int) -> Response:
    """Show a page of what askers said of answers, newest first."""
    conversations, settings = conversations_of(request), request.app.state.settings
    counts = conversations.feedback_counts()
    return page(
        request,
        "feedback.html",
        said=for_managers(conversations.feedback_page(number), settings.log_questions),
        counts=counts,
        total=sum(counts.values()),
        number=number,
        more=sum(counts.values()) > number * PAGE,
        link=partial(link_now, answerer_of(request).index.documents, None),
    )


def build(request: Request, job: Job) -> Response:
    """Show how far a job has come, its report, or what came of it; to htmx what moves alone."""
    live, settings = live_of(request), request.app.state.settings
    serves = job.build is not None and live.answerer.index_build == job.build
    is_moving = job.stage is Stage.WORKING or (
        job.stage is Stage.ACCEPTED and not serves and not live.trouble
    )
    job.seen = job.seen or not (job.is_open or is_moving)
    in_place = "HX-Request" in request.headers
    if in_place and not is_moving:
        return Response(headers={"HX-Refresh": "true"})
    return page(
        request,
        "fragments/progress.html" if in_place else "build.html",
        job=job,
        pending=job.upload and desk_of(request).uploads.get(job.upload.upload_id),
        serves=serves,
        is_moving=is_moving,
        trouble=live.trouble,
        title=titles_in(
            *([staged_folder(settings, job.report)] if job.report else []),
            settings.index_dir / live.answerer.index_build,
        ),
        titled=titled,
        outgoing=outgoing(settings) if job.stage is Stage.READY else [],
        same_as=same_as(settings, job.report.manifest)
        if job.stage is Stage.READY and job.report
        else None,
        **_in_words(),
    )


def title(request: Request, file: str) -> str:
    """Return what the document in a file of the folder is called."""
    folder = Listing.of(request.app.state.settings.corpus_dir)
    return title_of(folder, answerer_of(request), folder.folder / file)


def _replaced(upload: Upload, items: Sequence[Item]) -> Item | None:
    """Return which document a file is to replace: the one of its name until somebody has said."""
    if upload.replaces is None:
        return next((one for one in items if one.removable and one.name == upload.name), None)
    return next((one for one in items if one.removable and one.doc_id == upload.replaces), None)


def _replaceable(request: Request) -> list[Item]:
    """Return the documents that a file may be put in the place of."""
    items = inventory(request.app.state.settings, answerer_of(request))
    return [one for one in items if one.removable]


def size_in_words(size: int) -> str:
    """Write a number of bytes for people."""
    if size >= 2**20:
        return f"{size / 2**20:.3g} MB"
    return f"{max(1, round(size / 1024))} kB"


def _in_words() -> Mapping[str, Any]:
    from footprints.evals.report import LABELS
    from footprints.evals.words import first_quotes, how_it_went, outcome, why_held_back

    # Two builds are compared by means.
    labels = {measure: label.removesuffix(", median") for measure, label in LABELS.items()}
    return {
        "labels": labels,
        "first_quotes": first_quotes,
        "how_it_went": how_it_went,
        "outcome": outcome,
        "why_held_back": why_held_back,
    }
