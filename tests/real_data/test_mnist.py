"""MNIST from its real files, on every backend: networks reach their known accuracies."""

import json

import numpy as np
import pytest

import backends
from backends.fresh_process import each, first_steps
from core.data import catalogue
from core.experiment import experiment as experiments, presets
from core.runs import folder
from core.runs.trainer import record


pytestmark = pytest.mark.slow


def nielsen(name, epochs, monkeypatch, real_data):
    """The preset on 50,000 / 10,000 / 10,000 digits; skipped, with the reason, if the files are missing."""
    monkeypatch.setenv("CONVSCOPE_DATA", str(real_data))
    if sentence := catalogue.missing("mnist"):
        pytest.skip(sentence)
    return experiments.changed(
        presets.experiment(name, "mnist"),
        **{"training.epochs": epochs, "data.train": 50_000, "data.validation": 10_000, "data.test": 10_000},
    )


def trained(document, backend):
    """The last event of a run trained in this process."""
    run = folder.create(experiments.from_json(document), backend)
    record(run, backends.load(backend), backend, "cpu")
    return run.events()[-1]


@pytest.mark.parametrize("backend", backends.names())
@pytest.mark.parametrize("name, epochs, accuracy", [("network3-dense", 5, 0.955), ("network3-first-cnn", 1, 0.92)])
def test_mnist_is_learnt_as_the_curriculum_asks(name, epochs, accuracy, backend, monkeypatch, tmp_path, real_data):
    experiment = nielsen(name, epochs, monkeypatch, real_data)
    monkeypatch.setenv("CONVSCOPE_RUNS", str(tmp_path))
    (last,) = each(trained, [(experiment.to_json(), backend)])
    assert last["event"] == "finished", last
    assert last["result"]["test"]["accuracy"] >= accuracy, json.dumps(last["result"])


def test_the_first_loss_on_mnist_is_the_same_number_in_float32(monkeypatch, real_data):
    experiment = experiments.changed(nielsen("live-cnn", 1, monkeypatch, real_data), **{"training.steps": 1})
    losses = [losses[0] for losses, _ in each(first_steps, [(name, experiment) for name in backends.names()])]
    assert np.allclose(losses, losses[0], rtol=1e-6, atol=0), losses
