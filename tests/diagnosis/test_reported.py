import pytest

from posthouse.diagnosis.model import SigningEvidence
from posthouse.diagnosis.reported import (
    check_declarations,
    find_discrepancies,
    observed_from,
    signing_evidence,
)
from posthouse.vocabulary.periods import parse_period
from tests.diagnosis.values import measured
from tests.measures.tables import arrow_rows, at_s, make_tables

DAYS, CITY, VILLAGE = "delivery_days_per_week", "339900000000", "339900101201"


def declared(value, *, measure=DAYS, place=VILLAGE, unit="东镇", brand=None, period="2021-06", number=1):
    return {
        "declaration_id": f"D{number}",
        "unit": unit,
        "measure": measure,
        "place": place,
        "brand": brand,
        "period": period,
        "value": value,
    }


def find(rows, measurements, **more):
    return find_discrepancies(arrow_rows("declarations", rows), observed_from(measurements, area=CITY), **more)


def nine_days():
    return measured(DAYS, 2.1, numerator=63, denominator=30, place=VILLAGE)


def test_a_false_figure_is_explained_by_days_and_by_where_parcels_were_signed():
    evidence = {VILLAGE: SigningEvidence(parcels=44, in_town=31)}
    (found,) = find([declared(5.0)], [nine_days()], evidence=evidence)
    assert found.explanation == (
        "自报每周5次；扫描显示2021年6月只有9天有快件到村，折合每周2.1次；44件中31件在镇网点签收。"
    )


@pytest.mark.parametrize(("value", "is_false"), [(3.0, False), (3.05, False), (3.1, True), (5.0, True), (1.0, False)])
def test_one_day_a_week_too_many_is_false_and_modesty_is_not(value, is_false):
    (check,) = check_declarations(arrow_rows("declarations", [declared(value)]), observed_from([nine_days()]))
    assert check.is_false is is_false


def test_a_share_is_false_from_five_points_on():
    lockers = measured("locker_delivery_share", 0.10, place="339900101000")
    rows = [
        declared(v, measure="locker_delivery_share", place="339900101000", number=n) for n, v in enumerate((0.14, 0.16))
    ]
    assert [d.declaration_id for d in find(rows, [lockers])] == ["D1"]


def test_a_share_is_explained_with_its_counts():
    lockers = measured("locker_delivery_share", 0.10, numerator=44, denominator=440, place="339900101000")
    (found,) = find([declared(0.2, measure="locker_delivery_share", place="339900101000")], [lockers])
    assert found.explanation == "自报20%；按记录计算为10%（44/440）。"


def test_a_figure_for_the_whole_city_is_held_against_the_measure_without_place():
    xray = measured("xray_network_rate", 0.8, brand="甲")
    assert find([declared(1.0, measure="xray_network_rate", place=CITY, brand="甲")], [xray])[0].observed == 0.8


def test_where_less_is_better_too_little_is_false():
    charge = measured("secondary_charge_share", 0.24, brand="甲")
    rows = [
        declared(v, measure="secondary_charge_share", place=CITY, brand="甲", number=n)
        for n, v in enumerate((0.02, 0.40))
    ]
    assert [d.declaration_id for d in find(rows, [charge])] == ["D0"]


def test_what_cannot_be_checked_is_left_out():
    rows = [
        declared(5.0, place="339900101999", number=1),
        declared(5.0, period="六月", number=2),
        declared(5.0, measure="no_such_measure", number=3),
        declared(5.0, period="2021-05", number=4),
    ]
    assert check_declarations(arrow_rows("declarations", rows), observed_from([nine_days()])) == ()


def test_the_largest_overstatement_comes_first():
    other = measured(DAYS, 0.0, numerator=0, denominator=30, place="339900101202")
    rows = [declared(5.0, number=1), declared(5.0, place="339900101202", number=2)]
    assert [d.declaration_id for d in find(rows, [nine_days(), other])] == ["D2", "D1"]


def test_evidence_counts_parcels_signed_in_the_period_by_destination():
    journeys = [
        {"waybill": 1, "delivered_s": at_s("2021-06-01", 0.0), "how": "outlet"},
        {"waybill": 2, "delivered_s": at_s("2021-06-30", 23.9), "how": "station"},
        {"waybill": 3, "delivered_s": at_s("2021-07-01", 0.0), "how": "outlet"},
        {"waybill": 4, "delivered_s": None, "how": None},
        {"waybill": 5, "delivered_s": at_s("2021-06-10"), "how": None},
    ]
    parcels = [{"waybill": n, "destination": VILLAGE} for n in range(1, 6)]
    found = signing_evidence(make_tables(journeys=journeys, parcels=parcels), parse_period("2021-06"))
    assert found == {VILLAGE: SigningEvidence(parcels=3, in_town=1)}
