"""core's optimizers in TensorFlow: they update weights and slots in place, one step per call."""

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp


Tensor = Any
"""tf.Tensor or tf.Variable: TensorFlow comes without types."""
Tensors = Sequence[Tensor]


def update(
    optimizer: Optimizer,
    weights: Tensors,
    gradients: Tensors,
    slots: Mapping[str, Tensors],
    learning_rate: Tensor,
    step: Tensor,
    decaying: Tensors = (),
) -> None:
    """Make step number `step` (the first is 1); learning rate and step are float64 tensors. Gradients and slots are in
    the order of the weights. `decaying` are the weights to which AdamW applies weight decay."""
    match optimizer:
        case SGD():
            _sgd(weights, gradients, learning_rate)
        case Momentum(momentum=momentum):
            _momentum(momentum, weights, gradients, slots["velocity"], learning_rate)
        case Nesterov(momentum=momentum):
            _nesterov(momentum, weights, gradients, slots["velocity"], learning_rate)
        case Adagrad(epsilon=epsilon):
            _adagrad(epsilon, weights, gradients, slots["squares"], learning_rate)
        case Adadelta(rho=rho, epsilon=epsilon):
            _adadelta(rho, epsilon, weights, gradients, slots["mean_square"], slots["mean_square_step"], learning_rate)
        case RMSProp(rho=rho, epsilon=epsilon):
            _rmsprop(rho, epsilon, weights, gradients, slots["mean_square"], learning_rate)
        case Adam():
            _adam(optimizer, weights, gradients, slots["first_moment"], slots["second_moment"], learning_rate, step)
        case AdamW(weight_decay=decay):
            for w in decaying:
                w.assign(w * tf.cast(1 - learning_rate * decay, w.dtype))
            _adam(optimizer, weights, gradients, slots["first_moment"], slots["second_moment"], learning_rate, step)


def _sgd(weights: Tensors, gradients: Tensors, learning_rate: Tensor) -> None:
    for w, g in zip(weights, gradients, strict=True):
        w.assign_sub(tf.cast(learning_rate, w.dtype) * g)


def _momentum(
    momentum: float, weights: Tensors, gradients: Tensors, velocities: Tensors, learning_rate: Tensor
) -> None:
    """v <- momentum v - rate g; w <- w + v."""
    for w, g, v in zip(weights, gradients, velocities, strict=True):
        v.assign(momentum * v - tf.cast(learning_rate, w.dtype) * g)
        w.assign_add(v)


def _nesterov(
    momentum: float, weights: Tensors, gradients: Tensors, velocities: Tensors, learning_rate: Tensor
) -> None:
    """v <- momentum v - rate g; w <- w + momentum v - rate g."""
    for w, g, v in zip(weights, gradients, velocities, strict=True):
        step = tf.cast(learning_rate, w.dtype) * g
        v.assign(momentum * v - step)
        w.assign_add(momentum * v - step)


def _adagrad(epsilon: float, weights: Tensors, gradients: Tensors, squares: Tensors, learning_rate: Tensor) -> None:
    """s <- s + g^2; w <- w - rate g / (sqrt(s) + epsilon)."""
    for w, g, s in zip(weights, gradients, squares, strict=True):
        s.assign_add(g * g)
        w.assign_sub(tf.cast(learning_rate, w.dtype) * g / (tf.sqrt(s) + epsilon))


def _adadelta(
    rho: float,
    epsilon: float,
    weights: Tensors,
    gradients: Tensors,
    squares: Tensors,
    steps: Tensors,
    learning_rate: Tensor,
) -> None:
    """s <- rho s + (1 - rho) g^2; d = g sqrt(u + epsilon) / sqrt(s + epsilon); u <- rho u + (1 - rho) d^2;
    w <- w - rate d."""
    for w, g, s, u in zip(weights, gradients, squares, steps, strict=True):
        s.assign(rho * s + (1 - rho) * g * g)
        change = tf.sqrt(u + epsilon) / tf.sqrt(s + epsilon) * g
        u.assign(rho * u + (1 - rho) * change * change)
        w.assign_sub(tf.cast(learning_rate, w.dtype) * change)


def _rmsprop(
    rho: float, epsilon: float, weights: Tensors, gradients: Tensors, mean_squares: Tensors, learning_rate: Tensor
) -> None:
    """s <- rho s + (1 - rho) g^2; w <- w - rate g / (sqrt(s) + epsilon)."""
    for w, g, s in zip(weights, gradients, mean_squares, strict=True):
        s.assign(rho * s + (1 - rho) * g * g)
        w.assign_sub(tf.cast(learning_rate, w.dtype) * g / (tf.sqrt(s) + epsilon))


def _adam(
    adam: Adam | AdamW,
    weights: Tensors,
    gradients: Tensors,
    first: Tensors,
    second: Tensors,
    learning_rate: Tensor,
    step: Tensor,
) -> None:
    """TensorFlow's kernel computes w - rate' m / (sqrt(v) + epsilon'), the short form in Kingma and Ba's paper. Moving
    both bias corrections into rate' and epsilon' turns it into their algorithm 1, which adds epsilon to the corrected
    root.

    The kernel computes 1 - beta in the precision of the weights: in float32, 1 - 0.999 is wrong in the fifth digit. The
    corrections, in float64, use the same rounded beta, so the error cancels in the step (it remains in the moment).
    """
    beta1, beta2 = (float(weights[0].dtype.as_numpy_dtype(beta)) for beta in (adam.beta1, adam.beta2))
    corrected_first, corrected_second = 1 - beta1**step, tf.sqrt(1 - beta2**step)
    for w, g, m, v in zip(weights, gradients, first, second, strict=True):
        tf.raw_ops.ResourceApplyAdam(
            var=w.handle,
            m=m.handle,
            v=v.handle,
            beta1_power=tf.zeros((), w.dtype),
            beta2_power=tf.zeros((), w.dtype),
            lr=tf.cast(learning_rate * corrected_second / corrected_first, w.dtype),
            beta1=tf.constant(beta1, w.dtype),
            beta2=tf.constant(beta2, w.dtype),
            epsilon=tf.cast(adam.epsilon * corrected_second, w.dtype),
            grad=g,
        )
