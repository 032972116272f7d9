"""The ways to a village by their names in 中文: words.toml."""

import tomllib
from functools import cache
from importlib.resources import files


def mode_zh(mode: str) -> str:
    """Return the mode as people say it, the id itself where there is no word for it.

    >>> mode_zh("rural_bus")
    '交快合作（客运班车）'
    """
    return _words().get(mode, mode)


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    return words
