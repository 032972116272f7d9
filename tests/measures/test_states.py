"""States of days, kept apart and put together, answer as the journeys do."""

from collections.abc import Mapping

import pyarrow as pa
import pytest

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.coverage import days_with_rows
from posthouse.measures.forms import Tables, text
from posthouse.measures.measure import measure
from posthouse.measures.states import daily_states
from posthouse.vocabulary.periods import Grain, parse_period, period_of
from tests.measures.city import draw_city
from tests.measures.tables import make_tables

JUNE = parse_period("2021-06")
EVENTS = ("scans", "journeys", "parcels")


@pytest.fixture(scope="module")
def city() -> Tables:
    return make_tables(**draw_city(9, parcels=120))


@pytest.fixture(scope="module")
def kept(city: Tables) -> Mapping[str, pa.Table]:
    """The states of the five weeks that hold June, made week by week and put together."""
    parts: dict[str, list[pa.Table]] = {}
    week = period_of(JUNE.start_on, Grain.WEEK)
    while week.start_on < JUNE.end_on:
        for name, state in daily_states(city, week).items():
            parts.setdefault(name, []).append(state)
        week = week.following()
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}


@pytest.fixture(scope="module")
def states(city: Tables, kept: Mapping[str, pa.Table]) -> Tables:
    engine = city["journeys"].get_backend()
    days = [days_with_rows(name, city, JUNE).mutate(table=text(name)) for name in ("journeys", "parcels")]
    days_known = {"table_days": days[0].union(days[1])}
    return days_known | {name: engine.create_table(f"kept_{name}", table) for name, table in kept.items()}


@pytest.mark.parametrize("by", [(), ("town",)])
def test_a_month_read_from_states_alone_is_that_of_the_journeys(
    city: Tables, states: Tables, by: tuple[str, ...]
) -> None:
    registers = {name: table for name, table in city.items() if name not in EVENTS}
    ids = [definition.id for definition in all_definitions() if {*EVENTS} & {*definition.tables}]
    from_states = measure(ids, {**registers, **states}, JUNE, by=by)
    assert from_states
    assert from_states == measure(ids, city, JUNE, by=by)


def test_a_limit_that_no_state_is_kept_for_is_measured_from_the_journeys(city: Tables, states: Tables) -> None:
    name, asked = ["delivered_within_72h_share"], {"limit_hours": 24}
    assert measure(name, {**city, **states}, JUNE, parameters=asked) == measure(name, city, JUNE, parameters=asked)
