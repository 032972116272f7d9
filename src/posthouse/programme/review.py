"""One page to review a reading: the document's text marked, beside the lists of what was read, linked both ways.

The page holds everything itself and opens from disk. Its frame is `review.html`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import pairwise

from posthouse.documents.model import Document
from posthouse.programme.compare import show_figure
from posthouse.programme.model import KIND_NAMES, Body, Goal, Member, Programme, Rhythm, Task
from posthouse.programme.sections import Sections
from posthouse.programme.tasks import assign_roles, find_charges

_LOOKS = ("goal", "lead", "unit", "other", "warn")
"""Where marks overlap, the first of these looks wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A stretch [start, end) of the text, the entry it belongs to and the look it has."""

    start: int
    end: int
    entry: str
    look: str


def render_review(programme: Programme, document: Document, names: Mapping[str, str] | None = None) -> str:
    """Return the page as HTML text.

    Parameters
    ----------
    names : of the measures, id to 中文; without it the ids are shown.
    """
    facts = programme.document
    return (
        files(__package__)
        .joinpath("review.html")
        .read_text(encoding="utf-8")
        .format(
            title=escape(facts.title or document.name),
            facts=escape("　".join(str(fact) for fact in (facts.issuer, facts.number, facts.issued_on) if fact)),
            text=mark_text(programme, document),
            goal_count=len(programme.goals),
            goals=_lines(_goal(goal, names or {}) for goal in programme.goals),
            task_count=len(programme.tasks),
            tasks=_lines(_task(task) for task in programme.tasks),
            body_count=len(programme.bodies),
            bodies=_lines(_body(i, body) for i, body in enumerate(programme.bodies)),
            rhythm_count=len(programme.rhythms),
            rhythms=_lines(_rhythm(i, rhythm) for i, rhythm in enumerate(programme.rhythms)),
            finding_count=len(programme.findings),
            findings=_lines(
                _entry(f"F{i}", f'<span class="tag">{escape(f.severity)}</span>{escape(f.message)}', f.place)
                for i, f in enumerate(programme.findings)
            ),
        )
    )


def mark_text(programme: Programme, document: Document) -> str:
    """Return the document's text as HTML in which what was read is marked and linked to `#l-<entry>`."""
    return _marked_text(document.text, _marks(programme, document))


def _marks(programme: Programme, document: Document) -> list[_Mark]:
    marks = [
        _Mark(
            start=goal.source.span[0],
            end=goal.source.span[1],
            entry=goal.id,
            look="goal" if goal.kind in ("goal", "standard") else "other",
        )
        for goal in programme.goals
    ]
    tasks = {task.path: task.id for task in programme.tasks}
    for section in Sections(document):
        if section.path not in tasks:
            continue
        lead, support = assign_roles(list(find_charges(document.reading, section.start, section.end)))
        for look, units in (("lead", lead), ("unit", support)):
            for unit in units:
                start, end = document.span(unit.start, unit.end)
                marks.append(_Mark(start=start, end=end, entry=tasks[section.path], look=look))
    for i, rhythm in enumerate(programme.rhythms):
        marks.append(_Mark(start=rhythm.source.span[0], end=rhythm.source.span[1], entry=f"R{i}", look="other"))
    for i, finding in enumerate(programme.findings):
        if finding.span and finding.span[1] - finding.span[0] < 60:
            marks.append(_Mark(start=finding.span[0], end=finding.span[1], entry=f"F{i}", look="warn"))
    return marks


def _marked_text(text: str, marks: Sequence[_Mark]) -> str:
    """Return the text with marks; where they overlap it is cut, and a piece links to the first entry and names all."""
    cuts = sorted(
        {0, len(text), *(place for mark in marks for place in (mark.start, mark.end) if 0 <= place <= len(text))}
    )
    starting = sorted(marks, key=lambda mark: (mark.start, mark.end))
    open_marks: list[_Mark] = []
    anchored: set[str] = set()
    parts: list[str] = []
    i = 0
    for start, end in pairwise(cuts):
        open_marks = [mark for mark in open_marks if mark.end > start]
        while i < len(starting) and starting[i].start <= start:
            open_marks.append(starting[i])
            i += 1
        piece = escape(text[start:end])
        if not open_marks:
            parts.append(piece)
            continue
        entries = list(dict.fromkeys(mark.entry for mark in open_marks))
        new = [entry for entry in entries if entry not in anchored]
        anchored.update(new)
        parts += [f'<span id="t-{entry}"></span>' for entry in new[1:]]
        identity = f' id="t-{new[0]}"' if new else ""
        look = min((mark.look for mark in open_marks), key=_LOOKS.index)
        link = f'<a href="#l-{entries[0]}">{piece}</a>'
        parts.append(f'<mark class="{look}"{identity} data-for="{" ".join(entries)}">{link}</mark>')
    return "".join(parts)


def _goal(goal: Goal, names: Mapping[str, str]) -> str:
    deadline = f"，到 {goal.deadline}" if goal.deadline else ""
    measure = names.get(goal.binding.measure, goal.binding.measure) if goal.binding.measure else ""
    note = f'<br><span class="{"soft" if measure else "unsure"}">{escape(measure)} {escape(goal.binding.note)}</span>'
    return _entry(
        goal.id,
        f'<span class="tag">{KIND_NAMES[goal.kind]}</span>{escape(goal.indicator)} '
        f'<span class="figure">{escape(show_figure(goal))}</span>{deadline}'
        + (f' <span class="soft">{escape(goal.hedge)}</span>' if goal.hedge else "")
        + (note if measure or goal.binding.note else ""),
        f"{goal.id} {goal.source.clause}",
    )


def _task(task: Task) -> str:
    lead = "、".join(task.lead_units)
    support = "、".join(task.support_units)
    return _entry(
        task.id,
        f"{escape(task.title)}"
        + (f'<br><span class="figure">{escape(lead)}</span>' if lead else "")
        + (f' <span class="soft">{escape(support)}</span>' if support else ""),
        f"{task.id} {task.path}",
    )


def _body(i: int, body: Body) -> str:
    people = "、".join(_person(member) for member in body.members)
    head = f"组长 {_person(body.leader)}　" if body.leader else ""
    deputies = f"副组长 {'、'.join(map(_person, body.deputies))}" if body.deputies else ""
    return _entry(
        f"B{i}",
        f'{escape(body.name)}<br><span class="soft">{escape(head + deputies)}</span>'
        + (f'<br><span class="soft">成员 {escape(people)}</span>' if people else ""),
        body.source.clause,
    )


def _rhythm(i: int, rhythm: Rhythm) -> str:
    words = escape("，".join(part for part in (rhythm.who, rhythm.due) if part))
    tag = f'<span class="tag">{escape(rhythm.every)}</span>'
    return _entry(f"R{i}", f'{tag}{escape(rhythm.what)} <span class="soft">{words}</span>', rhythm.source.clause)


def _person(member: Member) -> str:
    return f"{member.name}（{member.unit}）" if member.unit else member.name


def _entry(entry: str, content: str, clause: str) -> str:
    return (
        f'<article id="l-{entry}" data-for="{entry}"><a href="#t-{entry}">'
        f'<span class="clause">{escape(clause)}</span>{content}</a></article>'
    )


def _lines(entries: Iterable[str]) -> str:
    return "\n".join(entries) or '<p class="soft">没有</p>'
