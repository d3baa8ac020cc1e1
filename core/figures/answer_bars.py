"""The probabilities that a network answers with, as a table with bars."""

from html import escape

import numpy as np

from core.arrays import Array


MOST = 12
"""Classes in one table; of more, the most probable are shown."""
BEST, OTHER = "#2a9d5c", "#8a93a6"


def answer_bars(probabilities: Array, names: tuple[str, ...], title: str) -> str:
    """(K,) probabilities -> HTML; `title` is read to those who do not see the bars."""
    best = int(np.argmax(probabilities))
    shown = np.arange(len(names))
    if len(names) > MOST:
        shown = np.argsort(-probabilities, kind="stable")[:MOST]
    rows = "".join(_row(names[k], float(probabilities[k]), k == best) for k in shown)
    return (
        '<table style="width:100%;border-collapse:collapse;font-size:.9rem;line-height:1.25;'
        'font-variant-numeric:tabular-nums">'
        f'<caption style="position:absolute;clip-path:inset(50%);width:1px;height:1px">{escape(title)}</caption>'
        f"{rows}</table>"
    )


def _row(name: str, share: float, best: bool) -> str:
    weight, colour = (600, BEST) if best else (400, OTHER)
    head = "text-align:right;padding:.05rem .6rem .05rem 0;white-space:nowrap;max-width:9rem;overflow:hidden"
    return (
        f'<tr style="font-weight:{weight}">'
        f'<th scope="row" style="{head};text-overflow:ellipsis;font-weight:inherit;border:0">'
        f"{'▸ ' if best else ''}{escape(name)}</th>"
        '<td style="width:100%;padding:0;border:0"><div style="height:.8rem;border-radius:3px;min-width:1px;'
        f'width:{100 * share:.1f}%;background:{colour}"></div></td>'
        '<td style="text-align:right;padding:.05rem 0 .05rem .6rem;white-space:nowrap;border:0">'
        f"{100 * share:.1f} %</td></tr>"
    )
