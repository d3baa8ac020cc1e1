"""The sentence of verdict on a run, from logs made for each case and from real trainings."""

import numpy as np
import pytest

import backends
from backends.executors.inline import InlineExecutor
from core.experiment.experiment import changed
from core.runs import folder
from core.runs.events import EventWriter
from core.runs.verdict import verdict
from tests.support.small import small_experiment


PER_EPOCH = 10


@pytest.fixture
def judged(tmp_path):
    """Writes the log of a run from its training losses (one per epoch) and validation losses and accuracies."""

    def write(training, validation=(), accuracies=(), ended=True):
        run = folder.create(small_experiment(), "reference", folder=tmp_path)
        with EventWriter(run.events_path) as log:
            total = PER_EPOCH * len(training)
            log.write("started", step=0, total_steps=total, steps_per_epoch=PER_EPOCH, backend="reference")
            for epoch, loss in enumerate(training, 1):
                log.write("steps", step=PER_EPOCH * epoch, losses=[loss] * PER_EPOCH, seconds=0.1)
                if epoch <= len(validation):
                    measured = {"loss": validation[epoch - 1], "accuracy": accuracies[epoch - 1]}
                    log.write("epoch", epoch=epoch, step=PER_EPOCH * epoch, validation=measured, seconds=0.1)
            if ended:
                log.write("stopped", step=total)
        return verdict(run)

    return write


def test_nothing_is_said_before_the_first_loss_and_before_the_first_epoch(judged, tmp_path):
    assert verdict(folder.create(small_experiment(), "reference", folder=tmp_path)) is None
    assert judged([2.3]) is None


def test_at_chance_it_has_learned_nothing(judged):
    result = judged([2.31, 2.30], [2.303, 2.302], [0.1, 0.114])
    assert result.kind == "learned nothing"
    assert "ln 10 = 2.303" in result.sentence


def test_a_rising_or_broken_loss_has_diverged(judged):
    assert judged([2.3, 2.0, 9.0, 1_150_000.0], [2.3] * 4, [0.5] * 4).kind == "diverged"
    broken = judged([2.3, 1.0, float("nan")])
    assert broken.kind == "diverged"
    assert "from step 21 on" in broken.sentence


def test_a_validation_loss_that_rises_while_the_training_loss_falls_overfits(judged):
    result = judged([1.0, 0.5, 0.2, 0.1], [0.9, 0.6, 0.7, 0.8], [0.7, 0.8, 0.8, 0.8])
    assert result.kind == "overfits"
    assert "since epoch 2" in result.sentence
    assert "0.6 to 0.8" in result.sentence


def test_a_loss_that_both_rises_is_no_overfitting(judged):
    assert judged([0.5, 0.3, 0.31, 0.32], [0.6, 0.5, 0.55, 0.56], [0.8] * 4).kind == "fine"


def test_a_run_that_goes_on_is_judged_only_if_it_has_diverged(judged):
    assert judged([1.0, 0.8, 0.6], [1.0, 0.8, 0.6], [0.7, 0.75, 0.8], ended=False) is None
    assert judged([2.3, 2.0, 9.0, 99.0], [2.3] * 4, [0.5] * 4, ended=False).kind == "diverged"


def test_one_small_rise_is_no_overfitting(judged):
    assert judged([1.0, 0.5, 0.2, 0.1], [0.9, 0.7, 0.6, 0.64], [0.8] * 4).kind == "fine"


def test_still_falling_and_fine(judged):
    assert judged([1.0, 0.8, 0.6], [1.0, 0.8, 0.6], [0.7, 0.75, 0.8]).kind == "still falling"
    assert judged([1.0, 0.8, 0.79], [1.0, 0.8, 0.795], [0.7, 0.75, 0.8]).kind == "fine"


@pytest.mark.parametrize("rate, kinds", [(1e-12, {"learned nothing"}), (0.01, {"fine", "still falling"})])
def test_real_runs_are_judged_by_what_they_learned(tmp_path, rate, kinds):
    experiment = changed(small_experiment(epochs=6, train=None), **{"training.optimizer.learning_rate": rate})
    run = InlineExecutor(backends.load("reference")).start(experiment, "reference", folder=tmp_path)
    assert run.status().state == "finished"
    assert verdict(run).kind in kinds, verdict(run)
    assert np.isfinite(run.reading.losses).all()
