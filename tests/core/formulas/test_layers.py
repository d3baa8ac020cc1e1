"""Every layer, and every way its weights can start, has a sentence and a formula with its own numbers."""

from typing import get_args

import numpy as np
import pytest

from core.formulas import layers as layer_formulas
from core.formulas.initializers import initial_formula, initial_sentence
from core.network.blocks import Branches, Residual
from core.network.costs import fans
from core.network.initial_weights import draw, spread
from core.network.initializers import (
    AnyInitial,
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Normal,
    OneOverInOut,
    OneOverOut,
    Uniform,
    UniformOverIn,
    Zeros,
)
from core.network.layers import (
    SHORT_NAMES,
    Activation,
    BatchNorm,
    Bias,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LocallyConnected,
    Pool,
)
from core.network.network import Network
from core.network.shapes import steps_of
from core.random import generator


def step(layer, shape=(12, 8, 6)):
    return steps_of(Network(input_shape=(12, 8, 6), layers=[layer]).layers, shape)[-1]


FUNCTIONS = [
    (Activation(function="linear"), "unchanged", ["y = x"]),
    (Activation(function="sigmoid"), "0 to 1", ["1 + e^{-x}"]),
    (Activation(function="tanh"), "-1 to 1", [r"\tanh x", "e^{-2x}"]),
    (Activation(function="relu"), "positive", [r"\max(0, x)"]),
    (Activation(function="leaky_relu", slope=0.03), "small part", [r"0.03\,x"]),
    (Activation(function="elu", alpha=1.5), "levels off", [r"1.5\,(e^x - 1)"]),
    (Activation(function="maxout", pieces=3), "largest", ["k < 3", "3c + k", "c < 4"]),
    (Activation(function="softmax"), "add up to 1", ["k < 12"]),
]
POOLS = [
    (Pool(), "largest", [r"\max_{u < 2,\, v < 2}", "2i+u"]),
    (Pool(mode="average", window=(2, 3)), "mean", ["{6}", "u < 2", "v < 3", "3j+v"]),
    (Pool(mode="sum", window=3, stride=1), "Adds up", ["u < 3", "i+u"]),
    (Pool(mode="l2", window=4, stride=2), "squares", [r"\sqrt", "u < 4", "2i+u", "^2"]),
    (Pool(mode="average", window=3, padding="same"), "cells inside the image", [r"n \le 9"]),
]
OTHERS = [
    (BatchNorm(momentum=0.75, epsilon=1e-3), "channel", ["0.001", "0.75", "0.25"]),
    (GlobalAveragePool(), "mean", ["{48}", "i < 8", "j < 6"]),
    (
        LocallyConnected(filters=2, kernel_size=(3, 5), stride=2),
        "without weight sharing",
        ["c < 12", "u < 3", "v < 5", "2i+u"],
    ),
    (Bias(), "one number per feature map", ["b_c", "12"]),
    (Bias(bias="per unit"), "every unit", ["b_{c,i,j}", "576"]),
    (
        Conv2D(filters=12, kernel_size=5, inputs_per_filter=8),
        "1-4 see 1-8; 5-8 see 5-12; 9-12 see 1-4, 9-12",
        ["c < 8", "b_k"],
    ),
    (
        Conv2D(filters=20, kernel_size=3),
        "20 filters slides over all 12 input channels",
        ["c < 12", "u < 3", "v < 3", "i+u", "b_k"],
    ),
    (Flatten(), "one row", ["48c + 6i + j"]),
    (Dropout(rate=0.2), "probability 0.2", [r"\dfrac{m\,x}{0.8}", "P(m = 1) = 0.8"]),
    (
        Dropout(rate=0.2, mode="classic"),
        "all numbers shrink",
        [r"m\,x\text{ in training}", r"0.8\,x\text{ afterwards}"],
    ),
    (Residual(layers=[Pool(window=3, stride=1, padding="same")]), "Adds its input", [r"12 \times 8 \times 6"]),
    (Residual(layers=[Conv2D(filters=4, kernel_size=1)], shortcut="1x1"), "1x1", [r"4 \times 12 \times 1 \times 1"]),
    (Branches(rows=[[Conv2D(filters=4, kernel_size=1)], []]), "same input", ["B_1(x)", "4 + 12 = 16"]),
]


@pytest.mark.parametrize(
    "layer, words, numbers", FUNCTIONS + POOLS + OTHERS, ids=lambda value: getattr(value, "kind", "")
)
def test_a_layer_is_explained_with_its_numbers(layer, words, numbers):
    _is_explained(step(layer), words, numbers)


def test_a_dense_layer_is_explained_with_its_numbers():
    _is_explained(step(Dense(units=7), (300,)), "7 units multiplies all 300 inputs", ["i < 300", "b_k", "k < 7"])
    assert "b_k" not in layer_formulas.formula(step(Dense(units=7, bias="none"), (300,)))


def _is_explained(at, words, numbers):
    assert words in layer_formulas.sentence(at)
    formula = layer_formulas.formula(at)
    assert all(number in formula for number in numbers), formula
    assert formula.count("{") == formula.count("}")


def test_no_layer_of_the_catalogue_and_no_function_is_left_out():
    tried = [layer for layer, _, _ in FUNCTIONS + POOLS + OTHERS]
    assert {layer.kind for layer in tried} | {"dense"} == set(SHORT_NAMES)
    functions = get_args(Activation.model_fields["function"].annotation)
    assert [layer.function for layer in tried if layer.kind == "activation"] == list(functions)
    assert {layer.mode for layer in tried if layer.kind == "pool"} == set(
        get_args(Pool.model_fields["mode"].annotation)
    )


def test_padding_dilation_and_biases_stand_in_a_convolutions_formula():
    formula = layer_formulas.formula(step(Conv2D(filters=2, kernel_size=3, padding=1, pad_value=-1, bias="per unit")))
    assert r"-1\text{ around }x" in formula
    assert "b_{k,i,j}" in formula
    assert r"0\text{ around }x" in layer_formulas.formula(step(Conv2D(filters=2, kernel_size=3, padding="same")))
    bare = layer_formulas.formula(step(Conv2D(filters=2, kernel_size=3, dilation=2, bias="none")))
    assert "b_" not in bare
    assert "around" not in bare
    assert "i+2u" in bare


INITIALS = [
    (Zeros(), ["w = 0"]),
    (Constant(value=0.1), ["w = 0.1"]),
    (Normal(std=0.3), [r"\sigma = 0.3"]),
    (Uniform(limit=0.05), [r"-0.05 \le w \le 0.05"]),
    (GlorotUniform(), [r"\dfrac{6}{108 + 36}", "= 0.204124"]),
    (GlorotNormal(), [r"\dfrac{2}{108 + 36}", "= 0.117851"]),
    (HeNormal(), [r"\dfrac{2}{108}", "= 0.136083"]),
    (HeUniform(), [r"\dfrac{6}{108}", "= 0.235702"]),
    (OneOverOut(pool_area=4), [r"\dfrac{4}{36}", "= 0.333333"]),
    (OneOverInOut(pool_area=4), ["{108 + 36 / 4}", "= 0.09245"]),
    (UniformOverIn(reach=2.7), [r"\dfrac{2.7}{108}", "= 0.025"]),
]


@pytest.mark.parametrize("initial, numbers", INITIALS, ids=lambda value: getattr(value, "kind", ""))
def test_a_start_is_explained_with_the_numbers_of_its_layer(initial, numbers):
    """A 3x3 convolution from 12 maps to 4: 108 inputs a unit, 36 outputs an input."""
    formula = initial_formula(initial, fans(step(Conv2D(filters=4, kernel_size=3))))
    assert len(initial_sentence(initial)) > 20
    assert all(number in formula for number in numbers), formula


def test_no_start_of_the_catalogue_is_left_out():
    assert {type(initial) for initial, _ in INITIALS} == set(get_args(AnyInitial))


@pytest.mark.parametrize("initial", [GlorotNormal(), HeNormal(), GlorotUniform(), HeUniform(), UniformOverIn()])
def test_what_is_drawn_is_as_wide_as_the_formula_says(initial):
    drawn = draw(initial, (200, 300), (300, 200), generator(1, "width"))
    wide = spread(initial, (300, 200))
    result = np.abs(drawn).max() if "uniform" in initial.kind else drawn.std()
    assert result == pytest.approx(wide, rel=0.01)
