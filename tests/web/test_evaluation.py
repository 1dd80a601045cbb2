"""The page that says how good it is: sentences, a picture, figures and cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Page, browse, context
from starlette.testclient import TestClient

from footprints.answer.answerer import Answerer
from footprints.evals import suite


@pytest.fixture(scope="module")
def client(answerer: Answerer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Browse the real corpus, where nobody has run the suite: the figures are the baseline's."""
    with pytest.MonkeyPatch.context() as patch, browse(answerer) as browser:
        patch.setattr(suite, "RUNS", tmp_path_factory.mktemp("runs"))
        yield browser


def test_unseen_questions_come_first(client: TestClient) -> None:
    """Unless asked for others, the page is about the questions that nothing was tuned on."""
    response = client.get("/evaluation")
    page = Page(response)
    assert "Of the questions it had not seen," in page.words
    assert context(response)["split"] == "test"
    assert page.all("a", href="/evaluation", **{"aria-current": "true"})
    assert page.all("a", href="/evaluation?split=dev")


def test_all_questions_can_be_seen(client: TestClient) -> None:
    """The figures over all questions, and over those it was tuned on, are a link away."""
    everything, tuned = (Page(client.get(f"/evaluation?split={name}")) for name in ("all", "dev"))
    assert "AUROC of the probability, near misses only" in everything.words
    assert "Of the questions it was tuned on," in tuned.words
    assert client.get("/evaluation?split=none").status_code == 422


def test_the_picture_has_words(client: TestClient) -> None:
    """Every row of the picture says in words how many of its squares are filled."""
    page = Page(client.get("/evaluation"))
    pictures = page.all("svg", role="img")
    assert len(pictures) == len(context(client.get("/evaluation"))["told"]) == 9
    assert all(str(one["aria-label"]).endswith("of ten squares are filled") for one in pictures)
    filled = sum(one.tenths for one in context(client.get("/evaluation"))["told"])
    assert len(page.all("rect", **{"class": "filled"})) == filled


def test_terms_are_explained_where_they_stand(client: TestClient) -> None:
    """Each measure has its explanation in the same cell."""
    response = client.get("/evaluation")
    words = Page(response).words
    for name in context(response)["figures"]:
        assert (
            f"{context(response)['labels'][name]} {context(response)['explained'][name]}" in words
        )


def test_without_results(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where nothing was evaluated, the page says so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(suite, "baseline_of", lambda _: tmp_path / "none.json")
    assert "No evaluation has been saved yet." in Page(client.get("/evaluation")).words
