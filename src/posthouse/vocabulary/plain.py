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
    match value:
        case Period():
            plain: object = str(value)
        case date():
            plain = value.isoformat()
        case Mapping():
            plain = {str(key): to_plain(item) for key, item in value.items()}
        case tuple() | list():
            plain = [to_plain(item) for item in value]
        case set() | frozenset():
            plain = sorted(to_plain(item) for item in value)  # type: ignore[type-var]
        case _ if is_dataclass(value) and not isinstance(value, type):
            plain = {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            plain = value
    return plain
