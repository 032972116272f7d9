import pytest

from posthouse.vocabulary.units import in_words, share_from_percent, to_base


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        ("14.5", "亿件", (1_450_000_000, "件")),
        ("1000", "万件/日", (10_000_000, "件/日")),
        (2, "万人", (20_000, "人")),
        (3, "‰", (0.3, "%")),
        (9, "成", (90, "%")),
        (30, "㎡", (30, "平方米")),
        (48, "小时", (48, "小时")),
    ],
)
def test_amounts_come_in_base_units(amount, unit, expected):
    assert to_base(amount, unit) == expected


def test_a_percentage_becomes_the_share_a_person_would_write():
    assert share_from_percent(99.9) == 0.999


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(0.953, "share", "95.3%"), (1_450_000_000, "件", "14.5亿件"), (4.2, "次/周", "4.2次/周"), (None, "家", "无数据")],
)
def test_figures_are_written_as_people_write_them(value, unit, words):
    assert in_words(value, unit) == words
