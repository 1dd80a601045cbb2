"""A machine that has run short of something, for as long as a test wants."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from unittest import mock


@contextmanager
def no_file_handles() -> Iterator[None]:
    """Let this process open no file at all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def no_threads(tried: Event) -> Iterator[None]:
    """Let this process start no thread, and set an event when it has tried to."""

    def refuse(thread: Thread) -> None:
        tried.set()
        raise RuntimeError("can't start new thread")

    with mock.patch.object(Thread, "start", refuse):
        yield
