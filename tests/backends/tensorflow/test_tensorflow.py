"""What is specific to TensorFlow: its layout, its graph, Keras's global settings. The contract covers the rest."""

import os

import numpy as np
import pytest

import backends
from core.backend import BackendError, State
from core.network.initial_weights import initial_weights
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.network import Network
from core.network.training_order import training_order
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe


BACKEND = backends.load("tensorflow")
SMALL = Network(
    input_shape=(2, 8, 8),
    layers=[
        Conv2D(filters=4, kernel_size=3),
        Activation(function="relu"),
        Pool(),
        Dropout(rate=0.5),
        Flatten(),
        Dense(units=3),
    ],
)


def model(optimizer=None):
    recipe = TrainingRecipe(optimizer=optimizer) if optimizer else TrainingRecipe()
    return BACKEND.build(SMALL, initial_weights(SMALL, seed=1), recipe)


def loaded():
    result = model(Adam())
    result.load(np.random.default_rng(0).random((20, 2, 8, 8), np.float32), np.arange(20) % 3)
    return result


def step(subject, steps: int, batch: int):
    masks = {"dropout1": np.ones((steps, batch, 4, 3, 3), bool)}
    return subject.steps(np.zeros((steps, batch), int), np.full(steps, 0.01), masks)


def test_a_gpu_that_is_not_here_is_refused_with_the_devices_that_are():
    with pytest.raises(BackendError, match=r"no device 'gpu:99' here; it has cpu"):
        BACKEND.build(SMALL, initial_weights(SMALL, seed=1), TrainingRecipe(), "gpu:99")


def test_kernels_are_turned_at_the_door():
    result = model()
    inside, outside = result.weights["conv1.weights"].numpy(), result.state().weights["conv1.weights"]
    assert inside.shape == (3, 3, 2, 4)
    assert outside.shape == (4, 2, 3, 3)
    assert inside[0, 1, 1, 3] == outside[3, 1, 0, 1]


def test_one_graph_serves_every_number_of_steps_and_rows(monkeypatch):
    result, traced = loaded(), []
    original = result._make_steps
    monkeypatch.setattr(result, "_make_steps", lambda *arguments: traced.append(1) or original(*arguments))
    assert [len(step(result, steps, batch)) for steps, batch in [(3, 8), (1, 8), (5, 4), (1, 1)]] == [3, 1, 5, 1]
    assert traced == [1]


def test_adams_first_step_is_the_rate_in_float32_too():
    """Whatever the gradient, although 1 - 0.999 in float32 is wrong in the fifth digit."""
    result = loaded()
    before = result.state().weights["dense1.biases"]
    step(result, 1, 8)
    moved = np.abs(result.state().weights["dense1.biases"] - before)
    np.testing.assert_allclose(moved, 0.01, rtol=1e-6)


def test_keras_runs_on_tensorflow_whatever_the_home_folder_says():
    import keras

    assert os.environ["KERAS_BACKEND"] == "tensorflow"
    assert keras.backend.backend() == "tensorflow"


def test_float64_is_no_global_setting():
    import keras

    BACKEND.build(SMALL, initial_weights(SMALL, seed=1), TrainingRecipe(precision="float64"))
    assert keras.config.floatx() == "float32"
    assert keras.config.dtype_policy().name == "float32"


def test_a_state_of_another_network_is_refused_in_words():
    weights = model().state().weights
    with pytest.raises(BackendError, match=r"no 'conv1.weights'"):
        model().restore(State({}))
    with pytest.raises(BackendError, match=r"'dense1.biases' has the shape \(1,\)"):
        model().restore(State(weights | {"dense1.biases": np.zeros(1)}))


def test_training_pools_before_the_relu_but_looking_inside_does_not():
    assert [step.layer.name for step in training_order(SMALL)][:3] == ["conv1", "pool1", "act1"]
    x = np.random.default_rng(0).random((2, *SMALL.input_shape), np.float32)
    assert list(model().activations(x))[:3] == ["conv1", "act1", "pool1"]
