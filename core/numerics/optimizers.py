"""One step downhill, as pure functions: weights, gradients and slots in, new weights and new slots out."""

import numpy as np

from core.arrays import Array
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp


Arrays = dict[str, Array]


def slot_names(optimizer) -> tuple[str, ...]:
    """What the optimizer remembers of each weight."""
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
    raise TypeError(f"no rule for {type(optimizer).__name__}")


def decays(name: str) -> bool:
    """Does decay shrink this weight? Biases it leaves alone: they only shift, and cost no smoothness. So it does batch
    norm's gamma and beta."""
    return not name.endswith((".biases", ".gamma", ".beta"))


def empty_slots(optimizer, weights: Arrays) -> Arrays:
    """{"velocity/conv1.weights": zeros, ...}: each slot is like its weight."""
    return {f"{slot}/{name}": np.zeros_like(w) for slot in slot_names(optimizer) for name, w in weights.items()}


def step(
    optimizer, weights: Arrays, gradients: Arrays, slots: Arrays, count: int, learning_rate: float
) -> tuple[Arrays, Arrays]:
    """`count` is the number of this step, from 1; `rate` its learning learning_rate, which may differ from the optimizer's own."""
    new_weights: Arrays = {}
    new_slots: Arrays = {}
    for name, w in weights.items():
        remembered = {slot: slots[f"{slot}/{name}"] for slot in slot_names(optimizer)}
        if isinstance(optimizer, AdamW) and decays(name):
            w = decayed(w, float(learning_rate), optimizer.weight_decay)
        new_weights[name], after = _step(optimizer, w, gradients[name], remembered, count, float(learning_rate))
        new_slots |= {f"{slot}/{name}": value for slot, value in after.items()}
    return new_weights, new_slots


def _step(optimizer, w, g, slots, count, learning_rate):
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
    raise TypeError(f"no rule for {type(optimizer).__name__}")


def sgd(w, g, learning_rate):
    """w <- w - learning_rate * g"""
    return w - learning_rate * g


def momentum(w, g, v, learning_rate, mu):
    """v <- mu * v - learning_rate * g;  w <- w + v. The rate is inside the velocity: when it falls, the speed already gained
    stays (Sutskever et al. 2013, eq. 1). Returns w, v."""
    v = mu * v - learning_rate * g
    return w + v, v


def nesterov(w, g, v, learning_rate, mu):
    """v <- mu * v - learning_rate * g;  w <- w + mu * v - learning_rate * g. The gradient is taken where the weights are, and the step
    goes where the next momentum will carry them (Bengio, Boulanger-Lewandowski and Pascanu 2013, eq. 6 and 7, with the
    rate inside the velocity). Returns w, v."""
    v = mu * v - learning_rate * g
    return w + mu * v - learning_rate * g, v


def adagrad(w, g, s, learning_rate, epsilon):
    """s <- s + g^2;  w <- w - learning_rate * g / (sqrt(s) + epsilon) (Duchi, Hazan and Singer 2011, the diagonal form).
    Returns w, s."""
    s = s + g * g
    return w - learning_rate * g / (np.sqrt(s) + epsilon), s


def adadelta(w, g, s, u, learning_rate, rho, epsilon):
    """Zeiler 2012, algorithm 1: a step is the gradient times the ratio of two root mean squares, that of the steps so
    far and that of the gradients, so it has the unit of the weight. Returns w, s, u."""
    s = rho * s + (1 - rho) * g * g
    step = np.sqrt(u + epsilon) / np.sqrt(s + epsilon) * g
    return w - learning_rate * step, s, rho * u + (1 - rho) * step * step


def rmsprop(w, g, s, learning_rate, rho, epsilon):
    """s <- rho * s + (1 - rho) * g^2;  w <- w - learning_rate * g / (sqrt(s) + epsilon) (Hinton 2012, lecture 6e).
    Returns w, s."""
    s = rho * s + (1 - rho) * g * g
    return w - learning_rate * g / (np.sqrt(s) + epsilon), s


def decayed(w, learning_rate, decay):
    """w <- w - learning_rate * decay * w (Loshchilov and Hutter 2019, algorithm 2; the rate is also the schedule's multiplier)."""
    return w - learning_rate * decay * w


def adam(w, g, m, v, count, learning_rate, beta1, beta2, epsilon):
    """Kingma and Ba 2015, algorithm 1. m and v start at zero; dividing by 1 - beta^count undoes that bias.
    Returns w, m, v."""
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**count)
    v_hat = v / (1 - beta2**count)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v
