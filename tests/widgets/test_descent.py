"""Walking downhill on small landscapes: the steps by hand, the gradients by differences, batches that add up."""

import numpy as np
import pytest

from core.demos.learning.gradient_descent import (
    HILLY,
    PARABOLA,
    batch_path,
    bowl,
    descend,
    level_line,
    line_gradients,
    line_landscape,
    noisy_line,
)
from core.lessons.vocabulary.descending import descend_parabola
from pages.widgets.training import descent


def test_steps_on_the_parabola_are_those_of_the_curriculum():
    for rate, steps in {0.1: [0.6, 0.36, 0.216], 0.5: [-1, 1, -1], 0.6: [-1.4, 1.96, -2.744]}.items():
        assert descend_parabola(rate) == pytest.approx(steps)


@pytest.mark.parametrize("land", [PARABOLA, HILLY, bowl(10), line_landscape(*noisy_line(7))])
def test_a_gradient_is_the_rise_of_its_landscape(land):
    weights = 2 if land.hessian is not None and len(land.hessian) == 2 else 1
    w = np.random.default_rng(1).normal(size=(5, weights))
    for k in range(weights):
        h = np.zeros(weights)
        h[k] = 1e-6
        assert land.gradient(w)[:, k] == pytest.approx((land.value(w + h) - land.value(w - h)) / 2e-6, abs=1e-6)


def test_the_mean_of_the_single_gradients_is_the_gradient_of_the_mean_loss():
    x, y = noisy_line(6)
    w = np.array([0.3, -0.7])
    assert line_gradients(x, y, w).mean(axis=0) == pytest.approx(line_landscape(x, y).gradient(w[None])[0])


def test_a_level_line_has_one_height():
    for land in (bowl(3), line_landscape(*noisy_line(9))):
        heights = land.value(level_line(land, 0.7)) - land.value(land.lowest[None])
        assert heights == pytest.approx(0.7)


def test_a_batch_of_everything_is_plain_descent_and_single_ones_see_each_sample_once_an_epoch():
    x, y = noisy_line(8)
    whole = batch_path(x, y, (-1, -1), 0.1, 8, 40, "shuffled")
    assert whole == pytest.approx(descend(line_landscape(x, y), (-1, -1), 0.1, 5))
    tiny = batch_path(x, y, (-1, -1), 1e-9, 1, 8, "shuffled")
    assert (tiny[-1] - tiny[0]) / -1e-9 == pytest.approx(line_gradients(x, y, (-1, -1)).sum(axis=0), rel=1e-5)


def test_a_path_that_diverges_ends_soon_after_it_is_far_away():
    path = descend(PARABOLA, 1, 5, 1000)
    assert len(path) < 12
    assert np.isfinite(path).all()


@pytest.mark.parametrize("name", descent.MAKERS)
def test_every_place_of_the_sliders_has_its_path_with_the_loss_at_each_point(name):
    made = descent.MAKERS[name]()
    wanted = np.prod([len(axis["values"]) for axis in made["axes"]])
    assert len(made["paths"]) == wanted
    for key, path in made["paths"].items():
        assert len(path["w"]) == len(path["f"]) > 1, key
        positions = [int(position) for position in key.split(",")]
        assert all(0 <= at < len(axis["values"]) for at, axis in zip(positions, made["axes"], strict=True))


def test_a_step_of_the_widget_is_weight_minus_rate_times_gradient():
    made = descent.parabola()
    for k, rate in enumerate(made["axes"][0]["values"]):
        path = made["paths"][str(k)]
        assert path["w"][1][0] == pytest.approx(path["w"][0][0] - rate * path["g"][0][0], abs=1e-4)
