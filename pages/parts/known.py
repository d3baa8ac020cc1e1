"""What the registry knows of the backends, asked once: looking for installed packages takes milliseconds each time."""

from functools import cache

import backends


names = cache(lambda: tuple(backends.names()))
about = cache(backends.about)
missing = cache(backends.missing)
version = cache(backends.version)


def installed() -> list[str]:
    return [name for name in names() if missing(name) is None]


def label(name: str) -> str:
    """Of a backend, also of one that trained a run elsewhere and is not here."""
    return about(name).LABEL if name in names() else name
