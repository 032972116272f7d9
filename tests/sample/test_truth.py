"""truth.json against a re-computation from the files, in plain SQL written here after the definitions alone."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from posthouse.sample.write import write_sample

CITIES = [("hill", 3, 60, 6_000), ("islands", 5, 40, 4_000), ("metropolis", 7, 40, 5_000), ("workshop", 11, 40, 4_000)]

CLEAN = """
    CREATE TABLE raw AS SELECT * FROM read_parquet('{records}/scans-*.parquet', filename = true);
    CREATE TABLE sound AS SELECT DISTINCT ON (event_id) * FROM raw
        WHERE event_at <= recorded_at AND event_at >= TIMESTAMPTZ '2020-01-01 00:00:00+08';
    CREATE TABLE clean AS SELECT *, epoch(event_at)::BIGINT - 1577808000 AS s FROM sound
        WHERE event_id NOT IN (SELECT corrects FROM sound WHERE corrects IS NOT NULL);
    CREATE TABLE journeys AS SELECT waybill, min(brand) AS brand, max(village) AS village, max(how) AS how,
        min(s) FILTER (step = 'accepted') AS accepted_s,
        min(s) FILTER (step = 'village_arrived') AS village_arrived_s,
        min(s) FILTER (step = 'delivered') AS delivered_s,
        list_sort(list_distinct(list(step))) AS steps FROM clean GROUP BY waybill;
    CREATE TABLE parcels AS SELECT * FROM read_parquet('{records}/parcels-*.parquet');
    CREATE TABLE divisions AS SELECT * FROM read_csv('{records}/divisions.csv', all_varchar = true);
    CREATE TABLE operators AS SELECT * FROM read_csv('{records}/operators.csv', all_varchar = true);
    CREATE TABLE regions AS SELECT * FROM read_csv('{records}/regions.csv', all_varchar = true);
    CREATE TABLE checks AS SELECT * FROM read_parquet('{records}/checks-*.parquet');
    CREATE TABLE device_status AS SELECT * FROM read_parquet('{records}/device_status-*.parquet');
    CREATE TABLE declarations AS SELECT * FROM read_csv('{records}/declarations-*.csv', types = {{'区划': 'VARCHAR'}});
    CREATE TABLE returns AS SELECT * FROM read_csv('{records}/returns.csv', types = {{'月份': 'VARCHAR'}});
    CREATE TABLE factories AS SELECT * FROM read_csv('{records}/factories.csv');
    CREATE TABLE projects AS SELECT * FROM read_csv('{records}/projects.csv');
    CREATE TABLE care_stations AS SELECT * FROM read_csv('{records}/care_stations.csv');
    CREATE TABLE parks AS SELECT * FROM read_csv('{records}/parks.csv', all_varchar = true);
    CREATE TABLE outlets AS SELECT * FROM read_csv('{records}/outlets.csv', all_varchar = true);
    CREATE TABLE visits AS SELECT DISTINCT village, brand, coalesce(village_arrived_s, delivered_s) // 86400 AS day
        FROM journeys WHERE village IS NOT NULL AND coalesce(village_arrived_s, delivered_s) IS NOT NULL;
"""


class City:
    """A generated city with its truth and a database of its files."""

    def __init__(self, out: Path) -> None:
        self.truth: dict[str, Any] = json.loads((out / "truth.json").read_text(encoding="utf-8"))
        self.month: dict[str, Any] = self.truth["months"]["2021-06"]
        self.database = duckdb.connect()
        self.database.execute("SET TimeZone = 'Asia/Shanghai'")
        self.database.execute(CLEAN.format(records=out / "records"))

    def one(self, query: str) -> tuple[Any, ...]:
        row = self.database.execute(query).fetchone()
        assert row is not None
        return row

    def all(self, query: str) -> list[tuple[Any, ...]]:
        return self.database.execute(query).fetchall()

    def ratio(self, measure: str) -> tuple[int, int]:
        entry = self.month["measures"][measure]
        return entry["numerator"], entry["denominator"]


@pytest.fixture(scope="module", params=CITIES, ids=[kind for kind, *_ in CITIES])
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> City:
    kind, seed, villages, parcels = request.param
    out = tmp_path_factory.mktemp(kind)
    write_sample(kind, out, villages=villages, parcels=parcels, month="2021-06", seed=seed)
    return City(out)


def test_every_village_was_visited_on_as_many_days_as_the_truth_says(city: City) -> None:
    seen = dict(city.all("SELECT village, count(DISTINCT day) FROM visits GROUP BY village"))
    stated = {code: village["visit_days"] for code, village in city.month["villages"].items()}
    assert {code: seen.get(code, 0) for code in stated} == stated
    assert set(seen) <= set(stated)
    assert city.ratio("delivery_days_per_week") == (7 * sum(seen.values()), 30 * len(stated))


def test_every_village_was_visited_by_the_brands_of_the_truth(city: City) -> None:
    seen: dict[str, set[str]] = {code: set() for code in city.month["villages"]}
    for village, brand in city.all("SELECT DISTINCT village, brand FROM visits"):
        seen[village].add(brand)
    assert seen == {code: set(village["brands"]) for code, village in city.month["villages"].items()}


def test_the_coverage_of_the_main_brands_is_that_of_the_visits(city: City) -> None:
    main = [brand for (brand,) in city.all("SELECT DISTINCT 品牌 FROM operators WHERE 主要品牌 = '是'")]
    covered = {
        brand: city.one(f"SELECT count(DISTINCT village) FROM visits WHERE brand = '{brand}'")[0] for brand in main
    }
    villages = city.one("SELECT count(*) FROM divisions WHERE 类别 = 'administrative_village'")[0]
    assert city.ratio("village_coverage_by_brand") == (sum(covered.values()), villages * len(main))
    stated = city.month["measures"]["village_coverage_by_brand"]["by_brand"]
    assert {brand: entry["numerator"] for brand, entry in stated.items()} == covered


def test_the_locker_share_is_that_of_parcels_handed_over_in_the_city(city: City) -> None:
    counted = city.one("""
        SELECT count(*) FILTER (how = 'locker'), count(how) FROM journeys JOIN parcels USING (waybill)
        WHERE delivered_s IS NOT NULL AND destination IN (SELECT 区划代码 FROM divisions)""")
    assert city.ratio("locker_delivery_share") == counted


def test_the_share_fetched_in_town_is_that_of_the_outlet_signatures(city: City) -> None:
    seen = dict(
        city.all("""
        SELECT destination, count(*) FILTER (how = 'outlet') / count(*) FROM journeys JOIN parcels USING (waybill)
        WHERE delivered_s IS NOT NULL GROUP BY destination""")
    )
    for code, village in city.month["villages"].items():
        assert village["served_by_town_outlet_share"] == pytest.approx(seen.get(code))


def test_the_48_hour_share_is_that_of_main_brands_to_and_from_major_cities(city: City) -> None:
    counted = city.one("""
        SELECT count(*) FILTER (delivered_s - accepted_s <= 48 * 3600), count(*)
        FROM journeys JOIN parcels USING (waybill) JOIN regions ON 区域代码 IN (origin, destination)
        WHERE delivered_s IS NOT NULL AND accepted_s IS NOT NULL AND 全国主要城市 = '是'
          AND journeys.brand IN (SELECT 品牌 FROM operators WHERE 主要品牌 = '是')""")
    assert city.ratio("delivered_within_48h_share") == counted


@pytest.mark.parametrize(
    ("measure", "good", "counted"),
    [
        ("slim_tape_share", "is_slim_tape", "is_slim_tape IS NOT NULL"),
        ("reusable_bag_share", "in_reusable_bag", "in_reusable_bag IS NOT NULL"),
        ("standard_packaging_share", "is_standard_packaging", "is_standard_packaging IS NOT NULL"),
        ("no_repackaging_share", "NOT is_repackaged", "is_ecommerce AND is_repackaged IS NOT NULL"),
        ("e_waybill_share", "has_e_waybill", "origin IN (SELECT 区划代码 FROM divisions)"),
    ],
)
def test_packaging_is_counted_on_parcels_accepted_in_the_month(
    city: City, measure: str, good: str, counted: str
) -> None:
    seen = city.one(f"""
        SELECT count(*) FILTER ({good}), count(*) FROM parcels
        WHERE {counted} AND accepted_at >= '2021-06-01 00:00:00+08' AND accepted_at < '2021-07-01 00:00:00+08'""")
    assert city.ratio(measure) == seen


@pytest.mark.parametrize(
    ("measure", "kind"),
    [
        ("real_name_rate", "real_name"),
        ("acceptance_inspection_rate", "acceptance_inspection"),
        ("security_screening_rate", "security_screening"),
    ],
)
def test_the_three_controls_are_the_sums_of_the_daily_totals(city: City, measure: str, kind: str) -> None:
    assert city.ratio(measure) == city.one(f"SELECT sum(done), sum(expected) FROM checks WHERE kind = '{kind}'")


def test_networks_are_counted_in_device_days(city: City) -> None:
    video = city.one("SELECT count(*) FILTER (online_min >= 720), count(*) FROM device_status WHERE kind = 'video'")
    xray = city.one(
        "SELECT count(*) FILTER (online_min >= 720 AND images > 0), count(*) FROM device_status WHERE kind = 'xray'"
    )
    assert (city.ratio("video_network_rate"), city.ratio("xray_network_rate")) == (video, xray)


def test_dead_x_ray_machines_are_those_without_an_image_all_month(city: City) -> None:
    silent = city.all(
        "SELECT outlet_id FROM device_status WHERE kind = 'xray' GROUP BY outlet_id HAVING coalesce(max(images), 0) = 0"
    )
    assert sorted(outlet for (outlet,) in silent) == sorted(city.month["dead_xray_outlets"])


def test_brands_that_charge_twice_stand_out_in_the_call_backs(city: City) -> None:
    charging = city.all("""
        SELECT brand FROM checks WHERE kind = 'charge_callback' GROUP BY brand
        HAVING sum(expected) >= 30 AND sum(expected - done) / sum(expected) > 0.10""")
    assert sorted(brand for (brand,) in charging) == sorted(city.month["secondary_charge_brands"])


def test_missing_steps_are_the_planted_ones(city: City) -> None:
    for step, planted in city.month["missing_step_waybills"].items():
        needed = "village IS NOT NULL" if step == "village_arrived" else "true"
        missing = city.one(f"SELECT count(*) FROM journeys WHERE {needed} AND NOT list_contains(steps, '{step}')")[0]
        assert (step, missing) == (step, planted)


def test_the_planted_faults_are_in_the_scans(city: City) -> None:
    duplicates = city.one("SELECT count(*) - count(DISTINCT event_id) FROM raw")[0]
    skewed = city.one(
        "SELECT count(*) FROM raw WHERE recorded_at < event_at OR event_at < TIMESTAMPTZ '2020-01-01 00:00:00+08'"
    )[0]
    late = city.one(
        "SELECT count(*) FROM raw WHERE recorded_at - event_at >= INTERVAL 2 DAY AND year(event_at) >= 2020"
    )[0]
    corrections = city.one("SELECT count(corrects) FROM raw")[0]
    stated = [city.month[name] for name in ("duplicate_scans", "clock_faults", "late_arrivals", "corrections")]
    assert [duplicates, skewed, late, corrections] == stated
    assert min(stated) > 0


def test_false_declarations_are_those_the_scans_deny(city: City) -> None:
    observed = {code: village["delivery_days_per_week"] for code, village in city.month["villages"].items()}
    rows = city.all("SELECT 编号, 区划, 自报值 FROM declarations WHERE 指标 = 'delivery_days_per_week'")
    assert len(rows) == len(observed)
    false = {name for name, place, value in rows if value - observed[place] >= 1.0}
    planted = set(city.month["false_declarations"]) & {name for name, _, _ in rows}
    assert false == planted
    assert false
    for name, place, value in rows:
        difference = value - observed[place]
        assert difference >= 1.5 if name in planted else abs(difference) <= 0.5


def test_the_year_so_far_is_the_sum_of_the_operators_returns(city: City) -> None:
    total = city.one("""
        SELECT sum(业务量), sum(业务收入) FROM returns
        WHERE 企业编号 <> 'ALL' AND 月份 BETWEEN '2021-01' AND '2021-06'""")
    assert (city.ratio("express_volume")[0], city.ratio("express_revenue")[0]) == total


def test_counts_of_registers_hold_what_is_valid_and_done_by_the_end_of_the_month(city: City) -> None:
    counted = {
        "cooperating_factories": city.one("SELECT count(*) FROM factories WHERE 合作开始 <= DATE '2021-06-30'")[0],
        "key_projects": city.one("SELECT count(*) FROM projects WHERE 类别 = 'factory_key' AND 状态 = 'done'")[0],
        "care_stations": city.one("SELECT count(*) FROM care_stations WHERE 启用日期 <= DATE '2021-06-30'")[0],
        "key_parks": city.one("SELECT count(*) FROM parks WHERE 重点园区 = '是' AND 快递入驻 = '是'")[0],
        "recycling_outlets": city.one("SELECT count(*) FROM outlets WHERE 类别 = 'outlet' AND 回收装置 = '是'")[0],
    }
    assert {name: city.ratio(name)[0] for name in counted} == counted
    standardised = city.one("SELECT count(*) FILTER (是否标准化 = '是'), count(*) FROM outlets WHERE 类别 = 'outlet'")
    assert city.ratio("standardised_outlet_share") == standardised
