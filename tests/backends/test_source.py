"""Networks as code: the code each backend writes is run, and its model has the same parameters and shapes as the
reference and, with the same weights, the same outputs."""

import subprocess
import sys
from math import prod
from typing import get_args

import numpy as np
import pytest
from numpy.testing import assert_allclose

import backends
from backends.contract.networks import NETWORKS
from backends.pytorch import source as pytorch_source
from backends.reference import source as reference_source
from backends.tensorflow import source as tensorflow_source
from core.backend import State
from core.experiment import presets
from core.network.blocks import Residual
from core.network.connection_table import groups, seen
from core.network.costs import costs
from core.network.initial_weights import initial_weights
from core.network.layers import (
    SHORT_NAMES,
    Activation,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LocallyConnected,
    Pool,
)
from core.network.network import Network
from core.network.running_statistics import initial_statistics
from core.network.shapes import output_shape, trace
from core.recipe.training import TrainingRecipe
from pages.parts.build.layer_editor import KINDS


MORE = {
    "dilated and strided": [Conv2D(filters=3, kernel_size=2, stride=2, dilation=2, padding="same")],
    "grouped": [Conv2D(filters=4, kernel_size=3, inputs_per_filter=1, padding=((1, 0), (0, 2)), pad_value=0.5)],
    "classic dropout": [Dropout(rate=0.4, mode="classic"), Flatten(), Dropout(rate=0.3), Dense(units=3)],
    "leaky with a slope of 2": [Activation(function="leaky_relu", slope=2.0)],
    "leaky with a slope of -1": [Activation(function="leaky_relu", slope=-1.0)],
    "wide windows, ceil": [Pool(mode=how, window=(3, 2), stride=2, padding="ceil") for how in ("average",)],
    **{
        f"{how}, {padding}, {window}": [Pool(mode=how, window=window, stride=2, padding=padding)]
        for how in ("max", "average", "sum", "l2")
        for padding in ("valid", "same", "ceil")
        for window in (2, 3)
    },
    "maxout of a list": [Flatten(), Activation(function="maxout", pieces=3), Dense(units=2)],
    "flatten after flatten": [Flatten(), Flatten(), Activation(function="softmax")],
    "local": [
        LocallyConnected(
            filters=2, kernel_size=(2, 3), stride=(1, 2), padding="same", pad_value=-1.0, bias="per channel"
        )
    ],
    "a block in a block": [
        Residual(
            layers=[Residual(layers=[Conv2D(filters=4, kernel_size=3, padding="same")], shortcut="1x1"), BatchNorm()],
            shortcut="1x1",
        )
    ],
}
ALL = (
    NETWORKS
    | {name: Network(input_shape=(2, 7, 6), layers=layers) for name, layers in MORE.items()}
    | {f"preset {name}": presets.get(name).network() for name in presets.names()}
)
each_network = pytest.mark.parametrize("network", ALL.values(), ids=ALL)


def run(code: str) -> dict:
    result: dict = {}
    exec(compile(code, "source", "exec"), result)
    return result


def ours(network: Network, images: int = 3) -> tuple[np.ndarray, np.ndarray, dict, dict]:
    """Images, the reference's outputs for them in float64, and random weights and statistics."""
    rng = np.random.default_rng(7)
    weights = {
        name: rng.normal(0, 0.4, w.shape) / max(1, w[0].size) ** 0.5 for name, w in initial_weights(network, 1).items()
    }
    statistics = {name: rng.uniform(0.5, 2, w.shape) for name, w in initial_statistics(network).items()}
    x = rng.normal(size=(images, *network.input_shape))
    model = backends.load("reference").build(network, weights, TrainingRecipe(precision="float64"))
    model.restore(State(weights, statistics=statistics))
    return x, model.predict(x), weights, statistics


def test_there_is_a_network_here_with_each_kind_of_layer():
    kinds = {step.layer.kind for network in ALL.values() for step in trace(network)}
    assert kinds == set(SHORT_NAMES) == set(KINDS)
    functions = {step.layer.function for n in ALL.values() for step in trace(n) if isinstance(step.layer, Activation)}
    assert functions == set(get_args(Activation.model_fields["function"].annotation))


@each_network
def test_the_pytorch_code_makes_our_network(network):
    torch = pytest.importorskip("torch")
    x, y, weights, statistics = ours(network)
    model = run(pytorch_source.source(network))["model"].eval()
    theirs = list(model.parameters())
    assert sum(one.numel() for one in theirs) == sum(cost.parameters for cost in costs(network))
    with torch.no_grad():
        for mine, one in zip(weights.values(), theirs, strict=True):
            one.copy_(torch.tensor(mine.reshape(one.shape)))
        kept = [buffer for name, buffer in model.named_buffers() if "running" in name]
        for mine, one in zip(statistics.values(), kept, strict=True):
            one.copy_(torch.tensor(mine))
        result = model(torch.tensor(x, dtype=torch.float32)).numpy()
    assert result.shape == (len(x), *output_shape(network))
    assert_allclose(result, y, rtol=1e-5, atol=1e-5 * max(1, np.abs(y).max()))


@each_network
def test_the_keras_code_makes_our_network(network):
    pytest.importorskip("tensorflow")
    x, y, weights, statistics = ours(network)
    model = run(tensorflow_source.source(network))["model"]
    assert count(model.trainable_weights) == sum(cost.parameters for cost in costs(network))
    keras_layers = {layer.name: layer for layer in model.layers}
    for name, mine in (weights | statistics).items():
        layer, part = name.rsplit(".", 1)
        put(keras_layers, layer, part, mine)
    result = np.asarray(model(np.moveaxis(x, 1, -1).astype(np.float32), training=False))
    result = np.moveaxis(result, -1, 1) if result.ndim == 4 else result
    assert result.shape == (len(x), *output_shape(network))
    assert_allclose(result, y, rtol=1e-5, atol=1e-5 * max(1, np.abs(y).max()))


def count(weights) -> int:
    return sum(prod(weight.shape) for weight in weights)


def put(layers: dict, name: str, part: str, mine: np.ndarray) -> None:
    """Copy one weight into the Keras layer of that name, in Keras' layout."""
    layer = layers[name]
    match part:
        case "biases" if f"{name}.bias" in layers:
            put(layers, f"{name}.bias", part, mine)
        case "biases":
            layer.bias.assign(np.moveaxis(mine, 0, -1))
        case "weights" if mine.ndim == 2:
            layer.kernel.assign(mine.T)
        case "weights" if mine.ndim == 4:
            layer.kernel.assign(mine.transpose(2, 3, 1, 0))
        case "weights":
            layer.kernel.assign(mine.transpose(4, 5, 2, 3, 1, 0).reshape(layer.kernel.shape))
        case "running_mean" | "running_variance":
            getattr(layer, part.replace("running", "moving")).assign(mine)
        case _:
            getattr(layer, part).assign(mine)


@each_network
def test_the_code_of_the_reference_makes_the_same_description(network):
    made = run(reference_source.source(network))
    assert made["network"] == network
    assert made["model"].predict(np.zeros((2, *network.input_shape))).shape == (2, *output_shape(network))


def test_names_that_a_network_gives_by_itself_are_left_out_and_others_are_not():
    layers = [Conv2D(filters=2, kernel_size=3), Flatten(), Dense(units=3, name="last")]
    network = Network(input_shape=(1, 6, 6), layers=layers)
    code = reference_source.source(network)
    assert 'Dense(name="last", units=3)' in code
    assert run(code)["network"] == network
    plain = reference_source.source(Network(input_shape=(1, 6, 6), layers=[*layers[:2], Dense(units=3)]))
    assert "name" not in plain
    assert "Conv2D(filters=2, kernel_size=3)," in plain


def test_the_code_of_the_gap_exercise_is_what_a_user_of_each_library_would_write():
    network = presets.get("live-cnn").network()
    pytorch, keras = pytorch_source.source(network), tensorflow_source.source(network)
    assert "nn.Linear(4608, 128)," in pytorch
    assert "nn.Conv2d(1, 32, 3)," in pytorch
    assert "class" not in pytorch
    assert 'layers.Conv2D(32, 3, name="conv1"),' in keras
    assert "class" not in keras
    assert "keras.Sequential(" in keras
    assert "keras.Model(" in tensorflow_source.source(presets.get("inception").network())


@pytest.mark.parametrize(
    "filters, channels, inputs_per_filter", [(4, 4, 2), (6, 4, 1), (12, 12, 8), (3, 4, 2), (5, 3, None)]
)
def test_a_grouped_convolution_sees_what_the_table_says_or_there_is_none(filters, channels, inputs_per_filter):
    result, table = groups(filters, channels, inputs_per_filter), seen(filters, channels, inputs_per_filter)
    if result is None:
        block = inputs_per_filter or channels
        assert len({tuple(row) for row in table}) * block != channels or filters % (channels // block)
    else:
        size = channels // result
        assert table.tolist() == [
            [*range(k * result // filters * size, (k * result // filters + 1) * size)] for k in range(filters)
        ]


ASKS = """
import sys, backends
from core.experiment import presets
network = presets.get("small-resnet").network()
print(*[name for name in backends.writers() if backends.source(name, network)], sep=",")
print({"torch", "tensorflow", "keras"} & set(sys.modules))
"""


def test_code_is_offered_by_each_backend_without_its_framework():
    done = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["reference,pytorch,tensorflow", "set()"]


NORMED = Network(input_shape=(2, 7, 6), layers=[BatchNorm(momentum=0.8), Flatten(), Dropout(rate=0.75)])


def batch() -> np.ndarray:
    return np.random.default_rng(3).normal(2, 1, size=(40, 2, 7, 6))


def test_pytorchs_batch_norm_remembers_the_mean_as_ours_does_and_its_dropout_drops_as_many():
    torch = pytest.importorskip("torch")
    model = run(pytorch_source.source(NORMED))["model"].train()
    result = model(torch.tensor(batch(), dtype=torch.float32))
    assert_allclose(model[0].running_mean.numpy(), 0.2 * batch().mean((0, 2, 3)), rtol=1e-4)
    assert float((result == 0).float().mean()) == pytest.approx(0.75, abs=0.05)


def test_keras_batch_norm_remembers_the_mean_as_ours_does_and_its_dropout_drops_as_many():
    pytest.importorskip("tensorflow")
    model = run(tensorflow_source.source(NORMED))["model"]
    result = model(np.moveaxis(batch(), 1, -1).astype(np.float32), training=True)
    assert_allclose(np.asarray(model.get_layer("norm1").moving_mean), 0.2 * batch().mean((0, 2, 3)), rtol=1e-4)
    assert float(np.mean(np.asarray(result) == 0)) == pytest.approx(0.75, abs=0.05)
