"""The double-random draw (双随机): which outlets are inspected, by whom, so that anybody can draw again and check.

Basis: 《国务院办公厅关于推广随机抽查规范事中事后监管的通知》（国办发〔2015〕58号）,
《国务院关于在市场监管领域全面推行部门联合“双随机、一公开”监管的意见》（国发〔2019〕5号）.
The lot of each outlet and inspector is a hash of the published seed and its own id: no random generator whose version
could change, and the draw does not depend on the order of the lists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import log


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One outlet drawn and the inspectors drawn for it, in the order of their lots."""

    outlet_id: str
    inspectors: tuple[str, ...]


def draw_inspections(
    outlets: Sequence[str],
    inspectors: Sequence[str],
    *,
    count: int,
    seed: str,
    team: int = 2,
    risk: Mapping[str, float] | None = None,
    barred: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Inspection, ...]:
    """Return `count` outlets, drawn without replacement, each with a team of inspectors.

    Parameters
    ----------
    outlets, inspectors : ids.
    seed : published with the result, for example the date and a number drawn in public.
    team : inspectors per outlet; the law asks for two at least. Work is spread: those with fewest outlets first.
    risk : weight by outlet, > 0, 1 where not given; an outlet of weight 2 is drawn about twice as readily.
    barred : inspectors by outlet who must not go there (kinship, interest).

    Raises
    ------
    ValueError : more outlets are asked for than there are, or an outlet has fewer inspectors left than a team.
    """
    if count > len(set(outlets)):
        raise ValueError(f"Expected a count of at most {len(set(outlets))} outlets, got {count}.")
    weights = risk or {}
    # Weighted draw without replacement by exponential keys: Efraimidis and Spirakis, Inf. Process. Lett. 97 (2006).
    keys = {outlet: -log(_lot(seed, "outlet", outlet)) / weights.get(outlet, 1.0) for outlet in outlets}
    drawn = sorted(keys, key=lambda outlet: (keys[outlet], outlet))[:count]
    load = dict.fromkeys(inspectors, 0)
    inspections = []
    for outlet in drawn:
        free = [person for person in load if person not in (barred or {}).get(outlet, ())]
        if len(free) < team:
            raise ValueError(f"Expected at least {team} inspectors for outlet {outlet}, got {len(free)}.")
        free.sort(key=lambda person: (load[person], _lot(seed, outlet, person), person))
        for person in free[:team]:
            load[person] += 1
        inspections.append(Inspection(outlet_id=outlet, inspectors=tuple(free[:team])))
    return tuple(inspections)


def _lot(seed: str, kind: str, name: str) -> float:
    """A number in (0, 1] that the seed gives to a name."""
    digest = sha256(f"{seed}\n{kind}\n{name}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") + 1) / 2**64
