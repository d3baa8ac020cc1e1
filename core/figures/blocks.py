"""A network drawn as the data between its layers: images and feature maps as stacked sheets, vectors as bars."""

from html import escape
from math import sqrt

from core.figures.colors import PAPER, css
from core.network.blocks import Residual
from core.network.costs import Cost, outermost, weight_shapes
from core.network.shapes import Shape, Step, shape_text


TALLEST, MOST_SHEETS, SHIFT = 72, 6, 4
WIDEST = 2 * TALLEST
"""The longest side in pixels, even if a layer outputs larger feature maps than the input."""


def drawing(input_shape: Shape, layer_costs: list[Cost], size: float = 1.0) -> str:
    """HTML that wraps on narrow screens, magnified by `size`. The input is blue, outputs are green, and layers with
    weights have an orange mark."""
    outer = outermost(layer_costs)
    description = f"Network drawing: input {shape_text(input_shape)}, " + ", ".join(
        step_words(cost.step) for cost in outer
    )
    inside = "".join([input_block(input_shape), *(layer_block(cost, input_shape) for cost in outer)])
    return (
        f'<div role="img" aria-label="{escape(description)}" style="display:flex;flex-wrap:wrap;align-items:flex-end;'
        f'gap:1.1rem 1rem;padding:.25rem 0;zoom:{size:g}">{inside}</div>'
    )


def input_block(input_shape: Shape) -> str:
    return _block("input", input_shape, css("input"), max(input_shape[1:]), learns=False)


def layer_block(cost: Cost, input_shape: Shape) -> str:
    """The output of a layer, drawn in proportion to the input."""
    return _step(cost.step, max(input_shape[1:]))


def waiting_block(name: str) -> str:
    """A layer whose shape is unknown because of an error in an earlier layer."""
    sheet = '<div style="box-sizing:border-box;width:36px;height:36px;border:1.5px dashed;border-radius:3px"></div>'
    return _captioned(f'<div style="display:inline-block;margin-bottom:.4rem">{sheet}</div>', escape(name), "?")


def step_words(step: Step) -> str:
    text = f"{step.layer.name} {shape_text(step.output)}"
    if not step.rows:
        return text
    branches = "; ".join(", ".join(map(step_words, row)) or "the input itself" for row in step.rows)
    return f"{text} ({'sum' if isinstance(step.layer, Residual) else 'join'} of: {branches})"


def _step(step: Step, largest: int) -> str:
    block = _block(step.layer.name, step.output, css("output"), largest, bool(weight_shapes(step)))
    if not step.rows:
        return block
    return f'<div style="display:flex;flex-wrap:wrap;align-items:center;gap:.8rem">{_fork(step, largest)}{block}</div>'


def _fork(step: Step, largest: int) -> str:
    """The branches of a block one below the other, between a line where the data splits and a line where it is
    merged."""
    thin = '<div style="border-top:1px solid color-mix(in srgb, currentcolor 18%, transparent)"></div>'
    branches = thin.join(_branch(row, largest) for row in step.rows)
    sign, meaning = ("+", "added") if isinstance(step.layer, Residual) else ("≡", "joined")
    line = f"2px solid {css('input')}"
    return (
        f'<div style="display:flex;align-items:center;gap:.5rem;align-self:center;max-width:100%">'
        f'<div style="display:flex;flex-direction:column;gap:.7rem;border-left:{line};border-right:{line};'
        f'border-radius:8px;padding:.5rem .7rem;min-width:0">{branches}</div>'
        f'<div style="font-size:.8rem;text-align:center;line-height:1.2">'
        f'<div style="font-size:1.3rem;font-weight:600">{sign}</div>{meaning}</div></div>'
    )


def _branch(row: tuple[Step, ...], largest: int) -> str:
    inside = "".join(_step(step, largest) for step in row)
    nothing = '<span style="font-size:.8rem">⟶ the input itself ⟶</span>'
    return f'<div style="display:flex;flex-wrap:wrap;align-items:flex-end;gap:.7rem .8rem">{inside or nothing}</div>'


def _block(name: str, shape: Shape, color: str, largest: int, learns: bool) -> str:
    image = _sheets(shape, color, largest) if len(shape) == 3 else _bar(shape[0], color)
    mark = f'<span style="color:{css("kernel")}">●</span> ' if learns else ""
    return _captioned(image, mark + escape(name), shape_text(shape))


def _captioned(image: str, name: str, shape: str) -> str:
    return (
        '<div style="text-align:center;font-size:.8rem;line-height:1.3">'
        f'{image}<div style="font-weight:600">{name}</div><div>{shape}</div></div>'
    )


def _sheets(shape: Shape, color: str, largest: int) -> str:
    """One sheet per channel (up to MOST_SHEETS), sized like the feature maps."""
    channels, height, width = shape
    tall, wide = (round(min(max(6.0, TALLEST * sqrt(side / largest)), WIDEST)) for side in (height, width))
    sheets = min(channels, MOST_SHEETS)
    shift = SHIFT * (sheets - 1)
    drawn = "".join(_sheet(SHIFT * k, shift - SHIFT * k, wide, tall, color) for k in reversed(range(sheets)))
    return _frame(wide + shift, tall + shift, drawn)


def _bar(units: int, color: str) -> str:
    tall = round(min(TALLEST, 8 + 9 * sqrt(sqrt(units))))
    return _frame(12, tall, _sheet(0, 0, 12, tall, color))


def _sheet(left: int, top: int, wide: int, tall: int, color: str) -> str:
    """A sheet, tinted over the page's background so that it hides the sheets behind it."""
    tint = f"color-mix(in srgb, {color} 22%, {PAPER})"
    return (
        f'<div style="position:absolute;box-sizing:border-box;left:{left}px;top:{top}px;width:{wide}px;height:{tall}px;'
        f'border:1.5px solid {color};border-radius:3px;background:{tint}"></div>'
    )


def _frame(wide: int, tall: int, inside: str) -> str:
    return f'<div style="position:relative;width:{wide}px;height:{tall}px;margin:0 auto .4rem">{inside}</div>'
