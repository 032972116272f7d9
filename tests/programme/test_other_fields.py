"""Passages of other fields, written for these tests: the rules are about wording, not about parcels."""

import pytest

from tests.programme.texts import goals, list_snippets

SNIPPETS = list_snippets()


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: str(snippet["field"]))
def test_a_passage_gives_exactly_its_goals(snippet):
    head = {"issuer": snippet["issuer"]} if "issuer" in snippet else {}
    found = goals(snippet["text"], issued_on=snippet["issued_on"], **head)
    wanted = [(kind, comparator, value, unit, deadline) for kind, comparator, value, unit, deadline in snippet["goals"]]
    read = [(g.kind, g.comparator, g.value, g.unit, g.deadline.isoformat() if g.deadline else "") for g in found]
    assert sorted(read, key=str) == sorted(((k, c, float(v), u, d) for k, c, v, u, d in wanted), key=str)
