"""The comparator comes from the words on either side of the number."""

import pytest

from tests.programme.texts import figures


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("覆盖率不低于90%", (">=", 90, "%")),
        ("覆盖率达90%以上", (">=", 90, "%")),
        ("覆盖率超过90%", (">", 90, "%")),
        ("覆盖率达到100%", ("=", 100, "%")),
        ("培育企业10家左右", ("~=", 10, "家")),
        ("漏损率控制在9%以内", ("<=", 9, "%")),
        ("漏损率低于9%", ("<", 9, "%")),
        ("能耗下降13.5%", ("reduction", 13.5, "%")),
        ("能耗降至13.5%", ("<=", 13.5, "%")),
        ("产值增长8%以上", ("growth", 8, "%")),
        ("产值年均增长8%以上", ("growth", 8, "%/年")),
        ("产值增长到80亿元", (">=", 8_000_000_000, "元")),
        ("保持6%以上的年均增速", ("growth", 6, "%")),
        ("产值增长1.5倍", ("growth", 150, "%")),
        ("产值实现翻番", ("growth", 2, "倍")),
        ("占比提高3个百分点", ("growth", 3, "个百分点")),
        ("至少建成2个中心", (">=", 2, "个")),
        ("不低于总数的30%", (">=", 30, "%")),
        ("接待游客100余万人次", (">", 1_000_000, "人次")),
        ("新增就业100多人", (">", 100, "人")),
    ],
)
def test_a_wording_gives_its_comparator(text, wanted):
    assert figures(f"一、工作目标\n到2025年，{text}。") == [wanted]


def test_words_that_only_start_like_a_comparator_say_nothing():
    assert figures("一、工作目标\n到2025年，建成5个内部食堂。") == [("=", 5, "个")]


def test_a_list_of_numbers_shares_the_comparator_on_either_end():
    text = "一、工作目标\n到2025年，甲、乙、丙覆盖率分别达到60%、70%和80%以上。"
    assert figures(text) == [(">=", 60, "%"), (">=", 70, "%"), (">=", 80, "%")]
