"""Keyed BLAKE2s of a text column, the same numbers as `keys.hash_texts`, for files of many rows (RFC 7693).

Rows are hashed a few hundred at a time, word by word across rows, which the compiler turns into vector code. The
state after the block that holds the key is the same for all, so a text of at most 64 bytes costs one compression.
"""

import string
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Words = npt.NDArray[np.uint32]

_LANES = 256
_BLOCK = 64
_PLAIN = np.array([chr(byte) in string.ascii_letters + string.digits + "-_" for byte in range(256)])
_IV = np.array(
    [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19], dtype=np.uint32
)
_SIGMA = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ],
    dtype=np.uint64,
)


def hash_column(
    offsets: "npt.NDArray[np.int32]", data: "npt.NDArray[np.uint8]", key: bytes
) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]":
    """Return the keyed hash of each text, and the rows left to `keys.hash_texts`.

    Left are texts that are not 5 to 64 letters, digits, `-` and `_` beginning with a letter or digit: the others are
    sure to be clean as they stand (see `text_values.clean_text`).

    Parameters
    ----------
    offsets, data : an Arrow string array's buffers. key : 1 to 32 bytes.
    """
    hashes = np.zeros(len(offsets) - 1, np.int64)
    other = np.zeros(len(offsets) - 1, np.bool_)
    first = np.zeros(_BLOCK, np.uint8)
    first[: len(key)] = np.frombuffer(key, np.uint8)
    words = np.repeat(first.view(np.uint32), _LANES).reshape(16, _LANES)
    state = _IV.copy()
    state[0] ^= np.uint32(0x01010000 ^ (len(key) << 8) ^ 8)
    v = np.empty((16, _LANES), np.uint32)
    _compress(state, words, np.full(_LANES, _BLOCK, np.uint32), False, v)
    _hash_rows(offsets, data, state ^ v[:8, 0] ^ v[8:, 0], hashes, other)
    return hashes, other


@njit(cache=True, nogil=True)
def _hash_rows(
    offsets: "npt.NDArray[np.int32]",
    data: "npt.NDArray[np.uint8]",
    keyed: "Words",
    hashes: "npt.NDArray[np.int64]",
    other: "npt.NDArray[np.bool_]",
) -> None:
    v = np.empty((16, _LANES), np.uint32)
    words = np.zeros((16, _LANES), np.uint32)
    counts = np.zeros(_LANES, np.uint32)
    rows = len(offsets) - 1
    used = 0
    for base in range(0, rows, _LANES):
        lanes = min(_LANES, rows - base)
        for lane in range(lanes):
            start = np.int64(offsets[base + lane])
            size = np.int64(offsets[base + lane + 1]) - start
            clean = 5 <= size <= _BLOCK and data[start] != 45 and data[start] != 95  # - _
            word: Any = 0
            at = start
            while clean and word * 4 < size:
                filled = np.uint32(0)
                for shift in range(0, 8 * min(4, size - word * 4), 8):
                    byte = data[at]
                    at += 1
                    clean &= _PLAIN[byte]
                    filled = np.uint32(filled | (np.uint32(byte) << np.uint32(shift)))
                words[word, lane] = filled
                word += 1
            used = max(used, word)
            for rest in range(word, used):
                words[rest, lane] = 0
            counts[lane] = np.uint32(_BLOCK + size)
            other[base + lane] = not clean
        _compress(keyed, words, counts, True, v)
        for lane in range(lanes):
            low = np.uint64(keyed[0] ^ v[0, lane] ^ v[8, lane])
            high = np.uint64(keyed[1] ^ v[1, lane] ^ v[9, lane])
            hashes[base + lane] = np.int64(low | (high << np.uint64(32)))


@njit(cache=True, nogil=True)
def _compress(state: "Words", words: "Words", counts: "Words", last: bool, v: "Words") -> None:
    """Leave in `v` the 16 words that, folded into the state, compress one block of every lane.

    counts : bytes of each lane's text and key up to the end of this block, shape (_LANES,).
    """
    for word in range(8):
        v[word, :] = state[word]
        v[8 + word, :] = _IV[word]
    for lane in range(_LANES):
        v[12, lane] ^= counts[lane]
        if last:
            v[14, lane] = ~v[14, lane]
    for turn in range(10):
        s = _SIGMA[turn]
        for i in range(4):
            _mix(v[i], v[4 + i], v[8 + i], v[12 + i], words[s[2 * i]], words[s[2 * i + 1]])
        for i in range(4):
            _mix(
                v[i],
                v[4 + (i + 1) % 4],
                v[8 + (i + 2) % 4],
                v[12 + (i + 3) % 4],
                words[s[8 + 2 * i]],
                words[s[9 + 2 * i]],
            )


@njit(cache=True, nogil=True)
def _mix(a: "Words", b: "Words", c: "Words", d: "Words", x: "Words", y: "Words") -> None:  # noqa: PLR0917 as RFC 7693 has it
    """The quarter step of BLAKE2s on every lane. Each step is cast back: numba widens sums and shifts to 64 bits."""
    for lane in range(_LANES):
        a1 = np.uint32(a[lane] + b[lane] + x[lane])
        t = np.uint32(d[lane] ^ a1)
        d1 = np.uint32(t >> np.uint32(16)) | np.uint32(t << np.uint32(16))
        c1 = np.uint32(c[lane] + d1)
        t = np.uint32(b[lane] ^ c1)
        b1 = np.uint32(t >> np.uint32(12)) | np.uint32(t << np.uint32(20))
        a1 = np.uint32(a1 + b1 + y[lane])
        t = np.uint32(d1 ^ a1)
        d1 = np.uint32(t >> np.uint32(8)) | np.uint32(t << np.uint32(24))
        c1 = np.uint32(c1 + d1)
        t = np.uint32(b1 ^ c1)
        a[lane] = a1
        b[lane] = np.uint32(t >> np.uint32(7)) | np.uint32(t << np.uint32(25))
        c[lane] = c1
        d[lane] = np.uint32(d1)
