"""Travel tables from a routing server of the user's own (OSRM or Valhalla), by its address; off unless one is named.

OSRM: `/table/v1/driving/…`. Valhalla: `/sources_to_targets`. Asked in blocks, since both limit the size of a table.
A server that does not answer, or answers something else, gives a Finding; the caller then goes on without it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableService:
    """Where to ask. address : `http://host:port`. block : origins, and destinations, asked for at once.

    Raises
    ------
    UnusableInputError : the address is not http or https.
    """

    kind: Literal["osrm", "valhalla"]
    address: str
    timeout_s: float = 10.0
    block: int = 50

    def __post_init__(self) -> None:
        if urlsplit(self.address).scheme not in ("http", "https"):
            raise UnusableInputError(f"路网服务的地址应以 http:// 或 https:// 开头，实际为 {self.address!r}。请改正。")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableAnswer:
    """minutes, distance_km : shape (n_origins, n_destinations), infinite where the server knows no way."""

    minutes: "Matrix"
    distance_km: "Matrix"


def ask_table(service: TableService, origins: "Matrix", destinations: "Matrix") -> TableAnswer | Finding:
    """Return the server's travel table, or the Finding that says why there is none.

    Parameters
    ----------
    origins, destinations : lon and lat in degrees, shape (n, 2). Rows with NaN get no way.
    """
    import numpy as np

    ask = _ASK[service.kind]
    minutes = np.full((len(origins), len(destinations)), np.inf)
    km = np.full_like(minutes, np.inf)
    rows, columns = (np.flatnonzero(np.isfinite(points).all(axis=1)) for points in (origins, destinations))
    try:
        for i in range(0, len(rows), service.block):
            for j in range(0, len(columns), service.block):
                some, others = rows[i : i + service.block], columns[j : j + service.block]
                block = np.ix_(some, others)
                minutes[block], km[block] = ask(service, origins[some], destinations[others])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        return _unanswered(service, fault)
    return TableAnswer(minutes=minutes, distance_km=km)


def _ask_osrm(service: TableService, origins: "Matrix", destinations: "Matrix") -> "tuple[Matrix, Matrix]":
    count = len(origins)
    points = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in [*origins.tolist(), *destinations.tolist()])
    query = {
        "sources": ";".join(map(str, range(count))),
        "destinations": ";".join(str(count + i) for i in range(len(destinations))),
        "annotations": "duration,distance",
    }
    address = f"{service.address.rstrip('/')}/table/v1/driving/{points}?{urlencode(query, safe=';,')}"
    answer = _fetch(service, Request(address))
    if answer["code"] != "Ok":
        raise ValueError(answer["code"])
    shape = (count, len(destinations))
    return _matrix(answer["durations"], 1 / 60, shape), _matrix(answer["distances"], 1 / 1000, shape)


def _ask_valhalla(service: TableService, origins: "Matrix", destinations: "Matrix") -> "tuple[Matrix, Matrix]":
    def points(rows: "Matrix") -> list[dict[str, float]]:
        return [{"lon": lon, "lat": lat} for lon, lat in rows.tolist()]

    body = {"sources": points(origins), "targets": points(destinations), "costing": "auto", "units": "kilometers"}
    request = Request(
        f"{service.address.rstrip('/')}/sources_to_targets",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    table = _fetch(service, request)["sources_to_targets"]
    shape = (len(origins), len(destinations))
    minutes = _matrix([[cell["time"] for cell in row] for row in table], 1 / 60, shape)
    return minutes, _matrix([[cell["distance"] for cell in row] for row in table], 1.0, shape)


_ASK: dict[str, Callable[[TableService, "Matrix", "Matrix"], "tuple[Matrix, Matrix]"]] = {
    "osrm": _ask_osrm,
    "valhalla": _ask_valhalla,
}


def _fetch(service: TableService, request: Request) -> dict[str, Any]:
    with urlopen(request, timeout=service.timeout_s) as reply:
        answer = json.loads(reply.read())
    if not isinstance(answer, dict):
        raise ValueError("JSON")
    return answer


def _matrix(rows: list[list[float | None]], factor: float, shape: tuple[int, int]) -> "Matrix":
    """The rows as an array; what the server leaves empty has no way."""
    import numpy as np

    found = np.array([[np.inf if cell is None else cell * factor for cell in row] for row in rows], dtype=np.float64)
    if found.shape != shape:
        raise ValueError(f"{found.shape} != {shape}")
    return found


def _unanswered(service: TableService, fault: Exception) -> Finding:
    reason = str(fault.reason) if isinstance(fault, URLError) else f"{type(fault).__name__} {fault}".strip()
    return Finding(
        code="territory.table_service",
        severity=Severity.WARNING,
        message=f"路网服务 {service.address} 没有给出可用的里程（{reason}），改用已登记的道路。请检查服务是否在运行。",
        place=service.address,
        fields={"kind": service.kind, "reason": reason},
    )
