"""Attribution, by hand on networks of a few weights."""

import numpy as np
import pytest

import backends
from core.explain.attribution import (
    enlarged,
    grad_cam,
    input_x_gradient,
    integrated_gradients,
    occlusion,
    saliency,
    signed_gradient,
    smoothgrad,
)
from core.network.layers import Activation, Conv2D, Dense, Flatten
from core.network.network import Network
from core.recipe.training import TrainingRecipe


IMAGE = np.array([[[1.0, 2.0], [3.0, -4.0]]])
ROWS = np.array([[0.5, -1.0, 2.0, 0.25], [0.0, 1.0, 0.0, 0.0]])


def model(*layers, shape=(1, 2, 2), **weights):
    recipe = TrainingRecipe(precision="float64")
    return backends.load("reference").build(Network(input_shape=shape, layers=layers), weights, recipe)


def linear():
    """Scores: half x1 - x2 + 2 x3 + x4 / 4 + 7, and x2."""
    layers = Flatten(), Dense(name="out", units=2)
    return model(*layers, **{"out.weights": ROWS, "out.biases": np.array([7.0, 0.0])})


def bent(threshold):
    """A single pixel; the scores are ReLU(x - threshold) and its negative."""
    layers = Flatten(), Dense(name="a", units=1), Activation(function="relu"), Dense(name="out", units=2)
    weights = {"a.weights": [[1.0]], "a.biases": [-threshold], "out.weights": [[1.0], [-1.0]], "out.biases": [0.0, 0.0]}
    return model(*layers, shape=(1, 1, 1), **{name: np.array(values) for name, values in weights.items()})


def test_the_gradient_of_a_linear_network_is_its_weights():
    assert signed_gradient(linear(), IMAGE, 0).tolist() == [[0.5, -1.0], [2.0, 0.25]]
    assert saliency(linear(), IMAGE, 0).tolist() == [[0.5, 1.0], [2.0, 0.25]]
    assert smoothgrad(linear(), IMAGE, 0) == pytest.approx(np.array([[0.5, 1.0], [2.0, 0.25]]))


def test_saliency_takes_the_channel_with_the_steepest_slope():
    layers = Flatten(), Dense(name="out", units=2)
    weights = {"out.weights": np.array([[3.0, -5.0], [0.0, 0.0]]), "out.biases": np.zeros(2)}
    colours = model(*layers, shape=(2, 1, 1), **weights)
    assert saliency(colours, np.ones((2, 1, 1)), 0).tolist() == [[5.0]]
    assert signed_gradient(colours, np.ones((2, 1, 1)), 0).tolist() == [[-2.0]]


def test_input_times_gradient_of_a_linear_network_is_each_pixels_term():
    terms = input_x_gradient(linear(), IMAGE, 0)
    assert terms.tolist() == [[0.5, -2.0], [6.0, -1.0]]
    assert terms.sum() + 7 == linear().predict(IMAGE[None])[0, 0]
    assert input_x_gradient(linear(), IMAGE, 0, baseline=np.full((1, 2, 2), 1.0)).tolist() == [[0, -1], [4, -1.25]]


def test_integrated_gradients_of_a_linear_network_are_the_same_terms():
    assert integrated_gradients(linear(), IMAGE, 0) == pytest.approx(input_x_gradient(linear(), IMAGE, 0))


def test_integrated_gradients_of_a_relu_count_the_part_of_the_way_on_which_it_is_open():
    """ReLU(x - 1) from 0 to 3: its slope is 1 on two thirds of the way, so 3 * 2/3 = 2. The plain gradient says 3."""
    image = np.full((1, 1, 1), 3.0)
    assert integrated_gradients(bent(1), image, 0, steps=60) == pytest.approx(2)
    assert integrated_gradients(bent(1), image, 1, steps=60) == pytest.approx(-2)
    assert input_x_gradient(bent(1), image, 0) == pytest.approx(3)


def test_integrated_gradients_begin_at_the_baseline():
    """From 2 to 3, ReLU(x - 1) rises by 1."""
    assert integrated_gradients(bent(1), np.full((1, 1, 1), 3.0), 0, np.full((1, 1, 1), 2.0)) == pytest.approx(1)


def test_integrated_gradients_of_a_square_are_the_square():
    """f = x^2 is the product of x with a slope of 2x; its mean from 0 to x is x, so the attribution is x^2."""

    class Squares:
        def predict(self, x):
            return np.stack([(x**2).sum(axis=(1, 2, 3)), np.zeros(len(x))], axis=1)

        def gradients(self, x, seed):
            return type("G", (), {"input": 2 * x * seed[:, :1, None, None]})

    assert integrated_gradients(Squares(), IMAGE, 0) == pytest.approx(IMAGE[0] ** 2)
    assert input_x_gradient(Squares(), IMAGE, 0) == pytest.approx(2 * IMAGE[0] ** 2)


def test_smoothgrad_sees_on_both_sides_of_a_bend():
    """At x = 1.001 the slope of ReLU(x - 1) is 1; noise moves half of the copies to where it is 0."""
    image = np.array([[[1.001, -1.0]]])
    layers = Flatten(), Dense(name="a", units=1), Activation(function="relu"), Dense(name="out", units=2)
    weights = {"a.weights": [[1.0, 0.0]], "a.biases": [-1.0], "out.weights": [[1.0], [0.0]], "out.biases": [0.0, 0.0]}
    it = model(*layers, shape=(1, 1, 2), **{name: np.array(values) for name, values in weights.items()})
    assert saliency(it, image, 0).tolist() == [[1, 0]]
    assert smoothgrad(it, image, 0, samples=1000)[0, 0] == pytest.approx(0.5, abs=0.05)
    assert smoothgrad(it, image, 0, samples=10, noise=0)[0, 0] == 1


def two_maps():
    """Feature maps x and -x; the score of class 0 is 1 x1 + 2 x2 + 3 x3 + 4 x4 of the first, plus each cell of the
    second: alpha is 2.5 and 1."""
    layers = Conv2D(name="maps", filters=2, kernel_size=1), Flatten(), Dense(name="out", units=2)
    weights = {
        "maps.weights": np.array([1.0, -1.0]).reshape(2, 1, 1, 1),
        "maps.biases": np.zeros(2),
        "out.weights": np.array([[1.0, 2.0, 3.0, 4.0, 1.0, 1.0, 1.0, 1.0], [0.0] * 8]),
        "out.biases": np.zeros(2),
    }
    return model(*layers, **weights)


def test_grad_cam_weighs_each_map_with_its_mean_gradient_and_keeps_what_is_positive():
    """2.5 x - x = 1.5 x, where x is positive."""
    assert grad_cam(two_maps(), IMAGE, 0, "maps").tolist() == [[1.5, 3.0], [4.5, 0.0]]
    assert grad_cam(two_maps(), IMAGE, 1, "maps").tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_a_network_of_one_output_has_two_classes():
    layers = Flatten(), Dense(name="out", units=1)
    it = model(*layers, **{"out.weights": ROWS[:1], "out.biases": np.zeros(1)})
    assert input_x_gradient(it, IMAGE, 1).tolist() == [[0.5, -2.0], [6.0, -1.0]]
    assert input_x_gradient(it, IMAGE, 0).tolist() == [[-0.5, 2.0], [-6.0, 1.0]]


def test_occlusion_is_the_probability_that_is_left():
    """Without pixel 3, the scores are 4.5 and 2: the probability of class 0 is 1 / (1 + e^-2.5)."""
    left = occlusion(linear(), IMAGE, 0, 1)
    assert left[1, 0] == pytest.approx(1 / (1 + np.exp(-(0.5 - 2 - 1 + 7 - 2))))
    shifted = occlusion(linear(), IMAGE, 0, 1, fill=np.full((1, 2, 2), 3.0))
    assert shifted[1, 0] == pytest.approx(1 / (1 + np.exp(-(0.5 - 2 + 6 - 1 + 7 - 2)))), "3 filled with 3"
    assert occlusion(linear(), IMAGE, 0, 3)[0, 0] == pytest.approx(1 / (1 + np.exp(-7))), "a square covers all"


def test_of_a_large_image_every_third_square_is_covered():
    layers = Flatten(), Dense(name="out", units=2)
    weights = {"out.weights": np.ones((2, 90 * 60)) * [[0.001], [0]], "out.biases": np.zeros(2)}
    it = model(*layers, shape=(1, 90, 60), **weights)
    left = occlusion(it, np.ones((1, 90, 60)), 0, 3)
    assert left.shape == (90, 60)
    assert np.ptp(left) < 1e-9, "all squares of an even image are alike"
    assert left[0, 0] == pytest.approx(1 / (1 + np.exp(-(5.4 - 0.009))))


def test_a_map_is_enlarged_between_the_centres_of_its_cells():
    assert enlarged(np.array([[0.0, 4.0]]), 1, 4).tolist() == [[0, 1, 3, 4]]
    assert enlarged(np.array([[2.0]]), 3, 2).tolist() == [[2, 2]] * 3
    coarse = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert enlarged(coarse, 2, 2).tolist() == coarse.tolist()
    assert enlarged(coarse, 4, 4)[0].tolist() == [1, 1.25, 1.75, 2]
