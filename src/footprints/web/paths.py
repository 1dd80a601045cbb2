"""Where the application is on its host: at the root, or under a sub-path behind a proxy."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LEAD_ON = ("location", "hx-push-url", "hx-redirect")


def root_of(scope: Scope) -> str:
    """Return the sub-path that every address begins with, which may be none."""
    # What is mounted, as the static files are, has a root of its own.
    root: str = scope.get("app_root_path", scope.get("root_path", ""))
    return root


def path_of(scope: Scope) -> str:
    """Return the path that was asked for, without the sub-path."""
    path: str = scope["path"]
    return path.removeprefix(root_of(scope))


class SubPath:
    """Puts the application under a sub-path, whether or not a proxy has taken it off already."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the path out in full, and where a response leads to."""
        if scope["type"] != "http" or not self._root:
            return await self._app(scope, receive, send)
        path = scope["path"]
        if not path.startswith(f"{self._root}/"):
            path = f"{self._root}/" if path == self._root else self._root + path
        scope = {**scope, "root_path": self._root, "path": path}

        async def send_under(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in _LEAD_ON:
                    if headers.get(name, "").startswith("/"):
                        headers[name] = self._root + headers[name]
            await send(message)

        await self._app(scope, receive, send_under)
