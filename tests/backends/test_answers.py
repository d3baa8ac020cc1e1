"""Hosts that answer questions about runs: idle, while they train, killed in the middle, and in every backend."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import backends
from backends.executors.local import LocalExecutor
from core.backend import BackendError
from core.experiment.experiment import changed
from core.explain.questions import Activations, Changes, Gradients, Predict, QuestionError, TrainStep
from core.network.initial_weights import initial_weights
from core.recipe.optimizers import SGD
from core.runs.answers import Answerer
from core.runs.folder import RunError
from tests.support.small import small_experiment
from tests.support.waiting import until


INSTALLED = [name for name in backends.names() if backends.missing(name) is None]


@pytest.fixture(scope="module")
def executor(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVSCOPE_RUNS", str(tmp_path_factory.mktemp("runs")))
        made = LocalExecutor()
        yield made
        made.close()


@pytest.fixture(scope="module")
def run(executor):
    made = executor.start(small_experiment(train=100), "reference")
    until(lambda: made.status().ended, "the run to end")
    assert made.status().state == "finished"
    return made


@pytest.fixture
def images():
    return np.random.default_rng(1).random((3, 1, 16, 16))


def model_of(run, backend="reference", changes=Changes()):  # noqa: B008 - frozen
    experiment, state = run.experiment, run.snapshot()
    weights = initial_weights(experiment.network, experiment.seed, experiment.training.precision)
    model = backends.load(backend).build(experiment.network, weights, experiment.training)
    state.weights = changes.applied(state.weights)
    model.restore(state)
    return model


def test_a_host_answers_as_the_model_in_this_process_does(executor, run, images):
    model = model_of(run)
    answer = executor.ask(run, Predict(), {"images": images})
    np.testing.assert_array_equal(answer["logits"], model.predict(images))
    np.testing.assert_allclose(answer["probabilities"].sum(axis=1), 1)
    activations = executor.ask(run, Activations(), {"images": images})
    assert list(activations) == list(model.activations(images)), "in the order of the layers"
    only = executor.ask(run, Activations(layers=("pool1",)), {"images": images})
    np.testing.assert_array_equal(only["pool1"], model.activations(images)["pool1"])
    seed = np.eye(10)[:3]
    gradients, expected = (
        executor.ask(run, Gradients(), {"images": images, "seed": seed}),
        model.gradients(images, seed),
    )
    np.testing.assert_array_equal(gradients["input"], expected.input)
    np.testing.assert_array_equal(gradients["weights/conv1.weights"], expected.weights["conv1.weights"])


def test_a_training_step_follows_its_own_gradient(executor, run, images):
    """Without dropout, plain gradient descent moves each weight by the learning rate times its gradient."""
    layers = [one.model_dump(mode="json") for one in run.experiment.network.layers if one.kind != "dropout"]
    sgd = SGD(learning_rate=0.1).model_dump(mode="json")
    experiment = changed(run.experiment, **{"network.layers": layers, "training.optimizer": sgd})
    plain = executor.start(experiment, "reference")
    until(lambda: plain.status().ended, "the run to end")
    labels = np.array([1, 2, 3])
    step = executor.ask(plain, TrainStep(learning_rate=0.5), {"images": images, "labels": labels})
    before = plain.snapshot().weights
    for name, weights in before.items():
        np.testing.assert_allclose(step[f"after/{name}"], weights - 0.5 * step[f"gradients/{name}"], atol=1e-12)
    again = executor.ask(plain, Predict(), {"images": images})
    np.testing.assert_array_equal(again["logits"], step["logits"], err_msg="the run itself stays as it is")
    assert step["loss"] == pytest.approx(-np.log(again["probabilities"][range(3), labels]).mean())


def test_every_backend_gives_the_same_answers(executor, run, images):
    answers = [executor.ask(run, Activations(), {"images": images}, backend=name) for name in INSTALLED]
    for other in answers[1:]:
        for name, values in answers[0].items():
            np.testing.assert_allclose(other[name], values, atol=1e-9)


def test_changes_touch_what_they_name_and_nothing_else(executor, run, images):
    out = Changes(knocked_out=(("conv1", 2),))
    clean = executor.ask(run, Activations(), {"images": images})
    without = executor.ask(run, Activations(), {"images": images}, changes=out)
    assert np.all(without["conv1"][:, 2] == 0)
    np.testing.assert_array_equal(np.delete(without["conv1"], 2, axis=1), np.delete(clean["conv1"], 2, axis=1))
    silent = executor.ask(run, Activations(), {"images": images}, changes=Changes(silenced=("conv1",)))
    biases = run.snapshot().weights["conv1.biases"]
    np.testing.assert_allclose(silent["conv1"], clean["conv1"] - biases[:, None, None])
    noisy, again, other = (
        executor.ask(run, Predict(), {"images": images}, changes=Changes(noise=0.5, seed=seed))["logits"]
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(noisy, again)
    assert np.abs(noisy - other).max() > 0.01
    np.testing.assert_array_equal(executor.ask(run, Activations(), {"images": images})["conv1"], clean["conv1"])


def test_the_same_question_is_answered_once(executor, run, images, monkeypatch):
    first = executor.ask(run, Predict(), {"images": images * 0.5})
    monkeypatch.setattr("backends.host.Host.answer", lambda *_: pytest.fail("asked again"))
    assert executor.ask(run, Predict(), {"images": images * 0.5})["logits"] is first["logits"]
    with pytest.raises(ValueError, match="read-only"):
        first["logits"][0, 0] = 1


@pytest.mark.parametrize(
    "question, arrays, step, changes, sentence",
    [
        (Predict(), {"images": np.zeros((1, 1, 8, 8))}, None, Changes(), "takes images of Nx1x16x16"),
        (Predict(), {"images": np.zeros((0, 1, 16, 16))}, None, Changes(), "takes images of"),
        (
            Activations(layers=("conv9",)),
            {"images": np.zeros((1, 1, 16, 16))},
            None,
            Changes(),
            "no layer called 'conv9'",
        ),
        (Predict(), {"images": np.zeros((1, 1, 16, 16))}, 123456, Changes(), "123456"),
        (Predict(), {"images": np.zeros((1, 1, 16, 16))}, None, Changes(knocked_out=(("conv1", 9),)), "no filter 10"),
        (Predict(), {"images": np.zeros((1, 1, 16, 16))}, None, Changes(silenced=("pool1",)), "has biases"),
        (
            TrainStep(),
            {"images": np.zeros((1, 1, 16, 16)), "labels": np.array([10])},
            None,
            Changes(),
            "one label from 0 to 9",
        ),
    ],
)
def test_what_cannot_be_answered_gets_a_sentence(executor, run, question, arrays, step, changes, sentence):
    with pytest.raises((BackendError, RunError), match=sentence):
        executor.ask(run, question, arrays, step=step, changes=changes)
    with pytest.raises((QuestionError, RunError), match=sentence):
        Answerer(backends.load("reference")).answer(run, question, arrays, step, changes)


def test_a_missing_framework_is_named(executor, run, images, monkeypatch):
    monkeypatch.setattr(backends, "missing", lambda name: f"{name} is not installed")
    with pytest.raises(BackendError, match="pytorch is not installed"):
        executor.ask(run, Predict(), {"images": images}, backend="pytorch")


def test_a_host_answers_while_it_trains_another_run(executor, run):
    """The median wait stays below twice the time between two reports, and the training is not disturbed."""
    other = executor.start(small_experiment(epochs=400), "reference")
    until(lambda: other.status().state == "running", "the other run to train")
    waits = []
    for number in range(10):
        began = time.perf_counter()
        executor.ask(run, Predict(), {"images": np.full((1, 1, 16, 16), number / 10)})
        waits.append(time.perf_counter() - began)
    assert other.status().state == "running"
    other.ask("stop")
    until(lambda: other.status().ended, "the other run to stop")
    assert np.median(waits) < 0.2, waits


def test_a_host_killed_while_it_answers_says_so_and_the_next_question_works(executor, run, images):
    executor.ask(run, Predict(), {"images": images + 1})
    failures = []

    def ask():
        try:
            executor.ask(run, Activations(), {"images": np.zeros((40_000, 1, 16, 16))})
        except BackendError as error:
            failures.append(str(error))

    asking = threading.Thread(target=ask)
    asking.start()
    host = executor._hosts["reference"]
    until(lambda: host._open, "the question to be on its way")
    os.kill(executor.host_pid("reference"), signal.SIGKILL)
    asking.join(30)
    assert len(failures) == 1
    assert "ended before it could answer" in failures[0]
    assert executor.ask(run, Predict(), {"images": images + 2})["logits"].shape == (3, 10)
