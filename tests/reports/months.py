"""A small month for the report tests: two villages, one of them short, one false declaration, one route."""

from datetime import date

from posthouse.assignments.model import Assignment, Condition, Verdict
from posthouse.diagnosis.model import Assessment, Discrepancy, Gap
from posthouse.measures.model import Measurement
from posthouse.planning.model import Action, Plan, Route, StationProposal, Visit
from posthouse.programme.model import Binding, DocumentFacts, Goal, Programme, Task
from posthouse.reports.model import MonthReport, Place
from posthouse.vocabulary.findings import Finding, Severity
from posthouse.vocabulary.periods import parse_period
from posthouse.vocabulary.sources import Run, Source

JUNE = parse_period("2021-06")
SOURCE = Source(document="试政办〔2021〕1号", clause="二", span=(10, 20))
MEASURE = "delivery_days_per_week"


def small_month(**changes) -> MonthReport:
    goal = Goal(
        id="G1",
        text="每周投递5次以上",
        source=SOURCE,
        indicator="建制村每周投递次数",
        comparator=">=",
        value=5,
        unit="次/周",
        deadline=date(2021, 12, 31),
        binding=Binding(measure=MEASURE, score=0.9),
    )
    city = _measured(3.5, 210, 60)
    short = _measured(2.1, 63, 30, place="339801101201")
    values = {
        "programme": Programme(
            document=DocumentFacts(title="试市快递业“两进一出”工程实施方案", number="试政办〔2021〕1号"),
            goals=(goal,),
            tasks=(
                Task(
                    id="K1",
                    path="三/（一）/1",
                    title="推进快递进村",
                    text="",
                    source=SOURCE,
                    lead_units=("市邮政管理局",),
                    support_units=("市交通局",),
                ),
            ),
        ),
        "period": JUNE,
        "run": Run(id="20210701-000000-abcdef12", version="0.1.0", seed=1),
        "assessments": (
            Assessment(
                goal=goal,
                measurement=city,
                target=5.0,
                status="behind",
                forecast=3.9,
                why="平均每周投递3.5次，低于5次。",
            ),
        ),
        "gaps": (Gap(goal_id="G1", measure=MEASURE, target=5.0, value=3.5, shortfall=1.5, items=(short,)),),
        "plan": Plan(
            stations=(
                StationProposal(
                    village="339801101201",
                    village_name="上坞村",
                    host_kind="文化礼堂",
                    host_name="上坞文化礼堂",
                    reason="村内唯一可用场所",
                    cost_yuan_per_year=3600,
                ),
            ),
            routes=(
                Route(
                    weekday=1,
                    vehicle="V1",
                    depot="O1",
                    visits=(
                        Visit(village="339801101201", village_name="上坞村", arrive_min=570, parcels=12),
                        Visit(village="339801101202", village_name="下坞村", arrive_min=600, parcels=8),
                    ),
                    distance_km=21.5,
                    duration_min=80,
                    cost_yuan=95,
                ),
            ),
            actions=(
                Action(
                    id="A1",
                    goal_id="G1",
                    kind="visits",
                    title="每周投递增至5天",
                    place="339801101201",
                    measure=MEASURE,
                    comparator=">=",
                    value=5,
                ),
            ),
            weekly_cost_yuan=95,
            weekly_distance_km=21.5,
        ),
        "assignments": (
            Assignment(
                id="A1",
                title="每周投递增至5天",
                goal_id="G1",
                task="三/（一）/1",
                lead_units=("市邮政管理局",),
                support_units=("市交通局",),
                place="339801101201",
                place_name="岭上镇上坞村",
                issued_on=date(2021, 7, 1),
                due_on=date(2021, 7, 31),
                closes_when=Condition(measure=MEASURE, comparator=">=", value=5, place="339801101201"),
            ),
        ),
        "verdicts": (
            Verdict(assignment_id="A0", period=JUNE, before="open", after="closed", value=5.1, why="每周5.1次。"),
        ),
        "discrepancies": (
            Discrepancy(
                declaration_id="D1",
                unit="岭上镇",
                measure=MEASURE,
                place="339801101201",
                brand=None,
                period=JUNE,
                declared=5,
                observed=2.1,
                explanation="自报每周5次；当月只有9天有快件到村，折合每周2.1次。",
            ),
        ),
        "findings": (
            Finding(
                code="supervision.dead_xray",
                severity=Severity.ERROR,
                message="甲网点安检机登记联网，当月没有过机图像。",
            ),
        ),
        "places": {
            place.code: place
            for place in (
                Place(code="339801101000", name="岭上镇", kind="town", lon=119.0, lat=29.0),
                Place(code="339801101201", name="上坞村", kind="administrative_village", lon=119.01, lat=29.02),
                Place(code="339801101202", name="下坞村", kind="administrative_village", lon=119.03, lat=29.01),
                Place(code="339801101203", name="远坞村", kind="administrative_village", lon=None, lat=None),
            )
        },
        "village_days": {"339801101201": short, "339801101202": _measured(4.9, 147, 30, place="339801101202")},
        "stations": frozenset({"339801101202"}),
    }
    return MonthReport(**{**values, **changes})


def _measured(value, numerator, denominator, place=None):
    return Measurement(
        measure=MEASURE,
        period=JUNE,
        place=place,
        value=value,
        numerator=numerator,
        denominator=denominator,
        coverage=1.0,
        unit="次/周",
    )
