"""Score the retrieval step alone: each needed part of a case is a query of its own."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

import ir_measures

from footprints.evals.run import ASKED, Run
from footprints.types import Place

MEASURES = {
    "passage_success@1": ir_measures.Success @ 1,
    "passage_success@5": ir_measures.Success @ 5,
    "passage_success@20": ir_measures.Success @ 20,
    "passage_ndcg@10": ir_measures.nDCG @ 10,
    "passage_rr": ir_measures.RR,
}


def retrieval_metrics(run: Run) -> dict[str, dict[str, float]]:
    """Return the metrics of what was retrieved for each case with gold, averaged over its parts.

    Computed by ir_measures. A run that does not say what passages there are has none.
    """
    if not run.passages:
        return {}
    retrieved = {row.case_id: row.passages for row in run.rows if row.variant == ASKED}
    ranked = [
        ir_measures.ScoredDoc(query, _name(passage), -float(rank))
        for case_id, query, _ in _queries(run)
        for rank, passage in enumerate(retrieved[case_id])
    ]
    cases = {query: case_id for case_id, query, _ in _queries(run)}
    names = {measure: name for name, measure in MEASURES.items()}
    values: dict[str, dict[str, list[float]]] = {}
    for metric in ir_measures.iter_calc(list(names), list(_qrels(run)), ranked):
        of_case = values.setdefault(cases[metric.query_id], {})
        of_case.setdefault(names[metric.measure], []).append(metric.value)
    return {
        case_id: {name: mean(by_part) for name, by_part in of_case.items()}
        for case_id, of_case in values.items()
    }


def _qrels(run: Run) -> Iterator[ir_measures.Qrel]:
    """Judge all passages of the index: those that overlap a place of a part are relevant to it.

    A part that no passage holds keeps its query, which then scores 0.
    """
    by_document: dict[str, list[Place]] = {}
    for passage in run.passages:
        by_document.setdefault(passage.doc_id, []).append(passage)
    for _, query, part in _queries(run):
        relevant = {
            _name(passage)
            for place in part
            for passage in by_document.get(place.doc_id, ())
            if passage.start < place.end and place.start < passage.end
        }
        for name in sorted(relevant or {_name(part[0])}):
            yield ir_measures.Qrel(query, name, 1)


def _queries(run: Run) -> Iterator[tuple[str, str, tuple[Place, ...]]]:
    """Yield every part with its case and the name of its query."""
    for case in run.cases:
        for number, part in enumerate(case.parts):
            yield case.case_id, f"{case.case_id}#{number}", part


def _name(place: Place) -> str:
    return f"{place.doc_id}:{place.start}-{place.end}"
