"""The pooling and sampling widgets of lesson 10: what they send to the browser is core's."""

import numpy as np
import pytest

from backends.contract.golden import G07, G09, G10
from core.demos.images.pooling_shift import changed, moved, pool
from core.demos.signals import downsampling
from core.network.errors import NetworkError
from pages.ui.translations import words_in
from pages.widgets.convolution import pooling


STROKE = np.zeros((6, 6))
STROKE[1:5, 2] = 9
ASKED = {"mode": "max", "window": 2, "stride": 0, "relu": False, "shift": "none"}


def test_pooling_gives_the_golden_maps():
    assert pool(G09["x"]).map.tolist() == G09["max"]
    assert pool(G09["x"], "average").map.tolist() == G09["average"]
    assert pool(G10["x"], "l2").map == pytest.approx(np.array(G10["l2"]))
    assert pool(G10["x"], "max", 3, 1).map.tolist() == G10["max_window3_stride1"]
    assert pool(np.maximum(G07["map"], 0)).map.tolist() == G07["max"]


@pytest.mark.parametrize("mode", ["max", "average", "sum", "l2"])
def test_the_line_below_the_images_computes_to_the_cell(mode):
    result = pool(G10["x"], mode, 2, 1)
    names = {"max": max, "root": np.sqrt}
    for i, j in np.ndindex(result.map.shape):
        line = pooling.line(mode, result.windows[i][j]).replace("²", "**2").replace("√", "root")
        assert eval(line, names) == pytest.approx(result.map[i, j])


def test_negative_numbers_stand_in_brackets_where_they_are_added_or_squared():
    window = np.array([-4.0, 2, 3, 1])
    assert pooling.line("average", window) == "((−4) + 2 + 3 + 1) / 4"
    assert pooling.line("l2", window) == "√((−4)² + 2² + 3² + 1²)"
    assert pooling.line("max", window) == "max(−4, 2, 3, 1)"


@pytest.mark.parametrize("shift, outputs", [("right", 0), ("left", 6)])
def test_a_shift_inside_the_windows_changes_no_output_and_one_across_their_border_does(shift, outputs):
    sent = pooling.drawn(STROKE, {**ASKED, "shift": shift}, words_in(pooling.__file__, "en"))
    assert len(sent["changed"]) == outputs
    assert sent["summary"] == f"Changed by the shift: 8 of 36 inputs, {outputs} of 9 outputs."


def test_what_is_moved_leaves_zeros_behind_and_is_lost_at_the_edge():
    assert moved([[1, 2], [3, 4]], right=1).tolist() == [[0, 1], [0, 3]]
    assert moved([[1, 2], [3, 4]], down=-1).tolist() == [[3, 4], [0, 0]]
    assert changed([[1, 2]], [[1, 3]]).tolist() == [[False, True]]


def test_a_window_larger_than_the_image_is_refused_in_a_sentence():
    with pytest.raises(NetworkError, match="a window of 5 does not fit"):
        pooling.drawn(np.array(G10["x"]), {**ASKED, "window": 5}, words_in(pooling.__file__, "en"))


@pytest.mark.parametrize("hertz, heard", [(3000, 3000), (4500, 3500), (5000, 3000), (7000, 1000)])
def test_a_tone_too_high_for_half_the_numbers_comes_back_as_another(hertz, heard):
    half = downsampling.halved(downsampling.tone(hertz, 1.0, 16_000))
    spectrum = np.abs(np.fft.rfft(half))
    assert np.argmax(spectrum) == heard == downsampling.heard_as(hertz, 8000)


def test_averaging_pairs_makes_the_false_tone_quieter_and_taking_the_maximum_does_not():
    tone = downsampling.tone(5000, 1.0, 16_000)
    first, mean, top = (downsampling.halved(tone, keeping) for keeping in ("skip", "average", "max"))
    assert downsampling.loudness(first) == pytest.approx(np.sqrt(0.5), abs=1e-3)
    assert downsampling.loudness(mean) < 0.6 * downsampling.loudness(first)
    assert downsampling.loudness(mean) == pytest.approx(np.cos(np.pi * 5000 / 16_000) * np.sqrt(0.5), abs=1e-3)
    assert np.mean(top) > 0.3
