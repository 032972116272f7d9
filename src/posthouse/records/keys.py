"""Keyed hashes made at the door: a waybill number never enters the workspace, only its keyed hash.

BLAKE2s with the key of the data's owner, 8 bytes, read as a little-endian signed integer (RFC 7693). Without the key
a number cannot be recovered or tested for. A hash that left the workspace comes back written as `hash:-123`.
"""

import re
from collections.abc import Iterable
from hashlib import blake2s
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


HASHED = "hash:"
_RETURNED = re.compile(HASHED + r"(-?\d{1,19})")


def hash_texts(texts: Iterable[str | None], key: bytes) -> "npt.NDArray[np.int64]":
    """Return the keyed hash of each text, in order; 0 for None, and the hash itself where the text is one.

    Parameters
    ----------
    texts : any number of texts.
    key : the owner's secret, 1 to 32 bytes.
    """
    import numpy as np

    keyed = blake2s(key=key, digest_size=8)
    parts = []
    for text in texts:
        if text is None:
            parts.append(b"\0" * 8)
            continue
        returned = _RETURNED.fullmatch(text) if text.startswith(HASHED) else None
        if returned and -(2**63) <= int(returned[1]) < 2**63:
            parts.append(int(returned[1]).to_bytes(8, "little", signed=True))
            continue
        one = keyed.copy()
        one.update(text.encode("utf-8"))
        parts.append(one.digest())
    return np.frombuffer(b"".join(parts), dtype="<i8").astype(np.int64)
