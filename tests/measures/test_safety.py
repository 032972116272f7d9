"""Hand-worked cases of the three controls and the networks of devices."""

from datetime import date

import pytest

from tests.measures.tables import Row, figures, measured


def checks(kind: str) -> list[Row]:
    """Two outlets; the second reported on one of two days."""
    return [
        {"kind": kind, "checked_on": date(2021, 6, 1), "outlet_id": "O1", "brand": "甲", "expected": 10, "done": 9},
        {"kind": kind, "checked_on": date(2021, 6, 2), "outlet_id": "O1", "brand": "甲", "expected": 10, "done": 10},
        {"kind": kind, "checked_on": date(2021, 6, 2), "outlet_id": "O2", "brand": "乙", "expected": 20, "done": 10},
        {"kind": kind, "checked_on": date(2021, 7, 1), "outlet_id": "O2", "brand": "乙", "expected": 99, "done": 0},
        {"kind": "charge_callback", "checked_on": date(2021, 6, 2), "brand": "乙", "expected": 99, "done": 0},
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("real_name_rate", "real_name"),
        ("acceptance_inspection_rate", "acceptance_inspection"),
        ("security_screening_rate", "security_screening"),
    ],
)
def test_real_name_rate_acceptance_inspection_rate_and_security_screening_rate_are_done_over_due(
    name: str, kind: str
) -> None:
    figure = measured(name, checks=checks(kind))
    assert (figure.numerator, figure.denominator) == (29, 40)
    assert figure.coverage == 3 / 60
    by_outlet = figures(name, ("brand", "outlet"), checks=checks(kind))
    assert [(f.brand, f.outlet, f.value) for f in by_outlet] == [("乙", "O2", 0.5), ("甲", "O1", 0.95)]


def status(kind: str, device: str, day: int, online_min: int | None, images: int | None = None) -> Row:
    """One device on one day of June."""
    return {
        "device_id": device,
        "outlet_id": "O1",
        "brand": "甲",
        "kind": kind,
        "reported_on": date(2021, 6, day),
        "online_min": online_min,
        "images": images,
    }


def test_video_network_rate_counts_device_days_of_half_a_day_or_more() -> None:
    rows = [
        status("video", "V1", 1, 720),
        status("video", "V1", 2, 719),
        status("video", "V1", 3, None),
        status("xray", "X1", 1, 1_440, 5),
    ]
    figure = measured("video_network_rate", device_status=rows)
    assert (figure.numerator, figure.denominator, figure.coverage) == (1, 3, 3 / 30)


def test_xray_network_rate_wants_images_too() -> None:
    rows = [
        status("xray", "X1", 1, 1_440, 5),
        status("xray", "X1", 2, 1_440, 0),
        status("xray", "X1", 3, 1_440, None),
        status("xray", "X2", 1, 300, 5),
    ]
    figure = measured("xray_network_rate", device_status=rows)
    assert (figure.numerator, figure.denominator) == (1, 4)


def test_video_network_rate_by_place_finds_the_town_of_the_outlet() -> None:
    outlets = [{"outlet_id": "O1", "division": "990101102201"}]
    by_place = figures("video_network_rate", ("place",), outlets=outlets, device_status=[status("video", "V1", 1, 800)])
    assert [(f.place, f.value) for f in by_place] == [("990101102000", 1.0)]
