"""The cost of each layer as bars with numbers, readable even if one layer has nearly all of the cost."""

from html import escape

from core.figures.colors import css
from core.network.costs import Cost


MEASURES = {"parameters": "Parameters", "multiply_adds": "Multiply-adds"}
"""Fields of a cost, with their titles."""


def cost_bars(layer_costs: list[Cost], measure: str) -> str:
    """HTML with a row for each layer whose cost is not 0; the length of the bar is its share of the total."""
    total = sum(getattr(cost, measure) for cost in layer_costs)
    costly = [cost for cost in layer_costs if getattr(cost, measure)]
    rows = "".join(_row(cost.step.layer.name, getattr(cost, measure), total) for cost in costly)
    columns = "grid-template-columns:max-content minmax(3rem,1fr) max-content max-content"
    return (
        f'<div role="list" aria-label="{MEASURES[measure]} of each layer" style="display:grid;{columns};'
        f'gap:.3rem .7rem;align-items:center;font-size:.85rem;line-height:1.3;max-width:720px">{rows}</div>'
    )


def _row(name: str, count: int, total: int) -> str:
    share = 100 * count / total
    bar = f"height:.8rem;border-radius:3px;min-width:2px;width:{share:.2f}%;background:{css('kernel')}"
    right = "text-align:right;font-variant-numeric:tabular-nums"
    return (
        f'<div role="listitem" style="display:contents"><span style="font-weight:600">{escape(name)}</span>'
        f'<span aria-hidden="true"><span style="display:block;{bar}"></span></span>'
        f'<span style="{right}">{count:,}</span><span style="{right}">{_percent(share)}</span></div>'
    )


def _percent(share: float) -> str:
    return "&lt; 0.1 %" if share < 0.05 else f"{share:.1f} %"
