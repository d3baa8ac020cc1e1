"""The random generators of every backend: counter-based, and keyed by their purpose."""

import hashlib

import numpy as np


def generator(seed: int, *purpose: object) -> np.random.Generator:
    """A random generator that depends only on `seed` and `purpose`, e.g. generator(7, "weights", "conv1").

    Philox is counter-based (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): two purposes never
    share a stream, so adding a layer or resuming a run changes no other random number.
    """
    name = "/".join(str(part) for part in (seed, *purpose))
    key = np.frombuffer(hashlib.sha256(name.encode()).digest()[:16], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
