"""Channels and orders of axes: partial maps add up, layouts go there and back, shapes are tracked as far as they go."""

import numpy as np
import pytest

from backends.contract.golden import G29
from core.demos.images.channel_sums import layer_maps, partial_maps
from core.demos.images.memory_layouts import FILTERS, IMAGES, cell_indices, convert, permutation
from core.lessons.answers import AnswerError
from core.network.layers import Conv2D, Dense, Flatten, Pool
from core.network.partial_shapes import track
from pages.ui.translations import words_in
from pages.widgets.convolution import channel_mixer
from pages.widgets.networks import shape_tracker


RNG = np.random.default_rng(9)


def test_partial_maps_add_up_to_the_layer():
    x, w, b = RNG.normal(size=(3, 6, 5)), RNG.normal(size=(4, 3, 2, 3)), RNG.normal(size=4)
    whole = layer_maps(x, w, b)
    assert partial_maps(x, w).sum(axis=1) + b[:, None, None] == pytest.approx(whole, abs=1e-12)
    assert whole[1, 2, 1] == pytest.approx((x[:, 2:4, 1:4] * w[1]).sum() + b[1])


def test_two_maps_in_and_three_out_give_the_golden_maps():
    parts = partial_maps(G29["x"], G29["kernels"])
    assert parts.shape == (3, 2, 2, 2)
    assert parts.sum(axis=1).tolist() == G29["y"]


@pytest.mark.parametrize("orders", [IMAGES, FILTERS], ids=["images", "filters"])
def test_a_conversion_is_what_its_line_of_numpy_does_and_goes_back(orders):
    shapes = {"N": 2, "C": 3, "H": 4, "W": 5, "O": 2, "I": 3}
    for old in orders:
        for new in orders:
            shape = tuple(shapes[letter] for letter in orders[old].axes)
            result = convert(old, new, shape)
            names = {"np": np, "x": RNG.normal(size=shape)}
            exec(result.line, names)
            assert names["y"].shape == result.shape
            memories = [
                names[name].ravel(order="F" if orders[order].first_fastest else "C")
                for name, order in (("x", old), ("y", new))
            ]
            assert (memories[0][result.new] == memories[1]).all()
            for memory, name, order, size in ((0, "x", old, shape), (1, "y", new, result.shape)):
                assert [names[name][position] for position in cell_indices(order, size)] == memories[memory].tolist()
            assert convert(new, old, result.shape).shape == shape


def test_orders_with_other_letters_cannot_be_converted():
    with pytest.raises(ValueError, match="same axes"):
        permutation("NCHW", "OIHW")


def test_shapes_are_tracked_up_to_the_layer_that_does_not_fit():
    layers = [Conv2D(filters=6, kernel_size=5), Pool(window=2), Flatten(), Pool(window=2), Dense(units=3)]
    tracked = track((3, 32, 32), layers)
    assert [cost.step.output for cost in tracked.costs] == [(6, 28, 28), (6, 14, 14), (1176,)]
    assert "1,176" in tracked.problem
    whole = track((3, 32, 32), layers[:3])
    assert len(whole.costs) == 3
    assert whole.problem == ""
    assert track((3, 4, 4), layers[:1]).costs == ()
    assert "does not fit" in track((3, 4, 4), layers[:1]).problem


def test_the_tracker_tells_the_problem_at_the_first_layer_that_does_not_fit_and_dashes_after():
    texts, layers = words_in(shape_tracker.__file__, "en"), [Flatten(), Pool(window=2), Dense(units=3)]
    tracked = track((1, 4, 4), layers)
    reported = [shape_tracker.describe_layer(tracked, index, texts) for index in range(3)]
    assert reported[0] == "1 * 4 * 4 = 16"
    assert "Try" in reported[1]
    assert reported[2] == "–"


def test_numbers_typed_into_the_mixer_are_read_or_refused_in_a_sentence():
    texts = words_in(channel_mixer.__file__, "en")
    text = channel_mixer.as_text(G29["x"])
    assert channel_mixer.from_text(text) == G29["x"]
    flat = [kernel for kernels in G29["kernels"] for kernel in kernels]
    x, w, b = channel_mixer.checked(G29["x"], flat, [0, 0, 0], texts)
    assert x.shape == (2, 3, 3)
    assert w.tolist() == G29["kernels"]
    assert b.tolist() == [0, 0, 0]
    for maps, kernels, biases in (
        ([], flat, [0] * 3),
        ([[[1, 2], [3]]], flat, [0] * 3),
        (G29["x"], flat[:5], [0] * 3),
        (G29["x"], flat, [0] * 2),
        ([[[1.0]], [[1.0]]], flat, [0] * 3),
        (G29["x"] * 2, flat[:4], [0]),
    ):
        with pytest.raises(AnswerError):
            channel_mixer.checked(maps, kernels, biases, texts)
