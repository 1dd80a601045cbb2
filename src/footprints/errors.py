"""Everything that can go wrong, in messages of one sentence that name the cure.

``CallerError`` is the caller's mistake (exit code 2, HTTP 4xx); every other
``FootprintsError`` is ours (exit code 1, HTTP 5xx).
"""

from collections.abc import Mapping


class FootprintsError(Exception):
    """Base of every error the library raises on purpose."""


class CallerError(FootprintsError):
    """The caller asked for something that cannot be done as asked."""


class BadQuestion(CallerError):
    """The question is empty, too long or has no words."""


class BadChoice(BadQuestion):
    """The choice of documents is wrong: ``fields`` of it, by their names in ``Only``'s form."""

    def __init__(self, message: str, fields: tuple[str, ...]) -> None:
        super().__init__(message)
        self.fields = fields


class BadSettings(CallerError):
    """A setting is unknown or has an impossible value."""


class BadCorpus(CallerError):
    """The corpus folder, its catalogue or one of its files cannot be read."""


class BadFacts(BadCorpus):
    """What is said of a document is wrong: ``wrong`` says how, by the name of the fact."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{name}: {said}" for name, said in wrong.items()))
        self.wrong = wrong


class BadEncoder(CallerError):
    """The encoder that the settings name cannot be loaded."""


class BadReader(CallerError):
    """The reader that the settings name cannot be opened."""


class BadMcp(CallerError):
    """What the MCP server needs is not installed."""


class ReaderFailed(FootprintsError):
    """A reader gave no judgement in time; the answer is given without it."""


class NoIndex(CallerError):
    """There is no index to open."""


class NoBuild(CallerError):
    """There is no such build to go back to."""


class NotStaged(CallerError):
    """A staged build was dropped, or no longer fits the build in use or the corpus."""


class IndexMismatch(CallerError):
    """The index was built by another encoder, format or splitting."""


class IndexBusy(CallerError):
    """Another build is under way."""


class PortInUse(CallerError):
    """Another program listens on the port."""


class DataInUse(CallerError):
    """Another server uses the data folder."""


class Busy(FootprintsError):
    """Too many questions are waiting, or the index is not open; try again soon."""

    retry_after = 1
    """Seconds after which asking again may help."""


class StorageFailed(FootprintsError):
    """Stored conversations cannot be read or written for now; ``reason`` says why."""

    retry_after = 10
    """Seconds after which trying again may help."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"Conversations cannot be read or kept for now ({reason}); try again in a while."
        )


class IndexDamaged(FootprintsError):
    """A file of the index is missing, or differs from what the build wrote."""


class CannotRead(FootprintsError):
    """A file cannot be read for now; its content may be sound."""


class StoreUnavailable(CannotRead):
    """The server that keeps the passages does not answer, or not in time."""

    retry_after = 10
    """Seconds after which trying again may help."""


class CannotWrite(FootprintsError):
    """Something could not be written, for want of room or rights; what was there before stays."""


def first_line(error: Exception) -> str:
    """Return the first line of what an error of others says, to stand in a sentence of ours."""
    return str(error).strip().partition("\n")[0].rstrip(".")
