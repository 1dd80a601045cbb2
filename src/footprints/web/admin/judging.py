"""What the evaluation says of a build, and what a person says of its new answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from footprints.index.build import BuildReport
from footprints.progress import Steps
from footprints.settings import Settings
from footprints.types import Encoder

if TYPE_CHECKING:
    from footprints.evals.gate import Answered, GateReport


class Judging:
    """Asks the cases of the evaluation of builds, and no build twice."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._answered: Answered = {}

    def judged(self, staged: BuildReport, encoder: Encoder, progress: Steps) -> GateReport:
        """Ask the cases, where there are any."""
        from footprints.evals.cases import cases_of
        from footprints.evals.gate import Remembering, judge

        remembering, cases = Remembering(encoder), cases_of(self._settings)
        return judge(self._settings, staged, remembering, cases, progress, self._answered)

    def keep(self, gate: GateReport, right: Mapping[str, bool]) -> None:
        """Keep as cases which new answers are right and which are wrong, by their cases' ids.

        What was said of text that the documents no longer have is dropped.

        Raises:
            BadCorpus: the cases came with the wheel.
            BadCases, CannotWrite: see ``keep_judged``.
        """
        from footprints.evals.cases import cases_of
        from footprints.evals.judged import keep_judged

        self._settings.own_corpus()
        keep_judged(cases_of(self._settings), gate.newly_answered, right, gate.lapsed)
