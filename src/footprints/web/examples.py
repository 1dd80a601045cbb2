"""Examples for the API's description; none has a null, which OpenAPI would drop."""

from __future__ import annotations

from typing import Any

_TITLE = "East of England sustainability and transformation plans explained"
_QUESTION = "What are the six systems for the east of England?"
_LEAD = "The six systems for the east of England include:"
_SYSTEMS = (
    "Norfolk and Waveney\nSuffolk and North East Essex\nCambridge and Peterborough\n"
    "Mid and South Essex\nHertfordshire and West Essex\nBedford, Milton Keynes and Luton"
)
_BUILD = "20261122T031240667544Z"
_FACTS = {
    "doc_id": "hee-east-of-england",
    "title": _TITLE,
    "publisher": "Health Education England",
    "published": "2016-08-02",
    "describes": "2016",
}

ANSWER: dict[str, Any] = {
    "id": "1",
    "question": _QUESTION,
    "status": "answered",
    "probability": 0.9233,
    "citations": [
        {
            "number": 1,
            **_FACTS,
            "headings": [_TITLE],
            "quote": f"{_LEAD}\n\n{_SYSTEMS}",
            "start": 603,
            "end": 810,
            "also": [],
            "probability": 0.9233,
            "surroundings": {"start": 603, "end": 810, "text": f"{_LEAD}\n\n{_SYSTEMS}"},
            "context": [{"start": 0, "end": 65, "text": _TITLE}],
            "locator": None,
            "url": None,
            "retrieved": None,
        }
    ],
    "further": [],
    "index_build": _BUILD,
    "timings_ms": {"encode": 9.3, "retrieve": 0.5, "rank": 4.1, "total": 14.4},
    "searched_for": None,
    "read_after": [],
    "differs": False,
    "differences": [],
    "parts": [],
    "unmentioned": [],
    "topic": None,
}

RANKING: dict[str, Any] = {
    "question": _QUESTION,
    "sentences": [
        {
            "score": 0.897,
            "signals": {"maxsim": 0.9352, "cosine": 0.8576, "passage": 0.8267, "coverage": 1.0},
            "passage_id": "hee-east-of-england:603-810",
            "doc_id": "hee-east-of-england",
            "headings": [_TITLE],
            "start": 603,
            "end": 651,
            "text": _LEAD,
        }
    ],
    "index_build": _BUILD,
    "timings_ms": {"encode": 9.3, "retrieve": 0.5, "rank": 4.1},
}

_DOCUMENT = {
    **_FACTS,
    "inferred": ["describes"],
    "file": "hee-east-of-england.md",
    "sha256": "7e83ba76d7084043ec9fb326efcf1fd4179ac11a266e6dd13741c20c3264f385",
}

DOCUMENTS: dict[str, Any] = {"documents": [_DOCUMENT], "index_build": _BUILD}

DOCUMENT: dict[str, Any] = {
    **_DOCUMENT,
    "text": f"{_TITLE}\n\n2 August 2016",
    "blocks": [
        {"kind": "heading", "level": 1, "start": 0, "end": 65},
        {"kind": "paragraph", "level": 0, "start": 67, "end": 80},
    ],
}

METRICS = 'footprints_questions_total{status="answered"} 12.0\n'
