"""Making an Action: the same proposal has the same id next month, so that it stays the same assignment."""

from hashlib import sha256

from posthouse.diagnosis.model import Gap
from posthouse.planning.model import Action


def make_action(
    gap: Gap,
    kind: str,
    title: str,
    *,
    place: str | None = None,
    place_name: str = "",
    brand: str | None = None,
    expected: str = "",
    cost_yuan_per_year: float | None = None,
    candidates: tuple[str, ...] = (),
) -> Action:
    """Return an action that closes when the gap's measure reaches what the goal wants, at this place and brand.

    A place has to reach the gap's place_bar, the city and a brand its bar. The id hashes what is to
    be reached, not how: a cheaper way found next month is still the same work.
    """
    value = gap.bar_for(place)
    content = (gap.goal_id, gap.measure, gap.comparator, f"{value:.9g}", place or "", brand or "", *gap.parameters)
    return Action(
        id="A" + sha256("|".join(map(str, content)).encode()).hexdigest()[:10],
        goal_id=gap.goal_id,
        kind=kind,
        title=title,
        place=place,
        place_name=place_name,
        measure=gap.measure,
        comparator=gap.comparator,
        value=value,
        expected=expected,
        cost_yuan_per_year=cost_yuan_per_year,
        brand=brand,
        parameters=gap.parameters,
        candidates=candidates,
    )
