"""The new layers have a sentence and a formula with their own numbers."""

import pytest

from core import layer_formulas
from core.network.layers import Activation, BatchNorm, Bias, Conv2D, GlobalAveragePool, LocallyConnected
from core.network.network import Network
from core.network.shapes import trace


def step(layer):
    return trace(Network(input_shape=(12, 8, 6), layers=[layer]))[0]


@pytest.mark.parametrize(
    "layer, words, numbers",
    [
        (BatchNorm(momentum=0.75, epsilon=1e-3), "channel", ["0.001", "0.75", "0.25"]),
        (GlobalAveragePool(), "mean", ["{48}", "i < 8", "j < 6"]),
        (LocallyConnected(maps=2, kernel=(3, 5), stride=2), "shares nothing", ["c < 12", "u < 3", "v < 5", "2i+u"]),
        (Bias(), "one number a map", ["b_c"]),
        (Bias(bias="per unit"), "every unit", ["b_{c,i,j}"]),
        (Conv2D(maps=12, kernel=5, sees=8), "1-4 see 1-8; 5-8 see 5-12; 9-12 see 1-4, 9-12", ["c < 8", "b_k"]),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_layer_is_explained_with_its_numbers(layer, words, numbers):
    assert words in layer_formulas.sentence(step(layer))
    formula = layer_formulas.formula(step(layer))
    assert all(number in formula for number in numbers) and formula.count("{") == formula.count("}")


def test_padding_and_biases_stand_in_a_convolutions_formula():
    formula = layer_formulas.formula(step(Conv2D(maps=2, kernel=3, pad_value=-1, bias="per unit")))
    assert r"-1\text{ around }x" in formula and "b_{k,i,j}" in formula
    assert "b_" not in layer_formulas.formula(step(Conv2D(maps=2, kernel=3, bias="none")))


def test_what_every_student_knows_is_not_said_again():
    for layer in (Conv2D(maps=2, kernel=3), Activation(function="relu")):
        assert layer_formulas.sentence(step(layer)) == layer_formulas.formula(step(layer)) == ""
