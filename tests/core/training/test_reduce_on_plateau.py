"""Reduce on plateau: when the rate falls, that a resumed run makes the same steps, and what is recorded of it."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

import backends
from core.backend import State
from core.experiment.experiment import ExperimentError, changed
from core.recipe.schedules import ReduceOnPlateau
from core.runs import folder, snapshots
from core.runs.trainer import record
from core.training import loop
from core.training.reduce_on_plateau import falls, rates, shares
from tests.support.small import small_experiment
from tests.support.training import built, left_after, prepared


def test_the_rate_falls_after_each_patience_without_a_new_low():
    halved = ReduceOnPlateau(patience=2, factor=0.5, lowest=0)
    assert shares(halved, []).tolist() == [1]
    assert shares(halved, [3, 2, 1]).tolist() == [1, 1, 1, 1]
    assert shares(halved, [1, 1, 2]).tolist() == [1, 1, 1, 0.5]
    assert shares(halved, [1, 2, 0.5, 0.5, 0.5]).tolist() == [1, 1, 1, 1, 1, 0.5]
    assert shares(halved, [1, 2, 2, 2, 2]).tolist() == [1, 1, 1, 0.5, 0.5, 0.25]


def test_the_rate_never_falls_below_its_lowest_share():
    result = shares(ReduceOnPlateau(patience=1, factor=0.1, lowest=0.05), [1, 1, 1, 1])
    assert result.tolist() == [1, 1, 0.1, 0.05, 0.05]


def plateaus(**options):
    """A rate so large that the validation loss jumps: the plateau bites within few epochs."""
    it = small_experiment(epochs=12, train=60, schedule=ReduceOnPlateau(patience=1, factor=0.3), **options)
    return changed(it, **{"training.optimizer.learning_rate": 0.1})


def test_every_step_has_the_rate_that_the_validation_losses_before_it_make():
    it, seen, validation_losses = plateaus(warmup_steps=3), [], []
    model = built(it)
    steps = model.steps
    model.steps = lambda order, rates, masks: seen.extend(rates) or steps(order, rates, masks)
    reports = list(loop.train(model, prepared(it), it, validation_losses=validation_losses))
    losses = [r.validation["loss"] for r in reports if isinstance(r, loop.EpochEnded)]
    assert validation_losses == losses
    share = shares(it.training.schedule, losses)
    expected = 0.1 * np.repeat(share[:12], 2) * np.minimum(np.arange(1, 25) / 3, 1)
    assert share[11] < 1
    assert_allclose(seen, expected, rtol=1e-15)
    reported = [(r.step, r.learning_rate) for r in reports if isinstance(r, loop.StepsMade)]
    assert all(rate == seen[step - 1] for step, rate in reported)


@pytest.mark.parametrize("reports", range(1, 20, 2))
def test_a_plateau_survives_a_resume_wherever_it_is_broken_off(tmp_path, reports):
    unbroken, broken = (folder.create(plateaus(), "reference", folder=tmp_path / name) for name in "ub")
    assert left_after(unbroken, 10**6) == "finished"
    assert left_after(broken, reports) == "stopped"
    assert left_after(broken, 10**6) == "finished"
    assert np.array_equal(broken.curve()[1], unbroken.curve()[1])
    assert dict(broken.reading.rates)[24] == dict(unbroken.reading.rates)[24] < 0.1
    assert broken.snapshot().validation_losses == unbroken.snapshot().validation_losses


def test_what_the_plateau_remembers_is_in_the_snapshot_not_in_the_log(tmp_path):
    """Without the epochs' lines the resumed run still makes the same steps."""
    unbroken, broken = (folder.create(plateaus(), "reference", folder=tmp_path / name) for name in "ub")
    left_after(unbroken, 10**6)
    left_after(broken, 15)
    kept = [line for line in broken.events_path.read_text().splitlines(True) if json.loads(line)["event"] != "epoch"]
    broken.events_path.write_text("".join(kept))
    assert left_after(broken, 10**6) == "finished"
    assert np.array_equal(broken.curve()[1], unbroken.curve()[1])


def test_a_snapshot_brings_back_the_losses_exactly(tmp_path):
    state = State({"a.weights": np.ones(2)}, step=4, validation_losses=(0.1 + 0.2, 1e-300))
    assert snapshots.load(snapshots.save(tmp_path, state)).validation_losses == state.validation_losses


def test_a_plateau_without_validation_images_is_refused():
    it = changed(plateaus(), **{"data.validation": 0})
    with pytest.raises(ExperimentError, match=r"plateau schedule watches the validation loss.*no validation images"):
        loop.check(it, prepared(it))


def test_the_rate_of_every_report_is_in_the_events(tmp_path):
    run = folder.create(plateaus(), "reference", folder=tmp_path)
    left_after(run, 10**6)
    reported = [(event["step"], event["learning_rate"]) for event in run.events() if event["event"] == "steps"]
    assert run.reading.rates == reported
    assert reported[-1][0] == 24


# --- the test part at the best validation epoch


def test_the_test_part_is_measured_after_every_epoch_that_is_as_good_as_the_best(tmp_path):
    run = folder.create(small_experiment(epochs=6, test_at_best=True), "reference", folder=tmp_path)
    assert left_after(run, 10**6) == "finished"
    best = 0.0
    for entry in run.epochs():
        accuracy = entry["validation"]["accuracy"]
        assert ("test" in entry) is (accuracy >= best)
        best = max(best, accuracy)
    at_best = run.reading.at_best
    assert at_best["validation"]["accuracy"] == best
    last = run.epochs()[-1]
    if at_best["epoch"] == last["epoch"]:
        assert at_best["test"] == run.status().result["test"]


def test_a_resume_knows_the_best_epoch_before_it(tmp_path):
    runs = [
        folder.create(small_experiment(epochs=6, test_at_best=True), "reference", folder=tmp_path / n) for n in "ub"
    ]
    left_after(runs[0], 10**6)
    left_after(runs[1], 9)
    left_after(runs[1], 10**6)
    measured = [[(e["epoch"], e.get("test")) for e in run.epochs()] for run in runs]
    assert measured[0] == measured[1]
    assert any(test is None for _, test in measured[0])


def test_without_being_asked_for_the_test_part_waits_for_the_end(tmp_path):
    run = folder.create(small_experiment(), "reference", folder=tmp_path)
    assert record(run, backends.load("reference"), "reference", "cpu") == "finished"
    assert run.reading.at_best is None


def test_the_rates_of_a_recorded_run_fall_at_the_step_after_the_epoch_that_was_one_too_many():
    halved = ReduceOnPlateau(patience=2, factor=0.5, lowest=0)
    assert rates(halved, 0.4, [1, 2, 2, 3], per_epoch=2).tolist() == [0.4] * 6 + [0.2] * 2
    assert rates(halved, 0.4, [1, 1], per_epoch=2, warmup_steps=2).tolist() == [0.2, 0.4, 0.4, 0.4]
    assert falls(halved, [1, 2, 2, 3, 3]).tolist() == [2, 4]
    assert falls(halved, [3, 2, 1]).tolist() == []
