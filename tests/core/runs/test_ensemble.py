"""A vote of several runs: worked out by hand, and refused with a reason where it would compare different images."""

import numpy as np
import pytest

from core.experiment.experiment import changed
from core.metrics.evaluation import Evaluation
from core.metrics.mcnemar import mcnemar
from core.runs import ensemble, predictions
from core.runs.folder import RunError, create
from core.runs.predictions import Predictions
from tests.support.small import small_experiment


LABELS, ROWS = np.array([0, 1, 1]), np.array([7, 3, 5])
FIRST = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
SECOND = np.array([[0.3, 0.7], [0.1, 0.9], [0.7, 0.3]])


def run_with(tmp_path, probabilities, labels=LABELS, rows=ROWS, **fields):
    run = create(changed(small_experiment(), **fields), "reference", folder=tmp_path)
    counts = np.array([2, 1])
    predictions.save(run.predictions_path, "test", Predictions(np.log(probabilities), labels, rows, counts))
    run.release()
    return run


def together(*runs):
    first = predictions.load(runs[0].predictions_path, "test")
    members = [first, *(ensemble.in_the_order_of(first, runs[0], run, "test") for run in runs[1:])]
    return ensemble.vote(runs, members)


def test_the_vote_is_the_mean_of_the_probabilities(tmp_path):
    """(0.9 + 0.3) / 2 = 0.6, (0.6 + 0.1) / 2 = 0.35, (0.2 + 0.7) / 2 = 0.45: right three times, where the members are
    right twice and once."""
    runs = run_with(tmp_path, FIRST), run_with(tmp_path, SECOND)
    result = together(*runs)
    judged = Evaluation(result.logits, result.labels, ensemble.LOSS)
    assert judged.probabilities == pytest.approx(np.array([[0.6, 0.4], [0.35, 0.65], [0.45, 0.55]]), abs=1e-12)
    assert judged.right.tolist() == [True, True, True]
    assert result.training_counts.tolist() == [4, 2]


def test_one_run_votes_as_it_answers_alone(tmp_path):
    result = together(run_with(tmp_path, FIRST))
    assert Evaluation(result.logits, result.labels, ensemble.LOSS).probabilities == pytest.approx(FIRST, abs=1e-12)


def test_members_that_were_shuffled_differently_are_put_in_order(tmp_path):
    order = np.array([2, 0, 1])
    shuffled = run_with(tmp_path, SECOND[order], LABELS[order], ROWS[order])
    assert np.array_equal(
        together(run_with(tmp_path, FIRST), shuffled).logits,
        together(run_with(tmp_path, FIRST), run_with(tmp_path, SECOND)).logits,
    )


def test_squared_error_and_cross_entropy_vote_with_probabilities_not_with_outputs(tmp_path):
    """Outputs 3, 1 under squared error with one-hot targets are cut to 1, 1 and so to 1/2, 1/2."""
    loss = {"training.loss": {"kind": "squared_error", "targets": "one-hot"}}
    squared = run_with(tmp_path, np.exp([[3.0, 1.0], [3.0, 1.0], [3.0, 1.0]]), **loss)
    result = together(run_with(tmp_path, FIRST), squared)
    probabilities = Evaluation(result.logits, result.labels, ensemble.LOSS).probabilities
    assert probabilities == pytest.approx((FIRST + 0.5) / 2, abs=1e-12)


@pytest.mark.parametrize(
    "other, reason",
    [
        ({"rows": ROWS + 1}, "its test images are others"),
        ({"labels": 1 - LABELS}, "its test images have other labels"),
        ({"probabilities": np.full((3, 3), 1 / 3)}, "it has 3 classes, not 2"),
        ({"data.name": "digits"}, "it was trained on digits, not on digits-16x16"),
        ({"probabilities": np.full((3, 2), 0.0)}, "no test predictions that can be read"),
    ],
)
def test_runs_that_cannot_vote_together_say_why(tmp_path, other, reason):
    with np.errstate(divide="ignore"), pytest.raises(RunError, match=reason):
        together(run_with(tmp_path, FIRST), run_with(tmp_path, **{"probabilities": SECOND} | other))


def test_a_vote_about_one_image_needs_the_same_classes_and_images():
    assert ensemble.voted([FIRST[:1], SECOND[:1]]) == pytest.approx(np.array([[0.6, 0.4]]))
    with pytest.raises(RunError, match="2 and 3 classes"):
        ensemble.voted([FIRST, np.full((3, 3), 1 / 3)])
    with pytest.raises(RunError, match="different images"):
        ensemble.voted([FIRST, SECOND[:1]])


def test_mcnemar_counts_the_images_on_which_only_one_is_right():
    """1 against 7 of 8: two tails of fair coins with at most 1 head, 2 * (1 + 8) / 256."""
    first = np.array([True] * 5 + [True] + [False] * 7 + [False] * 3)
    second = np.array([True] * 5 + [False] + [True] * 7 + [False] * 3)
    result = mcnemar(first, second)
    assert (result.only_first, result.only_second) == (1, 7)
    assert result.p == pytest.approx(18 / 256)
    assert not result.larger_than_chance
    assert mcnemar(first, first).p == 1
    assert mcnemar(np.zeros(8, bool), np.ones(8, bool)).p == pytest.approx(2 / 256)
