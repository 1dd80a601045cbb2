"""What nobody expected, as an error of ours: a thread has no other door."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from footprints.errors import FootprintsError

_UNEXPECTED = "Something went wrong, and nothing was put into service; see the server's log."

_log = logging.getLogger(__name__)


@contextmanager
def ours() -> Iterator[None]:
    """Turn what nobody expected into an error of ours; its trace is in the log.

    A thread has no other door, and no end of a job may leave its page in progress for ever.
    """
    try:
        yield
    except FootprintsError:
        raise
    except BaseException as error:
        _log.exception("a job failed")
        raise FootprintsError(_UNEXPECTED) from error
