import os
import stat

import pyarrow as pa
import pytest
from pyarrow import parquet

from posthouse.records.arrow import arrow_schema
from posthouse.records.schema import all_tables, get_table
from posthouse.stores.manifest import read_manifest
from posthouse.stores.publish import writing
from posthouse.stores.workspace import create_workspace, open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.sources import Run
from tests.records.rows import CHANNEL, scan
from tests.stores.city import city_scans, contents, new_workspace, write_channels, write_scans
from tests.stores.killing import load_and_die


def test_every_declared_table_is_there_with_its_columns_even_without_rows(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(write_channels(tmp_path / "in", CHANNEL))
    tables = workspace.tables()
    assert set(tables) == {*all_tables(), "table_days"}
    for name, table in all_tables().items():
        assert tables[name].columns == tuple(column.name for column in table.columns)
    assert str(tables["scans"].schema()["event_at"]) == "timestamp('UTC', 6)"
    assert {
        str(tables[name].schema()[c.name])
        for name in ("scans", "channels")
        for c in get_table(name).columns
        if c.type == "text"
    } == {"string"}
    assert tables["journeys"].count().execute() == 0
    assert tables["channels"].name.execute().tolist() == ["义新欧"]


def test_empty_and_filled_tables_have_the_same_types(tmp_path):
    empty, filled = new_workspace(tmp_path / "a"), new_workspace(tmp_path / "b")
    filled.load(write_scans(tmp_path / "in", city_scans(3)))
    for name in ("scans", "journeys"):
        assert filled.tables()[name].schema() == empty.tables()[name].schema()
        assert filled.read_table(name).schema == empty.read_table(name).schema == arrow_schema(get_table(name))


def test_a_column_declared_after_a_workspace_was_written_is_null_in_it(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(write_channels(tmp_path / "in", CHANNEL))
    (file,) = (workspace.path / "records/channels").glob("*.parquet")
    parquet.write_table(parquet.read_table(file).drop_columns(["valid_to"]), file)
    assert workspace.tables()["channels"].valid_to.execute().isna().all()
    assert workspace.tables()["channels"].name.execute().tolist() == ["义新欧"]
    assert workspace.read_table("channels").schema == arrow_schema(get_table("channels"))


def test_days_of_the_tables_are_shanghai_days(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(write_scans(tmp_path / "in", [scan("1", event_at="2021-06-05 00:30:00")]))
    assert str(workspace.tables()["scans"].event_at.date().execute()[0])[:10] == "2021-06-05"


def test_journeys_are_folded_over_the_days_a_parcel_takes(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(write_scans(tmp_path / "in", city_scans(5)))
    journeys = workspace.read_table("journeys").to_pylist()
    assert len(journeys) == 5
    assert {journey["scans"] for journey in journeys} == {4}
    assert {journey["seen"] for journey in journeys} == {0b110100001}


def test_rows_given_as_a_table_are_merged_like_loaded_ones(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    rows = pa.table({"channel_id": ["C1"], "name": ["甲"], "mode": ["rail"], "destination": ["ES"], "is_open": [True]})
    workspace.write_table("channels", rows)
    workspace.write_table("channels", rows)
    (row,) = workspace.read_table("channels").to_pylist()
    assert row["name"] == "甲"
    assert row["valid_to"] is None


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    workspace = create_workspace(tmp_path / "ws")
    key = workspace.key()
    assert len(key) == 32
    assert workspace.key() == key
    assert stat.S_IMODE(os.stat(tmp_path / "ws" / "key").st_mode) == 0o600


def test_a_lost_key_is_not_replaced_where_rows_were_hashed_with_it(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    source = write_scans(tmp_path / "in", [scan("1")])
    workspace.load(source)
    (workspace.path / "key").unlink()
    with pytest.raises(UnusableInputError, match="密钥"):
        workspace.load(source)


def test_a_folder_with_other_things_does_not_become_a_workspace(tmp_path):
    (tmp_path / "letter.docx").write_text("x")
    with pytest.raises(UnusableInputError):
        create_workspace(tmp_path)
    with pytest.raises(UnusableInputError):
        open_workspace(tmp_path)
    with pytest.raises(UnusableInputError):
        create_workspace(tmp_path / "letter.docx")


def test_a_manifest_that_is_broken_or_of_another_form_is_refused_in_one_line(tmp_path):
    workspace = create_workspace(tmp_path / "ws")
    for text in ("{", '{"form": 99}', '{"form": 1, "surprise": 1}', "[]"):
        (workspace.path / "manifest.json").write_text(text)
        with pytest.raises(UnusableInputError) as refused:
            open_workspace(workspace.path)
        assert "\n" not in str(refused.value)


def test_a_source_that_cannot_be_read_leaves_the_workspace_as_it_was(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    before = sorted(path.name for path in workspace.path.iterdir())
    with pytest.raises(UnusableInputError):
        workspace.load(tmp_path / "nothing")
    assert sorted(path.name for path in workspace.path.iterdir()) == before


def test_only_one_process_writes_at_a_time(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    with writing(workspace.path), pytest.raises(UnusableInputError, match="正被另一个进程写入"):
        workspace.load(write_channels(tmp_path / "in", CHANNEL))


def test_tables_opened_before_a_load_can_still_be_read_after_it(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(write_scans(tmp_path / "a", city_scans(3)))
    tables = workspace.tables()
    workspace.load(write_scans(tmp_path / "b", [scan("77", event_at="2021-06-01 01:00:00")]))
    assert tables["scans"].count().execute() == 12
    assert workspace.tables()["scans"].count().execute() == 13


def test_files_nobody_names_any_more_are_swept_away(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    for number in range(4):
        workspace.load(write_scans(tmp_path / f"in{number}", [scan(str(number))]))
    kept = {path.name for path in (workspace.path / "records" / "scans").iterdir()}
    assert len(kept) == 2  # the published one and the one before
    assert not list(workspace.path.rglob("*.draft"))


def test_a_run_is_kept_once_and_never_changed(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    run = Run(
        id="20210701-080000-0a1b2c3d", version="1", seed=1, inputs={"plan": "ab"}, parameters={"month": "2021-06"}
    )
    (tmp_path / "bulletin.docx").write_bytes(b"word")
    artefacts = {"cycle.json": b"{}", "bulletin.docx": tmp_path / "bulletin.docx"}
    folder = workspace.write_run(run, artefacts)
    assert workspace.write_run(run, artefacts) == folder
    assert (folder / "bulletin.docx").read_bytes() == b"word"
    with pytest.raises(FileExistsError):
        workspace.write_run(Run(id=run.id, version="1", seed=2), artefacts)


def test_a_programme_and_a_report_are_kept(tmp_path):
    workspace = new_workspace(tmp_path / "ws")
    with pytest.raises(UnusableInputError):
        workspace.read_programme()
    workspace.write_programme("title = '甲'\n")
    assert workspace.read_programme() == "title = '甲'\n"
    assert workspace.write_report("bulletin.docx", b"word").read_bytes() == b"word"


def test_a_load_killed_at_any_change_to_the_disk_leaves_the_state_before_and_can_be_run_again(tmp_path):
    first = write_scans(tmp_path / "first", city_scans(6))
    second = write_scans(tmp_path / "second", [*city_scans(8)[20:], scan("9999", corrects="0")])
    clean = new_workspace(tmp_path / "clean")
    clean.load(first)
    before = contents(clean)
    clean.load(second)
    after = contents(clean)
    workspace = new_workspace(tmp_path / "ws")
    workspace.load(first)
    for at in range(1, 60, 11):
        died = load_and_die(workspace, second, at)
        assert contents(workspace) in (before, after)
        if not died:
            break
    workspace.load(second)
    assert contents(workspace) == after
    on_disk = {path.relative_to(workspace.path).as_posix() for path in (workspace.path / "records").rglob("*.parquet")}
    workspace.load(second)
    assert on_disk >= {name for name in read_manifest(workspace.path).files() if name.startswith("records")}
