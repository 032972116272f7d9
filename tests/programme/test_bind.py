"""Goals find their measure by the catalogue's words and units, and say where they are unsure."""

from datetime import date

from posthouse.documents.read import read_document
from posthouse.programme.bind import bind_goals
from posthouse.programme.extract import extract_programme
from posthouse.vocabulary.definitions import MeasureDefinition
from tests.programme.texts import programme


def definition(measure: str, cues: tuple[str, ...], units: tuple[str, ...], **more: object) -> MeasureDefinition:
    return MeasureDefinition(
        id=measure,
        name_zh=cues[0],
        name_en=measure,
        unit="share",
        direction="up",
        numerator="分子",
        denominator="分母",
        grain="month",
        groups=(),
        tables=(),
        cues=cues,
        units_zh=units,
        valid_from=date(2018, 1, 1),
        **more,  # type: ignore[arg-type]
    )


CATALOGUE = (
    definition("village_days", ("进村投递", "每周投递"), ("次/周", "次"), anti_cues=("乡镇投递",)),
    definition("town_days", ("乡镇投递",), ("次/周", "次")),
    definition("volume", ("业务量",), ("件",)),
    definition("volume_growth", ("业务量翻番", "业务量增长"), ("倍", "%"), parameters=("base_year",)),
    definition("station_coverage", ("快递服务站",), ("%",)),
    definition("large_centres", ("分拨中心",), ("个",), parameters=("area_m2",)),
    definition("fast", ("小时送达",), ("小时",), parameters=("limit_hours",)),
    definition("rich", ("收入超亿元企业",), ("家",), parameters=("revenue_yuan",)),
)


def bound(text: str) -> list[tuple[str | None, dict[str, object]]]:
    goals = bind_goals(programme(f"一、工作目标\n到2025年，{text}"), CATALOGUE).goals
    return [(g.binding.measure, dict(g.binding.parameters)) for g in goals if g.kind not in ("qualifier", "external")]


def test_the_longest_cue_with_the_right_unit_wins():
    assert bound("乡镇投递每周5次以上、进村投递3次以上。") == [("town_days", {}), ("village_days", {})]


def test_an_anti_cue_in_the_goals_own_words_rules_a_measure_out():
    assert bound("每周乡镇投递5次以上。") == [("town_days", {})]


def test_a_growth_and_a_level_are_different_measures():
    assert bound("业务量突破10亿件，业务量较2019年翻番。") == [("volume", {}), ("volume_growth", {"base_year": 2019})]


def test_a_growth_without_base_year_takes_the_year_before_the_document_and_says_so():
    goal = bind_goals(programme("一、工作目标\n到2025年，业务量增长20%。"), CATALOGUE).goals[0]
    assert goal.binding.parameters == {"base_year": 2020}
    assert "没有写基年" in goal.binding.note


def test_qualifiers_and_limits_become_parameters():
    assert bound("超过1万平方米分拨中心6个。") == [("large_centres", {"area_m2": 10000})]
    assert bound("主要城市间48小时送达。") == [("fast", {"limit_hours": 48})]
    assert bound("年业务收入超亿元企业达到15家。") == [("rich", {"revenue_yuan": 100_000_000})]


def test_the_wrong_unit_leaves_a_goal_unbound_with_what_is_missing():
    goal = bind_goals(programme("一、工作目标\n到2025年，新建公园5座。"), CATALOGUE).goals[0]
    assert goal.binding.measure is None
    assert "公园" in goal.binding.note
    assert "目录" in goal.binding.note


def test_two_measures_alike_are_told():
    twins = (definition("one", ("开放日",), ("次",)), definition("two", ("开放日",), ("次",)))
    goal = bind_goals(programme("一、工作目标\n到2025年，举办开放日5次。"), twins).goals[0]
    assert (goal.binding.measure, goal.binding.runner_up) == ("one", "two")
    assert "请确认" in goal.binding.note


def test_external_figures_and_qualifiers_are_not_bound():
    text = "一、重点任务\n全省新增1000个快递服务站。"
    assert [g.binding.measure for g in bind_goals(programme(text), CATALOGUE).goals] == [None]


def test_an_uncomputed_measure_says_what_it_needs():
    catalogue = (definition("later", ("开放日",), ("次",), computed=False, needs="活动台账"),)
    goal = bind_goals(programme("一、工作目标\n到2025年，举办开放日5次。"), catalogue).goals[0]
    assert "活动台账" in goal.binding.note


def test_every_goal_of_the_five_plans_is_bound_by_the_catalogue(shared):
    # The catalogue lies above this room; the five plans are what it was written for.
    from posthouse.measures.catalogue import all_definitions

    for plan in ("yiwu", "zhoushan", "hangzhou", "taizhou", "jinjiang"):
        read = extract_programme(read_document(shared / "plans" / f"{plan}.txt"))
        for goal in bind_goals(read, all_definitions()).goals:
            if goal.kind not in ("qualifier", "external"):
                assert goal.binding.measure, (plan, goal.text, goal.binding.note)
