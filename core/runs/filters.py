"""Filtering and sorting the list of runs: by text, backend, data set and state."""

from collections.abc import Callable, Collection
from typing import Any

from core.runs.index import Entry


ORDERS: dict[str, tuple[Callable[[Entry], Any], bool]] = {
    "newest first": (lambda entry: entry.created, True),
    "oldest first": (lambda entry: entry.created, False),
    "best validation accuracy first": (lambda entry: entry.validation_accuracy, True),
    "best test accuracy first": (lambda entry: entry.test_accuracy, True),
    "lowest loss first": (lambda entry: entry.loss, False),
    "by name": (lambda entry: entry.name.casefold(), False),
}
"""The value to sort by, and whether the largest comes first."""


def matching(
    entries: list[Entry],
    words: str = "",
    backends: Collection[str] = (),
    data: Collection[str] = (),
    states: Collection[str] = (),
) -> list[Entry]:
    """The entries that contain every word, in upper or lower case, and match the filters; an empty filter matches
    all."""
    search_words = words.casefold().split()
    return [
        entry
        for entry in entries
        if (not backends or entry.backend in backends)
        and (not data or entry.data in data)
        and (not states or entry.state in states)
        and all(word in _text(entry) for word in search_words)
    ]


def ordered(entries: list[Entry], order: str) -> list[Entry]:
    """Sorted entries; those without a value to sort by come last, in their original order."""
    value, largest_first = ORDERS[order]
    with_value = [entry for entry in entries if value(entry) is not None]
    return sorted(with_value, key=value, reverse=largest_first) + [entry for entry in entries if value(entry) is None]


def _text(entry: Entry) -> str:
    parts = (entry.id, entry.name, entry.note, entry.backend, entry.device, entry.data, entry.state, entry.experiment)
    return "\n".join((*parts, f"seed {entry.seed}", entry.created[:10])).casefold()
