"""The states of the weights that a run remembers."""

import hashlib
import itertools
import json

import numpy as np
import pytest

import backends
from backends.executors.inline import InlineExecutor
from core.backend import State
from core.data import catalogue
from core.data.preparation.scaling import FittedScaling, PerPixel
from core.data.prepared import prepare
from core.experiment.experiment import changed, from_json
from core.recipe.remember import Remember, is_milestone, next_milestone
from core.runs import archive_import, export, folder, history, preparation, snapshots, trash
from core.runs.folder import RunError
from tests.support.small import small_experiment


def trained(folder, experiment=None, **executor):
    made = InlineExecutor(backends.load("reference"), **executor)
    return made.start(experiment or small_experiment(normalised=True), "reference", folder=folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("runs"))


def test_milestones_are_one_two_five_and_so_on():
    assert [step for step in range(201) if is_milestone(step)] == [0, 1, 2, 5, 10, 20, 50, 100, 200]
    assert [next_milestone(step) for step in (0, 1, 4, 5, 200, 999)] == [1, 2, 5, 10, 500, 1000]


def test_a_run_remembers_its_start_the_milestones_every_epoch_and_its_end(run):
    assert run.remembered() == [0, 1, 2, 5, 7, 10, 14]


def test_what_is_remembered_is_what_the_model_had(run):
    """Training the same experiment to that step gives the same weights, within float16."""
    for step in (0, 5):
        short = changed(run.experiment, **{"training.steps": max(step, 1)})
        model_run = trained(run.path.parent / f"short-{step}", short)
        expected = model_run.state_at(step)
        remembered = run.state_at(step)
        for name, values in expected.weights.items():
            np.testing.assert_allclose(remembered.weights[name], values, rtol=1e-3, atol=1e-6)
        assert set(remembered.statistics) == set(expected.statistics)
    assert np.abs(run.state_at(0).weights["conv1.weights"] - run.state_at(5).weights["conv1.weights"]).max() > 0.001


def test_the_newest_state_is_exact(run):
    exact = run.snapshot()
    for state in (run.state_at(), run.state_at(14)):
        np.testing.assert_array_equal(state.weights["dense1.weights"], exact.weights["dense1.weights"])
        assert state.weights["dense1.weights"].dtype == np.float64


def test_a_step_that_is_not_remembered_is_a_sentence(run):
    with pytest.raises(RunError, match="does not remember the weights after step 3; it has 0, 1, 2, 5, 7, 10, 14"):
        run.state_at(3)


def test_remembering_changes_no_loss_and_no_hash(tmp_path, run):
    without = changed(run.experiment, **{"training.remember.states": 0})
    other = trained(tmp_path, without)
    assert other.remembered() == [14]
    assert other.reading.losses == run.reading.losses
    assert without.hash == run.experiment.hash


def test_what_is_forgotten_leaves_the_ends_and_an_even_spread(tmp_path):
    few = Remember(states=8)
    for step in range(0, 1001):
        history.save(tmp_path, State({"w": np.zeros(2)}, step=step), few)
    kept = history.steps(tmp_path)
    assert len(kept) == 8
    assert kept[0] == 0
    assert kept[-1] == 1000
    ratios = [(later + 1) / (earlier + 1) for earlier, later in itertools.pairwise(kept)]
    assert max(ratios) < 12, kept


def test_no_more_than_the_megabytes_are_kept(tmp_path):
    for step in range(20):
        history.save(tmp_path, State({"w": np.zeros(50_000)}, step=step), Remember(megabytes=0.5))
    kept = history.steps(tmp_path)
    assert 2 <= len(kept) <= 5
    assert (kept[0], kept[-1]) == (0, 19)


def test_a_number_too_large_for_half_precision_stays_a_number(tmp_path):
    history.save(tmp_path, State({"w": np.array([1e6, 2.0])}, step=3), Remember())
    np.testing.assert_array_equal(history.at(tmp_path, 3).weights["w"], np.array([1e6, 2.0], np.float32))
    for odd in (65504.0, 65519.0, 65520.0, -7e4):
        history.save(tmp_path, State({"w": np.array([odd])}, step=4), Remember())
        np.testing.assert_array_equal(history.at(tmp_path, 4).weights["w"], np.array([odd], np.float32))


def test_every_remembered_step_can_be_read_and_the_last_of_them_is_the_newest(tmp_path):
    run = trained(tmp_path)
    snapshots.save(run.state_path, State({"w": np.full(2, 1 / 3)}, step=13))  # the older one, in no history
    assert 13 in run.remembered()
    assert [run.state_at(step).step for step in run.remembered()] == run.remembered()
    np.testing.assert_array_equal(run.state_at(13).weights["w"], np.full(2, 1 / 3))
    assert run.state_at().step == 14


def test_a_run_without_a_snapshot_yet_or_with_damaged_ones_answers_with_what_it_remembers(tmp_path):
    run = trained(tmp_path)
    for path in snapshots.steps(run.state_path):
        path.write_bytes(b"half a file")
    assert run.state_at().step == 14
    for path in (run.state_path / "history").iterdir():
        path.unlink()
    with pytest.raises(RunError, match="no saved weights; train the experiment again"):
        run.state_at()


def test_a_remembered_run_keeps_its_history_when_it_is_exported_deleted_and_restored(tmp_path, run):
    [copy] = archive_import.unpack(export.archive([run]), tmp_path)
    copied = folder.find(copy, tmp_path)
    assert copied.remembered() == run.remembered()
    np.testing.assert_array_equal(copied.state_at(5).weights["conv1.weights"], run.state_at(5).weights["conv1.weights"])
    assert copied.class_names() == run.class_names()
    trash.delete(copied)
    trash.restore(copy, tmp_path)
    assert copied.remembered() == run.remembered()


def test_an_experiment_from_before_has_the_defaults_and_its_old_hash():
    text = json.loads(small_experiment().to_json())
    del text["training"]["remember"]
    old = from_json(json.dumps(text))
    assert old.training.remember == Remember()
    content = json.dumps({name: text[name] for name in text if name != "title"}, sort_keys=True, separators=(",", ":"))
    assert old.hash == hashlib.sha256(content.encode()).hexdigest()[:12]


def test_a_resumed_run_goes_on_remembering_and_repeats_nothing(tmp_path):
    seen = []
    stopped = trained(
        tmp_path,
        small_experiment(epochs=4),
        report=lambda event: seen.append(event["event"]),
        leave=lambda: "enough" if seen.count("epoch") == 2 else "",
    )
    assert stopped.status().state == "stopped"
    history.save(stopped.state_path, State({"w": np.zeros(1)}, step=17), Remember())  # of steps that were lost
    InlineExecutor(backends.load("reference")).resume(stopped)
    unbroken = trained(tmp_path / "other", small_experiment(epochs=4))
    assert stopped.remembered() == unbroken.remembered()
    for step in unbroken.remembered():
        ours, theirs = (run.state_at(step).weights["dense1.weights"] for run in (stopped, unbroken))
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-6)  # one snapshot is exact


def test_a_run_prepares_an_image_without_its_data_set(tmp_path, monkeypatch):
    experiment = changed(small_experiment(), **{"data.scaling": {"kind": "per_pixel"}})
    run = trained(tmp_path, experiment)
    data = prepare(catalogue.load("digits-16x16"), experiment.data, experiment.seed, np.float64)
    images = catalogue.load("digits-16x16").images[data.test.rows]
    monkeypatch.setattr(catalogue, "load", lambda name: pytest.fail("the data set was read"))
    np.testing.assert_array_equal(run.scaling().apply(images, np.float64), data.test.x)
    assert run.class_names() == tuple("0123456789")


def test_an_older_run_prepares_images_with_its_data_set(tmp_path):
    run = trained(tmp_path, changed(small_experiment(), **{"data.scaling": {"kind": "global"}}))
    before = run.scaling()
    (run.path / "preparation.safetensors").unlink()
    after = type(run)(run.path).scaling()
    assert (after.shift, after.divisor) == (before.shift, before.divisor)


def test_a_preparation_that_does_not_fit_the_images_is_not_used(tmp_path):
    run = trained(tmp_path)
    before = run.scaling()
    wrong = FittedScaling(PerPixel(), np.zeros((1, 5, 5)), np.ones((1, 5, 5)), 10)
    preparation.save(run.path, wrong, run.class_names())
    assert folder.Run(run.path).scaling().formula() == before.formula()
    experiment = changed(run.experiment, **{"data.name": "no-such-data"})
    (run.path / "experiment.json").write_text(experiment.to_json())
    with pytest.raises(RunError, match="cannot prepare an image without its data set"):
        folder.Run(run.path).scaling()
