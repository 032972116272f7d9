"""The commands of docs/zh/province.md work as printed, and what leaves a county names no parcel."""

import re
import shutil

import pyarrow.parquet as pq
import pytest

from posthouse.measures.measure import measure
from posthouse.measures.states import STATES
from posthouse.sample.write import write_sample
from posthouse.stores.states import read_states
from posthouse.stores.workspace import create_workspace
from posthouse.vocabulary.periods import parse_period
from tests.conftest import ROOT

JUNE = parse_period("2021-06")


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """Two counties that reported as the page says, and the names that the page's code has left."""
    folder = tmp_path_factory.mktemp("province")
    counties = []
    for name, kind in (("甲县", "hill"), ("乙县", "islands")):
        city = write_sample(kind, folder / kind, villages=12, parcels=540, month="2021-06", seed=1)
        counties.append(create_workspace(folder / name))
        counties[-1].load(city / "records")
    report, merge = re.findall(r"```python\n(.*?)```", (ROOT / "docs/zh/province.md").read_text("utf-8"), re.S)
    names: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for county in ("甲县", "乙县"):
            exec(report.replace("甲县", county), {})
            shutil.unpack_archive(f"{county}.tar", "全省")
        exec(merge, names)
    return folder, counties, names


def test_the_merged_figures_are_the_sums_of_the_counties(province):
    _, counties, names = province
    for name, numerator, denominator in names["figures"]:
        parts = [measure([name], county.tables(), JUNE)[0] for county in counties]
        assert numerator == sum(part.numerator or 0 for part in parts), name
        assert denominator in (None, sum(part.denominator or 0 for part in parts)), name
    days = [measure(["delivery_days_per_week"], county.tables(), JUNE)[0].numerator for county in counties]
    assert 7 * names["visits"][0] == sum(days)


def test_what_leaves_a_county_has_no_waybill_and_no_key(province):
    folder, counties, _ = province
    sent = sorted(path.relative_to(folder / "全省").parts[1] for path in (folder / "全省").glob("*/*"))
    assert sent == ["states", "states", "states.json", "states.json"]
    for county in counties:
        for name, months in read_states(county.path).files.items():
            assert name in STATES
            for file in months.values():
                columns = set(pq.read_schema(folder / "全省" / county.path.name / file).names)
                assert columns <= {"measure", "table", "place", "brand", "outlet", "day", "parcels"} | SUMS


SUMS = {"numerator", "denominator", "known", "expected"}
