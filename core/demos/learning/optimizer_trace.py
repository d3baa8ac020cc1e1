"""An optimizer on one parameter, step by step: its state, and each step written out with its numbers."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field, TypeAdapter

from core.numerics import optimizers
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, Momentum, Nesterov, Optimizer, RMSProp
from core.spec import Spec


class MomentumRateOutside(Spec):
    """v <- momentum * v + g;  w <- w - rate * v, as in torch.optim.SGD.

    The same as Momentum while the learning rate is constant.
    """

    kind: Literal["momentum_rate_outside"] = "momentum_rate_outside"
    learning_rate: float = Field(default=0.1, gt=0)
    momentum: float = Field(default=0.9, ge=0, lt=1)


KINDS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam")
OUTSIDE = "momentum_rate_outside"
HUGE = 1e15
"""Numbers from here on are written with a power of ten."""
Rule = Optimizer | MomentumRateOutside
_OPTIMIZER: TypeAdapter[Optimizer] = TypeAdapter(Optimizer)


@dataclass(frozen=True)
class Step:
    count: int
    """The number of the step, from 1."""
    gradient: float
    rate: float
    before: float
    after: float
    old: dict[str, float]
    """The optimizer's state before this step, by slot."""
    new: dict[str, float]
    """The state after it."""


def optimizer(kind: str, rate: float) -> Rule:
    """An optimizer with the default settings: momentum 0.9, rho 0.9, Adam's 0.9 and 0.999. Raises ValidationError."""
    if kind == OUTSIDE:
        return MomentumRateOutside(learning_rate=rate)
    return _OPTIMIZER.validate_python({"kind": kind, "learning_rate": rate})


def follow(rule: Rule, slope: Callable[[float, int], float], rates: Iterable[float], start: float) -> list[Step]:
    """One step per learning rate in `rates`; `slope` gives the gradient at the parameter and the step number from 0.

    A number too large for float64 becomes infinite and then NaN, as in real training.
    """
    w, slots, result = float(start), dict.fromkeys(_slots(rule), 0.0), []
    for number, rate in enumerate(rates):
        g = float(slope(w, number))
        with np.errstate(over="ignore", invalid="ignore"):
            after, new = _step(rule, w, g, slots, number + 1, float(rate))
        result.append(Step(number + 1, g, float(rate), w, after, slots, new))
        w, slots = after, new
    return result


def _slots(rule: Rule) -> tuple[str, ...]:
    return ("velocity",) if isinstance(rule, MomentumRateOutside) else optimizers.slot_names(rule)


def _step(
    rule: Rule, w: float, g: float, slots: dict[str, float], count: int, rate: float
) -> tuple[float, dict[str, float]]:
    """The parameter and the state after one step."""
    if isinstance(rule, MomentumRateOutside):
        velocity = rule.momentum * slots["velocity"] + g
        return w - rate * velocity, {"velocity": velocity}
    state = {f"{name}/w": np.array([value]) for name, value in slots.items()}
    weights, state = optimizers.step(rule, {"w": np.array([w])}, {"w": np.array([g])}, state, count, rate)
    return float(weights["w"][0]), {name.removesuffix("/w"): float(value[0]) for name, value in state.items()}


def working(rule: Rule, step: Step) -> list[str]:
    """The step written out: each line has a name, the computation with its numbers, and the result.

    Epsilon, which only prevents division by zero, is left out where it makes no visible difference.
    """
    return [re.sub(r"= \((−[\d.e∞]+)\)$", r"= \1", line) for line in _working(rule, step)]


def _working(rule: Rule, step: Step) -> list[str]:
    w, g, rate, end = _n(step.before), _n(step.gradient), _n(step.rate), _n(step.after)
    old = {name: _n(value) for name, value in step.old.items()}
    new = {name: _n(value) for name, value in step.new.items()}
    match rule:
        case SGD():
            return [f"θ = {w} − {rate} · {g} = {end}"]
        case MomentumRateOutside(momentum=mu):
            v = f"v = {mu:g} · {old['velocity']} + {g} = {new['velocity']}"
            return [v, f"θ = {w} − {rate} · {new['velocity']} = {end}"]
        case Momentum(momentum=mu) | Nesterov(momentum=mu):
            v = f"v = {mu:g} · {old['velocity']} − {rate} · {g} = {new['velocity']}"
            ahead = f"{mu:g} · {new['velocity']} − {rate} · {g}" if isinstance(rule, Nesterov) else new["velocity"]
            return [v, f"θ = {w} + {ahead} = {end}"]
        case Adagrad():
            s = f"s = {old['squares']} + {g}² = {new['squares']}"
            return [s, f"θ = {w} − {rate} · {g} / √{new['squares']} = {end}"]
        case RMSProp(rho=rho):
            s = _mean("s", rho, old["mean_square"], f"{g}²", new["mean_square"])
            return [s, f"θ = {w} − {rate} · {g} / √{new['mean_square']} = {end}"]
        case Adadelta(rho=rho, epsilon=epsilon):
            s = _mean("s", rho, old["mean_square"], f"{g}²", new["mean_square"])
            size = _n((step.before - step.after) / step.rate)
            u = _mean("u", rho, old["mean_square_step"], f"{size}²", new["mean_square_step"])
            small = f"{epsilon:f}".rstrip("0")
            ratio = f"√({old['mean_square_step']} + {small}) / √({new['mean_square']} + {small}) · {g}"
            return [s, f"d = {ratio} = {size}", u, f"θ = {w} − {rate} · {size} = {end}"]
        case Adam(beta1=beta1, beta2=beta2):
            return _adam(step, old, new, beta1, beta2)
    raise TypeError(f"no working for {type(rule).__name__}")


def _adam(step: Step, old: dict[str, str], new: dict[str, str], beta1: float, beta2: float) -> list[str]:
    w, g, rate, end = _n(step.before), _n(step.gradient), _n(step.rate), _n(step.after)
    m_hat = _n(step.new["first_moment"] / (1 - beta1**step.count))
    v_hat = _n(step.new["second_moment"] / (1 - beta2**step.count))
    return [
        _mean("m", beta1, old["first_moment"], g, new["first_moment"]),
        _mean("v", beta2, old["second_moment"], f"{g}²", new["second_moment"]),
        f"m̂ = {new['first_moment']} / (1 − {beta1:g}^{step.count}) = {m_hat}",
        f"v̂ = {new['second_moment']} / (1 − {beta2:g}^{step.count}) = {v_hat}",
        f"θ = {w} − {rate} · {m_hat} / √{v_hat} = {end}",
    ]


def _mean(name: str, kept: float, old: str, incoming: str, new: str) -> str:
    return f"{name} = {kept:g} · {old} + {_n(1 - kept)} · {incoming} = {new}"


def _n(value: float) -> str:
    """A number with six digits and a real minus sign, in brackets if negative; huge ones as 4e30 or ∞; or NaN."""
    if math.isnan(value):
        return "NaN"
    text = np.format_float_positional(float(f"{value:.6g}"), trim="-")
    if abs(value) >= HUGE:
        text = f"{value:.6g}".replace("e+", "e").replace("inf", "∞")
    return f"(−{text[1:]})" if text.startswith("-") else text
