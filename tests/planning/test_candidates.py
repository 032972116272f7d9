import pytest

from posthouse.measures.catalogue import get_definition
from posthouse.planning.candidates import Rule, list_candidates, read_rules
from posthouse.planning.factory import plan_factory
from posthouse.planning.infrastructure import plan_infrastructure
from posthouse.planning.overseas import plan_overseas
from posthouse.planning.propose import BY_RULE
from posthouse.records.schema import get_table
from tests.planning.county import TOWN, gap, ground, part

ALL_RULES = [(subject, measure, rule) for subject in BY_RULE for measure, rule in read_rules(subject).items()]
DERIVED = {"parks": {"factories"}, "residential_projects": {"lockers_per_hundred_households", "is_large"}}


def park(number, **more):
    return {"park_id": f"K{number}", "name": f"园{number}", "kind": "industrial", "division": TOWN, **more}


def factory(number, **more):
    return {"factory_id": f"F{number}", "name": f"厂{number}", "industry": "五金", "division": TOWN, **more}


@pytest.mark.parametrize(("subject", "measure", "rule"), ALL_RULES, ids=[measure for _, measure, _ in ALL_RULES])
def test_every_rule_speaks_of_a_measure_and_of_columns_that_exist(subject, measure, rule):
    assert get_definition(measure).id == measure
    assert rule.table or rule.effort
    if rule.table:
        known = {column.name for column in get_table(rule.table).columns} | DERIVED.get(rule.table, set())
        asked = {
            rule.name,
            *rule.only,
            *rule.done,
            *rule.short,
            *rule.notes,
            *(c.removeprefix("-") for c in rule.order),
        }
        assert asked <= known
    if rule.by_brand:
        assert "brand" in get_definition(measure).groups


def test_no_measure_has_two_planners():
    measures = [measure for _, measure, _ in ALL_RULES]
    assert len(measures) == len(set(measures))


def test_a_listed_park_waiting_for_express_comes_before_a_large_one_not_listed():
    parks = [park(1), park(2, is_key=True), park(3, has_express=True), park(4, is_key=True, has_express=True)]
    found = plan_factory(gap("key_parks", 3, 1.0), ground(parks=parks, factories=[factory(1, park_id="K1")]))
    (action,) = found.actions
    assert action.title == "再培育2个快递进厂重点园区"
    assert action.candidates == ("园2（已列重点、待入驻）", "园3（已有快递入驻）")
    assert found.unserved == ()


def test_of_parks_alike_the_one_with_more_factories_comes_first():
    factories = [factory(1, park_id="K2"), factory(2, park_id="K2"), factory(3, park_id="K1")]
    found = plan_factory(gap("key_parks", 2, 1.0), ground(parks=[park(1), park(2)], factories=factories))
    assert found.actions[0].candidates == ("园2（园内制造企业2家）",)


def test_too_few_candidates_are_said_with_the_number_that_lacks():
    found = plan_factory(gap("key_parks", 5, 0.0), ground(parks=[park(1)]))
    assert found.unserved == ("再培育5个快递进厂重点园区：登记中只有1个候选，还缺4个，需先储备。",)


def test_factories_of_key_industries_in_parks_come_first():
    factories = [
        factory(1),
        factory(2, is_key_industry=True),
        factory(3, is_key_industry=True, park_id="K1"),
        factory(4, is_key_industry=True, park_id="K1", cooperation="入厂物流"),
    ]
    found = plan_factory(gap("cooperating_factories", 3, 1.0), ground(factories=factories))
    assert found.actions[0].candidates == ("厂3（重点应用产业、在园区内）", "厂2（重点应用产业）")


def test_an_industry_is_named_once_and_not_when_it_counts_already():
    factories = [
        factory(1, industry="五金", is_key_industry=True, cooperation="入厂物流"),
        factory(2, industry="五金"),
        factory(3, industry="茶叶"),
        factory(4, industry="茶叶", cooperation="入厂物流"),
    ]
    found = plan_factory(gap("key_industries", 2, 1.0), ground(factories=factories))
    assert found.actions[0].candidates == ("茶叶（已有企业合作）",)


def test_projects_under_way_come_before_planned_ones():
    projects = [
        {"project_id": f"P{n}", "name": f"项目{n}", "kind": kind, "division": TOWN, "status": status}
        for n, kind, status in (
            (1, "factory_key", "planned"),
            (2, "factory_key", "building"),
            (3, "factory_key", "done"),
            (4, "farm_gold", "building"),
        )
    ]
    found = plan_factory(gap("key_projects", 3, 1.0), ground(projects=projects))
    assert found.actions[0].candidates == ("项目2（在建）", "项目1（待建）")


def outlet(number, brand, **more):
    return {
        "outlet_id": f"W{number}",
        "operator_id": "Q1",
        "brand": brand,
        "name": f"网点{number}",
        "division": TOWN,
        "kind": "outlet",
        "is_urban": True,
        **more,
    }


def test_each_brand_short_of_recycling_bins_gets_its_own_number_and_sites():
    measure = "urban_recycling_outlet_share"
    short = part(measure, 0.5, brand="青鸢", numerator=2, denominator=4)
    outlets = [outlet(1, "青鸢", area_m2=50.0), outlet(2, "青鸢", area_m2=90.0), outlet(3, "山雀")]
    found = plan_infrastructure(gap(measure, 1.0, 0.7, short, bar=0.95), ground(outlets=outlets))
    (action,) = found.actions
    # 95 % of four outlets is 3.8: four are needed, two are there.
    assert action.title == "青鸢再在2个城市网点设置包装废弃物回收装置"
    assert (action.brand, action.value, action.candidates) == ("青鸢", 0.95, ("网点2", "网点1"))


def test_without_brands_the_share_is_turned_into_outlets_of_the_register():
    outlets = [outlet(n, "青鸢", is_standardised=n <= 7) for n in range(1, 11)]
    found = plan_infrastructure(gap("standardised_outlet_share", 0.9, 0.7), ground(outlets=outlets))
    assert found.actions[0].title == "各企业再建2个标准化网点"


def test_work_without_a_register_says_what_to_do():
    found = plan_infrastructure(gap("slim_tape_share", 0.9, 0.8, part("slim_tape_share", 0.8, brand="青鸢")), ground())
    assert [(a.title, a.expected) for a in found.actions] == [("青鸢推广瘦身胶带", "停用宽胶带")]
    assert found.unserved == ()


def test_large_residential_projects_without_room_are_named():
    def project(number, **more):
        return {"project_id": f"Z{number}", "name": f"小区{number}", "division": TOWN, "households": 900, **more}

    projects = [
        project(1, population=2999, distribution_centre_m2=0.0),
        project(2, population=3000, distribution_centre_m2=10.0),
        project(3, population=4000, distribution_centre_m2=30.0),
        project(4, population=4000),
    ]
    found = plan_infrastructure(gap("distribution_centre_rule_share", 1.0, 0.5), ground(residential_projects=projects))
    assert found.actions[0].candidates == ("小区2（规划人口3000）",)


def test_unopened_channels_are_named_by_frequency_and_of_the_wanted_mode():
    channels = [
        {"channel_id": f"T{n}", "name": f"通道{n}", "mode": mode, "destination": "JP", "departures_per_week": per_week}
        for n, mode, per_week in ((1, "air", 2.0), (2, "air", 5.0), (3, "sea", 7.0), (4, "air", None))
    ]
    wanted = gap("open_channels", 3, 1.0, parameters=(("mode", "air"),))
    found = plan_overseas(wanted, ground(channels=channels))
    assert found.actions[0].candidates == ("通道2（航空）", "通道1（航空）")
    assert found.actions[0].parameters == (("mode", "air"),)


def test_a_volume_names_the_channels_without_counting_them():
    channels = [{"channel_id": "T1", "name": "通道1", "mode": "sea", "destination": "JP"}]
    found = plan_overseas(gap("cross_border_volume", 1e6, 5e5), ground(channels=channels))
    assert found.actions[0].candidates == ("通道1（海运）",)
    assert found.unserved == ()


def test_rows_with_empty_cells_come_last_whichever_the_order():
    rule = Rule(title="", table="outlets", order=("-area_m2", "outlet_id"))
    rows = [outlet(1, "青鸢"), outlet(2, "青鸢", area_m2=1.0), outlet(3, "青鸢", area_m2=2.0)]
    for row in rows:
        row.setdefault("area_m2", None)
    assert list_candidates(rule, rows) == ("网点3", "网点2", "网点1")
