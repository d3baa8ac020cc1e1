"""One optimizer step as pure functions: weights, gradients and slots in, new weights and new slots out."""

import numpy as np

from core.arrays import Array
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSProp


Arrays = dict[str, Array]


def slot_names(optimizer: Optimizer) -> tuple[str, ...]:
    """The names of what the optimizer remembers for each weight array."""
    match optimizer:
        case SGD():
            return ()
        case Momentum() | Nesterov():
            return ("velocity",)
        case Adagrad():
            return ("squares",)
        case Adadelta():
            return ("mean_square", "mean_square_step")
        case RMSProp():
            return ("mean_square",)
        case Adam() | AdamW():
            return ("first_moment", "second_moment")
    raise TypeError(f"unknown optimizer {type(optimizer).__name__}")


def decays(name: str) -> bool:
    """Whether weight decay applies to this weight array. It does not apply to biases, which only shift the output, nor
    to the gamma and beta of batch norm."""
    return not name.endswith((".biases", ".gamma", ".beta"))


def empty_slots(optimizer: Optimizer, weights: Arrays) -> Arrays:
    """{"velocity/conv1.weights": zeros, ...}: each slot has the shape and precision of its weight array."""
    return {f"{slot}/{name}": np.zeros_like(w) for slot in slot_names(optimizer) for name, w in weights.items()}


def step(
    optimizer: Optimizer, weights: Arrays, gradients: Arrays, slots: Arrays, count: int, learning_rate: float
) -> tuple[Arrays, Arrays]:
    """One step: the new weights and the new slots. `count` is the number of this step, from 1; `learning_rate` is the
    one for this step, which a schedule may have changed from the optimizer's own."""
    new_weights: Arrays = {}
    new_slots: Arrays = {}
    for name, w in weights.items():
        old_slots = {slot: slots[f"{slot}/{name}"] for slot in slot_names(optimizer)}
        if isinstance(optimizer, AdamW) and decays(name):
            w = decayed(w, float(learning_rate), optimizer.weight_decay)
        new_weights[name], updated_slots = _step(optimizer, w, gradients[name], old_slots, count, float(learning_rate))
        new_slots |= {f"{slot}/{name}": value for slot, value in updated_slots.items()}
    return new_weights, new_slots


def _step(
    optimizer: Optimizer, w: Array, g: Array, slots: Arrays, count: int, learning_rate: float
) -> tuple[Array, Arrays]:
    match optimizer:
        case SGD():
            return sgd(w, g, learning_rate), {}
        case Momentum(momentum=mu):
            w, v = momentum(w, g, slots["velocity"], learning_rate, mu)
            return w, {"velocity": v}
        case Nesterov(momentum=mu):
            w, v = nesterov(w, g, slots["velocity"], learning_rate, mu)
            return w, {"velocity": v}
        case Adagrad(epsilon=epsilon):
            w, s = adagrad(w, g, slots["squares"], learning_rate, epsilon)
            return w, {"squares": s}
        case Adadelta(rho=rho, epsilon=epsilon):
            w, s, u = adadelta(w, g, slots["mean_square"], slots["mean_square_step"], learning_rate, rho, epsilon)
            return w, {"mean_square": s, "mean_square_step": u}
        case RMSProp(rho=rho, epsilon=epsilon):
            w, s = rmsprop(w, g, slots["mean_square"], learning_rate, rho, epsilon)
            return w, {"mean_square": s}
        case Adam(beta1=beta1, beta2=beta2, epsilon=epsilon) | AdamW(beta1=beta1, beta2=beta2, epsilon=epsilon):
            moments = slots["first_moment"], slots["second_moment"]
            w, m, v = adam(w, g, *moments, count, learning_rate, beta1, beta2, epsilon)
            return w, {"first_moment": m, "second_moment": v}
    raise TypeError(f"unknown optimizer {type(optimizer).__name__}")


def sgd(w: Array, g: Array, learning_rate: float) -> Array:
    """w <- w - learning_rate * g"""
    updated: Array = w - learning_rate * g
    return updated


def momentum(w: Array, g: Array, v: Array, learning_rate: float, mu: float) -> tuple[Array, Array]:
    """v <- mu * v - learning_rate * g;  w <- w + v (Sutskever et al. 2013, eq. 1).

    The learning rate is inside the velocity: when it falls, the speed gained so far remains. Returns w, v.
    """
    v = mu * v - learning_rate * g
    return w + v, v


def nesterov(w: Array, g: Array, v: Array, learning_rate: float, mu: float) -> tuple[Array, Array]:
    """v <- mu * v - learning_rate * g;  w <- w + mu * v - learning_rate * g.

    The gradient is taken at the current weights, and the step already includes the momentum of the next one (Bengio,
    Boulanger-Lewandowski and Pascanu 2013, eq. 6 and 7, with the learning rate inside the velocity). Returns w, v.
    """
    v = mu * v - learning_rate * g
    return w + mu * v - learning_rate * g, v


def adagrad(w: Array, g: Array, s: Array, learning_rate: float, epsilon: float) -> tuple[Array, Array]:
    """s <- s + g^2;  w <- w - learning_rate * g / (sqrt(s) + epsilon) (Duchi, Hazan and Singer 2011, diagonal form).
    Returns w, s."""
    s = s + g * g
    return w - learning_rate * g / (np.sqrt(s) + epsilon), s


def adadelta(
    w: Array, g: Array, s: Array, u: Array, learning_rate: float, rho: float, epsilon: float
) -> tuple[Array, Array, Array]:
    """Zeiler 2012, algorithm 1. The gradient is multiplied by the root mean square of the previous steps (from u) and
    divided by that of the gradients (from s), so the step has the units of the weights. Returns w, s, u."""
    s = rho * s + (1 - rho) * g * g
    step = np.sqrt(u + epsilon) / np.sqrt(s + epsilon) * g
    return w - learning_rate * step, s, rho * u + (1 - rho) * step * step


def rmsprop(w: Array, g: Array, s: Array, learning_rate: float, rho: float, epsilon: float) -> tuple[Array, Array]:
    """s <- rho * s + (1 - rho) * g^2;  w <- w - learning_rate * g / (sqrt(s) + epsilon) (Hinton 2012, lecture 6e).
    Returns w, s."""
    s = rho * s + (1 - rho) * g * g
    return w - learning_rate * g / (np.sqrt(s) + epsilon), s


def decayed(w: Array, learning_rate: float, decay: float) -> Array:
    """w <- w - learning_rate * decay * w (Loshchilov and Hutter 2019, algorithm 2, with the learning rate as the
    schedule's multiplier)."""
    updated: Array = w - learning_rate * decay * w
    return updated


def adam(
    w: Array,
    g: Array,
    m: Array,
    v: Array,
    count: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[Array, Array, Array]:
    """Kingma and Ba 2015, algorithm 1. m and v start at zero; dividing by 1 - beta^count corrects that bias. Returns
    w, m, v."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**count)
    v_hat = v / (1 - beta2**count)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v
