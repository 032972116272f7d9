import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.intake import RefusedError
from posthouse_web.programmes import queries
from posthouse_web.programmes.actions import confirm_version, correct_goal, read_in_force, receive_document
from posthouse_web.programmes.models import State, Version, VersionGoal

PLAN = """试市人民政府办公室关于印发试市快递业“两进一出”工程实施方案的通知

试政办发〔2021〕7号

一、工作目标
到2021年底，建制村每周投递5次以上，村级快递服务站覆盖率达到95%以上。
二、重点任务
（一）推进快递进村
1.建设村级服务站。（牵头单位：市邮政管理局；配合单位：市交通局）
到2022年底，智能快件箱投递率达到30%。
"""


def as_file(text=PLAN, name="方案.txt"):
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def version(people):
    return receive_document(people["office"], as_file())


def goal_of(version, words):
    return version.goals.get(text__contains=words)


def test_a_plan_dropped_in_is_read_and_waits_to_be_confirmed(version):
    assert version.state == State.DRAFT
    assert "两进一出" in version.title
    assert goal_of(version, "每周投递").value == 5
    assert "<mark" in version.marked


def test_a_corrected_and_confirmed_goal_is_what_the_next_run_measures(people, version):
    with pytest.raises(UnusableInputError, match="还没有确认过的方案"):
        read_in_force()
    correct_goal(people["office"], goal_of(version, "每周投递"), {"value": 3.0, "measure": "delivery_days_per_week"})
    confirm_version(people["office"], version)
    _path, document, programme = read_in_force()
    assert "试政办发" in document.text
    goal = next(goal for goal in programme.goals if "每周投递" in goal.text)
    assert (goal.value, goal.binding.measure) == (3.0, "delivery_days_per_week")


def test_a_goal_bound_to_another_measure_takes_over_that_measures_parameters(people, version):
    correct_goal(people["office"], goal_of(version, "覆盖率"), {"measure": "express_volume_growth"})
    confirm_version(people["office"], version)
    _path, _document, programme = read_in_force()
    binding = next(goal.binding for goal in programme.goals if "覆盖率" in goal.text)
    assert binding.measure == "express_volume_growth"
    assert "人工确定" in binding.note


def test_every_correction_is_kept_with_who_made_it(people, enter, version):
    goal = goal_of(version, "每周投递")
    form = {"indicator": goal.indicator, "comparator": ">=", "value": "3", "unit": goal.unit, "kind": "goal"}
    answer = enter("office").post(f"/programmes/{version.pk}/goals/{goal.goal_id}/", form)
    assert answer.status_code == 302
    entry = VersionGoal.objects.get(pk=goal.pk).history.first()
    assert (entry.value, entry.history_user) == (3.0, people["office"])


def test_a_correction_that_cannot_be_is_refused_in_words(enter, version):
    goal = goal_of(version, "每周投递")
    form = {"indicator": goal.indicator, "comparator": "range", "value": "5", "value_max": "3", "kind": "goal"}
    page = enter("office").post(f"/programmes/{version.pk}/goals/{goal.goal_id}/", form).content.decode()
    assert "上限不小于值" in page


def test_a_confirmed_version_cannot_be_changed(people, enter, version):
    confirm_version(people["office"], version)
    goal = goal_of(version, "每周投递")
    form = {"indicator": goal.indicator, "comparator": ">=", "value": "1", "kind": "goal"}
    assert "已经确认" in enter("office").post(f"/programmes/{version.pk}/goals/{goal.goal_id}/", form).content.decode()
    assert goal_of(version, "每周投递").value == 5


def test_the_next_version_keeps_what_was_corrected_and_says_what_is_different(people, version):
    correct_goal(people["office"], goal_of(version, "每周投递"), {"value": 4.0})
    confirm_version(people["office"], version)
    again = receive_document(people["office"], as_file(PLAN.replace("30%", "50%")))
    assert goal_of(again, "每周投递").value == 4
    assert any("保留人工改动" in change["message"] for change in again.facts["changes"])
    assert [kind for kind, message in queries.list_differences(again, version) if "50" in message] == ["raised"]
    confirm_version(people["office"], again)
    version.refresh_from_db()
    assert version.state == State.FORMER


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [("方案.exe", PLAN, "不是这里能读的"), ("方案.docx", PLAN, "不符"), ("空.txt", "", "空文件")],
)
def test_a_file_that_is_no_document_is_refused(people, name, text, words):
    with pytest.raises(RefusedError, match=words):
        receive_document(people["office"], as_file(text, name))


def test_a_document_without_any_goal_is_told_in_words_and_leaves_nothing(people, enter, settings):
    page = enter("office").post("/programmes/upload/", {"file": as_file("放假通知。\n")}, follow=True).content.decode()
    assert "没有读出任何量化目标" in page
    assert not Version.objects.exists()
    assert not list((settings.POSTHOUSE_OUT / "programmes").iterdir())


def test_only_the_office_drops_in_corrects_and_confirms(enter, version):
    client = enter("leader")
    assert client.post("/programmes/upload/", {"file": as_file()}).status_code == 403
    assert client.get(f"/programmes/{version.pk}/").status_code == 404
    assert client.post(f"/programmes/{version.pk}/confirm/").status_code == 404


def test_the_text_of_a_document_cannot_bring_its_own_markup(people, enter):
    made = receive_document(people["office"], as_file(PLAN + "<script>alert(1)</script>"))
    assert "<script>alert" not in enter("office").get(f"/programmes/{made.pk}/").content.decode()
