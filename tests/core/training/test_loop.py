"""The loop: which rows a step sees, when it reports, how it goes on."""

import numpy as np
import pytest

from core.experiment.experiment import Experiment, ExperimentError, changed
from core.network.shapes import NetworkError
from core.recipe.losses import CrossEntropy, SquaredError
from core.recipe.optimizers import SGD, AdamW, Nesterov
from core.recipe.penalties import Penalties, Penalty
from core.recipe.schedules import CosineSchedule, StepSchedule, rate
from core.recipe.training import TrainingRecipe
from core.runs import folder
from core.runs.events import EventWriter
from core.training import loop
from core.training.early_stopping import Stopping
from core.training.loop import EpochEnded, StepsMade, TrainingError, train
from tests.support.small import small_experiment
from tests.support.training import built, left_after, prepared


def trained(experiment, made=0, model=None):
    model = model or built(experiment)
    return model, list(train(model, prepared(experiment), experiment, made))


def losses(reports):
    return np.concatenate([report.losses for report in reports if isinstance(report, StepsMade)])


def test_an_epoch_visits_every_row_once():
    order = loop.epoch_order(TrainingRecipe(), rows=100, seed=1, epoch=1)
    assert sorted(order) == list(range(100))
    assert list(order) != list(range(100))


def test_each_epoch_and_each_seed_has_its_own_order_and_always_the_same():
    orders = [tuple(loop.epoch_order(TrainingRecipe(), 50, seed, epoch)) for seed in (1, 2) for epoch in (1, 2)]
    assert len(set(orders)) == 4
    assert tuple(loop.epoch_order(TrainingRecipe(), 50, 2, 2)) == orders[3]


def test_the_fixed_order_is_the_order_of_the_rows():
    assert loop.epoch_order(TrainingRecipe(order="fixed"), 5, 1, 3).tolist() == [0, 1, 2, 3, 4]


def test_a_last_batch_may_be_smaller():
    assert loop.steps_per_epoch(TrainingRecipe(batch_size=32), 200) == 7


def test_every_step_is_reported_once_and_the_first_report_is_one_step():
    _, reports = trained(small_experiment(epochs=2, batch_size=32, train=200))
    made = [report for report in reports if isinstance(report, StepsMade)]
    assert len(made[0].losses) == 1
    assert sum(len(report.losses) for report in made) == 14 == made[-1].step


def test_after_each_epoch_the_validation_part_is_measured():
    """The weights after one epoch are those of a run of one epoch."""
    experiment = small_experiment(epochs=2)
    part, loss = prepared(experiment).validation, experiment.training.loss
    model, reports = trained(experiment)
    after_one, _ = trained(changed(experiment, **{"training.epochs": 1}))
    ended = [report for report in reports if isinstance(report, EpochEnded)]
    assert [report.epoch for report in ended] == [1, 2]
    assert [report.validation for report in ended] == [loop.evaluate(it, part, loss) for it in (after_one, model)]


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


RECIPES = {
    "with replacement": {"order": "with replacement"},
    "last batch dropped": {"drop_last": True},
    "cosine after a warm-up": {"schedule": CosineSchedule(), "warmup_steps": 5},
    "stairs and Nesterov": {"schedule": StepSchedule(every=4), "optimizer": Nesterov(learning_rate=0.05)},
    "AdamW and penalties": {
        "optimizer": AdamW(),
        "penalties": Penalties(conv=Penalty(l2=0.1), output=Penalty(l1=0.01)),
    },
}
each_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)


def with_recipe(recipe, **options):
    experiment = small_experiment(epochs=3, **options)
    return experiment.model_copy(update={"training": experiment.training.model_copy(update=recipe)})


@each_recipe
def test_every_recipe_broken_off_and_resumed_makes_the_same_steps(recipe):
    experiment = with_recipe(recipe)
    whole, unbroken = trained(experiment)
    first = built(experiment)
    made = next(r.step for r in train(first, prepared(experiment), experiment) if r.step >= 8)
    second = built(experiment)
    second.restore(first.state())
    _, rest = trained(experiment, made=made, model=second)
    assert np.array_equal(losses(rest), losses(unbroken)[made:])
    ours, theirs = second.state().weights, whole.state().weights
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)


def test_every_step_gets_the_rate_of_its_schedule():
    experiment, seen = with_recipe(RECIPES["cosine after a warm-up"]), []
    model = built(experiment)
    steps = model.steps
    model.steps = lambda order, rates, masks: seen.extend(rates) or steps(order, rates, masks)
    trained(experiment, model=model)
    assert np.array_equal(seen, rate(CosineSchedule(), 0.01, np.arange(1, 22), 21, 5))
    assert np.array_equal(seen, loop.rates(experiment.training, 200))


def test_with_replacement_some_rows_come_twice_and_others_not_at_all():
    recipe = TrainingRecipe(order="with replacement")
    orders = [loop.epoch_order(recipe, 1000, 1, epoch) for epoch in (1, 2)]
    assert all(order.shape == (1000,) and order.min() >= 0 and order.max() < 1000 for order in orders)
    assert [pytest.approx(1 - 1 / np.e, abs=0.03)] * 2 == [len(set(order)) / 1000 for order in orders]
    assert not np.array_equal(*orders)
    assert np.array_equal(orders[1], loop.epoch_order(recipe, 1000, 1, 2))


def test_a_dropped_last_batch_is_never_seen():
    experiment, sizes = small_experiment(epochs=2, drop_last=True), []
    model = built(experiment)
    steps = model.steps
    model.steps = lambda order, rates, masks: sizes.append(order.shape[1]) or steps(order, rates, masks)
    _, reports = trained(experiment, model=model)
    assert set(sizes) == {32}
    assert losses(reports).size == 12 == loop.total_steps(experiment.training, 200)


def test_dropping_every_batch_is_refused_with_both_numbers():
    experiment = small_experiment(drop_last=True, batch_size=500)
    with pytest.raises(ExperimentError, match=r"200 training images.*one batch of 500"):
        loop.check(experiment, prepared(experiment))


# --- ending early


def overfitted(**options):
    """Too large a rate on too few images: the validation loss soon rises."""
    experiment = small_experiment(epochs=40, train=60, patience=2, **options)
    return changed(experiment, **{"training.optimizer.learning_rate": 0.05})


with_and_without_batch_norm = pytest.mark.parametrize("normalised", [False, True], ids=["plain", "batch norm"])


@with_and_without_batch_norm
def test_early_stopping_ends_after_its_patience_and_puts_the_best_weights_back(tmp_path, normalised):
    """And the running statistics that belong to them."""
    run = folder.create(overfitted(normalised=normalised), "reference", folder=tmp_path)
    assert left_after(run, 10**6) == "finished"
    validation_losses, last = [entry["validation"]["loss"] for entry in run.epochs()], run.events()[-1]
    assert len(validation_losses) == np.argmin(validation_losses) + 1 + 2 < 40
    assert last["ended_by"] == "early stopping"
    assert f"epoch {np.argmin(validation_losses) + 1}" in last["reason"]
    assert last["result"]["validation"]["loss"] == min(validation_losses)
    model = built(run.experiment)
    model.restore(run.snapshot())
    part = prepared(run.experiment).validation
    assert loop.evaluate(model, part, run.experiment.training.loss)["loss"] == min(validation_losses)


@pytest.mark.parametrize("reports", [1, 4, 9])
@with_and_without_batch_norm
def test_early_stopping_survives_a_resume(tmp_path, reports, normalised):
    experiment = overfitted(normalised=normalised)
    unbroken, broken = (folder.create(experiment, "reference", folder=tmp_path / name) for name in "ub")
    assert left_after(unbroken, 10**6) == "finished"
    assert left_after(broken, reports) == "stopped"
    assert left_after(broken, 10**6) == "finished"
    assert np.array_equal(broken.curve()[1], unbroken.curve()[1])
    ours, theirs = (run.events()[-1] for run in (broken, unbroken))
    assert {key: ours[key] for key in ours if key != "time"} == {key: theirs[key] for key in theirs if key != "time"}
    ours, theirs = broken.snapshot(), unbroken.snapshot()
    assert all(np.array_equal(ours.weights[name], theirs.weights[name]) for name in theirs.weights)
    assert (ours.best.epoch, ours.best.loss) == (theirs.best.epoch, theirs.best.loss)
    assert len(theirs.statistics) == 2 * normalised
    assert all(np.array_equal(ours.statistics[name], theirs.statistics[name]) for name in theirs.statistics)


def test_running_statistics_belong_to_what_is_resumed():
    """Broken off and gone on without them, a run would judge its validation images otherwise."""
    experiment = small_experiment(epochs=3, normalised=True)
    whole, unbroken = trained(experiment)
    first = built(experiment)
    made = next(r.step for r in train(first, prepared(experiment), experiment) if r.step >= 8)
    second = built(experiment)
    second.restore(first.state())
    _, rest = trained(experiment, made=made, model=second)
    ends = [[r.validation for r in reports if isinstance(r, EpochEnded)][-1] for reports in (unbroken, rest)]
    assert ends[0] == ends[1]
    theirs = whole.state().statistics
    assert all(np.array_equal(second.state().statistics[name], theirs[name]) for name in theirs)


def test_a_run_killed_before_its_last_word_says_it_and_makes_no_more_steps(tmp_path):
    run = folder.create(overfitted(), "reference", folder=tmp_path)
    left_after(run, 10**6)
    lines, last = run.events_path.read_text().splitlines(keepends=True), run.events()[-1]
    run.events_path.write_text("".join(lines[:-1]))
    assert left_after(run, 10**6) == "finished"
    result = run.events()[-1]
    assert [result[key] for key in ("step", "ended_by", "reason", "result")] == [
        last[key] for key in ("step", "ended_by", "reason", "result")
    ]
    assert [event["event"] for event in run.events()[len(lines) - 1 :]] == ["resumed", "snapshot", "finished"]


def test_early_stopping_without_validation_images_is_refused():
    experiment = changed(small_experiment(patience=2), **{"data.validation": 0})
    with pytest.raises(ExperimentError, match="no validation images"):
        loop.check(experiment, prepared(experiment))


def test_a_time_limit_ends_a_run_and_counts_what_was_spent_before_a_resume(tmp_path):
    run = folder.create(small_experiment(epochs=50, time_limit=1000), "reference", folder=tmp_path)
    assert left_after(run, 2) == "stopped"
    made = run.reading.step
    with EventWriter(run.events_path) as log:
        log.write("steps", step=made, losses=[], seconds=1000)
    assert left_after(run, 10**6) == "finished"
    last = run.events()[-1]
    assert (last["ended_by"], last["step"]) == ("time limit", made)
    assert last["reason"] == "the time limit of 1000 s was reached" == run.status().reason


def test_the_time_limit_counts_training_and_evaluation():
    stopping = Stopping(TrainingRecipe(time_limit=1.0))
    stopping.see(StepsMade(1, np.ones(1), 0.6), None)
    assert not stopping.ended_by
    stopping.see(EpochEnded(1, 1, {}, 0.4), None)
    assert stopping.ended_by == "time limit"


def test_a_run_that_comes_to_its_end_says_so_without_a_reason(tmp_path):
    for options, by in (({"epochs": 1}, "epochs"), ({"steps": 3}, "steps")):
        run = folder.create(small_experiment(**options), "reference", folder=tmp_path / by)
        left_after(run, 10**6)
        assert run.events()[-1]["ended_by"] == by
        assert not run.status().reason


def test_the_steps_a_call_takes_do_not_change_what_it_learns(monkeypatch):
    experiment = small_experiment(epochs=2)
    _, few = trained(experiment)
    monkeypatch.setattr(loop, "_steps_per_call", lambda seconds, most, left: left)
    _, many = trained(experiment)
    assert np.array_equal(losses(few), losses(many))


def test_a_loss_that_blows_up_ends_training_with_the_step_and_a_way_out():
    experiment = changed(
        small_experiment(epochs=50, precision="float32"),
        **{"training.optimizer": SGD(learning_rate=1e30).model_dump(), "data.scaling": {"kind": "raw"}},
    )
    with np.errstate(all="ignore"), pytest.raises(TrainingError, match=r"at step \d+.*learning rate below 1e\+30"):
        trained(experiment)


def test_a_network_for_other_images_is_refused_with_both_shapes():
    experiment = changed(small_experiment(), **{"data.name": "digits"})
    with pytest.raises(ExperimentError, match=r"\(1, 16, 16\).*\(1, 28, 28\)"):
        loop.check(experiment, prepared(experiment))


def test_a_network_with_the_wrong_number_of_outputs_is_refused():
    experiment = changed(small_experiment(), **{"network.layers.-1.units": 7})
    with pytest.raises(NetworkError, match=r"layer 'dense1'.*7 numbers.*10 classes"):
        loop.check(experiment, prepared(experiment))


def test_a_network_may_end_in_softmax_where_the_loss_does_not_apply_it():
    document = small_experiment(loss=SquaredError()).model_dump(mode="json")
    document["network"]["layers"].append({"kind": "activation", "function": "softmax"})
    experiment = Experiment.model_validate(document)
    loop.check(experiment, prepared(experiment))


def test_accuracy_is_the_share_of_right_answers_and_loss_the_mean():
    class Fixed:
        def predict(self, x):
            return np.array([[0.0, 0.0], [0.0, 5.0], [5.0, 0.0]])

    part = type("Part", (), {"x": None, "y": np.array([0, 1, 1])})
    measured = loop.evaluate(Fixed(), part, CrossEntropy())
    assert measured["accuracy"] == pytest.approx(2 / 3)
    assert measured["loss"] == pytest.approx((np.log(2) + np.log1p(np.exp(-5)) + 5 + np.log1p(np.exp(-5))) / 3)


def test_weights_that_the_very_last_step_blew_up_are_noticed():
    experiment = changed(
        small_experiment(epochs=1, steps=1, precision="float32"),
        **{"training.optimizer": {"kind": "sgd", "learning_rate": 1e30}},
    )
    with np.errstate(all="ignore"), pytest.raises(TrainingError, match="no longer finite numbers"):
        trained(experiment)


def test_a_network_that_does_not_fit_into_memory_is_refused_before_it_is_drawn():
    experiment = changed(small_experiment(), **{"network.layers.-1.units": 1_000_000, "training.batch_size": 10**6})
    with pytest.raises(ExperimentError, match=r"GB for the network and a batch of .*GB are free"):
        loop.check_memory(experiment, rows=10**6)
