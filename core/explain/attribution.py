"""Which pixels an answer depends on. Each method explains the score of one class for one image (C, H, W): the output of
the last layer, which is the logit where the loss applies softmax."""

from collections.abc import Callable
from math import ceil, sqrt

import numpy as np

from core.arrays import Array
from core.backend import Model
from core.numerics.losses import of_each_class, softmax
from core.random import generator


BATCH = 256
"""Images per call of the model: copies of one image with squares covered, or on a path."""
MOST_SQUARES = 1024


def score(outputs: Array, label: int) -> Array:
    """Outputs (N, K) of the last layer, or (N, 1) for two classes -> (N,)."""
    scores: Array = of_each_class(outputs)[:, label]
    return scores


def seed(outputs: Array, label: int) -> Array:
    """d(score)/d(outputs), in the shape of the outputs."""
    slopes = np.zeros_like(outputs)
    if outputs.shape[1] == 1:
        slopes[:] = 1 if label == 1 else -1
    else:
        slopes[:, label] = 1
    return slopes


def gradient(model: Model, images: Array, label: int) -> Array:
    """(N, C, H, W): d(score)/d(pixel) of each image."""
    batches = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
    return np.concatenate([model.gradients(one, seed(model.predict(one), label)).input for one in batches])


def signed_gradient(model: Model, image: Array, label: int) -> Array:
    """(H, W): the gradient, summed over the channels."""
    slopes: Array = gradient(model, image[None], label)[0].sum(axis=0)
    return slopes


def saliency(model: Model, image: Array, label: int) -> Array:
    """(H, W): max over the channels of |d(score)/d(pixel)|.

    Simonyan, Vedaldi and Zisserman 2014, "Deep inside convolutional networks", section 3.1.
    """
    return _largest(gradient(model, image[None], label)[0])


def smoothgrad(model: Model, image: Array, label: int, samples: int = 25, noise: float = 0.15, draw: int = 0) -> Array:
    """(H, W): the saliency of the mean gradient of `samples` noisy copies. The noise is Gaussian, with a standard
    deviation of `noise` times the range of the image's values.

    Smilkov et al. 2017, "SmoothGrad: removing noise by adding noise", section 3.
    """
    spread = noise * float(image.max() - image.min())
    copies = image + spread * generator(draw, "smoothgrad").standard_normal((samples, *image.shape))
    return _largest(gradient(model, copies.astype(image.dtype), label).mean(axis=0))


def input_x_gradient(model: Model, image: Array, label: int, baseline: Array | float = 0.0) -> Array:
    """(H, W): (x - baseline) * d(score)/d(x), summed over the channels. With a baseline of 0, how much each pixel adds
    to the score of a network without biases whose activations are ReLU.

    Shrikumar et al. 2016, "Not just a black box: learning important features through propagating activation
    differences", section 3; Ancona et al. 2018, table 1.
    """
    parts: Array = ((image - baseline) * gradient(model, image[None], label)[0]).sum(axis=0)
    return parts


def integrated_gradients(
    model: Model, image: Array, label: int, baseline: Array | float = 0.0, steps: int = 64
) -> Array:
    """(H, W): (x - x') times the mean gradient on the straight line from the baseline x' to the image x, summed over
    the channels; the integral is a sum over the middles of `steps` equal pieces. The sum over all pixels approaches
    score(x) - score(x') (completeness).

    Sundararajan, Taly and Yan 2017, "Axiomatic attribution for deep networks", equations 1 and 3, proposition 1.
    """
    start = np.broadcast_to(np.asarray(baseline, image.dtype), image.shape)
    shares = ((np.arange(steps) + 0.5) / steps).astype(image.dtype)
    path = start + shares[:, None, None, None] * (image - start)
    parts: Array = ((image - start) * gradient(model, path, label).mean(axis=0)).sum(axis=0)
    return parts


def grad_cam(model: Model, image: Array, label: int, layer: str) -> Array:
    """(h, w), the size of the layer's feature maps A_k: ReLU(sum over k of alpha_k A_k).

    Selvaraju et al. 2017, "Grad-CAM: visual explanations from deep networks", equation 2.
    """
    importance, maps = weighted_maps(model, image, label, layer)
    positive: Array = np.maximum(np.tensordot(importance, maps, axes=1), 0)
    return positive


def weighted_maps(model: Model, image: Array, label: int, layer: str) -> tuple[Array, Array]:
    """alpha_k (maps,), the mean of d(score)/d(A_k) over the cells of A_k, and the feature maps A_k (maps, h, w):
    equation 1 of the same paper."""
    one = image[None]
    slopes = model.gradients(one, seed(model.predict(one), label)).activations[layer][0]
    return slopes.mean(axis=(1, 2)), model.activations(one)[layer][0]


def occlusion(
    model: Model,
    image: Array,
    label: int,
    size: int,
    fill: Array | float = 0.0,
    probabilities: Callable[[Array], Array] = softmax,
) -> Array:
    """(H, W): the probability of `label` while a square of size x size around each pixel is filled. Of a large image,
    only about a thousand squares are covered; pixels between them have the value of the nearest.

    Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks", section 4.2. `fill`: a number or an
    image. `probabilities` turns the network's outputs into those of the classes.
    """
    _, height, width = image.shape
    stride = ceil(sqrt(height * width / MOST_SQUARES))
    cells = [(i, j) for i in range(stride // 2, height, stride) for j in range(stride // 2, width, stride)]
    parts, covered = np.empty(len(cells)), np.broadcast_to(np.asarray(fill, image.dtype), image.shape)
    for start in range(0, len(cells), BATCH):
        some = cells[start : start + BATCH]
        copies = np.repeat(image[None], len(some), axis=0)
        for copy, (i, j) in zip(copies, some, strict=True):
            square = np.s_[
                :, max(0, i - size // 2) : i - size // 2 + size, max(0, j - size // 2) : j - size // 2 + size
            ]
            copy[square] = covered[square]
        parts[start : start + BATCH] = probabilities(of_each_class(model.predict(copies)))[:, label]
    coarse = parts.reshape(len(range(stride // 2, height, stride)), -1)
    return coarse.repeat(stride, axis=0).repeat(stride, axis=1)[:height, :width]


def enlarged(coarse: Array, height: int, width: int) -> Array:
    """A map (h, w) -> (height, width) by bilinear interpolation; cells are squares, so their centres stay in place."""
    along = np.stack([np.interp(_centres(coarse.shape[0], height), np.arange(len(coarse)), line) for line in coarse.T])
    return np.stack([np.interp(_centres(coarse.shape[1], width), np.arange(len(along)), line) for line in along.T])


def _centres(cells: int, pixels: int) -> Array:
    """Where the centre of each pixel is, in units of cells."""
    centres: Array = (np.arange(pixels) + 0.5) * cells / pixels - 0.5
    return centres


def _largest(slopes: Array) -> Array:
    largest: Array = np.abs(slopes).max(axis=0)
    return largest
