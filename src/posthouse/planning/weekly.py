"""The whole week: depots laid out, room of partners and buses awarded, every depot's rounds searched, islands served.

Rounds are searched twice: first with vans alone, which says what each visit is worth, then with what others offer for
it. A plan that is changed (`previous`) starts from what it was: depots that it still fits are left as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from posthouse.optimise.routing.solution import Solution
from posthouse.planning.amend import amend_week, start_from
from posthouse.planning.carried import Carried, award_carriage, keep_rides
from posthouse.planning.depots import Depot, Layout, Need, lay_out
from posthouse.planning.effort import Effort
from posthouse.planning.ground import Ground
from posthouse.planning.offers import Offers, Wish, award_partners, join_offers, wishes_of
from posthouse.planning.patterns import Pattern
from posthouse.planning.previous import Previous, kept_wishes, previous_of
from posthouse.planning.processes import work_on_all
from posthouse.planning.remote import RemoteAnswer, serve_remote
from posthouse.planning.solve_week import Carry, Drive, WeekAnswer, solve_week, worth_of_visits
from posthouse.planning.trips import parcel_trips
from posthouse.planning.week import make_week
from posthouse.vocabulary.findings import Finding

FIRST_SHARE = 0.35
"""Of the rounds' effort for the search with vans alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyAnswer:
    """The answers of all depots and of the remote villages. offers : by others, of which the answers took some.

    full : trip -> what room for one more parcel would save, in yuan. worth : of a visit by our vans, by village.
    """

    layout: Layout
    answers: tuple[WeekAnswer, ...]
    remote: RemoteAnswer
    offers: Offers
    full: Mapping[str, float]
    worth: Mapping[str, float]
    findings: tuple[Finding, ...] = ()

    @property
    def patterns(self) -> dict[str, Pattern]:
        """Day sets of all villages that are visited."""
        found = {village: pattern for answer in self.answers for village, pattern in answer.patterns.items()}
        return found | dict(self.remote.patterns)

    @property
    def missing(self) -> dict[str, int]:
        """Promised visits that are not made, by village."""
        found = {village: count for answer in self.answers for village, count in answer.missing.items()}
        return found | dict(self.remote.missing)

    @property
    def drives(self) -> tuple[tuple[Depot, Drive], ...]:
        """Rounds with their depots."""
        return tuple((answer.week.depot, drive) for answer in self.answers for drive in answer.drives)

    @property
    def carries(self) -> tuple[Carry, ...]:
        """Visits by others."""
        return (*(carry for answer in self.answers for carry in answer.carries), *self.remote.carries)

    @property
    def remote_cost_yuan(self) -> float:
        """What the remote villages cost."""
        return sum(carry.cost_yuan for carry in self.remote.carries)

    @property
    def cost_yuan(self) -> float:
        """What the week costs."""
        return sum(answer.cost_yuan for answer in self.answers) + self.remote_cost_yuan

    @property
    def bound_yuan(self) -> float:
        """No week from these depots with these awards costs less."""
        return sum(answer.bound_yuan for answer in self.answers) + self.remote_cost_yuan


def plan_week(
    needs: Sequence[Need],
    ground: Ground,
    effort: Effort,
    *,
    seed: int,
    previous: Previous | None = None,
    known: WeeklyAnswer | None = None,
) -> WeeklyAnswer:
    """Return the cheapest week found for the needs.

    Parameters
    ----------
    previous : an earlier plan, to be changed where it must be.
    known : the answer for another promise, from whose rounds and worth of visits the search begins.
    """
    layout = lay_out(sorted(needs, key=lambda need: need.village), ground)
    trips, findings = parcel_trips(ground)
    origin = {village: depot.code for depot in layout.depots for village in depot.villages}
    worth: Mapping[str, float] = known.worth if known else {}
    starts: Mapping[str, Solution] = {}
    rest = 1.0
    if previous is not None:
        wishes = kept_wishes(previous, layout, ground)
    else:
        if known is None:
            first = _solve_all(layout, ground, {}, effort.part(FIRST_SHARE), seed=seed)
            worth = {village: yuan for answer in first for village, yuan in worth_of_visits(answer).items()}
            starts = {answer.week.depot.code: answer.solution for answer in first}
            rest = 1 - FIRST_SHARE
        wishes = wishes_of(layout.depots, worth, ground)
    partners = award_partners(_of_modes(wishes, previous, ground.scenario.modes), layout.depots, ground)
    buses = _of_modes(wishes, previous, ground.scenario.carriage)
    kept: Offers = {}
    room = trips
    if previous is not None:
        lines = {visit: line for visit, (_, line) in previous.carried.items()}
        kept, buses, room = keep_rides(lines, buses, origin, trips, ground)
    carried = award_carriage(buses, origin, room, ground) if buses else Carried(offers={})
    offers = join_offers(partners, kept, carried.offers)
    answers = _solve_all(
        layout,
        ground,
        offers,
        effort.part(rest, rest),
        seed=seed,
        starts=starts,
        previous=previous,
        like=previous_of(known.answers) if known else None,
    )
    return WeeklyAnswer(
        layout=layout,
        answers=answers,
        remote=serve_remote(layout, trips, ground, before=previous.patterns if previous else {}),
        offers=offers,
        full=carried.full,
        worth=worth,
        findings=findings,
    )


def _of_modes(wishes: Sequence[Wish], previous: Previous | None, modes: Mapping[str, object]) -> list[Wish]:
    """All wishes; of an earlier plan those that these modes carried."""
    if previous is None:
        return list(wishes)
    return [wish for wish in wishes if previous.mode_of(wish.village, wish.weekday) in modes]


def _solve_all(
    layout: Layout,
    ground: Ground,
    offers: Offers,
    effort: Effort,
    *,
    seed: int,
    starts: Mapping[str, Solution] = MappingProxyType({}),
    previous: Previous | None = None,
    like: Previous | None = None,
) -> tuple[WeekAnswer, ...]:
    def solve(depot: Depot, own: Effort) -> WeekAnswer:
        start = starts.get(depot.code)
        return _solve_depot(depot, ground, offers, own, seed=seed, start=start, previous=previous, like=like)

    weights = [sum(need.visits for need in depot.needs) for depot in layout.depots]
    return tuple(work_on_all(solve, layout.depots, weights, effort, "排线路"))


def _solve_depot(
    depot: Depot,
    ground: Ground,
    offers: Offers,
    effort: Effort,
    *,
    seed: int,
    start: Solution | None,
    previous: Previous | None,
    like: Previous | None,
) -> WeekAnswer:
    """One depot: kept where an earlier plan still fits, else searched; once more with shorter day sets if need be."""
    days = previous.patterns if previous else None
    depart_min = ground.scenario.rounds.depart_min
    short = {v: previous.missing[v] for v in depot.villages if v in previous.missing} if previous else {}
    week = make_week(depot, ground, offers, previous=days, may_fall_short=bool(short))
    if like is not None:
        start = start_from(week, like)
    if previous is not None:
        amended, start = amend_week(week, previous, effort, seed=seed, depart_min=depart_min)
        if amended is not None and sum(amended.missing.values()) <= sum(short.values()):
            return amended
    answer = solve_week(week, effort, seed=seed, depart_min=depart_min, start=start)
    if not answer.missing:
        return answer
    loose = make_week(depot, ground, offers, previous=days, may_fall_short=True)
    more = replace(effort, seconds=2 * effort.seconds)
    again = solve_week(loose, more, seed=seed, depart_min=depart_min)
    return min((answer, again), key=lambda a: (sum(a.missing.values()), a.cost_yuan))
