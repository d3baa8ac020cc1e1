"""Read what a student types as an answer, leniently: any minus sign, decimal commas, fractions, brackets, crosses."""

import math
import re
from collections.abc import Callable


class AnswerError(ValueError):
    """The answer cannot be read; the message says what to type instead."""


LONGEST = 200
"""Characters in an answer."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"


def read_number(text: str) -> float:
    """One number from "−44", "32,5", "1/3", "12,345", "99 %", "10^12" or "2e-3". Raises AnswerError."""
    plain = re.sub(r"\s*([/*^x·%])\s*|(?<=\d)\s(?=\d{3}\b)|(?<=^[+-])\s", r"\1", _plain(text))
    percent = plain.endswith("%")
    plain = _commas(plain.rstrip("%"))
    readers: tuple[tuple[str, Callable[..., float]], ...] = (
        (rf"({_NUMBER})", lambda a: float(a)),
        (rf"({_NUMBER})/({_NUMBER})", lambda a, b: float(a) / float(b)),
        (r"(\d+)(?:\^|\*\*)([+-]?\d{1,2})", lambda a, b: float(a) ** int(b)),
        (rf"({_NUMBER})[*x·](\d+)(?:\^|\*\*)([+-]?\d{{1,2}})", lambda a, b, c: float(a) * float(b) ** int(c)),
    )
    for pattern, compute in readers:
        if match := re.fullmatch(pattern, plain, re.IGNORECASE):
            return _finite(compute, match.groups(), text) / (100 if percent else 1)
    raise AnswerError(f"“{text.strip()[:40]}” is not a number: write one like 12, −3.5 or 1/3")


def read_numbers(text: str) -> list[float]:
    """Several numbers from "32.5, -105.5, -44" or "[1 2 3]", separated by spaces, semicolons, or a comma and a space.

    Raises AnswerError.
    """
    plain = re.sub(r"[\[\](){}]", " ", _plain(text)).strip()
    parts = [part for part in re.split(r"\s*[;|]\s*|\s*,\s+|\s+", plain) if part.strip(", ")]
    if len(parts) == 1 and parts[0].count(",") > 1:
        parts = parts[0].split(",")
    if not parts:
        raise AnswerError("write the numbers with a space or comma between them, like 1, 2, 3")
    return [read_number(part.strip(",")) for part in parts]


def read_shape(text: str) -> tuple[int, ...]:
    """A shape from "(15, 10, 32, 32)", "15x10x32x32" or "15 10 32 32". Raises AnswerError."""
    parts = [part for part in re.split(r"[^\d]+", _plain(text)) if part]
    if not parts or re.search(r"[a-wyz.\-]", re.sub(r"[x×*]", "", _plain(text)), re.IGNORECASE):
        raise AnswerError(f"“{text.strip()[:40]}” is not a shape: write whole numbers like 15, 10, 32, 32")
    return tuple(int(part) for part in parts)


def _plain(text: str) -> str:
    if len(text) > LONGEST:
        raise AnswerError(f"an answer may have at most {LONGEST} characters; this one has {len(text)}: shorten it")
    return text.strip().replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-").replace("×", "x")


def _commas(number: str) -> str:
    """Decide what a comma means: 12,345 is twelve thousand; 32,5 and 0,125 are decimals."""
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", number):
        return number.replace(",", "")
    return number.replace(",", ".") if number.count(",") == 1 and "." not in number else number


def _finite(compute: Callable[..., float], parts: tuple[str | None, ...], text: str) -> float:
    try:
        result = float(compute(*parts))
    except (ZeroDivisionError, OverflowError):
        result = math.nan
    if not math.isfinite(result):
        raise AnswerError(f"“{text.strip()[:40]}” has no finite value: write a number like 12, −3.5 or 1/3")
    return result
