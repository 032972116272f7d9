import json

import pytest

from posthouse.cli.main import main
from tests.records.rows import CHANNEL, CHANNEL_HEADINGS, scan, scan_file


def run(capsys, *arguments):
    code = main(["load", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_load_prints_one_json_object_and_ends_with_0(tmp_path, capsys):
    source = write(tmp_path / "channels.csv", f"{CHANNEL_HEADINGS}\n{CHANNEL}\n")
    code, out, _ = run(capsys, source, "--into", tmp_path / "ws", "--json")
    assert code == 0
    report = json.loads(out)
    told = {"loaded": 1, "rejected": 0, "present": 0, "stored": 1, "new": 1, "repeated": 0, "updated": 0}
    assert report["tables"] == {"channels": told | {"corrected": 0, "late": 0, "days": ["all"]}}
    assert report["by_file"] == [{"file": "channels.csv", "table": "channels", "good": 1, "rejected": {}}]
    assert report["files"] == ["channels.csv"]


def test_people_get_a_table_and_the_findings_apart_from_it(tmp_path, capsys):
    write(tmp_path / "channels.csv", f"{CHANNEL_HEADINGS},备注\n{CHANNEL},x\n")
    code, out, err = run(capsys, tmp_path, "--into", tmp_path / "out" / "ws")
    assert code == 0
    assert "出海通道" in out
    assert "records.unknown_column" in err


def test_an_error_among_the_findings_ends_with_1_and_the_rest_is_loaded(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "scans.csv", "event_id\n1\n")
    write(tmp_path / "in" / "channels.csv", f"{CHANNEL_HEADINGS}\n{CHANNEL}\n")
    code, out, _ = run(capsys, tmp_path / "in", "--into", tmp_path / "ws", "--json")
    assert code == 1
    assert json.loads(out)["tables"]["channels"]["stored"] == 1


@pytest.mark.parametrize("fault", ["no source", "no mapping", "no table", "not a workspace"])
def test_what_cannot_be_used_ends_with_2_one_line_and_nothing_written(tmp_path, capsys, fault):
    source = write(tmp_path / "scans.csv", scan_file(scan()))
    into = tmp_path / "ws"
    arguments = {
        "no source": (tmp_path / "nothing", "--into", into),
        "no mapping": (source, "--into", into, "--map", tmp_path / "nothing.toml"),
        "no table": (write(tmp_path / "letter.docx", "x"), "--into", into),
        "not a workspace": (source, "--into", tmp_path),
    }[fault]
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert not into.exists()


def test_a_preview_proposes_a_mapping_that_the_load_accepts_and_writes_nothing_else(tmp_path, capsys):
    source = write(
        tmp_path / "导出0601.csv",
        "运单编号,快递公司,操作类型,操作时间,操作网点,电话\nYT70000001,甲,揽件,2021-06-05 08:00,一部,x\n"
        "YT70000001,甲,发件,2021-06-05 09:00,一部,x\nYT70000001,甲,签收,2021-06-06 09:00,二部,x\n",
    )
    proposed = tmp_path / "map.toml"
    code, out, _ = run(capsys, source, "--preview", "--json", "-o", proposed)
    assert code == 0
    (file,) = json.loads(out)["files"]
    assert (file["table"], file["missing"]) == ("scans", [])
    assert [guess["heading"] for guess in file["columns"] if guess["column"] is None] == ["电话"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.toml", source.name]
    code, out, _ = run(capsys, source, "--into", tmp_path / "ws", "--map", proposed, "--json")
    assert (code, json.loads(out)["tables"]["scans"]["loaded"]) == (0, 2)


def test_people_see_in_a_preview_what_each_column_is_taken_for(tmp_path, capsys):
    source = write(tmp_path / "channels.csv", f"{CHANNEL_HEADINGS},备注\n{CHANNEL},x\n")
    code, out, _ = run(capsys, source, "--preview")
    assert code == 0
    assert "通道编号" in out
    assert "不读" in out


def test_a_shipped_mapping_is_named_without_a_path(tmp_path, capsys):
    source = write(
        tmp_path / "快递100.csv",
        "快递单号,快递公司编码,状态码,时间\nYT70000001,yuantong,1,2021-06-05 08:00\n"
        "YT70000001,yuantong,0,2021-06-05 09:00\nYT70000001,yuantong,777,2021-06-05 09:30\n",
    )
    code, out, _ = run(capsys, source, "--into", tmp_path / "ws", "--map", "kuaidi100", "--json")
    report = json.loads(out)
    assert code == 1
    assert (report["tables"]["scans"]["loaded"], report["by_file"][0]["rejected"]) == (1, {"words": 1})
    examples = [f["fields"].get("examples") for f in report["findings"] if f["code"] == "records.words"]
    assert examples == [[{"row": 4, "value": "777"}]]


def test_where_to_write_a_mapping_is_refused_without_a_preview(tmp_path, capsys):
    source = write(tmp_path / "scans.csv", scan_file(scan()))
    code, _, err = run(capsys, source, "--into", tmp_path / "ws", "-o", tmp_path / "map.toml")
    assert code == 2
    assert err.count("\n") == 1
