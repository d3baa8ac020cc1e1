"""Read what a student types as an answer: one grammar for numbers, rows of numbers, shapes and matrices.

    answer   numbers separated by spaces, commas, semicolons, line breaks, "and", "by" or a cross; any brackets around
    number   [label =] [sign] power { (* | / | cross) power } [%] [unit]
    power    decimal [^ exponent]

A comma or a space may separate numbers, or digits by thousands; a comma may be the decimal point, a cross a product.
`readings` returns every reading that the text allows; the question knows how many numbers it asks for.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product


class AnswerError(ValueError):
    """The answer cannot be read; the message says what was understood and what to type instead."""


@dataclass(frozen=True)
class Reading:
    """The numbers in the order of the text; `percents` says which have a % behind them (and are not divided by 100)."""

    numbers: tuple[float, ...]
    percents: tuple[bool, ...]

    @property
    def shares(self) -> tuple[float, ...]:
        """The numbers, with percentages as shares: 45 % is 0.45."""
        return tuple(n / 100 if percent else n for n, percent in zip(self.numbers, self.percents, strict=True))


LONGEST = 200
"""Characters in an answer."""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "‐": "-", "×": "x", "⨯": "x", "✕": "x", "·": "*", "∙": "*", "⋅": "*", "…": ""}
)
_DECIMAL = r"(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_POWER = rf"{_DECIMAL}(?:\^[+-]?\d+)?"
_NUMBER = re.compile(rf"([+-]?{_POWER}(?:[*/x][+-]?{_POWER})*)(%?)([a-z]*)\.?")
_WORD = re.compile(r"[a-z]+\.?")
_NO_UNIT = {"or", "to", "not", "nan", "inf", "infinity", "e", "x"}
"""Words that change what the number before them means."""
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_THOUSANDS = {mark: re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}(?:{mark}\d{{3}})+(?!\d)") for mark in ", "}
"""Digits grouped by commas or by spaces."""


def readings(text: str) -> list[Reading]:
    """Every way to read the text as one or more numbers, the likeliest first.

    Raises AnswerError, with what was understood, if there is none.
    """
    plain, results, problems = _plain(text), [], []
    for comma, spaced, cross in product(("grouped", "decimal", "between"), (False, True), ("*", " ")):
        variant = re.sub(r"(?<=\d)\s*[x*]\s*(?=[+-]?[\d.])", cross, plain)
        if comma == "grouped":
            variant = _grouped(variant, ",")
        if comma == "decimal":
            variant = _DECIMAL_COMMA.sub(".", variant)
        if spaced:
            variant = _grouped(variant, " ")
        try:
            results.append(_read(re.sub(r"[,;|]", " ", variant)))
        except AnswerError as error:
            problems.append(error)
    if not results:
        raise problems[-1]
    return list(dict.fromkeys(results))


def read_number(text: str) -> float:
    """One number from "−44", "32,5", "1/3", "12,345", "99 %", "10^12", "= 5" or "2e-3". Raises AnswerError."""
    return read_numbers(text, 1)[0]


def read_numbers(text: str, count: int | None = None) -> list[float]:
    """Several numbers from "32.5, -105.5", "3,6" or "[[1 2] [3 4]]"; `count`: how many there should be.

    Raises AnswerError.
    """
    every = readings(text)
    if count is None:
        return list(max(every, key=lambda reading: len(reading.numbers)).shares)
    for reading in every:
        if len(reading.numbers) == count:
            return list(reading.shares)
    raise AnswerError(f"{understood(every[-1])}; write {count_of(count)}")


def read_shape(text: str) -> tuple[int, ...]:
    """A shape from "(15, 10, 32, 32)", "15x10x32x32" or "15 10 32 32". Raises AnswerError."""
    numbers = read_numbers(text)
    if not whole(numbers):
        raise AnswerError(f"I read {_listed(numbers)}; a shape has only whole numbers, like 15, 10, 32, 32")
    return tuple(int(number) for number in numbers)


def whole(numbers: Iterable[float]) -> bool:
    """Whether all numbers are whole and not negative, as those of a shape."""
    return all(number >= 0 and float(number).is_integer() for number in numbers)


def understood(reading: Reading) -> str:
    """What was read, as a clause: "I read 2 numbers, 3 and 6"."""
    marks = [f"{n:.10g}{' %' if percent else ''}" for n, percent in zip(reading.numbers, reading.percents, strict=True)]
    return f"I read {count_of(len(marks))}, {_joined(marks)}"


def count_of(count: int) -> str:
    return "one number" if count == 1 else f"{count} numbers"


def _read(text: str) -> Reading:
    """The text without commas, as numbers with words between them."""
    numbers: list[float] = []
    percents: list[bool] = []
    for token in text.split():
        if token in ("and", "und", "by") or (numbers and _WORD.fullmatch(token) and token not in _NO_UNIT):
            if token in ("percent", "percents", "prozent"):
                percents[-1] = True
            continue
        match = _NUMBER.fullmatch(token)
        if match is None or (match[3] in _NO_UNIT):
            raise AnswerError(_not_understood(token, numbers))
        numbers.append(_value(match[1]))
        percents.append(bool(match[2]) or match[3] == "percent")
    if not numbers:
        raise AnswerError("there is no number in it: write one like 12, −3.5 or 1/3")
    return Reading(tuple(numbers), tuple(percents))


def _not_understood(token: str, numbers: list[float]) -> str:
    before = f"I read {_listed(numbers)}, but not" if numbers else "I do not understand"
    return f"{before} “{token[:40]}”: write a number like 12, −3.5 or 1/3, several with spaces between them"


def _plain(text: str) -> str:
    """In small letters, with plain signs, without brackets, labels and spaces inside a number."""
    if len(text) > LONGEST:
        raise AnswerError(f"an answer may have at most {LONGEST} characters; this one has {len(text)}: shorten it")
    plain = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda match: "^" + match[0].translate(_SUPERSCRIPTS), text)
    plain = plain.translate(_SIGNS).lower().replace("**", "^").replace("$", " ").replace("\\", " ")
    plain = re.sub(r"\^\s*[({]\s*([+-]?\d+)\s*[)}]", r"^\1", plain)
    plain = re.sub(r"[a-z_][\w∂/]*\s*[=:≈]", " ", plain)
    plain = re.sub(r"[][(){}=≈~&]|\bca\.|\babout\b", " ", plain)
    plain = re.sub(r"(?<=\d)['’\u00a0\u2009\u202f](?=\d{3})", "", plain)
    plain = re.sub(r"\s*([*/^])\s*", r"\1", plain)
    return re.sub(r"\s+(?=%)|(?:(?<=^[+-])|(?<=[\s,;][+-]))\s+(?=[\d.])", "", plain.strip())


def _grouped(text: str, mark: str) -> str:
    return _THOUSANDS[mark].sub(lambda match: match[0].replace(mark, ""), text)


def _value(text: str) -> float:
    """The value of a product of powers. Raises AnswerError if it is not finite."""
    try:
        result = 1.0
        for operator, number in re.findall(rf"([*/x]?)([+-]?{_POWER})", text):
            base, _, exponent = number.partition("^")
            sign = -1.0 if base.startswith("-") else 1.0
            factor = sign * float(base.lstrip("+-")) ** int(exponent or 1)
            result = result / factor if operator == "/" else result * factor
    except (ZeroDivisionError, OverflowError, ValueError):
        result = math.nan
    if not math.isfinite(result):
        raise AnswerError(f"“{text[:40]}” has no finite value: write a number like 12, −3.5 or 1/3")
    return result


def _listed(numbers: Iterable[float]) -> str:
    return _joined([f"{number:.10g}" for number in numbers])


def _joined(words: list[str]) -> str:
    words = [word.replace("-", "\N{MINUS SIGN}") for word in words]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
