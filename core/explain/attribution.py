"""Which pixels an answer depends on: cover one square after the other (occlusion), or take the gradient (saliency)."""

import numpy as np

from core.arrays import Array
from core.backend import Model
from core.numerics.losses import softmax


def occlusion(model: Model, image: Array, label: int, size: int, fill: float = 0.0) -> Array:
    """(H, W): the probability of `label` while a square of size x size around each pixel of an image (C, H, W) is
    filled (Zeiler and Fergus 2014, section 4.2)."""
    _, height, width = image.shape
    half, copies = size // 2, np.repeat(image[None], height * width, axis=0)
    for index in range(height * width):
        i, j = divmod(index, width)
        copies[index, :, max(0, i - half) : i - half + size, max(0, j - half) : j - half + size] = fill
    probabilities: Array = softmax(model.predict(copies))[:, label].reshape(height, width)
    return probabilities


def saliency(model: Model, image: Array, label: int) -> Array:
    """(H, W): the gradient of the label's logit with respect to each pixel of an image (C, H, W), summed over the
    channels. Simonyan, Vedaldi and Zisserman 2014, section 3, take its absolute value."""
    seed = np.zeros_like(model.predict(image[None]))
    seed[0, label] = 1
    slopes: Array = model.gradients(image[None], seed).input[0].sum(axis=0)
    return slopes
