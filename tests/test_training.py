"""The loop: which rows a step sees, when it reports, how it goes on."""

import numpy as np
import pytest

import backends
from core import training
from core.data import catalogue
from core.data.prepared import prepare
from core.experiment import SGD, ExperimentError, TrainingRecipe, changed
from core.network.initial_weights import initial_weights
from core.network.shapes import NetworkError
from core.training import EpochEnded, StepsMade, TrainingError, train
from tests.small import small_experiment


def prepared(experiment):
    return prepare(
        catalogue.load(experiment.data.name), experiment.data, experiment.seed, experiment.training.precision
    )


def built(experiment):
    weights = initial_weights(experiment.network, experiment.seed, experiment.training.precision)
    return backends.load("reference").build(experiment.network, weights, experiment.training)


def trained(experiment, made=0, model=None):
    model = model or built(experiment)
    return model, list(train(model, prepared(experiment), experiment, made))


def losses(reports):
    return np.concatenate([report.losses for report in reports if isinstance(report, StepsMade)])


def test_an_epoch_visits_every_row_once():
    order = training.epoch_order(TrainingRecipe(), rows=100, seed=1, epoch=1)
    assert sorted(order) == list(range(100)) and list(order) != list(range(100))


def test_each_epoch_and_each_seed_has_its_own_order_and_always_the_same():
    orders = [tuple(training.epoch_order(TrainingRecipe(), 50, seed, epoch)) for seed in (1, 2) for epoch in (1, 2)]
    assert len(set(orders)) == 4
    assert tuple(training.epoch_order(TrainingRecipe(), 50, 2, 2)) == orders[3]


def test_the_fixed_order_is_the_order_of_the_rows():
    assert training.epoch_order(TrainingRecipe(order="fixed"), 5, 1, 3).tolist() == [0, 1, 2, 3, 4]


def test_a_last_batch_may_be_smaller():
    assert training.steps_per_epoch(TrainingRecipe(batch_size=32), 200) == 7


def test_every_step_is_reported_once_and_the_first_report_is_one_step():
    _, reports = trained(small_experiment(epochs=2, batch_size=32, train=200))
    made = [report for report in reports if isinstance(report, StepsMade)]
    assert len(made[0].losses) == 1
    assert sum(len(report.losses) for report in made) == 14 == made[-1].step


def test_after_each_epoch_the_validation_part_is_measured():
    _, reports = trained(small_experiment(epochs=2))
    ended = [report for report in reports if isinstance(report, EpochEnded)]
    assert [report.epoch for report in ended] == [1, 2]
    assert all(0 <= report.validation["accuracy"] <= 1 for report in ended)


def test_a_number_of_steps_ends_training_in_the_middle_of_an_epoch():
    _, reports = trained(small_experiment(epochs=5, steps=10))
    assert losses(reports).size == 10


def test_a_run_broken_off_and_resumed_makes_the_same_steps():
    experiment = small_experiment(epochs=3)
    _, unbroken = trained(experiment)
    first, _ = trained(changed(experiment, **{"training.steps": 9}))
    second = built(experiment)
    second.restore(first.state())
    _, rest = trained(experiment, made=9, model=second)
    assert np.array_equal(losses(rest), losses(unbroken)[9:])


def test_the_steps_a_call_takes_do_not_change_what_it_learns(monkeypatch):
    experiment = small_experiment(epochs=2)
    _, few = trained(experiment)
    monkeypatch.setattr(training, "_steps_a_call", lambda seconds, most, left: left)
    _, many = trained(experiment)
    assert np.array_equal(losses(few), losses(many))


def test_a_loss_that_blows_up_ends_training_with_the_step_and_a_way_out():
    experiment = changed(
        small_experiment(epochs=50, precision="float32"),
        **{"training.optimizer": SGD(rate=1e30).model_dump(), "data.scaling": {"kind": "raw"}},
    )
    with np.errstate(all="ignore"), pytest.raises(TrainingError, match=r"at step \d+.*smaller rate than 1e\+30"):
        trained(experiment)


def test_a_network_for_other_pictures_is_refused_with_both_shapes():
    experiment = changed(small_experiment(), **{"data.name": "digits"})
    with pytest.raises(ExperimentError, match=r"\(1, 16, 16\).*\(1, 28, 28\)"):
        training.check(experiment, prepared(experiment))


def test_a_network_with_the_wrong_number_of_outputs_is_refused():
    experiment = changed(small_experiment(), **{"network.layers.-1.units": 7})
    with pytest.raises(NetworkError, match="layer 'dense1'.*7 numbers.*10 classes"):
        training.check(experiment, prepared(experiment))


def test_accuracy_is_the_share_of_right_answers_and_loss_the_mean():
    class Fixed:
        def predict(self, x):
            return np.array([[0.0, 0.0], [0.0, 5.0], [5.0, 0.0]])

    part = type("Part", (), {"x": None, "y": np.array([0, 1, 1])})
    measured = training.evaluate(Fixed(), part)
    assert measured["accuracy"] == pytest.approx(2 / 3)
    assert measured["loss"] == pytest.approx((np.log(2) + np.log1p(np.exp(-5)) + 5 + np.log1p(np.exp(-5))) / 3)


def test_weights_that_the_very_last_step_blew_up_are_noticed():
    experiment = changed(
        small_experiment(epochs=1, steps=1, precision="float32"),
        **{"training.optimizer": {"kind": "sgd", "rate": 1e30}},
    )
    with np.errstate(all="ignore"), pytest.raises(TrainingError, match="no numbers any more"):
        trained(experiment)


def test_a_network_that_does_not_fit_into_memory_is_refused_before_it_is_drawn():
    experiment = changed(small_experiment(), **{"network.layers.-1.units": 1_000_000, "training.batch_size": 10**6})
    with pytest.raises(ExperimentError, match=r"GiB for the network and a batch of .*GiB are free"):
        training.check_memory(experiment, rows=10**6)
