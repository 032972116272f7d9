"""Which task of the plan document an action belongs to: by the goal's clause and by shared words.

A plan names its units task by task; goals stand in another chapter. The words in between are compared as pairs of
neighbouring characters, rare pairs weighing more (tf-idf), which needs no dictionary of 中文.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import log, sqrt
from types import MappingProxyType

from posthouse.measures.catalogue import get_definition
from posthouse.planning.model import Action
from posthouse.programme.model import Goal, Programme, Task
from posthouse.vocabulary.errors import UnusableInputError

LEAST_SCORE = 0.15
"""Cosine below which two texts share general words only. Read off the five plans: what fits lies above, volumes and
transit times, for which most plans name no unit, below."""

EVERYWHERE = frozenset({"快递", "快件", "邮政"})
"""Pairs that every text of this trade holds."""

CLAUSE_BONUS = 0.5
"""Added where the goal stands in the task's own clause."""

Weights = Mapping[str, float]


class TaskMatcher:
    """Finds tasks for actions; made once per programme because the weights of words depend on all tasks."""

    def __init__(self, programme: Programme) -> None:
        """Weigh the words of the programme's tasks that name a unit."""
        self._tasks = tuple(task for task in programme.tasks if task.lead_units or task.support_units)
        self._goals = {goal.id: goal for goal in programme.goals}
        spread = Counter(pair for task in self._tasks for pair in set(_pairs(_task_words(task))))
        self._rarity = {pair: log((1 + len(self._tasks)) / count) for pair, count in spread.items()}
        self._vectors = [self._vector(_task_words(task)) for task in self._tasks]

    def find_task(self, action: Action) -> Task | None:
        """Return the task that fits best, the earlier one of two that fit alike, or None where none fits."""
        if action.task_id is not None:
            named = next((task for task in self._tasks if task.id == action.task_id), None)
            if named is not None:
                return named
        goal = self._goals.get(action.goal_id)
        wanted = self._vector(_action_words(action, goal))
        clause = goal.source.clause if goal else ""
        scores = [
            _cosine(wanted, vector) + (CLAUSE_BONUS if _is_inside(clause, task.path) else 0.0)
            for task, vector in zip(self._tasks, self._vectors, strict=True)
        ]
        if not scores or max(scores) < LEAST_SCORE:
            return None
        return self._tasks[scores.index(max(scores))]

    def _vector(self, words: Sequence[str]) -> Weights:
        counts = Counter(pair for pair in _pairs(words) if pair in self._rarity)
        return {pair: (1 + log(count)) * self._rarity[pair] for pair, count in counts.items()}


def _task_words(task: Task) -> tuple[str, ...]:
    # The title says what the task is about; the text, what else it touches.
    return (task.title, task.title, task.title, task.text)


def _action_words(action: Action, goal: Goal | None) -> tuple[str, ...]:
    words = [*_cues("cues").get(action.kind, ()), *_cues("subjects").get(_subject(action.measure), ())]
    # The goal's own words before the general ones of its kind: 重点园区 belongs to the task on parks.
    words += _cues("subjects").get(action.measure, ()) * 3
    if goal is not None:
        words += [goal.indicator, goal.text] * 3
    return tuple(words)


def _subject(measure: str) -> str:
    try:
        return get_definition(measure).subject
    except UnusableInputError:
        return ""


def _pairs(words: Sequence[str]) -> list[str]:
    pairs = (a + b for word in words for a, b in pairwise(word) if a.isalnum() and b.isalnum())
    return [pair for pair in pairs if pair not in EVERYWHERE]


def _cosine(one: Weights, other: Weights) -> float:
    shared = sum(weight * other[pair] for pair, weight in one.items() if pair in other)
    size = sqrt(sum(w * w for w in one.values())) * sqrt(sum(w * w for w in other.values()))
    return shared / size if size else 0.0


def _is_inside(clause: str, path: str) -> bool:
    return bool(path) and (clause == path or clause.startswith(f"{path}/"))


@cache
def _cues(name: str) -> Mapping[str, tuple[str, ...]]:
    data = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    return MappingProxyType({kind: tuple(words) for kind, words in data.items()})
