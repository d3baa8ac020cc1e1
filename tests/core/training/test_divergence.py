"""When a loss is no number, the layer that blew up first is named: explosions are planted into a known one."""

import re

import numpy as np
import pytest

import backends
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment, changed
from core.network.initial_weights import initial_weights
from core.network.initializers import Constant, GlorotUniform, Normal
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.recipe.optimizers import SGD
from core.recipe.penalties import Penalties, Penalty
from core.recipe.training import TrainingRecipe
from core.runs import folder
from core.runs.trainer import record
from core.training import loop
from core.training.loop import TrainingError, train
from tests.support.small import small_experiment
from tests.support.training import prepared


@pytest.fixture(scope="module", params=backends.names())
def backend(request):
    if (reason := backends.missing(request.param)) is not None:
        pytest.skip(reason)
    return backends.load(request.param)


def experiment(*layers, rate=0.1, **training) -> Experiment:
    return Experiment(
        data=DataRecipe(name="digits-16x16", train=64, validation=10, test=10),
        network=Network(input_shape=(1, 16, 16), layers=layers),
        training=TrainingRecipe(optimizer=SGD(learning_rate=rate), batch_size=16, epochs=8, **training),
    )


def leaky(slope):
    return Activation(function="leaky_relu", slope=slope)


def sentence(backend, it: Experiment) -> str:
    weights = initial_weights(it.network, it.seed, it.training.precision)
    model = backend.build(it.network, weights, it.training)
    with pytest.raises(TrainingError) as caught:
        list(train(model, prepared(it), it))
    return str(caught.value)


HEAD = Dense(units=10)
PLANTED = {
    "weights in the middle": (
        experiment(Conv2D(filters=2, kernel_size=3), Flatten(), Dense(units=8, weights=Normal(std=1e30)), HEAD),
        r"dense1's weights overflowed first \(largest \d\.\de\+30\)",
    ),
    "biases at the start": (
        experiment(Conv2D(filters=2, kernel_size=3, biases=Constant(value=1e35)), Pool(), Flatten(), HEAD),
        r"conv1's biases overflowed first \(largest 1\.0e\+35\)",
    ),
    "an activation between two layers": (
        experiment(Conv2D(filters=4, kernel_size=3), leaky(1e25), Flatten(), Dense(units=8), leaky(1e25), HEAD),
        r"act1's output overflowed first \(largest \d\.\de\+2",
    ),
    "on the way back alone": (
        # forward the slopes undo the tiny weights; backward they multiply what comes before these
        experiment(
            Flatten(),
            Dense(units=8, weights=Constant(value=-1e-23)),
            *[leaky(1e11), leaky(1e11)],
            Dense(units=8, weights=GlorotUniform()),
            HEAD,
            rate=1.0,
        ),
        r"dense1's gradient overflowed first",
    ),
    "a penalty beyond all bounds": (
        experiment(
            Flatten(),
            Dense(units=8),
            HEAD,
            rate=1.0,
            penalties=Penalties(output=Penalty(l2=1e12)),
        ),
        r"dense2's weights overflowed first",
    ),
}


@pytest.mark.parametrize("seconds", [0.0, 1e9], ids=["kept at each call", "kept at the start"])
@pytest.mark.parametrize("planted, words", PLANTED.values(), ids=PLANTED)
def test_the_layer_that_was_planted_is_named_on_every_backend(backend, planted, words, seconds, monkeypatch):
    """However long ago the last state was kept."""
    monkeypatch.setattr(loop, "SECONDS_BETWEEN_STATES", seconds)
    monkeypatch.setattr(loop, "STATE_COPY_SHARE", 1e9)
    said = sentence(backend, planted)
    assert re.search(rf"the loss is (nan|inf) at step \d+: {words}", said), said


def test_far_into_a_run_the_steps_are_made_again_from_a_state_that_was_kept(monkeypatch):
    """With a state kept at each call and with one kept only at the start, the same layer is named."""
    growing = Penalties(dense=Penalty(l2=50), conv=Penalty(l2=50))  # times -4 in each step
    it = small_experiment(epochs=50, precision="float32", penalties=growing)
    it = changed(it, **{"training.optimizer": {"kind": "sgd", "learning_rate": 0.1}})
    said = []
    for seconds in (0.0, 1e9):
        monkeypatch.setattr(loop, "SECONDS_BETWEEN_STATES", seconds)
        monkeypatch.setattr(loop, "STATE_COPY_SHARE", 1e9)
        said.append(sentence(backends.load("reference"), it))
    assert said[0] == said[1]
    assert "dense1's output overflowed first" in said[0]
    assert int(said[0].split("at step ")[1].split(":")[0]) > 20


def test_a_failed_run_says_the_layer_in_its_last_event(tmp_path, backend):
    planted, _ = PLANTED["weights in the middle"]
    run = folder.create(planted, "reference", folder=tmp_path)
    assert record(run, backend, "reference", "cpu") == "failed"
    assert "dense1's weights overflowed first" in run.events()[-1]["reason"]
    assert "traceback" not in run.events()[-1]


def test_a_last_step_that_blew_up_is_blamed_on_a_layer_too():
    it = changed(
        small_experiment(epochs=1, steps=1, precision="float32"),
        **{"training.optimizer": {"kind": "sgd", "learning_rate": 1e30}},
    )
    with np.errstate(all="ignore"):
        assert "conv1's weights overflowed first" in sentence(backends.load("reference"), it)
