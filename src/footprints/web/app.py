"""The web application: a factory, its lifespan, and the server that runs it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    aclosing,
    asynccontextmanager,
    closing,
    contextmanager,
)
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from footprints.answer.answerer import Answerer
from footprints.contract import VERSION
from footprints.errors import BadSettings, CannotWrite, DataInUse
from footprints.lock import held
from footprints.settings import Settings, load_settings
from footprints.web import about, api, library, pages
from footprints.web.admin import routes as admin
from footprints.web.admin.desk import Desk
from footprints.web.assets import WEB, StaticFolder
from footprints.web.conversations import Conversations
from footprints.web.engine import Engine
from footprints.web.gaps import Gaps
from footprints.web.limits import Admission, MemoryRates, RateLimit, RateStore
from footprints.web.live import EVERY, Live, warm
from footprints.web.logs import RequestLog, configure_logs
from footprints.web.metrics import Metrics
from footprints.web.paths import SubPath
from footprints.web.private import make_private
from footprints.web.safety import (
    BodyLimit,
    HeadAsGet,
    KnownHosts,
    KnownTypes,
    OneLength,
    PlainPaths,
    Refuse,
    SameOrigin,
    SecurityHeaders,
    TrustedProxies,
)
from footprints.web.server import address_of, listen, server_of
from footprints.web.sweeping import EVERY as SWEEP_EVERY
from footprints.web.sweeping import sweeping

_CONVERSATIONS, _GAPS = "conversations.sqlite3", "gaps.sqlite3"
_Kept = TypeVar("_Kept", Conversations, Gaps)
_EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104


def create_app(
    open_answerer: Callable[[], Answerer],
    started: Callable[[], None] = lambda: None,
    conversations: Callable[[], Conversations] | None = None,
    gaps: Callable[[], Gaps] | None = None,
    settings: Settings | None = None,
    rates: RateStore | None = None,
    follow: float | None = None,
    sweep: float = SWEEP_EVERY,
) -> FastAPI:
    """Make the application; its answerer is opened when it starts, then ``started`` called.

    Without ``conversations`` or ``gaps`` they are kept in a temporary folder, and end with it.
    Without ``rates`` every process counts its clients' requests separately, in memory.
    With ``follow`` it checks for a new build at that interval, in seconds.
    Every ``sweep`` seconds, expired conversations are deleted.
    """
    settings = settings or load_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.live = Live(open_answerer(), settings)
        with (
            _opened(conversations, Conversations) as app.state.conversations,
            _opened(gaps, Gaps) as app.state.gaps,
        ):
            async with (
                sweeping(app.state.conversations, sweep),
                sweeping(app.state.gaps, sweep),
                aclosing(Engine(settings, app.state.metrics)) as engine,
                _following(app, follow),
                _desk(app, settings),
            ):
                app.state.engine = engine
                started()
                yield

    app = _bare(lifespan)
    app.state.metrics, app.state.settings = Metrics(), settings
    _add_addresses(app, settings)
    _guard(app, settings, rates or MemoryRates(), api.add_error_handlers(app, about.error_page))
    return app


def _bare(lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]]) -> FastAPI:
    return FastAPI(
        title="Footprints",
        version=VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )


@contextmanager
def _opened(opening: Callable[[], _Kept] | None, made: Callable[[Path], _Kept]) -> Iterator[_Kept]:
    """Open what is kept, in a temporary folder unless told where."""
    with TemporaryDirectory() as folder:
        kept = opening or partial(made, Path(folder) / "kept.sqlite3")
        with closing(kept()) as opened:
            yield opened


def _add_addresses(app: FastAPI, settings: Settings) -> None:
    """Add everything that is answered.

    Raises:
        BadSettings: see ``_check_root``.
    """
    _check_root(settings.root_path)
    app.include_router(pages.router)
    app.include_router(about.router)
    app.include_router(library.router)
    app.include_router(api.router)
    if settings.admin_token:
        app.include_router(admin.entrance)
        app.include_router(admin.router)
    static = GZipMiddleware(StaticFolder(directory=WEB / "static"))
    app.mount("/static", static, name="static")


@asynccontextmanager
async def _following(app: FastAPI, every: float | None) -> AsyncIterator[None]:
    """Switch to new builds while the application runs."""
    if every is None:
        yield
        return
    task = asyncio.create_task(app.state.live.follow(every))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def _desk(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """Let documents be managed while the application runs, if there is a token."""
    if settings.admin_token is None:
        yield
        return
    app.state.desk = desk = Desk(settings, settings.admin_token, app.state.live)
    async with aclosing(desk):
        yield


def _check_root(root: str) -> None:
    """Refuse a sub-path that looks like one of the application's own addresses.

    Raises:
        BadSettings: an address of the application begins so.
    """
    routers = (pages.router, about.router, library.router, api.router, admin.entrance, admin.router)
    paths = ["/static", *(str(vars(route)["path"]) for one in routers for route in one.routes)]
    if root and root.split("/")[1] in {path.split("/")[1] for path in paths}:
        raise BadSettings(
            f"The sub-path {root!r} begins like one of the server's own addresses; "
            "choose another with FOOTPRINTS_ROOT_PATH."
        )


def _guard(app: FastAPI, settings: Settings, rates: RateStore, refuse: Refuse) -> None:
    """Wrap the application in its safeguards, from the inside out."""
    stricter: dict[str, int] = {}
    larger: dict[str, int] = {}
    if settings.admin_token:
        stricter = dict.fromkeys((admin.SIGN_IN, admin.UPLOADS), settings.admin_per_minute)
        # The form around the file takes some bytes too.
        larger = {admin.UPLOADS: settings.max_upload + settings.max_body}
    app.add_middleware(KnownTypes, refuse)
    app.add_middleware(BodyLimit, settings.max_body, refuse, larger)
    app.add_middleware(Admission, settings.workers + settings.queue, refuse)
    app.add_middleware(RateLimit, settings.rate_per_minute, rates, refuse, stricter=stricter)
    app.add_middleware(SameOrigin, refuse)
    app.add_middleware(PlainPaths, refuse)
    app.add_middleware(KnownHosts, _names_of(settings), refuse)
    app.add_middleware(OneLength, refuse)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestLog, refuse)
    app.add_middleware(TrustedProxies, settings.trusted_proxies)
    app.add_middleware(SecurityHeaders, settings.embed_from)
    app.add_middleware(SubPath, settings.root_path)


def _names_of(settings: Settings) -> tuple[str, ...]:
    """Return what the server answers to: what it is told, and where it listens if that is one."""
    return settings.hosts if settings.host in _EVERYWHERE else (*settings.hosts, settings.host)


def serve_forever(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until interrupted; ``announce`` is given the address once it can be asked.

    Raises:
        PortInUse: another program listens there.
        DataInUse: another server uses the same data folder.
        NoIndex, IndexMismatch, IndexDamaged, BadEncoder: see ``Answerer.open``.
        CannotWrite: see ``open_conversations``.
    """
    with closing(listen(settings.host, settings.port)) as listener, only_server(settings):
        # Popped when it begins to serve: nothing may hold on to an answerer that serves no more.
        opened, conversations = [Answerer.open(settings)], open_conversations(settings)
        gaps = open_gaps(settings)
        warm(opened[0])
        app = create_app(
            opened.pop,
            started=lambda: announce(address_of(listener)),
            conversations=lambda: conversations,
            gaps=lambda: gaps,
            settings=settings,
            follow=EVERY,
        )
        configure_logs()
        server_of(app).run(sockets=[listener])


def open_conversations(settings: Settings) -> Conversations:
    """Open the conversations in the data folder.

    Raises:
        CannotWrite: the folder cannot be written to.
    """
    return _open(Conversations, settings, _CONVERSATIONS)


def open_gaps(settings: Settings) -> Gaps:
    """Open the counts of what is not found in the data folder.

    Raises:
        CannotWrite: the folder cannot be written to.
    """
    return _open(Gaps, settings, _GAPS)


def _open(made: Callable[[Path, timedelta], _Kept], settings: Settings, name: str) -> _Kept:
    try:
        return made(settings.data_dir / name, timedelta(days=settings.keep_days))
    except (OSError, sqlite3.Error) as error:
        raise _cannot_keep(settings, error, name) from error


def _cannot_keep(settings: Settings, error: Exception, name: str = _CONVERSATIONS) -> CannotWrite:
    what = "Conversations cannot be kept in"
    if name == _GAPS:
        what = "What people do not find cannot be counted in"
    return CannotWrite(
        f"{what} {settings.data_dir / name} ({error}); "
        "name another folder with FOOTPRINTS_DATA_DIR."
    )


@contextmanager
def only_server(settings: Settings) -> Iterator[None]:
    """Lock the data folder: a second server would sweep away the uploads that the first reads.

    Reading conversations beside a server needs no lock.

    Raises:
        DataInUse, CannotWrite: another server holds it, or it cannot be written to.
    """
    folder = settings.data_dir
    with held(
        folder,
        lambda who: DataInUse(
            f"Another server{who} uses the data folder {folder}; "
            "stop it or name another with FOOTPRINTS_DATA_DIR."
        ),
        partial(_cannot_keep, settings),
    ):
        make_private(folder, *folder.glob(".lock*"))
        yield
