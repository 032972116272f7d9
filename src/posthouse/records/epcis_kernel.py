"""Finding the members of EPCIS events in the bytes of a document, many events a call.

The scanner goes from quote to quote: between two strings there are only a few bytes that open and close things. It
knows the members that make a scan, steps over all others, and marks every event it is not sure of; those are read one
by one by `epcis_event`, which defines the meaning. What the scanner accepts it reads exactly as that does.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from posthouse.records.byte_words import WIDE, count_bits, find_byte, load_word, lowest_bit
from posthouse.records.epcis_words import Dictionaries, code_word

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

# Members by number: texts whose words repeat come first, and their number is the number of their dictionary.
STEP, READ_POINT, LOCATION, BRAND, HOW, DISPOSITION, EVENT_TIME, RECORD_TIME, EVENT_ID, EPCS, ERROR = range(11)
CODED = 6
_NAMES = (
    ("bizStep", STEP),
    ("readPoint", READ_POINT),
    ("bizLocation", LOCATION),
    ("posthouse:brand", BRAND),
    ("posthouse:how", HOW),
    ("disposition", DISPOSITION),
    ("eventTime", EVENT_TIME),
    ("recordTime", RECORD_TIME),
    ("eventID", EVENT_ID),
    ("epcList", EPCS),
    ("childEPCs", EPCS),
    ("errorDeclaration", ERROR),
)
_NAME_SIZES = np.array([len(name) for name, _ in _NAMES])
_NAME_HEADS = np.array([int.from_bytes(name[:8].encode(), "little") for name, _ in _NAMES], np.uint64)
_NAME_TAILS = np.array([int.from_bytes(name[-8:].encode(), "little") for name, _ in _NAMES], np.uint64)
_NAME_FIELDS = np.array([field for _, field in _NAMES])
_URN_UUID = np.uint64(int.from_bytes(b"urn:uuid", "little"))
_SEVEN = np.uint64((1 << 56) - 1)
_MEMBERS = 24  # members of an event whose order is remembered
DONE, ENDED, BROKEN = range(3)


class Found(NamedTuple):
    """What a call found.

    Columns of `spans` are start and size of event time, record time and event number; columns of `codes` are words.
    `firsts` says where an event's parcels begin; `parcels` holds start and size. `odd` lists (start, end, events
    before) of events left to be read one by one.
    """

    spans: "Ints"
    codes: "npt.NDArray[np.int32]"
    firsts: "Ints"
    parcels: "Ints"
    odd: "Ints"
    counts: "Ints"


def room_for(quotes: int) -> Found:
    """Return the arrays that events with so many quotes fit into."""
    events = quotes // 12 + 2  # an event read here has six strings at least, and one may be cut off
    return Found(
        spans=np.empty((events, 6), np.int64),
        codes=np.empty((events, CODED), np.int32),
        firsts=np.empty(events + 1, np.int64),
        parcels=np.empty((quotes // 2 + 1, 2), np.int64),
        odd=np.empty((quotes // 2 + 1, 3), np.int64),
        counts=np.empty(3, np.int64),
    )


@njit(cache=True, nogil=True)
def find_quotes(data: "Bytes", size: "Int", quotes: "npt.NDArray[np.int32]") -> "Int":
    """Fill the positions of all quotes; return their number, or -1 where there is a backslash.

    Parameters
    ----------
    data : padded by WIDE bytes. quotes : shape (size + 8,).
    """
    count = 0
    escapes = np.uint64(0)
    one = np.uint64(1)
    for at in range(0, size, WIDE):
        escapes |= find_byte(data, at, 92)
        found = find_byte(data, at, 34)
        place = count
        count += count_bits(found)
        while found:
            for _ in range(8):
                quotes[place] = at + lowest_bit(found)
                place += 1
                found &= found - one
    return -1 if escapes else count


@njit(cache=True, nogil=True)
def find_plain_quotes(data: "Bytes", size: "Int", quotes: "npt.NDArray[np.int32]") -> "Int":
    """Fill the positions of quotes that no backslash escapes; return their number."""
    count = 0
    run = 0
    for at in range(size):
        if data[at] == 92:
            run += 1
            continue
        if data[at] == 34 and run % 2 == 0:
            quotes[count] = at
            count += 1
        run = 0
    return count


@njit(cache=True, nogil=True)
def scan_events(  # noqa: PLR0915 one walk over the bytes: a call or a keyword would cost
    data: "Bytes", size: "Int", quotes: "npt.NDArray[np.int32]", escapes: bool, words: Dictionaries, found: Found
) -> "tuple[Int, Int]":
    """Find the whole events; return (how it ended, position behind the last whole event).

    Parameters
    ----------
    data : `size` bytes of the document, padded by WIDE. quotes : positions of all quotes in it.
    escapes : whether it has any backslash.
    found : filled; its `counts` are events, parcels, odd events.

    How it ended: DONE, the data ended; ENDED, the list of events was closed; BROKEN, there is no JSON at that position.
    """
    spans, codes, firsts, parcels, odd, counts = found
    slots, words_at, known, letters = words
    heads, tails = np.zeros(_MEMBERS, np.uint64), np.zeros(_MEMBERS, np.uint64)
    sizes, fields = np.zeros(_MEMBERS, np.int64), np.full(_MEMBERS, -1)
    strings = len(quotes)
    at: Int = 0
    quote: Int = 0
    events: Int = 0
    taken: Int = 0
    others: Int = 0
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
        first, parcel = at, taken
        depth, opener, field, inner, sure, member = 1, 123, -1, False, True, 0
        for column in range(6):
            spans[events, column] = 0
        for column in range(CODED):
            codes[events, column] = -1
        at += 1
        whole = False
        while not whole:
            limit = np.int64(quotes[quote]) if quote < strings else size
            while at < limit:
                byte: Int = data[at]
                at += 1
                if byte == 123 or byte == 91:  # noqa: PLR1714 - { [
                    depth += 1
                    if depth == 2:
                        opener = byte
                elif byte == 125 or byte == 93:  # noqa: PLR1714 - } ]
                    depth -= 1
                    if depth == 0:
                        whole = True
                        break
            if whole or quote + 1 >= strings:
                break
            left, right = np.int64(quotes[quote]) + 1, np.int64(quotes[quote + 1])
            quote += 2
            at = right + 1
            if depth > 2:
                continue
            behind = at
            while behind < size and data[behind] <= 32:
                behind += 1
            is_name = behind < size and data[behind] == 58  # :
            if depth == 1 and is_name:
                # Events mostly list their members in the order of the one before: then one look tells which it is.
                head, tail = load_word(data, left), load_word(data, max(right - 8, 0))
                if (
                    member < _MEMBERS
                    and sizes[member] == right - left
                    and heads[member] == head
                    and tails[member] == tail
                ):
                    field = fields[member]
                else:
                    field = _member(data, left, right)
                    if member < _MEMBERS and right - left >= 7:
                        sizes[member], heads[member], tails[member], fields[member] = right - left, head, tail, field
                member += 1
                if field >= 0:
                    sure &= field != ERROR and _opens_as_known(data, behind + 1, field)
                at = behind + 1
            elif depth == 1:
                if field >= EVENT_TIME and field <= EVENT_ID:
                    place = 2 * (field - EVENT_TIME)
                    if field == EVENT_ID:
                        left = _behind_urn(data, left, right)
                    spans[events, place], spans[events, place + 1] = left, right - left
                elif field >= 0 and field < CODED:
                    codes[events, field] = code_word(data, left, right, field, slots, words_at, known, letters)
                    sure &= codes[events, field] >= 0
                field = -1
            elif field == EPCS and opener == 91:
                left, plain = _behind_scheme(data, left, right)
                sure &= plain
                parcels[taken, 0], parcels[taken, 1] = left, right - left
                taken += 1
            elif (field == READ_POINT or field == LOCATION) and opener == 123:  # noqa: PLR1714, SIM109
                if is_name:
                    inner = right - left == 2 and data[left] == 105 and data[left + 1] == 100  # id
                elif inner:
                    codes[events, field] = code_word(data, left, right, field, slots, words_at, known, letters)
                    sure &= codes[events, field] >= 0
                    inner = False
        if not whole:
            at, taken = first, parcel
            break
        sure &= spans[events, 5] > 0 and taken > parcel and _has_zone(data, spans[events, 0], spans[events, 1])
        if spans[events, 3] == 0:  # not recorded apart: when it happened
            spans[events, 2], spans[events, 3] = spans[events, 0], spans[events, 1]
        if sure and escapes:
            for position in range(first, at):
                sure &= data[position] != 92
        if sure:
            firsts[events] = parcel
            events += 1
        else:
            taken = parcel
            odd[others, 0], odd[others, 1], odd[others, 2] = first, at, events
            others += 1
    firsts[events] = taken
    counts[0], counts[1], counts[2] = events, taken, others
    return ending, at


@njit(cache=True, nogil=True)
def pack_texts(data: "Bytes", starts: "Ints", sizes: "Ints", offsets: "npt.NDArray[np.int32]", out: "Bytes") -> None:
    """Copy texts side by side, as an Arrow string array holds them; `offsets` is given."""
    for row in range(len(starts)):
        base, start = offsets[row], starts[row]
        for at in range(sizes[row]):
            out[base + at] = data[start + at]


@njit(cache=True, nogil=True, inline="always")
def _member(data: "Bytes", left: "Int", right: "Int") -> "Int":
    """Return the number of the member of this name; -1 for all others. Two words hold a name of 7 to 16 bytes."""
    size = right - left
    if size < 7 or size > 16:
        return -1
    head = load_word(data, left)
    if size == 7:
        head &= _SEVEN
    for name in range(len(_NAME_SIZES)):
        tail_fits = size == 7 or load_word(data, right - 8) == _NAME_TAILS[name]
        if _NAME_HEADS[name] == head and _NAME_SIZES[name] == size and tail_fits:
            return _NAME_FIELDS[name]
    return -1


@njit(cache=True, nogil=True, inline="always")
def _opens_as_known(data: "Bytes", at: "Int", field: "Int") -> bool:
    """Whether the value is written as the scanner expects it of this member."""
    while at < len(data) and data[at] <= 32:
        at += 1
    if at >= len(data):
        return True  # the event is not whole, and will be met again
    if field == EPCS:
        return bool(data[at] == 91)
    if field == READ_POINT or field == LOCATION:  # noqa: PLR1714, SIM109
        return bool(data[at] == 123)
    return bool(data[at] == 34)


@njit(cache=True, nogil=True, inline="always")
def _behind_urn(data: "Bytes", left: "Int", right: "Int") -> "Int":
    """Return where an event's number begins behind `urn:uuid:`; the same place where it is another URI."""
    is_uuid = right - left > 9 and load_word(data, left) == _URN_UUID and data[left + 8] == 58
    return left + 9 if is_uuid else left


@njit(cache=True, nogil=True, inline="always")
def _behind_scheme(data: "Bytes", left: "Int", right: "Int") -> "tuple[Int, bool]":
    """Return where a parcel's number begins behind the last `:` or `/`, and whether it is written plainly."""
    at = right
    plain = right > left
    while at > left:
        byte = data[at - 1]
        if byte == 58 or byte == 47:  # noqa: PLR1714 - : /
            break
        plain &= byte != 46 and byte != 63 and byte != 35  # noqa: PLR1714 - . ? #
        at -= 1
    return at, plain and at < right


@njit(cache=True, nogil=True, inline="always")
def _has_zone(data: "Bytes", start: "Int", size: "Int") -> bool:
    if size < 20:
        return False
    sign = data[start + size - 6]
    return bool(data[start + size - 1] == 90 or sign == 43 or sign == 45)  # noqa: PLR1714 - Z + -
