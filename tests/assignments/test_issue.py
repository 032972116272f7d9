from dataclasses import replace
from datetime import date

from posthouse.assignments.issue import find_programme_lead, issue_assignments
from posthouse.assignments.model import Condition
from posthouse.planning.model import Action, Plan
from posthouse.programme.model import DocumentFacts, Programme
from posthouse.vocabulary.periods import parse_period
from tests.assignments.test_match import TASKS, task
from tests.diagnosis.values import goal, programme

JUNE = parse_period("2021-06")
VILLAGE = "339900101201"


def action(number=1, **more):
    fields = {
        "id": f"A{number}",
        "goal_id": "G1",
        "kind": "delivery",
        "title": "石村每周投递5次",
        "place": VILLAGE,
        "place_name": "东镇石村",
        "measure": "delivery_days_per_week",
        "comparator": ">=",
        "value": 4.5,
    }
    return Action(**{**fields, **more})


def issue(*actions, one=None, standing=(), tasks=TASKS):
    one = one or goal(">=", 5, "次/周", text="实现平均每周投递5次以上", indicator="建制村平均每周投递次数")
    return issue_assignments(Plan(actions=actions), programme(one, tasks=tasks), JUNE, standing=standing)


def test_an_assignment_has_the_units_of_its_task_and_the_condition_of_its_action():
    units = {"leads": ("各镇街", "邮政管理局"), "supports": ("交通局", "邮政管理局")}
    tasks = (task("三/（一）/1", "推动快递进村", "建制村投递", **units),)
    (found,) = issue(action(), tasks=tasks)
    assert (found.task, found.lead_units, found.support_units) == ("三/（一）/1", ("各镇街", "邮政管理局"), ("交通局",))
    assert found.closes_when == Condition(measure="delivery_days_per_week", comparator=">=", value=4.5, place=VILLAGE)
    assert (found.place, found.place_name, found.state) == (VILLAGE, "东镇石村", "open")


def test_it_is_issued_on_the_day_after_the_month_and_due_on_the_goal_s_deadline():
    (found,) = issue(action())
    assert (found.issued_on, found.due_on) == (date(2021, 7, 1), date(2021, 12, 31))


def test_past_its_deadline_it_is_due_at_the_end_of_the_next_month():
    (found,) = issue(action(), one=goal(">=", 5, "次/周", deadline=date(2021, 6, 30)))
    assert found.due_on == date(2021, 7, 31)


def test_without_a_deadline_it_is_due_at_the_end_of_the_next_month():
    (found,) = issue(action(), one=goal(">=", 5, "次/周", deadline=None))
    assert found.due_on == date(2021, 7, 31)


def test_what_stands_already_is_not_issued_again_and_keeps_its_state():
    (before,) = issue(action())
    standing = (replace(before, state="relapsed"),)
    found = issue(action(), action(2), standing=standing)
    assert [(a.id, a.state) for a in found] == [("A1", "relapsed"), ("A2", "open")]


def test_an_assignment_whose_action_is_gone_still_stands():
    standing = issue(action())
    assert issue(action(2), standing=standing)[0] == standing[0]


def test_an_action_named_twice_is_issued_once():
    assert len(issue(action(), action())) == 1


def test_without_a_matching_task_the_programme_s_lead_answers():
    tasks = (task("三", "推动快递出海", leads=("商务局",), supports=("市邮政管理局",)),)
    (found,) = issue(action(kind="follow_up", measure="staff_count"), one=goal(">=", 2, "人", text="就业"), tasks=tasks)
    assert (found.task, found.lead_units, found.support_units) == ("", ("市邮政管理局",), ())


def test_the_lead_is_the_postal_administration_that_leads_most_tasks():
    tasks = (task("一", "甲", leads=("经信局",)), task("二", "乙", leads=("经信局", "晋江邮政管理局")))
    assert find_programme_lead(programme(tasks=tasks)) == "晋江邮政管理局"


def test_without_a_postal_administration_the_commonest_lead_answers():
    tasks = (task("一", "甲", leads=("经信局",)), task("二", "乙", leads=("商务局", "经信局")))
    assert find_programme_lead(programme(tasks=tasks)) == "经信局"


def test_without_any_unit_the_issuer_answers():
    assert find_programme_lead(Programme(document=DocumentFacts(issuer="某市人民政府办公室"))) == "某市人民政府办公室"
