"""The learning rate at each step, worked out by hand, and what holds for every schedule."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.testing import assert_allclose

from core.recipe.optimizers import SGD
from core.recipe.schedules import (
    ConstantSchedule,
    CosineSchedule,
    ExponentialSchedule,
    InverseTimeSchedule,
    StepSchedule,
    rate,
)
from core.recipe.training import TrainingRecipe
from core.training.loop import rates


STEPS = np.arange(1, 9)
ROOT = 0.5**0.5
BY_HAND = {
    "constant": (ConstantSchedule(), [0.8] * 8),
    "step": (StepSchedule(every=2, factor=0.5), [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1, 0.1]),
    "exponential": (
        ExponentialSchedule(every=2, factor=0.5),
        [0.8, 0.8 * ROOT, 0.4, 0.4 * ROOT, 0.2, 0.2 * ROOT, 0.1, 0.1 * ROOT],
    ),
    "inverse": (InverseTimeSchedule(half_after=2), [0.8, 1.6 / 3, 0.4, 0.32, 0.8 / 3, 1.6 / 7, 0.2, 1.6 / 9]),
}


@pytest.mark.parametrize("schedule, expected", BY_HAND.values(), ids=BY_HAND)
def test_a_schedule_gives_the_rates_worked_out_by_hand(schedule, expected):
    assert_allclose(rate(schedule, 0.8, STEPS, 8), expected, rtol=1e-14)


def test_the_cosine_is_halfway_in_the_middle_and_ends_at_its_lowest():
    wave = CosineSchedule(lowest=0.2)
    assert_allclose(rate(wave, 1.0, [1, 51, 101, 500], 100), [1, 0.6, 0.2, 0.2], rtol=1e-14)


def test_warm_up_rises_to_the_whole_rate_and_the_schedule_begins_after_it():
    result = rate(StepSchedule(every=2, factor=0.5), 0.8, STEPS, 8, warmup_steps=4)
    assert_allclose(result, [0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.4, 0.4], rtol=1e-14)


schedules = st.one_of(
    st.builds(ConstantSchedule),
    st.builds(StepSchedule, every=st.integers(1, 50), factor=st.floats(0.1, 1)),
    st.builds(ExponentialSchedule, every=st.integers(1, 50), factor=st.floats(0.1, 1)),
    st.builds(InverseTimeSchedule, half_after=st.integers(1, 50)),
    st.builds(CosineSchedule, lowest=st.floats(0, 1)),
)


@given(schedules, st.integers(1, 200), st.integers(0, 250))
def test_no_schedule_goes_above_its_rate_below_zero_or_up_after_the_warm_up(schedule, total, warmup_steps):
    result = rate(schedule, 0.3, np.arange(1, total + 1), total, warmup_steps)
    assert np.all(result <= 0.3 * (1 + 1e-12))
    assert np.all(result >= 0)
    assert np.all(np.diff(result[warmup_steps:]) <= 1e-12)


@given(schedules, st.integers(1, 100))
def test_a_rate_depends_on_the_number_of_its_step_alone(schedule, step):
    recipe = TrainingRecipe(optimizer=SGD(learning_rate=0.3), schedule=schedule, warmup_steps=7, steps=100)
    assert rates(recipe, 50)[step - 1] == rates(recipe, 50, np.array([step]))[0]
