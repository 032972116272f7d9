"""What the rooms 总览 and 目标 read. Every function takes a scope and gives only rows within it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from posthouse.vocabulary.periods import parse_period
from posthouse.vocabulary.units import in_words
from posthouse_web.accounts.scope import Scope, within
from posthouse_web.monitoring.models import Assignment, Discrepancy, Figure, Goal, Month, Place, Status

LATE_STATES = ("open", "relapsed")
SHOWN = 5
"""Lines of a short list on the overview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A goal's way to its deadline: values by month, and where it leads. `months` and `values` have one length."""

    months: tuple[str, ...]
    values: tuple[float | None, ...]
    target: float | None
    forecast: float | None
    deadline: date | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalLine:
    """One goal as a line of the overview: its row, its figures in words, its trend, and the change since last month."""

    goal: Goal
    value: str
    target: str
    forecast: str
    trend: Trend
    before: str

    @property
    def has_turned(self) -> bool:
        """Whether the light is another than a month ago."""
        return bool(self.before) and self.before != self.goal.status


def list_months(scope: Scope) -> list[str]:
    """Return the published months, newest first."""
    return list(within(Month.objects.order_by("-period"), scope).values_list("period", flat=True))


def find_month(scope: Scope, period: str) -> Month | None:
    """Return the month, or None."""
    return within(Month.objects.filter(period=period), scope).first()


def has_parts(scope: Scope, period: str) -> bool:
    """Whether the month's figures are broken down by place and brand; until then pages say that they are being made."""
    month = find_month(scope, period)
    return month is not None and month.has_parts


def list_goals(scope: Scope, period: str) -> list[GoalLine]:
    """Return the goals of a month, worst light first, each with its way through the months up to then."""
    goals = list(within(Goal.objects.filter(period=period), scope).order_by("rank", "position"))
    rows = within(Goal.objects.filter(period__lte=period), scope).order_by("period")
    ways: dict[str, list[tuple[str, float | None, str]]] = {}
    for goal_id, month, value, status in rows.values_list("goal_id", "period", "value", "status"):
        ways.setdefault(goal_id, []).append((month, value, status))
    return [_line(goal, ways[goal.goal_id]) for goal in goals]


def _line(goal: Goal, way: Sequence[tuple[str, float | None, str]]) -> GoalLine:
    earlier = str(parse_period(goal.period).previous())
    return GoalLine(
        goal=goal,
        value=in_words(goal.value, goal.unit) if goal.measure else "—",
        target=target_in_words(goal),
        forecast=in_words(goal.forecast, goal.unit) if goal.forecast is not None else "—",
        trend=Trend(
            months=tuple(month for month, _, _ in way),
            values=tuple(value for _, value, _ in way),
            target=goal.target,
            forecast=goal.forecast,
            deadline=goal.deadline,
            unit=goal.unit,
        ),
        before=next((status for month, _, status in way if month == earlier), ""),
    )


_SIGNS = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜", "~=": "≈"}


def target_in_words(goal: Goal) -> str:
    """Return the target with its sign."""
    if goal.target is None:
        return "—"
    return f"{_SIGNS.get(goal.comparator, '')}{in_words(goal.target, goal.unit)}"


def count_lights(lines: Sequence[GoalLine]) -> list[tuple[Status, int]]:
    """Return how many goals have each light, worst first; lights that nobody has are left out."""
    counts = {status: sum(line.goal.status == status for line in lines) for status in Status}
    return [(status, count) for status, count in counts.items() if count]


def count_assignments(scope: Scope, period: str) -> Mapping[str, int]:
    """Return how many assignments are open, late, newly closed and newly relapsed in the month."""
    late = Q(state__in=LATE_STATES, due_on__lt=parse_period(period).end_on)
    rows = within(Assignment.objects.filter(period=period), scope)
    counts: dict[str, int] = rows.aggregate(
        open=Count("pk", filter=Q(state="open")),
        late=Count("pk", filter=late),
        closed=Count("pk", filter=Q(state="closed") & ~Q(before="closed")),
        relapsed=Count("pk", filter=Q(state="relapsed") & ~Q(before="relapsed")),
    )
    return counts


def list_late(scope: Scope, period: str) -> "QuerySet[Assignment]":
    """Return the assignments that are due and not closed, longest overdue first."""
    end_on = parse_period(period).end_on
    rows = Assignment.objects.filter(period=period, state__in=LATE_STATES, due_on__lt=end_on)
    return within(rows, scope).order_by("due_on", "pk")


def list_next_due(scope: Scope, period: str) -> "QuerySet[Assignment]":
    """Return the open assignments that are due next."""
    end_on = parse_period(period).end_on
    rows = Assignment.objects.filter(period=period, state__in=LATE_STATES, due_on__gte=end_on)
    return within(rows, scope).order_by("due_on", "pk")


def goals_of(scope: Scope, period: str) -> "QuerySet[Goal]":
    """Return the goals of a month as rows, for a list."""
    return within(Goal.objects.filter(period=period), scope)


def find_goal(scope: Scope, period: str, goal_id: str) -> GoalLine | None:
    """Return one goal of a month with its way, or None."""
    goal = within(Goal.objects.filter(period=period, goal_id=goal_id), scope).first()
    if goal is None:
        return None
    rows = within(Goal.objects.filter(period__lte=period, goal_id=goal_id), scope).order_by("period")
    return _line(goal, list(rows.values_list("period", "value", "status")))


def list_own(scope: Scope, goal: Goal) -> "QuerySet[Goal]":
    """Return the goal in every month up to its own, newest first."""
    return within(Goal.objects.filter(goal_id=goal.goal_id, period__lte=goal.period), scope).order_by("-period")


def breakdown(scope: Scope, goal: Goal, by: str) -> "QuerySet[Figure]":
    """Return the parts of a goal's figure in its month: by town, brand or village."""
    rows = Figure.objects.filter(series=goal.series, period=goal.period)
    rows = rows.filter(level="").exclude(brand="") if by == "brand" else rows.filter(level=by, brand="")
    return within(rows, scope)


def list_breakdowns(scope: Scope, goal: Goal) -> list[str]:
    """Return by what the goal's figure can be broken down for this person."""
    if not goal.series:
        return []
    return [by for by in ("town", "brand", "village") if breakdown(scope, goal, by).exists()]


def place_figures(scope: Scope, goal: Goal, place: str, brand: str = "") -> "QuerySet[Figure]":
    """Return the figures of one place and brand, month by month, newest first."""
    rows = Figure.objects.filter(series=goal.series, place=place, brand=brand, period__lte=goal.period)
    return within(rows, scope).order_by("-period")


def brand_figures(scope: Scope, goal: Goal, place: str) -> "QuerySet[Figure]":
    """Return the brands' figures at one place in the goal's month, lowest first."""
    rows = Figure.objects.filter(series=goal.series, period=goal.period, place=place).exclude(brand="")
    return within(rows, scope).order_by("value", "brand")


def find_place(scope: Scope, code: str) -> Place | None:
    """Return the place, or None where it is not known or not within the scope."""
    return within(Place.objects.filter(code=code), scope).first()


def list_discrepancies(scope: Scope, goal: Goal) -> "QuerySet[Discrepancy]":
    """Return the declared figures of the goal's measure that the records deny in its month."""
    return within(Discrepancy.objects.filter(measure=goal.measure, period=goal.period), scope)


def place_names(codes: Iterable[str]) -> Mapping[str, str]:
    """Return the full names of places, for codes that the person has already been shown."""
    return dict(Place.objects.filter(code__in=set(codes)).values_list("code", "full_name"))
