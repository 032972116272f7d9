"""How figures, lights and trends look on a page. All drawing is plain SVG with classes: no script, no inline style."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from posthouse.vocabulary.units import in_words
from posthouse_web.monitoring.models import Status
from posthouse_web.monitoring.queries import Trend

register = template.Library()

WIDTH, HEIGHT, EDGE = 84.0, 20.0, 2.0


@register.filter
def words(value: float | None, unit: str) -> str:
    """Return a figure with its unit as people write it."""
    return in_words(value, unit)


@register.simple_tag
def light(status: str) -> SafeString:
    """Return the light of a goal: shape, colour and word."""
    return format_html('<span class="light {}">{}</span>', status, Status(status).label)


@register.simple_tag
def lamp(status: str) -> SafeString:
    """Return the light without its word in sight, for narrow lines; the word is there for those who listen."""
    return format_html(
        '<span class="light lamp {}" title="{}"><span>{}</span></span>', status, *[Status(status).label] * 2
    )


@register.simple_tag
def sparkline(trend: Trend) -> SafeString | str:
    """Return a small drawing of the way to the deadline: values, forecast (dashed) and target (thin line)."""
    known = [(_month(m), v) for m, v in zip(trend.months, trend.values, strict=True) if v is not None]
    if not known:
        return ""
    ahead = (trend.deadline.year * 12 + trend.deadline.month - 1, trend.forecast) if trend.deadline else None
    points = [*known, *([(ahead[0], ahead[1])] if ahead and ahead[1] is not None and ahead[0] > known[-1][0] else [])]
    levels = [v for _, v in points] + ([trend.target] if trend.target is not None else [])
    first, last = points[0][0], max(points[-1][0], points[0][0] + 1)
    low, high = min(levels), max(levels)

    def at(month: float, value: float) -> str:
        x = EDGE + (month - first) / (last - first) * (WIDTH - 2 * EDGE)
        y = HEIGHT / 2 if high == low else HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE)
        return f"{x:.1f},{y:.1f}"

    target = "" if trend.target is None else _line("aim", [at(first, trend.target), at(last, trend.target)])
    ways = [_line("past", [at(m, v) for m, v in known])]
    if len(points) > len(known):
        ways.append(_line("ahead", [at(m, v) for m, v in points[-2:]]))
    x, y = at(*known[-1]).split(",")
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" focusable="false">{}{}'
        '<circle cx="{}" cy="{}" r="2"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, target, format_html_join("", "{}", ((way,) for way in ways)), x, y,
    )  # fmt: skip


def _line(name: str, points: list[str]) -> SafeString:
    return format_html('<polyline class="{}" points="{}"/>', name, " ".join(points))


def _month(period: str) -> int:
    return int(period[:4]) * 12 + int(period[5:7]) - 1
