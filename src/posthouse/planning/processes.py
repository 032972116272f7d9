"""Work on many depots at the same time: each process takes depots of about equal weight; answers keep their order.

What an item may use depends on the scenario's number of processes, not on the machine's cores, so that the same inputs
give the same plan anywhere.
"""

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import Any, TypeVar

from posthouse.planning.effort import Effort

Item = TypeVar("Item")
Answer = TypeVar("Answer")

POLL_S = 0.1
"""How often a wait for the others looks whether somebody asked to stop."""


def work_on_all(
    work: Callable[[Item, Effort], Answer], items: Sequence[Item], weights: Sequence[float], effort: Effort, stage: str
) -> list[Answer]:
    """Return `work(item, its effort)` for each item, in their order.

    The first group is done in this process: what it loads is there for the next call, and progress is seen.

    Raises
    ------
    RuntimeError : another process ended without an answer.
    """
    if not items:
        return []
    groups = _groups(weights, _possible(effort.processes))
    whole = sum(weights) or 1.0
    budgets = [
        replace(effort, processes=1, seconds=effort.seconds * effort.processes * sum(weights[i] for i in group) / whole)
        for group in groups
    ]
    others: list[tuple[Sequence[int], Connection, BaseProcess]] = []
    if len(groups) > 1:
        context = multiprocessing.get_context("fork")
        stopped = context.Event()
        for group, budget in zip(groups[1:], budgets[1:], strict=True):
            here, there = context.Pipe(duplex=False)
            own = replace(budget, stop=stopped.is_set, progress=lambda stage, share: None)
            arguments = (there, work, [items[i] for i in group], [weights[i] for i in group], own)
            process = context.Process(target=_answer, args=arguments, daemon=True)
            process.start()
            there.close()
            others.append((group, here, process))
        budgets[0] = replace(budgets[0], stop=lambda: _pass_on(effort, stopped))
    found: dict[int, Answer] = {}
    parts = budgets[0].parts([weights[i] for i in groups[0]])
    for number, part in zip(groups[0], parts, strict=True):
        effort.progress(stage, len(found) / len(groups[0]))
        found[number] = work(items[number], part)
    for numbers, pipe, running in others:
        while not pipe.poll(POLL_S):
            budgets[0].stop()
        try:
            answers = pipe.recv()
        except EOFError:
            said = f"Expected answers for {len(numbers)} parts of {stage}, but their process ended."
            raise RuntimeError(said) from None
        running.join()
        if isinstance(answers, Exception):
            raise answers
        found.update(zip(numbers, answers, strict=True))
    return [found[number] for number in range(len(items))]


def _possible(wanted: int) -> int:
    """How many processes there may be: one where the system cannot fork, or this process may have no children."""
    can_fork = "fork" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon
    return max(1, wanted) if can_fork else 1


def _groups(weights: Sequence[float], count: int) -> list[list[int]]:
    """The items' numbers in at most so many groups of nearly equal weight: the heaviest first to the lightest group."""
    groups: list[list[int]] = [[] for _ in range(min(count, len(weights)))]
    for number in sorted(range(len(weights)), key=lambda n: (-weights[n], n)):
        min(groups, key=lambda group: sum(weights[i] for i in group)).append(number)
    return [sorted(group) for group in groups if group]


def _pass_on(effort: Effort, stopped: Event) -> bool:
    """Ask whether to stop; if so, tell the other processes."""
    if effort.stop():
        stopped.set()
    return stopped.is_set()


def _answer(
    pipe: Connection,
    work: Callable[[Any, Effort], Any],
    items: Sequence[Any],
    weights: Sequence[float],
    effort: Effort,
) -> None:
    """Send the answers of one group, or what went wrong. An interrupt is for the first process, which passes it on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pipe.send([work(item, part) for item, part in zip(items, effort.parts(weights), strict=True)])
    except Exception as fault:
        pipe.send(fault)
    finally:
        pipe.close()
