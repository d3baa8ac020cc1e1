"""A network that ends in one number and a sigmoid: yes or no to the second of two classes."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import backends
from backends.contract.models import frozen, model
from backends.contract.networks import act, conv, network
from backends.contract.training import ROWS, SMALL_CNN, fifty_steps_agree, training_set
from core.data import catalogue
from core.data.prepared import Prepared, prepare
from core.drafts.draft import Draft
from core.experiment import presets
from core.experiment.experiment import ExperimentError, changed
from core.formulas import recipe as formulas
from core.metrics.evaluation import Evaluation
from core.metrics.robustness import Judge
from core.network.errors import NetworkError
from core.network.layers import Dense, Flatten
from core.network.output_layer import check_ending
from core.numerics import losses
from core.random import generator
from core.recipe.losses import BinaryCrossEntropy, CrossEntropy
from core.recipe.optimizers import SGD
from core.runs import folder, predictions
from core.runs.trainer import record
from core.training.loop import check, outputs
from tests.support.apps import begins, errors, mend, ran, visit


YES_OR_NO = BinaryCrossEntropy()
Z, LABELS = np.array([[np.log(3)], [np.log(3)], [0.0]]), np.array([1, 0, 1])


def test_the_loss_is_the_one_worked_out_by_hand():
    """sigmoid(ln 3) is 3/4."""
    values, slopes = losses.per_sample_loss(YES_OR_NO, Z, LABELS)
    assert_allclose(values, [-np.log(3 / 4), -np.log(1 / 4), np.log(2)])
    assert_allclose(slopes, [[-1 / 4], [3 / 4], [-1 / 2]])


def test_what_it_says_of_both_classes_has_the_same_loss_and_the_sigmoid_as_probability():
    both = losses.of_each_class(Z)
    assert_allclose(losses.reported_losses(YES_OR_NO, both, LABELS), losses.reported_losses(YES_OR_NO, Z, LABELS))
    judged = Evaluation(both, LABELS, YES_OR_NO)
    assert_allclose(judged.probabilities, [[1 / 4, 3 / 4], [1 / 4, 3 / 4], [1 / 2, 1 / 2]])
    assert_allclose(judged.predicted, [1, 1, 0])


def test_outputs_of_several_classes_stay_as_they_are():
    z = np.array([[1.0, 2.0, 3.0]])
    assert losses.of_each_class(z) is z


SUBJECTS = {
    "convolution": network(conv(3), act("relu"), Flatten(), Dense(units=1)),
    "dropout": network(*SMALL_CNN.layers[:-1], Dense(units=1), shape=SMALL_CNN.input_shape),
}


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_fifty_steps_agree_with_the_reference(backend, subject, reduction, weighted):
    x, y = training_set()
    weight = frozen(generator(12, "contract weight").uniform(0, 2, ROWS)) if weighted else None

    def made(its):
        it = model(its, subject, optimizer=SGD(learning_rate=0.02), loss=BinaryCrossEntropy(reduction=reduction))
        it.load(x, frozen(y % 2), weight)
        return it

    fifty_steps_agree(backend, made, np.full(50, 0.02), subject)


def test_it_learns_what_two_outputs_and_softmax_learn_at_half_the_rate(backend):
    """z is the difference of their logits, and moves twice as far in a step."""
    x, y = training_set()
    one, two = (network(Flatten(), Dense(units=units), shape=SMALL_CNN.input_shape) for units in (1, 2))
    cells = int(np.prod(SMALL_CNN.input_shape))
    nothing = [{"dense1.weights": np.zeros((units, cells)), "dense1.biases": np.zeros(units)} for units in (1, 2)]
    single = model(backend, one, nothing[0], SGD(), loss=YES_OR_NO)
    pair = model(backend, two, nothing[1], SGD(), loss=CrossEntropy())
    rows, rates = np.tile(np.arange(ROWS), (20, 1)), np.full(20, 0.2)
    for it in (single, pair):
        it.load(x, frozen(y % 2))
    reported, expected = single.steps(rows, rates, {}), pair.steps(rows, rates / 2, {})
    logits = pair.predict(x)
    assert_allclose(single.predict(x)[:, 0], logits[:, 1] - logits[:, 0], rtol=1e-9)
    assert_allclose(reported, expected, rtol=1e-9)
    assert reported[-1] < reported[0]


def test_only_two_classes_and_the_loss_of_yes_or_no_let_a_network_end_in_one_number():
    subject = SUBJECTS["convolution"]
    check_ending(subject, 2, loss=YES_OR_NO)
    with pytest.raises(NetworkError, match="ends in 1 number, but the data set has 3 classes"):
        check_ending(subject, 3, loss=YES_OR_NO)
    with pytest.raises(NetworkError, match=r"ends in 1 number, but .*choose binary cross-entropy as the loss"):
        check_ending(subject, 2, loss=CrossEntropy())
    with pytest.raises(NetworkError, match="would apply it twice"):
        check_ending(network(Flatten(), Dense(units=1), act("sigmoid")), 2, loss=YES_OR_NO)


def test_the_preset_has_one_output_for_two_classes_and_one_a_class_for_more():
    assert [presets.get("sigmoid-output").network((1, 1, 2), n).layers[-1].units for n in (2, 3, 10)] == [1, 3, 10]


def moons(**settings):
    return changed(presets.experiment("sigmoid-output", "points-moons"), **settings)


def prepared(experiment) -> Prepared:
    return prepare(catalogue.load(experiment.data.name), experiment.data, experiment.seed)


@pytest.mark.parametrize("name", backends.names())
def test_a_run_is_trained_judged_and_kept_like_any_other(name):
    """A straight line tells seven of eight points of the two moons rightly."""
    run = folder.create(moons(**{"training.epochs": 5}), name, "cpu")
    assert record(run, backends.load(name), name, "cpu") == "finished"
    result, said = run.status().result, predictions.load(run.predictions_path, "test")
    assert result["test"]["accuracy"] > 0.8
    assert said.logits.shape == (300, 2)
    judged = Evaluation(said.logits, said.labels, run.experiment.training.loss)
    assert judged.right.mean() == pytest.approx(result["test"]["accuracy"])
    assert judged.losses.mean() == pytest.approx(result["test"]["loss"], rel=1e-5)


def test_changed_images_are_judged_by_its_sign():
    experiment = moons()
    data = prepared(experiment)
    check(experiment, data)
    weights = {"dense1.weights": np.array([[0.0, -4.0]]), "dense1.biases": np.array([2.0])}
    made = backends.load("reference").build(experiment.network, weights, experiment.training)
    images = np.array([[[[0, 0]]], [[[0, 255]]]], np.uint8)
    judge = Judge(made, data.scaling, "float32", YES_OR_NO, images, np.array([1, 0]))
    assert judge.right(None, 0.0) == 2
    assert np.array_equal(
        np.argmax(outputs(made, data.test), axis=1), (made.predict(data.test.x)[:, 0] > 0).astype(int)
    )


def test_another_data_set_brings_as_many_outputs_as_the_loss_needs():
    draft = Draft.of(moons(), "sigmoid-output")
    for name, units in (("digits", 10), ("points-rings", 1)):
        draft.choose_data(name)
        assert draft.rows[-1].layer["units"] == units
        assert draft.check().experiment is not None
    draft.choose_loss("cross_entropy")
    assert "ends in 1 number" in draft.check().general[0].sentence


def test_its_formula_has_no_sum_over_classes():
    assert "second class" in formulas.loss(YES_OR_NO, 1)
    assert r"\sum" in formulas.loss(YES_OR_NO, 2)


def test_on_the_page_the_preset_is_chosen_and_an_unfit_loss_is_mended_with_a_click():
    app = visit("train")
    ran(app.selectbox(key="data").select("points-moons").run())
    ran(app.selectbox(key="preset").select("sigmoid-output").run())
    assert not app.error
    assert any("second class" in latex.value for latex in app.latex)
    ran(app.selectbox(key=begins(app, "loss-", "selectbox")).select("cross_entropy").run())
    assert "ends in 1 number, but" in errors(app)
    assert app.button(key="start").disabled
    ran(mend(app, "Give dense1 2 units").click().run())
    assert not app.error
    assert not app.button(key="start").disabled


def test_classes_that_are_not_two_are_refused_before_training():
    experiment = moons(**{"data.name": "points-blobs"})
    with pytest.raises((ExperimentError, NetworkError), match="3 classes"):
        check(experiment, prepared(experiment))
