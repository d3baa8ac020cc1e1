"""Corruptions, adversarial changes, and the recorded digits of the lesson on breaking a network."""

import base64

import numpy as np
import pytest
from scipy import ndimage

from backends.reference.model import ReferenceBackend
from benchmarks.robustness import CHANGES
from core.data.preparation.corruptions import FRAME, KINDS, distorted, pushed
from core.experiment.curriculum import NETWORKS, QUICK, digit_network
from core.lessons.vocabulary import breaking
from core.metrics.robustness import signs
from core.network.initial_weights import initial_weights
from core.numerics.losses import cross_entropies
from core.recipe.losses import CrossEntropy
from core.recordings.reference_robustness import COLUMNS, KNOWN
from pages.recorded.arrays import load
from pages.widgets.explain import broken_digit


NOTHING = {"size": 1, "ink": 1}


@pytest.fixture
def images() -> np.ndarray:
    result = np.zeros((8, 1, 28, 28), np.uint8)
    result[:, :, 6:22, 8:18] = np.random.default_rng(1).integers(0, 256, (8, 1, 16, 10))
    return result


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_of_no_size_changes_nothing_and_each_stays_a_image(kind, images):
    assert np.array_equal(distorted(images, kind, NOTHING.get(kind, 0)), images)
    for amount in load("broken-digits").numbers[f"{kind}: amounts"]:
        result = distorted(images, kind, amount)
        assert result.shape == images.shape
        assert result.min() >= 0
        assert result.max() <= 255
        assert (amount == NOTHING.get(kind, 0)) == np.array_equal(result, images)


def test_shifts_go_in_four_directions_in_turn(images):
    result = distorted(images, "shift", 3)
    for index, (down, right) in enumerate([(-3, 0), (3, 0), (0, -3), (0, 3)] * 2):
        assert np.array_equal(result[index, 0], np.roll(images[index, 0], (down, right), (0, 1)))


def test_a_quarter_turn_goes_counterclockwise_and_two_make_a_half():
    image = np.random.default_rng(2).integers(0, 256, (1, 1, 28, 28)).astype(np.uint8)
    assert np.array_equal(distorted(image, "rotate", 90)[0, 0], np.rot90(image[0, 0]))
    assert np.array_equal(distorted(image, "rotate", 180)[0, 0], np.rot90(image[0, 0], 2))


def test_a_resized_digit_is_what_scipy_makes_of_it(images):
    linear, middle = np.eye(2) / 1.3, np.array([13.5, 13.5])
    theirs = ndimage.affine_transform(images[0, 0].astype(float), linear, middle - linear @ middle, order=1)
    assert np.abs(distorted(images, "size", 1.3)[0, 0] - theirs).max() <= 0.51


def test_noise_has_its_deviation_and_pepper_its_share():
    grey = np.full((40, 1, 28, 28), 128, np.uint8)
    assert np.std(distorted(grey, "noise", 0.1)) == pytest.approx(25.5, rel=0.02)
    spoilt = distorted(grey, "salt", 0.2)
    assert np.mean(spoilt != 128) == pytest.approx(0.2, abs=0.01)
    assert set(np.unique(spoilt)) == {0, 128, 255}


def test_the_negative_passes_even_grey_and_a_frame_touches_nothing_inside(images):
    assert np.all(distorted(images, "negative", 0.5) == 127.5)
    assert np.array_equal(distorted(images, "negative", 1), 255 - images)
    result, inside = distorted(images, "frame", 1), slice(FRAME, -FRAME)
    assert np.array_equal(result[:, :, inside, inside], images[:, :, inside, inside])
    assert (result == 255).sum() >= 8 * (28**2 - 22**2)


def test_an_aimed_change_raises_the_loss_and_its_opposite_lowers_it():
    experiment = digit_network("conv20", 1)
    weights = initial_weights(experiment.network, 3, np.float64)
    rng = np.random.default_rng(3)
    weights["dense2.weights"] = rng.normal(size=weights["dense2.weights"].shape)
    model = ReferenceBackend().build(experiment.network, weights, experiment.training)
    x, y = rng.random((6, 1, 28, 28)), rng.integers(0, 10, 6)
    direction = signs(model, x, y, CrossEntropy())
    assert set(np.unique(direction)) <= {-1, 0, 1}
    losses = [cross_entropies(model.predict(x + step * direction), y) for step in (-0.001, 0, 0.001)]
    assert np.all(losses[0] < losses[1])
    assert np.all(losses[1] < losses[2])


def test_an_aimed_change_moves_each_pixel_by_as_much_and_stays_a_image():
    result = pushed(np.array([0, 100, 250]), np.array([-1, 1, 1]), 0.1)
    assert result.tolist() == [0, 125.5, 255]


def test_the_relu_network_and_quick_trainings_have_no_sigmoid():
    quick = digit_network("conv20", quick=True)
    assert quick.training.batch_size == QUICK["training.batch_size"]
    assert quick.training.optimizer.kind == "adam"
    for experiment in (digit_network("2 conv ReLU"), quick):
        assert {layer.function for layer in experiment.network.layers if layer.kind == "activation"} == {"relu"}
    assert digit_network("2 conv ReLU").training.optimizer.learning_rate == 0.03


def test_each_known_figure_belongs_to_a_change_that_is_measured():
    assert set(KNOWN) == {*CHANGES}
    assert {len(row) for row in KNOWN.values()} == {len(NETWORKS)}
    assert tuple(NETWORKS) == COLUMNS


# --- the recording


def test_the_recording_is_small_and_says_how_it_was_made():
    recording = load("broken-digits")
    assert (breaking.PATH).stat().st_size < 260_000
    assert recording.label.startswith("recorded ")


def test_the_recorded_ten_are_read_rightly_by_all_and_the_mistakes_by_their_network_wrongly():
    recording = load("broken-digits")
    truth, said = np.array(recording.numbers["truth"]), recording.array("said: shift")[0].argmax(axis=2)
    assert truth[:10].tolist() == list(range(10))
    assert np.all(said[:10] == truth[:10, None])
    assert np.all(said[10:, -1] != truth[10:])


@pytest.mark.parametrize("kind", broken_digit.UNITS)
def test_what_is_recorded_of_each_change_fits_together(kind):
    recording = load("broken-digits")
    amounts, said = recording.numbers[f"{kind}: amounts"], recording.array(f"said: {kind}")
    assert said.shape == (len(amounts), 10 if kind == "attack" else 20, 3, 10)
    assert np.allclose(said.sum(axis=3), 1, atol=0.05)
    for network in broken_digit.NETWORKS:
        curve = breaking.broken_curve(network, kind)
        assert len(curve) == len(amounts)
        assert curve[broken_digit.start(amounts, kind)] > 0.9
        assert curve.min() < curve[broken_digit.start(amounts, kind)]


def test_images_for_the_browser_are_the_changed_ones():
    for kind, versions in (("rotate", 1), ("attack", 3)):
        amounts = load("broken-digits").numbers[f"{kind}: amounts"]
        drawn = broken_digit.drawn(kind, amounts, slice(0, 10))
        assert len(drawn) == versions
        assert {len(row) for version in drawn for row in version} == {10}
    clean, changed = (np.frombuffer(base64.b64decode(drawn[2][k][3]), np.uint8).astype(int) for k in (0, 3))
    assert clean.max() == 255
    assert 0 < np.abs(changed - clean).max() <= 26
