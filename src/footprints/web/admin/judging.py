"""What the evaluation says of a build, and what a person says of its new answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from footprints.index.build import BuildReport
from footprints.progress import Steps
from footprints.settings import Settings
from footprints.types import Encoder

if TYPE_CHECKING:
    from footprints.evals.gate import GateReport


def judged(
    settings: Settings, staged: BuildReport, encoder: Encoder, progress: Steps
) -> GateReport:
    """Ask the cases of the evaluation, where there are any."""
    from footprints.evals.cases import cases_of
    from footprints.evals.gate import Remembering, judge

    return judge(settings, staged, Remembering(encoder), cases_of(settings), progress)


def keep(settings: Settings, gate: GateReport, right: Mapping[str, bool]) -> None:
    """Keep as cases which new answers are right and which are wrong, by the ids of their cases.

    Raises:
        BadCorpus: the cases came with the wheel.
        BadCases, CannotWrite: see ``keep_judged``.
    """
    from footprints.evals.cases import cases_of
    from footprints.evals.judged import keep_judged

    settings.own_corpus()
    keep_judged(cases_of(settings), gate.newly_answered, right)
