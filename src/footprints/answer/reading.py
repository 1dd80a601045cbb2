"""Let a reader put the best sentences in order; it moves them and changes nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from footprints.answer.confidence import Model
from footprints.index.context import heading_path
from footprints.types import Candidate, Document, Judgement, Offer, Reader, Scored

CANDIDATES = 24
"""So many sentences are read, the best of the ranking."""

FILE = "readers.json"
"""How far each reader that was tried is trusted, beside this module; ``make fit`` writes it."""


class Trust(BaseModel):
    """How far a reader is trusted: what its full score adds, and a probability fitted with it.

    Without a ``model`` the probability is that of no reader.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: float = 0.1
    model: Model | None = None


_TRUSTED = TypeAdapter(dict[str, Trust])


@dataclass(frozen=True, slots=True)
class ReadBy:
    """A reader, the time it has, and how far it is trusted."""

    reader: Reader
    seconds: float
    trust: Trust

    @classmethod
    def of(cls, reader: Reader, seconds: float) -> ReadBy:
        """Trust a reader as far as was found right for it."""
        return cls(reader, seconds, trusted().get(reader.name, Trust()))

    def reordered(
        self,
        question: str,
        ranking: Sequence[Scored[Candidate]],
        documents: Mapping[str, Document],
    ) -> list[Scored[Candidate]]:
        """Return a ranking with its first sentences moved to where the reader's scores put them.

        Their order is that of score + weight × what the reader gives. The scores stay where they
        are: what is first has the highest, as it would without a reader.

        Raises:
            ReaderFailed: the reader gave no judgement in time.
        """
        first = ranking[:CANDIDATES]
        offers = [_offer(one.item, documents[one.item.passage.doc_id]) for one in first]
        judgement = self.reader.read(question, offers, self.seconds)
        read = [
            _with(one, given, judgement) for one, given in zip(first, judgement.scores, strict=True)
        ]
        moved = sorted(read, key=lambda one: -(one.score + self.trust.weight * one.signals.read))
        placed = zip(moved, first, strict=True)
        return [*(replace(one, score=at.score) for one, at in placed), *ranking[CANDIDATES:]]


def trusted() -> dict[str, Trust]:
    """Return how far each reader is trusted that was fitted, by name."""
    file = files(__package__).joinpath(FILE)
    return _TRUSTED.validate_json(file.read_bytes()) if file.is_file() else {}


def keep_trust(name: str, trust: Trust, file: Path) -> None:
    """Write how far a reader is trusted beside what is known of the others."""
    known = trusted() | {name: trust}
    file.write_bytes(_TRUSTED.dump_json(known, indent=1) + b"\n")


def _with(scored: Scored[Candidate], given: float, judgement: Judgement) -> Scored[Candidate]:
    return replace(scored, signals=replace(scored.signals, read=given, none=judgement.none))


def _offer(candidate: Candidate, document: Document) -> Offer:
    """Write a candidate as a reader sees it, with its subject and its neighbours."""
    passage, sentence = candidate.passage, candidate.sentence
    at = passage.sentences.index(sentence)
    before, after = passage.sentences[:at][-1:], passage.sentences[at + 1 :][:1]
    lead = [document.at(sentence.lead)] if sentence.lead else []
    return Offer(
        subject=" › ".join([heading_path(passage, document)[-1], *lead]),
        sentence=document.at(sentence),
        before="".join(document.at(one) for one in before),
        after="".join(document.at(one) for one in after),
    )
