"""Progress of long work: how it is reported, and shown in a terminal. Imports nothing of ours."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

Item = TypeVar("Item")

ProgressCallback = Callable[[int, int], None]
"""Called with the amount done and the total."""

Steps = Callable[[str, int, int], None]
"""Called with the current step, such as “Encoding”, the amount done and the total."""


Tick = Callable[[], None]
"""Called several times a second while something works; what it raises stops the work."""


def idle(*_: object) -> None:
    """Let the work go on and tell nobody: a ``Tick`` or ``ProgressCallback`` that does nothing."""


_EVERY = 30.0
"""Seconds between two lines without a terminal."""


def silent(step: str, done: int, total: int) -> None:
    """Report nothing."""


def told(items: Sequence[Item], progress: ProgressCallback) -> Iterator[Item]:
    """Yield items one by one, and report each when it is done."""
    for number, item in enumerate(items, start=1):
        yield item
        progress(number, len(items))


@contextmanager
def show_progress(begin: str | None = None, every: float = _EVERY) -> Iterator[Steps]:
    """Show a bar for each step with its rate and the time left.

    Without a terminal, ``begin`` is a line on standard error, and long work reports its progress
    there every few seconds.
    """
    from rich.console import Console

    console = Console(stderr=True)
    with _bars(console) if console.is_terminal else _lines(begin, every) as show:
        yield show


@contextmanager
def _lines(begin: str | None, every: float) -> Iterator[Steps]:
    now, ended = begin, Event()

    def show(step: str, done: int, total: int) -> None:
        nonlocal now
        now = f"{step}: {done} of {total}"

    def tell() -> None:
        while not ended.wait(every):
            _say(now)

    _say(begin)
    telling = Thread(target=tell, name="progress", daemon=True)
    telling.start()
    try:
        yield show
    finally:
        ended.set()
        telling.join()


def _say(line: str | None) -> None:
    if line:
        print(line, file=sys.stderr, flush=True)


@contextmanager
def _bars(console: Console) -> Iterator[Steps]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many are done per second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:.1f}/s", style="progress.data.speed")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield show
