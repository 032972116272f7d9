"""Daily totals of the three controls, call-backs about second charges, devices on line, and complaints of a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

CONTROLS = ("real_name", "acceptance_inspection", "security_screening")
ONLINE_MIN = 720
"""A device counts as networked on a day from this many minutes on line."""

MIN_CALLS, GUILTY_SHARE, HONEST_SHARE = 48, 0.24, 0.03
COMPLAINTS_PER_MILLION = 36.0
COMPLAINT_KINDS = ("delay", "lost", "damaged", "delivery_service", "secondary_charge", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Event columns by table, and what is true about them.

    controls, callbacks : by kind, or by brand, expected and done. networks : by device kind, networked device-days and
    device-days. dead_xray : outlets whose X-ray machines send no image.
    """

    checks: Mapping[str, list[object]]
    device_status: Mapping[str, list[object]]
    complaints: list[Mapping[str, object]]
    controls: Mapping[str, tuple[int, int]]
    controls_by_brand: Mapping[tuple[str, str], tuple[int, int]]
    callbacks: Mapping[str, tuple[int, int]]
    networks: Mapping[str, tuple[int, int]]
    xray_by_brand: Mapping[str, tuple[int, int]]
    dead_xray: tuple[str, ...]
    valid_complaints: int


def inspect(world: World) -> Inspection:
    """Return what inspection saw in the month."""
    checks, controls, controls_by_brand = _controls(world)
    callbacks = _callbacks(world, checks)
    devices, networks, xray_by_brand, dead = _devices(world)
    complaints, valid = _complaints(world)
    return Inspection(
        checks=checks,
        device_status=devices,
        complaints=complaints,
        controls=controls,
        controls_by_brand=controls_by_brand,
        callbacks=callbacks,
        networks=networks,
        xray_by_brand=xray_by_brand,
        dead_xray=dead,
        valid_complaints=valid,
    )


def _controls(
    world: World,
) -> tuple[dict[str, list[object]], dict[str, tuple[int, int]], dict[tuple[str, str], tuple[int, int]]]:
    """Return a row per outlet, day and control; some outlets neglect a control."""
    import numpy as np

    kind, market, month, quality = world.kind, world.market, world.month, world.kind.quality
    stream = open_stream(world.seed, kind.name, "controls", month.text)
    steady = open_stream(world.seed, kind.name, world.geography.n_villages, "careless outlets")
    outlets = [o for o in market.outlets[: market.n_first] if o.kind == "outlet"]
    n = len(outlets)
    brand = np.array([o.brand for o in outlets])
    share = np.array([b.share for b in market.brands])[brand]
    size = share * np.exp(steady.normal(0, 0.4, n))
    per_day = kind.market.monthly_volume / 30 * size / size.sum()
    columns: dict[str, list[object]] = {
        name: [] for name in ("check_id", "kind", "checked_on", "outlet_id", "brand", "division", "expected", "done")
    }
    totals, by_brand = {}, {}
    days = [month.period.start_on + timedelta(days=i) for i in range(month.days)]
    rates = {
        "real_name": quality.real_name,
        "acceptance_inspection": quality.inspection,
        "security_screening": quality.screening,
    }
    for control in CONTROLS:
        careless = steady.random(n) < 0.10
        lack = (1 - rates[control]) * np.exp(steady.normal(0, 0.3, n)) * np.where(careless, 4.0, 0.65)
        lack = np.clip(lack - quality.monthly_gain * 0.02 * max(0, month.index), 0, 0.6)
        expected = stream.poisson(
            np.maximum(per_day, 3)[:, None] * stream.uniform(0.7, 1.25, (1, month.days)), (n, month.days)
        )
        done = expected - stream.binomial(expected, lack[:, None])
        for i, outlet in enumerate(outlets):
            columns["check_id"] += [
                f"{control[:2].upper()}{month.text.replace('-', '')}{i:04d}{d + 1:02d}" for d in range(month.days)
            ]
            columns["checked_on"] += days
            columns["outlet_id"] += [outlet.outlet_id] * month.days
            columns["brand"] += [market.brands[outlet.brand].name] * month.days
            columns["division"] += [world.geography.town_codes[outlet.town]] * month.days
        columns["kind"] += [control] * (n * month.days)
        columns["expected"] += expected.ravel().tolist()
        columns["done"] += done.ravel().tolist()
        totals[control] = (int(done.sum()), int(expected.sum()))
        for index in np.unique(brand):
            own = brand == index
            by_brand[control, market.brands[int(index)].name] = (int(done[own].sum()), int(expected[own].sum()))
    return columns, totals, by_brand


def _callbacks(world: World, columns: dict[str, list[object]]) -> dict[str, tuple[int, int]]:
    """Append the call-backs of the month to the columns of checks; return done and expected by brand."""
    month, service, kind = world.month, world.service, world.kind
    stream = open_stream(world.seed, kind.name, "callbacks", month.text)
    totals: dict[str, tuple[int, int]] = {}
    for index, brand in enumerate(kind.brands):
        served = [v for v in range(world.geography.n_villages) if service.pattern[v, index]]
        count = min(len(served), max(12, world.geography.n_villages // 8))
        villages = [served[int(i)] for i in stream.choice(len(served), size=count, replace=False)]
        calls = [max(-(-MIN_CALLS // count), int(stream.integers(2, 7))) for _ in villages]
        share = GUILTY_SHARE if brand.name in world.secondary_charge else HONEST_SHARE
        charged = _spread(round(share * sum(calls)), calls, stream)
        for number, (village, called, unhappy) in enumerate(zip(villages, calls, charged, strict=True)):
            columns["check_id"].append(f"HF{month.text.replace('-', '')}{brand.prefix}{number:04d}")
            columns["kind"].append("charge_callback")
            columns["checked_on"].append(month.period.start_on + timedelta(days=int(stream.integers(month.days))))
            columns["outlet_id"].append(None)
            columns["brand"].append(brand.name)
            columns["division"].append(world.geography.place_codes[village])
            columns["expected"].append(called)
            columns["done"].append(called - unhappy)
        totals[brand.name] = (sum(calls) - sum(charged), sum(calls))
    return totals


def _spread(total: int, limits: list[int], stream: "np.random.Generator") -> list[int]:
    """Return `total` dealt at random over places that hold at most `limits`."""
    slots = [i for i, limit in enumerate(limits) for _ in range(limit)]
    dealt = [0] * len(limits)
    for slot in stream.permutation(len(slots))[:total]:
        dealt[slots[int(slot)]] += 1
    return dealt


def _devices(
    world: World,
) -> tuple[dict[str, list[object]], dict[str, tuple[int, int]], dict[str, tuple[int, int]], tuple[str, ...]]:
    import numpy as np

    market, month, quality = world.market, world.month, world.kind.quality
    stream = open_stream(world.seed, world.kind.name, "devices", month.text)
    steady = open_stream(world.seed, world.kind.name, world.geography.n_villages, "dead machines")
    outlets = market.outlets[: market.n_first]
    with_xray = [i for i, outlet in enumerate(outlets) if outlet.has_xray]
    # Machines of outlets die, those of sorting centres are watched; half of the dead ones are mended by August 2021.
    mortal = [i for i in with_xray if outlets[i].kind == "outlet"]
    chosen = [
        mortal[int(i)] for i in steady.permutation(len(mortal))[: max(1, round(len(with_xray) * quality.dead_xray))]
    ]
    dead = sorted(chosen[: max(1, -(-len(chosen) // 2))] if month.index >= 2 else chosen)
    columns: dict[str, list[object]] = {
        name: []
        for name in (
            "device_id",
            "outlet_id",
            "brand",
            "kind",
            "reported_on",
            "is_registered_online",
            "online_min",
            "images",
        )
    }
    days = [month.period.start_on + timedelta(days=i) for i in range(month.days)]
    networks, by_brand = {"video": (0, 0), "xray": (0, 0)}, dict[str, tuple[int, int]]()
    for kind, members, online in (
        ("video", range(len(outlets)), quality.video_online),
        ("xray", with_xray, quality.xray_online),
    ):
        for i in members:
            outlet, n = outlets[i], month.days
            is_up = stream.random(n) < online
            minutes = np.where(is_up, stream.integers(ONLINE_MIN, 1_441, n), stream.integers(0, ONLINE_MIN, n))
            is_silent = ~is_up & (stream.random(n) < 0.3)
            images = np.where(is_up, stream.integers(40, 900, n), 0) if i not in dead else np.zeros(n, dtype=np.int64)
            brand = market.brands[outlet.brand].name
            columns["device_id"] += [f"{'SP' if kind == 'video' else 'XG'}{outlet.outlet_id}"] * n
            columns["outlet_id"] += [outlet.outlet_id] * n
            columns["brand"] += [brand] * n
            columns["kind"] += [kind] * n
            columns["reported_on"] += days
            columns["is_registered_online"] += [True] * n
            columns["online_min"] += [None if q else int(m) for m, q in zip(minutes, is_silent, strict=True)]
            has_images = kind == "xray"
            columns["images"] += [
                int(m) if has_images and not q else None for m, q in zip(images, is_silent, strict=True)
            ]
            good = is_up & (images > 0) if has_images else is_up
            before = networks[kind]
            networks[kind] = (before[0] + int(good.sum()), before[1] + n)
            if has_images:
                own = by_brand.get(brand, (0, 0))
                by_brand[brand] = (own[0] + int(good.sum()), own[1] + n)
    return columns, networks, by_brand, tuple(outlets[i].outlet_id for i in dead)


def _complaints(world: World) -> tuple[list[Mapping[str, object]], int]:
    month, kind, geography = world.month, world.kind, world.geography
    stream = open_stream(world.seed, kind.name, "complaints", month.text)
    count = int(stream.poisson(COMPLAINTS_PER_MILLION * kind.market.monthly_volume / 1e6))
    rows: list[Mapping[str, object]] = []
    valid = 0
    for number in range(count):
        word = COMPLAINT_KINDS[int(stream.choice(6, p=(0.34, 0.15, 0.12, 0.22, 0.09, 0.08)))]
        brands = [b.name for b in kind.brands]
        shares = [b.share for b in kind.brands]
        if word == "secondary_charge" and stream.random() < 0.85:
            brands, shares = list(world.secondary_charge), [1.0] * len(world.secondary_charge)
        brand = brands[int(stream.choice(len(brands), p=[s / sum(shares) for s in shares]))]
        is_open, is_valid = stream.random() < 0.08, bool(stream.random() < 0.14)
        place = int(stream.integers(geography.n_places))
        valid += is_valid and not is_open
        rows.append(
            {
                "complaint_id": f"SS{month.text.replace('-', '')}{number + 1:04d}",
                "filed_on": month.period.start_on + timedelta(days=int(stream.integers(month.days))),
                "brand": brand,
                "division": geography.place_codes[place],
                "kind": word,
                "is_valid": None if is_open else is_valid,
            }
        )
    return rows, valid
