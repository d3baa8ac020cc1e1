"""Predictions of a run: kept at its end, the same numbers again, and never half a file."""

import numpy as np
import pytest

import backends
from core.experiment.experiment import changed
from core.runs import predictions
from core.runs.folder import create
from core.runs.predictions import Predictions
from core.runs.trainer import record
from core.training.loop import measured
from tests.support.small import small_experiment


def some(count=3, classes=4) -> Predictions:
    logits = np.random.default_rng(1).normal(size=(count, classes)).astype(np.float32)
    return Predictions(logits, np.arange(count), np.arange(count) + 100, np.arange(classes))


def test_predictions_come_back_exactly(tmp_path):
    predictions.save(tmp_path, "test", some())
    back = predictions.load(tmp_path, "test")
    for name, array in vars(some()).items():
        assert np.array_equal(getattr(back, name), array)
        assert getattr(back, name).dtype == array.dtype
    assert predictions.kept(tmp_path) == ["test"]
    assert [path.name for path in tmp_path.iterdir()] == ["test.safetensors"]


def test_a_damaged_or_missing_file_is_no_prediction(tmp_path):
    assert predictions.load(tmp_path, "test") is None
    predictions.save(tmp_path, "test", some())
    path = tmp_path / "test.safetensors"
    path.write_bytes(path.read_bytes()[:-5])
    assert predictions.load(tmp_path, "test") is None


def test_the_classes_of_a_part_are_counted_without_its_logits(tmp_path):
    assert predictions.class_counts(tmp_path, "test") is None
    predictions.save(tmp_path, "test", some())
    here, seen = predictions.class_counts(tmp_path, "test")
    assert here.tolist() == [1, 1, 1, 0]
    assert seen.tolist() == [0, 1, 2, 3]


def test_a_large_training_part_and_an_empty_one_are_not_kept():
    assert not predictions.wanted("train", predictions.MOST_TRAINING + 1)
    assert predictions.wanted("train", predictions.MOST_TRAINING)
    assert predictions.wanted("test", 10**6)
    assert not predictions.wanted("validation", 0)


def test_a_finished_run_keeps_what_it_said_and_its_result_follows_from_it(tmp_path):
    run = create(small_experiment(epochs=1), "reference", folder=tmp_path)
    assert record(run, backends.load("reference"), "reference", "cpu") == "finished"
    assert predictions.kept(run.predictions_path) == ["train", "validation", "test"]
    for part, result in run.status().result.items():
        recording = predictions.load(run.predictions_path, part)
        assert measured(recording.logits, recording.labels, run.experiment.training.loss) == pytest.approx(result)
        assert recording.training_counts.sum() == 200
        assert len(recording.rows) == len(recording.labels)


def test_an_empty_part_has_no_result_and_no_predictions(tmp_path):
    run = create(changed(small_experiment(epochs=1), **{"data.test": 0}), "reference", folder=tmp_path)
    assert record(run, backends.load("reference"), "reference", "cpu") == "finished"
    assert run.status().result["test"] == {}
    assert predictions.kept(run.predictions_path) == ["train", "validation"]


def test_a_stopped_run_keeps_none(tmp_path):
    run = create(small_experiment(), "reference", folder=tmp_path)
    assert record(run, backends.load("reference"), "reference", "cpu", leave=lambda: "enough") == "stopped"
    assert predictions.kept(run.predictions_path) == []
