"""Eight and sixty-four bytes at a time: the few machine operations that numba has no words for.

Written as plain LLVM vectors, which the compiler turns into what the processor has.
"""

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # it has no stubs
from numba import types
from numba.extending import intrinsic

WIDE = 64  # bytes that `find_byte` looks at; a buffer is padded by as many
HIGH_BITS = np.uint64(0x8080808080808080)


@intrinsic
def find_byte(typing: Any, data: Any, at: Any, byte: Any) -> Any:
    """Return 64 bits, the lowest for data[at]: which of the 64 bytes from there are this byte."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        block = ir.VectorType(ir.IntType(8), WIDE)
        loaded = builder.load(_place(context, builder, signature, given, block), align=1)
        one = builder.trunc(given[2], ir.IntType(8))
        wanted = builder.insert_element(ir.Constant(block, ir.Undefined), one, ir.Constant(ir.IntType(32), 0))
        first = ir.Constant(ir.VectorType(ir.IntType(32), WIDE), [0] * WIDE)
        same = builder.icmp_unsigned("==", loaded, builder.shuffle_vector(wanted, wanted, first))
        return builder.bitcast(same, ir.IntType(64))

    return types.uint64(data, types.int64, types.int64), generate


@intrinsic
def load_word(typing: Any, data: Any, at: Any) -> Any:
    """Return the 8 bytes from data[at] as one integer, the first byte lowest."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.load(_place(context, builder, signature, given, ir.IntType(64)), align=1)

    return types.uint64(data, types.int64), generate


@intrinsic
def lowest_bit(typing: Any, bits: Any) -> Any:
    """Return the position of the lowest bit set; 64 where there is none."""
    del typing, bits

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


@intrinsic
def count_bits(typing: Any, bits: Any) -> Any:
    """Return how many bits are set."""
    del typing, bits

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.ctpop(given[0])

    return types.int64(types.uint64), generate


@intrinsic
def bit_length(typing: Any, bits: Any) -> Any:
    """Return how many bits a number of 64 bits needs; 0 for 0."""
    del typing, bits

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        zeros = builder.ctlz(given[0], ir.Constant(ir.IntType(1), 0))
        return builder.sub(ir.Constant(ir.IntType(64), 64), zeros)

    return types.uint64(types.uint64), generate


@intrinsic
def store_word(typing: Any, data: Any, at: Any, word: Any) -> Any:
    """Write one integer into the 8 bytes from data[at], the first byte lowest."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        builder.store(given[2], _place(context, builder, signature, given, ir.IntType(64)), align=1)
        return context.get_dummy_value()

    return types.none(data, types.int64, types.uint64), generate


def _place(context: Any, builder: Any, signature: Any, given: Any, kind: Any) -> Any:
    """Return a pointer of this kind to data[at]."""
    array = context.make_array(signature.args[0])(context, builder, given[0])
    return builder.bitcast(builder.gep(array.data, [given[1]]), kind.as_pointer())
