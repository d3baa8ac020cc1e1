"""What pages say of the backends that the registry knows."""

import backends


def installed() -> list[str]:
    return [name for name in backends.names() if backends.missing(name) is None]


def label(name: str) -> str:
    """Of a backend, also of one that trained a run elsewhere and is not here."""
    return backends.about(name).LABEL if name in backends.names() else name
