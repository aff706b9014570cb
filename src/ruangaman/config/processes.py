"""What one process asks about another: is it there, whose is it, does it end when its parent ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(sent: signal.Signals, parent: int) -> Callable[[], None]:
    """This will give a function that makes the calling process receive ``sent`` when the process ``parent`` ends.

    It serves as ``preexec_fn``, which runs after the change of user: such a change would forget the wish. The
    kernel watches the *thread* that started the child, so children are started from the main thread. Other
    systems than Linux have no such wish; there a killed supervisor leaves its children to the next start.
    """
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)

    def wish() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)
        if os.getppid() != parent:  # it ended between fork and the wish
            os.kill(os.getpid(), sent)

    return wish


def is_alive(pid: int) -> bool:
    """This will tell whether a process does something still; a zombie, which only waits to be counted, does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return state not in ("Z", "X")


def command_line(pid: int) -> list[str]:
    """This will give the words a process was started with; none where it is gone or the system does not tell."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []
