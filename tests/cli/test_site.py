"""The verb `site`: what it writes, and what it refuses."""

import json

from posthouse.cli.main import main

ROAD = "4 3 2\n1 2 1\n2 3 4\n3 4 1\n"


def test_the_answer_is_written_with_node_numbers_as_in_the_file(tmp_path, capsys):
    (tmp_path / "road.txt").write_text(ROAD)
    out = tmp_path / "road.json"
    assert main(["site", str(tmp_path / "road.txt"), "--seconds", "5", "--seed", "1", "--out", str(out), "--json"]) == 0
    answer = json.loads(out.read_text())
    assert (answer["objective"], answer["bound"]) == (2, 2)
    assert len({(node - 1) // 2 for node in answer["facilities"]}) == 2
    assert json.loads(capsys.readouterr().out) == answer


def test_a_broken_instance_is_refused_in_one_line_and_nothing_is_written(tmp_path, capsys):
    (tmp_path / "road.txt").write_text(ROAD[:-4])
    out = tmp_path / "road.json"
    assert main(["site", str(tmp_path / "road.txt"), "--out", str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()


def test_a_missing_file_and_bad_limits_are_refused(tmp_path):
    (tmp_path / "road.txt").write_text(ROAD)
    road, out = str(tmp_path / "road.txt"), str(tmp_path / "x.json")
    assert main(["site", str(tmp_path / "none.txt"), "--out", out]) == 2
    assert main(["site", road, "--seconds", "0", "--out", out]) == 2
    assert main(["site", road, "--seed", "-1", "--out", out]) == 2
    assert main(["site", road, "--out", str(tmp_path / "no" / "x.json")]) == 2
