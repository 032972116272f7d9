"""The worker is killed, or the database restarts, in the middle of a run: with the real processes."""

import importlib.util
import os
import shutil
import signal
import sqlite3

import pytest
from benchmarks.cluster import Cluster, find_programs

from tests.web.standing_console import Person, stage_of, standing_console, wait_for

FIGURES = "SELECT series, period, place, brand, value FROM monitoring_figure ORDER BY 1, 2, 3, 4"


@pytest.fixture
def out(closed_city, tmp_path):
    return shutil.copytree(closed_city[0], tmp_path / "out")


@pytest.fixture
def expected(closed_city):
    """What the figures are when nothing comes in between."""
    figures = (figure for _, figures in closed_city[1] for figure in figures)
    return sorted((f.series, f.period, f.place, f.brand, f.value) for f in figures)


def wait_for_the_middle(person):
    wait_for(lambda: "按品牌测量" in stage_of(person, 1) and "x", "the run to measure by brand")


def test_a_killed_worker_is_told_at_once_and_its_run_goes_on_to_the_same_end(out, expected):
    with standing_console(out) as address, sqlite3.connect(out / "console.sqlite3") as database:
        office = Person(address, "office")
        wait_for_the_middle(office)
        assert "还在后台计算" in office.read("goals/G1/")
        worker = database.execute("SELECT worker FROM runs_run").fetchone()[0]
        os.kill(int(worker.rpartition(":")[2]), signal.SIGKILL)
        page = office.wait_for("runs/1/", "中断")
        assert "执行程序中断（进程被结束或机器重启）。此前的数据没有变化。可以继续或重做。" in page
        assert "达到" not in office.read("map/")
        office.send("runs/1/resume/")
        office.wait_for("runs/1/", "完成")
        assert "还在后台计算" not in office.read("goals/G1/")
        assert sorted(database.execute(FIGURES).fetchall()) == expected


def test_a_database_that_restarts_in_the_middle_is_told_and_waited_for(out, expected):
    if importlib.util.find_spec("psycopg") is None or find_programs() is None:
        lacking = "PostgreSQL's server or psycopg is not installed; make install-postgres"
        if os.environ.get("POSTHOUSE_REQUIRE_ALL") == "1":
            pytest.fail(lacking)
        pytest.skip(lacking)
    import psycopg

    with Cluster() as cluster, standing_console(out, cluster.url) as address:
        office = Person(address, "office")
        wait_for_the_middle(office)
        cluster.stop()
        assert "数据库暂时不能用" in office.read("goals/")
        cluster.start()
        office.wait_for("runs/1/", "完成")
        with psycopg.connect(cluster.url) as database:
            assert sorted(database.execute(FIGURES).fetchall()) == expected
