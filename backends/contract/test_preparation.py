"""The contract, for augmentation: every backend trains on the same images, also after a resumed run."""

import numpy as np
from numpy.testing import assert_allclose

import backends
from backends.contract.experiments import digits_experiment
from core.data import catalogue
from core.data.preparation.augmentation import Noise, Rotate, Shift
from core.data.prepared import prepare
from core.network.initial_weights import initial_weights
from core.training.loop import steps


def experiment(augmented: bool = True):
    """Fifty steps, 7 per epoch: the images are augmented eight times."""
    plain = digits_experiment(epochs=8, batch_size=32, train=200, steps=50)
    transforms = (Shift(pixels=1), Rotate(degrees=15), Noise(deviation=8)) if augmented else ()
    data = plain.data.model_copy(update={"augmentation": transforms, "label_noise": 0.1})
    return plain.model_copy(update={"data": data})


def built(backend, it):
    weights = initial_weights(it.network, it.seed, it.training.precision)
    return backend.build(it.network, weights, it.training)


def trained(model, it, done=0, until=50):
    """The losses of the steps after number `done`, up to the first report at or after `until`."""
    data, losses = prepare(catalogue.load(it.data.name), it.data, it.seed, np.float64), []
    for report in steps(model, data, it, done):
        losses += report.losses.tolist()
        if report.step >= until:
            break
    return losses


def test_fifty_augmented_steps_agree_with_the_reference(backend):
    it = experiment()
    ours, theirs = built(backends.load("reference"), it), built(backend, it)
    expected, result = trained(ours, it), trained(theirs, it)
    assert len(result) == 50
    assert_allclose(result, expected, rtol=1e-9)
    for name, weights in ours.state().weights.items():
        assert_allclose(theirs.state().weights[name], weights, rtol=1e-9, atol=1e-9)


def test_augmentation_changes_what_a_backend_is_trained_with(backend):
    plain, augmented = (trained(built(backend, it), it) for it in (experiment(False), experiment()))
    assert np.abs(np.array(plain) - augmented).min() > 1e-6


def test_an_augmented_run_resumed_in_the_middle_of_an_epoch_makes_the_same_steps(backend):
    it = experiment()
    unbroken = trained(built(backend, it), it)
    first, second = built(backend, it), built(backend, it)
    done = len(trained(first, it, until=17))
    second.restore(first.state())
    assert_allclose(trained(second, it, done), unbroken[done:], rtol=1e-9)
