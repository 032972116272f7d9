"""Values as plain JSON: dataclasses as objects, dates as ISO text, periods as their text."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date

from posthouse.vocabulary.periods import Period


def to_plain(value: object) -> object:
    """Return the value made of dict, list, str, int, float, bool and None only.

    >>> from datetime import date
    >>> to_plain({"due_on": date(2021, 6, 30), "units": ("a", "b")})
    {'due_on': '2021-06-30', 'units': ['a', 'b']}
    """
    if isinstance(value, Period):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(to_plain(item) for item in value)  # type: ignore[type-var]
    if isinstance(value, date):
        return value.isoformat()
    return value
