"""Pieces that the backends write code from: a call with what differs from the defaults, and the classes that code needs."""

import re


def called(function: str, /, *values, **options) -> str:
    """called("Conv2d", 1, 8, stride=(2, 1)) -> "Conv2d(1, 8, stride=2)": an option is (value, default), and left out where
    they are the same."""
    given = [f"{key}={written(value)}" for key, (value, default) in options.items() if value != default]
    return f"{function}({', '.join([*map(written, values), *given])})"


class Code(str):
    """Text that is code already."""


def written(value) -> str:
    """A value as Python has it; text between double quotes."""
    return value if isinstance(value, Code) else f'"{value}"' if isinstance(value, str) else repr(value)


def pair(two: tuple[int, int]) -> int | tuple[int, int]:
    """(3, 3) -> 3"""
    return two[0] if two[0] == two[1] else two


def shape_comment(shape: tuple[int, ...], between: str = ", ") -> str:
    return between.join(str(side) for side in shape)


def snippets_of(snippets: dict[str, str], code: str) -> str:
    """The classes that `code` calls, and those that these call, in the order of `snippets`; "" for none."""
    wanted = called_in(snippets, code)
    seen: set[str] = set()
    while wanted - seen:
        seen |= wanted
        wanted |= called_in(snippets, "".join(snippets[name] for name in seen))
    return "\n".join(text for name, text in snippets.items() if name in wanted)


def called_in(snippets: dict[str, str], code: str) -> set[str]:
    return {name for name in snippets if re.search(rf"(?<![\w.]){name}\(", code)}
