"""Tell deaths of processes by their own work from kills from outside.

The kernel kills who takes most memory when there is none left, and people, and their tools, kill by mistake. Neither
says anything of the page or record that the process was at. So such a kill is outlasted: the work is tried again,
after longer and longer pauses. What still dies then is blamed only if processes without work live as long.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

LARGE = 500_000_000
"""Bytes of memory from which a killed process may have been the reason itself; a common page takes a fifth."""
PATIENCE_TRIES, PATIENCE_SECONDS = 8, 60.0
"""Kills from outside are outlasted at least so often, and so long."""
BYSTANDERS = 8
"""How many processes without work must live as long as the killed one did, before its work is blamed."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0  # seconds
# What the kernel or the C library sends for what a process itself has done.
_CRASHES = {
    number
    for name in ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGSYS", "SIGTRAP", "SIGXCPU", "SIGXFSZ")
    if (number := getattr(signal, name, None))
}


def is_stray(code: int, most: int | None, n_starved: int) -> bool:
    """Tell whether a process was killed for no fault of its work.

    As far as is known.

    Parameters
    ----------
    code : int
        Its exit code, negative for a signal.
    most : int, optional
        The most memory it ever held, in bytes; None where nobody knows.
    n_starved : int
        What `starved_processes` gave when it was started.

    Returns
    -------
    bool
        False for crashes, ends with an exit code, and kills for want of memory that it may have caused.

    Examples
    --------
    >>> is_stray(-9, 90_000_000, starved_processes()), is_stray(-9, 1_900_000_000, starved_processes())
    (True, False)
    >>> is_stray(-11, 90_000_000, starved_processes()), is_stray(1, 90_000_000, starved_processes())
    (False, False)
    """
    if code >= 0 or -code in _CRASHES:
        return False
    return starved_processes() == n_starved if most is None else most <= LARGE


def starved_processes() -> int:
    """Return how many processes the kernel has killed for want of memory.

    It is 0 where the kernel does not tell.
    """
    try:
        with open("/proc/vmstat", encoding="ascii") as counts:
            return next((int(line.split()[1]) for line in counts if line.startswith("oom_kill ")), 0)
    except (OSError, ValueError):
        return 0


def most_memory(pid: int) -> int:
    """Return the most memory that a living process has held.

    It is in bytes, and 0 where nobody knows.
    """
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")), 0)
    except (OSError, ValueError):
        return 0


def own_memory() -> int:
    """Return the most memory that this process has held.

    It is in bytes, and 0 where the system does not tell.
    """
    if sys.platform == "win32":
        return 0
    import resource

    return _bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def reap(process: subprocess.Popen[bytes], inherited: int) -> tuple[int, int | None]:
    """Wait for the end of a process.

    Parameters
    ----------
    process : Popen
        A child of this process.
    inherited : int
        What `own_memory` gave when it was started: the kernel begins to count a child's memory there.

    Returns
    -------
    code : int
        Its exit code, negative for a signal.
    most : int or None
        The most memory it ever held, in bytes; None where nobody knows.
    """
    if sys.platform == "win32" or process.returncode is not None:
        return process.wait(), None
    try:
        _, status, used = os.wait4(process.pid, 0)
    except ChildProcessError:  # somebody else has waited for it
        return process.wait(), None
    process.returncode = os.waitstatus_to_exitcode(status)
    most = _bytes(used.ru_maxrss)
    return process.returncode, most if most <= LARGE or most > inherited else None


def _bytes(maxrss: int) -> int:
    return maxrss if sys.platform == "darwin" else maxrss * 1024


class Patience:
    """Outlast kills from outside, by longer and longer pauses between tries.

    Attributes
    ----------
    n_tries : int
        How often `wait` was asked.
    """

    def __init__(self) -> None:
        self.n_tries = 0
        self._begun = time.monotonic()

    def wait(self) -> bool:
        """Pause before the next try; return False at once when there were enough."""
        self.n_tries += 1
        if self.n_tries >= PATIENCE_TRIES and self.seconds >= PATIENCE_SECONDS:
            return False
        time.sleep(min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self.n_tries - 1)))
        return True

    @property
    def seconds(self) -> float:
        """Seconds since the first try."""
        return time.monotonic() - self._begun


def others_live(lives: Callable[[float], bool], seconds: float) -> bool:
    """Tell whether processes without work live as long as a killed one did.

    One is started after the other.

    Parameters
    ----------
    lives : callable
        Starts a process without work and tells whether it still lives after some seconds.
    seconds : float
        How long the killed one lived.

    Returns
    -------
    bool
        True if all of them lived: it was the work that was killed for.
    """
    return all(lives(seconds) for _ in range(BYSTANDERS))
