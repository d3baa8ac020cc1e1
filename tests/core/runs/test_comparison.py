"""Where two curves part."""

import numpy as np
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays

from core.experiment import presets
from core.experiment.experiment import changed
from core.runs.comparison import (
    as_columns,
    as_csv,
    differences,
    downsampled,
    first_divergence,
    smoothed,
    starts_together,
    steps_per_second,
    what_differs,
)


def curve(*losses):
    return np.arange(1, len(losses) + 1), np.array(losses)


def test_the_difference_is_relative_to_the_larger_of_the_two():
    steps, apart = differences(curve(2.0, 1.0, 0.0), curve(2.0, 0.5, 0.0))
    assert steps.tolist() == [1, 2, 3]
    assert apart.tolist() == [0.0, 0.5, 0.0]


def test_only_steps_that_both_made_are_compared():
    steps, apart = differences(curve(1.0, 1.0, 1.0), curve(1.0))
    assert steps.tolist() == [1]
    assert apart.tolist() == [0.0]


def test_they_part_at_the_first_step_beyond_the_tolerance():
    parting = first_divergence(curve(1.0, 1.0, 1.0, 5.0), curve(1.0, 1.0001, 1.01, 1.0), 1e-3)
    assert (parting.step, parting.first, parting.second) == (3, 1.0, 1.01)
    assert np.isclose(parting.relative, 0.01 / 1.01)


def test_within_the_tolerance_they_never_part():
    assert first_divergence(curve(1.0, 2.0), curve(1.0, 2.0), 0.0) is None


def test_a_loss_that_is_no_number_parts_from_a_number():
    assert first_divergence(curve(1.0, np.nan), curve(1.0, 2.0), 1.0).step == 2


@given(arrays(np.float64, st.integers(0, 3000), elements=st.floats(-1e3, 1e3)), st.integers(10, 1000))
def test_thinning_keeps_ends_and_extremes_in_at_most_so_many_points(values, points):
    steps = np.arange(1, len(values) + 1)
    few, kept = downsampled(steps, values, points)
    assert len(few) <= points
    assert np.all(np.diff(few) > 0)
    assert np.array_equal(kept, values[few - 1])
    if len(values):
        assert (few[0], few[-1]) == (1, len(values))
        assert (kept.min(), kept.max()) == (values.min(), values.max())


def test_curves_start_together_when_their_first_losses_are_the_same():
    assert starts_together([curve(2.3, 1.0), curve(2.3, 9.0), curve()])
    assert not starts_together([curve(2.3), curve(2.2)])
    assert not starts_together([curve(2.3), curve()])


def test_smoothing_is_a_mean_of_the_last_few():
    assert smoothed(np.array([4.0, 2.0, 0.0]), 2).tolist() == [4.0, 3.0, 1.0]
    assert smoothed(np.array([4.0, 2.0]), 1).tolist() == [4.0, 2.0]
    assert smoothed(np.array([]), 5).tolist() == []


def test_a_run_without_steps_has_no_speed():
    assert steps_per_second(0, 0.0) is None
    assert steps_per_second(10, 2.0) == 5.0


def test_what_differs_goes_by_layer_names_and_leaves_the_title_out():
    one = presets.experiment("network3-first-cnn", "digits")
    two = changed(
        one, **{"title": "other", "training.optimizer.learning_rate": 0.5, "network.layers.0.kernel_size": [3, 3]}
    )
    assert what_differs([one, one]) == []
    assert what_differs([one, two]) == [
        ("network.layers.conv1.kernel_size", ["5 x 5", "3 x 3"]),
        ("training.optimizer.learning_rate", ["0.1", "0.5"]),
    ]


def test_curves_stand_side_by_side_at_the_steps_that_any_of_them_made():
    columns = as_columns({"a": curve(2.0, 1.0), "b": (np.array([2, 4]), np.array([0.1, 0.2]))})
    assert as_csv(columns) == "step,a,b\n1,2.0,\n2,1.0,0.1\n4,,0.2\n"
    assert as_csv(as_columns({})) == "step\n"
