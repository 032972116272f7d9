"""Keys on several days, against counting them one by one."""

from collections import Counter

import numpy as np
import pytest

from posthouse.stores.shared_keys import Span, find_shared_keys


@pytest.mark.parametrize("step", [1, 4096, 1 << 24, 1 << 40], ids=["dense", "groups", "sparse", "one bit for many"])
def test_keys_on_several_days_are_found_however_far_apart_they_lie(step):
    random = np.random.default_rng(1)
    days = {day: np.unique(random.integers(0, 4000, 900)) * step - 7 for day in range(4)}
    days[0] = np.concatenate([days[0], days[0][:50]])  # repeated within its day only
    spans = [Span(day, int(keys.min()), int(keys.max()), len(keys), day == 0) for day, keys in days.items()]
    counts = Counter(int(key) for keys in days.values() for key in np.unique(keys))
    shared, repeated = find_shared_keys(spans, days.__getitem__)
    assert shared.tolist() == sorted(key for key, n in counts.items() if n > 1)
    alone = set(days[0][:50].tolist()) - set(shared.tolist())
    assert {day: set(keys.tolist()) - set(shared.tolist()) for day, keys in repeated.items()} == {0: alone}
