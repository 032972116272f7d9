"""Numbers with their units, in the base unit."""

import pytest

from posthouse.programme.quantities import find_quantities, mask_names, parse_spelled


def read(text):
    return [(q.value, q.value_max, q.unit) for q in find_quantities(mask_names(text))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("业务量突破14.5亿件", (1_450_000_000, None, "件")),
        ("转运能力1000万件/日", (10_000_000, None, "件/日")),
        ("建成5,000个", (5000, None, "个")),
        ("比例达95.5%", (95.5, None, "%")),
        ("控制在0.9‰以内", (0.9, None, "‰")),
        ("打造1—2家", (1, 2, "家")),
        ("引进5至8个", (5, 8, "个")),
        ("占比20%-30%", (20, 30, "%")),
        ("投资3—5亿元", (300_000_000, 500_000_000, "元")),
        ("培训100余人", (100, None, "人")),
        ("完成约8万台（套）", (80_000, None, "台（套）")),
        ("N个服务区", (None, None, "个")),
        ("百分之八十五", (85, None, "%")),
        ("三分之二以上", (66.67, None, "%")),
        ("一半以上的村", (50, None, "%")),
        ("占比超过七成，", (70, None, "%")),
        ("三个工作组", (3, None, "个")),
        ("二十五家", (25, None, "家")),
        ("指数达到125，", (125, None, "")),
    ],
)
def test_a_figure_is_read_in_its_base_unit(text, wanted):
    assert read(text) == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "到2025，",
        "5G基站",
        "第三方平台",
        "三农工作",
        "PM2.5浓度",
        "G60走廊",
        "1:30",
        "十四届三中",
        "二次收费",
        "电话13800000",
    ],
)
def test_digits_in_names_and_dates_are_no_figures(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "value"), [("十", 10), ("二十", 20), ("一百零五", 105), ("两千", 2000), ("三万五千", 35000)]
)
def test_chinese_numerals_are_numbers(text, value):
    assert parse_spelled(text) == value


def test_words_are_no_number():
    assert parse_spelled("三个") is None


def test_masking_keeps_the_length():
    text = "《方案（2021—2023年）》和“9610”业务10万件"
    assert len(mask_names(text)) == len(text)
    assert read(text) == [(100_000, None, "件")]
