"""Measures that share a join of the parcels answer as each does alone."""

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.measure import measure
from posthouse.measures.shared import sharing
from posthouse.vocabulary.periods import parse_period
from tests.measures.city import draw_city
from tests.measures.tables import make_tables

JUNE = parse_period("2021-06")
OF_PARCELS = [d for d in all_definitions() if d.computed and {"journeys", "parcels"} & {*d.tables}]


def test_together_and_alone_give_the_same_figures() -> None:
    city = make_tables(**draw_city(4, parcels=120))
    together = measure([definition.id for definition in OF_PARCELS], city, JUNE)
    assert together == tuple(figure for d in OF_PARCELS for figure in measure([d.id], city, JUNE))


def test_one_measure_alone_shares_nothing() -> None:
    city = make_tables(**draw_city(4, parcels=20))
    with sharing([(OF_PARCELS[0], OF_PARCELS[0].defaults)], city, JUNE) as shared:
        assert {*shared} == {*city}
