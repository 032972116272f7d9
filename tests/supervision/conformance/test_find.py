"""What of the counts is told, and how."""

from posthouse.supervision.supervise import supervise
from posthouse.vocabulary.periods import parse_period
from tests.measures.tables import make_tables
from tests.supervision.conformance.builders import CITY_TABLES, journey, parcel

JUNE = parse_period("2021-06")


def supervised(journeys):
    parcels = [parcel(row["waybill"]) for row in journeys]
    return supervise(make_tables(journeys=journeys, parcels=parcels, **CITY_TABLES), JUNE)


def spread(count, **changes):
    """Journeys signed a second apart, so that they are no batch."""
    return [journey(n, delivered=70 * 3600 + n, **changes) for n in range(count)]


def test_an_outlet_above_both_thresholds_is_named_with_figures_and_examples():
    (found,) = supervised(spread(20, out_for_delivery=None))
    assert found.code == "supervision.step_skipped"
    assert found.message.startswith("甲网点W1：20件中有20件没有“派件”扫描而有后面的环节（100%）。")
    assert (found.place, found.fields["numerator"], found.fields["examples"]) == ("W1", 20, [0, 1, 2, 3, 4])


def test_a_few_journeys_are_not_told():
    assert supervised(spread(19, out_for_delivery=None)) == ()


def test_a_small_share_is_not_told():
    rest = [journey(n, delivered=70 * 3600 + n) for n in range(1000, 1400)]
    assert supervised(spread(20, out_for_delivery=None) + rest) == ()


def test_a_step_before_the_outlet_is_told_of_the_brand():
    (found,) = supervised(spread(20, origin_arrived=None))
    assert found.message.startswith("甲：20件中有20件没有“始发到件”扫描")
    assert (found.place, found.fields["brand"]) == ("", "甲")


def test_each_kind_can_be_said():
    whole = spread(60)
    batch = [journey(100 + n) for n in range(60)]
    stuck = [journey(200 + n, delivered=None, how=None) for n in range(20)]
    lost = spread(20, outlet_arrived=None, outlet=None, village_arrived=None, village=None)
    lost = [{**row, "waybill": 300 + n} for n, row in enumerate(lost)]
    codes = {found.code.removeprefix("supervision.") for found in supervised(whole + batch + stuck + lost)}
    assert codes == {"step_skipped", "batch_signed", "never_signed", "signed_without_arrival"}
