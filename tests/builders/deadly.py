"""Inputs that harm the process which touches them, in place of those that parsers have not survived."""

from __future__ import annotations

import os
import signal


class DeadlyPath(str):
    """A path that ends the process that looks at it, as a fault in a library or want of memory would."""

    def __contains__(self, _: object) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return False


class FaultyPath(str):
    """A path that raises what no reader expects."""

    def __contains__(self, _: object) -> bool:
        raise ZeroDivisionError("seven")


class UnluckyPath(str):
    """A path whose reader is killed from outside, the first time."""

    def __contains__(self, _: object) -> bool:
        try:
            os.open(f"{self[:]}.killed", os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            return False
        os.kill(os.getpid(), signal.SIGKILL)
        return False
