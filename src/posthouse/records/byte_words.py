"""Eight and sixty-four bytes at a time: the few machine operations that numba has no words for.

Written as plain LLVM vectors, which the compiler turns into what the processor has. Bytes are an array, or the address
of one (`address_of`): a function that is handed an array counts who holds it, which costs more than a short text does.
"""

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # it has no stubs
from numba import types
from numba.extending import intrinsic

WIDE = 64  # bytes that `find_byte` looks at; a buffer is padded by as many
HIGH_BITS = np.uint64(0x8080808080808080)


def zeros_in_lines(shape: int | tuple[int, ...], kind: Any) -> Any:
    """Return zeros that begin with a line of the processor's cache, so that what is as long as a line is in one."""
    array = np.zeros(np.prod(shape) + WIDE, kind)
    first = -array.ctypes.data % WIDE // array.itemsize
    return array[first : first + np.prod(shape)].reshape(shape)


@intrinsic
def find_byte(typing: Any, data: Any, at: Any, byte: Any) -> Any:
    """Return 64 bits, the lowest for data[at]: which of the 64 bytes from there are this byte."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        loaded = _load_wide(context, builder, signature, given)
        return builder.bitcast(_equal(builder, loaded, given[2]), ir.IntType(64))

    return types.uint64(data, types.int64, types.int64), generate


@intrinsic
def has_either(typing: Any, data: Any, at: Any, byte: Any, other: Any) -> Any:
    """Whether any of the 64 bytes from data[at] is one of two bytes."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        loaded = _load_wide(context, builder, signature, given)
        either = builder.or_(*(_equal(builder, loaded, wanted) for wanted in given[2:4]))
        return builder.icmp_unsigned("!=", builder.bitcast(either, ir.IntType(64)), ir.Constant(ir.IntType(64), 0))

    return types.boolean(data, types.int64, types.int64, types.int64), generate


@intrinsic
def differing_bytes(typing: Any, data: Any, at: Any, other: Any, place: Any) -> Any:
    """Return 64 bits, the lowest for data[at]: which of the 64 bytes from there differ from those at other[place]."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        block = ir.VectorType(ir.IntType(8), WIDE)
        left = builder.load(_place(context, builder, signature, given, block), align=1)
        right = builder.load(_place(context, builder, signature, given, block, first=2), align=1)
        return builder.bitcast(builder.icmp_unsigned("!=", left, right), ir.IntType(64))

    return types.uint64(data, types.int64, other, types.int64), generate


@intrinsic
def address_of(typing: Any, data: Any) -> Any:
    """Return where an array begins in memory.

    It is for the caller to keep the array: one that is made within a kernel is gone after its last use by its name.
    """
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, given[0])
        return builder.ptrtoint(array.data, ir.IntType(64))

    return types.int64(data), generate


@intrinsic
def load_byte(typing: Any, data: Any, at: Any) -> Any:
    """Return the byte data[at]."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        byte = builder.load(_place(context, builder, signature, given, ir.IntType(8)))
        return builder.zext(byte, ir.IntType(64))

    return types.int64(data, types.int64), generate


@intrinsic
def load_word(typing: Any, data: Any, at: Any) -> Any:
    """Return the 8 bytes from data[at] as one integer, the first byte lowest."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.load(_place(context, builder, signature, given, ir.IntType(64)), align=1)

    return types.uint64(data, types.int64), generate


@intrinsic
def load_number(typing: Any, numbers: Any, at: Any) -> Any:
    """Return numbers[at], which has 64 bits with a sign; `numbers` is an address."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        del context, signature
        pointer = builder.inttoptr(given[0], ir.IntType(64).as_pointer())
        return builder.load(builder.gep(pointer, [given[1]]))

    return types.int64(numbers, types.int64), generate


@intrinsic
def load_half(typing: Any, numbers: Any, at: Any) -> Any:
    """Return numbers[at], which has 32 bits with a sign; `numbers` is an address."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        del context, signature
        pointer = builder.inttoptr(given[0], ir.IntType(32).as_pointer())
        return builder.sext(builder.load(builder.gep(pointer, [given[1]])), ir.IntType(64))

    return types.int64(numbers, types.int64), generate


@intrinsic
def store_half(typing: Any, numbers: Any, at: Any, number: Any) -> Any:
    """Write numbers[at], which has 32 bits with a sign; `numbers` is an address."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        del signature
        pointer = builder.inttoptr(given[0], ir.IntType(32).as_pointer())
        builder.store(builder.trunc(given[2], ir.IntType(32)), builder.gep(pointer, [given[1]]))
        return context.get_dummy_value()

    return types.none(numbers, types.int64, types.int64), generate


@intrinsic
def store_number(typing: Any, numbers: Any, at: Any, number: Any) -> Any:
    """Write numbers[at], which has 64 bits with a sign; `numbers` is an address."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        del signature
        pointer = builder.inttoptr(given[0], ir.IntType(64).as_pointer())
        builder.store(given[2], builder.gep(pointer, [given[1]]))
        return context.get_dummy_value()

    return types.none(numbers, types.int64, types.int64), generate


@intrinsic
def copy_line(typing: Any, source: Any, to: Any) -> Any:
    """Copy the 64 bytes at an address to another, a multiple of 64, around the caches: they are not read soon."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        del signature
        line = ir.VectorType(ir.IntType(64), WIDE // 8).as_pointer()
        loaded = builder.load(builder.inttoptr(given[0], line), align=8)
        stored = builder.store(loaded, builder.inttoptr(given[1], line), align=WIDE)
        stored.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))
        return context.get_dummy_value()

    return types.none(source, to), generate


@intrinsic
def fetch_line(typing: Any, address: Any) -> Any:
    """Begin to bring the memory at an address near; whatever the address, nothing else happens."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        del signature
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        # To be read, into the second cache, as data.
        builder.call(fetch, [builder.inttoptr(given[0], byte), *(ir.Constant(word, n) for n in (0, 2, 1))])
        return context.get_dummy_value()

    return types.none(address), generate


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
def store_byte(typing: Any, data: Any, at: Any, byte: Any) -> Any:
    """Write the byte data[at]."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = _place(context, builder, signature, given, ir.IntType(8))
        builder.store(builder.trunc(given[2], ir.IntType(8)), place)
        return context.get_dummy_value()

    return types.none(data, types.int64, types.int64), generate


@intrinsic
def store_word(typing: Any, data: Any, at: Any, word: Any) -> Any:
    """Write one integer into the 8 bytes from data[at], the first byte lowest."""
    del typing

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        builder.store(given[2], _place(context, builder, signature, given, ir.IntType(64)), align=1)
        return context.get_dummy_value()

    return types.none(data, types.int64, types.uint64), generate


def _place(context: Any, builder: Any, signature: Any, given: Any, kind: Any, *, first: int = 0) -> Any:
    """Return a pointer of this kind to data[at], which are the arguments from `first` on."""
    data, at = given[first], given[first + 1]
    if isinstance(signature.args[first], types.Integer):
        return builder.inttoptr(builder.add(data, at), kind.as_pointer())
    array = context.make_array(signature.args[first])(context, builder, data)
    return builder.bitcast(builder.gep(array.data, [at]), kind.as_pointer())


def _load_wide(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    """Return the 64 bytes from data[at]."""
    block = ir.VectorType(ir.IntType(8), WIDE)
    return builder.load(_place(context, builder, signature, given, block), align=1)


def _equal(builder: Any, loaded: Any, byte: Any) -> Any:
    """Return which bytes are this byte."""
    block, half = ir.VectorType(ir.IntType(8), WIDE), ir.IntType(32)
    one = builder.trunc(byte, ir.IntType(8))
    wanted = builder.insert_element(ir.Constant(block, ir.Undefined), one, ir.Constant(half, 0))
    first = ir.Constant(ir.VectorType(half, WIDE), [0] * WIDE)
    return builder.icmp_unsigned("==", loaded, builder.shuffle_vector(wanted, wanted, first))
