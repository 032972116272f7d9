"""Telephone numbers of persons leave this room masked, and nothing else is masked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.documents.masking import mask_phones
from posthouse.documents.read import read_text

MOBILE = "1" + "3" + "0" * 9
LANDLINE = "0" + "571-" + "8" * 8
FULL_WIDTH = MOBILE.translate({ord("0") + i: 0xFF10 + i for i in range(10)})


@pytest.mark.parametrize(
    "number",
    [
        MOBILE,
        f"+86 {MOBILE}",
        f"86{MOBILE}",
        f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}",
        f"{MOBILE[:3]}-{MOBILE[3:7]}-{MOBILE[7:]}",
        FULL_WIDTH,
        LANDLINE,
        f"（0{LANDLINE[1:4]}）{LANDLINE[5:]}",
        f"{MOBILE[:6]}\n{MOBILE[6:]}",
    ],
)
def test_a_telephone_number_is_masked_and_the_length_stays(number):
    masked = mask_phones(f"联系人甲一，{number}。")
    assert len(masked) == len(f"联系人甲一，{number}。")
    assert "".join(character for character in masked if character.isdigit()).removeprefix("86") == ""


def test_short_numbers_behind_their_word_are_masked():
    assert mask_phones("（联系人：甲一，联系方式：600000、610000）") == "（联系人：甲一，联系方式：XXXXXX、XXXXXX）"


@pytest.mark.parametrize(
    "text",
    [
        "突破14.5亿件",
        "到2021年底",
        "12305申诉电话畅通",
        "支撑网上零售额" + "138" + "0" * 8 + "元",
        "代码330782104205",
        "9610、1210业务",
        "甲政办发〔2020〕68号",
        "1000万件1000万件",
        "13\n2000000\n30",
    ],
)
def test_figures_are_not_masked(text):
    assert mask_phones(text) == text


def test_a_number_cut_by_a_page_is_masked_in_text_and_reading():
    text = (
        f"一、联络\n各单位将进展情况报送办公室，联系人甲一，联系方式{MOBILE[:5]}\n\n— 3 —\n\n{MOBILE[5:]}，请保持畅通。"
    )
    document = read_text(text, name="a.txt")[0]
    assert len(document.text) == len(text)
    assert "0000" not in document.text
    assert "X" * 11 in document.reading
    assert "documents.phone_masked" in [finding.code for finding in document.findings]


@given(st.text(st.sampled_from("0123456789１３ -—\n电话：、（）万年甲Xx")))
@settings(deadline=None)
def test_masking_keeps_the_length_and_changes_only_digits(text):
    masked = mask_phones(text)
    assert len(masked) == len(text)
    assert all(new == old or (new == "X" and old.isdigit()) for old, new in zip(text, masked, strict=True))
