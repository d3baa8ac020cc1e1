"""The contract, for predictions, activations and gradients; the reference is also checked by finite differences."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from backends.contract.comparing import assert_agree, assert_same, relative_error
from backends.contract.models import images, model, reference, seeds, statistics_for, weights_for
from backends.contract.networks import NETWORKS, each_network, network
from core.backend import BackendError, State
from core.network.shapes import outline, trace
from core.random import generator
from core.recipe.training import TrainingRecipe


def test_the_cpu_comes_first(backend):
    assert backend.devices()[0].id == "cpu"
    assert backend.devices()[0].name


def test_the_version_is_a_word(backend):
    assert backend.version()


def test_an_unknown_device_is_refused_in_words(backend):
    with pytest.raises(BackendError, match="abacus"):
        backend.build(NETWORKS["max"], weights_for(NETWORKS["max"]), TrainingRecipe(), "abacus:0")


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_weights_come_back_as_they_were_given(backend, precision):
    given = {name: w.astype(precision) for name, w in weights_for(NETWORKS["valid"]).items()}
    state = model(backend, NETWORKS["valid"], given, precision=precision).state()
    assert list(state.weights) == list(given)
    assert state.step == 0
    for name, w in given.items():
        assert state.weights[name].dtype == precision
        assert_array_equal(state.weights[name], w)


@each_network
def test_activations_have_the_inferred_shapes_and_agree_with_the_reference(backend, subject):
    x, other = images(3, subject.input_shape), model(backend, subject)
    result = other.activations(x)
    assert [(name, a.shape) for name, a in result.items()] == [(s.layer.name, (3, *s.output)) for s in trace(subject)]
    assert_agree(result, model(reference(), subject).activations(x), within=1e-12)
    assert_allclose(other.predict(x), list(result.values())[-1], rtol=1e-12, atol=1e-14)


@each_network
def test_gradients_agree_with_the_reference(backend, subject):
    x, seed = images(3, subject.input_shape), seeds(3, trace(subject)[-1].output[0])
    result = model(backend, subject).gradients(x, seed)
    expected = model(reference(), subject).gradients(x, seed)
    assert relative_error(result.input, expected.input) < 1e-12
    assert_agree(result.weights, expected.weights, within=1e-12)
    assert_agree(result.activations, expected.activations, within=1e-12)


def test_numbers_come_in_the_recipes_precision(backend):
    subject = NETWORKS["max"]
    other = model(backend, subject, precision="float32")
    gradients = other.gradients(images(2, subject.input_shape), seeds(2, 3))
    arrays = [other.predict(images(2, subject.input_shape)), gradients.input, *gradients.weights.values()]
    assert {array.dtype for array in arrays} == {np.dtype("float32")}


def test_many_images_are_predicted_as_a_few_are(backend):
    subject = NETWORKS["max"]
    many, other = images(2100, subject.input_shape), model(backend, subject)
    assert_allclose(other.predict(many)[-5:], other.predict(many[-5:]), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ["dropout", "batch norm"])
def test_looking_changes_nothing(backend, name):
    subject = NETWORKS[name]
    other, x = model(backend, subject), images(3, subject.input_shape)
    before = other.state()
    assert_array_equal(other.predict(x), other.predict(x))
    other.activations(x), other.gradients(x, seeds(3, 3))
    assert_same(other.state().weights, before.weights)
    assert_same(other.state().statistics, before.statistics)


def test_a_state_is_a_copy(backend):
    subject = NETWORKS["dense"]
    other = model(backend, subject)
    for weight in other.state().weights.values():
        weight[...] = 0
    assert_same(other.state().weights, weights_for(subject))


@each_network
def test_the_reference_agrees_with_finite_differences(subject):
    x, weights = generator(10, "no ties").normal(0, 1, (2, *subject.input_shape)), weights_for(subject)
    seed = seeds(2, trace(subject)[-1].output[0])
    it = model(reference(), subject, weights)
    result = it.gradients(x, seed)

    def value(name, w):
        it.restore(State(weights | {name: w}, statistics=statistics_for(subject)))
        return np.sum(it.predict(x) * seed)

    for n in range(2):  # one prediction for all shifted copies of an image
        both = it.predict(np.concatenate([x[n] + shifts(x[n]), x[n] - shifts(x[n])])) @ seed[n]
        assert relative_error(result.input[n].ravel(), (both[: x[n].size] - both[x[n].size :]) / (2 * SHIFT)) < 1e-6
    for name, w in weights.items():
        some = generator(11, name).permutation(w.size)[:20]
        sides = [[value(name, w + sign * step) for step in shifts(w)[some]] for sign in (1, -1)]
        assert relative_error(result.weights[name].ravel()[some], np.subtract(*sides) / (2 * SHIFT)) < 1e-6, name


SHIFT = 1e-5


def shifts(array):
    """One array per number of the given one: SHIFT at its position, zero elsewhere."""
    return SHIFT * np.eye(array.size).reshape(array.size, *array.shape)


@each_network
def test_the_references_gradient_of_a_layer_is_the_input_gradient_of_the_layers_above(subject):
    x, weights = images(2, subject.input_shape), weights_for(subject)
    seed = seeds(2, trace(subject)[-1].output[0])
    whole = model(reference(), subject, weights)
    outputs, result = whole.activations(x), whole.gradients(x, seed).activations
    for index, step in enumerate(outline(subject)[:-1], start=1):
        if len(step.output) == 3:
            name, above = step.layer.name, network(*subject.layers[index:], shape=step.output)
            rest = {key: weights[key] for key in weights_for(above)}
            running = {key: statistics_for(subject)[key] for key in statistics_for(above)}
            upper = model(reference(), above, rest)
            upper.restore(State(rest, statistics=running))
            assert_array_equal(result[name], upper.gradients(outputs[name], seed).input)
    assert_array_equal(result[subject.layers[-1].name], seed)
