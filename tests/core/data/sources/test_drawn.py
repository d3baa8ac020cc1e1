"""What is drawn from a seed: street digits, faces, cities and points."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import backends
from core.data import catalogue
from core.data.preparation.scaling import Signed
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.data.sources import faces, street_digits
from core.data.sources.points import ENTRIES as POINTS
from core.experiment.experiment import Experiment
from core.lessons.vocabulary.stages import edge_strength, line_strength
from core.network.initial_weights import initial_weights
from core.network.layers import Activation, Dense, Flatten
from core.network.network import Network
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe
from core.training.loop import check, evaluate, steps


DRAWN = ["street-digits", "faces", "city-landscape", *(entry.name for entry in POINTS)]


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_says_so_and_is_always_the_same(name):
    entry, result = catalogue.describe(name), catalogue.load(name)
    assert "ynthetic" in entry.label
    assert "ynthetic" in entry.summary + entry.label
    assert catalogue.missing(name) is None
    assert entry.shape == result.shape
    assert len(result.parts["test"]) >= 300
    _, read = catalogue.SOURCES[name]
    assert_array_equal(read(entry, []).images, result.images)


def test_street_digits_come_as_often_as_svhns_and_in_colour():
    recording = catalogue.load("street-digits")
    shares = np.array(street_digits.SHARES) / sum(street_digits.SHARES)
    assert np.abs(recording.counts("train") / 5000 - shares).max() < 0.002
    assert (recording.images[:, 0] != recording.images[:, 1]).mean() > 0.9


def test_faces_have_fer2013s_proportions_and_disgust_is_as_rare_as_there():
    recording = catalogue.load("faces")
    counts = recording.counts("train") + recording.counts("test")
    assert counts.tolist() == [round(count / faces.SMALLER) for count in (4953, 547, 5121, 8989, 6077, 4002, 6198)]
    assert abs(counts[0] / counts[1] - 4953 / 547) < 0.1


def test_cities_have_fewer_edges_than_landscapes_but_longer_lines():
    """The ordering of both statistics of the curriculum's pair: the first misleads, the second tells them apart."""
    recording = catalogue.load("city-landscape")
    assert recording.counts("train").tolist() == [800, 800]
    assert recording.counts("test").tolist() == [200, 200]
    test = recording.parts["test"]
    views, landscape = recording.images[test.start : test.stop, 0] / 255, recording.labels[test.start : test.stop] == 1
    edges, lines = (np.array([of(view) for view in views]) for of in (edge_strength, line_strength))
    assert edges[~landscape].mean() < edges[landscape].mean()
    assert lines[~landscape].min() > lines[landscape].max()
    assert best_threshold(edges, landscape) < 0.8
    assert best_threshold(lines, landscape) == 1


def best_threshold(values: np.ndarray, yes: np.ndarray) -> float:
    """The accuracy of the best cut, whichever side is yes."""
    right = [np.mean((values > cut) == yes) for cut in values]
    return max(*right, *(1 - share for share in right))


@pytest.mark.parametrize(
    "name, least, most", [("faces", 0.5, 0.97), ("street-digits", 0.15, 0.6), ("city-landscape", 0.7, 0.95)]
)
def test_a_straight_line_learns_something_of_what_is_drawn_but_not_all(name, least, most):
    """A linear classifier, closed form: ridge regression on one-hot labels."""
    recording = catalogue.load(name)
    x = recording.images.reshape(len(recording.labels), -1)[:, ::3] / 255.0 - 0.5
    train, test = (slice(recording.parts[part].start, recording.parts[part].stop) for part in ("train", "test"))
    target = np.eye(recording.classes)[recording.labels]
    inverse = np.linalg.solve(x[train].T @ x[train] + 100 * np.eye(x.shape[1]), x[train].T @ target[train])
    accuracy = ((x[test] @ inverse).argmax(axis=1) == recording.labels[test]).mean()
    assert least < accuracy < most


@pytest.mark.parametrize(
    "name, least, most", [("blobs", 0.9, 1), ("moons", 0.6, 0.96), ("rings", 0.3, 0.75), ("spiral", 0.2, 0.7)]
)
def test_a_straight_line_parts_blobs_only(name, least, most):
    recording = catalogue.load(f"points-{name}")
    x = np.concatenate([recording.images.reshape(-1, 2) / 127.5 - 1, np.ones((1200, 1))], axis=1)
    inverse = np.linalg.lstsq(x, np.eye(recording.classes)[recording.labels], rcond=None)[0]
    accuracy = ((x @ inverse).argmax(axis=1) == recording.labels).mean()
    assert least <= accuracy <= most


def test_a_network_with_hidden_units_parts_the_rings_that_no_straight_line_does():
    it = Experiment(
        data=DataRecipe(name="points-rings", scaling=Signed()),
        network=Network(
            input_shape=(1, 1, 2),
            layers=[Flatten(), Dense(units=16), Activation(function="tanh"), Dense(units=2)],
        ),
        training=TrainingRecipe(optimizer=Adam(learning_rate=0.02), batch_size=50, epochs=20),
    )
    data = prepare(catalogue.load("points-rings"), it.data, it.seed)
    check(it, data)
    model = backends.load("reference").build(it.network, initial_weights(it.network, it.seed, "float32"), it.training)
    for _ in steps(model, data, it):
        pass
    assert evaluate(model, data.test, it.training.loss)["accuracy"] > 0.97
