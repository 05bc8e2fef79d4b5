"""Multiply matrices on one thread, so that scores do not depend on the machine.

The last bits of a product depend on how many threads share the work. Ours are small, and threads would only wait for
one another.
"""

from __future__ import annotations

from contextlib import ContextDecorator
from functools import lru_cache
from threading import Lock
from typing import Any

from threadpoolctl import ThreadpoolController


class OneThread(ContextDecorator):
    """Limit the threads of products while a block or a decorated function runs.

    The limit is of the whole process. It is lifted when the last of several threads that are at work has finished.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._n_at_work = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._n_at_work:
                self._limit = _free_libraries().limit(limits=1, user_api="blas")
            self._n_at_work += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._n_at_work -= 1
            if not self._n_at_work:
                _free_libraries()
                self._limit.restore_original_limits()


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    # To look for them takes a hundred times as long as to limit them; numpy, the only one used here, is loaded.
    return ThreadpoolController()


def _free_libraries() -> ThreadpoolController:
    # Threadpoolctl lets one thread of Python set limits; ours are set and lifted by any that comes.
    libraries = _libraries()
    for library in libraries.lib_controllers:
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)
    return libraries


one_thread = OneThread()
"""The one of this process."""
