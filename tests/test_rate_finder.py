"""The rate finder: the run it makes, the rate it suggests, and a run that explodes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import backends
from core.experiment import SGD, Momentum, changed
from core.rate_finder import LOWEST, STEPS, TIMES, finder, found, smoothed
from core.runs import folder
from core.runs.recording import record
from core.schedules import PlateauRate
from core.training import rates
from tests.small import small_experiment


def recipe(**options):
    return small_experiment(epochs=3, train=200, batch_size=32, **options)


def test_the_run_is_the_same_but_for_its_rate_and_its_length():
    it = recipe(patience=3, schedule=PlateauRate(), warm_up=5)
    made = finder(it, 200)
    assert (made.network, made.seed, made.training.loss) == (it.network, it.seed, it.training.loss)
    assert made.data.train == 200 and made.training.steps == STEPS
    assert made.training.batch_size == 32 and made.training.epochs * 7 >= STEPS
    assert finder(it, 10**6).data.train == STEPS * 32


def test_the_rate_rises_by_the_same_factor_in_each_step():
    used = rates(finder(recipe(), 200).training, 200)
    assert_allclose([used[0], used[-1]], [LOWEST, LOWEST * TIMES])
    assert_allclose(used[1:] / used[:-1], TIMES ** (1 / (STEPS - 1)))
    assert len(used) == STEPS


@pytest.mark.parametrize("explodes", [True, False])
def test_a_tenth_of_the_rate_with_the_lowest_smoothed_loss_is_suggested(explodes):
    it = finder(recipe(), 200)
    tried = rates(it.training, 200)
    losses = 2.3 - np.maximum(np.log10(tried / 1e-5), 0) * 0.4
    losses[tried > 0.3] = np.inf if explodes else 50
    result = found(it, losses)
    assert result.lowest == pytest.approx(0.3, rel=0.3) and result.suggested == pytest.approx(0.03, abs=0.011)
    assert len(result.rates) == len(result.losses) == (np.sum(tried <= 0.3) if explodes else STEPS)


def test_where_the_loss_never_falls_no_rate_is_suggested():
    it = finder(recipe(), 200)
    assert found(it, np.full(STEPS, 2.3)).suggested is None
    assert found(it, np.array([])).suggested is None and found(it, np.array([np.nan])).suggested is None


def test_the_smoothed_loss_starts_with_the_first_and_follows():
    assert_allclose(smoothed(np.array([5.0, 5.0, 5.0])), 5)
    assert_allclose(smoothed(np.array([1.0, 2.0])), [1, (0.09 * 1 + 0.1 * 2) / 0.19])


@pytest.mark.parametrize("name", backends.names())
@pytest.mark.parametrize("optimizer", [SGD(), Momentum()], ids=lambda it: it.kind)
def test_a_real_run_learns_then_explodes_and_suggests_a_rate_that_learns(tmp_path, name, optimizer):
    if (reason := backends.missing(name)) is not None:
        pytest.skip(reason)
    it = changed(recipe(precision="float32"), **{"training.optimizer": optimizer.model_dump()})
    backend = backends.load(name)
    run = folder.create(finder(it, 200), name, folder=tmp_path)
    assert record(run, backend, name, "cpu") in ("finished", "failed")
    result = found(run.experiment, run.curve()[1])
    assert 1e-4 < result.suggested < 5, "the rate suggested"
    longer = changed(it, **{"training.optimizer.rate": result.suggested, "training.epochs": 20})
    trained = folder.create(longer, name, folder=tmp_path)
    assert record(trained, backend, name, "cpu") == "finished"
    assert trained.status().result["train"]["loss"] < 2.0 < trained.curve()[1][0]
