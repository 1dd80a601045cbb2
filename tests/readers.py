"""Readers for tests: a made cross-encoder, and a server of a language model that is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from footprints.errors import ReaderFailed
from footprints.index.encoder import bundled_folder
from footprints.reader.chat import ChatReader
from footprints.types import Judgement, Offer

Reply = Callable[[BaseHTTPRequestHandler, dict[str, object]], None]
"""Answers one request, given what it holds."""


def make_cross_encoder(folder: Path, outputs: int = 1) -> Path:
    """Save a small cross-encoder that has learnt nothing."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(bundled_folder())
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    config.num_labels = outputs
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


class KeywordReader:
    """Scores an offer by the share of the question's words that it has, and fails when told."""

    name = "keywords"

    def __init__(self, fails: Iterator[bool] | None = None) -> None:
        self._fails = fails
        self.read_of: list[Sequence[Offer]] = []

    def read(self, question: str, offers: Sequence[Offer], seconds: float) -> Judgement:
        """Score the offers."""
        self.read_of.append(offers)
        if self._fails and next(self._fails):
            raise ReaderFailed("keywords failed.")
        asked = set(question.lower().split())
        shares = [len(asked & set(one.sentence.lower().split())) / len(asked) for one in offers]
        return Judgement(tuple(shares), 1 - max(shares, default=0.0))


def says(content: str) -> Reply:
    """Return a reply with what the model says."""

    def reply(request: BaseHTTPRequestHandler, _: dict[str, object]) -> None:
        send(request, 200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    message = {"role": "assistant", "content": content}
    return reply


def breaks(request: BaseHTTPRequestHandler, _: dict[str, object]) -> None:
    """Fail, as a server may."""
    send(request, 500, {"error": {"message": "out of memory"}})


def send(request: BaseHTTPRequestHandler, status: int, body: object) -> None:
    """Send JSON."""
    content = json.dumps(body).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)


@contextmanager
def serving(*replies: Reply) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Serve replies in turn, the last one for good; give the address and what was asked."""
    asked: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body)
            replies[min(len(asked), len(replies)) - 1](self, body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def chat(url: str) -> ChatReader:
    """Return a reader that asks a server."""
    return ChatReader.open("made", url, "key")
