"""The weights of a layer as images."""

import numpy as np

from core.explain.kernel_images import flattened_shape, kernel_images
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten
from core.network.network import Network


NETWORK = Network(
    input_shape=(2, 4, 4),
    layers=[
        *(Conv2D(filters=3, kernel_size=3), Activation(function="relu"), Flatten(), Dropout(rate=0.5)),
        *(Dense(units=5), Activation(function="relu"), Dense(units=2)),
    ],
)


def test_a_filter_is_one_kernel_for_each_input_channel():
    weights = np.arange(54.0).reshape(3, 2, 3, 3)
    assert kernel_images(NETWORK, "conv1", weights).tolist() == weights.tolist()


def test_a_unit_behind_feature_maps_has_one_image_for_each_map():
    assert flattened_shape(NETWORK, "dense1") == (3, 2, 2)
    images = kernel_images(NETWORK, "dense1", np.arange(60.0).reshape(5, 12))
    assert images.shape == (5, 3, 2, 2)
    assert images[0, 1].tolist() == [[4, 5], [6, 7]]


def test_any_other_unit_is_a_nearly_square_image():
    assert flattened_shape(NETWORK, "dense2") is None
    images = kernel_images(NETWORK, "dense2", np.arange(1.0, 11).reshape(2, 5))
    assert images[1, 0].tolist() == [[6, 7, 8], [9, 10, 0]]


def test_a_kernel_for_each_position_is_shown_for_the_middle_one():
    weights = np.zeros((3, 2, 3, 3, 4, 6))
    weights[..., 2, 3] = 1
    assert kernel_images(NETWORK, "local", weights).min() == 1
