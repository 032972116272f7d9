import numpy as np
import pytest

from posthouse.territory.coordinates import from_wgs84, to_wgs84
from posthouse.territory.distance import straight_km
from posthouse.vocabulary.errors import UnusableInputError

LON, LAT = (axis.ravel() for axis in np.meshgrid(np.linspace(75, 134, 40), np.linspace(19, 52, 40)))


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_there_and_back_is_less_than_a_metre(system):
    lon, lat = to_wgs84(*from_wgs84(LON, LAT, system), system)
    assert straight_km(lon, lat, LON, LAT).max() < 0.001


def test_the_shift_is_some_hundred_metres_in_china_and_nothing_abroad():
    shift = straight_km(LON, LAT, *from_wgs84(LON, LAT, "gcj02"))
    assert shift.min() > 0.03
    assert shift.max() < 1.0
    paris = np.array(2.35), np.array(48.85)
    assert from_wgs84(*paris, "gcj02") == paris


def test_tiananmen_lies_where_the_maps_draw_it():
    # Published example: WGS-84 116.397470, 39.908823 is drawn at about 116.403713, 39.910226 (GCJ-02).
    lon, lat = from_wgs84(np.array(116.397470), np.array(39.908823), "gcj02")
    assert straight_km(lon, lat, np.array(116.403713), np.array(39.910226)) < 0.02


def test_an_unsurveyed_place_stays_unsurveyed():
    assert np.isnan(to_wgs84(np.array([np.nan]), np.array([30.0]), "gcj02")[0]).all()


def test_another_system_is_refused():
    with pytest.raises(UnusableInputError, match="坐标系"):
        to_wgs84(LON, LAT, "utm50")
