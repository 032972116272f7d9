"""One small month per rule, worked by hand."""

from datetime import date, timedelta

import pytest

from posthouse.supervision.catalogue import all_rules
from posthouse.supervision.conformance.check import KINDS
from posthouse.supervision.supervise import CHECKS, supervise
from posthouse.vocabulary.periods import parse_period
from tests.measures.tables import at, at_s, make_tables

JUNE = parse_period("2021-06")
DAYS = [JUNE.start_on + timedelta(days=n) for n in range(JUNE.days)]
TOWN, VILLAGE, COMMUNITY = "339900101000", "339900101201", "339900101001"


def find(code, **rows):
    tables = make_tables(**rows)
    return CHECKS[code](tables, JUNE, all_rules()[code])


def machine(device, *, days=DAYS, minutes=1440, images=100, registered=True, kind="xray", outlet="W1"):
    return [
        {
            "device_id": device,
            "outlet_id": outlet,
            "brand": "青鸢",
            "kind": kind,
            "reported_on": day,
            "is_registered_online": registered,
            "online_min": minutes,
            "images": images,
        }
        for day in days
    ]


def test_every_rule_has_its_function_its_basis_and_its_remedy():
    assert set(all_rules()) == {*CHECKS, *(f"supervision.{kind}" for kind in KINDS)}
    assert all(rule.basis and rule.remedy and rule.points <= rule.max_points for rule in all_rules().values())


def test_a_machine_on_line_without_an_image_all_month_is_dead():
    (found,) = find("supervision.dead_xray", device_status=machine("X1", images=0))
    assert found.message.startswith("青鸢网点W1的安检机X1登记联网，30天中没有一幅过机图像。")
    assert (found.place, found.fields["brand"], found.fields["days"]) == ("W1", "青鸢", 30)
    assert "《快递暂行条例》" in found.fields["basis"][1]


def test_a_machine_the_platform_never_saw_is_dead():
    (found,) = find("supervision.dead_xray", device_status=machine("X1", minutes=None, images=None))
    assert "从未在线" in found.message


@pytest.mark.parametrize(
    "rows",
    [
        machine("X1"),
        machine("X1", images=0, days=DAYS[:29]) + machine("X1", images=1, days=DAYS[29:]),
        machine("X1", images=0, registered=False),
        machine("X1", images=0, days=DAYS[:4]),
        machine("C1", images=None, kind="video"),
        machine("X1", images=0, days=[date(2021, 5, 31)] * 6),
    ],
    ids=["alive", "one image", "not registered", "four days", "a camera", "another month"],
)
def test_other_machines_are_not(rows):
    assert find("supervision.dead_xray", device_status=rows) == ()


def control(kind, expected, done, outlet="W1", brand="青鸢"):
    return {
        "kind": kind,
        "checked_on": date(2021, 6, 3),
        "outlet_id": outlet,
        "brand": brand,
        "division": TOWN,
        "expected": expected,
        "done": done,
    }


def test_outlets_below_the_floor_of_a_control_are_named_worst_first():
    checks = [
        control("real_name", 1000, 990),
        control("acceptance_inspection", 1000, 950),
        control("security_screening", 1000, 700, outlet="W2"),
        control("security_screening", 99, 0, outlet="W3"),
    ]
    found = find("supervision.control_incomplete", checks=checks)
    assert [(f.place, f.fields["measure"]) for f in found] == [
        ("W2", "security_screening_rate"),
        ("W1", "acceptance_inspection_rate"),
    ]
    assert "过机安检率为70%，应做1000件、漏做300件" in found[0].message


def test_a_camera_off_line_most_of_the_month_is_named():
    rows = machine("C1", kind="video", days=DAYS[:10], images=None)
    rows += machine("C1", kind="video", days=DAYS[10:], minutes=100, images=None)
    rows += machine("C2", kind="video", outlet="W2", images=None)
    (found,) = find("supervision.camera_offline", device_status=rows)
    assert (found.place, found.fields["value"]) == ("W1", pytest.approx(1 / 3))


def callback(brand, reached, not_charged):
    return {**control("charge_callback", reached, not_charged, outlet=None, brand=brand), "division": VILLAGE}


def test_a_brand_charges_twice_above_a_tenth_of_thirty_households():
    calls = [callback("甲", 40, 35), callback("乙", 40, 36), callback("丙", 29, 10), callback("丁", 30, 20)]
    found = find("supervision.secondary_charge", checks=calls)
    # 甲 5/40 is above a tenth, 乙 4/40 is not, 丙 has too few, 丁 10/30.
    assert [f.fields["brand"] for f in found] == ["丁", "甲"]
    assert "回访30户，10户答取件时被另外收费（33.33%）" in found[0].message


def test_an_outlet_that_hands_over_village_parcels_in_town_is_named():
    signed = [("outlet", "W1", VILLAGE)] * 30 + [("station", "W1", VILLAGE)] * 30 + [("outlet", "W1", COMMUNITY)] * 99
    signed += [("outlet", "W2", VILLAGE)] * 49 + [("outlet", "W3", VILLAGE)] * 20 + [("door", "W3", VILLAGE)] * 40
    journeys = [
        {"waybill": n, "brand": "甲", "outlet": outlet, "how": how, "delivered_s": at_s("2021-06-10")}
        for n, (how, outlet, _) in enumerate(signed)
    ]
    parcels = [{"waybill": n, "destination": destination} for n, (_, _, destination) in enumerate(signed)]
    divisions = [
        {"code": VILLAGE, "level": "village", "kind": "administrative_village"},
        {"code": COMMUNITY, "level": "village", "kind": "community"},
    ]
    (found,) = find("supervision.signed_in_town", journeys=journeys, parcels=parcels, divisions=divisions)
    # W1: 30 of 60. W2 has 49 parcels only, W3 20 of 60.
    assert (found.place, found.fields["numerator"], found.fields["denominator"]) == ("W1", 30, 60)


def test_a_brand_with_twice_the_city_s_complaints_is_named():
    operators = [{"operator_id": f"Q{b}", "brand": b, "kind": "express"} for b in ("甲", "乙")]
    returns = [
        {"operator_id": "Q甲", "brand": "甲", "area": "339900000000", "month": "2021-06", "volume": 1_000_000},
        {"operator_id": "Q乙", "brand": "乙", "area": "339900000000", "month": "2021-06", "volume": 9_000_000},
    ]
    complaints = [{"filed_on": date(2021, 6, 5), "brand": b, "is_valid": True} for b in "甲" * 8 + "乙" * 12]
    divisions = [{"code": "339900000000", "level": "county", "kind": "county"}]
    (found,) = find(
        "supervision.complaints_high", complaints=complaints, returns=returns, operators=operators, divisions=divisions
    )
    # The city has 20 on 10 million parcels, 2 a million; 甲 has 8.
    assert (found.fields["brand"], found.fields["value"], found.fields["city"]) == ("甲", 8.0, 2.0)


def test_packaging_is_held_against_the_targets_of_the_year():
    parcels = [
        {
            "waybill": n,
            "brand": "甲",
            "accepted_at": at("2021-06-10"),
            "origin": VILLAGE,
            "destination": "310000000000",
            "is_ecommerce": True,
            "is_slim_tape": True,
            "in_reusable_bag": True,
            "is_repackaged": n < 25,
        }
        for n in range(100)
    ]
    divisions = [
        {"code": "339900000000", "level": "county", "kind": "county"},
        {"code": VILLAGE, "level": "village", "kind": "administrative_village"},
    ]
    (found,) = find("supervision.packaging_below", parcels=parcels, divisions=divisions)
    # 75 % are not packed again: above the 70 % of 2020, below the 80 % of 2021.
    assert found.fields["measure"] == "no_repackaging_share"
    assert "低于80%（国家邮政局2021年“2582”工程）" in found.message


def test_a_quiet_month_gives_no_finding():
    assert supervise(make_tables(), JUNE) == ()


def test_areas_can_be_chosen():
    tables = make_tables(device_status=machine("X1", images=0), checks=[callback("甲", 40, 20)])
    assert {f.code for f in supervise(tables, JUNE, areas={"quality"})} == {"supervision.secondary_charge"}


def test_a_rule_does_not_reach_back_before_its_law():
    tables = make_tables(device_status=machine("X1", images=0, days=[date(2020, 1, 1 + n) for n in range(9)]))
    assert supervise(tables, parse_period("2020-01")) == ()
