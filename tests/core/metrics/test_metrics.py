"""Metrics: the lectures' numbers first, then scikit-learn on random labels and scores, with ties and gaps."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as some
from sklearn import calibration, metrics

from core.metrics.baselines import baselines, guesses, imbalance
from core.metrics.calibration import reliability
from core.metrics.confusion import accuracy, balanced_accuracy, class_scores, confusion, macro, micro, weighted
from core.metrics.evaluation import Evaluation
from core.metrics.rare_class import rare_scores
from core.metrics.rejection import least_refused, refuse_below, rejection
from core.metrics.roc_pr import precision_recall, roc
from core.metrics.threshold import Outcome, outcome
from core.metrics.top_k import hardest, ranks, top_k
from core.numerics.losses import softmax
from tests.support import golden


patient = settings(deadline=None)
"""A busy machine may take its time."""

G23_TRUTH, G23_SCORES = np.array(golden.G23["truth"], bool), np.array(golden.G23["scores"])


@some.composite
def labels(draw):
    """(classes, truth, predicted): often not every class occurs."""
    classes, count = draw(some.integers(2, 6)), draw(some.integers(1, 60))
    rng = np.random.default_rng(draw(some.integers(0, 2**32)))
    upto = draw(some.integers(1, classes))
    return classes, rng.integers(0, upto, count), rng.integers(0, classes, count)


@some.composite
def scored(draw):
    """(positive, scores) with both kinds, and as many ties as the steps of the scores are coarse."""
    count, steps = draw(some.integers(2, 80)), draw(some.sampled_from([1, 2, 5, 20, 10**6]))
    rng = np.random.default_rng(draw(some.integers(0, 2**32)))
    positive = rng.random(count) < draw(some.floats(0.05, 0.95))
    positive[:2] = [True, False]
    return positive, rng.integers(0, steps + 1, count) / steps


# --- one class against the rest


def test_the_medical_test_is_right_in_95_percent_and_its_yes_in_15():
    result = Outcome(**{name: golden.G22[name] for name in ("tp", "fn", "fp", "tn")})
    assert {name: getattr(result, name) for name in golden.G22["scores"]} == pytest.approx(
        golden.G22["scores"], abs=1e-6
    )


def test_a_test_that_always_says_no_is_right_in_99_percent_and_finds_nobody():
    result = outcome(np.arange(10_000) < 100, np.zeros(10_000), 0.5)
    assert {name: getattr(result, name) for name in golden.G22_ALWAYS_NO} == pytest.approx(golden.G22_ALWAYS_NO)
    assert np.isnan(result.precision), "it never said yes: 0/0"


@pytest.mark.parametrize("threshold, counts", golden.G23["at"].items())
def test_a_threshold_sorts_ten_cases_into_four_cells(threshold, counts):
    result = outcome(G23_TRUTH, G23_SCORES, threshold)
    assert (result.tp, result.fn, result.fp, result.tn) == counts


def test_ten_cases_draw_the_roc_of_the_lecture():
    curve = roc(G23_TRUTH, G23_SCORES)
    points = np.stack([curve.false_positive_rate, curve.true_positive_rate], axis=1)
    assert points == pytest.approx(np.array(golden.G23["points"]))
    assert curve.area == pytest.approx(golden.G23["area"])
    average = precision_recall(G23_TRUTH, G23_SCORES).average_precision
    assert average == pytest.approx(golden.G23["average_precision"], abs=1e-6)


def test_equal_scores_are_one_point_and_guessing_has_area_one_half():
    curve = roc(np.array([True, False, True, False]), np.full(4, 0.3))
    assert curve.false_positive_rate.tolist() == [0, 1]
    assert curve.area == 0.5


def test_without_positives_there_is_no_curve_but_no_number_is_made_up():
    never = np.zeros(3, bool)
    assert np.isnan(roc(never, np.arange(3.0)).area)
    assert np.isnan(precision_recall(never, np.arange(3.0)).average_precision)


@patient
@given(scored())
def test_roc_and_precision_recall_are_scikit_learns(case):
    positive, scores = case
    ours, (fpr, tpr, thresholds) = roc(positive, scores), metrics.roc_curve(positive, scores, drop_intermediate=False)
    assert np.allclose(ours.false_positive_rate, fpr)
    assert np.allclose(ours.true_positive_rate, tpr)
    assert np.array_equal(ours.thresholds, thresholds)
    assert np.isclose(ours.area, metrics.roc_auc_score(positive, scores))
    ours = precision_recall(positive, scores)
    precision, recall, thresholds = metrics.precision_recall_curve(positive, scores)
    assert np.allclose(ours.precision[::-1], precision[:-1])
    assert np.allclose(ours.recall[::-1], recall[:-1])
    assert np.array_equal(ours.thresholds[::-1], thresholds)
    assert np.isclose(ours.average_precision, metrics.average_precision_score(positive, scores))


@patient
@given(scored())
def test_every_point_of_the_curves_is_the_outcome_at_its_threshold(case):
    positive, scores = case
    over, pairs = roc(positive, scores), precision_recall(positive, scores)
    for index, threshold in enumerate(pairs.thresholds):
        result = outcome(positive, scores, threshold)
        assert result.recall == over.true_positive_rate[index + 1] == pairs.recall[index]
        assert result.false_positive_rate == over.false_positive_rate[index + 1]
        assert result.precision == pairs.precision[index]


# --- the confusion matrix


def test_three_classes_give_the_scores_worked_out_by_hand():
    matrix, golden_ = np.array(golden.G24["matrix"]), golden.G24
    assert accuracy(matrix) == pytest.approx(golden_["accuracy"])
    assert balanced_accuracy(matrix) == pytest.approx(golden_["balanced"], abs=1e-6)
    assert macro(matrix).precision == pytest.approx(golden_["macro_precision"], abs=1e-6)
    assert macro(matrix).f1 == pytest.approx(golden_["macro_f1"], abs=1e-6)
    assert weighted(matrix).f1 == pytest.approx(golden_["weighted_f1"], abs=1e-6)
    assert micro(matrix).f1 == micro(matrix).recall == pytest.approx(accuracy(matrix))


def test_rows_are_the_truth():
    assert confusion(np.array([0, 0, 1]), np.array([1, 1, 1]), 2).tolist() == [[0, 2], [0, 1]]


def test_labels_of_different_lengths_are_refused_with_both():
    with pytest.raises(ValueError, match=r"3 true labels .* 2 predicted"):
        confusion(np.zeros(3, int), np.zeros(2, int), 2)


def test_a_class_never_predicted_has_no_precision_and_one_never_seen_no_recall():
    scores = class_scores(np.array([[3, 0, 1], [2, 0, 0], [0, 0, 0]]))
    assert np.isnan(scores.precision).tolist() == [False, True, False]
    assert np.isnan(scores.recall).tolist() == [False, False, True]
    assert scores.f1[1] == 0
    assert scores.support.tolist() == [4, 2, 0]


@patient
@given(labels())
def test_class_scores_and_averages_are_scikit_learns(case):
    classes, truth, predicted = case
    matrix = confusion(truth, predicted, classes)
    assert np.array_equal(matrix, metrics.confusion_matrix(truth, predicted, labels=range(classes)))
    assert accuracy(matrix) == pytest.approx(metrics.accuracy_score(truth, predicted))
    ours = class_scores(matrix)
    theirs = metrics.precision_recall_fscore_support(truth, predicted, labels=range(classes), zero_division=np.nan)
    for mine, other in zip((ours.precision, ours.recall, ours.f1, ours.support), theirs, strict=True):
        assert np.allclose(mine, other, equal_nan=True)
    for kind, average in (("macro", macro), ("weighted", weighted), ("micro", micro)):
        expected = metrics.precision_recall_fscore_support(truth, predicted, average=kind, zero_division=0)[:3]
        mine = average(matrix)
        assert np.allclose((mine.precision, mine.recall, mine.f1), expected)


@patient
@given(labels())
def test_balanced_accuracy_is_the_mean_recall_of_the_classes_that_occur(case):
    classes, truth, predicted = case
    mean = np.mean([np.mean(predicted[truth == label] == label) for label in np.unique(truth)])
    assert balanced_accuracy(confusion(truth, predicted, classes)) == pytest.approx(mean)


@patient
@given(labels())
def test_specificity_is_the_recall_of_the_rest(case):
    classes, truth, predicted = case
    ours = class_scores(confusion(truth, predicted, classes)).specificity
    for label in range(classes):
        rest = metrics.recall_score(truth != label, predicted != label, zero_division=np.nan)
        assert ours[label] == pytest.approx(rest, nan_ok=True)


# --- baselines


def test_guessing_on_fer2013_gets_what_the_lecture_says():
    counts, golden_ = np.array(golden.G25["counts"]), golden.G25
    scores = baselines(counts)
    assert (scores.uniform, scores.majority, scores.prior) == pytest.approx(
        (golden_["uniform"], golden_["majority"], golden_["prior"]), abs=1e-6
    )
    assert imbalance(counts[:2]) == pytest.approx(golden_["imbalance"], abs=1e-4)
    assert baselines(counts[:2]).majority == pytest.approx(golden_["angry_or_disgust"], abs=1e-6)


def test_the_majority_is_that_of_the_training_images():
    scores = baselines(np.array([1, 9]), training=np.array([3, 1]))
    assert (scores.uniform, scores.majority, scores.prior) == pytest.approx((0.5, 0.1, 0.75 * 0.1 + 0.25 * 0.9))


def test_what_a_guesser_is_expected_to_get_has_the_accuracies_that_are_said_and_a_balanced_accuracy_of_one_in_k():
    judged, training = np.array([90, 6, 4]), np.array([70, 10, 20])
    known = baselines(judged, training)
    for who, shares in guesses(training).items():
        result = rare_scores(np.outer(judged, shares), 1)
        assert result.accuracy == pytest.approx(getattr(known, who)), who
        assert result.balanced == pytest.approx(1 / 3) and result.recall == pytest.approx(shares[1]), who
    always_first = rare_scores(np.outer(judged, guesses(training)["majority"]), 1)
    assert always_first.recall == 0
    assert np.isnan(always_first.precision)


def test_expected_scores_of_the_prior_matched_guesser_are_the_mean_of_many_who_draw():
    judged, training = np.array([900, 60, 40]), np.array([7, 1, 2])
    shares, rng = guesses(training)["prior"], np.random.default_rng(3)
    truth = np.repeat(np.arange(3), judged)
    drawn = [rare_scores(confusion(truth, rng.choice(3, len(truth), p=shares), 3), 1) for _ in range(400)]
    result = rare_scores(np.outer(judged, shares), 1)
    for name in ("accuracy", "balanced", "recall"):
        assert getattr(result, name) == pytest.approx(np.mean([getattr(it, name) for it in drawn]), abs=0.01), name


# --- refusing


def test_refusing_the_unsure_answers_lowers_the_error():
    confidence, right = np.array([0.9, 0.8, 0.6, 0.4]), np.array([True, True, False, True])
    result = rejection(confidence, right)
    assert result.refused == pytest.approx([0.75, 0.5, 0.25, 0])
    assert result.error == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert least_refused(result, 0.01).refused == 0.5
    assert refuse_below(confidence, right, 0.6).refused == 0.25
    assert np.isnan(refuse_below(confidence, right, 1.0).error)


def test_an_error_that_cannot_be_reached_is_said_to_be_so():
    assert least_refused(rejection(np.array([0.9, 0.1]), np.array([False, True])), 0.1) is None


@patient
@given(scored())
def test_every_point_is_one_minus_scikit_learns_accuracy_on_what_is_kept(case):
    right, confidence = case
    result = rejection(confidence, right)
    assert result.refused[-1] == 0
    assert len(result.thresholds) == len(np.unique(confidence))
    for threshold, refused, error in zip(result.thresholds, result.refused, result.error, strict=True):
        kept = right[confidence >= threshold]
        assert refused == pytest.approx(1 - len(kept) / len(right))
        assert error == pytest.approx(1 - metrics.accuracy_score(np.ones(len(kept), bool), kept))


# --- calibration


def test_answers_that_are_right_as_often_as_they_are_sure_have_no_calibration_error():
    result = reliability(np.repeat([0.25, 0.75], 4), np.array([1, 0, 0, 0, 1, 1, 1, 0], bool), bins=2)
    assert result.accuracy.tolist() == [0.25, 0.75]
    assert result.expected_error == 0
    assert reliability(np.ones(4), np.array([True, True, False, False])).expected_error == 0.5


@patient
@given(scored(), some.integers(1, 12))
def test_the_bins_are_those_of_scikit_learn(case, bins):
    right, confidence = case
    ours = reliability(confidence, right, bins)
    accuracy_, confidence_ = calibration.calibration_curve(right, confidence, n_bins=bins)
    full = ours.counts > 0
    assert ours.counts.sum() == len(right)
    assert np.allclose(ours.accuracy[full], accuracy_)
    assert np.allclose(ours.confidence[full], confidence_)


# --- rankings


def test_the_rank_is_one_more_than_the_classes_before_the_right_one():
    logits = np.array([[1.0, 3.0, 2.0], [2.0, 2.0, 1.0], [2.0, 2.0, 1.0]])
    assert ranks(logits, np.array([2, 0, 1])).tolist() == [2, 1, 2]


def test_the_first_guess_is_the_one_of_argmax_also_between_equals():
    logits = np.random.default_rng(1).integers(0, 3, (200, 4)).astype(float)
    truth = np.arange(200) % 4
    assert top_k(logits, truth, 1) == np.mean(np.argmax(logits, axis=1) == truth)


@patient
@given(some.integers(0, 2**32), some.integers(3, 6), some.sampled_from([2, 5, 10**6]))
def test_top_k_is_scikit_learns(seed, classes, steps):
    rng = np.random.default_rng(3)
    logits, truth = rng.integers(0, steps, (30, classes)).astype(float), rng.integers(0, classes, 30)
    for k in range(1, classes):
        # Of equal scores scikit-learn takes the last class, we the first: its classes are turned round.
        theirs = metrics.top_k_accuracy_score(classes - 1 - truth, logits[:, ::-1], k=k, labels=range(classes))
        assert top_k(logits, truth, k) == pytest.approx(theirs)


def test_the_hardest_image_is_the_one_whose_label_got_the_least_probability():
    logits = np.array([[2.0, 0.0], [0.0, 2.0], [0.0, 0.5]])
    truth = np.array([0, 0, 0])
    shown = hardest(Evaluation(logits, truth).losses)
    assert shown.tolist() == [1, 2, 0]
    assert np.all(np.diff(softmax(logits)[shown, 0]) >= 0)
