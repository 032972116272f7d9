"""A routing server of the test's own, on this machine."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from posthouse.territory.divisions import divisions_from
from posthouse.territory.roads import road_graph_from
from posthouse.territory.table_service import TableService, ask_table
from posthouse.territory.travel import travel_between
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding
from tests.territory.ground import PINE, STONE, TOWN, divisions, roads


@contextmanager
def server(answer):
    """Serve answer(path, body) -> JSON value, or bytes as they are."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply(None)

        def do_POST(self):
            self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def reply(self, body):
            content = answer(self.path, body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())

        def log_message(self, *args):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()


def osrm(path, body):
    """Ten minutes and ten kilometres between places of another longitude, none where the latitude is 50."""
    points = [tuple(map(float, p.split(","))) for p in path.split("/driving/")[1].split("?")[0].split(";")]
    query = dict(part.split("=") for part in path.split("?")[1].split("&"))
    ones, others = ([points[int(i)] for i in query[name].split(";")] for name in ("sources", "destinations"))
    cells = [[None if b[1] == 50 else 0 if a == b else 600 for b in others] for a in ones]
    return {
        "code": "Ok",
        "durations": cells,
        "distances": [[None if c is None else c / 0.06 for c in r] for r in cells],
    }


POINTS = np.array([[120.0, 29.0], [120.1, 29.0], [np.nan, 29.0], [120.2, 50.0]])


def test_osrm_is_asked_in_blocks_and_what_it_does_not_know_has_no_way():
    with server(osrm) as address:
        answer = ask_table(TableService(kind="osrm", address=address, block=1), POINTS, POINTS)
    assert answer.minutes[0].tolist() == [0.0, 10.0, np.inf, np.inf]
    assert answer.distance_km[0].tolist() == [0.0, 10.0, np.inf, np.inf]


def test_valhalla_is_asked_by_post():
    def valhalla(path, body):
        assert path == "/sources_to_targets"
        cell = {"time": 120, "distance": 1.5}
        return {"sources_to_targets": [[cell for _ in body["targets"]] for _ in body["sources"]]}

    with server(valhalla) as address:
        answer = ask_table(TableService(kind="valhalla", address=f"{address}/"), POINTS[:2], POINTS[:1])
    assert (answer.minutes.tolist(), answer.distance_km.tolist()) == ([[2.0], [2.0]], [[1.5], [1.5]])


@pytest.mark.parametrize(
    "reply", [b"<html>", {"code": "NoTable"}, {"code": "Ok"}, [], {"code": "Ok", "durations": [[1]]}]
)
def test_another_answer_is_a_finding_and_the_registered_roads_are_used(reply):
    with server(lambda path, body: reply) as address:
        service = TableService(kind="osrm", address=address)
        travel = travel_between(
            [TOWN], [STONE, PINE], divisions_from(divisions()), road_graph_from(roads()), service=service
        )
    assert travel.minutes.tolist() == [[18.0, 16.0]]
    assert [f.code for f in travel.findings] == ["territory.table_service"]


def test_a_server_that_answers_goes_before_the_roads():
    with server(osrm) as address:
        service = TableService(kind="osrm", address=address)
        travel = travel_between([TOWN], [STONE], divisions_from(divisions()), road_graph_from(roads()), service=service)
    assert (travel.minutes[0, 0], travel.basis(0, 0), travel.findings) == (10.0, "road", ())


def test_a_server_that_hangs_or_is_not_there_is_a_finding():
    release = threading.Event()

    def hang(path, body):
        release.wait(5)
        return {}

    with server(hang) as address:
        slow = ask_table(TableService(kind="osrm", address=address, timeout_s=0.2), POINTS, POINTS)
        release.set()
    gone = ask_table(TableService(kind="osrm", address=address, timeout_s=0.2), POINTS, POINTS)
    assert isinstance(slow, Finding)
    assert isinstance(gone, Finding)


def test_only_http_addresses_are_asked():
    with pytest.raises(UnusableInputError, match="http"):
        TableService(kind="osrm", address="file:///etc/hosts")
