from posthouse.assignments.match import TaskMatcher
from posthouse.planning.model import Action
from posthouse.programme.model import Task
from posthouse.vocabulary.sources import Source
from tests.diagnosis.values import goal, programme


def task(path, title, text="", leads=("邮政管理局",), supports=()):
    source = Source(document="文", clause=path, span=(0, 1))
    return Task(id=path, path=path, title=title, text=text, source=source, lead_units=leads, support_units=supports)


TASKS = (
    task("三/（一）/1", "构建可持续发展的进村寄递渠道", "引导各寄递企业开展快快、邮快合作，建立快递进村寄递渠道"),
    task("三/（一）/2", "健全乡村快递服务基础设施建设", "利用建制村党群服务中心、村邮站等，建设农村快递服务站点"),
    task("三/（二）/1", "培育快递加企业服务样板", "让快递走进制造企业，提供入厂物流，降低制造业物流成本"),
    task("三/（二）/2", "推进快递进园行动", "在电商园、小微企业园等园区配套建设快递服务设施"),
    task("三/（三）", "扩大国际通道，推动快递出海", "跨境电商、国际货运航线、海外仓"),
    task("四/（一）", "加强组织领导", leads=()),
)


def find(kind, measure, one, tasks=TASKS):
    action = Action(
        id="A1", goal_id=one.id, kind=kind, title="", place=None, measure=measure, comparator=">=", value=1.0
    )
    found = TaskMatcher(programme(one, tasks=tasks)).find_task(action)
    return found.path if found else None


def test_deliveries_go_to_the_task_on_village_channels():
    one = goal(">=", 5, "次/周", text="实现平均每周投递5次以上", indicator="建制村平均每周投递次数")
    assert find("delivery", "delivery_days_per_week", one) == "三/（一）/1"


def test_stations_go_to_the_task_on_village_facilities():
    one = goal("=", 100, "%", text="建制村快递服务站实现全覆盖", indicator="建制村快递服务站覆盖率")
    assert find("station", "village_station_coverage", one) == "三/（一）/2"


def test_parks_go_to_the_task_on_parks():
    assert (
        find("factory", "key_parks", goal("=", 5, "个", text="5个重点园区", indicator="快递进厂重点园区数"))
        == "三/（二）/2"
    )


def test_channels_go_overseas():
    one = goal(">=", 3, "条", text="国际货运通道3条", indicator="国际货运通道数")
    assert find("overseas", "open_channels", one) == "三/（三）"


def test_a_goal_inside_a_task_s_clause_belongs_to_that_task():
    one = goal(">=", 1, "个", text="打造1个示范园区", clause="三/（三）/2")
    assert find("factory", "demonstration_parks", one) == "三/（三）"


def test_a_clause_that_only_begins_with_the_same_characters_is_another():
    tasks = (task("三/1", "快递出海"), task("三/11", "快递进厂"))
    one = goal(">=", 1, "个", text="", clause="三/11")
    assert find("follow_up", "staff_count", one, tasks) == "三/11"


def test_a_task_without_units_is_never_chosen():
    one = goal(">=", 1, "次/月", text="加强组织领导", indicator="加强组织领导")
    assert find("follow_up", "task_force_meetings_per_month", one) != "四/（一）"


def test_where_no_words_are_shared_no_task_is_found():
    assert find("follow_up", "staff_count", goal(">=", 2, "人", text="吸纳就业")) is None


def test_a_programme_without_tasks_matches_nothing():
    assert find("station", "village_station_coverage", goal("=", 1, "%"), ()) is None


def test_a_task_named_by_the_plan_is_taken():
    one = goal("=", 5, "个", text="5个重点园区")
    action = Action(
        id="A1",
        goal_id="G1",
        kind="factory",
        title="",
        place=None,
        measure="key_parks",
        comparator=">=",
        value=1.0,
        task_id="三/（三）",
    )
    assert TaskMatcher(programme(one, tasks=TASKS)).find_task(action).path == "三/（三）"
