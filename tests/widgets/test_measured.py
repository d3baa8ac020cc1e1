"""Measured tables, and what the lessons on rare classes and history compute: features, few images, rejection."""

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.signal import correlate2d

from core.data.sources.faces import COUNTS
from core.demos.images.hog import edge_histogram
from core.lessons.vocabulary import measured_tables, rare, recordings
from core.metrics.few_shot import few_shot
from core.metrics.rejection import lead
from core.recordings.recording import RecordedError
from core.recordings.tables import read
from pages import recorded
from pages.recorded import arrays, judgements, measured
from pages.ui.provenance import made_when
from pages.widgets.metrics import class_bars, read_off, resampling
from pages.widgets.networks import history_cards


@pytest.mark.parametrize("name", measured.names())
def test_a_measured_table_says_what_it_is_and_is_small(name):
    recording = measured.load(name)
    assert recording.name == name
    assert recording.what
    assert recording.label.startswith(f"recorded {recording.date[:10]}")
    assert recording.seconds > 0
    assert (measured.FOLDER / f"{name}.json").stat().st_size < 150_000


@pytest.mark.parametrize("name", measured.names())
def test_the_label_of_a_measured_table_names_what_computed_it(name):
    recording = measured.load(name)
    several = "NumPy reference, PyTorch, TensorFlow"
    assert recording.backend == (
        several if name == "throughput" else "PyTorch" if recording.experiment else "scikit-learn"
    )
    assert f"{recording.backend} {recording.version} on {recording.device}" in recording.label


def test_the_throughput_is_compared_round_by_round_on_the_machine_it_names():
    recording = measured.load("throughput")
    speeds = np.array(recording.numbers["speeds"])
    assert recording.numbers["who"] == ["reference", "pytorch", "tensorflow"]
    assert speeds.shape == (3, 9)
    assert speeds.min() > 0
    assert "CPU cores" in recording.device
    assert "no GPU" in recording.what
    assert ("busy" in recording.what) == (max(recording.numbers["load"]) >= 3)
    times = measured_tables.times_as_fast()
    assert times[0] == 1
    assert times[1] == pytest.approx(np.median([p / r for r, p in zip(speeds[0], speeds[1], strict=True)]))
    assert (measured_tables.times_as_fast("min") <= times).all()
    assert (times <= measured_tables.times_as_fast("max")).all()


def test_a_measured_table_that_is_not_there_says_so(tmp_path):
    with pytest.raises(RecordedError, match="no measured table 'x'"):
        read(tmp_path / "x.json")
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(RecordedError, match=r"bad.json is not a measured table"):
        read(tmp_path / "bad.json")


def test_the_parts_of_fer2013_add_up_to_all_of_it():
    parts = [rare.face_counts(part) for part in ("train", "validation", "test")]
    assert np.sum(parts, axis=0).tolist() == list(COUNTS)
    assert [part.sum() for part in parts] == [28709, 3589, 3589]


def test_the_loss_of_a_constant_is_lowest_at_the_weighted_share():
    said = np.linspace(0.001, 0.999, 999)
    for share, weight in ((0.01, 1), (0.01, 99), (0.3, 2)):
        lowest = said[np.argmin(rare.constant_loss(said, share, weight))]
        assert lowest == pytest.approx(weight * share / (weight * share + 1 - share), abs=0.0011)


def test_an_edge_histogram_counts_the_length_of_each_edge_in_its_direction():
    image = np.zeros((1, 8, 8))
    image[0, 2:6, 4:6] = 1
    across = correlate2d(np.pad(image[0], 1), [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "valid") / 8
    down = correlate2d(np.pad(image[0], 1), [[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "valid") / 8
    result = edge_histogram(image).reshape(2, 2, 8)
    near = (np.abs(across) < down * np.tan(np.pi / 8))[:4, 4:]
    assert result.sum(axis=2)[0, 1] == pytest.approx(np.hypot(across, down)[:4, 4:].sum())
    assert result[0, 1, 2] == pytest.approx(np.hypot(across, down)[:4, 4:][near].sum())


def test_turning_a_image_by_a_quarter_moves_its_edges_by_two_directions():
    image = np.random.default_rng(1).random((1, 12, 12))
    image[:, [0, -1]] = image[:, :, [0, -1]] = 0
    result = edge_histogram(image, cell=12).ravel()
    turned = edge_histogram(np.rot90(image, axes=(1, 2)), cell=12).ravel()
    assert np.roll(result, -2) == pytest.approx(turned)
    assert not np.allclose(result, turned)


def test_few_images_of_separate_classes_are_enough_and_noise_gives_a_guess():
    rng = np.random.default_rng(1)
    labels = np.repeat([0, 1, 2, 3], 50)
    far = 9 * np.eye(4)[labels] + rng.normal(size=(200, 4))
    assert few_shot(far, labels, far, labels, each=5, draws=3).min() > 0.98
    noise = rng.normal(size=(200, 4))
    assert few_shot(noise, labels, noise, labels, each=5, draws=5).mean() < 0.5


def test_the_same_images_are_drawn_whatever_the_features_are():
    labels = np.repeat([0, 1], 20)
    x = np.random.default_rng(1).normal(size=(40, 3))
    assert few_shot(x, labels, x, labels, 4, 3).tolist() == few_shot(5 * x, labels, 5 * x, labels, 4, 3).tolist()


def test_the_lead_is_how_far_the_first_is_before_the_second():
    assert lead(np.array([[0.1, 0.9, 0.6], [1, -1, -1]])).tolist() == pytest.approx([0.3, 2])


def test_refusing_the_zip_net_s_doubtful_digits_brings_its_error_down():
    asked, error = (measured_tables.refusal_curve("zip-net", what) for what in ("asked", "error"))
    right = measured_tables.measured_numbers("zip-net", "right")
    assert asked[0] == 0
    assert error[0] == pytest.approx(1 - right.mean())
    assert len(right) == 2007
    assert error[-1] < error[0] / 4
    with pytest.raises(ValueError, match="no threshold"):
        measured_tables.least_refused_for("zip-net", -1)


@pytest.mark.parametrize(
    "options",
    [
        lambda: class_bars.Options(title="x", labels=["a", "b"], values=[1], value_label="v"),
        lambda: read_off.Options(title="x", x=[1, 2], x_label="x", curves=[{"name": "y", "label": "y", "values": [1]}]),
        lambda: history_cards.Options(title="x", cards=[{"year": 1, "title": "a", "text": "b"}]),
    ],
)
def test_options_that_do_not_fit_together_are_refused(options):
    with pytest.raises(ValidationError):
        options()


def test_the_recorded_draws_are_those_that_the_simulation_makes():
    from core.demos.learning.resampling_simulation import Clouds, simulate

    result, _ = resampling.recorded()
    anew = simulate(Clouds(), 2)
    for name, (errors, accuracies) in result.items():
        assert anew[name].balanced_error == pytest.approx(errors[:2], abs=1e-4), name
        assert anew[name].accuracy == pytest.approx(accuracies[:2], abs=1e-4), name


def test_a_sentence_about_a_curve_that_is_not_there_is_refused():
    curve = {"name": "error", "label": "errors", "values": [0.1, 0.2]}
    known = {"title": "t", "x": [0, 1], "x_label": "x", "curves": [curve]}
    assert read_off.Options(**known, sentence="{x}: {error}").sentence
    with pytest.raises(ValueError, match="there is no curve named 'threshold'"):
        read_off.Options(**known, sentence="{x}, below {threshold}: {error}")


def test_the_lowest_of_some_epochs_counts_the_first_and_the_last():
    curve = [recordings.recorded_after("homework-relu", epoch) for epoch in range(1, 101)]
    for first, last in ((2, 6), (5, 5), (1, 100)):
        assert recordings.recorded_lowest("homework-relu", first, last) == min(curve[first - 1 : last])
    assert curve.index(min(curve)) == 4, "the lowest is inside, so that both ends matter:"
    assert recordings.recorded_lowest("homework-relu", 5, 9) == recordings.recorded_lowest("homework-relu", 1, 5)


def test_the_scores_of_the_rare_eight_are_those_of_the_answers_that_were_recorded():
    """`taken`: what the test eights were classified as, over all seeds; recall is the mean of equal shares."""
    result = measured.load("rare-eight").numbers
    shares = [row[8] / sum(row) for row in result["taken"]]
    assert rare.rare_eight("recall") == pytest.approx(shares, abs=1e-3)
    assert result["remedies"][0] == "none"
    assert result["remedies"][1] == "undersample"
    assert len({tuple(seed) for remedy in result["scores"] for seed in remedy}) == 18, "eighteen trainings of their own"


def test_a_recording_says_on_the_page_when_it_was_made_as_its_label_does():
    results = [recorded.load(name) for name in recorded.names()]
    results += [measured.load("resampling"), judgements.load(judgements.names()[0]), arrays.load("weight-images")]
    for one in results:
        assert made_when(one) == one.label
