"""A timetable feed as it was published: stops, trips, days of service, and which trips take parcels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from posthouse.vocabulary.findings import Finding

Call = tuple[str, int, int]
"""Stop id, arrival and departure in seconds after 00:00 of the service day; may be above 24 h."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStop:
    """One stop. lon, lat : degrees (WGS-84), None where the feed has none."""

    id: str
    name: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDays:
    """When a service runs. weekdays : bit d (0 Monday); start_on, end_on inclusive, None where only dates are given."""

    weekdays: int = 0
    start_on: date | None = None
    end_on: date | None = None
    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def runs_on(self, day: date) -> bool:
        """Whether the service runs on the day."""
        if day in self.removed:
            return False
        if day in self.added:
            return True
        if self.start_on is None or self.end_on is None:
            return False
        return self.start_on <= day <= self.end_on and bool(self.weekdays >> day.weekday() & 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelTerms:
    """On what terms a trip takes parcels; None where nothing is said."""

    takes_parcels: bool = False
    capacity_kg: float | None = None
    fare_yuan: float | None = None
    cut_off_min: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTerms:
    """What may be done with parcels at a stop; hand_over in minutes of the day, None at any time.

    change_min : None where parcels may not wait or change.
    """

    change_min: int | None = None
    handling_yuan: float = 0.0
    hand_over: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTrip:
    """One trip. mode : bus or ferry. headways : (from, until, every) in seconds where it is a pattern that repeats."""

    id: str
    route: str
    mode: str
    service: str
    calls: tuple[Call, ...]
    headways: tuple[tuple[int, int, int], ...] = ()
    terms: ParcelTerms = ParcelTerms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What could be read of a feed; the rest is in the findings."""

    stops: Mapping[str, FeedStop]
    trips: tuple[FeedTrip, ...]
    services: Mapping[str, ServiceDays]
    stop_terms: Mapping[str, StopTerms] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
