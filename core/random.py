"""One source of chance for every backend: counter-based generators keyed by what they are for."""

import hashlib

import numpy as np


def generator(seed: int, *purpose: object) -> np.random.Generator:
    """A generator that depends on `seed` and `purpose` alone, e.g. (7, "weights", "conv1").

    Philox is counter-based (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): two purposes never
    share a stream, so adding a layer or resuming in the middle of a run changes nothing else.
    """
    words = "/".join(str(part) for part in (seed, *purpose))
    key = np.frombuffer(hashlib.sha256(words.encode()).digest()[:16], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
