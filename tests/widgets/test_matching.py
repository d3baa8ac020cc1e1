"""Template search: what scores mean, and the scenes in which things are searched."""

import numpy as np
import pytest

from backends.contract.golden import G08
from core.demos.images.convolution_2d import slide
from core.demos.images.filters import CURVE
from core.demos.images.search_scenes import CURVE_PATCH, OTHER_PATCH, SCENES, scene, without_colour
from core.demos.images.template_matching import best_in_tiles, cosine, peaks, scores
from pages.widgets.convolution.template_search import lowest


HOW = ("raw", "normalised", "zero-mean")
RNG = np.random.default_rng(7)
X, W = RNG.uniform(0, 255, (12, 10)), RNG.uniform(0, 255, (3, 4))


def test_the_raw_score_is_the_correlation():
    assert scores(X, W) == pytest.approx(slide(X, W).map)


def test_the_normalised_score_is_the_cosine_of_patch_and_template_at_any_brightness():
    for brightness in (1, 0.1):
        result = scores(X * brightness, W, "normalised")
        for i, j in np.ndindex(result.shape):
            assert result[i, j] == pytest.approx(cosine(X[i : i + 3, j : j + 4], W))
    assert scores(W, W, "normalised") == pytest.approx(1)


def test_a_black_patch_scores_nothing_and_a_flat_one_nothing_with_a_zero_mean_template():
    assert (scores(np.zeros((5, 5)), W, "normalised") == 0).all()
    assert scores(np.full((5, 5), 200.0), W, "zero-mean") == pytest.approx(0, abs=1e-9)


def test_channels_are_added_up():
    x, w = RNG.uniform(size=(3, 6, 6)), RNG.uniform(size=(3, 2, 2))
    assert scores(x, w) == pytest.approx(sum(scores(a, b) for a, b in zip(x, w, strict=True)))


def test_peaks_are_the_largest_and_keep_apart():
    result = np.zeros((9, 9))
    result[2, 2], result[2, 3], result[7, 7] = 5, 4, 3
    assert peaks(result, 2, 3) == [(2, 2), (7, 7)]


@pytest.mark.parametrize("name", SCENES)
def test_in_every_scene_the_template_itself_stands_in_the_first_tile(name):
    result = scene(name)
    table = scores(result.image, result.template, "normalised")
    best = best_in_tiles(table, result.tiles, result.template.shape[1])
    assert result.image.dtype == np.uint8
    assert table.max() <= 1 + 1e-9
    assert best[0][1] == pytest.approx(table.max())
    if name != "curves":  # whose template is a filter, not a piece of the image
        assert best[0][1] == pytest.approx(1)


def test_the_curve_filter_prefers_a_flat_patch_until_it_is_normalised_or_loses_its_mean():
    result = scene("curves")
    tables = {how: scores(result.image, result.template, how) for how in HOW}
    in_place = {how: [table[3, 3 + 14 * tile] for tile in range(3)] for how, table in tables.items()}
    assert in_place["raw"] == [6600, 0, 9000]
    assert in_place["normalised"] == pytest.approx([0.5077, 0, 0.3499], abs=1e-4)
    assert in_place["zero-mean"][::2] == pytest.approx([4212.245, 0], abs=1e-3)
    assert (CURVE_PATCH.tolist(), OTHER_PATCH.tolist()) == (G08["curve"], G08["other"])
    assert (G08["detector"] == CURVE).all()
    assert (OTHER_PATCH * CURVE).sum() == 0
    for how in ("normalised", "zero-mean"):
        best = dict(best_in_tiles(tables[how], result.tiles, 7))
        assert max(best, key=best.get) == "the curve"


def test_a_badge_without_colour_fools_a_search_in_grey_and_not_one_in_colour():
    for looked, fooled in ((scene("colours"), False), (without_colour(scene("colours")), True)):
        table = scores(looked.image, looked.template, "normalised")
        best = dict(best_in_tiles(table, looked.tiles, 12))
        assert (best["the badge without colour"] > best["damaged"]) == fooled


def test_scores_far_above_zero_are_drawn_from_the_lowest_on_and_all_others_from_zero():
    assert lowest(np.array([[0.8, 1.0]])) == 0.8
    for table in ([[0.1, 1.0]], [[-1.0, 1.0]], [[0.0, 0.0]]):
        assert lowest(np.array(table)) == 0
