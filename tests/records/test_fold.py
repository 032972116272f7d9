import datetime as dt

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.records import fold_scans
from posthouse.records.arrow import arrow_schema, stored_schema
from posthouse.records.fold import fold_journeys, steps
from posthouse.records.fold_kernel import fold_sorted
from posthouse.records.merge_journeys import merge_journeys
from posthouse.records.schema import get_table

SCANS = arrow_schema(get_table("scans"))
START = dt.datetime(2020, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def scans_of(*rows):
    """Rows of (waybill, step, seconds since 2020, brand, site, village, how)."""
    table = [
        {
            "event_id": number,
            "waybill": waybill,
            "brand": brand,
            "step": step,
            "event_at": START + dt.timedelta(seconds=second),
            "recorded_at": START + dt.timedelta(seconds=second),
            "site": site,
            "village": village,
            "how": how,
        }
        for number, (waybill, step, second, brand, site, village, how) in enumerate(rows)
    ]
    return pa.Table.from_pylist(table, schema=SCANS)


def fold_in_sql(scans):
    with duckdb.connect() as connection:
        connection.register("given", scans)
        return fold_journeys(connection, "given")


def test_a_journey_worked_by_hand():
    scans = scans_of(
        (7, "accepted", 100, "乙", None, None, None),
        (7, "accepted", 90, "甲", None, None, None),
        (7, "outlet_arrived", 86_400, "乙", "W1", None, None),
        (7, "outlet_arrived", 86_500, "乙", "W2", None, None),
        (7, "village_arrived", 90_000, "乙", "Z1", "330782104205", None),
        (7, "delivered", 95_000, "乙", "Z1", "330782104206", "station"),
        (7, "out_for_delivery", 89_000, "乙", "W9", "330782104299", None),
    )
    (journey,) = fold_in_sql(scans).to_pylist()
    assert journey == {
        "waybill": 7,
        "brand": "乙",
        "seen": 0b111100001,
        "scans": 7,
        "first_s": 90,
        "accepted_s": 90,
        "origin_arrived_s": None,
        "origin_departed_s": None,
        "destination_arrived_s": None,
        "destination_departed_s": None,
        "outlet_arrived_s": 86_400,
        "out_for_delivery_s": 89_000,
        "village_arrived_s": 90_000,
        "delivered_s": 95_000,
        "village": "330782104206",
        "outlet": "W2",
        "how": "station",
    }


def test_no_scans_give_no_journeys_with_the_declared_columns():
    folded = fold_in_sql(scans_of())
    assert folded.num_rows == 0
    assert folded.schema == arrow_schema(get_table("journeys"))


def test_the_bits_follow_the_order_of_the_declared_steps():
    for bit, step in enumerate(steps()):
        (journey,) = fold_in_sql(scans_of((1, step, 5, "甲", None, None, None))).to_pylist()
        assert journey["seen"] == 1 << bit
        assert journey[f"{step}_s"] == 5


some_scans = st.lists(
    st.tuples(
        st.sampled_from([-(2**63), -1, 0, 1, 5, 2**63 - 1]),
        st.sampled_from(steps()),
        st.integers(0, 400_000),
        st.sampled_from(["甲", "乙", "a"]),
        st.sampled_from([None, "W1", "W2"]),
        st.sampled_from([None, "330782104205", "330782104206"]),
        st.sampled_from([None, "door", "station"]),
    ),
    max_size=40,
)


@given(some_scans, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_fold_does_not_depend_on_the_order_of_scans(rows, random):
    folded = fold_in_sql(scans_of(*rows))
    random.shuffle(rows)
    assert fold_in_sql(scans_of(*rows)).equals(folded)


def fold_compiled(scans, tables=1):
    """Fold by the kernel, the scans dealt out to so many tables, each sorted as stored days are."""
    coded = scans.cast(stored_schema(get_table("scans")))
    parts = [coded.take(pa.array(range(start, len(scans), tables), pa.int64())) for start in range(tables)]
    folded = fold_sorted(fold_scans.scans_of(part.sort_by("waybill") for part in parts))
    return folded.cast(arrow_schema(get_table("journeys")))


@given(some_scans, st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_the_compiled_fold_gives_the_same_rows_as_sql(rows, tables):
    scans = scans_of(*rows)
    assert fold_compiled(scans, tables).equals(fold_in_sql(scans))


@given(some_scans, st.integers(0, 40), st.integers(0, 40))
@settings(max_examples=30, deadline=None)
def test_folds_of_parts_merge_to_the_fold_of_the_whole(rows, first, second):
    first, second = sorted((first, second))
    coded = stored_schema(get_table("journeys"))
    parts = [fold_compiled(scans_of(*part)).cast(coded) for part in (rows[:first], rows[first:second], rows[second:])]
    merged = merge_journeys(parts).cast(arrow_schema(get_table("journeys")))
    assert merged.equals(fold_compiled(scans_of(*rows)))
