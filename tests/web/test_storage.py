"""What is kept on disk: private, gone when it is deleted, and back when the disk is."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from browsing import SAME_ORIGIN, Page, ask, ask_in_place, context, template
from kept import answer
from serving import HOSTS, tiny_answerer, until
from starlette.testclient import TestClient

from footprints.errors import CannotWrite, StorageFailed
from footprints.settings import load_settings
from footprints.web import conversations as module
from footprints.web.app import create_app, only_server, open_conversations
from footprints.web.conversations import Conversations, Helped
from footprints.web.sweeping import sweeping

QUESTION = "Who leads Devon?"
SECRET = "zugzwang quixotry"  # noqa: S105
NOT_KEPT = "This answer could not be kept, so it has no address"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return where the data folder is to be."""
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Conversations:
    """Open an empty file of conversations."""
    return Conversations(data / "conversations.sqlite3")


def holds(folder: Path, words: str) -> bool:
    """Tell whether any file of a folder has these words in its bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return any(words.encode() in path.read_bytes() for path in files)


# Gone at once.


def test_what_is_deleted_is_gone_from_the_disk(store: Conversations, data: Path) -> None:
    """After deleting, no byte of a question, an answer or a remark is in any file."""
    kept = store.add(store.start(), answer("Is this kept?"))
    for size in (1, 50, 5_000, 50_000):
        turn = store.add(store.start(), answer(f"{SECRET} {'and ' * size}{SECRET}?"))
        store.say(turn.turn_id, Helped.NO, f"{SECRET}!")
        store.add(store.start(), answer("Between?"))
        assert holds(data, SECRET)
        store.delete(turn.conversation_id)
        assert not holds(data, SECRET)
    assert store.turn(kept.turn_id) == kept


def test_what_has_expired_is_gone_from_the_disk(
    store: Conversations, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep takes what has expired off the disk too."""
    store.add(store.start(), answer(f"{SECRET}?"))
    later = module._now() + timedelta(days=31)
    monkeypatch.setattr(module, "_now", lambda: later)
    store.sweep()
    assert not holds(data, SECRET)


def test_a_reader_is_waited_for(store: Conversations, data: Path) -> None:
    """While a reader still needs what was deleted it stays, and a later sweep takes it away."""
    turn = store.add(store.start(), answer(f"{SECRET}?"))
    with closing(sqlite3.connect(data / "conversations.sqlite3")) as reader:
        reader.execute("begin")
        reader.execute("select * from turn").fetchone()
        store.delete(turn.conversation_id)
        assert holds(data, SECRET)
        reader.rollback()
    store.sweep()
    assert not holds(data, SECRET)


def test_a_reader_that_ends_soon_keeps_nothing(store: Conversations, data: Path) -> None:
    """A reader that ends while the conversation is deleted does not keep it on the disk."""
    turn = store.add(store.start(), answer(f"{SECRET}?"))
    begun, ended = threading.Event(), threading.Event()

    def read() -> None:
        with closing(sqlite3.connect(data / "conversations.sqlite3")) as reader:
            reader.execute("begin")
            reader.execute("select * from turn").fetchone()
            begun.set()
            ended.wait(0.3)

    reading = threading.Thread(target=read)
    reading.start()
    assert begun.wait(10)
    store.delete(turn.conversation_id)
    reading.join()
    assert not holds(data, SECRET)


def test_expiry_runs_while_nobody_asks(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The running application deletes what has expired by itself."""
    with browsing(data) as browser:
        ask(browser, f"{SECRET}?")
        assert holds(data, SECRET)
        later = module._now() + timedelta(days=31)
        monkeypatch.setattr(module, "_now", lambda: later)
        until(lambda: not holds(data, SECRET))


def test_the_sweeper_survives_and_ends() -> None:
    """Whatever goes wrong in one sweep, there is a next, and none after the application's end."""
    swept: list[float] = []

    class Failing:
        """Cannot be swept."""

        def sweep(self) -> None:
            swept.append(time.monotonic())
            raise (StorageFailed("full") if len(swept) % 2 else RuntimeError)

    async def run() -> None:
        async with sweeping(Failing(), 0.01):
            while len(swept) < 5:
                await asyncio.sleep(0.01)

    asyncio.run(run())
    count = len(swept)
    time.sleep(0.1)
    assert len(swept) == count


# Private.


def rights(path: Path) -> int:
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def assert_private(folder: Path) -> None:
    """Check that a folder and all that is in it are for one account alone."""
    for path in (folder, *folder.rglob("*")):
        assert rights(path) == (0o700 if path.is_dir() else 0o600), path


def test_the_data_folder_is_private(store: Conversations, data: Path) -> None:
    """The folder, the database and its journals are for the server's own account alone."""
    store.add(store.start(), answer("Who?"))
    assert len(list(data.iterdir())) == 3
    assert_private(data)


def test_wider_rights_are_taken_away(store: Conversations, data: Path) -> None:
    """Rights that an older version or a copy gave to others are taken away."""
    store.add(store.start(), answer("Who?"))
    for path in (data, *data.iterdir()):
        path.chmod(0o777)
    Conversations(data / "conversations.sqlite3")
    assert_private(data)


def test_the_lock_of_a_server_is_private(data: Path) -> None:
    """The lock, and who holds it, are as private as the rest of the folder."""
    with only_server(load_settings(data_dir=data)):
        assert len(list(data.iterdir())) == 2
        assert_private(data)


def test_the_umask_is_left_alone(data: Path) -> None:
    """Files are private whatever the umask says, which stays as it was."""
    before = os.umask(0)
    try:
        Conversations(data / "conversations.sqlite3").start()
        assert_private(data)
        assert os.umask(0) == 0
    finally:
        os.umask(before)


# When storage fails.


def browsing(data: Path, sweep: float = 0.05) -> TestClient:
    """Browse an application that keeps its conversations in a folder."""
    settings = load_settings(data_dir=data, rate_per_minute=0, hosts=HOSTS)
    app = create_app(
        tiny_answerer,
        conversations=lambda: open_conversations(settings),
        settings=settings,
        sweep=sweep,
    )
    return TestClient(app, headers=SAME_ORIGIN, follow_redirects=False)


@pytest.fixture
def browser(data: Path) -> Iterator[TestClient]:
    """Browse such an application."""
    with browsing(data) as client:
        yield client


def database(data: Path) -> Path:
    """Return the file that is kept."""
    return data / "conversations.sqlite3"


def whole(path: Path) -> bytes:
    """Return the bytes of a database with all that its journal held until now."""
    with closing(sqlite3.connect(path)) as connection:
        # While a sweep writes its journal back, nobody else can, and is told so at once.
        until(lambda: connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0] == 0)
    return path.read_bytes()


def overwrite(path: Path, content: bytes) -> None:
    """Write over a file; not even for a moment is it empty, which would be a new database."""
    with path.open("r+b", buffering=0) as file:
        file.write(content)
        file.truncate()


class Garbage:
    """Another content stands where the database was, written into the same file."""

    def __init__(self, data: Path) -> None:
        self.path = database(data)
        self.saved = whole(self.path)
        overwrite(self.path, b"garbage " * 2000)

    def mend(self) -> None:
        """Write back what was there; nothing was written over the garbage."""
        assert self.path.read_bytes() == b"garbage " * 2000
        overwrite(self.path, self.saved)


class Replaced:
    """The database was moved away, and garbage stands in its place."""

    def __init__(self, data: Path) -> None:
        self.path, self.away = database(data), data / "away"
        self.path.rename(self.away)
        self.path.write_bytes(b"garbage " * 2000)

    def mend(self) -> None:
        """Move the database back over the garbage."""
        assert self.path.read_bytes() == b"garbage " * 2000
        self.away.replace(self.path)


class Gone:
    """The data folder was moved away."""

    def __init__(self, data: Path) -> None:
        self.data, self.away = data, data.with_name("away")
        data.rename(self.away)

    def mend(self) -> None:
        """Move it back; nothing was made in its place."""
        assert not self.data.exists()
        self.away.rename(self.data)


class Folder:
    """A folder stands where the database was."""

    def __init__(self, data: Path) -> None:
        self.data, self.away = data, data.with_name("away")
        other = data.with_name("other")
        database(other).mkdir(parents=True)
        data.rename(self.away)
        other.rename(data)

    def mend(self) -> None:
        """Put the database back, with its folder, so that none is made in between."""
        self.data.rename(self.data.with_name("broken"))
        self.away.rename(self.data)


class Emptied:
    """Zeros stand where the first page of the database was."""

    def __init__(self, data: Path) -> None:
        self.path = database(data)
        self.saved = whole(self.path)
        with self.path.open("r+b") as file:
            file.write(bytes(4096))

    def mend(self) -> None:
        """Put the page back."""
        with self.path.open("r+b") as file:
            file.write(self.saved[:4096])


FAILURES: list[Callable[[Path], Any]] = [Garbage, Replaced, Gone, Folder, Emptied]


def assert_not_kept(response: Any) -> None:
    """Check that an answer is shown with a sentence, and with nothing that leads to it."""
    page = Page(response)
    assert response.status_code == 200
    assert len(page.all("article")) == 1
    assert NOT_KEPT in page.words
    assert "Angela leads Devon." in page.words
    assert not page.all("form", **{"class": "feedback"})
    assert not [link for link in page.links if link.startswith("/a/") or "answer=" in link]
    assert [link for link in page.links if link.startswith("/documents/devon?start=")]
    assert "hx-push-url" not in response.headers


@pytest.mark.parametrize("fail", FAILURES)
def test_an_answer_is_shown_all_the_same(
    browser: TestClient, data: Path, fail: Callable[[Path], Any]
) -> None:
    """While nothing can be kept questions are answered, and after that kept, without a restart."""
    first = ask(browser, QUESTION)
    conversation = context(first)["conversation_id"]
    turn_id = context(first)["turns"][0]["turn"].turn_id
    failure = fail(data)
    in_place = ask_in_place(browser, QUESTION)
    assert_not_kept(in_place)
    assert Page(in_place).words.count(NOT_KEPT) == 2, "it is announced too"
    assert_not_kept(browser.post("/ask", data={"question": QUESTION}))
    follow_up = ask_in_place(browser, QUESTION, conversation)
    assert_not_kept(follow_up)
    assert Page(follow_up).all("input", name="conversation", value=conversation)
    assert ask(browser, "?", conversation).status_code == 400
    ready = browser.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.json()["warning"].startswith("Conversations are not kept (")
    assert str(data) not in ready.text
    for address in (f"/c/{conversation}", f"/c/{conversation}.md", f"/a/{turn_id}"):
        response = browser.get(address)
        assert (response.status_code, template(response)) == (503, "error.html")
        assert response.headers["retry-after"] == "10"
        assert "cannot be read or kept for now" in response.text
    assert browser.get(f"/api/answers/{turn_id}").json()["status"] == 503
    assert browser.post(f"/c/{conversation}/delete").status_code == 503
    document = browser.get(f"/documents/devon?start=0&end=5&answer={turn_id}")
    assert (document.status_code, Page(document).marks) == (200, ["Devon"])
    failure.mend()
    until(lambda: browser.get("/readyz").json() == {"status": "ready"})
    shown = context(ask(browser, "And the plan?", conversation))["turns"]
    assert [turn["answer"].question for turn in shown] == [QUESTION, "And the plan?"]
    assert browser.get(f"/a/{turn_id}").status_code == 200


def test_a_file_that_was_deleted_is_made_anew(browser: TestClient, data: Path) -> None:
    """When the file is deleted, what was kept is gone and the next question is kept."""
    conversation = context(ask(browser, QUESTION))["conversation_id"]
    database(data).unlink()
    shown = ask(browser, QUESTION, conversation)
    assert context(shown)["conversation_id"] != conversation
    assert len(context(shown)["turns"]) == 1
    assert browser.get(f"/c/{conversation}").status_code == 404
    assert_private(data)


def test_a_file_that_was_restored_is_used(data: Path) -> None:
    """A copy that takes the place of the file is read from then on, and written to."""
    # No sweep reads the old journal in the moment in which the file is replaced.
    with browsing(data, sweep=3600) as browser:
        _restore(browser, data)


def _restore(browser: TestClient, data: Path) -> None:
    conversation = context(ask(browser, QUESTION))["conversation_id"]
    copy = data.with_name("copy")
    with closing(sqlite3.connect(copy)) as target, closing(sqlite3.connect(database(data))) as own:
        own.backup(target)
    ask(browser, "And the plan?", conversation)
    shutil.copyfile(copy, data / "new")
    (data / "new").replace(database(data))
    shown = context(ask(browser, "And who?", conversation))["turns"]
    assert [turn["answer"].question for turn in shown] == [QUESTION, "And who?"]
    assert_private(data)


@pytest.mark.parametrize("ending", ["-wal", "-shm"])
def test_a_journal_that_was_deleted(browser: TestClient, data: Path, ending: str) -> None:
    """Without its journal's files the database is taken up again by itself."""
    ask(browser, QUESTION)
    database(data).with_name(database(data).name + ending).unlink()
    until(lambda: ask(browser, QUESTION).url.path.startswith("/c/"))
    until(lambda: browser.get("/readyz").json() == {"status": "ready"})


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Return what lets the database grow no more, or grow again."""
    connect, limited = sqlite3.connect, [False]

    def connect_limited(*given: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **more)
        if limited[0]:
            connection.execute("pragma max_page_count = 1")
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect_limited)
    return lambda is_full: limited.__setitem__(0, is_full)


def test_a_full_disk(browser: TestClient, full: Callable[[bool], None]) -> None:
    """With no room for more, what was kept is still read, and a follow-up read behind it."""
    conversation = context(ask(browser, QUESTION))["conversation_id"]
    full(True)
    until(lambda: NOT_KEPT in Page(ask_in_place(browser, QUESTION, conversation)).words)
    assert browser.get(f"/c/{conversation}").status_code == 200
    warning = "Conversations are not kept (database or disk is full); "
    assert browser.get("/readyz").json()["warning"].startswith(warning)
    time.sleep(0.2)
    assert browser.get("/readyz").json()["warning"].startswith(warning)
    full(False)
    until(lambda: browser.get("/readyz").json() == {"status": "ready"})
    assert browser.get("/api/search?question=Devon").status_code == 200
    assert ask(browser, "And the plan?", conversation).status_code == 200


def test_trouble_is_told_once(
    browser: TestClient, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says when nothing can be kept and when it can again, no reason twice."""
    caplog.set_level("INFO", "footprints.web.storage")
    failure = Gone(data)
    for _ in range(3):
        ask_in_place(browser, QUESTION)
    failure.mend()
    until(lambda: browser.get("/readyz").json() == {"status": "ready"})
    said = [record.message for record in caplog.records if record.name.endswith("storage")]
    assert len(said) == len(set(said))
    assert list(dict.fromkeys(line.partition(" (")[0] for line in said)) == [
        "Conversations are not kept",
        "conversations are kept again",
    ]


@pytest.mark.parametrize("content", [b"garbage " * 2000, None])
def test_at_the_start_it_is_an_error(data: Path, content: bytes | None) -> None:
    """A server does not start where nothing can be kept, and leaves what is there as it was."""
    data.mkdir()
    if content:
        database(data).write_bytes(content)
    else:
        database(data).mkdir()
    with pytest.raises(CannotWrite, match="FOOTPRINTS_DATA_DIR"):
        open_conversations(load_settings(data_dir=data))
    assert content is None or database(data).read_bytes() == content
