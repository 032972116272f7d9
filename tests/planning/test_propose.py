from datetime import date

from posthouse.planning.model import Action, Plan
from posthouse.planning.propose import join_plans, propose_plan
from tests.diagnosis.values import goal, programme
from tests.planning.county import DIVISIONS, A, B, gap, part, registers

DAYS, PARKS, VOLUME, MEETINGS = "delivery_days_per_week", "key_parks", "express_volume", "task_force_meetings_per_month"


def propose(*gaps, goals=(), **more):
    return propose_plan(gaps, registers(**more), programme(*goals), seed=1, seconds=0.5)


def test_every_gap_leads_to_an_action():
    gaps = (
        gap(DAYS, 3.0, 1.0, part(DAYS, 1.0, A)),
        gap(PARKS, 5.0, 1.0, goal_id="G2"),
        gap(VOLUME, 1e9, 1e8, goal_id="G3"),
        gap(MEETINGS, 1.0, 0.0, goal_id="G4"),
    )
    assert {action.goal_id for action in propose(*gaps).actions} == {"G1", "G2", "G3", "G4"}


def test_what_nobody_can_plan_is_listed_with_its_goal_and_handed_over():
    one = goal(">", 1e9, "件", VOLUME, text="业务总量突破10亿件")
    plan = propose(gap(VOLUME, 1e9, 1e8), goals=[one])
    assert plan.actions[0].title == "快递业务量达到10亿件：提出并落实措施"
    assert plan.unserved == ("快递业务量（业务总量突破10亿件）：没有可以由登记数据推算的措施，请责任单位提出。",)


def test_what_brands_can_mend_is_handed_over_brand_by_brand():
    measure = "delivered_within_48h_share"
    plan = propose(gap(measure, 0.9, 0.7, part(measure, 0.6, brand="青鸢"), part(measure, 0.8, brand="山雀")))
    assert [(a.brand, a.value) for a in plan.actions] == [("青鸢", 0.9), ("山雀", 0.9)]
    assert plan.actions[0].title == "青鸢：重点城市间48小时送达率从60%改进到90%"


def test_the_same_inputs_and_seed_give_the_same_plan():
    one = gap(DAYS, 3.0, 1.0, part(DAYS, 1.0, A), part(DAYS, 0.0, B))
    assert propose(one) == propose(one)


def test_without_gaps_there_is_nothing_to_do():
    assert propose() == Plan()


def test_missing_registers_mean_fewer_candidates_not_an_error():
    plan = propose_plan([gap(PARKS, 5.0, 1.0)], {}, programme(), seed=1, seconds=0.5)
    assert plan.unserved == ("再培育4个快递进厂重点园区：登记中没有候选，还缺4个，需先储备。",)


def test_rows_that_are_no_longer_valid_are_not_planned_with():
    gone = [{**row, "valid_to": date(2021, 1, 1)} if row["code"] == A else row for row in DIVISIONS]
    one = gap(DAYS, 3.0, 1.0, part(DAYS, 1.0, A), part(DAYS, 1.0, B))
    plan = propose_plan([one], registers(divisions=gone), programme(), seed=1, seconds=0.5, on=date(2021, 6, 30))
    assert [a.place for a in plan.actions] == [B]


def test_joined_plans_add_up_and_say_each_assumption_once():
    action = Action(
        id="A1", goal_id="G1", kind="factory", title="", place=None, measure=PARKS, comparator=">=", value=1.0
    )
    one = Plan(actions=(action,), weekly_cost_yuan=1.0, assumptions=("甲", "乙"), expected={PARKS: 1.0})
    other = Plan(weekly_cost_yuan=2.0, assumptions=("乙",), unserved=("丙",), expected={VOLUME: 2.0})
    joined = join_plans([one, other])
    assert joined == Plan(
        actions=(action,),
        weekly_cost_yuan=3.0,
        assumptions=("甲", "乙"),
        unserved=("丙",),
        expected={PARKS: 1.0, VOLUME: 2.0},
    )
