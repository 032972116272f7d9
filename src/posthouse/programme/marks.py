"""Fingerprints of what the machine read, so that a person's corrections can be told from it later.

Each goal and task in `programme.toml` carries the mark of the machine's own reading of it. An entry whose present
fields no longer give that mark was edited; a mark of an earlier reading that is in no entry was deleted by a person.
"""

import hashlib
import json

from posthouse.programme.model import Goal, Task


def goal_mark(goal: Goal) -> str:
    """Return the mark of a goal's editable fields: eight hexadecimal digits."""
    binding = goal.binding
    return _mark(
        goal.text,
        goal.indicator,
        goal.comparator,
        goal.value,
        goal.value_max,
        goal.unit,
        goal.deadline.isoformat() if goal.deadline else None,
        goal.base,
        goal.scope,
        goal.hedge,
        goal.kind,
        binding.measure,
        sorted(binding.parameters.items()),
    )


def task_mark(task: Task) -> str:
    """Return the mark of a task's editable fields."""
    return _mark(task.path, task.title, list(task.lead_units), list(task.support_units))


def _mark(*values: object) -> str:
    plain = [float(value) if isinstance(value, int) and not isinstance(value, bool) else value for value in values]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, default=str).encode("utf-8", "replace")).hexdigest()[:8]
