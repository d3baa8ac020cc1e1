"""One step downhill, as pure functions: weights, gradients and slots in, new weights and new slots out."""

import numpy as np

from core.experiment import SGD, Adam, Momentum


Arrays = dict[str, np.ndarray]


def slot_names(optimizer) -> tuple[str, ...]:
    """What the optimizer remembers of each weight."""
    match optimizer:
        case SGD():
            return ()
        case Momentum():
            return ("velocity",)
        case Adam():
            return ("first_moment", "second_moment")
    raise TypeError(f"no rule for {type(optimizer).__name__}")


def empty_slots(optimizer, weights: Arrays) -> Arrays:
    """{"velocity/conv1.weights": zeros, ...}: each slot is like its weight."""
    return {f"{slot}/{name}": np.zeros_like(w) for slot in slot_names(optimizer) for name, w in weights.items()}


def step(
    optimizer, weights: Arrays, gradients: Arrays, slots: Arrays, count: int, rate: float
) -> tuple[Arrays, Arrays]:
    """`count` is the number of this step, from 1; `rate` its learning rate, which may differ from the optimizer's own."""
    new_weights: Arrays = {}
    new_slots: Arrays = {}
    for name, w in weights.items():
        remembered = {slot: slots[f"{slot}/{name}"] for slot in slot_names(optimizer)}
        new_weights[name], after = _step(optimizer, w, gradients[name], remembered, count, float(rate))
        new_slots |= {f"{slot}/{name}": value for slot, value in after.items()}
    return new_weights, new_slots


def _step(optimizer, w, g, slots, count, rate):
    match optimizer:
        case SGD():
            return sgd(w, g, rate), {}
        case Momentum(momentum=mu):
            w, v = momentum(w, g, slots["velocity"], rate, mu)
            return w, {"velocity": v}
        case Adam(beta1=beta1, beta2=beta2, epsilon=epsilon):
            moments = slots["first_moment"], slots["second_moment"]
            w, m, v = adam(w, g, *moments, count, rate, beta1, beta2, epsilon)
            return w, {"first_moment": m, "second_moment": v}
    raise TypeError(f"no rule for {type(optimizer).__name__}")


def sgd(w, g, rate):
    """w <- w - rate * g"""
    return w - rate * g


def momentum(w, g, v, rate, mu):
    """v <- mu * v - rate * g;  w <- w + v. The rate is inside the velocity: when it falls, the speed already gained
    stays (Sutskever et al. 2013, eq. 1). Returns w, v."""
    v = mu * v - rate * g
    return w + v, v


def adam(w, g, m, v, count, rate, beta1, beta2, epsilon):
    """Kingma and Ba 2015, algorithm 1. m and v start at zero; dividing by 1 - beta^count undoes that bias.
    Returns w, m, v."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**count)
    v_hat = v / (1 - beta2**count)
    return w - rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v
