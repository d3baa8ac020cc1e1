"""Names of classes as strangers write them: one spelling for names that look alike, and numbers in their order."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable


JOINERS = "\u200c\u200d"
"""Invisible, but a part of words in Persian and Hindi, and of emojis."""


def cleaned(name: str) -> str:
    """The name in Unicode's composed form (NFC), without invisible characters, with single blanks; may be empty."""
    composed = unicodedata.normalize("NFC", name)
    blanks = "".join(" " if letter.isspace() else letter for letter in composed)
    seen = "".join(letter for letter in blanks if letter in JOINERS or unicodedata.category(letter)[0] != "C")
    return " ".join(seen.split())


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Sorted, each once; numbers by their size, also inside names: 1, 2, 10 and "week 2", "week 10"."""
    return tuple(sorted(set(names), key=_order))


def one_spelling(names: Iterable[str], apart: frozenset[str] = frozenset()) -> tuple[dict[str, str], tuple[str, ...]]:
    """{name as written: name of its class}, and a remark for each class that was written in several ways.

    Names that differ in invisible characters, blanks, or upper and lower case are one class, under the spelling that
    occurs most often. Names in `apart` keep their case: "a" and "A" can be two letters.
    """
    counts = Counter(names)
    alike: dict[str, list[str]] = {}
    for name in counts:
        key = cleaned(name)
        alike.setdefault(key if key in apart else _key(key), []).append(name)
    spelling: dict[str, str] = {}
    remarks = []
    for written in alike.values():
        shown = Counter[str]()
        for name in written:
            shown[cleaned(name) or "unnamed"] += counts[name]
        chosen = min(shown, key=lambda name: (-shown[name], name))
        spelling |= dict.fromkeys(written, chosen)
        if len(written) > 1:
            ways = ", ".join(sorted(map(ascii, written))[:4])
            remarks.append(f"The class {chosen!r} is written in {len(written)} ways, which were taken as one: {ways}.")
    return spelling, tuple(sorted(remarks))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold().replace("\u200c", "").replace("\u200d", ""))


def _order(name: str) -> tuple[bool, float, list[str | tuple[int, str]]]:
    number = _number(name)
    words = re.split(r"(\d+)", name)
    pieces: list[str | tuple[int, str]] = [(int(word), word) if place % 2 else word for place, word in enumerate(words)]
    return number is None, number or 0.0, pieces


def _number(name: str) -> float | None:
    return float(name) if re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", name, re.ASCII) else None
