"""What carriage on scheduled vehicles is made of: services with room, stops with rules, consignments with a deadline.

Times are minutes after Monday 00:00 of a week that repeats. Quantities are parcels; kilograms do as well if room and
consignments are both in them.
"""

import math
from dataclasses import dataclass

from posthouse.vocabulary.errors import UnusableInputError

DAY_MIN = 1440
WEEK_MIN = 7 * DAY_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A bus, ferry or drone trip that takes parcels on its days.

    calls : (stop index, arrival, departure) in minutes after 00:00 of the service day; may be above 24 h.
    days : 0 Monday to 6 Sunday.
    room : parcels one run carries at most, >= 0; inf where nothing limits it.
    fare_yuan : price of a parcel per ride, however far, >= 0.
    cut_off_min : how long before departure parcels must be at the stop, >= 0.
    """

    id: str
    calls: tuple[tuple[int, int, int], ...]
    days: tuple[int, ...]
    room: float
    fare_yuan: float
    cut_off_min: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop and what may be done with parcels there.

    change_min : time from arrival until another run can take them; None where they may not wait or change.
    handling_yuan : cost of a parcel that changes here, >= 0.
    hand_over : time of day in minutes [from, to] in which somebody takes parcels over; from > to spans midnight.
    """

    id: str
    change_min: int | None = None
    handling_yuan: float = 0.0
    hand_over: tuple[int, int] = (0, DAY_MIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignment:
    """Parcels that are ready somewhere at one moment of the week, for one stop.

    ready_min : in [0, WEEK_MIN). due_min : latest arrival, within a week after ready_min.
    parcels : > 0. outside_yuan : price per parcel of bringing them otherwise; inf where there is no other way.
    """

    id: str
    origin: int
    destination: int
    ready_min: int
    due_min: int
    parcels: float
    outside_yuan: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriageProblem:
    """Services, stops and consignments of a repeating week.

    delay_yuan_per_day : what a day between ready and arrival costs per parcel, >= 0.
    """

    stops: tuple[Stop, ...]
    services: tuple[Service, ...]
    consignments: tuple[Consignment, ...]
    delay_yuan_per_day: float = 0.0

    def __post_init__(self) -> None:
        for service in self.services:
            _check_service(service, len(self.stops))
        for consignment in self.consignments:
            _check_consignment(consignment, self.stops)
        for stop in self.stops:
            if not (stop.handling_yuan >= 0 and (stop.change_min is None or stop.change_min >= 0)):
                raise UnusableInputError(f"中转时间和费用应不小于 0（站点 {stop.id}）。请改正。")
            if not all(0 <= moment <= DAY_MIN for moment in stop.hand_over):
                raise UnusableInputError(
                    f"交接时段应在 0 至 {DAY_MIN} 分之间，实际为 {stop.hand_over}（站点 {stop.id}）。请改正。"
                )
        if not self.delay_yuan_per_day >= 0:
            raise UnusableInputError(f"滞留费用应不小于 0，实际为 {self.delay_yuan_per_day}。请改正。")


def may_hand_over(stop: Stop, minute: int) -> bool:
    """Return whether somebody takes parcels over at the stop at a minute of the week.

    >>> may_hand_over(Stop(id="村口", hand_over=(420, 1140)), DAY_MIN + 500)
    True
    """
    opens, closes = stop.hand_over
    of_day = minute % DAY_MIN
    return opens <= of_day <= closes if opens <= closes else of_day >= opens or of_day <= closes


def _check_service(service: Service, n_stops: int) -> None:
    where = f"（班次 {service.id}）"
    if len(service.calls) < 2:
        raise UnusableInputError(f"班次至少应有两个停靠站，实际为 {len(service.calls)} 个{where}。请补全或删去该班次。")
    if not set(service.days) <= set(range(7)):
        raise UnusableInputError(f"开行日应为 0（周一）至 6（周日），实际为 {service.days}{where}。请改正。")
    if not (service.room >= 0 and service.fare_yuan >= 0 and service.cut_off_min >= 0):
        raise UnusableInputError(
            f"可带件量、运费和截件提前量应不小于 0，实际为 {service.room}、{service.fare_yuan}、"
            f"{service.cut_off_min}{where}。请改正。"
        )
    before = 0
    for stop, arrive, depart in service.calls:
        if not 0 <= stop < n_stops:
            raise UnusableInputError(f"停靠站应在站点表的 {n_stops} 个站内，实际为 {stop}{where}。请补充站点。")
        if not before <= arrive <= depart < WEEK_MIN:
            raise UnusableInputError(
                f"同一班次的时刻应依次不减且在 7 天内，实际到 {arrive} 分、离 {depart} 分、前站离 {before} 分{where}。"
                "过零点的时刻请写作 24:00 以上。"
            )
        before = depart


def _check_consignment(consignment: Consignment, stops: tuple[Stop, ...]) -> None:
    where = f"（票 {consignment.id}）"
    ends = consignment.origin, consignment.destination
    if not all(0 <= stop < len(stops) for stop in ends) or ends[0] == ends[1]:
        raise UnusableInputError(f"始发站与目的站应是 {len(stops)} 个站中不同的两个，实际为 {ends}{where}。请改正。")
    if not 0 <= consignment.ready_min < WEEK_MIN:
        raise UnusableInputError(
            f"备妥时刻应在 0 至 {WEEK_MIN} 分之间，实际为 {consignment.ready_min}{where}。请改正。"
        )
    if not consignment.ready_min <= consignment.due_min <= consignment.ready_min + WEEK_MIN:
        raise UnusableInputError(
            f"时限应在备妥后一周之内，实际备妥 {consignment.ready_min} 分、时限 {consignment.due_min} 分{where}。"
            "请改正后重试。"
        )
    if not (0 < consignment.parcels < math.inf and consignment.outside_yuan >= 0):
        raise UnusableInputError(
            f"件量应大于 0、其他方式单价应不小于 0，实际为 {consignment.parcels}、{consignment.outside_yuan}{where}。"
            "请改正后重试。"
        )
