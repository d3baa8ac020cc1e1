"""When a pool and an activation can be swapped: the note agrees with what the reference computes."""

import numpy as np
import pytest

from backends.reference.layers import forward
from core.network import pool_order
from core.network.layers import Activation, Bias, Pool


POOLS = [Pool(mode=how) for how in ("max", "average", "sum", "l2")]
FUNCTIONS = [
    *(Activation(function=function) for function in pool_order.RISING),
    Activation(function="leaky_relu", slope=-0.5),
]
B = np.array([0.7, -1.2])


def through(x, layers):
    for layer in layers:
        x, _ = forward(layer, x, {"biases": B})
    return x


@pytest.mark.parametrize("activation", FUNCTIONS, ids=lambda it: f"{it.function} {it.slope}")
@pytest.mark.parametrize("pool", POOLS, ids=lambda it: it.mode)
@pytest.mark.parametrize("biased", [True, False], ids=["with bias", "without"])
def test_the_sentence_says_what_the_reference_finds(pool, activation, biased):
    x = np.random.default_rng(1).normal(0, 2, (3, 2, 6, 6))
    bias = [Bias()] if biased else []
    first, last = [pool, *bias, activation], [*bias, activation, pool]
    same = np.allclose(through(x, first), through(x, last), rtol=1e-12)
    said = pool_order.note(first, len(first) - 1)
    assert ("Both orders give the same" in said, "The order matters" in said) == (same, not same)
    if not biased:
        again = pool_order.note(last, len(last) - 1)
        assert ("Both orders give the same" in again) == same
        assert activation.function in again + said


def test_a_bias_a_unit_has_another_number_on_either_side():
    layers = [Pool(), Bias(bias="per unit"), Activation(function="relu")]
    assert "one bias per unit" in pool_order.note(layers, 2)


def test_elsewhere_there_is_nothing_to_say():
    layers = [Activation(function="relu"), Bias(), Pool(), Activation(function="softmax")]
    assert [pool_order.note(layers, index) for index in range(4)] == [""] * 4
