"""Every page that can be read, found from the address table; a page with arguments has its example here."""

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.city import VILLAGE

EXAMPLES = {
    "monitoring:overview": {"period": "2021-06"},
    "monitoring:goal": {"goal_id": "G1"},
    "monitoring:place": {"goal_id": "G1", "code": VILLAGE},
    "monitoring:file": {"name": "bulletin.docx"},
    "maps:export": {"form": "csv"},
    "accounts:edit": {"pk": 1},
    "runs:run": {"pk": 1},
    "programmes:show": {"pk": 1},
    "programmes:file": {"pk": 1},
    "programmes:goal": {"pk": 1, "goal_id": "G1"},
    "data:show": {"pk": 1},
    "registers:table": {"table": "divisions"},
    "registers:export": {"table": "service_points", "form": "csv"},
    "registers:add": {"table": "vehicles"},
    "registers:row": {"table": "divisions", "pk": 1_000_000},
    "plans:show": {"pk": 1},
    "plans:file": {"pk": 1, "name": "plan.json"},
}
POSTED = {
    "set_language",
    "accounts:logout",
    "accounts:reset_second_factor",
    "runs:publish",
    "runs:stop",
    "runs:resume",
    "runs:repeat",
    "programmes:upload",
    "programmes:confirm",
    "data:upload",
    "data:close",
    "data:mend",
    "data:columns",
    "data:load",
    "registers:close",
    "plans:again",
    "plans:stop",
    "plans:publish",
    "plans:adopt",
}
"""Addresses that only take a form."""


def list_addresses() -> dict[str, str]:
    """Return each readable address by its name."""
    return {name: reverse(name, kwargs=EXAMPLES.get(name)) for name in _names(get_resolver()) if name not in POSTED}


def _names(resolver: URLResolver, space: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern) and entry.name:
            found.append(f"{space}{entry.name}")
        elif isinstance(entry, URLResolver):
            found += _names(entry, f"{entry.namespace}:" if entry.namespace else space)
    return found
