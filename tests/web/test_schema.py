"""The API keeps to its own description, whatever is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from serving import ENCODER, app_of
from starlette.testclient import TestClient
from tiny import answerer_of, document

from footprints.web.examples import DOCUMENT

# What the description cannot say: a character that hides a text in the question is refused too.
_NOT_SAID = [schemathesis.checks.positive_data_acceptance]

# The document of the examples is there, so that it is found.
APP = app_of(answerer_of(ENCODER, document("# Devon\n\nAngela leads Devon.", DOCUMENT["doc_id"])))
SCHEMA = schemathesis.openapi.from_asgi("/api/openapi.json", APP)


@pytest.fixture(autouse=True, scope="module")
def started() -> Iterator[None]:
    """Start the application once, so that its index is open."""
    with TestClient(APP):
        yield


@SCHEMA.parametrize()
@settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_described(case: schemathesis.Case[Any]) -> None:
    """No request makes an endpoint fail or respond in a way that is not described."""
    case.call_and_validate(excluded_checks=_NOT_SAID)
