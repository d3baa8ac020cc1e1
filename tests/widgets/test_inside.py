"""Looking into a network: what the recordings of lesson 16 hold is what core finds in the recorded weights."""

from base64 import b64decode

import numpy as np
import pytest

import backends
from core.demos.images.output_size import exact, rounded
from core.explain.activation_maximization import Ascent, ascend, variation
from core.explain.attribution import occlusion, signed_gradient
from core.explain.edge_share import ramp_share
from core.explain.top_patches import Spot, purity, seen_by, strongest
from core.network.costs import costs
from core.network.shapes import output_shape
from core.numerics.losses import softmax
from core.random import generator
from pages.recorded.arrays import load
from pages.ui.translations import words_in
from pages.widgets.explain import activation_maximization, best_patches, inside_maps, trained_filters


MAPS, PATCHES, DREAMS, TRAINING = (load(f"inside-{name}") for name in ("maps", "patches", "dreams", "training"))


@pytest.fixture(scope="module")
def model():
    """The recorded network, by another backend than the one that recorded it."""
    made, last = TRAINING.experiment, TRAINING.numbers["steps"][-1]
    names = ("conv1.weights", "conv1.biases", "conv2.weights", "conv2.biases", "logits.weights", "logits.biases")
    weights = {name: TRAINING.array(f"{name}-{last}").astype(np.float32) for name in names}
    return backends.load("reference").build(made.network, weights, made.training, "cpu")


def digits() -> np.ndarray:
    return MAPS.array("images").astype(np.float32)


def test_the_recorded_maps_are_what_the_recorded_weights_answer(model):
    seen = model.activations(digits())
    for name in ("conv1", "pool1", "conv2", "pool2"):
        assert MAPS.array(name) == pytest.approx(seen[name], abs=0.02 * float(np.abs(seen[name]).max()))
    assert MAPS.array("logits") == pytest.approx(model.predict(digits()), abs=0.2)


def test_the_recorded_covers_and_slopes_are_what_the_weights_give(model):
    for label in (3, 9):
        image = digits()[label]
        assert MAPS.array("occlusion")[label] == pytest.approx(occlusion(model, image, label, 7), abs=0.05)
        result = signed_gradient(model, image, label)
        assert np.corrcoef(result.ravel(), MAPS.array("saliency")[label].ravel())[0, 1] > 0.95


def test_covering_paper_with_paper_changes_nothing(model):
    image = digits()[9]
    assert not image[0, :5, :5].any()
    plain = softmax(model.predict(image[None]))[0, 9]
    assert occlusion(model, image, 9, 7)[1, 1] == pytest.approx(plain, abs=1e-6)


def test_a_slope_is_what_nudging_a_pixel_gives(model):
    image, label, h = digits()[4].copy(), 4, 1e-2
    slopes = signed_gradient(model, image, label)
    i, j = np.unravel_index(np.abs(slopes).argmax(), slopes.shape)
    ends = []
    for sign in (1, -1):
        nudged = image.copy()
        nudged[0, i, j] += sign * h
        ends.append(model.predict(nudged[None])[0, label])
    assert (ends[0] - ends[1]) / (2 * h) == pytest.approx(slopes[i, j], rel=0.05)


def test_every_made_image_convinces_and_decay_with_blur_makes_it_at_most_half_as_rough(model):
    """Curriculum 4.4: target probability at least .99 for all ten digits; variation at most half."""
    for name in ("plain", "both"):
        images = DREAMS.array(f"{name}-200")
        sure = softmax(model.predict(images[:, None].astype(np.float32))).diagonal()
        assert sure.min() >= 0.99
        rough = [variation(one) for one in images]
        assert rough == pytest.approx(DREAMS.array(f"{name}-200-variation"), abs=0.005)
    ends = [DREAMS.array(f"{name}-200-variation").mean() for name in ("both", "plain")]
    assert ends[0] / ends[1] <= 0.5


def test_a_climb_raises_what_it_climbs_and_keeps_pixels_between_black_and_white(model):
    start = np.full((2, 1, 28, 28), 0.2, np.float32)
    wanted = np.eye(10)[[3, 8]]
    *_, end = ascend(model, start, wanted, Ascent(), 8)
    before, after = (model.predict(x)[[0, 1], [3, 8]] for x in (start, end))
    assert (after > before + 2).all()
    assert end.min() >= 0
    assert end.max() <= 1
    *_, calm = ascend(model, start, wanted, Ascent(decay=0.02, blur=0.6), 8)
    assert variation(calm[0, 0]) < variation(end[0, 0])


def test_variation_is_the_mean_step_between_neighbours():
    assert variation(np.array([[0.0, 1.0], [0.0, 1.0]])) == 0.5
    assert variation(np.ones((3, 4))) == 0


def test_the_strongest_spots_are_found_and_cut_where_the_unit_looks():
    maps = np.zeros((3, 1, 2, 2))
    maps[2, 0, 1, 0], maps[0, 0, 0, 1] = 5, 3
    assert strongest(maps, 2) == [[Spot(2, 1, 0, 5.0), Spot(0, 0, 1, 3.0)]]
    image = np.arange(36).reshape(6, 6)
    assert seen_by(image, Spot(0, 1, 0, 5.0), 3, 2).tolist() == image[2:5, :3].tolist()
    assert purity(np.array([7, 7, 1]), strongest(maps, 3)[0]) == pytest.approx(2 / 3)


@pytest.mark.parametrize("layer", ["conv1", "conv2"])
def test_the_recorded_pieces_excite_their_map_as_said(model, layer):
    """Each piece as an image of its own, in the corner that the first unit sees."""
    pieces, answers = PATCHES.array(f"{layer}-patches"), PATCHES.array(f"{layer}-answers")
    field = pieces.shape[-1]
    for k in range(len(pieces)):
        images = np.zeros((9, 1, 28, 28), np.float32)
        images[:, 0, :field, :field] = pieces[k]
        result = model.activations(images)[layer][:, k, 0, 0]
        assert result == pytest.approx(answers[k], abs=0.1)
        assert list(answers[k]) == sorted(answers[k], reverse=True)
        assert PATCHES.array(f"{layer}-dream-answers")[k] > answers[k][0]


def test_a_ramp_is_all_ramp_and_noise_hardly():
    rows, columns = np.mgrid[:5, :5] - 2.0
    assert ramp_share(np.stack([rows + 2 * columns, columns])) == pytest.approx(1)
    assert ramp_share(np.ones((1, 5, 5))) == pytest.approx(0)
    noise = generator(1, "test").normal(size=(4000, 5, 5))
    assert ramp_share(noise) == pytest.approx(2 / 25, abs=0.005)


def test_places_before_and_after_rounding():
    assert [float(exact(224, 7, 2, p)) for p in (0, 1)] == [109.5, 110.5]
    assert rounded(224, 7, 2, 1) == 110
    assert rounded(110, 3, 2, up=True) == 55
    with pytest.raises(ValueError, match="does not fit"):
        exact(3, 5)


@pytest.mark.parametrize("name", inside_maps.LAYERS)
def test_the_frame_that_is_drawn_holds_all_that_moves_a_cell_and_no_row_too_many(model, name):
    cost = next(cost for cost in costs(MAPS.experiment.network) if cost.step.layer.name == name)
    size, jump, start = inside_maps.group(MAPS, name, cost, words_in(inside_maps.__file__, "en"))["field"]
    i, j, images = 2, 1, generator(1, "test", name).random((3, 1, 28, 28)).astype(np.float32)
    top, left = start + i * jump, start + j * jump
    images[1:] = generator(2, "test", name).random((28, 28))
    images[1:, :, top : top + size, left : left + size] = images[0, :, top : top + size, left : left + size]
    images[2, :, top, left : left + size] += 1
    cells = model.activations(images)[name][:, :, i, j]
    assert cells[1] == pytest.approx(cells[0], abs=1e-5)
    assert np.abs(cells[2] - cells[0]).max() > 1e-3


@pytest.mark.parametrize(
    "widget, recording",
    [(trained_filters, TRAINING), (best_patches, PATCHES), (activation_maximization, DREAMS)],
)
def test_every_scene_of_a_wall_points_to_images_that_were_recorded(monkeypatch, widget, recording):
    sent = []
    monkeypatch.setattr(widget, "component", lambda *names: lambda key, data: sent.append(data))
    monkeypatch.setattr(widget, "origin", lambda result: None)
    monkeypatch.setattr(widget, "words", lambda file: words_in(file, "en"))
    asked = [{"layer": "conv1"}, {"layer": "conv2"}] if widget is not activation_maximization else [{}]
    for options in asked:
        widget.show(widget.Options(**options), "test")
    assert len(sent) == len(asked)
    for data in sent:
        assert sum(len(group["images"]) for scene in data["scenes"].values() for group in scene["groups"]) > 8
        for scene in data["scenes"].values():
            for group in scene["groups"]:
                for image in group["images"]:
                    key, position = image["from"]
                    assert position < count(data["arrays"][key])
        assert len(data["scenes"]) == np.prod([len(one["choices"]) for one in data["choosers"]])


def count(sent: dict) -> int:
    return len(np.frombuffer(b64decode(sent["levels"]), np.int8)) // (sent["height"] * sent["width"])


def test_the_network_ends_in_ten_outputs():
    assert output_shape(TRAINING.experiment.network) == (10,)
