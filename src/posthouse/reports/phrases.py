"""The sentences of the reports, kept as data (`phrases.toml`) so that an office can change the wording."""

import tomllib
from functools import cache
from importlib.resources import files


def phrase(name: str, **values: object) -> str:
    """Return the sentence `section.name` with its placeholders filled.

    Raises
    ------
    KeyError : no such sentence, or a placeholder without a value.
    """
    section, _, key = name.partition(".")
    return _phrases()[section][key].format(**values)


@cache
def _phrases() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8"))
