"""Formats numbers, times and sentences for readers."""

import re
from collections import Counter
from contextlib import suppress
from datetime import datetime
from math import isnan
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def duration(seconds: float) -> str:
    if seconds < 1:
        return "under 1 s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def seconds_of(seconds: float) -> str:
    """Like `duration`, but with three significant digits for short times."""
    if seconds < 0.995:
        return f"{1000 * seconds:.3g} ms"
    return f"{seconds:.3g} s" if seconds < 60 else duration(seconds)


def amount(bytes_: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if bytes_ < 1000:
            return f"{bytes_:.0f} {unit}" if unit == "bytes" else f"{bytes_:.3g} {unit}"
        bytes_ /= 1000
    return f"{bytes_:.3g} TB"


def short(count: float) -> str:
    for unit in ("", " thousand", " million", " billion"):
        if count < 1000:
            return f"{count:.3g}{unit}" if unit else str(count)
        count /= 1000
    return f"{count:.3g} trillion"


def loss(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 1e4 else f"{value:.4g}"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def share(part: float) -> str:
    """A percentage with a non-breaking space; a dash if it is undefined (0/0)."""
    return "–" if isnan(part) else percent(part).replace(" ", "\N{NO-BREAK SPACE}")


def moment(created: str, zone: str | None) -> str:
    """An ISO time as "20 Nov 15:48:07" in the reader's time zone."""
    then = datetime.fromisoformat(created)
    with suppress(ZoneInfoNotFoundError, ValueError):
        then = then.astimezone(ZoneInfo(zone or "UTC"))
    return f"{then:%d %b %H:%M:%S}"


def unique_labels(labels: dict[str, str]) -> dict[str, str]:
    """{id: label}, with the end of the id added to duplicate labels: select boxes identify an entry by its label."""
    duplicates = {label for label, count in Counter(labels.values()).items() if count > 1}
    return {id_: f"{label} ({id_[-6:]})" if label in duplicates else label for id_, label in labels.items()}


def sentence(text: str) -> str:
    """With a capital letter and one full stop."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def plain(text: str) -> str:
    """Text typed by a user, escaped so that Markdown shows it literally and loads no images. Only what Markdown could
    take for its own gets a backslash, which would be shown before anything else."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@^=/])", r"\\\1", " ".join(text.split()))


def cut(text: str, longest: int = 24) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def advice(problem: str, repairs: list) -> str:
    """What is wrong, and what would fix it."""
    return sentence(problem) + (f" Try: {'; or '.join(map(str, repairs))}." if repairs else "")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
