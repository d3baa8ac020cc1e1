"""The contract, for states that move from one backend to another."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from backends.contract.comparing import assert_agree, assert_same, by_name
from backends.contract.models import reference, weights_for
from backends.contract.networks import NETWORKS
from backends.contract.recipes import OPTIMIZERS
from backends.contract.training import SMALL_CNN, go_on, ready, ready_for, some_steps
from core.backend import State
from core.network.running_statistics import initial_statistics
from core.recipe.optimizers import Adam, Momentum


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS.values())[1:], ids=lambda o: o.kind)
def test_a_run_can_go_on_in_another_backend_and_come_back(backend, optimizer):
    unbroken = ready(reference(), optimizer)
    expected = go_on(unbroken, 0, 30, optimizer.learning_rate)
    here, there, back = ready(reference(), optimizer), ready(backend, optimizer), ready(reference(), optimizer)
    losses = [go_on(here, 0, 10, optimizer.learning_rate)]
    there.restore(here.state())
    losses.append(go_on(there, 10, 20, optimizer.learning_rate))
    back.restore(there.state())
    losses.append(go_on(back, 20, 30, optimizer.learning_rate))
    assert_allclose(np.concatenate(losses), expected, rtol=1e-10)
    assert_agree(back.state().weights, unbroken.state().weights, within=1e-9)


@pytest.mark.parametrize(
    "name", ["batch norm", "batch norm of features", "locally connected", "2 of 4 channels, unit biases"]
)
def test_every_layer_can_go_on_in_another_backend_and_come_back(backend, name):
    adam = Adam(learning_rate=0.01)
    unbroken = ready_for(reference(), name, adam)
    expected = some_steps(unbroken, 0, 30, 0.01)
    here, there, back = (ready_for(it, name, adam) for it in (reference(), backend, reference()))
    losses = [some_steps(here, 0, 10, 0.01)]
    there.restore(here.state())
    losses.append(some_steps(there, 10, 20, 0.01))
    back.restore(there.state())
    losses.append(some_steps(back, 20, 30, 0.01))
    assert_allclose(np.concatenate(losses), expected, rtol=1e-10)
    assert_agree(back.state().weights, unbroken.state().weights, within=1e-9)
    assert_agree(back.state().statistics, unbroken.state().statistics, within=1e-9)


def test_running_statistics_are_copies_in_the_recipes_precision_and_start_anew_where_they_miss(backend):
    it = ready_for(backend, "batch norm", precision="float32")
    some_steps(it, 0, 2)
    kept = it.state()
    assert list(kept.statistics) == list(initial_statistics(NETWORKS["batch norm"]))
    assert {values.dtype for values in kept.statistics.values()} == {np.dtype("float32")}
    changed = it.state()
    for values in changed.statistics.values():
        values[...] = 0
    assert_same(it.state().statistics, kept.statistics)
    it.restore(State(kept.weights))
    assert_same(it.state().statistics, initial_statistics(NETWORKS["batch norm"]))
    some_steps(it, 2, 3)
    it.restore(kept)
    assert_same(it.state().statistics, kept.statistics)


def test_a_state_comes_back_exactly(backend):
    optimizer = Adam(learning_rate=0.01)
    one_run, other = ready(backend, optimizer, "float32"), ready(backend, optimizer, "float32")
    go_on(one_run, 0, 3, 0.01)
    state = one_run.state()
    other.restore(state)
    assert other.state().step == 3
    assert_same(other.state().weights, state.weights)
    assert_same(by_name(other.state().slots), by_name(state.slots))
    assert set(state.slots) == {f"{moment}_moment/{name}" for moment in ("first", "second") for name in state.weights}


def test_a_state_of_other_precision_and_without_slots_is_taken(backend):
    """Missing slots, such as those of another optimizer, start from zero."""
    given = {name: w.astype("float32") for name, w in weights_for(SMALL_CNN).items()}
    subject = ready(backend, Momentum())
    go_on(subject, 0, 2, 0.05)
    subject.restore(State(given, {"first_moment/dense1.biases": np.ones(8)}, step=4))
    state = subject.state()
    assert state.step == 4
    assert_same(state.weights, given)
    assert set(state.slots) == {f"velocity/{name}" for name in given}
    assert not any(slot.any() for slot in state.slots.values())
    assert {w.dtype for w in state.weights.values()} == {np.dtype("float64")}
