"""Find the records of a shard that raise, or end the process at work on them.

They are found by halving, then rejected by name.
"""

from __future__ import annotations

from collections.abc import Callable

from unspun.crawl.engines.tasks import Failure, Report, Stage, Task
from unspun.crawl.pages.process_deaths import Patience, others_live
from unspun.errors import RunError

MAX_TRIES = 3
"""How often a task is tried before the fault is looked for in its records; a record by itself once less.

Kills from outside are outlasted, and do not count."""

Attempt = Callable[[Task], Report | Failure]
"""Performs a task where its failure does no harm."""
Lives = Callable[[float], bool]
"""Starts a process without a task, and tells whether it still lives after some seconds."""


def settle(failure: Failure, stage: Stage, attempt: Attempt, lives: Lives) -> Report:
    """Bring a task to its end that has failed.

    Try again, then without the records that cannot be done.

    Parameters
    ----------
    failure : Failure
        What happened. It may have been no fault of the records: somebody killed the process, or its neighbours
        had taken the memory.
    stage : Stage
        The stage of the task.
    attempt : callable
        Performs a task, in a process of its own if that can be lost.
    lives : callable
        Tells whether processes without a task are left alone.

    Returns
    -------
    Report
        Of the task, without the records that were given up.

    Raises
    ------
    RunError
        When the task fails and none of its records does so alone, or somebody kills all processes.
    """
    answer = _tried(failure.task, attempt)
    if isinstance(answer, Failure):
        culprits = _culprits(answer, 0, stage.n_records(answer.task), attempt, lives)
        answer = _tried(answer.task._replace(without=tuple(sorted(culprits.items()))), attempt)
    if isinstance(answer, Failure):
        task = answer.task
        what = f"shard {task.number} of the stage {task.stage} fails, but none of its records does so alone"
        raise RunError(what, answer.reason, "give it more memory or fewer --jobs, and run it again with --resume")
    return answer


def _tried(task: Task, attempt: Attempt) -> Report | Failure:
    """Perform a task, again if need be: a process can also be lost by chance."""
    patience, n_own = Patience(), 0
    while True:
        answer = attempt(task)
        if isinstance(answer, Report):
            return answer
        n_own += not answer.is_stray
        if n_own == MAX_TRIES - 1 or (answer.is_stray and not patience.wait()):
            return answer


def _culprits(failure: Failure, start: int, stop: int, attempt: Attempt, lives: Lives) -> dict[int, str]:
    """Return the records within ``start:stop``, which together failed, that fail by themselves, with the reasons."""
    if stop - start <= 1:
        alone = _tried(failure.task._replace(only=(start, stop)), attempt)
        if isinstance(alone, Failure) and alone.is_stray and not others_live(lives, alone.seconds):
            what = f"somebody kills the processes of the run in {failure.task.store.root}"
            raise RunError(what, alone.reason, "find out who, and give the same command again with --resume")
        return {start: alone.reason} if isinstance(alone, Failure) and stop > start else {}
    middle = (start + stop) // 2
    found: dict[int, str] = {}
    for half in ((start, middle), (middle, stop)):
        answer = attempt(failure.task._replace(only=half))
        if isinstance(answer, Failure):
            found |= _culprits(answer, *half, attempt, lives)
    return found
