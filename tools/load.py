"""A load test of the web chat: 1, 10, 50 and 200 askers, beside the answerer alone.

It starts the real server on the loopback and holds conversations with it; see ``tools.askers``.
Each conversation has questions of its own.

In the end every conversation must hold exactly the questions that were answered, in order, each
with the quotes that the answerer alone gives after the same questions, and what the asker was
shown must be that answer. The askers share the machine with the server, so the times are upper
bounds.

In a last round another build of the same documents becomes the current one every two seconds, and
the server has to take it up: what that costs is the difference to the round of as many askers.

Then comes what must not stop it; see ``tools.trouble``.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Annotated

import numpy as np
import typer

from footprints.answer.answerer import Answerer
from footprints.answer.searching import TURNS
from footprints.errors import FootprintsError
from footprints.evals.cases import Case, load_cases
from footprints.index.build import build_index
from footprints.index.encoder import load_encoder
from footprints.index.generations import build_folders, point_to
from footprints.settings import Settings, load_settings
from footprints.web.app import open_conversations
from tools.askers import Figures, Script, Talk, count_wrong, hold
from tools.trouble import (
    Finding,
    failing_storage,
    idle_connections,
    second_server,
    slow_client,
)

ASKERS = (1, 10, 50)

_CROWD = 200
"""So many ask when there are more than the server can answer."""

_LONGEST_SECONDS = 5.0
"""So long an answer may take to come even then."""

_SWITCHED = 10
"""So many askers are there while builds are switched."""

_SWITCH_SECONDS = 2.0

_TURNS = 5
"""So many questions has a conversation, if there are enough."""

_WARM_SECONDS = 5.0
_COMMAND = (sys.executable, "-m", "footprints", "serve")
_SEED = 0


class NoServer(FootprintsError):
    """The server did not start."""


def main(
    questions: Annotated[
        int, typer.Option(min=max(ASKERS), help="Questions a round, at most.")
    ] = 250,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds a round, at most.")] = 20,
    cases: Annotated[Path, typer.Option(help="Folder of evaluation cases.")] = Path("evals/cases"),
) -> None:
    """Load a server of its own and print a table; exits with 1 if anything was not as it must be.

    Raises:
        NoServer: see its docstring.
        BadCorpus, BadEncoder, BadCases: see what is called.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        answerer = _answerer(settings)
        found = load_cases(cases, answerer.index.documents)
        scripts, alone = ask_alone(answerer, conversations_of(found, questions), seconds)
        with server(settings) as address:
            rounds = [alone, *_rounds(settings, address, scripts, seconds)]
            print(table(rounds), flush=True)
            findings = list(_findings(settings, address, rounds))
    if not all([*(one.passed for one in rounds), *(one.passed for one in findings)]):
        raise typer.Exit(1)


def settings_in(folder: Path) -> Settings:
    """Keep everything in a folder of its own, listen on the loopback, and let one client hurry."""
    own = {"data_dir": folder / "data", "index_dir": folder / "index"}
    return load_settings(**own, host="127.0.0.1", port=0, rate_per_minute=0)


def _answerer(settings: Settings) -> Answerer:
    """Build an index twice that nobody else switches, and open it."""
    encoder = load_encoder(settings.encoder)
    for _ in range(2):
        build_index(settings, lambda: encoder, rebuild=True)
    return Answerer.open(settings, lambda _: encoder)


def conversations_of(cases: Sequence[Case], most: int) -> list[tuple[str, ...]]:
    """Deal the questions of cases into conversations, one at least for each asker of a round.

    None is asked in two. They have five questions, or fewer if there are few.
    """
    shuffled = random.Random(_SEED).sample(cases, len(cases))
    texts = [text for case in shuffled for text in (*case.history, case.question)]
    texts = list(dict.fromkeys(texts))[:most]
    turns = max(1, min(_TURNS, len(texts) // max(ASKERS)))
    return [tuple(texts[start : start + turns]) for start in range(0, len(texts), turns)]


def ask_alone(
    answerer: Answerer, conversations: Sequence[tuple[str, ...]], seconds: float
) -> tuple[list[Script], Figures]:
    """Ask the answerer itself: what it says, and when that has warmed it, what it takes.

    Everything is asked once; only the second time, which is measured, has no more than its time.
    """
    scripts = [
        Script(texts, tuple(answerer.answer(*one) for one in _with_history(texts)))
        for texts in conversations
    ]
    figures, began = Figures("answerer alone"), perf_counter()
    for question, history in (one for each in scripts for one in _with_history(each.questions)):
        start = perf_counter()
        if start < began + seconds:
            answerer.answer(question, history)
            figures.milliseconds.append((perf_counter() - start) * 1000)
    figures.seconds = perf_counter() - began
    return scripts, figures


def _with_history(questions: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """Pair every question of a conversation with as many earlier ones as the chat takes along."""
    return [(text, questions[max(0, at - TURNS) : at]) for at, text in enumerate(questions)]


def _rounds(
    settings: Settings, address: str, scripts: Sequence[Script], seconds: float
) -> Iterator[Figures]:
    """Give one round after another, after one that only warms the server."""
    asyncio.run(hold(address, scripts, 1, min(seconds, _WARM_SECONDS)))
    kept = open_conversations(settings).turns
    # Of a crowd several ask the same, each in a conversation of their own.
    crowd = [*scripts] * -(-_CROWD // len(scripts))
    for askers, asked in (*((askers, scripts) for askers in ASKERS), (_CROWD, crowd)):
        figures, talks = asyncio.run(hold(address, asked, askers, seconds))
        figures.wrong = count_wrong(talks, kept)
        yield figures
    figures, talks = asyncio.run(_hold_switching(settings, address, scripts, seconds))
    figures.wrong = count_wrong(talks, kept)
    builds = {turn.answer.index_build for talk in talks for turn in kept(talk.conversation_id)}
    if len(builds) < 2 and figures.seconds > 2 * _SWITCH_SECONDS:
        figures.errors += 1
    yield figures


def _findings(settings: Settings, address: str, rounds: Sequence[Figures]) -> Iterator[Finding]:
    """Give and print what becomes of one trouble after another."""
    checks: tuple[Callable[[], Finding], ...] = (
        lambda: _bounded(rounds),
        lambda: idle_connections(address, _log_of(settings)),
        lambda: slow_client(address),
        lambda: second_server(_COMMAND, _environment(settings)),
        lambda: failing_storage(address, settings),
    )
    for check in checks:
        found = check()
        print(found, flush=True)
        yield found


def _bounded(rounds: Sequence[Figures]) -> Finding:
    """Tell whether the wait stays bounded whoever asks: what takes longer is refused."""
    longest = max(one.longest for one in rounds) / 1000
    told = f"the longest wait for an answer was {longest:.1f} s"
    return Finding("waiting", told, longest < _LONGEST_SECONDS)


async def _hold_switching(
    settings: Settings, address: str, scripts: Sequence[Script], seconds: float
) -> tuple[Figures, list[Talk]]:
    """Hold the conversations while one build after another becomes the current one."""
    switching = asyncio.create_task(_switch(settings.index_dir))
    try:
        figures, talks = await hold(address, scripts, _SWITCHED, seconds)
    finally:
        switching.cancel()
    figures.name = f"{_SWITCHED} and switching"
    return figures, talks


async def _switch(index_dir: Path) -> None:
    """Make each build that is kept the current one in its turn, for ever."""
    for folder in cycle(build_folders(index_dir)):
        point_to(index_dir, folder.name)
        await asyncio.sleep(_SWITCH_SECONDS)


@contextmanager
def server(settings: Settings) -> Iterator[str]:
    """Run ``footprints serve`` with these settings, and give its address."""
    log = _log_of(settings)
    with (
        log.open("w") as errors,
        subprocess.Popen(
            _COMMAND,
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as running,
    ):
        try:
            said = running.stdout.readline() if running.stdout else ""
            if "http://" not in said:
                raise NoServer(f"The server did not start; it said: {log.read_text().strip()}")
            yield said.split()[-1]
        finally:
            running.terminate()


def _environment(settings: Settings) -> dict[str, str]:
    names = ("corpus_dir", "index_dir", "data_dir", "encoder", "host", "port", "rate_per_minute")
    own = {f"FOOTPRINTS_{name.upper()}": str(getattr(settings, name)) for name in names}
    return os.environ | own


def _log_of(settings: Settings) -> Path:
    return settings.index_dir.parent / "log"


def table(rounds: Sequence[Figures]) -> str:
    """Lay the figures out, one round a line."""
    head = f"{'':<18}{'questions':>9}{'p50 ms':>9}{'p95 ms':>9}{'longest':>9}{'a second':>10}"
    lines = [f"{head}{'refused':>9}{'other errors':>14}{'lost or mixed up':>18}"]
    for one in rounds:
        p50, p95 = np.percentile(one.milliseconds or [np.nan], [50, 95])
        answered = len(one.milliseconds)
        times = f"{p50:>9.1f}{p95:>9.1f}{one.longest:>9.1f}"
        line = f"{one.name:<18}{answered:>9}{times}{answered / one.seconds:>10.1f}"
        lines.append(f"{line}{one.refused:>9}{one.errors:>14}{one.wrong:>18}")
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        typer.run(main)
    except FootprintsError as error:
        sys.exit(f"footprints: {error}")
