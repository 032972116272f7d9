from posthouse.supervision.catalogue import all_rules
from posthouse.supervision.credit import score_operators
from posthouse.vocabulary.findings import Finding, Severity
from tests.measures.tables import arrow_rows

OPERATORS = arrow_rows(
    "operators",
    [
        {"operator_id": "Q1", "name": "甲一", "brand": "甲"},
        {"operator_id": "Q2", "name": "甲二", "brand": "甲"},
        {"operator_id": "Q3", "name": "乙一", "brand": "乙"},
    ],
)
OUTLETS = arrow_rows("outlets", [{"outlet_id": "W1", "operator_id": "Q1"}, {"outlet_id": "W2", "operator_id": "Q2"}])


def score(*findings):
    return {s.operator_id: s for s in score_operators(findings, OPERATORS, OUTLETS)}


def dead(place="W1"):
    return all_rules()["supervision.dead_xray"].found("坏", brand="甲", place=place)


def charges(brand):
    return all_rules()["supervision.secondary_charge"].found("收", brand=brand)


def test_without_findings_everybody_has_a_hundred():
    assert {(s.score, s.grade) for s in score().values()} == {(100.0, "A")}


def test_a_finding_at_an_outlet_counts_for_its_operator_alone():
    found = score(dead())
    assert (found["Q1"].score, found["Q1"].grade, found["Q2"].score) == (90.0, "A", 100.0)
    assert found["Q1"].deductions == {"supervision.dead_xray": 10.0}


def test_a_finding_about_a_brand_counts_for_each_of_its_operators():
    assert {i: s.score for i, s in score(charges("甲")).items()} == {"Q1": 90.0, "Q2": 90.0, "Q3": 100.0}


def test_no_rule_takes_more_than_its_limit():
    assert score(*[dead()] * 9)["Q1"].score == 70.0


def test_the_grade_falls_with_the_score():
    found = score(*[dead()] * 9, charges("甲"))
    assert (found["Q1"].score, found["Q1"].grade) == (60.0, "C")


def test_findings_of_other_rooms_do_not_count():
    other = Finding(code="records.duplicate", severity=Severity.ERROR, message="", place="W1")
    assert score(other)["Q1"].score == 100.0


def test_the_lowest_score_comes_first():
    assert score_operators([dead("W2")], OPERATORS, OUTLETS)[0].operator_id == "Q2"
