"""Values inside a sentence: {= expression} or {= expression :format} is replaced by what core computes."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


INLINE = re.compile(r"\{=\s*(?P<expression>.+?)(?:\s+:(?P<format>[^\s{}]+))?\s*\}")
FORMATS = ("matrix", "list", "shape")


def fill(text: str, compute: Callable[[str], object]) -> str:
    """`text` with every {= expression} replaced by its value; `compute` evaluates one expression."""
    return INLINE.sub(lambda match: shown(compute(match["expression"]), match["format"] or ""), text)


def expressions(text: str) -> list[str]:
    """The expressions inside `text`, in order."""
    return [match["expression"] for match in INLINE.finditer(text)]


def shown(value: Any, form: str = "") -> str:
    """A number with no needless digits; an array as a list.

    `form` is "matrix" (LaTeX), "list", "shape" (3 × 5 × 5), or a Python format for each number, such as ".3f" or ",".
    Raises ValueError for a format that does not fit.
    """
    if form == "matrix":
        return matrix(value)
    if form == "shape":
        return " × ".join(f"{int(number):,}" for number in np.ravel(value))
    if isinstance(value, str | bool | np.bool_):
        return str(value)
    form = "" if form == "list" else form
    if np.ndim(value) == 0:
        return number(value, form)
    if np.ndim(value) == 1:
        return ", ".join(number(item, form) for item in value)
    return " / ".join(shown(row, form) for row in value)


def matrix(value: ArrayLike) -> str:
    """LaTeX for a matrix, to be put between dollar signs."""
    rows = np.atleast_2d(np.asarray(value))
    return (
        r"\begin{pmatrix}" + r" \\ ".join(" & ".join(number(item) for item in row) for row in rows) + r"\end{pmatrix}"
    )


def number(value: Any, form: str = "") -> str:
    """One number as text: a real minus sign, and no decimal point in whole numbers."""
    value = value.item() if isinstance(value, np.generic) else value
    if form and not form.endswith("d"):
        return format(value, form).replace("-", "\N{MINUS SIGN}")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return format(
        value,
        form or ("," if isinstance(value, int) and abs(value) >= 10_000 else ".6g" if isinstance(value, float) else ""),
    ).replace("-", "\N{MINUS SIGN}")
