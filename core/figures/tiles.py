"""Images side by side that fill the width of the page, each with a heading and lines below."""

import base64
from dataclasses import dataclass
from html import escape

from core.arrays import Array
from core.figures.montage import montage


@dataclass(frozen=True, eq=False)
class Tile:
    image: Array
    """(C, H, W) uint8 with one or three channels."""
    heading: str
    alt: str
    lines: tuple[str, ...] = ()
    strong: bool = False
    """Framed in the colour of the input."""


def tiles(shown: list[Tile], least: int = 116) -> str:
    """HTML: as many columns as fit, each at least `least` pixels wide."""
    style = (
        f"display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,{least}px),1fr));"
        f"gap:20px 16px;max-width:{len(shown) * 2 * least}px"
    )
    return f'<div style="{style}">{"".join(map(_figure, shown))}</div>'


def _figure(tile: Tile) -> str:
    source = base64.b64encode(montage(tile.image[None], 1, zoom=1)).decode()
    frame = "outline:3px solid var(--st-blue-color, #2F6FDE);outline-offset:2px;" if tile.strong else ""
    small = "margin:.3rem 0 0;font-size:.82rem;line-height:1.4"
    lines = "".join(f'<p style="{small}">{escape(line)}</p>' for line in tile.lines)
    return (
        '<figure style="margin:0;min-width:0">'
        f'<img src="data:image/png;base64,{source}" alt="{escape(tile.alt)}" style="width:100%;display:block;'
        f'image-rendering:pixelated;border-radius:6px;{frame}">'
        f'<figcaption style="margin-top:.5rem"><b style="font-size:.9rem">{escape(tile.heading)}</b>{lines}'
        "</figcaption></figure>"
    )
