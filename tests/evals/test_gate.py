"""The gate: which answers a new build changes, and when it is held back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from commands import Outcome, ended
from fakes import FakeEncoder

from footprints.answer.answerer import Answerer
from footprints.errors import IndexDamaged, NotStaged
from footprints.evals.gate import Answered, GateReport, Remembering, judge
from footprints.index import encoder, generations
from footprints.index.build import BuildReport, accept, build_index, drop, stage
from footprints.index.listing import Listing
from footprints.index.opening import open_index
from footprints.settings import Settings, load_settings
from footprints.types import Answer, Encoding

AREAS = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine"]
"""Ten areas: fewer answers that turn wrong would not be significant."""


def lead(area: str) -> str:
    """Return who leads an area."""
    return f"The {area} area has Anna{area} in front."


def gold(area: str, doc_id: str = "leads") -> dict[str, str]:
    """Return the gold of an area."""
    return {"doc_id": doc_id, "quote": lead(area)}


def case(case_id: str, question: str, *parts: Sequence[dict[str, str]]) -> str:
    """Write a case; without gold it is unanswerable."""
    kind = "fact" if parts else "absent"
    line = {"id": case_id, "kind": kind, "question": question}
    return json.dumps(line | {"answerable": bool(parts), "gold": parts})


def leads(areas: Sequence[str] = AREAS) -> str:
    """Write the page of who leads what."""
    return "\n\n".join(["# Leads", *(f"## {area}\n\n{lead(area)}" for area in areas)])


class Folders(NamedTuple):
    """A corpus with an index, and cases about it."""

    settings: Settings
    cases: Path

    def write(self, name: str, text: str) -> None:
        """Write a document."""
        (self.settings.corpus_dir / name).write_text(text, encoding="utf-8")

    def add_cases(self, *lines: str) -> None:
        """Write more cases."""
        (self.cases / "more.jsonl").write_text("\n".join(lines), encoding="utf-8")

    def judged(self, answered: Answered | None = None) -> GateReport:
        """Build beside the index, and ask the cases of both."""
        staged = stage(self.settings, FakeEncoder)
        assert staged.built
        remembering = Remembering(FakeEncoder())
        return judge(self.settings, staged, remembering, self.cases, answered=answered)

    def serving(self) -> str:
        """Return the build that serves."""
        return open_index(self.settings, FakeEncoder())[1].build


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Index a page of ten areas and one of notes, and write a case for each area."""
    corpus, cases = tmp_path / "corpus", tmp_path / "cases"
    corpus.mkdir()
    cases.mkdir()
    settings = load_settings(
        corpus_dir=corpus, index_dir=tmp_path / "index", encoder="fake", caution="eager"
    )
    made = Folders(settings, cases)
    made.write("leads.md", leads())
    made.write("notes.md", "# Notes\n\nNothing is known of the weather.")
    lines = [case(area, f"Who is in front of the {area} area?", [gold(area)]) for area in AREAS]
    (cases / "fact.jsonl").write_text("\n".join(lines))
    build_index(settings, FakeEncoder)
    return made


DISTRACTION = "# Questions\n\n" + "\n\n".join(
    f"## {area}\n\nWho is in front of the {area} area, nobody says." for area in AREAS
)
"""A page with the words of every question, which so draws each to itself."""


def test_what_changes_no_answer_passes(folders: Folders) -> None:
    """Where every answer is the same nothing is listed, and nothing holds the build back."""
    folders.write("notes.md", "# Notes\n\nNothing is known of the tides.")
    judged = folders.judged()
    assert (judged.asked, judged.changed, judged.gone) == (len(AREAS), (), ())
    assert judged.reason() is None


def test_what_mends_the_answers_is_better(folders: Folders) -> None:
    """Taking the spoiling page away again makes every answer better."""
    folders.write("questions.md", DISTRACTION)
    build_index(folders.settings, FakeEncoder)
    (folders.settings.corpus_dir / "questions.md").unlink()
    judged = folders.judged()
    assert {one.verdict for one in judged.changed} == {"better"}
    assert judged.reason() is None


def test_nothing_is_asked_twice(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the same documents only new cases are asked again, also when a change is undone."""
    asked: list[str] = []
    answer = Answerer.answer

    def noted(self: Answerer, question: str, history: Sequence[str] = ()) -> Answer:
        asked.append(self.index_build)
        return answer(self, question, history)

    monkeypatch.setattr(Answerer, "answer", noted)
    folders.write("questions.md", DISTRACTION)
    answered: Answered = {}
    reports = [folders.judged(answered) for _ in range(2)]
    serving = folders.serving()
    assert asked.count(serving) == len(AREAS)
    assert len(asked) == 2 * len(AREAS)
    assert [one.changed for one in reports] == [folders.judged().changed] * 2
    folders.add_cases(case("new", "Who is in front of the Ash wood?", [gold("Ash")]))
    asked.clear()
    folders.judged(answered)
    assert asked.count(serving) == 1
    build_index(folders.settings, FakeEncoder)
    (folders.settings.corpus_dir / "questions.md").unlink()
    asked.clear()
    undone = folders.judged(answered)
    assert asked == []
    assert {one.verdict for one in undone.changed} == {"better"}


def test_gold_that_left_on_purpose_is_named_and_not_counted(folders: Folders) -> None:
    """A case whose words were taken out or written anew is left out, however many there are."""
    folders.write("leads.md", leads(AREAS[:1]).replace("AnnaAsh", "Bea"))
    judged = folders.judged()
    assert judged.unchecked is None
    assert [one.case_id for one in judged.gone] == AREAS
    assert {one.documents for one in judged.gone} == {("leads",)}
    assert (judged.asked, judged.reason()) == (0, None)


def test_a_removed_document_takes_its_gold_along(folders: Folders) -> None:
    """The gold of a document that was removed has left; cases about the others still count."""
    folders.write("more.md", "# More\n\nThe Yew area has Bea in front.")
    build_index(folders.settings, FakeEncoder)
    yew = {"doc_id": "more", "quote": "The Yew area has Bea in front."}
    folders.add_cases(case("Yew", "Who is in front of the Yew area?", [yew]))
    (folders.settings.corpus_dir / "more.md").unlink()
    judged = folders.judged()
    assert [(one.case_id, one.documents) for one in judged.gone] == [("Yew", ("more",))]
    assert judged.asked == len(AREAS)


def test_another_page_that_says_the_same_is_enough(folders: Folders) -> None:
    """While one alternative of each part stands, the case counts."""
    folders.write("again.md", f"# Again\n\n{lead('Ash')}")
    build_index(folders.settings, FakeEncoder)
    both = [gold("Ash", "again"), gold("Ash")]
    folders.add_cases(case("twice", "Who is in front of the Ash area?", both))
    (folders.settings.corpus_dir / "again.md").unlink()
    judged = folders.judged()
    assert (judged.asked, judged.gone) == (len(AREAS) + 1, ())


def moved(folders: Folders) -> None:
    """Write the areas the other way round, behind a foreword."""
    folders.write("leads.md", "# Foreword\n\nThis is new.\n\n" + leads(AREAS[::-1]))


def renamed(folders: Folders) -> None:
    """Give the page another name, and so another id."""
    path = folders.settings.corpus_dir / "leads.md"
    path.rename(path.with_name("people.md"))


@pytest.mark.parametrize("change", [moved, renamed])
def test_gold_that_only_moved_still_counts(
    folders: Folders, change: Callable[[Folders], None]
) -> None:
    """What stands elsewhere in its document, or in it under another name, is asked and held to."""
    change(folders)
    judged = folders.judged()
    assert (judged.asked, judged.gone, judged.came) == (len(AREAS), (), ())
    assert not [one for one in judged.changed if one.verdict != "changed"]
    folders.write("questions.md", DISTRACTION)
    assert folders.judged().reason()


def test_what_a_new_document_answers_is_shown_for_a_person_to_judge(folders: Folders) -> None:
    """A question that nothing answered, answered now from a new page, is neither better nor worse.

    It counts all the same: many such answers hold the build back until somebody has looked.
    """
    questions = [f"Zyx{number} qwv{number} jkl{number}?" for number in range(9)]
    folders.add_cases(*(case(f"absent-{at}", text) for at, text in enumerate(questions)))
    folders.write("new.md", "# New\n\n" + "\n\n".join(text[:-1] + "." for text in questions))
    judged = folders.judged()
    answered = judged.newly_answered
    assert {one.case_id for one in answered} == {f"absent-{number}" for number in range(9)}
    assert {one.verdict for one in answered} == {"changed"}
    found = [one.found for one in answered if one.found]
    assert [(one.doc_id, one.quote) for one in found] == [
        ("new", f"{text[:-1]}.") for text in questions
    ]
    assert "asserted 0.000 → 1.000" in str(judged.reason())


Altered = Callable[[str, Answer], Answer]
"""What becomes of the answer to a question."""


def alter(monkeypatch: pytest.MonkeyPatch, served: str, altered: Altered) -> None:
    """Have every build but the one that serves give altered answers."""
    real = Answerer.answer

    def answer(answerer: Answerer, question: str, history: Sequence[str] = ()) -> Answer:
        given = real(answerer, question, history)
        return given if answerer.index_build == served else altered(question, given)

    monkeypatch.setattr(Answerer, "answer", answer)


def without_subject(question: str, answer: Answer) -> Answer:
    """Leave out what stands above each quote."""
    return replace(answer, citations=tuple(replace(one, context=()) for one in answer.citations))


def out_of_order(question: str, answer: Answer) -> Answer:
    """Number a piece of the first quote before what stands in front of it."""
    first = answer.citations[0]
    later = replace(first, quote=first.quote[4:], start=first.start + 4)
    return replace(answer, citations=(later, *answer.citations))


@pytest.mark.parametrize(
    ("measure", "altered"),
    [("subject_missing", without_subject), ("out_of_order", out_of_order)],
)
def test_right_quotes_that_read_worse_hold_back(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, measure: str, altered: Altered
) -> None:
    """What is found is the same, but its subject is missing or it is numbered out of order."""
    alter(monkeypatch, folders.serving(), altered)
    folders.write("notes.md", "# Notes\n\nNothing is known of the tides.")
    judged = folders.judged()
    assert not [one for one in judged.changed if one.verdict != "changed"]
    assert f"{measure} 0.000 → 1.000" in str(judged.reason())
    assert judged.reason(force=True) is None


def test_an_altered_quote_is_held_back_whatever_is_forced(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quote that is not what its document says is not switched to, with --force or without."""

    def shouted(question: str, answer: Answer) -> Answer:
        if "Ash" not in question:
            return answer
        first, *others = answer.citations
        return replace(answer, citations=(replace(first, quote=first.quote.upper()), *others))

    alter(monkeypatch, folders.serving(), shouted)
    folders.write("notes.md", "# Notes\n\nNothing is known of the tides.")
    judged = folders.judged()
    assert judged.altered == ("Ash",)
    assert judged.reason(force=True) == judged.reason()
    assert str(judged.reason()).endswith("quotes do not match their documents (Ash).")


@pytest.mark.parametrize("act", [drop, accept])
def test_what_is_no_longer_staged_is_not_judged(
    folders: Folders, act: Callable[[Settings, BuildReport], None]
) -> None:
    """A build that was dropped meanwhile, or serves by now, has nothing to be compared with."""
    folders.write("questions.md", DISTRACTION)
    staged = stage(folders.settings, FakeEncoder)
    act(folders.settings, staged)
    with pytest.raises(NotStaged, match=staged.manifest.build):
        judge(folders.settings, staged, Remembering(FakeEncoder()), folders.cases)


def test_questions_that_begin_to_fail_hold_back(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One question that raises on the new build, and did not before, is enough."""

    def failing(question: str, answer: Answer) -> Answer:
        if "Ash" in question:
            raise ZeroDivisionError
        return answer

    alter(monkeypatch, folders.serving(), failing)
    folders.write("notes.md", "# Notes\n\nNothing is known of the tides.")
    judged = folders.judged()
    assert judged.failed == ("Ash",)
    assert judged.reason() == "1 questions now fail (Ash)."
    assert judged.reason(force=True) is None


def test_few_cases_are_said_to_be_few(folders: Folders) -> None:
    """Seven cases cannot fall beyond chance, eight can."""
    assert GateReport(asked=7).few
    assert not GateReport(asked=8).few
    folders.write("questions.md", DISTRACTION)
    assert not folders.judged().few


@pytest.mark.parametrize("has_cases", [True, False])
def test_a_damaged_part_that_is_taken_over_is_not_switched_to(
    folders: Folders, has_cases: bool
) -> None:
    """A flipped bit in what did not change shows before the switch, with cases or without."""
    settings = folders.settings
    if not has_cases:
        folders, _ = without_cases(folders)
    listing = Listing(settings.index_dir / folders.serving())
    path = generations.segment_path(settings.index_dir, listing["leads"].segment)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    folders.write("questions.md", DISTRACTION)
    with pytest.raises(IndexDamaged, match="run: footprints index --rebuild"):
        folders.judged()


# Where nothing can be checked


def without_index(folders: Folders) -> tuple[Folders, str]:
    """Take another index folder, with nothing in it."""
    settings = folders.settings
    other = settings.model_copy(update={"index_dir": settings.index_dir.with_name("other")})
    return folders._replace(settings=other), "there was no index to compare with"


def without_cases(folders: Folders) -> tuple[Folders, str]:
    """Take a folder of cases that is not there."""
    return folders._replace(cases=folders.cases / "none"), "there are no cases in"


def other_cases(folders: Folders) -> tuple[Folders, str]:
    """Take cases about other documents, and one that nothing answers."""
    other = folders.cases.with_name("other-cases")
    other.mkdir()
    lines = case("a", "Who?", [{"doc_id": "elsewhere", "quote": "Me."}]), case("b", "Why?")
    (other / "other.jsonl").write_text("\n".join(lines))
    return folders._replace(cases=other), "is about these documents"


def damaged_index(folders: Folders) -> tuple[Folders, str]:
    """Damage what the index that serves has of a document, which changes."""
    settings = folders.settings
    listing = Listing(settings.index_dir / folders.serving())
    doc_id, digest = next(iter(listing.segments().items()))
    generations.segment_path(settings.index_dir, digest).write_bytes(b"")
    with (settings.corpus_dir / f"{doc_id}.md").open("a") as file:
        file.write("\n\nMore.")
    return folders, f"{digest}.safetensors is damaged."


@pytest.mark.parametrize("prepare", [without_index, without_cases, other_cases, damaged_index])
def test_where_nothing_can_be_checked_it_is_said(
    folders: Folders, prepare: Callable[[Folders], tuple[Folders, str]]
) -> None:
    """One sentence says why no case was asked, and the build passes."""
    folders, why = prepare(folders)
    folders.write("questions.md", DISTRACTION)
    judged = folders.judged()
    assert judged.unchecked
    assert judged.unchecked.startswith("Nothing was checked: ")
    assert why in judged.unchecked
    assert (judged.asked, judged.reason()) == (0, None)


def test_another_encoder_cannot_be_compared(folders: Folders) -> None:
    """The index that serves cannot be asked with the encoder of the new one."""
    other = FakeEncoder(digest="1" * 64)
    staged = stage(folders.settings, lambda: other, rebuild=True)
    judged = judge(folders.settings, staged, Remembering(other), folders.cases)
    assert "was built with the encoder" in str(judged.unchecked)


def test_another_splitting_can_be_compared(folders: Folders) -> None:
    """The index that serves is asked as it was split."""
    finer = folders.settings.model_copy(update={"passage_pieces": 16})
    assert folders._replace(settings=finer).judged().asked == len(AREAS)


def test_progress(folders: Folders) -> None:
    """Encoding the questions and asking each index are told up to the last case."""
    folders.write("questions.md", DISTRACTION)
    staged = stage(folders.settings, FakeEncoder)
    seen: dict[str, tuple[int, int]] = {}
    judge(
        folders.settings,
        staged,
        Remembering(FakeEncoder()),
        folders.cases,
        lambda step, done, total: seen.update({step: (done, total)}),
    )
    steps = ["Encoding questions", "Asking the old index", "Asking the new index"]
    assert seen == dict.fromkeys(steps, (len(AREAS), len(AREAS)))


def test_no_question_is_encoded_twice() -> None:
    """An encoder that remembers gives what the encoder gave, and asks it once for each text."""
    asked: list[str] = []

    class Counting(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> list[Encoding]:
            asked.extend(texts)
            return super().encode(texts)

    remembering = Remembering(Counting())
    first = remembering.encode_questions(["one", "two", "one"])
    again = remembering.encode_questions(["two", "three"])
    assert asked == ["one", "two", "three"]
    assert first[1] is again[0]
    assert (first[0].vector == FakeEncoder().encode(["one"])[0].vector).all()


# On the command line


Run = Callable[..., Outcome]


@pytest.fixture
def run(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run ``footprints index`` over the folders."""
    settings = folders.settings
    monkeypatch.setattr(encoder, "load_encoder", lambda _: FakeEncoder())
    monkeypatch.setenv("FOOTPRINTS_ENCODER", "fake")
    monkeypatch.setenv("FOOTPRINTS_CAUTION", "eager")
    places = ["--corpus", settings.corpus_dir, "--index", settings.index_dir]

    def run(*arguments: str) -> Outcome:
        given = [*map(str, places), "--cases", str(folders.cases), *arguments]
        return ended(capsys, "index", *given)

    return run


def test_index_holds_back_and_is_forced(folders: Folders, run: Run) -> None:
    """A build that spoils the answers ends with 3, the reason and the cure; --force switches."""
    old = folders.serving()
    folders.write("questions.md", DISTRACTION)
    code, out, err = run()
    assert code == 3
    assert "\nAdded: questions.\nPassages: 10 added, 0 changed, 0 removed.\n" in out
    assert "\nAsked 10 cases: 10 answers changed, 0 better, 10 worse.\n  worse    Ash  " in out
    assert "SIGNIFICANTLY WORSE" in out
    assert "Switched" not in out
    assert "\nHeld back: Answers are significantly worse: success@1 1.000 → 0.000" in err
    assert f"{old} still serves." in err
    assert err.endswith("switch anyway with: footprints index --force\n")
    assert folders.serving() == old
    kept = (folders.settings.index_dir / "gate.txt").read_text(encoding="utf-8")
    assert all(f"  worse    {area}  " in kept for area in AREAS)
    code, out, err = run("--force")
    assert code == 0
    assert "Held back" not in err
    assert out.endswith(f"Switched to {folders.serving()}.\n")
    assert folders.serving() != old
    assert run().out.startswith("Up to date: ")


def test_index_names_what_left_and_what_is_new(folders: Folders, run: Run) -> None:
    """Cases that are left out are named with the reason; the build is switched to."""
    folders.add_cases(case("Yew", "Who is in front of the Yew area?", [gold("Yew")]))
    folders.write("leads.md", leads([*AREAS[1:], "Yew"]))
    code, out, _ = run()
    assert code == 0
    assert "\nAsked 9 cases: " in out
    assert "\nLeft out, as their text is no longer in the documents: Ash.\n" in out
    assert "\nNot compared, as their text is new: Yew.\n" in out
    assert out.endswith(f"\nSwitched to {folders.serving()}.\n")


def test_index_forced_past_a_broken_case(folders: Folders, run: Run) -> None:
    """A case that cannot be read stops the build with 2; --force goes on without the cases."""
    folders.add_cases("nonsense")
    folders.write("questions.md", DISTRACTION)
    old = folders.serving()
    code, _, err = run()
    assert code == 2
    assert "more.jsonl, line 1" in err
    assert folders.serving() == old
    code, out, _ = run("--force")
    assert code == 0
    assert "\nNothing was checked: " in out
    assert folders.serving() != old
