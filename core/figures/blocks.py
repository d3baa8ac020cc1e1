"""A network drawn as the data it passes on: pictures and maps as stacked sheets, lists of numbers as bars."""

from html import escape
from math import sqrt

from core.figures.colors import css
from core.network.counting import Cost
from core.network.shapes import Shape


TALLEST, MOST_SHEETS = 72, 6


def drawing(input_shape: Shape, bills: list[Cost]) -> str:
    """HTML that wraps on narrow screens. The input is blue, layers with weights carry an orange mark, what they give
    is green."""
    largest = max(input_shape[1:])
    blocks = [_block("input", input_shape, css("input"), largest, learns=False)]
    blocks += [_block(bill.step.layer.name, bill.step.output, css("output"), largest, bill.parameters > 0) for bill in bills]
    words = f"Network drawing: input {shape_text(input_shape)}, " + ", ".join(
        f"{bill.step.layer.name} {shape_text(bill.step.output)}" for bill in bills
    )
    return (
        f'<div role="img" aria-label="{escape(words)}" style="display:flex;flex-wrap:wrap;align-items:flex-end;'
        f'gap:1.1rem 1rem;padding:.25rem 0">{"".join(blocks)}</div>'
    )


def shape_text(shape: Shape) -> str:
    return " × ".join(map(str, shape))


def _block(name: str, shape: Shape, color: str, largest: int, learns: bool) -> str:
    picture = _sheets(shape, color, largest) if len(shape) == 3 else _bar(shape[0], color)
    mark = f'<span style="color:{css("kernel")}">●</span> ' if learns else ""
    return (
        '<div style="text-align:center;font-size:.8rem;line-height:1.3">'
        f'{picture}<div style="font-weight:600">{mark}{escape(name)}</div><div>{shape_text(shape)}</div></div>'
    )


def _sheets(shape: Shape, color: str, largest: int) -> str:
    """As many sheets as channels (at most a few), as large as the maps are."""
    channels, height, width = shape
    tall, wide = (max(6.0, TALLEST * sqrt(side / largest)) for side in (height, width))
    sheets = min(channels, MOST_SHEETS)
    shift = 4 * (sheets - 1)
    drawn = "".join(
        f'<rect x="{1 + 4 * k:.0f}" y="{1 + shift - 4 * k:.0f}" width="{wide:.0f}" height="{tall:.0f}" rx="2" '
        f'style="fill:{color};fill-opacity:.28;stroke:{color};stroke-width:1.3"/>'
        for k in reversed(range(sheets))
    )
    return _svg(wide + shift + 2, tall + shift + 2, drawn)


def _bar(units: int, color: str) -> str:
    tall = min(TALLEST + 16.0, 10 + 14 * sqrt(sqrt(units)))
    rect = f'<rect x="1" y="1" width="12" height="{tall:.0f}" rx="3" style="fill:{color};fill-opacity:.28;stroke:{color};stroke-width:1.3"/>'
    return _svg(14, tall + 2, rect)


def _svg(width: float, height: float, inside: str) -> str:
    return (
        f'<svg width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" aria-hidden="true" '
        f'style="display:block;margin:0 auto .35rem">{inside}</svg>'
    )
