"""Pages of Parquet files unpacked: what stored scans are made of, numbers as differences and texts as codes.

A page of a column that may have nulls is: the length in bytes of its levels, the levels (1 where a row has a value),
and the values. Levels and codes come in runs: of one repeated number, or of numbers packed bit by bit.
https://parquet.apache.org/docs/file-format/data-pages/encodings/ defines both forms (RLE, DELTA_BINARY_PACKED).
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import load_word

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

WORD = 8  # bytes read at once: no page may be shorter
_ONE, _EIGHT = np.uint64(1), np.uint64(8)
_MOST_BITS = 57  # that a word holds wherever in its first byte they begin


@njit(cache=True, nogil=True)
def find_pages(data: "Bytes", out: "npt.NDArray[np.int64]") -> "Int":
    """Fill what the headers of a column's pages say; return how many, 0 where they are more or one is not understood.

    Parameters
    ----------
    out : kind, bytes unpacked, bytes packed, values, encoding, and where the bytes begin, shape (pages, 6).
    """
    pages, at = 0, 0
    while at < len(data):
        if pages == len(out):
            return 0
        at = _read_header(data, at, out[pages])
        if at < 0:
            return 0
        at += out[pages, 2]
        pages += 1
    return pages


@njit(cache=True, nogil=True)
def _read_header(data: "Bytes", at: "Int", out: "npt.NDArray[np.int64]") -> "Int":
    """Fill one header, a struct in Thrift's compact form, and return where it ends; -1 where it is not understood."""
    fields = np.zeros(3, np.int64)
    depth = 0
    while True:
        head = np.int64(data[at])
        at += 1
        if head == 0:
            if depth == 0:
                out[5] = at
                return at
            depth -= 1
            continue
        if head >> 4 == 0:
            return -1
        fields[depth] += head >> 4
        kind, number = head & 15, np.int64(0)
        if kind in (4, 5, 6, 8):
            raw, at = _varint(data, at)
            number = np.int64(_signed(raw))
            if kind == 8:
                at += np.int64(raw)
        elif kind == 12:
            depth += 1
            if depth == len(fields):
                return -1
            fields[depth] = 0
            continue
        elif kind > 2:
            return -1
        if depth == 0 and fields[0] <= 3:
            out[fields[0] - 1] = number
        elif depth == 1 and fields[0] in (5, 7) and fields[1] <= 2:
            out[2 + fields[1]] = number


@njit(cache=True, nogil=True)
def unpack_numbers(page: "Bytes", out: "npt.NDArray[np.int64]") -> None:
    """Fill the 64-bit numbers of a page that has no nulls, stored as differences."""
    at = np.int64(load_word(page, 0) & np.uint64(0xFFFFFFFF)) + 4
    block, at = _varint(page, at)
    parts, at = _varint(page, at)
    _, at = _varint(page, at)
    first, at = _varint(page, at)
    number = _signed(first)
    size = np.int64(block // parts)
    out[0] = np.int64(number)
    row: Int = 1
    while row < len(out):
        least, at = _varint(page, at)
        widths = at
        at += np.int64(parts)
        for part in range(parts):
            if row >= len(out):
                break
            width = np.int64(page[widths + part])
            end = min(row + size, len(out))
            number = _add_differences(page, 8 * at, width, _signed(least), number, out[row:end])
            row = end
            at += size * width // 8


@njit(cache=True, nogil=True, inline="always")
def _add_differences(page: "Bytes", bit: "Int", width: "Int", least: "Int", number: "Int", out: Any) -> "Int":
    last = len(page) - WORD
    mask = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - width) if width else np.uint64(0)
    if width <= _MOST_BITS:
        for row in range(len(out)):
            byte = min(bit >> 3, last)
            number += least + ((load_word(page, byte) >> np.uint64(bit - 8 * byte)) & mask)
            out[row] = np.int64(number)
            bit += width
        return number
    for row in range(len(out)):
        low, shift = bit >> 3, np.uint64(bit & 7)
        word = np.uint64(0)
        for byte in range(8):
            word |= np.uint64(page[low + byte]) << np.uint64(8 * byte)
        word >>= shift
        if width + (bit & 7) > 64:
            word |= np.uint64(page[low + 8]) << (np.uint64(64) - shift)
        number += least + (word & mask)
        out[row] = np.int64(number)
        bit += width
    return number


@njit(cache=True, nogil=True)
def unpack_seconds(page: "Bytes", epoch_s: int, out: Any) -> None:
    """Fill whole seconds since an epoch, of a page of microseconds since 1970, none of them null or negative."""
    micros = np.empty(len(out), np.int64)
    unpack_numbers(page, micros)
    for row in range(len(out)):
        out[row] = np.int64(np.uint64(micros[row]) // np.uint64(1_000_000)) - epoch_s


@njit(cache=True, nogil=True)
def unpack_entries(page: "Bytes", entries: "npt.NDArray[np.int64]", out: "npt.NDArray[np.int64]") -> None:
    """Fill the numbers of a page that has no nulls, stored as their places among the entries of a dictionary."""
    codes = np.empty(len(out), np.int32)
    _unpack_runs(page, np.int64(load_word(page, 0) & np.uint64(0xFFFFFFFF)) + 4, codes)
    for row in range(len(out)):
        out[row] = entries[np.uint64(codes[row])]


@njit(cache=True, nogil=True)
def unpack_codes(page: "Bytes", out: Any) -> None:
    """Fill the dictionary codes of a page, -1 where a row has none."""
    rows = np.uint64(len(out))
    end = np.int64(load_word(page, 0) & np.uint64(0xFFFFFFFF)) + 4
    head, at = _varint(page, 4)
    if head == rows + rows and page[at] == 1:
        _unpack_runs(page, end, out)
        return
    codes = np.empty(rows + _ONE, out.dtype)
    _unpack_runs(page, end, codes[:rows])
    out[:] = -1
    row, at, code = np.uint64(0), 4, np.uint64(0)
    while row < rows:
        head, at = _varint(page, at)
        count = head >> _ONE
        if head & _ONE:
            for byte in range(at, np.uint64(at) + count):
                bits = np.uint64(page[byte])
                if row + _EIGHT <= rows:
                    for one in range(_EIGHT):
                        has = (bits >> one) & _ONE
                        out[row + one] = codes[code] if has else -1
                        code += has
                else:
                    for one in range(rows - row):
                        has = (bits >> one) & _ONE
                        out[row + one] = codes[code] if has else -1
                        code += has
                row += _EIGHT
            at += count
        else:
            if page[at]:
                for one in range(min(count, rows - row)):
                    out[row + one] = codes[code + one]
                code += count
            row += count
            at += 1


@njit(cache=True, nogil=True)
def _unpack_runs(page: "Bytes", at: "Int", out: Any) -> None:
    """Fill the numbers of all runs, as far as they go; before them is how many bits one takes."""
    rows, row, end = np.uint64(len(out)), np.uint64(0), len(page)
    if at == end:
        return
    width = np.uint64(page[at])
    last = np.uint64(end - WORD)
    mask = (_ONE << width) - _ONE
    at = np.int64(at + 1)
    while row < rows and at < end:
        head, at = _varint(page, at)
        count = head >> _ONE
        if head & _ONE:
            bit = np.uint64(8 * at)
            most = min(_EIGHT * count, rows - row)
            at += np.int64(count * width)
            if at < end - WORD:
                for one in range(most):
                    out[row + one] = (load_word(page, bit >> np.uint64(3)) >> (bit & np.uint64(7))) & mask
                    bit += width
            else:
                for one in range(most):
                    byte = min(bit >> np.uint64(3), last)
                    out[row + one] = (load_word(page, byte) >> (bit - _EIGHT * byte)) & mask
                    bit += width
            row += most
        else:
            number = np.uint64(0)
            for place in range((width + np.uint64(7)) >> np.uint64(3)):
                number |= np.uint64(page[at]) << (_EIGHT * np.uint64(place))
                at += 1
            most = min(count, rows - row)
            for one in range(most):
                out[row + one] = number
            row += most


@njit(cache=True, nogil=True, inline="always")
def _varint(page: "Bytes", at: "Int") -> "Int":
    """Return a number of seven bits a byte, and where it ends."""
    number, shift = np.uint64(0), np.uint64(0)
    while page[at] & 0x80:
        number |= np.uint64(page[at] & 0x7F) << shift
        shift += np.uint64(7)
        at += 1
    return number | (np.uint64(page[at]) << shift), at + 1


@njit(cache=True, nogil=True, inline="always")
def _signed(zigzag: "Int") -> "Int":
    """Return a signed number, as 64 bits, of the form that keeps small ones small."""
    return (zigzag >> np.uint64(1)) ^ (np.uint64(0) - (zigzag & np.uint64(1)))
