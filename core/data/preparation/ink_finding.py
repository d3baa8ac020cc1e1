"""Find the ink of a digit in a grey image (a drawing, a scan, or a photo of paper with a shadow), and measure it."""

import numpy as np
from scipy.ndimage import grey_dilation, grey_erosion, grey_opening, label, sum_labels, uniform_filter

from core.arrays import Array


CLEAN = 0.9
"""An image is drawn, not photographed, if at least this share of its border has exactly the same value."""
NOISE = 0.2
"""In a photo, what is darker than this share of the ink is paper."""
LEAST_CONTRAST = 16
"""In grey levels between paper and ink; less is a blank page."""
SPECK = 0.02
"""In a photo, a connected piece with less than this share of all ink is dirt."""
ALONG_EDGE = 0.2
"""In a photo, a connected piece that touches the edge over this share of a side is a table or a frame."""
THIN, THICK = 0.09, 0.3
"""The width of strokes as a share of the digit's longer side: of 98 % of MNIST's digits it is 0.105 to 0.271."""
THICKENED, THINNED = 0.14, 0.2
"""The width that strokes outside these limits get."""


def isolated(image: Array) -> tuple[Array, list[str]]:
    """(H, W) uint8, dark ink on bright or bright ink on dark -> the ink, (H, W) float64 from 0 (paper) to 1, and one
    sentence for each thing that was done. Without ink, all of it is 0."""
    levels, border = image.astype(float), border_of(image)
    paper, remarks = float(np.median(border)), []
    beyond = levels - _inside_of(levels)
    beyond = uniform_filter(beyond, 3) if min(image.shape) > 64 else beyond
    on_paper = -beyond.min() > beyond.max()
    if on_paper:
        levels, paper = 255 - levels, 255 - paper
        remarks.append("Inverted: the data set has white ink on black.")
    ink = levels - paper
    if (border == np.median(border)).mean() >= CLEAN:
        top = ink.max()
        return (np.clip(ink / top, 0, 1), remarks) if top >= LEAST_CONTRAST else (np.zeros_like(ink), [])
    if evened := _is_uneven(ink):
        ink = _evenly_lit(levels, on_paper)
    strong = ink[ink > 0.5 * ink.max()]
    noise = 1.4826 * float(np.median(np.abs(ink - np.median(ink))))
    top = float(np.median(strong)) if strong.size else 0.0
    if top < max(LEAST_CONTRAST, 4 * noise):
        return np.zeros_like(ink), []
    least = max(NOISE, 3 * noise / top)
    ink = np.clip((ink / top - least) / (0.95 - least), 0, 1)
    if evened:
        remarks.append("Uneven light and shadows were removed.")
    ink, cleaned = _without_dirt(ink)
    if cleaned:
        remarks.append("Specks and what runs along the edge were left out.")
    return (ink, remarks) if ink.max() > 0.5 else (np.zeros_like(ink), [])


def border_of(image: Array) -> Array:
    """The outermost pixels of (H, W)."""
    return np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])


def _inside_of(levels: Array) -> Array:
    """What would be inside (H, W) if all of it went on from the border: the surface of Coons (1967)."""
    down, right = (np.linspace(0, 1, length) for length in levels.shape)
    across = np.outer(1 - down, levels[0]) + np.outer(down, levels[-1])
    along = np.outer(levels[:, 0], 1 - right) + np.outer(levels[:, -1], right)
    corners = np.outer(1 - down, (1 - right) * levels[0, 0] + right * levels[0, -1])
    corners += np.outer(down, (1 - right) * levels[-1, 0] + right * levels[-1, -1])
    surface: Array = across + along - corners
    return surface


def stroke_width(ink: Array) -> float:
    """The mean width of the strokes as a share of the longer side of the digit; 0 without ink.

    A stroke of width w and length l has the area w * l and about 2 * l cells at its edge, so w = 2 * area / edge.
    """
    on = ink > 0.5
    if not on.any():
        return 0.0
    padded = np.pad(on, 1)
    inside = on & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    edge, area = int((on & ~inside).sum()), int(on.sum())
    return (2 * area / edge if edge < area else 1.0) / longer_side(on)


def longer_side(on: Array) -> int:
    """The longer side in pixels of the box around everything that is not 0."""
    rows, columns = (np.flatnonzero(on.any(axis=axis)) for axis in (1, 0))
    return int(max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1)


def usual_strokes(ink: Array) -> tuple[Array, str]:
    """The ink with strokes as wide as those of usual pens, and the sentence that says what was done, or ""."""
    width = stroke_width(ink)
    if not width:
        return ink, ""
    side = longer_side(ink > 0.5)
    if width < THIN and (missing := round((THICKENED - width) * side)) >= 1:
        return grey_dilation(np.pad(ink, missing), size=(missing + 1, missing + 1)), "The thin strokes were thickened."
    if width > THICK and (spare := round((width - THINNED) * side)) >= 1:
        thinner = grey_erosion(np.pad(ink, 1), size=(spare + 1, spare + 1))
        if (thinner > 0.5).any():
            return thinner, "The thick strokes were thinned."
    return ink, ""


def _is_uneven(ink: Array) -> bool:
    border = border_of(ink)
    return bool(np.percentile(border, 95) - np.percentile(border, 5) >= 0.08 * ink.max())


def _evenly_lit(levels: Array, on_paper: bool) -> Array:
    """Bright ink (H, W) without what is wider than a quarter of the image: that is light or shadow, not a stroke. In a
    shadow, ink on paper differs less from the paper, by the share of the light that is left there."""
    window = max(levels.shape) // 4 | 1
    ground = grey_opening(uniform_filter(levels, 5), size=(window, window))
    ink = levels - ground
    if on_paper:
        light = np.maximum(255 - ground, 16)
        ink *= light.max() / light
    evened: Array = ink - np.median(ink)
    return evened


def _without_dirt(ink: Array) -> tuple[Array, bool]:
    pieces, count = label(ink > 0, np.ones((3, 3)))
    if count < 2:
        return ink, False
    masses = np.asarray(sum_labels(ink, pieces, np.arange(count + 1)))
    along_edge = np.bincount(border_of(pieces), minlength=count + 1) > ALONG_EDGE * max(ink.shape)
    along_edge[0] = True
    nothing_else = masses[~along_edge].sum() < SPECK * masses[1:].sum()
    keep = np.arange(count + 1) > 0 if nothing_else else ~along_edge
    keep &= masses >= SPECK * masses[keep].sum()
    dirt = (pieces > 0) & ~keep[pieces]
    return np.where(dirt, 0, ink), bool(dirt.any())
