import json
from datetime import date

import pytest

from posthouse.assignments.exchange import assignments_from_json
from posthouse.assignments.model import Assignment, Condition
from posthouse.vocabulary.plain import to_plain


def test_an_assignment_survives_the_way_through_json():
    assignment = Assignment(
        id="A1",
        title="增设快递服务站",
        goal_id="G2",
        task="三/（一）/2",
        lead_units=("各镇街", "邮政管理局"),
        support_units=(),
        place="339801101201",
        place_name="上坞村",
        issued_on=date(2021, 7, 1),
        due_on=date(2021, 7, 31),
        closes_when=Condition(
            measure="village_station_coverage", comparator=">=", value=1.0, parameters=(("kind", "village"),)
        ),
        state="relapsed",
    )
    assert assignments_from_json(json.loads(json.dumps([to_plain(assignment)]))) == (assignment,)


def test_an_entry_that_is_no_assignment_is_refused():
    with pytest.raises((KeyError, TypeError)):
        assignments_from_json([{"id": "A1"}])
