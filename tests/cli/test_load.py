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
    assert report["tables"] == {"channels": {"loaded": 1, "rejected": 0, "present": 0, "stored": 1}}
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
