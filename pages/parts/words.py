"""Numbers as a person says them."""

from datetime import UTC, datetime


def duration(seconds: float) -> str:
    if seconds < 1:
        return "under 1 s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def amount(bytes_: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if bytes_ < 1000:
            return f"{bytes_:.0f} {unit}" if unit == "bytes" else f"{bytes_:.3g} {unit}"
        bytes_ /= 1000
    return f"{bytes_:.3g} GB"


def short(count: int) -> str:
    for unit in ("", " thousand", " million"):
        if count < 1000:
            return f"{count:.3g}{unit}" if unit else str(count)
        count /= 1000
    return f"{count:.3g} billion"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def ago(created: str) -> str:
    """An ISO time as "just now", "5 min ago", or its date."""
    then = datetime.fromisoformat(created)
    seconds = (datetime.now(UTC) - then).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min ago"
    return f"{seconds // 3600:.0f} h ago" if seconds < 86400 else f"{then:%d %b %Y}"


def sentence(text: str) -> str:
    """With a capital and one full stop."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def advice(problem: str, repairs: list[str]) -> str:
    """What is wrong, and what would mend it."""
    return sentence(problem) + (f" Try: {'; or '.join(repairs)}." if repairs else "")
