import json

import numpy as np
import pytest

from posthouse.territory.coordinates import from_wgs84
from posthouse.territory.distance import straight_km
from posthouse.territory.places import read_places
from posthouse.vocabulary.errors import UnusableInputError


def test_each_row_may_name_its_own_system_and_a_bad_position_is_reported(tmp_path):
    lon, lat = (float(v) for v in from_wgs84(np.array(120.0), np.array(29.0), "gcj02"))
    path = tmp_path / "村.csv"
    path.write_text(
        f"区划代码,村名,经度,纬度,坐标系,户数\nA,石村,{lon},{lat},高德,40\nB,松村,120,29,WGS-84,50\n"
        "C,苇村,,,,60\nD,竹村,东,29,,70\nE,梅村,120,29,北京54,80\n",
        encoding="gbk",
    )
    found = read_places(path)
    positions = found.positions()
    assert sorted(positions) == ["A", "B"]
    assert straight_km(*map(np.array, (*positions["A"], *positions["B"]))) < 0.001
    assert found.rows["户数"].to_pylist() == ["40", "50", "60", "70", "80"]
    assert [f.place for f in found.findings] == ["村.csv:5", "村.csv:6"]


def test_points_of_geojson_are_places(tmp_path):
    path = tmp_path / "站.geojson"
    point = {"type": "Point", "coordinates": [120.5, 29.5]}
    features = [
        {"type": "Feature", "properties": {"id": "P1", "名称": "石村驿站"}, "geometry": point},
        {"type": "Feature", "properties": {"id": "P2"}, "geometry": None},
    ]
    path.write_text(json.dumps({"features": features}), encoding="utf-8")
    found = read_places(path)
    assert found.positions() == {"P1": (120.5, 29.5)}
    assert found.rows["name"].to_pylist() == ["石村驿站", None]
    assert [f.code for f in found.findings] == ["territory.bad_row"]


def test_a_file_without_positions_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("区划代码\nA\n", encoding="utf-8")
    with pytest.raises(UnusableInputError, match="经度和纬度"):
        read_places(path)
