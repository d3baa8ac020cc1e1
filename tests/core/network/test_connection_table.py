"""Which input channels each filter reads: blocks of neighbours, wrapping around."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.testing import assert_array_equal

from core.network.connection_table import groups_text, seen


def test_the_zip_nets_twelve_kernels_are_three_groups():
    table = seen(12, 12, 8)
    assert_array_equal(table[:4], [[0, 1, 2, 3, 4, 5, 6, 7]] * 4)
    assert_array_equal(table[4:8], [[4, 5, 6, 7, 8, 9, 10, 11]] * 4)
    assert_array_equal(table[8:], [[0, 1, 2, 3, 8, 9, 10, 11]] * 4)


def test_a_divisor_gives_the_groups_of_a_grouped_convolution():
    assert_array_equal(seen(4, 6, 3), [[0, 1, 2]] * 2 + [[3, 4, 5]] * 2)
    assert_array_equal(seen(3, 3, 1), [[0], [1], [2]])


def test_without_a_number_everything_is_seen():
    assert_array_equal(seen(2, 3, None), [[0, 1, 2]] * 2)


@given(st.integers(1, 20), st.integers(1, 20), st.data())
def test_each_row_names_different_maps_in_order(maps, channels, data):
    sees = data.draw(st.integers(1, channels))
    table = seen(maps, channels, sees)
    assert table.shape == (maps, sees)
    assert table.min() >= 0
    assert table.max() < channels
    assert np.all(np.diff(table, axis=1) > 0)


@given(st.integers(1, 12), st.data())
def test_with_a_kernel_a_group_every_map_is_seen_equally_often(channels, data):
    sees = data.draw(st.integers(1, channels))
    assert len(set(np.bincount(seen(channels, channels, sees).ravel(), minlength=channels))) == 1


@pytest.mark.parametrize(
    "numbers, text",
    [
        ((12, 12, 8), "1-4 see 1-8; 5-8 see 5-12; 9-12 see 1-4, 9-12"),
        ((3, 3, 2), "1 see 1-2; 2 see 2-3; 3 see 1, 3"),
    ],
)
def test_the_groups_can_be_said(numbers, text):
    assert groups_text(*numbers) == text
