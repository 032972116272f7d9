import pytest

from posthouse.vocabulary.divisions import Level, ancestor_of, is_within, level_of, parent_of
from posthouse.vocabulary.errors import UnusableInputError


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("330000000000", Level.PROVINCE),
        ("330700000000", Level.CITY),
        ("330782000000", Level.COUNTY),
        ("330782104000", Level.TOWN),
        ("330782104205", Level.VILLAGE),
    ],
)
def test_the_level_is_where_the_zeros_begin(code, level):
    assert level_of(code) is level


def test_parents_lead_up_to_the_province():
    code, seen = "330782104205", []
    while (code := parent_of(code)) is not None:
        seen.append(code)
    assert seen == ["330782104000", "330782000000", "330700000000", "330000000000"]


def test_a_village_lies_in_its_county_and_not_in_another():
    assert is_within("330782104205", "330782000000")
    assert not is_within("330782104205", "330781000000")
    assert ancestor_of("330782104205", Level.TOWN) == "330782104000"


@pytest.mark.parametrize("code", ["", "33078210420", "33078210420x", "３３０７８２１０４２０５"])
def test_a_code_that_is_not_twelve_digits_is_refused(code):
    with pytest.raises(UnusableInputError, match="12 位"):
        level_of(code)
