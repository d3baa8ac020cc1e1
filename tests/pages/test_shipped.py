"""The networks that come with ConvScope: what they are, and that they answer without any data set."""

import json
import re
import shutil

import numpy as np
import pytest

import backends
from core.explain.questions import Predict
from core.network.costs import parameters
from core.runs.answers import Answerer
from core.runs.folder import Run
from pages.recorded.shipped import NETWORKS, card, examples, shipped
from tools.record.networks import EXPERIMENTS, shortened


MOST_BYTES = 1_500_000
LOWEST = {"mnist-cnn": 0.985, "mnist-dense": 0.94}
"""Accuracy on the test set."""


def answers(run: Run, step: int | None = None) -> np.ndarray:
    images, _ = examples(run)
    inputs = {"images": run.scaling().apply(images)}
    return Answerer(backends.load("reference")).answer(run, Predict(), inputs, step)["probabilities"].argmax(axis=1)


def test_they_are_the_recorded_ones_and_the_convolutional_one_comes_first():
    assert list(shipped()) == list(EXPERIMENTS)


def test_together_they_are_small():
    assert sum(path.stat().st_size for path in NETWORKS.rglob("*") if path.is_file()) < MOST_BYTES


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_card_says_what_the_run_says(name):
    run, told = shipped()[name], card(shipped()[name])
    status = run.status()
    assert run.experiment == EXPERIMENTS[name]
    assert status.state == "finished"
    assert told.steps == status.step == status.total_steps
    assert told.parameters == parameters(run.experiment.network)
    assert told.test_accuracy == status.result["test"]["accuracy"] >= LOWEST[name]
    assert (told.training_images, told.test_images) == (55_000, 10_000)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_answers_in_any_folder_without_its_data_set_and_writes_nothing(name, tmp_path, own_data_folder):
    """Ten test digits, the first of each class."""
    images, labels = examples(shipped()[name])
    assert (images.dtype, images.shape, list(labels)) == (np.uint8, (10, 1, 28, 28), list(range(10)))
    files = {path: path.stat().st_mtime_ns for path in NETWORKS.rglob("*")}
    assert (answers(shipped()[name]) == labels).sum() >= 9
    assert {path: path.stat().st_mtime_ns for path in NETWORKS.rglob("*")} == files
    moved = Run(shutil.copytree(NETWORKS / name, tmp_path / "elsewhere"))
    assert moved.class_names() == tuple("0123456789")
    np.testing.assert_array_equal(
        moved.state_at().weights["logits.biases"], shipped()[name].state_at().weights["logits.biases"]
    )


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_its_training_can_be_scrubbed_from_the_start_to_the_end(name):
    run = shipped()[name]
    steps = run.remembered()
    assert (steps[0], steps[-1]) == (0, run.status().step)
    assert 8 <= len(steps) <= 20
    _, labels = examples(run)
    right = [(answers(run, step) == labels).sum() for step in (steps[0], steps[len(steps) // 2], steps[-1])]
    assert right[0] < 5 < 9 <= right[-1]
    assert right == sorted(right)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_its_curve_has_every_step(name):
    steps, losses = shipped()[name].curve()
    assert len(steps) == card(shipped()[name]).steps
    assert np.isfinite(losses).all()
    assert losses[-500:].mean() < losses[:10].mean() / 4


def test_shorter_events_say_the_same():
    loss = float(np.float32(0.1))
    reports = [
        {"event": "steps", "step": step, "losses": [loss], "seconds": 0.5, "learning_rate": 1 / step}
        for step in range(1, 151)
    ]
    ends = {"event": "epoch", "step": 150}
    first, second, last = shortened([*reports, ends])
    assert last == ends
    assert first["losses"] + second["losses"] == [0.1] * 150
    assert np.float32(first["losses"][0]) == np.float32(loss)
    assert first["seconds"] + second["seconds"] == 75
    assert (second["step"], second["learning_rate"]) == (150, 1 / 150)


def test_no_file_names_the_machine_that_made_it():
    texts = [path.read_text(encoding="utf-8") for path in NETWORKS.rglob("*.json*")]
    assert texts
    assert [text for text in texts if re.search(r"/(work|home|tmp)/", text)] == []
    assert all(json.loads(line) for path in NETWORKS.rglob("*.jsonl") for line in path.read_text().splitlines())
