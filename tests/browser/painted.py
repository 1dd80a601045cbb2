"""Measure how soon an answer is painted after the press: ``make paint``.

A server of its own answers in a process of its own. Each question opens a conversation; the time is
that from the press of Enter to the first frame behind the answer's, as the page itself sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from driving import chromium
from playwright.sync_api import Page

from footprints.answer.answerer import Answerer
from footprints.evals.cases import load_cases
from footprints.index.build import build_index
from footprints.index.encoder import load_encoder
from footprints.settings import Settings
from tools.load import server, settings_in

QUESTIONS = 60
WARM = 5
"""So many are asked first, which are not counted."""

# A message that is sent in a frame arrives when that frame has been painted.
_TIMES = """() => new Promise(painted => {
  const box = document.querySelector("#question");
  let pressed;
  box.addEventListener("keydown", () => { pressed = performance.now(); }, {once: true});
  new MutationObserver((_, watcher) => {
    if (!document.querySelector("article.turn:not(.waiting)")) return;
    watcher.disconnect();
    requestAnimationFrame(() => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => painted(performance.now() - pressed);
      port2.postMessage(null);
    });
  }).observe(document.querySelector("#turns"), {childList: true, subtree: true});
})"""


def asked_of(settings: Settings) -> list[str]:
    """Build the index, and return questions to ask of it."""
    build_index(settings, lambda: load_encoder(settings.encoder))
    documents = Answerer.open(settings).index.documents
    cases = load_cases(Path("evals/cases"), documents)
    whole = [one.question for one in cases if one.split == "dev" and not one.history]
    return whole[:: len(whole) // (QUESTIONS + WARM)][: QUESTIONS + WARM]


def painted(page: Page, question: str) -> float:
    """Return how many milliseconds it takes until the answer to a question is painted."""
    page.goto("/")
    page.locator("#question").fill(question)
    page.evaluate(f"window.painted = ({_TIMES})(); undefined")
    page.keyboard.press("Enter")
    taken = float(page.evaluate("window.painted"))
    # What to ask next is found while the answer is read; the next question is asked behind that.
    page.wait_for_load_state("networkidle")
    return taken


def measured(settings: Settings, questions: list[str]) -> Iterator[float]:
    """Yield the milliseconds of every question."""
    with server(settings) as address, chromium() as browser:
        page = browser.new_page(base_url=address)
        for number, question in enumerate(questions):
            taken = painted(page, question)
            if number >= WARM:
                yield taken


def main() -> None:
    """Print the median and the 95th percentile."""
    with TemporaryDirectory() as folder:
        settings = settings_in(Path(folder))
        times = list(measured(settings, asked_of(settings)))
    p50, p95 = np.percentile(times, [50, 95])
    print(f"{len(times)} answers painted after {p50:.0f} ms (p50), {p95:.0f} ms (p95)")


if __name__ == "__main__":
    main()
