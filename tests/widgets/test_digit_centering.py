"""The browser's centring of a digit against core's, which Pillow scales."""

import numpy as np

from core.data.preparation.ink_centering import centred
from tests.support.node import javascript


EXPRESSION = "given.map((image) => [...centred(Uint8Array.from(image))])"


def drawn(seed: int) -> np.ndarray:
    """A patch of random ink anywhere on the paper; some fill it, some are a line or a single pixel."""
    rng = np.random.default_rng(seed)
    image = np.zeros((28, 28), np.uint8)
    (top, bottom), (left, right) = (sorted(rng.integers(0, 28, 2)) for _ in range(2))
    image[top : bottom + 1, left : right + 1] = rng.integers(1, 256, (bottom + 1 - top, right + 1 - left))
    return image


def test_the_browser_centres_a_digit_like_core():
    """Within one grey level: Pillow chooses for itself whether it shrinks tall ink across or down first."""
    full, pixel = np.full((28, 28), 255, np.uint8), np.zeros((28, 28), np.uint8)
    pixel[3, 25] = 90
    images = [drawn(seed) for seed in range(200)] + [full, pixel, np.zeros((28, 28), np.uint8)]
    found = javascript(("digit_centering",), EXPRESSION, [image.ravel().tolist() for image in images])
    apart = [np.abs(np.array(one) - centred(image).ravel()).max() for one, image in zip(found, images, strict=True)]
    assert max(apart) <= 1
    assert np.count_nonzero(apart) < 10
