"""Cross-entropy on logits: known values, its slope, weights of images, and logits of any size."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from backends.contract import golden
from core.numerics import losses
from core.recipe.losses import CrossEntropy


def test_softmax_has_its_known_values():
    assert_allclose(losses.softmax(np.array([golden.G16["logits"]])), [golden.G16["softmax"]], atol=5e-7)


@pytest.mark.parametrize("classes, chance", golden.G16["chance"].items())
def test_who_knows_nothing_loses_the_logarithm_of_the_classes(classes, chance):
    loss, _ = losses.batch_loss(CrossEntropy(), np.zeros((3, classes)), np.array([0, 1, 1]))
    assert_allclose(loss, chance, atol=5e-7)


def test_the_gradient_is_the_probabilities_minus_the_truth():
    _, dlogits = losses.batch_loss(CrossEntropy(), np.zeros((2, 4)), np.array([0, 3]))
    assert_array_equal(dlogits, np.array([[-0.75, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, -0.75]]) / 2)


def test_weights_scale_the_share_of_a_image_but_not_the_divisor():
    logits, labels = np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([0, 1])
    each = losses.cross_entropies(logits, labels)
    loss, _ = losses.batch_loss(CrossEntropy(), logits, labels, np.array([3.0, 0.5]))
    assert_allclose(loss, (3 * each[0] + 0.5 * each[1]) / 2)


def test_enormous_logits_neither_overflow_nor_lose_the_loss():
    loss, dlogits = losses.batch_loss(
        CrossEntropy(), np.array([[1e30, 0.0], [0.0, 1000.0]], np.float32), np.array([0, 0])
    )
    assert loss == 500
    assert loss.dtype == dlogits.dtype == np.float32


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_the_gradient_of_the_loss_agrees_with_finite_differences(seed):
    rng = np.random.default_rng(seed)
    logits, labels, weight = rng.normal(size=(3, 4)), rng.integers(0, 4, 3), rng.uniform(0, 2, 3)
    _, dlogits = losses.batch_loss(CrossEntropy(), logits, labels, weight)
    step = rng.normal(size=(3, 4))
    up, down = (losses.batch_loss(CrossEntropy(), logits + h * step, labels, weight)[0] for h in (1e-5, -1e-5))
    assert_allclose(np.vdot(dlogits, step), (up - down) / 2e-5, rtol=1e-6, atol=1e-9)
