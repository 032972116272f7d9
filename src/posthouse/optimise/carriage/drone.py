"""Drones as one more carrier: which sites one can reach, and as what services with room.

A drone takes off, hands over at one site and comes back, on the days on which weather lets it fly. Weather is a share:
the room of a run is what it carries on average over weeks, and `expected_days` says how many visits a week come of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from posthouse.optimise.carriage.problem import DAY_MIN, Service
from posthouse.vocabulary.errors import UnusableInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Drone:
    """A drone, or several that are alike and fly one after another.

    payload : parcels a flight (or kilograms, as everywhere in the problem), > 0. range_km : there and back, loaded
    and with reserve, > 0. speed_kmh : > 0. weather_share : part of the days on which it can fly, 0..1.
    turn_min : at the site and again at home, >= 0. flights_per_day : at most, >= 1. yuan_per_flight, yuan_per_km :
    costs, >= 0.
    days : 0 Monday to 6 Sunday. from_min, to_min : daylight or permitted hours, minutes of the day.
    """

    id: str
    payload: float
    range_km: float
    speed_kmh: float
    weather_share: float
    turn_min: int = 10
    flights_per_day: int = 1
    yuan_per_flight: float = 0.0
    yuan_per_km: float = 0.0
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    from_min: int = 480
    to_min: int = 1080

    def __post_init__(self) -> None:
        sound = self.payload > 0 and self.range_km > 0 and self.speed_kmh > 0 and 0 <= self.weather_share <= 1
        if not (sound and self.turn_min >= 0 and self.flights_per_day >= 1 and self.yuan_per_flight >= 0):
            raise UnusableInputError(
                "无人机的载量、航程、时速应大于 0，可飞天气占比应在 0 至 1 之间，实际为 "
                f"{self.payload}、{self.range_km}、{self.speed_kmh}、{self.weather_share}（无人机 {self.id}）。请改正。"
            )

    def cannot_fly(self, distance_km: float) -> str:
        """Return why no flight to a site so far away is possible: `range`, `hours`, `weather`; empty where one is."""
        if 2 * distance_km > self.range_km:
            return "range"
        if self.weather_share == 0 or not self.days:
            return "weather"
        return "" if self.from_min + self.round_min(distance_km) <= self.to_min else "hours"

    def round_min(self, distance_km: float) -> int:
        """Return minutes from take-off until the next: there, hand-over, back, battery."""
        return 2 * self.flight_min(distance_km) + 2 * self.turn_min

    def flight_min(self, distance_km: float) -> int:
        """Return minutes one way, rounded up."""
        return math.ceil(distance_km / self.speed_kmh * 60)

    def expected_days(self) -> float:
        """Return visits a week that weather leaves of its days."""
        return len(set(self.days)) * self.weather_share


def drone_services(drone: Drone, home: int, sites: Sequence[tuple[int, float]]) -> tuple[Service, ...]:
    """Return the flights of a day, shared out over the sites in turn; sites that it cannot reach get none.

    A parcel's fare is that of a flight over its payload: the price when it flies full.

    Parameters
    ----------
    home : stop of take-off. sites : (stop, distance in km from home), in order of preference.

    >>> drone = Drone(id="d", payload=10, range_km=30, speed_kmh=60, weather_share=0.8)
    >>> flights = drone_services(drone, 0, [(1, 12.0)])
    >>> flights[0].calls, flights[0].room
    (((0, 480, 480), (1, 492, 492)), 8.0)
    """
    possible = [(stop, km) for stop, km in sites if not drone.cannot_fly(km)]
    flights: list[Service] = []
    begin = drone.from_min
    while possible and len(flights) < drone.flights_per_day:
        stop, km = possible[len(flights) % len(possible)]
        if begin + drone.round_min(km) > min(drone.to_min, DAY_MIN):
            break
        arrive = begin + drone.flight_min(km)
        flights.append(
            Service(
                id=f"{drone.id}-{len(flights) + 1}",
                calls=((home, begin, begin), (stop, arrive, arrive)),
                days=drone.days,
                room=drone.payload * drone.weather_share,
                fare_yuan=(drone.yuan_per_flight + 2 * km * drone.yuan_per_km) / drone.payload,
                cut_off_min=drone.turn_min,
            )
        )
        begin += drone.round_min(km)
    return tuple(flights)
