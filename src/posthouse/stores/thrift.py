"""Thrift's compact form, as far as the headers of Parquet files need it: structs of numbers, texts, flags and lists.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md defines it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

_BYTES = tuple(bytes([number]) for number in range(0x100))
_TRUE, _FALSE, _SHORT, _INT, _LONG, _BINARY, _LIST, _STRUCT = 1, 2, 4, 5, 6, 8, 9, 12


class Value(NamedTuple):
    """A value in its form: the number of its type, and its bytes."""

    kind: int
    content: bytes


def flag(value: bool) -> Value:
    """Return a flag; it is written as its type."""
    return Value(_TRUE if value else _FALSE, b"")


def short(number: int) -> Value:
    """Return a number of 16 bits."""
    return Value(_SHORT, _zigzag(number))


def whole(number: int) -> Value:
    """Return a number of 32 bits."""
    return Value(_INT, _zigzag(number))


def long(number: int) -> Value:
    """Return a number of 64 bits."""
    return Value(_LONG, _zigzag(number))


def binary(content: bytes) -> Value:
    """Return bytes, or a text in UTF-8."""
    return Value(_BINARY, _varint(len(content)) + content)


def many(values: Sequence[Value]) -> Value:
    """Return a list of values of one type, at least one."""
    size, kind = len(values), values[0].kind
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
    return Value(_LIST, head + b"".join(value.content for value in values))


def struct(fields: Mapping[int, Value]) -> Value:
    """Return a struct of fields by their numbers, which rise by at most 15."""
    parts: list[bytes] = []
    before = 0
    for number, (kind, content) in fields.items():
        parts += (_BYTES[(number - before) << 4 | kind], content)
        before = number
    parts.append(b"\0")
    return Value(_STRUCT, b"".join(parts))


def _zigzag(number: int) -> bytes:
    return _varint(2 * number if number >= 0 else -2 * number - 1)


def _varint(number: int) -> bytes:
    if number <= 0x7F:
        return _BYTES[number]
    if number <= 0x1FFFFF:
        # Nearly all sizes, at once.
        low, high = number & 0x7F | 0x80, number >> 7
        return bytes((low, high)) if high <= 0x7F else bytes((low, high & 0x7F | 0x80, high >> 7))
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
