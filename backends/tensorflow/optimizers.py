"""core's optimizers in TensorFlow: how weights and slots change in one step, in place."""

import tensorflow as tf

from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp


def update(optimizer, weights, gradients, slots, learning_rate, step, decaying=()) -> None:
    """Make step number `step` (the first is 1); rate and step are float64 tensors. Gradients and slots stand in the
    order of the weights. `decaying` are the weights that AdamW shrinks."""
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


def _sgd(weights, gradients, learning_rate) -> None:
    for w, g in zip(weights, gradients, strict=True):
        w.assign_sub(tf.cast(learning_rate, w.dtype) * g)


def _momentum(momentum, weights, gradients, velocities, learning_rate) -> None:
    """v <- momentum v - rate g; w <- w + v."""
    for w, g, v in zip(weights, gradients, velocities, strict=True):
        v.assign(momentum * v - tf.cast(learning_rate, w.dtype) * g)
        w.assign_add(v)


def _nesterov(momentum, weights, gradients, velocities, learning_rate) -> None:
    """v <- momentum v - rate g; w <- w + momentum v - rate g."""
    for w, g, v in zip(weights, gradients, velocities, strict=True):
        down = tf.cast(learning_rate, w.dtype) * g
        v.assign(momentum * v - down)
        w.assign_add(momentum * v - down)


def _adagrad(epsilon, weights, gradients, squares, learning_rate) -> None:
    """s <- s + g^2; w <- w - rate g / (sqrt(s) + epsilon)."""
    for w, g, s in zip(weights, gradients, squares, strict=True):
        s.assign_add(g * g)
        w.assign_sub(tf.cast(learning_rate, w.dtype) * g / (tf.sqrt(s) + epsilon))


def _adadelta(rho, epsilon, weights, gradients, squares, steps, learning_rate) -> None:
    """s <- rho s + (1 - rho) g^2; d = g sqrt(u + epsilon) / sqrt(s + epsilon); u <- rho u + (1 - rho) d^2;
    w <- w - rate d."""
    for w, g, s, u in zip(weights, gradients, squares, steps, strict=True):
        s.assign(rho * s + (1 - rho) * g * g)
        made = tf.sqrt(u + epsilon) / tf.sqrt(s + epsilon) * g
        u.assign(rho * u + (1 - rho) * made * made)
        w.assign_sub(tf.cast(learning_rate, w.dtype) * made)


def _rmsprop(rho, epsilon, weights, gradients, mean_squares, learning_rate) -> None:
    """s <- rho s + (1 - rho) g^2; w <- w - rate g / (sqrt(s) + epsilon)."""
    for w, g, s in zip(weights, gradients, mean_squares, strict=True):
        s.assign(rho * s + (1 - rho) * g * g)
        w.assign_sub(tf.cast(learning_rate, w.dtype) * g / (tf.sqrt(s) + epsilon))


def _adam(adam: Adam | AdamW, weights, gradients, first, second, learning_rate, step) -> None:
    """TensorFlow's own kernel computes w - rate' m / (sqrt(v) + epsilon'), Kingma and Ba's shorter form. With both
    corrections moved into rate' and epsilon' it is their algorithm 1, where epsilon joins the corrected root.

    The kernel forms 1 - beta in the weights' precision: 1 - 0.999 in float32 is wrong in the fifth digit. The
    corrections, in float64, undo the same rounded beta, and the error leaves the step (it stays in the moment itself).
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
