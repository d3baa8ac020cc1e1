"""Changed images: what each change does to a pixel, what a network is asked, and what a run folder keeps of it."""

import json
import subprocess
import sys
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import backends
from core.backend import BackendError
from core.data.dataset import DataError
from core.data.preparation.corruption_levels import CHANGES
from core.data.preparation.corruptions import distorted
from core.data.preparation.scaling import Unit, fit
from core.experiment.experiment import changed as with_fields
from core.metrics import robustness as measures
from core.metrics.robustness import AIMED, ALL, POINTS, Judge, measure
from core.recipe.losses import CrossEntropy
from core.runs import archive_import, export, predictions, robustness
from core.runs.folder import RunError, create, find
from core.runs.robustness import Point
from core.runs.trainer import record
from tests.support.apps import ROOT
from tests.support.command_line import command, refused
from tests.support.small import small_experiment


def dot(side=9, channels=1, at=(4, 4), count=4) -> np.ndarray:
    """Images with one bright pixel."""
    images = np.zeros((count, channels, side, side), np.uint8)
    images[:, :, at[0], at[1]] = 200
    return images


def places(images: np.ndarray) -> list[tuple[int, int]]:
    """Where the bright pixel of each image is."""
    return [tuple(map(int, np.unravel_index(image[0].argmax(), image[0].shape))) for image in images]


# --- the changes


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
@pytest.mark.parametrize("shape", [(5, 1, 12, 12), (5, 3, 10, 14)], ids=["grey", "colour, not square"])
def test_a_change_without_strength_leaves_every_image_as_it_is(change, shape):
    images = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert_array_equal(distorted(images, change.name, change.clean), images)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_every_strength_keeps_shape_and_range_and_changes_something(change):
    images = np.random.default_rng(2).integers(0, 256, (4, 3, 10, 14), dtype=np.uint8)
    for strength in change.strengths:
        new = distorted(images, change.name, strength)
        assert new.shape == images.shape
        assert new.min() >= 0
        assert new.max() <= 255
        assert not np.array_equal(new, images)


def test_what_leaves_the_image_is_gone_and_black_comes_in():
    assert distorted(np.full((1, 1, 9, 9), 255, np.uint8), "shift", 2)[0, 0].sum() == 255 * 9 * 7


def test_a_zoom_moves_away_from_the_middle_when_it_enlarges():
    assert places(distorted(dot(at=(4, 6), count=1), "size", 1.5)) == [(4, 7)]
    assert places(distorted(dot(at=(4, 8), count=1), "size", 0.5)) == [(4, 6)]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_image_is_changed_alike_alone_and_among_others(change):
    images = np.random.default_rng(4).integers(0, 256, (7, 1, 9, 9), dtype=np.uint8)
    strength = change.strengths[-1]
    blocks = [distorted(images[a:b], change.name, strength, a) for a, b in ((0, 3), (3, 7))]
    assert_array_equal(np.concatenate(blocks), distorted(images, change.name, strength))


# --- the measure, on a network of two numbers


class Linear:
    """Says class 1 where the weighted sum of the pixels is positive: W is (1, H, W)."""

    def __init__(self, weights: np.ndarray):
        self.weights = weights

    def predict(self, x):
        score = np.sum(self.weights * (x - 0.5), axis=(1, 2, 3))
        return np.stack([-score, score], axis=1)

    def gradients(self, x, seed):
        class Found:
            input = (seed[:, 1] - seed[:, 0])[:, None, None, None] * np.broadcast_to(self.weights, x.shape)

        return Found


def judge(images: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Judge:
    return Judge(Linear(weights), fit(Unit(), images), "float64", CrossEntropy(), images, labels)


@pytest.fixture
def halves() -> Judge:
    """Class 1 is bright on the left half, class 0 on the right one."""
    images, labels = np.zeros((520, 1, 8, 8), np.uint8), np.arange(520) % 2
    images[labels == 1, :, :, :4] = 160
    images[labels == 0, :, :, 4:] = 160
    weights = np.ones((1, 8, 8))
    weights[:, :, 4:] = -1
    return judge(images, labels, weights)


def test_every_point_is_measured_once_and_no_change_changes_nothing(halves):
    result = list(measure(halves))
    assert len(result) == POINTS
    assert result[0] == (None, 0.0, 520)
    assert [(name, strength) for name, strength, _ in result[1:]] == [(c.name, s) for c in ALL for s in c.strengths]
    right = {(name, strength): count for name, strength, count in result}
    assert right["negative", 1.0] == 0, "the bright half is the dark one now"
    assert right["rotate", 10.0] == 520


def test_the_sign_of_the_gradient_goes_against_the_right_class(halves):
    uphill = halves.uphill(slice(0, 2))
    assert_array_equal(uphill[1], -halves.model.weights)  # label 1: its own evidence must fall
    assert_array_equal(uphill[0], halves.model.weights)
    assert halves.right(AIMED.name, 0.2) == 520
    assert halves.right(AIMED.name, 0.4) == 0


def test_a_very_sure_network_can_still_be_attacked(halves):
    sure = replace(halves, model=Linear(10 * halves.model.weights), precision="float32")
    assert_array_equal(sure.uphill(slice(0, 2)), halves.uphill(slice(0, 2)))


def test_blocks_do_not_change_the_count(halves, monkeypatch):
    before = list(measure(halves))
    monkeypatch.setattr(measures, "BLOCK", 101)
    assert list(measure(halves)) == before


def test_the_names_in_the_file_are_those_of_the_changes():
    names = next(
        arguments for field in get_args(Point.model_fields["change"].annotation) if (arguments := get_args(field))
    )
    assert list(names) == [change.name for change in ALL]


# --- a run


def ended(folder, backend="reference", **fields):
    run = create(with_fields(small_experiment(epochs=3, train=400), **fields), backend, folder=folder)
    assert record(run, backends.load(backend), backend, "cpu") == "finished", run.events()[-1]
    return run


def of(run, backend="reference"):
    return robustness.measured(run, backends.load(backend), backend, "cpu")


def test_the_clean_accuracy_is_the_one_that_the_run_ended_with(tmp_path):
    run = ended(tmp_path)
    result = of(run)
    assert result.clean == pytest.approx(run.status().result["test"]["accuracy"])
    assert result.images == 50
    assert result.is_of(run)
    assert robustness.load(run.path) == result
    assert result.curve("shift")[0].tolist() == [0, 1, 2, 3, 4, 6]
    assert result.curve("size")[0][3] == 1
    assert result.curve("shift")[1][0] == result.curve("size")[1][3] == result.clean
    assert result.lowest("shift").accuracy == min(result.curve("shift")[1][1:]) < result.clean


def test_where_early_stopping_put_the_best_weights_back_those_answer(tmp_path):
    run = ended(tmp_path, **{"training.patience": 1, "training.optimizer.learning_rate": 0.3, "training.epochs": 6})
    assert run.snapshot().best is not None
    result = of(run)
    assert result.clean == pytest.approx(run.status().result["test"]["accuracy"])
    assert result.is_of(run)


def test_guessing_is_the_most_frequent_class_of_training(tmp_path):
    run = ended(tmp_path)
    said = predictions.load(run.predictions_path, "test")
    assert of(run).guessing == np.mean(said.labels == np.argmax(said.training_counts))


def test_colour_images_are_changed_too(tmp_path):
    run = ended(tmp_path, **{"data.name": "digits-32x32-rgb", "network.input_shape": [3, 32, 32]})
    assert len(of(run).points) == POINTS


def test_what_cannot_be_measured_is_a_sentence(tmp_path):
    waiting = create(small_experiment(), "reference", folder=tmp_path)
    with pytest.raises(RunError, match="when it has ended"):
        of(waiting)
    waiting.leave_queue("you took it out")
    with pytest.raises(RunError, match="has no saved weights"):
        of(waiting)
    with pytest.raises(DataError, match="no test images"):
        of(ended(tmp_path, **{"data.test": 0}))
    assert list(tmp_path.glob("*/robustness.json")) == []


def test_points_are_too_small_to_be_changed(tmp_path):
    layers = [{"kind": "flatten"}, {"kind": "dense", "units": 2}]
    network = {"network": {"input_shape": [1, 1, 2], "layers": layers}, "data.name": "points-moons"}
    with pytest.raises(DataError, match="1x2 pixels"):
        of(ended(tmp_path, **network))


def test_a_failure_leaves_what_was_measured_before(tmp_path, monkeypatch):
    run = ended(tmp_path)
    before = of(run)

    def broken(judge):
        yield None, 0.0, 1
        raise BackendError("no more memory")

    monkeypatch.setattr(robustness, "measure", broken)
    with pytest.raises(BackendError):
        of(run)
    assert robustness.load(run.path) == before
    assert not list(run.path.glob("*.part"))


def test_a_measurement_of_older_weights_is_known_as_one(tmp_path):
    run = ended(tmp_path)
    result = of(run)
    assert not result.model_copy(update={"step": result.step - 1}).is_of(run)


@pytest.mark.parametrize("damage", ["{", '{"format": 2}', "[]", "accuracy"])
def test_a_damaged_file_is_none(tmp_path, damage):
    run = ended(tmp_path)
    of(run)
    path = run.path / robustness.FILE
    document = json.loads(path.read_text())
    document["points"][0]["accuracy"] += 0.01
    path.write_text(json.dumps(document) if damage == "accuracy" else damage)
    assert robustness.load(run.path) is None


def test_the_table_has_a_column_a_run_and_gaps_where_a_point_is_missing(tmp_path):
    result = of(ended(tmp_path))
    short = result.model_copy(update={"points": result.points[:3]})
    columns = robustness.table([result, short], ["a", "b"])
    assert columns["a"] == [point.accuracy for point in result.points]
    assert columns["change"][:2] == ["none", "Shift"]
    assert columns["b"][:3] == columns["a"][:3]
    assert np.isnan(columns["b"][3:]).all()


def test_it_travels_with_the_run(tmp_path):
    run = ended(tmp_path / "here")
    result = of(run)
    [again] = archive_import.unpack(export.archive([run]), tmp_path / "there")
    assert robustness.load(find(again, tmp_path / "there").path) == result


# --- the command


def test_the_same_run_answers_alike_in_every_backend(tmp_path):
    run = ended(tmp_path / "runs")
    result = {name: robustness.measured(run, backends.load(name), name, "cpu") for name in backends.names()}
    counts = {name: [point.right for point in it.points] for name, it in result.items()}
    assert counts["pytorch"] == counts["reference"]
    assert counts["tensorflow"] == counts["reference"]
    assert len(set(counts["reference"])) > 5


def test_a_run_is_answered_by_the_backend_that_trained_it(tmp_path):
    name = "pytorch"
    train = [sys.executable, "-c", _TRAINING, name, str(tmp_path / "runs")]
    subprocess.run(train, cwd=ROOT, check=True, capture_output=True)
    [run] = [find(path.name, tmp_path / "runs") for path in (tmp_path / "runs").iterdir()]
    done = command(tmp_path, "robustness", run.id)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == POINTS + 1
    assert "Rotate 90 degrees" in done.stdout
    recording = robustness.load(run.path)
    assert recording.backend == name
    assert recording.clean == pytest.approx(run.status().result["test"]["accuracy"])


_TRAINING = """
import sys
from pathlib import Path
import backends
from core.runs.folder import create
from core.runs.trainer import record
from tests.support.small import small_experiment
run = create(small_experiment(epochs=1, normalised=True), sys.argv[1], folder=Path(sys.argv[2]))
assert record(run, backends.load(sys.argv[1]), sys.argv[1], "cpu") == "finished"
"""


def test_mistakes_on_the_command_line_are_one_sentence_each(tmp_path):
    run = ended(tmp_path / "runs")
    assert "no run 'nothing'" in refused(tmp_path, "robustness", "nothing")
    assert "caffe" in refused(tmp_path, "robustness", run.id, "--backend", "caffe")
    assert "cuda:9" in refused(tmp_path, "robustness", run.id, "--device", "cuda:9")
    (run.path / "state").rename(run.path / "gone")
    assert "has no saved weights" in refused(tmp_path, "robustness", run.id)
    assert robustness.load(run.path) is None
