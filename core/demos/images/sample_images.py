"""Sample images to filter: two photographs, a handwritten digit, and a drawn city and landscape."""

from functools import lru_cache

import numpy as np
from PIL import Image

from core.arrays import Array
from core.data import catalogue
from core.data.dataset import read_only
from core.data.formats.sklearn_files import bundled


PHOTOS = {"temple": "china.jpg", "flower": "flower.jpg"}
CREDITS = {
    "temple": "Photograph: danielbuechele, CC BY 2.0, from scikit-learn; converted to grey and reduced",
    "flower": "Photograph: vultilion, CC BY 2.0, from scikit-learn; converted to grey and reduced",
    "digit": "A digit of the embedded data set (Alpaydin and Kaynak 1998, CC BY 4.0)",
    "city": "Drawn by ConvScope (synthetic)",
    "landscape": "Drawn by ConvScope (synthetic)",
}
VIEWS = tuple(CREDITS)


def view(name: str, side: int = 96) -> Array:
    """(H, W) float64 from 0 to 255; the longer edge of a photograph is `side`. Raises KeyError for an unknown name."""
    if name in PHOTOS:
        return photo(PHOTOS[name], side)
    if name == "digit":
        digits = catalogue.load("digits")
        return np.asarray(digits.images[list(digits.labels).index(5), 0], np.float64)
    return {"city": city, "landscape": landscape}[name]() * 255


@lru_cache(maxsize=8)
def photo(file: str, side: int) -> Array:
    """One of scikit-learn's two photographs, grey. Raises DataError."""
    with Image.open(bundled(f"images/{file}")) as image:
        small = image.convert("L")
    small.thumbnail((side, side), Image.Resampling.BOX)
    return read_only(np.asarray(small, np.float64))


def city(side: int = 24) -> Array:
    """Three towers against a dark sky: 0 and 1."""
    image = np.zeros((side, side))
    image[4:, 3:7] = image[8:, 10:15] = image[2:, 18:21] = 1
    return image


def landscape(side: int = 24) -> Array:
    """Fields like a chessboard, each 4 rows by 3 columns: 0 and 1."""
    i, j = np.indices((side, side))
    return ((i // 4 + j // 3) % 2).astype(np.float64)
