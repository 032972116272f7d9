"""Numbered provisions become a tree; what only looks like a number does not."""

import pytest

from posthouse.documents.numerals import parse_numeral, write_numeral
from posthouse.documents.read import read_text


def read(text):
    return read_text(text, name="plan.txt")[0]


def titles(text):
    return {provision.path: provision.title for provision in read(text).walk()}


def codes(text):
    return [finding.code for finding in read(text).findings]


def test_sections_items_and_points_nest():
    found = titles(
        "一、任务\n（一）建站。选址。\n1. 进村。\n说明。\n（1）站点\n①选址\n说明。\n2．进厂。\n说明。\n二、保障\n说明。"
    )
    assert found == {
        "一": "任务",
        "一/（一）": "建站",
        "一/（一）/1": "进村",
        "一/（一）/1/（1）": "站点",
        "一/（一）/1/（1）/①": "选址",
        "一/（一）/2": "进厂",
        "二": "保障",
    }


def test_chapters_and_articles_nest():
    found = titles(
        "第一章 总则\n第一条 为了规范，制定本办法。\n第二条 适用全市。\n第二章 附则\n第三条 自2021年1月1日起施行。"
    )
    assert list(found) == ["第一章", "第一章/第一条", "第一章/第二条", "第二章", "第二章/第三条"]
    assert found["第一章"] == "总则"


def test_labels_written_in_other_ways_are_labels():
    found = titles("一.任务\n1、建站\n1）选址。\n2）布点。\n2、联网\n说明。\n二.保障\n㈠领导\n说明。")
    assert list(found) == ["一", "一/1", "一/1/1）", "一/1/2）", "一/2", "二", "二/（一）"]


def test_numbering_runs_on_across_sections():
    found = titles(
        "一、任务\n（一）甲类。\n1.建站。说明。\n2.建点。说明。\n（二）乙类。\n3.联网。说明。\n4.考核。说明。"
    )
    assert list(found)[-3:] == ["一/（二）", "一/（二）/3", "一/（二）/4"]


def test_annexes_begin_anew():
    plan = "一、任务\n说明。\n二、保障\n说明。\n附件：1.名单\n2.分工\n"
    text = plan + "附件1\n名单\n一、组长\n甲一\n附件2\n分工\n一、任务\n说明。"
    found = titles(text)
    assert list(found) == ["一", "二", "附件1", "附件1/一", "附件2", "附件2/一"]
    assert found["附件1"] == "名单"


def test_a_title_ends_at_the_first_sentence_end():
    provision = next(read("一、建设站点。依托村邮站建设。").walk())
    assert provision.title == "建设站点"
    assert read("一、建设站点。依托村邮站建设。").reading[provision.body_start :] == "依托村邮站建设。"


def test_an_item_that_is_one_long_sentence_has_no_title():
    sentence = "到2022年底，快递业务量突破十亿件，" + "建成分拨中心，" * 6 + "服务网点突破一千家。"
    text = f"一、目标\n1.{sentence}\n2.其他。"
    assert titles(text)["一/1"] == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "推进一、二、三产业融合。",
        "达到1.5亿件。",
        "见本方案（二）项。",
        "规划形成布局（1个中心、2个园区）。",
        "按照第三条的规定办理。",
        "于2020.12.1印发。",
        "第一，建站；第二，联网。",
    ],
)
def test_what_only_looks_like_a_label_is_text(sentence):
    assert list(titles(f"一、任务\n（一）说明。{sentence}\n二、保障\n说明。")) == ["一", "一/（一）", "二"]


def test_a_number_left_out_is_told_and_the_provision_kept():
    text = "一、甲\n说明。\n二、乙\n说明。\n四、丁\n说明。"
    assert list(titles(text)) == ["一", "二", "四"]
    found = next(finding for finding in read(text).findings if finding.code == "documents.label_out_of_sequence")
    assert read(text).text[slice(*found.span)] == "四、"


def test_the_closing_lines_belong_to_no_provision():
    text = (
        "一、任务\n（一）建站。依托村邮站。\n本方案自发布之日起施行。\n抄送：市委。\n甲州市人民政府\n2021年3月8日印发"
    )
    last = list(read(text).walk())[-1]
    assert read(text).reading[last.start : last.end] == "（一）建站。依托村邮站。"


def test_a_table_of_contents_is_no_tree():
    text = "目录\n一、总体要求……1\n二、工作任务……2\n甲州市方案\n一、总体要求\n说明。\n二、工作任务\n说明。"
    assert list(titles(text)) == ["一", "二"]


def test_a_table_of_contents_with_chapters_is_no_tree():
    contents = "甲市办法\n目  录\n第一章　总则\n第二章　附则\n"
    text = contents + "第一章　总　则\n第一条　为了规范。\n第二章　附　则\n第二条　即日施行。"
    assert list(titles(text)) == ["第一章", "第一章/第一条", "第二章", "第二章/第二条"]


def test_a_list_inside_a_sentence_counts_where_it_counts_on():
    text = "一、任务\n（一）建站。包括：（1）选址；（2）布点；（3）验收。\n二、保障\n见前述（1）。"
    assert list(titles(text)) == ["一", "一/（一）", "一/（一）/（1）", "一/（一）/（2）", "一/（一）/（3）", "二"]


def test_numbered_items_of_the_notice_stand_apart_from_the_plan():
    text = (
        "甲州市政府关于印发甲州市实施方案的通知\n各县人民政府：\n一、提高认识。说明。\n二、抓好落实。说明。\n甲州市政府\n2021年1月2日\n"
        "甲州市实施方案\n一、目标\n说明。\n二、任务\n说明。"
    )
    assert list(titles(text)) == ["通知/一", "通知/二", "一", "二"]
    assert str(read(text).issued_on) == "2021-01-02"


def test_an_annex_without_its_mark_is_still_told_from_the_plan():
    text = "一、目标\n说明。\n二、任务\n说明。\n分工表\n一、进村\n说明。\n二、进厂\n说明。"
    assert list(titles(text)) == ["一", "二", "附件", "附件/一", "附件/二"]


@pytest.mark.parametrize("separator", ["", " "])
def test_a_tree_survives_the_loss_of_all_line_breaks(separator):
    lines = [
        "甲州市快递进村实施方案",
        "一、工作目标",
        "到2022年底，建制村快递服务站覆盖率达到95%，每周投递5次以上，农村快递服务质量明显提高，群众满意。",
        "二、工作任务",
        "（一）建设站点。" + "依托村邮站、供销社等建设快递服务站。" * 14,
        "（二）推广合作。" + "推广邮快合作、交快合作。" * 14,
        "三、保障措施",
        "（一）加强组织领导",
        "成立领导小组，" + "统筹推进各项工作，" * 5 + "确保落实。",
        "（二）强化监督考核",
        "每季度通报一次，" + "结果纳入年度考核，" * 5 + "确保落实。",
    ]
    whole, run_on = "\n".join(lines), separator.join(lines)
    assert titles(run_on) == titles(whole)
    assert "documents.breaks_restored" in codes(run_on)
    assert "documents.breaks_restored" not in codes(whole)


@pytest.mark.parametrize(
    "text", ["", "床前无名诗，写来作测试。\n二行也无题。", "name,value\na,1\nb,2\n", "。。。", "\x00\x01"]
)
def test_a_text_without_provisions_says_so(text):
    assert read(text).provisions == ()
    assert codes(text) == ["documents.no_provisions"]


def test_two_documents_in_one_file_are_told_apart():
    one = "甲政发〔2020〕1号\n关于印发甲方案的通知\n各县：\n甲方案\n一、目标\n说明。\n二、任务\n说明。\n"
    two = one.replace("甲", "乙").replace("1号", "2号")
    first, second = read_text(one + two, name="both.txt")
    assert (first.number, second.number) == ("甲政发〔2020〕1号", "乙政发〔2020〕2号")
    assert [provision.path for provision in second.walk()] == ["一", "二"]
    place = second.provisions[0]
    start, end = second.span(place.start, place.start + 4)
    assert (one + two)[start:end] == "一、目标"
    assert start > len(one)


@pytest.mark.parametrize("number", [1, 9, 10, 11, 19, 20, 21, 99, 100, 101, 110, 111, 999, 1000, 1010, 9999])
def test_numerals_are_read_as_they_are_written(number):
    assert parse_numeral(write_numeral(number)) == number
