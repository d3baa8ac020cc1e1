"""The regularisation widgets: true gradients for the sine network, training's own masks, guarded labels."""

import numpy as np
import pytest

from backends.contract.golden import G21
from core.data.preparation.augmentation import Flip, Rotate, Shift, Zoom
from core.demos.images.label_safety import danger
from core.demos.learning import dropout_masks, overfitting
from core.demos.learning.batch_norm_steps import normalised
from core.recordings.epochs import best_epoch, training_losses
from pages import recorded


def test_the_sine_network_learns_by_the_slope_of_its_error():
    x, y = overfitting.points(10, "training", 5)
    weights, small = overfitting.first(4, 5), 1e-6
    result = overfitting.slope(weights, x, y)
    for name, position in (
        ("inner.weights", (2, 0)),
        ("inner.biases", (1,)),
        ("outer.weights", (0, 3)),
        ("outer.biases", (0,)),
    ):
        errors = []
        for by in (small, -small):
            moved = {key: value.copy() for key, value in weights.items()}
            moved[name][position] += by
            errors.append(np.mean((overfitting.out(moved, x)[0] - y) ** 2))
        assert result[name][position] == pytest.approx((errors[0] - errors[1]) / (2 * small), abs=1e-6), name


def test_a_large_network_over_fits_ten_points_and_stopping_early_helps():
    run = overfitting.overfit(20, 10)
    assert run.training[-1] < 0.001
    assert run.validation[-1] > 1.3 * run.validation[run.best]
    assert run.validation[run.best] == run.validation.min()
    assert run.best < run.stopped(8) < len(run.steps) - 1
    assert run.drawn.shape == (len(run.steps), len(run.grid))


def test_patience_counts_looks_without_a_new_low():
    run = overfitting.overfit(20, 10)
    position = run.stopped(3)
    lows = np.minimum.accumulate(run.validation)
    assert (run.validation[position - 2 : position + 1] >= lows[position - 3]).all()


@pytest.mark.parametrize("look", [dropout_masks.hidden, dropout_masks.visible])
def test_what_dropout_keeps_is_divided_by_the_share_that_stays(look):
    result = look(0.5)
    left = result.left[0]
    assert np.all((left == 0) | np.isclose(left, result.whole / 0.5))
    assert 0.35 < result.kept.mean() / result.whole.size < 0.65
    assert not np.array_equal(result.left[0], result.left[1])
    assert np.array_equal(look(0.0).left[0], look(0.0).whole)


def test_batch_norm_of_eight_numbers_is_as_worked_out_by_hand():
    result = normalised(G21["x"])
    assert result.mean == 5
    assert result.deviation == 2
    assert result.normal.tolist() == G21["normal"]
    assert normalised(G21["x"], 3, 1).y.tolist() == [3 * value + 1 for value in G21["normal"]]
    with pytest.raises(ValueError, match="all numbers are equal"):
        normalised([4, 4, 4])


def test_a_label_that_would_be_wrong_is_warned_of():
    assert danger(Rotate(degrees=180), 6) == danger(Rotate(degrees=180), 9) == "another"
    assert danger(Flip(share=0.5), 2) == "mirrored"
    assert danger(Rotate(degrees=90), 4) == "unreadable"
    assert danger(Flip(share=0.5), 8) is None
    assert danger(Flip(share=0.0), 2) is None
    assert danger(Rotate(degrees=15), 6) is None
    assert danger(Shift(pixels=2), 4) is None
    assert danger(Shift(pixels=9), 4) == "outside"
    assert danger(Zoom(by=0.8), 4) == "cut"


def test_the_best_epoch_of_a_recording_has_the_lowest_validation_loss():
    run = recorded.load("homework-relu")
    losses = [epoch.loss for epoch in run.epochs]
    assert losses[best_epoch(run) - 1] == min(losses)
    training = training_losses(run)
    assert len(training) == len(losses)
    assert training[-1] == pytest.approx(run.losses[-1])


def test_a_run_with_patience_ended_that_long_after_its_low():
    run = recorded.load("homework-early")
    assert len(run.epochs) == best_epoch(run) + run.experiment.training.patience
