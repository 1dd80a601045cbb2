"""The report of a run: one self-contained HTML file, and a Markdown table."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from numpy.typing import NDArray

from footprints.evals import measures
from footprints.evals.compare import QUALITY, Comparison
from footprints.evals.figures import Figure, Results
from footprints.evals.score import STATUS_OF, CaseScore
from footprints.settings import FILES
from footprints.types import Document, Place

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEMPLATES = FILES / "evals" / "templates"
Curve = NDArray[np.float64]

SITE = "http://127.0.0.1:8000"
"""The address that the report's links lead to: the chat as ``make serve`` runs it."""

LABELS: Mapping[str, str] = {
    "success@1": "first quote right (success@1)",
    "evidence@1": "evidence@1",
    "evidence@3": "evidence@3",
    "evidence@5": "evidence@5",
    "in_view@1": "evidence in view with the first quote",
    "in_view": "evidence in view with the quotes",
    "in_view_sure": "evidence in view, shown as the answer",
    "in_view_likely": "evidence in view, shown as what may be an answer",
    "in_view_unclear": "evidence in view, shown as no clear answer",
    "evidence_shown": "evidence shown, including further passages",
    "denied": "denied: answerable, but nothing needed shown (lower is better)",
    "refused": "refused: answerable, but no quote shown (lower is better)",
    "asserted": "asserted: unanswerable, but presented as answered (lower is better)",
    "asserted_nearmiss": "asserted, near misses only",
    "asserted_absent": "asserted, absent only",
    "asserted_offtopic": "asserted, off-topic only",
    "words_to_evidence": "words to evidence, median",
    "quote_precision": "quote precision",
    "subject_missing": "short quotes without their subject (lower is better)",
    "out_of_order": "quotes numbered out of reading order",
    "verbatim": "verbatim",
    "decision": "decided rightly",
    "guidance_right": "guidance given when asked for",
    "overview_right": "overview given when asked for",
    "auroc": "AUROC of the probability, all unanswerable",
    "auroc_nearmiss": "AUROC of the probability, near misses only",
    "auroc_absent": "AUROC of the probability, absent only",
    "auroc_offtopic": "AUROC of the probability, off-topic only",
    "aurc": "area under risk–coverage (lower is better)",
    "brier": "Brier score (lower is better)",
    "passage_success@1": "passage success@1",
    "passage_success@5": "passage success@5",
    "passage_success@20": "passage success@20",
    "passage_ndcg@10": "passage nDCG@10",
    "passage_rr": "passage RR",
    "followup_ratio": "follow-ups: first quote right, relative to the full question",
    "agreement": "agreement under perturbation",
    "milliseconds_p50": "milliseconds per question, p50",
    "milliseconds_p95": "milliseconds per question, p95",
    "differences_right": "“These documents differ”: shown rightly",
    "errors": "cases that raised an error",
    "differences_precision": "“These documents differ”: precision of the rule, over pairs",
    "differences_recall": "“These documents differ”: recall of the rule, over pairs",
}


def write_report(
    path: Path,
    results: Results,
    scored: Sequence[CaseScore],
    documents: Mapping[str, Document],
    differences: Sequence[Comparison] = (),
) -> None:
    """Write the report of a run as one HTML file."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = [_shown_case(one, documents) for one in sorted(scored, key=_badness)]
    path.write_text(
        environment.get_template("report.html").render(
            results=results,
            labels=LABELS,
            differences=differences,
            pictures=pictures(scored),
            calibration=calibration(scored),
            cases=shown,
            kinds=sorted(results.by_kind),
            outcomes=sorted({case["outcome"] for case in shown}),
            number=number,
            with_interval=with_interval,
        ),
        encoding="utf-8",
    )


def markdown_table(results: Results) -> str:
    """Return the figures as a Markdown table."""
    rows = [
        f"| {LABELS[name]} | {with_interval(figure)} | {figure.n} |"
        for name, figure in results.figures.items()
    ]
    return "\n".join(["| measure | value (95 % interval) | cases |", "|---|---|---|", *rows])


def kinds_table(results: Results) -> str:
    """Return the main figures by kind as a Markdown table."""
    names = ("success@1", "in_view@1", "evidence_shown", "refused", "asserted", "decision")
    head = f"| kind | cases | {' | '.join(LABELS[name] for name in names)} |"
    rows = [
        f"| {kind} | {figures['decision'].n} | "
        + " | ".join(number(figures[name].value) for name in names)
        + " |"
        for kind, figures in sorted(results.by_kind.items())
    ]
    return "\n".join([head, "|---" * (len(names) + 2) + "|", *rows])


def number(value: float | None) -> str:
    """Write a value briefly; a dash if there is none."""
    if value is None:
        return "–"
    if 0.99 < value < 1:  # what falls short of 1 is not shown as 1
        return "0.99"
    return f"{value:.0f}" if abs(value) >= 10 or value == int(value) > 1 else f"{value:.2f}"


def with_interval(figure: Figure) -> str:
    """Write a figure with its interval."""
    if figure.low is None or figure.low == figure.high:
        return number(figure.value)
    return f"{number(figure.value)} ({number(figure.low)}–{number(figure.high)})"


def outcome(one: CaseScore) -> str:
    """Describe the outcome of a case in two or three words."""
    if one.row.error:
        return "error"
    if one.case.kind in STATUS_OF:
        return "as asked for" if one.metrics["status_right"] else "not as asked for"
    if not one.case.answerable:
        return "asserted" if one.row.answered else "not asserted"
    if not one.row.shows:
        return "refused"
    if one.right:
        return "first quote right"
    if one.metrics["in_view"]:
        return "in view"
    return "further down" if one.metrics["evidence_shown"] else "not shown"


def calibration(scored: Sequence[CaseScore]) -> list[tuple[int, float, float]]:
    """Return the number of cases in each tenth of probability, their mean, and the share right."""
    tenths: dict[int, list[CaseScore]] = {}
    for one in sorted(scored, key=lambda one: one.probability):
        tenths.setdefault(min(int(one.probability * 10), 9), []).append(one)
    return [
        (len(own), mean(one.probability for one in own), mean(one.right for one in own))
        for own in tenths.values()
    ]


def pictures(scored: Sequence[CaseScore]) -> dict[str, Markup]:
    """Return the plots as SVG, each with a text alternative; none without the extra."""
    if find_spec("matplotlib") is None:
        return {}
    probabilities = [one.probability for one in scored]
    right = [one.right for one in scored]
    coverage, risk = measures.risk_coverage(probabilities, right)
    words = [w for one in scored if (w := one.metrics.get("words_to_evidence")) is not None]
    taken = [t for one in scored if (t := one.metrics["milliseconds"]) is not None]
    half = float(np.interp(0.5, coverage, risk))
    return {
        "Risk and coverage": _picture(
            lambda axes: _draw_risk(axes, coverage, risk),
            f"Share of wrong first quotes when only the most probable are answered: "
            f"{half:.0%} when half are answered, {risk[-1]:.0%} when all are.",
        ),
        "Reliability": _picture(
            lambda axes: _draw_reliability(axes, calibration(scored)),
            "Share of right first quotes against the probability given, in tenths; on the diagonal "
            f"the probability is true. Given {np.mean(probabilities):.2f} on average, "
            f"right {np.mean(right):.2f}.",
        ),
        "Words to evidence": _picture(
            lambda axes: _draw_histogram(axes, words, "words", "cases"),
            f"Words read until all parts are in view: median {_median(words)}; "
            f"{sum(w >= measures.WORDS_CAP for w in words)} of {len(words)} cases "
            f"needed {measures.WORDS_CAP} or more, or never met them all.",
        ),
        "Latency": _picture(
            lambda axes: _draw_histogram(axes, taken, "milliseconds", "questions"),
            f"Milliseconds per question: median {_median(taken)}.",
        ),
    }


def _picture(draw: Callable[[Axes], None], description: str) -> Markup:
    import matplotlib as mpl
    from matplotlib.figure import Figure as Canvas

    # A fixed salt and no date, so that the same run gives the same file.
    with mpl.rc_context({"svg.hashsalt": "footprints", "font.size": 9}):
        canvas = Canvas(figsize=(4.5, 3), layout="constrained")
        draw(canvas.subplots())
        buffer = io.StringIO()
        canvas.savefig(buffer, format="svg", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    prefix = f"p{zlib.crc32(description.encode()):x}-"  # ids are unique in the whole report
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}", svg)
    label = Markup.escape(description)
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1))  # noqa: S704


def _draw_risk(axes: Axes, coverage: Curve, risk: Curve) -> None:
    axes.plot(coverage, risk)
    axes.set(xlabel="coverage", ylabel="risk", xlim=(0, 1), ylim=(0, 1))


def _draw_reliability(axes: Axes, tenths: Sequence[tuple[int, float, float]]) -> None:
    axes.plot([0, 1], [0, 1], linestyle=":")
    axes.plot([given for _, given, _ in tenths], [right for *_, right in tenths], marker="o")
    axes.set(xlabel="probability given", ylabel="share right", xlim=(0, 1), ylim=(0, 1))


def _draw_histogram(axes: Axes, values: Sequence[float], across: str, up: str) -> None:
    axes.hist(values, bins=20)
    axes.set(xlabel=across, ylabel=up)


def _median(values: Sequence[float]) -> str:
    return f"{np.median(values):.0f}" if values else "unknown"


_WORST_FIRST = (
    "error",
    "not shown",
    "asserted",
    "refused",
    "not as asked for",
    "further down",
    "in view",
    "first quote right",
    "as asked for",
    "not asserted",
)


def _badness(one: CaseScore) -> tuple[int, float, float]:
    """Order cases worst first, and equal ones by the evidence shown and the probability."""
    found = one.metrics.get("evidence_shown") or 0.0
    return _WORST_FIRST.index(outcome(one)), found, -one.probability


def _shown_case(one: CaseScore, documents: Mapping[str, Document]) -> dict[str, Any]:
    return {
        "case": one.case,
        "row": one.row,
        "outcome": outcome(one),
        "quotes": [
            {
                "text": quote.text,
                "link": link_to(quote.places[0]),
                "holds": any(measures.holds(quote.places, part) for part in one.case.parts),
            }
            for quote in one.row.quotes
        ],
        "gold": [
            [{"text": documents[place.doc_id].at(place), "link": link_to(place)} for place in part]
            for part in one.case.parts
        ],
    }


def link_to(place: Place) -> str:
    """Return the address of a place in the running chat."""
    return f"{SITE}/documents/{place.doc_id}?start={place.start}&end={place.end}#quote"


assert set(QUALITY) <= set(LABELS)  # noqa: S101 - the table of a comparison needs every label
