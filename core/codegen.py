"""Building blocks for generated code: calls that name only non-default options, and the classes that the code uses."""

import re
from typing import Any


def called(function: str, /, *values: Any, **options: tuple[Any, Any]) -> str:
    """called("Conv2d", 1, 8, stride=(2, 1)) -> "Conv2d(1, 8, stride=2)"

    An option is a pair (value, default); it is left out when the two are equal.
    """
    given = [f"{key}={written(value)}" for key, (value, default) in options.items() if value != default]
    return f"{function}({', '.join([*map(written, values), *given])})"


class Code(str):
    """Text that already is code, so `written` does not put it between quotes."""


def written(value: Any) -> str:
    """A value as Python source; text goes between double quotes."""
    return value if isinstance(value, Code) else f'"{value}"' if isinstance(value, str) else repr(value)


def pair(sides: tuple[int, int]) -> int | tuple[int, int]:
    """(3, 3) -> 3; (3, 5) stays (3, 5)."""
    return sides[0] if sides[0] == sides[1] else sides


def shape_comment(shape: tuple[int, ...], separator: str = ", ") -> str:
    return separator.join(str(side) for side in shape)


def snippets_of(snippets: dict[str, str], code: str) -> str:
    """The classes that `code` uses, directly or through others, in the order of `snippets`; "" for none."""
    needed = called_in(snippets, code)
    seen: set[str] = set()
    while needed - seen:
        seen |= needed
        needed |= called_in(snippets, "".join(snippets[name] for name in seen))
    return "\n".join(text for name, text in snippets.items() if name in needed)


def called_in(snippets: dict[str, str], code: str) -> set[str]:
    return {name for name in snippets if re.search(rf"(?<![\w.]){name}\(", code)}
