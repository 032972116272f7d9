"""One console a workspace: found, refused a second time, and stopped; tried with a process that only waits."""

import subprocess
import sys

import pytest

from posthouse.cli.main import main
from posthouse.cli.standing import announce, find_address, standing, stop_standing
from posthouse.vocabulary.errors import UnusableInputError

_WAITS = """
import sys, time
from pathlib import Path
from posthouse.cli.standing import announce, standing
with standing(Path(sys.argv[1])) as sign:
    announce(sign, "http://127.0.0.1:8000/")
    print("stands", flush=True)
    time.sleep(60)
"""


def test_stopping_where_nothing_runs_is_silent(tmp_path, capsys):
    assert main(["serve", "--workspace", str(tmp_path), "--stop"]) == 0
    assert capsys.readouterr().out == ""


def test_a_second_console_over_the_same_workspace_is_refused_with_the_address_of_the_first(tmp_path):
    with standing(tmp_path) as sign:
        announce(sign, "http://127.0.0.1:8000/")
        with pytest.raises(UnusableInputError, match=r"http://127\.0\.0\.1:8000/"), standing(tmp_path):
            pass
    assert find_address(tmp_path) is None


def test_a_console_is_found_and_stopped_and_one_that_was_killed_is_not_believed(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", _WAITS, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "stands\n"
    assert find_address(tmp_path) == "http://127.0.0.1:8000/"
    assert stop_standing(tmp_path)
    process.wait()
    # SIGTERM ended it without a chance to clear the file: the text is there, the lock is not.
    assert find_address(tmp_path) is None
    assert not stop_standing(tmp_path)
