"""No text makes the reading fail, and time grows with length, not faster."""

import doctest
import importlib
import pkgutil
import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import posthouse.programme
from posthouse.programme.exchange import programme_from_toml, programme_to_json, programme_to_toml
from posthouse.programme.extract import extract_programme
from posthouse.programme.review import render_review
from posthouse.programme.scan import Scan
from tests.programme.texts import document

PIECES = st.sampled_from(
    [
        *(
            "到2025年",
            "，",
            "。",
            "、",
            "；",
            "\n",
            "：",
            "（",
            "）",
            "“",
            "”",
            "《",
            "》",
            "一、",
            "（一）",
            "1.",
            "——",
        ),
        *("5", "100", "1—2", "14.5", "万", "亿", "%", "个", "家", "件", "次", "元", "公里", "N个", "三个", "一次", "/"),
        *(
            "达到",
            "不低于",
            "以上",
            "以内",
            "增长",
            "下降",
            "翻番",
            "分别",
            "均",
            "年均",
            "较2019年",
            "全覆盖",
            "全部实现",
        ),
        *(
            "建成",
            "培育",
            "新增",
            "每周",
            "每季度",
            "每百户",
            "召开",
            "例会",
            "每月底前报送",
            "目标",
            "任务",
            "责任单位：",
        ),
        *(
            "市商务局",
            "各县（市、区）政府",
            "▲",
            "牵头",
            "配合",
            "组长：",
            "成员：",
            "应配置",
            "补助",
            "目前",
            "全国",
            "比例",
        ),
        *("和", "及", "的", "企业", "园区", "网点", "覆盖率", "\u3000", " ", "\x00", "😀"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))


@given(TEXTS)
@example("每周召开")
@example("每月召开一次。定期报告")
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_programme_that_can_be_written_and_read(text):
    plan = document(text or "空", issued_on=date(2021, 1, 1))
    programme = extract_programme(plan)
    assert programme_from_toml(programme_to_toml(programme)) == programme
    assert programme_to_json(programme)["goals"] is not None
    assert render_review(programme, plan)
    for goal in programme.goals:
        start, end = goal.source.span
        assert 0 <= start < end <= len(plan.text)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "1",
            "12345个",
            "每",
            "成立",
            "到2025年，",
            "（",
            "“",
            "和",
            "、",
            "责任单位：",
            "建成5个、",
            "1+",
            "一",
            "万",
            "召开",
        ),
        *("（一）", "分别", "每周5次", "A1", "《", "5万", "目前", "。", "由5%提高到", "1—", "组长：甲\n", "20"),
    ],
)
def test_time_grows_with_length_only(piece, monkeypatch):
    # Counted in the work of the slowest part, pattern searches over slices, and not in seconds.
    assert work(piece * 2000, monkeypatch) <= 4 * work(piece * 1000, monkeypatch) + 10_000


def work(text, monkeypatch):
    """Return the characters of all frames and sentences that reading the text looks at."""
    seen = 0
    frame_of = Scan.__init__.__globals__["Clauses"].frame

    def counting(self, start, end):
        nonlocal seen
        frame = frame_of(self, start, end)
        seen += frame.sentence[1] - frame.sentence[0]
        return frame

    with monkeypatch.context() as patch:
        patch.setattr("posthouse.programme.clauses.Clauses.frame", counting)
        extract_programme(document(text))
    return seen


def test_every_example_in_a_docstring_holds():
    failures = 0
    for info in pkgutil.iter_modules(posthouse.programme.__path__, "posthouse.programme."):
        failures += doctest.testmod(importlib.import_module(info.name)).failed
    assert failures == 0


def test_no_phone_number_reaches_an_output():
    plan = document("一、工作目标\n到2025年建成网点5个。联系人：甲某某，电话：" + "1" + "38" + "0" * 8)
    programme = extract_programme(plan)
    for text in (str(programme_to_json(programme)), programme_to_toml(programme), render_review(programme, plan)):
        assert not re.search(r"\d{11}", text)
