"""How close two results must be to agree."""

import numpy as np
from numpy.testing import assert_array_equal


def relative_error(result, expected) -> float:
    """The largest difference, relative to the largest expected number."""
    assert result.shape == expected.shape
    return np.max(np.abs(result - expected), initial=0) / max(np.max(np.abs(expected), initial=0), 1e-300)


def assert_agree(result: dict, expected: dict, within: float) -> None:
    assert list(result) == list(expected)
    for name in expected:
        assert relative_error(result[name], expected[name]) < within, name


def assert_same(result: dict, expected: dict) -> None:
    assert list(result) == list(expected)
    for name in expected:
        assert_array_equal(result[name], expected[name], err_msg=name)


def by_name(slots: dict) -> dict:
    """Sorted by name, since slots have no order."""
    return dict(sorted(slots.items()))
