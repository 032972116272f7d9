"""Rows are stored in one form, whichever codes stood for their texts while they came together."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.stores.canonical import Canonical
from posthouse.stores.shared_texts import SharedTexts

untimed = settings(max_examples=40, deadline=None)
cells = st.lists(st.sampled_from([None, "", "a", "b", "村", "镇", "zz"]), min_size=1, max_size=30)


def coded(texts, words):
    words = [word for word in words if word in texts or word in ("a", "镇")]
    codes = pa.array([None if text is None else words.index(text) for text in texts], pa.int32())
    return pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))


@given(cells, st.permutations(["", "a", "b", "村", "镇", "zz"]), st.randoms())
@untimed
def test_codes_are_numbered_by_the_sorted_texts_that_occur(texts, words, chance):
    order = np.array(chance.sample(range(len(texts)), chance.randint(0, len(texts))), np.int64)
    rows = pa.table({"site": coded(texts, words), "at": pa.array(range(len(texts)), pa.int64())})
    canonical = Canonical()
    for _ in range(2):
        stored = canonical.rows(rows, order)
        wanted = [texts[at] for at in order.tolist()]
        site = stored.column("site").chunk(0)
        assert site.to_pylist() == wanted
        assert site.dictionary.to_pylist() == sorted({text for text in wanted if text is not None})
        assert stored.column("at").to_pylist() == order.tolist()
    assert canonical.rows(rows).column("site").to_pylist() == texts


@given(st.lists(st.tuples(cells, st.permutations(["", "a", "b", "村", "镇", "zz"])), min_size=1, max_size=4))
@untimed
def test_blocks_with_codes_of_their_own_share_their_texts(blocks):
    shared = SharedTexts()
    arrays = [shared.share(coded(texts, words)) for texts, words in blocks]
    spelt = shared.spell(pa.chunked_array(arrays))
    assert spelt.to_pylist() == [text for texts, _ in blocks for text in texts]
    assert len({tuple(chunk.dictionary.to_pylist()) for chunk in spelt.chunks}) == 1
