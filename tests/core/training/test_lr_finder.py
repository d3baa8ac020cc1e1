"""The rate finder: the run it makes, the rate it suggests, and a run that explodes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import backends
from core.data import catalogue
from core.data.part_sizes import Sizes, sizes_of
from core.data.prepared import prepare
from core.experiment.experiment import changed
from core.recipe.optimizers import SGD, Momentum
from core.recipe.schedules import ReduceOnPlateau
from core.runs import folder
from core.runs.trainer import record
from core.training.loop import rates, total_steps
from core.training.lr_finder import LOWEST, STEPS, TIMES, finder, smoothed, suggest
from tests.support.small import small_experiment


DIGITS = Sizes(200, 50, 50, 200)


def recipe(**options):
    return small_experiment(epochs=3, train=200, batch_size=32, **options)


def test_the_run_is_the_same_but_for_its_rate_and_its_length():
    it = recipe(patience=3, schedule=ReduceOnPlateau(), warmup_steps=5)
    made = finder(it, sizes_of(it.data, it.seed))
    assert (made.network, made.seed, made.training.loss) == (it.network, it.seed, it.training.loss)
    assert made.data.train == 200
    assert made.training.steps == STEPS
    assert made.training.batch_size == 32
    assert made.training.epochs * 7 >= STEPS
    assert finder(it, Sizes(10**6, 0, 0, 10**6)).data.train == STEPS * 32


DATA = {
    "few of each class": {"train": None, "per_class": [10]},
    "more of each class": {"train": None, "per_class": [30]},
    "few of each class, stratified": {"train": None, "per_class": [10], "order": "stratified"},
    "a count for each class": {"train": None, "per_class": [9, 8, 7, 6, 5, 4, 3, 2, 1, 30]},
    "stratified": {"order": "stratified"},
    "expanded": {"expansion": "one_pixel_shifts"},
    "a long tail": {"train": None, "imbalance": {"kind": "long_tail", "ratio": 20}},
    "repeated": {"imbalance": {"kind": "counts", "keep": {8: 5}}, "balance": {"kind": "oversample"}},
}


@pytest.mark.parametrize("batch", [1, 32])
@pytest.mark.parametrize("fields", DATA.values(), ids=DATA)
def test_the_run_trains_with_the_same_images_for_a_hundred_steps(fields, batch):
    it = changed(recipe(), **{f"data.{name}": value for name, value in fields.items()})
    it = changed(it, **{"training.batch_size": batch})
    dataset = catalogue.load(it.data.name)
    asked, made = prepare(dataset, it.data, it.seed), finder(it, sizes_of(it.data, it.seed))
    result = prepare(dataset, made.data, made.seed)
    assert 0 < len(result.train) <= len(asked.train)
    assert not len(result.validation)
    assert not len(result.test)
    assert (result.train.rows == asked.train.rows[: len(result.train)]).all()
    assert (result.train.x == asked.train.x[: len(result.train)]).all()
    assert len(result.train) == len(asked.train) or len(result.train) >= STEPS * batch
    assert total_steps(made.training, len(result.train)) == STEPS
    assert made.training.epochs * -(-len(result.train) // batch) >= STEPS


def test_the_rate_rises_by_the_same_factor_in_each_step():
    used = rates(finder(recipe(), DIGITS).training, 200)
    assert_allclose([used[0], used[-1]], [LOWEST, LOWEST * TIMES])
    assert_allclose(used[1:] / used[:-1], TIMES ** (1 / (STEPS - 1)))
    assert len(used) == STEPS


@pytest.mark.parametrize("explodes", [True, False])
def test_a_tenth_of_the_rate_with_the_lowest_smoothed_loss_is_suggested(explodes):
    it = finder(recipe(), DIGITS)
    tried = rates(it.training, 200)
    losses = 2.3 - np.maximum(np.log10(tried / 1e-5), 0) * 0.4
    losses[tried > 0.3] = np.inf if explodes else 50
    result = suggest(it, losses)
    assert result.lowest == pytest.approx(0.3, rel=0.3)
    assert result.suggested == pytest.approx(0.03, abs=0.011)
    assert len(result.rates) == len(result.losses) == (np.sum(tried <= 0.3) if explodes else STEPS)


def test_where_the_loss_never_falls_no_rate_is_suggested():
    it = finder(recipe(), DIGITS)
    assert suggest(it, np.full(STEPS, 2.3)).suggested is None
    assert suggest(it, np.array([])).suggested is None
    assert suggest(it, np.array([np.nan])).suggested is None


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
    run = folder.create(finder(it, sizes_of(it.data, it.seed)), name, folder=tmp_path)
    ending, losses = record(run, backend, name, "cpu"), run.curve()[1]
    assert min(losses) < 0.95 * losses[0], "it learns"
    assert ending == "failed" or losses[-1] > losses[0], "in the end it is worse than at the start"
    result = suggest(run.experiment, losses)
    assert 1e-4 < result.suggested < 5, "the rate suggested"
    longer = changed(it, **{"training.optimizer.learning_rate": result.suggested, "training.epochs": 20})
    trained = folder.create(longer, name, folder=tmp_path)
    assert record(trained, backend, name, "cpu") == "finished"
    assert trained.status().result["train"]["loss"] < 2.0 < trained.curve()[1][0]
