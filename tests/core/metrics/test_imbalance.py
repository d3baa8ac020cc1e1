"""Seed noise, moved thresholds, class weights and the resampling simulation, against numbers worked out elsewhere."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats
from sklearn.utils.class_weight import compute_class_weight

from core.demos.learning import resampling_simulation
from core.metrics import paired_seeds, prior_shift
from core.numerics.losses import softmax
from core.recipe import class_weights
from core.recipe.class_weights import BalancedWeights, CustomWeights, EqualWeights


FER = {"angry": 4953, "disgust": 547, "fear": 5121, "happy": 8989, "sad": 6077, "surprise": 4002, "neutral": 6198}


def test_the_weights_of_fer_are_those_of_the_curriculum():
    result = class_weights.balanced(np.array(list(FER.values())))
    assert dict(zip(FER, result.round(3).tolist(), strict=True)) == {
        "angry": 1.035,
        "disgust": 9.372,
        "fear": 1.001,
        "happy": 0.570,
        "sad": 0.844,
        "surprise": 1.281,
        "neutral": 0.827,
    }


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=60))
def test_balanced_weights_are_those_of_scikit_learn(labels):
    labels = np.array(labels)
    present = np.unique(labels)
    weights = class_weights.of_images(BalancedWeights(), labels, 5)
    expected = dict(zip(present, compute_class_weight("balanced", classes=present, y=labels), strict=True))
    assert np.allclose(weights, [expected[label] for label in labels], rtol=1e-12)
    assert weights.sum() == pytest.approx(len(labels))


def test_weights_by_hand_are_taken_as_they_are_and_equal_ones_are_none():
    assert class_weights.of_images(CustomWeights(weights=(1, 10)), np.array([0, 1, 0]), 2).tolist() == [1, 10, 1]
    assert class_weights.of_images(EqualWeights(), np.array([0, 1]), 2) is None


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=8).filter(
        lambda pairs: np.ptp([b - a for a, b in pairs]) > 1e-6
    )
)
def test_the_interval_is_that_of_scipys_paired_t_test(pairs):
    first, second = map(list, zip(*pairs, strict=True))
    result = paired_seeds.paired(first, second)
    expected = stats.ttest_rel(second, first).confidence_interval(0.95)
    assert result.low == pytest.approx(expected.low)
    assert result.high == pytest.approx(expected.high)
    larger = stats.ttest_rel(second, first).pvalue < 0.05
    assert result.verdict == ("larger" if larger else "within")


def test_by_hand_three_seeds_a_clear_and_an_unclear_difference():
    clear = paired_seeds.paired([0.50, 0.60, 0.70], [0.70, 0.81, 0.89])
    assert clear.mean == pytest.approx(0.2)
    assert clear.deviation == pytest.approx(0.01)
    assert clear.high - clear.mean == pytest.approx(4.302653 * 0.01 / 3**0.5, rel=1e-6)
    assert paired_seeds.sentence(clear) == (
        "+20.0 points on average over 3 pairs of seeds, 95 % interval +17.5 to +22.5: larger than seed noise."
    )
    assert "within seed noise" in paired_seeds.sentence(paired_seeds.paired([0.5, 0.6, 0.7], [0.7, 0.5, 0.9]))


def test_one_seed_says_nothing_of_noise():
    result = paired_seeds.paired([0.5], [0.9])
    assert result.verdict == "unknown"
    assert "nothing can be said about seed noise" in paired_seeds.sentence(result)
    assert "nothing can be said" in paired_seeds.sentence(paired_seeds.paired([], []))


def test_two_seeds_have_a_very_wide_interval():
    result = paired_seeds.paired([0.5, 0.5], [0.7, 0.8])
    assert result.high - result.mean == pytest.approx(12.7062 * 0.05, rel=1e-4)
    assert result.verdict == "within"
    assert "With two seeds the interval is very wide" in paired_seeds.sentence(result)


def test_without_any_spread_equal_is_within_and_different_is_larger():
    assert (
        paired_seeds.sentence(paired_seeds.paired([0.5] * 3, [0.5] * 3))
        == "No difference in any of 3 seeds: within seed noise."
    )
    same = paired_seeds.paired([0.1, 0.2, 0.3], [0.4, 0.5, 0.6])
    assert same.deviation == 0
    assert "without any spread: larger than seed noise" in paired_seeds.sentence(same)


def test_pairs_without_a_score_are_left_out():
    result = paired_seeds.paired([0.5, np.nan, 0.5], [0.6, 0.7, 0.8])
    assert result.count == 2
    assert result.mean == pytest.approx(0.2)


def test_moving_by_hand():
    logits = np.log(np.array([[0.9, 0.1]]))
    result = softmax(prior_shift.moved(logits, np.array([90, 10]), np.array([1, 1])))
    assert result == pytest.approx(np.array([[0.5, 0.5]]))
    assert np.array_equal(prior_shift.moved(logits, np.array([90, 10]), np.array([9, 1])), logits)
    assert np.array_equal(prior_shift.moved(logits, np.array([90, 10]), np.array([1, 1]), 0), logits)


@settings(deadline=None)
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.05, 5))
def test_moving_is_bayes_rule(old, new, likelihood_ratio):
    """Of two classes with this likelihood ratio at x, exact posteriors become exact posteriors."""

    def posterior(share):
        return share * likelihood_ratio / (share * likelihood_ratio + 1 - share)

    logits = np.log([[1 - posterior(old), posterior(old)]])
    result = softmax(prior_shift.moved(logits, np.array([1 - old, old]), np.array([1 - new, new])))
    assert result[0, 1] == pytest.approx(posterior(new), rel=1e-9)


def test_the_strength_is_the_best_on_the_images_it_is_chosen_on_and_the_smallest_of_equals():
    rng = np.random.default_rng(3)
    labels = np.repeat([0, 1], [500, 500])
    x = rng.normal(size=1000) + 2 * labels
    logits = np.stack([np.zeros(1000), 2 * x - 2 + np.log(0.02 / 0.98)], axis=1)  # exact for 2 % of class 1
    result = prior_shift.chosen(logits, labels, np.array([98, 2]), np.array([1, 1]))
    assert result.strength == pytest.approx(1, abs=0.3)
    assert result.score == max(
        prior_shift._score(prior_shift.moved(logits, np.array([98, 2]), np.array([1, 1]), s), labels)
        for s in prior_shift.STRENGTHS
    )
    sure = prior_shift.chosen(np.array([[9.0, 0], [0, 9.0]]), np.array([0, 1]), np.array([98, 2]), np.array([1, 1]))
    assert sure.strength == 0
    assert sure.score == 1


def test_a_class_that_was_never_learnt_keeps_its_logit():
    assert np.isfinite(prior_shift.moved(np.zeros((1, 3)), np.array([5, 0, 5]), np.ones(3))).all()


def test_the_simulation_gives_the_figures_of_the_curriculum():
    """Section 5, 200 draws there: balanced error, its spread, accuracy on data with 10 to 1."""
    simulation = resampling_simulation.simulate(resampling_simulation.Clouds(), 60)
    expected = {
        "none": (0.374, 0.015, 0.919),
        "undersample": (0.243, 0.010, 0.756),
        "repeat": (0.229, 0.005, 0.787),
        "weights": (0.229, 0.005, 0.787),
        "repeat and noise": (0.228, 0.005, 0.785),
    }
    for name, (error, spread, accuracy) in expected.items():
        assert simulation[name].balanced_error.mean() == pytest.approx(error, abs=0.006), name
        assert simulation[name].balanced_error.std(ddof=1) == pytest.approx(spread, rel=0.35), name
        assert simulation[name].accuracy.mean() == pytest.approx(accuracy, abs=0.008), name
    assert np.abs(simulation["repeat"].balanced_error - simulation["weights"].balanced_error).max() < 2e-3
    assert simulation["undersample"].balanced_error.std() > 1.3 * simulation["repeat"].balanced_error.std()


def test_the_known_errors_of_the_simulation_are_those_that_many_points_show():
    clouds = resampling_simulation.Clouds()
    x, y = resampling_simulation._points(clouds, np.random.default_rng(1))
    direction, offset = resampling_simulation._fitted("weights", x, y, clouds, np.random.default_rng(2))
    many, truth = resampling_simulation._points(
        resampling_simulation.Clouds(common=200_000, rare=200_000), np.random.default_rng(3)
    )
    said = many @ direction + offset > 0
    seen = (said[truth == 0].mean(), 1 - said[truth == 1].mean())
    assert resampling_simulation._errors(clouds, direction, offset) == pytest.approx(seen, abs=0.004)
