"""Draw and show: what is drawn or uploaded is prepared, answered by one network or several, and never in silence."""

import io

import numpy as np
import pytest
from PIL import Image

from core.data import catalogue
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment, changed
from core.network.layers import Dense, Flatten
from core.network.network import Network
from core.recipe.training import TrainingRecipe
from pages.parts.explore.image_picker import paper
from pages.parts.explore.subject import Subject
from tests.support.apps import errors, ran, words
from tests.support.explored import draw, trained_run, view
from tests.support.small import small_experiment
from tests.support.uploads import drawn, read


TWO_CLASSES = {
    "data.validation": 2,
    "data.test": 2,
    "network.layers": [{"kind": "flatten"}, {"kind": "dense", "units": 2}],
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs of the same experiment with different seeds, in one folder."""
    folder = tmp_path_factory.mktemp("explored")
    return [trained_run(folder, small_experiment(epochs=6, seed=seed)) for seed in (1, 2)]


@pytest.fixture
def app(runs, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_RUNS", str(runs[0].path.parent))
    return view("draw", runs[0])


@pytest.fixture(scope="module")
def digits():
    """One test image of each digit."""
    data = catalogue.load("digits-16x16")
    return [next(data.images[row] for row in range(1400, 1797) if data.labels[row] == digit) for digit in range(10)]


def says(app) -> list[str]:
    return [one.value.split("**")[1] for one in app.markdown if "Next comes" in one.value]


def test_without_a_drawing_it_waits(app):
    assert "as soon as you lift the pen" in words(app)
    assert not says(app)


def test_most_digits_are_read_when_drawn_as_they_are_inverted_and_off_centre(app, runs, digits):
    for change in (lambda x: x, lambda x: 255 - x, lambda x: np.roll(x, 1, axis=2)):
        answers = [says(draw(app, runs[0], change(image)))[0] for image in digits]
        assert sum(said == str(digit) for digit, said in enumerate(answers)) >= 8, answers


def test_what_was_done_is_said(app, runs, digits):
    text = words(draw(app, runs[0], 255 - digits[3]))
    assert "Inverted: the data set has white ink on black." in text
    assert "NumPy reference answered in" in "".join(one.value for one in app.caption)


def test_without_preparation_the_view_says_what_is_unusual_and_what_helps(app, runs, digits):
    app.toggle(key=f"draw-{runs[0].id}-prepare").set_value(False)
    text = words(draw(app, runs[0], 255 - digits[3]))
    assert "dark on bright" in text
    assert "Switch on" in text
    assert "Nothing was done to it" in text


def test_a_blank_pad_and_one_full_of_ink_get_a_sentence(app, runs):
    assert "There is no ink in it." in words(draw(app, runs[0], np.full((1, 16, 16), 255, np.uint8)))
    full = np.zeros((1, 16, 16), np.uint8)
    full[:, 1:-1, 1:-1] = 255
    assert "cannot be told from its background" in words(draw(app, runs[0], full))


def test_two_runs_answer_side_by_side_and_vote_with_the_mean(app, runs, digits):
    draw(app, runs[0], digits[4])
    app.multiselect(key=f"draw-beside-{runs[0].id}").select(runs[1].id)
    ran(app.run())
    assert len(says(app)) == 3
    assert "**Vote of all 2**" in words(app)
    app.session_state[f"numbers-drawn-{runs[0].id}"] = True
    ran(app.run())
    shown = app.dataframe[0].value.to_numpy()[:, 1:].astype(float)
    assert shown[:, 2] == pytest.approx(shown[:, :2].mean(axis=1))
    assert shown.sum(axis=0) == pytest.approx([1, 1, 1])


def test_an_example_says_whether_the_answer_is_right(app, runs):
    app.segmented_control(key=f"draw-{runs[0].id}-source").set_value("sample")
    ran(app.run())
    assert "✓ right" in words(app) or "✗ it is" in words(app)
    ran(view("draw", runs[0], image="nonsense"))


def test_an_uploaded_digit_is_answered_and_a_text_gets_a_sentence(app, runs, digits):
    app.segmented_control(key=f"draw-{runs[0].id}-source").set_value("file")
    ran(app.run())
    file = io.BytesIO()
    Image.fromarray(255 - digits[0][0]).resize((160, 160)).save(file, "PNG")
    app.file_uploader[0].set_value(("zero.png", file.getvalue(), "image/png"))
    assert says(ran(app.run())) == ["0"]
    app.file_uploader[0].set_value(("zero.png", b"no image", "image/png"))
    ran(app.run())
    assert "of no image format" in errors(app)


def test_own_classes_are_drawn_on_their_own_paper_and_another_background_is_warned_of(tmp_path, own_data_folder):
    bright = {f"{name}/{k}.png": drawn(grey + k) for name, grey in (("a", 200), ("b", 240)) for k in range(9)}
    name = catalogue.keep(read(bright, side=16).dataset)
    run = trained_run(tmp_path, changed(small_experiment(epochs=1, train=8), **TWO_CLASSES, **{"data.name": name}))
    app = view("draw", run)
    assert Subject(run).class_names == ("a", "b")
    assert paper(Subject(run)) == 255
    assert "Its background is dark, and that of the data set is bright" in words(
        draw(app, run, np.zeros((1, 16, 16), np.uint8))
    )
    assert "background" not in words(draw(app, run, np.full((1, 16, 16), 250, np.uint8)))


def test_a_network_that_takes_no_pictures_says_so(tmp_path):
    points = next(name for name in catalogue.names() if catalogue.describe(name).shape == (1, 1, 2))
    network = Network(
        input_shape=(1, 1, 2), layers=[Flatten(), Dense(units=len(catalogue.describe(points).class_names))]
    )
    run = trained_run(
        tmp_path, Experiment(data=DataRecipe(name=points), network=network, training=TrainingRecipe(epochs=1))
    )
    for name in ("draw", "break"):
        app = view(name, run)
        assert app.info
        assert not app.error
