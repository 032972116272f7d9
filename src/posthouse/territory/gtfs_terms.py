"""Days of service of a feed, and the terms on which its trips and stops take parcels."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from posthouse.territory.feed import ParcelTerms, ServiceDays, StopTerms
from posthouse.territory.gtfs_files import bad_cell, day_of, number_of, seconds_of
from posthouse.territory.text_table import TextTable
from posthouse.vocabulary.findings import Finding, Severity

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_services(tables: Mapping[str, TextTable], findings: list[Finding]) -> dict[str, ServiceDays]:
    """Return the days of every service, of calendar.txt and calendar_dates.txt; adds to the findings."""
    services: dict[str, ServiceDays] = {}
    calendar, dates = tables.get("calendar.txt"), tables.get("calendar_dates.txt")
    if calendar is None and dates is None:
        findings.append(_no_calendar())
    for row in calendar.rows if calendar else ():
        start, end = day_of(row.cells["start_date"]), day_of(row.cells["end_date"])
        marks = "".join(row.cells[day] for day in _DAYS)
        if start is None or end is None or start > end or set(marks) - {"0", "1"} or len(marks) != len(_DAYS):
            value = f"{marks} {row.cells['start_date']}—{row.cells['end_date']}"
            findings.append(bad_cell("calendar.txt", row.line, "start_date", value, "该行没有采用"))
            continue
        mask = sum(1 << day for day, mark in enumerate(marks) if mark == "1")
        services[row.cells["service_id"]] = ServiceDays(weekdays=mask, start_on=start, end_on=end)
    added: dict[str, set[date]] = defaultdict(set)
    removed: dict[str, set[date]] = defaultdict(set)
    for row in dates.rows if dates else ():
        day = day_of(row.cells["date"])
        if day is None or row.cells["exception_type"] not in ("1", "2"):
            value = f"{row.cells['date']} {row.cells['exception_type']}"
            findings.append(bad_cell("calendar_dates.txt", row.line, "date", value, "该行没有采用"))
        else:
            (added if row.cells["exception_type"] == "1" else removed)[row.cells["service_id"]].add(day)
    for service in sorted({*added, *removed}):
        services[service] = replace(
            services.get(service, ServiceDays()),
            added=frozenset(added.get(service, ())),
            removed=frozenset(removed.get(service, ())),
        )
    return services


def read_parcel_terms(table: TextTable | None, findings: list[Finding]) -> dict[tuple[str, str], ParcelTerms]:
    """Return the terms by ("trip" or "route", id); without the file no trip takes parcels, and that is said."""
    if table is None:
        findings.append(_no_parcels())
        return {}
    terms: dict[tuple[str, str], ParcelTerms] = {}
    for row in table.rows:
        takes = row.cells["takes_parcels"]
        key = ("trip", row.cells["trip_id"]) if row.cells["trip_id"] else ("route", row.cells["route_id"])
        if takes not in ("0", "1") or not key[1]:
            findings.append(bad_cell(table.name, row.line, "takes_parcels", takes, "该行没有采用"))
            continue
        figures = {}
        for column in ("capacity_kg", "fare_yuan", "cut_off_min"):
            text = row.cells.get(column, "")
            figures[column] = number_of(text)
            if text and figures[column] is None:
                findings.append(bad_cell(table.name, row.line, column, text, "该格按未填处理"))
        cut_off = figures["cut_off_min"]
        terms[key] = ParcelTerms(
            takes_parcels=takes == "1",
            capacity_kg=figures["capacity_kg"],
            fare_yuan=figures["fare_yuan"],
            cut_off_min=None if cut_off is None else round(cut_off),
        )
    return terms


def read_stop_terms(table: TextTable | None, findings: list[Finding]) -> dict[str, StopTerms]:
    """Return the terms by stop, of those that parcel_stops.txt names."""
    terms: dict[str, StopTerms] = {}
    for row in table.rows if table else ():
        change = number_of(row.cells.get("change_min", ""))
        opens, closes = (row.cells.get(name, "") for name in ("hand_over_from", "hand_over_to"))
        start, end = seconds_of(opens), seconds_of(closes)
        hand_over = None
        if opens or closes:
            if start is None or end is None or max(start, end) > 86_400:
                findings.append(
                    bad_cell("parcel_stops.txt", row.line, "hand_over_from", f"{opens}—{closes}", "按全天处理")
                )
            else:
                hand_over = (start // 60, end // 60)
        terms[row.cells["stop_id"]] = StopTerms(
            change_min=None if change is None else round(change),
            handling_yuan=number_of(row.cells.get("handling_yuan", "")) or 0.0,
            hand_over=hand_over,
        )
    return terms


def _no_calendar() -> Finding:
    return Finding(
        code="territory.gtfs_no_days",
        severity=Severity.ERROR,
        message="班次数据既没有 calendar.txt 也没有 calendar_dates.txt，不知道哪天开行，班次都没有采用。请补全。",
        place="calendar.txt",
    )


def _no_parcels() -> Finding:
    return Finding(
        code="territory.gtfs_no_parcels",
        severity=Severity.INFO,
        message="班次数据没有 parcels.txt，不知道哪些班次可带件，都按不带件处理。请按说明补一份。",
        place="parcels.txt",
    )
