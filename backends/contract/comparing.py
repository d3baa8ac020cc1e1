"""How close two results must be to agree."""

import numpy as np
from numpy.testing import assert_array_equal


def off(result, expected) -> float:
    """The largest difference, as a share of the largest number expected."""
    assert result.shape == expected.shape
    return np.max(np.abs(result - expected), initial=0) / max(np.max(np.abs(expected), initial=0), 1e-300)


def assert_agree(result: dict, expected: dict, within: float) -> None:
    assert list(result) == list(expected)
    for name in expected:
        assert off(result[name], expected[name]) < within, name


def assert_same(result: dict, expected: dict) -> None:
    assert list(result) == list(expected)
    for name in expected:
        assert_array_equal(result[name], expected[name], err_msg=name)


def by_name(slots: dict) -> dict:
    """Slots have no order."""
    return dict(sorted(slots.items()))
