from posthouse.planning.stations import propose_stations
from tests.planning.county import ISLE, A, B, ground, host


def propose(villages, *hosts):
    return propose_stations(villages, ground(service_points=hosts))


def test_the_cheapest_facility_of_the_village_is_chosen_and_said():
    (station,), unserved = propose(
        [A], host("P1", A, 2400.0, name="小店", kind="商店"), host("P2", A, 600.0, name="礼堂")
    )
    assert (station.host_name, station.cost_yuan_per_year) == ("礼堂", 600.0)
    assert station.reason == "在本村，年费用600元，2处可用场所中最省"
    assert station.village_name == "东镇甲村"
    assert unserved == ()


def test_an_own_facility_goes_before_a_cheaper_one_nearby():
    near = host("P1", B, 0.0, at=(120.0, 29.11))
    (station,), _ = propose([A], near, host("P2", A, 5000.0, name="自有"))
    assert station.host_name == "自有"


def test_of_equal_rents_nearby_the_nearer_is_chosen_and_its_distance_said():
    far, near = host("P1", B, 0.0, name="远", at=(120.0, 29.12)), host("P2", B, 0.0, name="近", at=(120.0, 29.11))
    (station,), _ = propose([A], far, near)
    assert station.host_name == "近"
    assert "距村1.1公里" in station.reason


def test_a_rent_not_agreed_is_estimated_by_kind_and_said():
    (station,), _ = propose([A], host("P1", A, None, kind="商店"))
    assert station.cost_yuan_per_year == 2400.0
    assert "未议" in station.reason


def test_without_a_facility_within_three_kilometres_the_reason_is_listed():
    stations, unserved = propose([A], host("P1", B, 0.0, at=(120.0, 29.2)))
    assert stations == ()
    assert unserved[0].startswith("东镇甲村：村内和3公里以内没有登记可用场所")


def test_a_facility_across_the_water_is_not_near():
    stations, _ = propose([ISLE], host("P1", A, 0.0, at=(120.3, 29.0)))
    assert stations == ()
