"""Which backends are installed, and what pages call them."""

import backends


def installed() -> list[str]:
    return [name for name in backends.names() if backends.missing(name) is None]


def label(name: str) -> str:
    """The backend's label; its bare name if this installation does not have it, as for a run trained elsewhere."""
    return backends.about(name).LABEL if name in backends.names() else name
