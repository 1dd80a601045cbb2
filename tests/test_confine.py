"""What a child may still do when all that the kernel can take is taken from it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from footprints.corpus.loaders import confine

HOSTILE = """
import ctypes, fcntl, json, os, resource, shutil, socket, sys, threading
from contextlib import suppress
from footprints.corpus.loaders import confine

port, parent = int(sys.argv[2]), int(sys.argv[3])
nofile = resource.RLIMIT_NOFILE
holds = getattr(confine, sys.argv[1])() if sys.argv[1] else None

def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"words", ("127.0.0.1", port))

def tcp():
    with socket.socket() as one:
        one.settimeout(5)
        one.connect(("127.0.0.1", port))

def serve():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))

def unix(name):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(name)

def fork():
    if not os.fork():
        os._exit(0)
    os.wait()

def raw(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def thread():
    one = threading.Thread(target=int)
    one.start()
    one.join()

def prepare():
    with suppress(OSError):
        for name in os.listdir("."):
            shutil.rmtree(name) if os.path.isdir(name) else os.unlink(name)
        os.mkdir("folder")
        for name in ("old", "other"):
            with open(name, "w") as file:
                file.write("words")

acts = {
    "read": lambda: open("old").read() == "words" or 1 / 0,
    "list": lambda: os.listdir("."),
    "import": lambda: __import__("colorsys"),
    "thread": thread,
    "memory": lambda: bytearray(2**25),
    "write": lambda: open("old", "r+").close(),
    "append": lambda: open("old", "a").close(),
    "create": lambda: open("new", "x").close(),
    "create unnamed": lambda: os.open(".", os.O_TMPFILE | os.O_RDWR),
    "cut": lambda: os.truncate("old", 0),
    "cut by opening": lambda: os.open("old", os.O_RDONLY | os.O_TRUNC),
    "rename": lambda: os.rename("old", "new"),
    "replace": lambda: os.replace("other", "old"),
    "move": lambda: os.rename("old", "folder/old"),
    "unlink": lambda: os.unlink("old"),
    "link": lambda: os.link("old", "new"),
    "symlink": lambda: os.symlink("old", "new"),
    "mkdir": lambda: os.mkdir("new"),
    "rmdir": lambda: os.rmdir("folder"),
    "mkfifo": lambda: os.mkfifo("new"),
    "unix": lambda: unix("new"),
    "chmod": lambda: os.chmod("old", 0o600),
    "utime": lambda: os.utime("old", (1, 1)),
    "chown": lambda: os.chown("old", os.getuid(), os.getgid()),
    "xattr": lambda: os.setxattr("old", "user.x", b"words"),
    "lock": lambda: fcntl.flock(os.open("old", os.O_RDONLY), fcntl.LOCK_EX),
    "tcp": tcp,
    "serve": serve,
    "udp": udp,
    "abstract": lambda: unix("\\0footprints-" + str(os.getpid())),
    "socketpair": socket.socketpair,
    "fork": fork,
    "spawn": lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}),
    "signal": lambda: os.kill(parent, 0),
    "limits": lambda: resource.setrlimit(nofile, resource.getrlimit(nofile)),
    "limits of others": lambda: resource.prlimit(parent, nofile, resource.prlimit(parent, nofile)),
    "owner": lambda: fcntl.fcntl(1, fcntl.F_SETOWN, parent),
    "unknown": lambda: raw(5000),
    "32-bit": lambda: raw(0x40000000 + 39),
}
if holds:
    acts["exec"] = lambda: os.execv(sys.executable, [sys.executable, "-c", ""])
done = {}
for name, act in acts.items():
    prepare()
    try:
        act()
        done[name] = True
    except (OSError, ValueError):
        done[name] = False
print(json.dumps({"holds": holds, "done": done}))
"""
HARMLESS = {"read", "list", "import", "thread", "memory"}
MACHINES = {"unknown", "32-bit", "xattr"}
"""What not every kernel and disk has."""

BY_LANDLOCK = {
    *("write", "append", "create", "create unnamed", "rename", "replace", "move", "unlink"),
    *("link", "symlink", "mkdir", "rmdir", "mkfifo", "unix", "exec", "spawn"),
}
LATER = {3: {"cut", "cut by opening"}, 4: {"tcp", "serve"}, 6: {"signal"}}
"""What Landlock takes since which of its versions."""


def attempts(means: str, folder: Path) -> tuple[Any, dict[str, bool]]:
    """Let a confined process try everything; return what holds, and what it could do."""
    (folder / "old").write_text("words")
    (folder / "other").write_text("words")
    (folder / "folder").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        command = [sys.executable, "-c", HOSTILE, means, port, str(os.getpid())]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    return said["holds"], said["done"]


def allowed(done: dict[str, bool]) -> set[str]:
    """Return what could be done."""
    return {name for name, was_done in done.items() if was_done}


def test_each_act_could_be_done(tmp_path: Path) -> None:
    """Where nothing is taken the hostile acts succeed, so that it says much if they do not."""
    _, done = attempts("", tmp_path)
    assert set(done) - allowed(done) <= MACHINES
    assert allowed(done) >= HARMLESS | BY_LANDLOCK - {"exec"} | set().union(*LATER.values())


@pytest.mark.parametrize(
    ("column", "header"),
    [(0, "x86_64-linux-gnu/asm/unistd_64.h"), (1, "asm-generic/unistd.h")],
    ids=["x86-64", "ARM"],
)
def test_the_numbers_are_those_of_the_kernel(column: int, header: str) -> None:
    """Every call has the number that the kernel's headers give it, or none where they do not."""
    path = Path("/usr/include") / header
    if not path.exists():
        pytest.skip("the headers are not here")
    numbers = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\n", path.read_text()))
    tables = confine._REFUSED | {name: what for name, (what, _) in confine._REFUSED_IF.items()}
    ours = {name: what[column] for name, what in tables.items()}
    assert ours == {name: int(numbers[name]) if name in numbers else None for name in ours}
    assert int(numbers["clone3"]) == confine._CLONE3


def test_landlock_alone(tmp_path: Path) -> None:
    """Landlock lets nothing be written, made, moved, deleted, run or called, and files be read."""
    holds, done = attempts("landlock", tmp_path)
    if not holds:
        pytest.skip("this kernel has no Landlock")
    taken = BY_LANDLOCK.union(*(what for since, what in LATER.items() if since <= holds))
    assert not taken & allowed(done)
    assert allowed(done) >= HARMLESS


def test_seccomp_alone(tmp_path: Path) -> None:
    """The filter of calls refuses every one of the hostile acts, and lets files be read."""
    holds, done = attempts("seccomp", tmp_path)
    if not holds:
        pytest.skip("this kernel or machine has no filter of calls")
    assert allowed(done) == HARMLESS


def test_both_together(tmp_path: Path) -> None:
    """Both can be taken on in one process, and then nothing but what is harmless is left."""
    holds, done = attempts("confine", tmp_path)
    if not (holds and all(holds)):
        pytest.skip("this kernel has not both")
    assert allowed(done) == HARMLESS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "old", "other"]


READER = """
import os, sys
from footprints.corpus.loaders import child

def hostile(suffix, content):
    try:
        os.rename("old", "new")
    except OSError:
        yield "refused"

child._read = hostile
sys.argv[1:] = [".txt", "5", "1024"]
child.main()
"""


def test_a_child_is_confined_before_it_reads(tmp_path: Path) -> None:
    """The reader of a format is called when all has been taken that can be."""
    if not attempts("confine", tmp_path)[0]:
        pytest.skip("this kernel has neither")
    command = [sys.executable, "-c", READER]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, input=b"", check=False)
    assert (run.stdout, run.stderr) == (b"refused\n", b"")
    assert (tmp_path / "old").exists()
