"""The convolution widget in Python: the code it shows is run; uploaded images and recordings are read."""

import io

import numpy as np
import pytest
from PIL import Image

import backends
from backends.contract.golden import G06
from core.data.dataset import DataError
from core.demos.images.cell_indexing import cell_in_code
from core.demos.images.convolution_2d import slide
from core.demos.images.uploaded_image import grey
from core.lessons.answers import AnswerError
from core.numerics import convolution
from core.recordings import run as recorded
from core.recordings.recording import RecordedError
from pages import recorded as recordings
from pages.ui.translations import words_in
from pages.widgets.convolution import convolution_2d


SETTINGS = [
    {"padding": padding, "stride": stride, "dilation": dilation, "flip": flip, "border": border}
    for padding, border in (
        ("valid", "zero"),
        ("same", "zero"),
        ("full", "zero"),
        (1, "zero"),
        ("same", "wrap"),
        (2, "wrap"),
    )
    for stride, dilation, flip in ((1, 1, False), (2, 1, True), (1, 2, False), (2, 2, False))
]
X = np.array([[*row, 1.5] for row in G06["x"]] + [[1, 0, 2, -1, 3, 0.5]])
W = np.array([[0.5, 1, 2], [2, -2, 0]])


def code(label: str, settings: dict) -> tuple[str, np.ndarray]:
    """The line that the widget shows, and what core says must come out."""
    result = slide(X, W, **settings)
    asked = {name: settings[name] for name in ("stride", "dilation", "flip", "border")}
    return backends.convolution_lines(result.sides, **asked)[label], result.map


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_line_for_the_reference_gives_the_map(settings):
    line, expected = code("NumPy reference", settings)
    names = {"np": np, "convolution": convolution, "x": X[None, None], "W": W[None, None], "b": np.zeros(1)}
    exec(line, names)
    assert names["y"][0, 0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_line_for_pytorch_gives_the_map(settings):
    torch = pytest.importorskip("torch")
    line, expected = code("PyTorch", settings)
    x, w, b = torch.tensor(X[None, None]), torch.tensor(W[None, None]), torch.zeros(1, dtype=torch.float64)
    names = {"F": torch.nn.functional, "x": x, "W": w, "b": b}
    exec(line, names)
    assert names["y"][0, 0].numpy() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_line_for_tensorflow_gives_the_map(settings):
    tf = pytest.importorskip("tensorflow")
    line, expected = code("TensorFlow", settings)
    names = {"np": np, "tf": tf, "x": X[None, :, :, None], "W": W[:, :, None, None], "b": np.zeros(1)}
    exec(line, names)
    assert names["y"][0, :, :, 0].numpy() == pytest.approx(expected, abs=1e-12)


def test_the_same_cell_in_both_orders_of_the_axes_is_the_cell_of_the_map():
    result = slide(X, W, padding="same")
    for i, j in np.ndindex(result.map.shape):
        position = {"i": i, "j": j, "rows": f"{i}:{i + 2}", "columns": f"{j}:{j + 3}"}
        for order, x, w in (
            ("NCHW", result.bordered[None, None], W[None, None]),
            ("NHWC", result.bordered[None, :, :, None], W[:, :, None, None]),
        ):
            _, _, right = cell_in_code()[order].format(**position).partition(" = ")
            assert eval(right, {"sum": np.sum, "x": x, "W": w}) == pytest.approx(result.map[i, j])


def test_what_is_typed_into_the_widget_is_read_or_refused_in_a_sentence():
    texts = words_in(convolution_2d.__file__, "en")
    assert convolution_2d.from_text("1 2\n3 −4\n", texts) == [[1, 2], [3, -4]]
    for text in ("1 2\n3", "", "a b", "\n".join(["1"] * 33)):
        with pytest.raises(AnswerError):
            convolution_2d.from_text(text, texts)


def test_a_real_digit_is_16_by_16_of_0_to_255():
    digit = np.array(convolution_2d.real_digit(3))
    assert digit.shape == (16, 16)
    assert digit.max() > 200
    assert digit.min() == 0


def test_an_own_image_becomes_small_and_grey():
    file = io.BytesIO()
    Image.new("RGB", (300, 150), (255, 255, 255)).save(file, "PNG")
    small = grey(file.getvalue(), 24)
    assert small.shape == (12, 24)
    assert (small == 255).all()
    with pytest.raises(DataError, match="cannot be read as an image"):
        grey(b"hello", 24)


@pytest.mark.parametrize("name", recordings.names())
def test_a_recording_says_what_it_is_and_can_be_run_again(name):
    recording = recordings.load(name)
    assert recording.name == name
    assert recording.label.startswith(f"recorded {recording.date[:10]}")
    assert recording.seconds > 0
    assert len(recording.steps) == len(recording.losses)
    assert list(recording.steps) == sorted(set(recording.steps))
    assert (recordings.FOLDER / "recipes" / f"{name}.toml").exists()
    assert (recordings.FOLDER / f"{name}.json").stat().st_size < 60_000


def test_every_recipe_has_its_recording():
    assert sorted(path.stem for path in (recordings.FOLDER / "recipes").glob("*.toml")) == recordings.names()


def test_a_long_curve_is_thinned_to_means():
    steps, losses = recorded.downsampled([4.0, 2.0, 1.0, 3.0, 5.0], 2)
    assert steps == (2, 5)
    assert losses == (3.0, 3.0)
    assert recorded.downsampled([1.0, 2.0], 9) == ((1, 2), (1.0, 2.0))


def test_a_recording_that_is_not_there_says_so(tmp_path):
    with pytest.raises(RecordedError, match="no recorded run 'x'"):
        recordings.load("x")
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(RecordedError, match=r"bad.json is not a recorded run"):
        recorded.read(tmp_path / "bad.json")
