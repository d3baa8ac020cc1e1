"""Whether an activation and a pool can be swapped without changing the result."""

from core.network.blocks import Layer
from core.network.layers import Activation, Bias, Pool


RISING = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu")
"""Functions of one number that never decrease (leaky ReLU only if its slope is not negative)."""


def note(layers: list[Layer] | tuple[Layer, ...], index: int) -> str:
    """A sentence about the order if the layer at `index` completes pool (bias) activation, or activation pool; else
    ""."""
    match layers[max(0, index - 2) : index + 1]:
        case [*_, Activation() as activation, Pool() as pool]:
            return _sentence(pool, None, activation, pooled_first=False)
        case [*_, Pool() as pool, Activation() as activation]:
            return _sentence(pool, None, activation, pooled_first=True)
        case [Pool() as pool, Bias() as bias, Activation() as activation]:
            return _sentence(pool, bias, activation, pooled_first=True)
    return ""


def _sentence(pool: Pool, bias: Bias | None, activation: Activation, pooled_first: bool) -> str:
    function = activation.function
    if function in ("softmax", "maxout"):  # they combine channels
        return ""
    if reason := _why_not(pool, bias, activation):
        now = f"pool, then {function}" if pooled_first else f"{function}, then pool"
        return f"The order matters here ({now}): {reason}."
    if pool.mode == "max":
        why = f"{function} never decreases, so the {function} of the largest is the largest {function}"
        return f"Both orders give the same numbers here: {why}. Pooling first leaves fewer to compute."
    return "Both orders give the same numbers here: a linear activation does not change them."


def _why_not(pool: Pool, bias: Bias | None, activation: Activation) -> str:
    """Why the order matters; "" if it does not."""
    function = activation.function
    if bias is not None and bias.bias == "per unit":
        return "one bias per unit means a different number of biases before and after the pool"
    if bias is not None and pool.mode in ("sum", "l2"):
        return "before the pool, the bias would be added to every cell and summed with them"
    if function == "linear":
        return ""
    if pool.mode != "max":
        what = {"average": "mean", "sum": "sum", "l2": "root of the squares"}[pool.mode]
        return f"the {what} of {function} is not the {function} of the {what}"
    falls = function not in RISING or (function == "leaky_relu" and activation.slope < 0)
    return f"{function} with a negative slope can decrease, so the largest may not stay the largest" if falls else ""
