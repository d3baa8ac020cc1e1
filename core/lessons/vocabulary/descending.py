"""Loss and gradient descent: the loss of guessing, steps on a parabola, gradients of single samples."""

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.learning import gradient_descent
from core.numerics.losses import cross_entropies
from core.numerics.optimizers import sgd


__all__ = ["batch_losses", "chance_loss", "descend_parabola", "downhill", "single_gradients"]


def chance_loss(classes: int) -> float:
    """The loss at chance level, the cross-entropy of equal logits: -ln(1 / classes)."""
    return float(cross_entropies(np.zeros((1, classes)), np.array([0]))[0])


def descend_parabola(rate: float, steps: int = 3) -> Array:
    """The weight after each gradient step on 2 w^2, starting at w = 1."""
    return gradient_descent.descend(gradient_descent.PARABOLA, 1, rate, steps)[1:, 0]


def downhill(weight: ArrayLike, gradient: ArrayLike, rate: float) -> Array:
    """One step of gradient descent: w - rate * g."""
    return sgd(np.asarray(weight, float), np.asarray(gradient, float), rate)


def single_gradients(x: ArrayLike, y: ArrayLike, w: ArrayLike) -> Array:
    """(samples, 2): for each sample the gradient of (w0 + w1 x - y)^2 / 2 with respect to w0 and w1."""
    return gradient_descent.line_gradients(x, y, w)


def batch_losses(count: int, batch: int, rate: float, samples_seen: int, order: str = "shuffled") -> Array:
    """The loss over all samples of the noisy line, at the start and after each mini-batch."""
    x, y = gradient_descent.noisy_line(count)
    path = gradient_descent.batch_path(x, y, (-1, -1), rate, batch, samples_seen, order)
    return gradient_descent.line_landscape(x, y).value(path)
