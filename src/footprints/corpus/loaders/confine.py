"""Take from this process, for good, every right but to compute, read files and write output.

Two mechanisms of the Linux kernel do it, each without the other, and neither needs root:

- Landlock: no file is written, made, moved, deleted or run, wherever it is; from its version 3
  none is cut off, from 4 no TCP port is taken or called, from 6 no other process gets a signal.
- seccomp, on x86-64 and 64-bit ARM: nothing opens to be written, nothing changes what stands in a
  folder or what is known of a file; there are no sockets of any kind, no new programs or processes
  (threads there are), and no reach to other processes, nor calls that would lead round the filter.

It may still read whatever its user may read. Where the kernel offers neither, nothing is taken.

The numbers are those of the kernel's own headers: ``linux/landlock.h``, ``linux/seccomp.h``,
``linux/bpf_common.h``, ``linux/audit.h``, ``linux/prctl.h``, ``asm/unistd_64.h`` for x86-64 and
``asm-generic/unistd.h`` for ARM.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator
from typing import NamedTuple

_SET_NO_NEW_PRIVS, _SET_SECCOMP = 38, 22

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_WHICH_VERSION = 1

# By the version that brought them. Files: execute, write, remove folder and file, make device,
# folder, file, socket, pipe, block device and link; move between folders; cut off; drive devices.
_FILE_RIGHTS = {1: 0b1_1111_1111_0011, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
# Bind and connect of TCP; abstract sockets and signals.
_TCP, _SCOPES = {4: 0b11}, {6: 0b11}

_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
_LOAD, _IS, _IS_FROM, _HAS_ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The column of the tables below and what the kernel calls the machine."""

_NEWEST = 451
"""Beyond it are calls that nobody has looked at, and those of x86-64's 32-bit pointers."""

_Numbers = tuple[int | None, int | None]

# fmt: off
_REFUSED: dict[str, _Numbers] = {
    # What stands in folders. The flags of openat2 are where no filter sees them.
    "creat": (85, None), "mkdir": (83, None), "mkdirat": (258, 34), "mknod": (133, None),
    "mknodat": (259, 33), "rmdir": (84, None), "rename": (82, None), "renameat": (264, 38),
    "renameat2": (316, 276), "unlink": (87, None), "unlinkat": (263, 35), "link": (86, None),
    "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36), "openat2": (437, 437),
    "open_by_handle_at": (304, 265),
    # What is known of files, and who waits for them.
    "truncate": (76, 45), "ftruncate": (77, 46), "fallocate": (285, 47), "chmod": (90, None),
    "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None), "fchown": (93, 55),
    "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "flock": (73, 32),
    # Sockets.
    "socket": (41, 198), "socketpair": (53, 199), "bind": (49, 200), "connect": (42, 203),
    # Programs and other processes.
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122), "sched_setattr": (314, 274), "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    # What leads round the limits or outlives the process.
    "io_uring_setup": (425, 425), "io_setup": (206, 0), "userfaultfd": (323, 282),
    "perf_event_open": (298, 241), "bpf": (321, 280), "setrlimit": (160, 164),
    "personality": (135, 92), "shmget": (29, 194), "shmctl": (31, 195), "msgget": (68, 186),
    "msgctl": (71, 187), "semget": (64, 190), "semctl": (66, 191), "mq_open": (240, 180),
    "mq_unlink": (241, 181), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219),
    # The machine itself, should root be so bold as to run this.
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430), "fspick": (433, 433),
    "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268), "swapon": (167, 224),
    "swapoff": (168, 225), "quotactl": (179, 60), "quotactl_fd": (443, 443), "acct": (163, 89),
    "reboot": (169, 142), "sethostname": (170, 161), "setdomainname": (171, 162),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "syslog": (103, 116),
    "vhangup": (153, 58), "fanotify_init": (300, 262),
}
# fmt: on

# The last is the one bit of O_TMPFILE that is not O_DIRECTORY, which harmless calls have too.
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | 0o20000000
_THREAD = 0x10000
_ANY = 0xFFFFFFFF


class _If(NamedTuple):
    """What is looked for in the lower or upper half of an argument, or must be there."""

    argument: int
    code: int
    value: int
    upper: bool = False
    absent: bool = False


_REFUSED_IF: dict[str, tuple[_Numbers, list[_If]]] = {
    "open": ((2, None), [_If(1, _HAS_ANY, _TO_WRITE)]),
    "openat": ((257, 56), [_If(2, _HAS_ANY, _TO_WRITE)]),
    "clone": ((56, 220), [_If(0, _HAS_ANY, _THREAD, absent=True)]),
    # To set limits, of whatever process.
    "prlimit64": ((302, 261), [_If(2, _HAS_ANY, _ANY), _If(2, _HAS_ANY, _ANY, upper=True)]),
    # To have signals sent to others: F_SETOWN, F_SETOWN_EX.
    "fcntl": ((72, 25), [_If(1, _IS, 8), _If(1, _IS, 15)]),
    # To type on a terminal: TIOCSTI.
    "ioctl": ((16, 29), [_If(1, _IS, 0x5412)]),
}
"""Refused where any of the tests says so."""

_CLONE3 = 435
"""On all machines. Answered as unknown: the C library then makes threads by ``clone``."""


class _Step(NamedTuple):
    """An instruction of a filter: ``struct sock_filter`` of ``linux/filter.h``."""

    code: int
    then: int
    otherwise: int
    value: int


class Confined(NamedTuple):
    """Which of the mechanisms hold: Landlock by its version, 0 where it does not."""

    landlock: int
    seccomp: bool


def confine() -> Confined:
    """Take all rights that the kernel lets a process give up; call it before there are threads."""
    return Confined(landlock(), seccomp())


def landlock() -> int:
    """Take the rights that Landlock knows; return its version, or 0 where it does not hold."""
    if not sys.platform.startswith("linux"):
        return 0
    call = ctypes.CDLL(None).syscall
    version: int = call(_CREATE_RULESET, None, ctypes.c_size_t(0), _WHICH_VERSION)
    if version < 1:
        return 0
    handled = [_up_to(version, rights) for rights in (_FILE_RIGHTS, _TCP, _SCOPES)]
    # An older kernel refuses a longer structure, unless what it does not know is zero.
    rules = struct.pack("=3Q", *handled)
    ruleset = call(_CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0)
    if ruleset < 0:
        return 0
    try:
        holds = _no_new_rights() and call(_RESTRICT_SELF, ruleset, 0) == 0
        return version if holds else 0
    finally:
        os.close(ruleset)


def seccomp() -> bool:
    """Take the rights that the filter of calls takes; tell whether it holds."""
    known = sys.platform.startswith("linux") and sys.byteorder == "little" and sys.maxsize > 2**32
    if not known or platform.machine() not in _MACHINES:
        return False
    steps = b"".join(
        struct.pack("=HBBI", *step) for step in _filter(*_MACHINES[platform.machine()])
    )
    kept = ctypes.create_string_buffer(steps, len(steps))
    # struct sock_fprog: how many instructions, and where they are.
    program = struct.pack("@HP", len(steps) // 8, ctypes.addressof(kept))
    return _no_new_rights() and _set(_SET_SECCOMP, ctypes.c_ulong(2), program)


def _no_new_rights() -> bool:
    """Forbid that running a program gives rights back; without it the kernel does neither."""
    one, zero = ctypes.c_ulong(1), ctypes.c_ulong(0)
    return _set(_SET_NO_NEW_PRIVS, one, zero, zero, zero)


def _set(*arguments: object) -> bool:
    return bool(ctypes.CDLL(None).prctl(*arguments) == 0)


def _up_to(version: int, rights: dict[int, int]) -> int:
    return sum(bits for since, bits in rights.items() if since <= version)


def _filter(column: int, machine: int) -> Iterator[_Step]:
    """Yield the filter, which goes by the machine, then by the number of the call."""
    yield _Step(_LOAD, 0, 0, _MACHINE)
    yield _Step(_IS, 1, 0, machine)
    yield _answer(_KILL)
    yield _Step(_LOAD, 0, 0, _NUMBER)
    yield _Step(_IS, 1, 0, _CLONE3)
    yield _Step(_IS_FROM, 0, 1, _NEWEST + 1)
    yield _answer(_UNKNOWN)
    for numbers in _REFUSED.values():
        if (number := numbers[column]) is not None:
            yield _Step(_IS, 0, 1, number)
            yield _answer(_REFUSE)
    for numbers, tests in _REFUSED_IF.values():
        if (number := numbers[column]) is not None:
            looked_at = [step for test in tests for step in _steps(test)]
            yield _Step(_IS, 0, len(looked_at) + 1, number)
            yield from looked_at
            yield _answer(_ALLOW)
    yield _answer(_ALLOW)


def _steps(test: _If) -> Iterator[_Step]:
    yield _Step(_LOAD, 0, 0, _ARGUMENTS + 8 * test.argument + 4 * test.upper)
    yield _Step(test.code, int(test.absent), int(not test.absent), test.value)
    yield _answer(_REFUSE)


def _answer(value: int) -> _Step:
    return _Step(_RETURN, 0, 0, value)
