"""Finding the events of an EPCIS document in its bytes, many a call, and what each of them says.

An event is cut into its values by the layout of an event before it, otherwise whatever its layout. Every event that
is not understood is marked and read by `epcis_event`, which defines the meaning; what is accepted here is read exactly
as that does.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import address_of
from posthouse.records.epcis_cuts import CODED, EPCS, EVENT_ID, EVENT_TIME, cut_event
from posthouse.records.epcis_layout import Layouts, follow_layouts, learn_layout
from posthouse.records.epcis_values import (
    EVENTS,
    LETTERS,
    OTHERS,
    PARCELS,
    Found,
    behind_scheme,
    behind_urn,
    copy_bytes,
    has_zone,
    read_time,
)
from posthouse.records.epcis_words import Dictionaries, add_word, find_word

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

DONE, ENDED, BROKEN, FULL = range(4)
_PATIENCE = 64  # events of no known layout in a row, after which a layout is looked for in every sixteenth only
_SELDOM = 15


@njit(cache=True, nogil=True)
def scan_events(  # noqa: PLR0915 one walk over the bytes: a call with arrays would cost
    data: "Bytes", size: "Int", at: "Int", words: Dictionaries, layouts: Layouts, cuts: "Ints", found: Found
) -> "tuple[Int, Int]":
    """Find the whole events from position `at` on; return (how it ended, position behind the last whole event).

    Parameters
    ----------
    data : `size` bytes of the document, then WIDE zeros. cuts : room, shape (half as many as bytes, 3).
    found : added to.

    How it ended: DONE, the data ended; ENDED, the list of events was closed; BROKEN, there is no JSON at that position;
    FULL, the next event may not fit into `found`.
    """
    places, bits, word_spans, known, word_letters = words
    pieces, piece_letters, order = layouts
    times, spans, codes, firsts, letters, offsets, waybills, odd, counts = found
    text, text_cuts = address_of(data), address_of(cuts)
    places_at, bits_at = address_of(places), address_of(bits)
    words_at, word_letters_at = address_of(word_spans), address_of(word_letters)
    pieces_at, pieces_letters_at, order_at = address_of(pieces), address_of(piece_letters), address_of(order)
    letters_at, waybills_at = address_of(letters), address_of(waybills)
    event, others = counts[EVENTS], counts[OTHERS]
    written: Int = counts[LETTERS]
    strange: Int = 0
    ending = DONE
    while True:
        while at < size and (data[at] <= 32 or data[at] == 44):
            at += 1
        if at >= size:
            break
        if data[at] == 93:  # ]
            ending = ENDED
            break
        if data[at] != 123:  # {
            ending = BROKEN
            break
        end: Int = -1
        count: Int = 0
        sure = True
        looks = strange < _PATIENCE or strange & _SELDOM == 0
        if looks:
            end, count = follow_layouts(text, size, at, text_cuts, pieces_at, pieces_letters_at, order_at)
        strange = 0 if end >= 0 else strange + 1
        if end < 0:
            end, count, sure = cut_event(text, size, at, text_cuts)
            if end < 0:
                break
            if sure and looks:
                learn_layout(data, at, end, cuts, count, pieces, piece_letters, order)
        first = firsts[event]
        taken: Int = first
        letter: Int = offsets[taken]
        length = end - at
        if event == times.shape[1] or others == len(odd) or taken + count >= len(offsets):
            ending = FULL
            break
        if written + length > len(letters) or letter + length > len(waybills):
            ending = FULL
            break
        zoned, recorded, named = False, False, False
        begin: Int = written
        for member in range(CODED):
            codes[member, event] = -1
        for cut in range(count):
            kind, left, right = cuts[cut, 0], cuts[cut, 1], cuts[cut, 2]
            if kind == EPCS:
                left = behind_scheme(text, left, right)
                sure &= left < right
                copy_bytes(text, left, right, waybills_at, letter)
                letter += right - left
                taken += 1
                offsets[taken] = letter
            elif kind < CODED:
                code = find_word(text, left, right, kind, places_at, bits_at, words_at, word_letters_at)
                if code < 0:
                    code = add_word(data, left, right, kind, places, bits, word_spans, known, word_letters)
                codes[kind, event] = code
                sure &= (code >= 0) & (left < right)
            elif kind <= EVENT_ID:
                if kind == EVENT_ID:
                    left = behind_urn(text, left, right)
                    named = right > left
                else:
                    times[kind - EVENT_TIME, event] = read_time(text, left, right)
                    if kind == EVENT_TIME:
                        zoned = has_zone(text, left, right)
                    else:
                        recorded = right > left
                        sure &= not recorded or has_zone(text, left, right)
                copy_bytes(text, left, right, letters_at, begin)
                spans[2 * (kind - EVENT_TIME), event] = begin
                begin += right - left
                spans[2 * (kind - EVENT_TIME) + 1, event] = begin
        if not recorded:  # apart: when it happened
            times[1, event] = times[0, event]
            spans[2, event], spans[3, event] = spans[0, event], spans[1, event]
        if sure and zoned and named and taken > first:
            event += 1
            firsts[event] = taken
            written = begin
        else:
            odd[others, 0], odd[others, 1], odd[others, 2] = at, end, event
            others += 1
        at = end
    counts[EVENTS], counts[PARCELS], counts[OTHERS], counts[LETTERS] = event, firsts[event], others, written
    return ending, at
