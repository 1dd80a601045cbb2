"""Explain an answer: every step from the question to its quotes, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from footprints.answer.answerer import Answerer
from footprints.answer.judge import judge
from footprints.answer.select import MARGIN
from footprints.types import AnswerStatus, Candidate, Citation, Place, Scored, Understood
from footprints.wording import EXPLANATIONS, how_far


def explain(
    answerer: Answerer, question: str, history: Sequence[str] = (), limit: int = 10
) -> Iterator[str]:
    """Yield how a question was understood, what was found and scored, and what was quoted.

    Raises:
        BadQuestion: see ``Answerer.answer``.
    """
    answer = answerer.answer(question, history)
    if answer.status in (AnswerStatus.GUIDANCE, AnswerStatus.OVERVIEW):
        yield EXPLANATIONS[answer.status]
        for quote in answer.citations:
            yield _cited(quote)
        return
    if not answer.parts:
        yield from _explained(answerer, question, history, answer.citations, limit)
    asked = answerer.parts(answer.searched_for or question, history) if answer.parts else []
    for part, (_, before) in zip(answer.parts, asked, strict=True):
        yield f"\nPart: {part.question}"
        quotes = [quote for quote in answer.citations if quote.number in part.citations]
        yield from _explained(answerer, part.question, before, quotes, limit)


def _explained(
    answerer: Answerer,
    question: str,
    history: Sequence[str],
    quotes: Sequence[Citation],
    limit: int,
) -> Iterator[str]:
    """Yield the steps from one question to its quotes."""
    reading = answerer.search(question, history)
    understood, documents = reading.question, answerer.index.documents
    confidence = answerer.confidence
    judged = judge(understood, reading.ranking, confidence)
    yield from _understood(understood, reading.searched_for)
    if answerer.read_by:
        failed = "reader_failed" in reading.timings_ms
        yield f"Reader: {answerer.read_by.reader.name}{', which failed' if failed else ''}"
    yield "\nPassages, best first"
    for number, passage in enumerate(reading.passages[:limit], start=1):
        yield f"  {number}. {passage.passage_id}  {' › '.join(passage.headings)}"
    yield f"\nProbability that the documents answer: {judged.probability:.2f}"
    thresholds = confidence.thresholds
    yield f"  answered from {thresholds.answered:.2f}, possible from {thresholds.possible:.2f}"
    for name, value, counts in confidence.parts(understood, reading.ranking):
        yield f"  {name:<16} {value:6.3f}  counts {counts:+.2f}"
    yield f"\n{how_far(judged)}"
    for quote in quotes:
        yield _cited(quote)
    yield "\nSentences, best first"
    for number, scored in enumerate(reading.ranking[:limit], start=1):
        passage, sentence = scored.item.passage, scored.item.sentence
        text = documents[passage.doc_id].at(sentence)
        fate = _fate(scored, reading.ranking[0].score, quotes)
        yield f"\n{number}. {scored.score:.3f}  {passage.doc_id}:{sentence.start}-{sentence.end}"
        yield f"   {_line(text)}"
        yield f"   {signals_line(asdict(scored.signals))}"
        yield f"   → {fate}"


def _cited(quote: Citation) -> str:
    return f"  {quote.number}. {quote.doc_id}:{quote.start}-{quote.end}  {_line(quote.quote)}"


def signals_line(signals: Mapping[str, float]) -> str:
    """Write every signal's value on one line."""
    return "  ".join(f"{name} {value:.3f}" for name, value in signals.items())


def _understood(question: Understood, searched_for: str | None) -> Iterator[str]:
    yield f"Read as: {question.text}"
    if searched_for:
        yield f"Spelling corrected: {searched_for}"
    yield f"Names: {'; '.join(' = '.join(forms) for forms in question.names) or 'none'}"
    yield f"Publishers: {'; '.join(sorted(question.publishers)) or 'none'}"
    if question.missing:
        yield f"In no document: {'; '.join(question.missing)}"
    yield f"Expects: {question.expects or 'no particular kind of value'}"


def _fate(scored: Scored[Candidate], best: float, quotes: Sequence[Citation]) -> str:
    """Say whether a sentence was quoted, and why."""
    place, doc_id = scored.item.sentence, scored.item.passage.doc_id
    if not quotes:
        return "not quoted: the answer abstains"
    for quote in quotes:
        places = [Place(quote.doc_id, quote.start, quote.end), *quote.also]
        if any(p.doc_id == doc_id and p.start <= place.start < p.end for p in places):
            return f"in quote {quote.number}"
        around = quote.surroundings
        if quote.doc_id == doc_id and around.start <= place.start < around.end:
            return f"in view around quote {quote.number}"
    if scored.signals.points:
        return "not quoted: it only refers elsewhere"
    if not scored.signals.states:
        return "not quoted: it only asks"
    if best - scored.score > MARGIN:
        return f"not quoted: {best - scored.score:.3f} below the best, {MARGIN} is close"
    return "not quoted: enough had been"


def _line(text: str) -> str:
    return " ".join(text.split())
