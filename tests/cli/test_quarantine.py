import csv
import json

from posthouse.cli.main import main
from tests.records.rows import scan, scan_file


def run(capsys, *arguments):
    code = main(["quarantine", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_bad_rows_are_listed_mended_in_a_spreadsheet_and_loaded_again(tmp_path, capsys):
    source = tmp_path / "scans.csv"
    source.write_text(scan_file(scan("1"), scan("2", step="怪"), scan("3", event_at="昨天")), encoding="utf-8")
    main(["load", str(source), "--into", str(tmp_path / "ws")])
    capsys.readouterr()
    sheet = tmp_path / "隔离.csv"
    code, out, err = run(capsys, "list", tmp_path / "ws", "--csv", sheet)
    assert code == 0
    assert "第 3 行：“环节”不在可用的词里：怪" in out
    assert "共 2 行" in err
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["环节"] = "签收"
    with sheet.open("w", encoding="gbk", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    code, out, _ = run(capsys, "reload", tmp_path / "ws", sheet, "--json")
    report = json.loads(out)
    assert code == 1  # one row is still wrong
    assert report["tables"]["scans"]["stored"] == 2
    code, out, _ = run(capsys, "list", tmp_path / "ws", "--json")
    assert [(row["row"], row["cells"]["event_at"]) for row in json.loads(out)["rows"]] == [(4, "昨天")]


def test_an_empty_quarantine_is_said_to_be_empty(tmp_path, capsys):
    source = tmp_path / "scans.csv"
    source.write_text(scan_file(scan("1")), encoding="utf-8")
    main(["load", str(source), "--into", str(tmp_path / "ws")])
    code, _, err = run(capsys, "list", tmp_path / "ws")
    assert code == 0
    assert "共 0 行" in err


def test_a_file_that_is_no_list_is_refused_in_one_line(tmp_path, capsys):
    source = tmp_path / "scans.csv"
    source.write_text(scan_file(scan("1")), encoding="utf-8")
    main(["load", str(source), "--into", str(tmp_path / "ws")])
    capsys.readouterr()
    for path in (source, tmp_path / "nothing.csv"):
        code, _, err = run(capsys, "reload", tmp_path / "ws", path)
        assert code == 2
        assert err.count("\n") == 1
