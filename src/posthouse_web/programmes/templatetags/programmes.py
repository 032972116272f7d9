"""How a goal is written on a page."""

from collections.abc import Mapping
from typing import Any

from django import template

from posthouse.programme.compare import show_figure

register = template.Library()


@register.filter
def figure(goal: Any) -> str:
    """Return what a row of a goal, or of its history, asks for; it has the fields of the library's Goal."""
    return show_figure(goal)


@register.filter
def named(names: Mapping[str, str], key: str) -> str:
    """Return the name of a key, or the key."""
    return names.get(key, key)
