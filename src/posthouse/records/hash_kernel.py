"""Keyed BLAKE2s of a text column, the same numbers as `keys.hash_texts`, for files of many rows (RFC 7693).

Sixteen rows are hashed at once, the state of each in its own lane of sixteen vectors. The state after the block that
holds the key is the same for all, so a text of at most 64 bytes costs one compression.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # it has no stubs
from numba import njit, types
from numba.extending import intrinsic

from posthouse.records.byte_words import HIGH_BITS, load_half, load_word
from posthouse.records.keys import HASHED

if TYPE_CHECKING:
    import numpy.typing as npt

    Words = npt.NDArray[np.uint32]

_LANES = 16
_BLOCK = 64
_SHORTEST = 5  # the ways to write nothing are shorter (`text_values.EMPTY_TEXTS`)
_RETURNED = int.from_bytes(HASHED.encode(), "little")
_RETURNED_BITS = (1 << 8 * len(HASHED)) - 1
_EVERY, _HALF = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0xFFFFFFFF)
_LOW_BYTES = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
_VECTOR = ir.VectorType(ir.IntType(32), _LANES)
_IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
_SIGMA = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
    (11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4),
    (7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
    (9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13),
    (2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
    (12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11),
    (13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
    (6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5),
    (10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0),
)


def hash_column(
    begins: "npt.NDArray[np.int32]",
    ends: "npt.NDArray[np.int32]",
    data: "npt.NDArray[np.uint8]",
    key: bytes,
    lead: int = 0,
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]":
    """Return the keyed hash of each text, and the rows left to `keys.hash_texts`.

    Left are texts that are not 5 to 64 characters of ASCII without space around them, which are sure to be clean as
    they stand (see `text_values.clean_text`), and hashes that come back.

    Parameters
    ----------
    begins, ends : where each text stands in `data`, shape (n,), both alike in memory. key : 1 to 32 bytes.
    lead : how many bytes behind `begins` the texts begin.
    """
    hashes = np.empty(len(begins), np.int64)
    other = np.empty(len(begins), np.bool_)
    stride = begins.strides[0] // begins.itemsize
    _hash_rows(begins.ctypes.data, ends.ctypes.data, stride, lead, data, _keyed(key), hashes, other)
    return hashes, other


@cache
def _keyed(key: bytes) -> "Words":
    """Return the state behind the block that holds the key."""
    block = np.zeros(_BLOCK, np.uint8)
    block[: len(key)] = np.frombuffer(key, np.uint8)
    words = np.repeat(block.view(np.uint32), _LANES).reshape(16, _LANES)
    state = np.array(_IV, np.uint32)
    state[0] ^= np.uint32(0x01010000 ^ (len(key) << 8) ^ 8)
    return _keyed_state(state, words, np.full(_LANES, _BLOCK, np.uint32))  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)
def _keyed_state(state: "Words", words: "Words", counts: "Words") -> "Words":
    out = np.empty((8, _LANES), np.uint32)
    _compress(state, words, counts, np.uint32(0), out)
    return out[:, 0].copy()


@njit(cache=True, nogil=True)
def _hash_rows(
    begins: Any,
    ends: Any,
    stride: Any,
    lead: Any,
    data: "npt.NDArray[np.uint8]",
    keyed: "Words",
    hashes: "npt.NDArray[np.int64]",
    other: "npt.NDArray[np.bool_]",
) -> None:
    """Fill the hashes. begins, ends : addresses of positions. stride : from one of them to the next."""
    out = np.empty((8, _LANES), np.uint32)
    words = np.zeros((16, _LANES), np.uint32)
    counts = np.zeros(_LANES, np.uint32)
    rows = len(hashes)
    used: Any = 4
    for base in range(0, rows, _LANES):
        lanes = min(_LANES, rows - base)
        for lane in range(lanes):
            start: Any = load_half(begins, stride * (base + lane)) + lead
            end: Any = load_half(ends, stride * (base + lane))
            size = end - start
            other[base + lane] = True
            if size < _SHORTEST or size > _BLOCK or data[start] <= 32 or data[end - 1] <= 32:
                continue
            if load_word(data, start) & np.uint64(_RETURNED_BITS) == np.uint64(_RETURNED):
                continue
            seen = np.uint64(0)
            if size <= 24 and used <= 6 and start + 24 <= len(data):
                # As most are: always twice, or three times, eight bytes, of which those behind the text are left out.
                for pair in range(2):
                    seen |= _take_eight(data, start, size, pair, words, lane)
                if size > 16 or used > 4:
                    seen |= _take_eight(data, start, size, 2, words, lane)
                    used = 6
                counts[lane] = np.uint32(_BLOCK + size)
                other[base + lane] = seen & HIGH_BITS != 0
                continue
            word: Any = 0
            for at in range(start, end, 8):
                over: Any = max(at + 8 - end, 0)
                if at + 8 > len(data):
                    seen = HIGH_BITS  # as good as odd: the last bytes of all
                    break
                eight = load_word(data, at) & (_EVERY >> np.uint64(8 * over))
                seen |= eight
                words[word, lane] = np.uint32(eight & _HALF)
                words[word + 1, lane] = np.uint32(eight >> np.uint64(32))
                word += 2
            used = max(used, word)
            for rest in range(word, used):
                words[rest, lane] = 0
            counts[lane] = np.uint32(_BLOCK + size)
            other[base + lane] = seen & HIGH_BITS != 0
        if used == 4:
            _compress_short(keyed, words, counts, np.uint32(0xFFFFFFFF), out)
        else:
            _compress(keyed, words, counts, np.uint32(0xFFFFFFFF), out)
        for lane in range(lanes):
            hashes[base + lane] = np.int64(np.uint64(out[0, lane]) | (np.uint64(out[1, lane]) << np.uint64(32)))


@njit(cache=True, nogil=True, inline="always")
def _take_eight(data: Any, start: Any, size: Any, pair: Any, words: Any, lane: Any) -> Any:
    """Fill two words of a lane with eight bytes, or what there is of them, and return these."""
    left = np.uint64(min(max(size - 8 * pair, 0), 8))
    eight = load_word(data, start + 8 * pair) & _LOW_BYTES[left]
    words[2 * pair, lane] = np.uint32(eight & _HALF)
    words[2 * pair + 1, lane] = np.uint32(eight >> np.uint64(32))
    return eight


def _compression(filled: int) -> Any:
    """Return what compresses blocks of which only so many words are not zero: less is added."""

    @intrinsic
    def compress(typing: Any, state: Any, words: Any, counts: Any, last: Any, out: Any) -> Any:
        """Compress one block of every lane into `out`, shape (8, _LANES).

        Parameters
        ----------
        state : before the block, shape (8,). words : of the block, shape (16, _LANES). counts : bytes of each lane's
        text and key up to the end of this block. last : all bits set for the last block, else 0.
        """
        del typing

        def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            arrays = [context.make_array(signature.args[i])(context, builder, given[i]).data for i in (0, 1, 2, 4)]

            def place(array: Any, index: int, kind: Any) -> Any:
                return builder.bitcast(builder.gep(array, [ir.Constant(ir.IntType(64), index)]), kind.as_pointer())

            def load(array: Any, index: int) -> Any:
                return builder.load(place(array, index, _VECTOR), align=4)

            def spread(value: Any) -> Any:
                one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
                return builder.shuffle_vector(one, one, ir.Constant(_VECTOR, [0] * _LANES))

            def turn(value: Any, bits: int) -> Any:
                right, left = (ir.Constant(_VECTOR, [count] * _LANES) for count in (bits, 32 - bits))
                return builder.or_(builder.lshr(value, right), builder.shl(value, left))

            def mix(a: int, b: int, c: int, d: int, first: int, second: int) -> None:
                for word, bits_d, bits_b in ((first, 16, 12), (second, 8, 7)):
                    v[a] = builder.add(v[a], v[b])
                    if word < filled:
                        v[a] = builder.add(v[a], block[word])
                    v[d] = turn(builder.xor(v[d], v[a]), bits_d)
                    v[c] = builder.add(v[c], v[d])
                    v[b] = turn(builder.xor(v[b], v[c]), bits_b)

            before = [spread(builder.load(place(arrays[0], word, ir.IntType(32)))) for word in range(8)]
            block = [load(arrays[1], word * _LANES) for word in range(filled)]
            v = before + [ir.Constant(_VECTOR, [word] * _LANES) for word in _IV]
            v[12] = builder.xor(v[12], load(arrays[2], 0))
            v[14] = builder.xor(v[14], spread(given[3]))
            for order in _SIGMA:
                for i in range(4):
                    mix(i, 4 + i, 8 + i, 12 + i, order[2 * i], order[2 * i + 1])
                for i in range(4):
                    at = i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4
                    mix(*at, order[8 + 2 * i], order[9 + 2 * i])
            for word in range(8):
                after = builder.xor(before[word], builder.xor(v[word], v[8 + word]))
                builder.store(after, place(arrays[3], word * _LANES, _VECTOR), align=4)
            return context.get_dummy_value()

        return types.none(state, words, counts, last, out), generate

    return compress


_compress, _compress_short = _compression(16), _compression(4)
