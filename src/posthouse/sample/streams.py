"""Independent random streams by name, so that adding one draw never shifts another."""

from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np


def open_stream(seed: int, *labels: str | int) -> "np.random.Generator":
    """Return the generator that belongs to this seed and these labels; the same labels give the same numbers."""
    import numpy as np

    words = [crc32(str(label).encode("utf-8")) for label in labels]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))
