"""Inputs that harm the process which touches them, in place of those that parsers have not survived."""

from __future__ import annotations

import contextlib
import os
import signal


class DeadlyPath(str):
    """A path that ends the process that looks at it, as a fault in a library would."""

    def __contains__(self, _: object) -> bool:
        os.kill(os.getpid(), signal.SIGSEGV)
        return False


class FaultyPath(str):
    """A path that raises what no reader expects."""

    def __contains__(self, _: object) -> bool:
        raise ZeroDivisionError("seven")


class WatchedPath(str):
    """A path whose readers are killed, as what guards a machine does with those that touch a file it knows."""

    def __contains__(self, _: object) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return False


class UnluckyPath(str):
    """A path whose reader is killed from outside, five times."""

    def __contains__(self, _: object) -> bool:
        for number in range(5):
            with contextlib.suppress(FileExistsError):
                os.close(os.open(f"{self[:]}.killed-{number}", os.O_CREAT | os.O_EXCL))
                os.kill(os.getpid(), signal.SIGKILL)
        return False
