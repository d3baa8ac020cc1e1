"""Small images with captions, in rows that wrap at the edge of the screen."""

from html import escape

from core.arrays import Array
from core.figures.montage import as_url, montage


TALL = 72


def gallery(images: Array, words: list[str], alts: list[str], tall: int = TALL, links: list[str] | None = None) -> str:
    """Images (N, C, H, W) uint8 -> HTML, each `tall` pixels high and, with `links`, a link to that address."""
    targets = links or [""] * len(words)
    figures = "".join(_figure(*one, tall) for one in zip(images, words, alts, targets, strict=True))
    return f'<div style="display:flex;flex-wrap:wrap;gap:.75rem .9rem">{figures}</div>'


def _figure(image: Array, words: str, alt: str, link: str, tall: int) -> str:
    source = as_url(montage(image[None], 1, zoom=1))
    shown = (
        f'<img src="{source}" alt="{escape(alt)}" height="{tall}" '
        'style="image-rendering:pixelated;display:block;margin:0 auto .2rem">'
    )
    if link:
        shown = f'<a href="{escape(link)}" target="_self">{shown}</a>'
    return (
        f'<figure style="margin:0;font-size:.8rem;line-height:1.3;text-align:center">{shown}'
        f'<figcaption style="font-weight:400">{escape(words)}</figcaption></figure>'
    )
