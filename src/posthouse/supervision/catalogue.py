"""The rules of supervision as declared in rules.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from posthouse.supervision.model import Rule, Target
from posthouse.vocabulary.findings import Severity


@cache
def all_rules() -> Mapping[str, Rule]:
    """Return the rules by code, in the file's order."""
    data = tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
    return MappingProxyType({code: _rule(code, entry) for code, entry in data.items()})


def _rule(code: str, entry: dict[str, object]) -> Rule:
    fields = dict(entry)
    fields["severity"] = Severity(str(fields["severity"]))
    fields["basis"] = tuple(fields["basis"])  # type: ignore[arg-type]
    fields["targets"] = tuple(Target(**target) for target in fields.get("targets", ()))  # type: ignore[attr-defined]
    return Rule(code=code, **fields)  # type: ignore[arg-type]
