"""Explain an answer: the whole way from the question to its quotes, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from footprints.answer.answerer import Answerer
from footprints.answer.compose import cite
from footprints.answer.evidence import MARGIN, select_evidence
from footprints.types import Candidate, Citation, Evidence, Place, Scored, Understood
from footprints.wording import EXPLANATIONS


def explain(
    answerer: Answerer, question: str, history: Sequence[str] = (), limit: int = 10
) -> Iterator[str]:
    """Yield how a question was understood, what was found, what it is worth, what was taken.

    Raises:
        BadQuestion: see ``Answerer.answer``.
    """
    reading = answerer.search(question, history)
    understood, documents = reading.question, answerer.index.documents
    evidence = select_evidence(understood, reading.ranking, documents, answerer.confidence)
    quotes = cite(evidence.accepted, documents, evidence.probability)
    yield from _understood(understood, reading.searched_for)
    yield "\nPassages, best first"
    for number, passage in enumerate(reading.passages[:limit], start=1):
        yield f"  {number}. {passage.passage_id}  {' › '.join(passage.headings)}"
    confidence = answerer.confidence
    yield f"\nHow likely the documents answer: {evidence.probability:.2f}"
    yield f"  abstains below {confidence.threshold:.2f}, doubts below {confidence.doubt:.2f}"
    for name, value, counts in confidence.parts(understood, reading.ranking):
        yield f"  {name:<16} {value:6.3f}  counts {counts:+.2f}"
    yield f"\n{EXPLANATIONS[evidence.status]}"
    for quote in quotes:
        yield f"  {quote.number}. {quote.doc_id}:{quote.start}-{quote.end}  {_line(quote.quote)}"
    yield "\nSentences, best first"
    for number, scored in enumerate(reading.ranking[:limit], start=1):
        passage, sentence = scored.item.passage, scored.item.sentence
        text = documents[passage.doc_id].at(sentence)
        fate = _fate(scored, reading.ranking[0].score, evidence, quotes)
        yield f"\n{number}. {scored.score:.3f}  {passage.doc_id}:{sentence.start}-{sentence.end}"
        yield f"   {_line(text)}"
        yield f"   {signals_line(scored.signals)}"
        yield f"   → {fate}"


def signals_line(signals: Mapping[str, float]) -> str:
    """Write every signal's value on one line."""
    return "  ".join(f"{name} {value:.3f}" for name, value in signals.items())


def _understood(question: Understood, searched_for: str | None) -> Iterator[str]:
    yield f"Read as: {question.text}"
    if searched_for:
        yield f"Spelling corrected: {searched_for}"
    yield f"Names: {'; '.join(' = '.join(forms) for forms in question.names) or 'none'}"
    yield f"Publishers: {'; '.join(sorted(question.publishers)) or 'none'}"
    yield f"Expects: {question.expects or 'no particular kind of value'}"


def _fate(
    scored: Scored[Candidate], best: float, evidence: Evidence, quotes: Sequence[Citation]
) -> str:
    """Say what became of a sentence, and why."""
    place, doc_id = scored.item.sentence, scored.item.passage.doc_id
    if not quotes:
        return "rejected: the answer abstains"
    for quote in quotes:
        places = [Place(quote.doc_id, quote.start, quote.end), *quote.also]
        if any(p.doc_id == doc_id and p.start <= place.start < p.end for p in places):
            return f"accepted: in quote {quote.number}"
    if best - scored.score > MARGIN:
        return f"rejected: {best - scored.score:.3f} below the best, {MARGIN} is allowed"
    return "rejected: enough was quoted"


def _line(text: str) -> str:
    return " ".join(text.split())
