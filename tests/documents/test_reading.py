"""Layout goes, words stay, and every character of the reading knows its place in the file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.documents.characters import unify_marks
from posthouse.documents.reading import break_at, normalise

CHARACTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "Z", "Cc", "S"))
CHINESE = st.text(
    st.sampled_from('甲乙快递进村一二三四十（）()、。，：；１2 　\n\r\t.附件第章条年月日〔〕《》“”"<>件-—')
)


def content(text: str) -> str:
    return normalise(text).content


def test_a_word_cut_by_a_page_break_is_joined():
    cut = "发挥快递业发展优势，推动快递业集聚发\n\n展，加强市\n\n市场监管局的监管。"
    assert content(cut) == "发挥快递业发展优势，推动快递业集聚发展，加强市市场监管局的监管。"


def test_a_bracket_broken_over_paragraphs_is_joined():
    cut = "建设站点。（责任单位：市邮政管理局、\n\n市商务局)\n\n二、工作任务"
    assert content(cut) == "建设站点。（责任单位：市邮政管理局、市商务局）\n二、工作任务"


def test_a_heading_stays_a_paragraph_of_its_own():
    assert content("二、工作目标\n到2021年底，全部覆盖。") == "二、工作目标\n到2021年底，全部覆盖。"


def test_paragraphs_that_end_a_sentence_stay_apart():
    assert content("加强领导。\n\n强化考核。") == "加强领导。\n强化考核。"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("提升至 1000 万件", "提升至1000万件"),
        ("到 2035 年", "到2035年"),
        ("丁 一（市局）", "丁一（市局）"),
        ("组　　长：甲一", "组长：甲一"),
        ("１２．５％", "12.5%"),
        ("[责任单位：市局]", "（责任单位：市局）"),
        ("甲政办[2020]9号", "甲政办〔2020〕9号"),
        ("甲政办（2020）9号", "甲政办〔2020〕9号"),
        ("各县<市、区>政府", "各县‹市、区›政府"),
        ("网络,搭建网点;推进", "网络，搭建网点；推进"),
        ("增长1,000件", "增长1,000件"),
        ('推进"快递进村"', "推进“快递进村”"),
        ("⼀、⼯作⽬标，⼈⺠", "一、工作目标，人民"),
        ("GPS card 2", "GPS card 2"),
        ("快\u200b递\ufeff进村", "快递进村"),
    ],
)
def test_one_thing_is_written_one_way(written, read):
    assert content(written) == read


def test_lines_of_a_list_of_members_stay_lines():
    lines = "成 员：乙二（市商务局）\n丙三（市财政局）\n丁 四（邮政公司）\n职 责：统筹推进。"
    assert content(lines).split("\n") == [
        "成员：乙二（市商务局）",
        "丙三（市财政局）",
        "丁四（邮政公司）",
        "职责：统筹推进。",
    ]


def test_cells_of_a_table_one_per_line_stay_lines():
    assert content("序号\n任务\n责任单位\n1\n建设站点\n市商务局") == "序号\n任务\n责任单位\n1\n建设站点\n市商务局"


@pytest.mark.parametrize("mark", ["- 3 -", "— 3 —", "－3－", "第 3 页", "第3页 共9页", "3/9"])
def test_a_page_number_in_the_middle_of_a_sentence_goes(mark):
    assert content(f"依托村邮站和供销社建设快递服务站，推动快递\n\n{mark}\n\n进村。") == (
        "依托村邮站和供销社建设快递服务站，推动快递进村。"
    )


def test_bare_page_numbers_go_where_they_count_pages():
    page = "依托村邮站建设站点。" * 30
    assert content(f"{page}\n1\n{page}\n2\n{page}") == "\n".join([page] * 3)


def test_running_heads_of_pages_go():
    pages = [f"政府信息公开\n第{i}段的文字在这里说完。" for i in (11, 12, 13)]
    assert content("\n\f\n".join(pages)) == "\n".join(f"第{i}段的文字在这里说完。" for i in (11, 12, 13))


def test_wrapped_lines_are_joined_and_paragraphs_are_not():
    first = "依托村邮站、供销社等现有设施建设快递服务站，" * 4 + "实现全部覆盖。"
    second = "推广邮快合作，" * 12 + "完成任务。"
    lines = []
    for paragraph in (first, second, first):
        lines += [paragraph[i : i + 20] for i in range(0, len(paragraph), 20)]
    assert content("\n".join(lines)) == "\n".join([first, second, first])


def test_a_title_on_several_lines_is_one_title():
    assert content("甲州市人民政府关于印发\n甲州市快递进村\n实施方案的通知\n\n各县人民政府：").split("\n") == [
        "甲州市人民政府关于印发甲州市快递进村实施方案的通知",
        "各县人民政府：",
    ]


def test_markdown_marks_are_layout():
    marked = "# 甲州市方案\n\n## 一、**目标**\n\n- 覆盖率95%。\n"
    assert normalise(marked, markdown=True).content == "甲州市方案\n一、目标\n覆盖率95%。"


def test_breaks_are_put_in_with_the_place_of_the_character_before():
    reading = break_at(normalise("甲。乙"), [2])
    assert reading.content == "甲。\n乙"
    assert reading.offsets == (0, 1, 1, 2, 3)


def test_unifying_marks_keeps_the_length():
    for text in ("各县<市>", '说"好"', "甲〔乙〕丙", "甲,乙"):
        assert len(unify_marks(text)) == len(text)


@given(st.one_of(st.text(CHARACTERS), CHINESE), st.booleans())
@settings(deadline=None)
def test_any_text_is_read_and_every_character_has_its_place(text, markdown):
    reading = normalise(text, markdown=markdown)
    assert len(reading.offsets) == len(reading.content) + 1
    assert all(a <= b for a, b in zip(reading.offsets, reading.offsets[1:], strict=False))
    assert 0 <= reading.offsets[-1] <= len(text)


@given(CHINESE)
@settings(deadline=None)
def test_a_chinese_character_of_the_reading_stands_at_its_place(text):
    reading = normalise(text)
    for character, place in zip(reading.content, reading.offsets, strict=False):
        if character in "甲乙快递进村一二三四十附件第章条年月日":
            assert text[place] == character


@given(CHINESE)
@settings(deadline=None)
def test_a_reading_has_no_empty_paragraphs(text):
    assert "\n\n" not in content(text)
    assert content(text) == content(text).strip("\n")
