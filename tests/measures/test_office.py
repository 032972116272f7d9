"""Hand-worked cases of task forces, meetings and reports."""

from datetime import date

from tests.measures.tables import Row, measured


def entry(kind: str, body: str, due_on: date, held_on: date | None) -> Row:
    """One line of the office log."""
    return {"kind": kind, "body": body, "due_on": due_on, "held_on": held_on}


def test_task_forces_counts_those_set_up() -> None:
    projects = [{"kind": "task_force", "status": status} for status in ("done", "done", "planned")]
    assert measured("task_forces", projects=projects).value == 2.0


def test_task_force_meetings_per_month_is_that_of_the_force_that_met_least() -> None:
    due = date(2021, 6, 25)
    log = [
        entry("task_force_meeting", "进村专班", due, date(2021, 6, 20)),
        entry("task_force_meeting", "进村专班", due, date(2021, 6, 28)),
        entry("task_force_meeting", "进厂专班", due, None),
        entry("task_force_meeting", "出海专班", due, date(2021, 7, 1)),
    ]
    assert measured("task_force_meetings_per_month", office_log=log).value == 0.0
    assert measured("task_force_meetings_per_month", office_log=log[:2]).value == 2.0


def test_office_meetings_per_quarter_looks_back_three_months() -> None:
    log = [
        entry("office_meeting", "办公室", date(2021, 3, 31), date(2021, 3, 30)),
        entry("office_meeting", "办公室", date(2021, 6, 30), date(2021, 6, 30)),
    ]
    assert measured("office_meetings_per_quarter", "2021-05", office_log=log).value == 1.0
    assert measured("office_meetings_per_quarter", "2021-06", office_log=log).value == 1.0
    assert measured("office_meetings_per_quarter", "2021-H1", office_log=log).value == 1.0


def test_progress_reports_per_month_counts_a_late_report_as_none() -> None:
    due = date(2021, 6, 29)
    log = [
        entry("progress_report", "进村联络员", due, date(2021, 6, 29)),
        entry("progress_report", "进厂联络员", due, date(2021, 6, 30)),
    ]
    assert measured("progress_reports_per_month", office_log=log).value == 0.0
    assert measured("progress_reports_per_month", office_log=log[:1]).value == 1.0


def test_reports_on_time_share_is_of_reports_due() -> None:
    due = date(2021, 6, 29)
    held = (date(2021, 6, 20), date(2021, 6, 30), None, date(2021, 6, 29))
    log = [entry("progress_report", "联络员", due, day) for day in held]
    figure = measured("reports_on_time_share", office_log=log)
    assert (figure.numerator, figure.denominator) == (2, 4)


def test_bulletins_per_month_counts_bulletins_issued() -> None:
    log = [entry("bulletin", "办公室", date(2021, month, 28), date(2021, month, 28)) for month in (4, 5, 6)]
    assert measured("bulletins_per_month", "2021-Q2", office_log=log).value == 1.0


def test_a_month_in_which_no_meeting_was_due_has_no_value() -> None:
    log = [entry("task_force_meeting", "进村专班", date(2021, 6, 25), date(2021, 6, 25))]
    assert measured("task_force_meetings_per_month", "2021-07", office_log=log).value is None
