"""Dense, local and shared wiring: counted by a formula, as a matrix, and what a shift does to a map."""

import numpy as np
import pytest

from core.demos.images.connectivity import ladder, matrix, moved, position_count, shift_gap, wires
from core.demos.images.convolution_2d import slide
from core.demos.images.equivariance import tour


RNG = np.random.default_rng(5)


@pytest.mark.parametrize("size, field", [((5, 5), (3, 3)), ((4, 6), (2, 3)), ((3, 3), (3, 3)), ((5, 4), (1, 1))])
def test_the_ladder_counts_what_stands_in_the_matrix(size, field):
    units = (size[0] - field[0] + 1) * (size[1] - field[1] + 1)
    for rung in ladder(size[0] * size[1], units, field[0] * field[1]):
        result = wires(size, field, rung.kind)
        assert result.shape == (units, size[0] * size[1])
        assert (result >= 0).sum() == rung.connections
        assert len(set(result[result >= 0].tolist())) == rung.weights


def test_the_matrix_times_the_flattened_image_is_the_flattened_map():
    x, w = RNG.normal(size=(5, 7)), RNG.normal(size=(2, 3))
    assert matrix(x.shape, w) @ x.ravel() == pytest.approx(slide(x, w).map.ravel(), abs=1e-12)


def test_a_local_layer_wires_as_a_shared_one_does():
    assert ((wires((5, 5), (3, 3), "local") >= 0) == (wires((5, 5), (3, 3), "shared") >= 0)).all()


def test_biases_are_one_a_unit_or_one_a_map():
    assert [rung.biases for rung in ladder(784, position_count(28, 5), 25, 20)] == [576 * 20, 576 * 20, 20]


@pytest.mark.parametrize("down, right", [(0, 0), (2, 3), (4, 1)])
def test_a_convolution_is_equivariant_to_shifts(down, right):
    x, w = RNG.normal(size=(9, 9)), RNG.normal(size=(3, 3))
    assert shift_gap(x, w, down, right) == pytest.approx(0, abs=1e-12)
    assert moved(x, down, right)[down:, right:] == pytest.approx(x[: 9 - down, : 9 - right])


def test_the_tour_holds_the_map_of_each_place():
    shape, kernel = RNG.normal(size=(3, 2)), RNG.normal(size=(2, 2))
    result = tour(shape, kernel, 8, 3, (2, 3))
    assert result.across == 7
    assert len(result.maps) == 6 * 7
    for i, j in np.ndindex(6, 7):
        x = np.zeros((8, 8))
        x[i : i + 3, j : j + 2] = shape
        y = slide(x, kernel).map
        assert result.maps[i * 7 + j] == pytest.approx(y, abs=1e-12)
        windows = y[:6, :6].reshape(2, 3, 2, 3).max(axis=(1, 3))
        assert result.pooled[i * 7 + j] == pytest.approx(windows)
        assert result.changed[i * 7 + j] == (windows != result.pooled[17]).sum()


def test_the_tour_sees_that_maps_move_along_and_would_see_if_not():
    result = tour(np.ones((2, 2)), RNG.normal(size=(2, 2)), 8, 2, (2, 2))
    assert result.gap.max() < 1e-12
    assert np.abs(result.maps - result.maps[0]).max() > 0.1
