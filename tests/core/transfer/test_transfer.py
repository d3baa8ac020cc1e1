"""Transfer: separable features are learned, random labels are not, and no test image is ever trained on."""

from itertools import pairwise

import numpy as np
import pytest

import backends
from core.data import catalogue
from core.data.dataset import DataError, Dataset
from core.data.preparation.fitting import fitted, remark
from core.explain.questions import QuestionError
from core.runs.folder import RunError, create, runs_folder
from core.runs.trainer import record
from core.transfer import classifiers, plan as plans
from core.transfer.classifiers import predicted, scaled
from core.transfer.features import layers
from core.transfer.images import task
from core.transfer.measuring import measured
from core.transfer.plan import CLASSIFIERS, FEATURES, Plan
from tests.support.small import small_experiment


REFERENCE = backends.load("reference")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    run = create(small_experiment(epochs=1), "reference", folder=tmp_path_factory.mktemp("runs"))
    assert record(run, REFERENCE, "reference", "cpu") == "finished"
    return run


def plan_of(run, **fields) -> Plan:
    given = {"data": "digits-16x16", "classes": (3, 5, 8), "each": (5, 20), "draws": 2, "layer": "pool1"} | fields
    return Plan(run=run.id, step=run.state_at().step, **given)


def images_of(labels, seed=1, bright=60, shape=(1, 16, 16)) -> np.ndarray:
    """Noise, brighter the higher the label."""
    rng = np.random.default_rng(seed)
    noise = rng.integers(0, 40, (len(labels), *shape))
    return (noise + bright * np.asarray(labels)[:, None, None, None]).astype(np.uint8)


def dataset_of(images, labels, parts, classes=2) -> Dataset:
    names = tuple("abcdefgh"[:classes])
    return Dataset("own", "Own", images, np.asarray(labels, np.int64), names, parts, "drawn for a test")


PARTS = {"train": range(0, 80), "test": range(80, 200)}


# --- the classifiers


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_every_classifier_separates_what_is_separable(classifier):
    rng = np.random.default_rng(2)
    y, truth = np.arange(60) % 3, np.arange(90) % 3
    centers = 8 * np.eye(3, 10)
    x, test = (centers[labels] + rng.normal(size=(len(labels), 10)) for labels in (y, truth))
    answers = predicted(classifier, x.astype(np.float32), y, test.astype(np.float32), REFERENCE, 1)
    assert np.array_equal(answers, truth)


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_no_classifier_does_better_than_chance_with_random_labels(classifier):
    rng = np.random.default_rng(3)
    x, test = rng.normal(size=(200, 10)).astype(np.float32), rng.normal(size=(2000, 10)).astype(np.float32)
    y, truth = rng.integers(0, 4, 200), rng.integers(0, 4, 2000)
    accuracy = np.mean(predicted(classifier, x, y, test, REFERENCE, 1) == truth)
    assert abs(accuracy - 1 / 4) < 4 * np.sqrt(1 / 4 * 3 / 4 / 2000)


def test_features_are_scaled_by_the_training_images_only():
    """Means 2 and 4; deviations of -1, 1, -3, 3 from them: the root mean square is sqrt(5)."""
    x, test = scaled(np.array([[1.0, 1.0], [3.0, 7.0]]), np.array([[100.0, 4.0]]))
    assert x == pytest.approx(np.array([[-1, -3], [1, 3]]) / np.sqrt(5))
    assert test == pytest.approx(np.array([[98, 0]]) / np.sqrt(5))


def test_features_that_never_change_are_not_divided_by_0():
    assert scaled(np.ones((3, 2)), np.ones((1, 2)))[1].tolist() == [[0, 0]]


# --- the images


def test_no_test_image_is_drawn_and_smaller_draws_are_the_beginning_of_larger_ones(run):
    dataset = catalogue.load("digits-16x16")
    work = task(dataset, (3, 5, 8), 50, run.experiment)
    assert not np.intersect1d(work.pool, work.test).size
    assert set(work.test) <= set(dataset.parts["test"])
    for draw in range(3):
        rows = work.drawn(50, 1, draw)
        assert np.isin(rows, work.pool).all()
        assert len(np.unique(rows)) == rows.size
        assert np.array_equal(rows[:, :10], work.drawn(10, 1, draw))
        assert [set(dataset.labels[line]) for line in rows] == [{3}, {5}, {8}]
    assert all(not np.array_equal(a, b) for a, b in pairwise(work.drawn(50, 1, draw) for draw in range(4)))


def test_a_data_set_without_test_images_is_tested_on_validation_images(run):
    labels = np.arange(60) % 2
    dataset = dataset_of(images_of(labels), labels, {"train": range(60)})
    work = task(dataset, (), 10, run.experiment)
    assert work.test.tolist() == list(range(50, 60)), "one sixth, as for any recipe"
    assert not np.intersect1d(work.pool, work.test).size


def test_images_that_the_network_was_trained_on_do_not_test_it(run):
    labels = np.arange(60) % 2
    dataset = dataset_of(images_of(labels), labels, {"train": range(60)})
    own = run.experiment.data.model_copy(update={"name": "own", "train": 60, "validation": 0, "test": 0})
    with pytest.raises(DataError, match="this network was trained on all of its images"):
        task(dataset, (), 10, run.experiment.model_copy(update={"data": own}))


def test_too_few_images_and_unknown_classes_are_named(run):
    dataset = catalogue.load("digits-16x16")
    with pytest.raises(DataError, match=r"has only \d+ training images of class '3', but the plan needs 500 per class"):
        task(dataset, (3, 5), 500, run.experiment)
    with pytest.raises(DataError, match="there is no class 12"):
        task(dataset, (3, 12), 5, run.experiment)


def test_images_are_made_to_fit_and_a_sentence_says_how():
    grey = np.full((2, 1, 8, 8), 90, np.uint8)
    color = fitted(grey, (3, 16, 12))
    assert color.shape == (2, 3, 16, 12)
    assert (color == 90).all()
    red = np.zeros((1, 3, 4, 4), np.uint8)
    red[:, 0] = 200
    assert fitted(red, (1, 4, 4)).tolist() == [[[[60] * 4] * 4]], "0.299 * 200"
    assert fitted(grey, (1, 8, 8)) is grey
    assert remark((1, 8, 8), (3, 16, 12)) == (
        "The images are scaled from 8 × 8 to 16 × 12 pixels and repeated in red, green and blue to fit the network."
    )
    assert remark((1, 8, 8), (1, 8, 8)) == ""
    with pytest.raises(DataError, match="2 channels"):
        fitted(grey, (2, 8, 8))


# --- the whole


def test_a_plan_measures_every_number_of_images_for_every_kind_of_features(run):
    seen = []
    result = measured(
        plan_of(run), run, REFERENCE, "reference", REFERENCE, on_point=lambda point, share: seen.append(share)
    )
    assert len(seen) == len(result.points) == plan_of(run).count == 4 * 2 * 2
    assert result.classes == ("3", "5", "8")
    assert result.width == {"network": 4 * 7 * 7, "untrained": 4 * 7 * 7, "pixels": 256, "edges": 128}
    for features in FEATURES:
        few, more = (np.mean(result.accuracies(features, each)) for each in (5, 20))
        assert 1 / 3 < few < more <= 1
    assert result.accuracies("network", 5) != result.accuracies("untrained", 5)
    again = measured(plan_of(run), run, REFERENCE, "reference", REFERENCE)
    assert again.points == result.points


def test_random_labels_stay_at_chance_and_bright_images_are_told_from_dark_ones(run, own_data_folder):
    """120 images test; 3 deviations of chance are 0.14. Training on the test images would reach 1.0."""
    rng = np.random.default_rng(4)
    labels = np.concatenate([np.arange(80) % 2, rng.integers(0, 2, 120)])
    for bright, low, high in ((0, 0.35, 0.65), (60, 1.0, 1.0)):
        name = catalogue.keep(dataset_of(images_of(labels, bright=bright), labels, PARTS))
        result = measured(plan_of(run, data=name, classes=(), each=(40,)), run, REFERENCE, "reference", REFERENCE)
        assert result.classes == ("a", "b")
        for features in ("network", "untrained", "pixels"):
            assert all(low <= accuracy <= high for accuracy in result.accuracies(features, 40))


def test_another_size_and_other_colours_are_converted(run, own_data_folder):
    labels = np.arange(200) % 2
    name = catalogue.keep(dataset_of(images_of(labels, shape=(3, 20, 24)), labels, PARTS))
    result = measured(plan_of(run, data=name, classes=(), each=(5,)), run, REFERENCE, "reference", REFERENCE)
    assert "scaled from 20 × 24 to 16 × 16 pixels and converted to grey" in result.remark
    assert np.mean(result.accuracies("network", 5)) == 1


def test_mistakes_are_one_sentence_each(run):
    with pytest.raises(QuestionError, match=r"no layer called 'conv9'; there are conv1, act1, pool1"):
        measured(plan_of(run, layer="conv9"), run, REFERENCE, "reference", REFERENCE)
    with pytest.raises(DataError, match="no data set called 'nothing'"):
        measured(plan_of(run, data="nothing"), run, REFERENCE, "reference", REFERENCE)
    with pytest.raises(RunError, match="does not remember the weights after step 12345"):
        measured(plan_of(run).model_copy(update={"step": 12345}), run, REFERENCE, "reference", REFERENCE)


def test_a_layer_with_too_many_outputs_is_refused(run, monkeypatch):
    monkeypatch.setattr("core.transfer.features.MOST_FEATURES", 100)
    with pytest.raises(QuestionError, match="layer pool1 outputs 196 numbers per image, too many"):
        measured(plan_of(run), run, REFERENCE, "reference", REFERENCE)


def test_layers_are_listed_with_their_sizes(run):
    assert layers(run.experiment) == {
        "conv1": 784, "act1": 784, "pool1": 196, "flatten1": 196, "dropout1": 196, "dense1": 10,
    }  # fmt: skip


def test_a_result_is_found_by_its_plan(run):
    result = measured(plan_of(run, each=(5,), draws=1), run, REFERENCE, "reference", REFERENCE)
    assert plans.load(result.plan, runs_folder()) is None
    plans.save(result, runs_folder())
    assert plans.load(result.plan, runs_folder()) == result
    assert plans.load(result.plan.model_copy(update={"seed": 2}), runs_folder()) is None
    (path,) = runs_folder().rglob("*.json")
    path.write_text(path.read_text()[:-20])
    assert plans.load(result.plan, runs_folder()) is None


@pytest.mark.parametrize(
    "fields", [{"each": (20, 5)}, {"each": ()}, {"classes": (3,)}, {"classes": (5, 3)}, {"draws": 0}]
)
def test_plans_that_make_no_sense_are_refused(run, fields):
    with pytest.raises(ValueError, match=r"ascend|at least|greater"):
        plan_of(run, **fields)


def test_every_classifier_has_a_name_and_words():
    assert list(classifiers.WORDS) == list(CLASSIFIERS)
