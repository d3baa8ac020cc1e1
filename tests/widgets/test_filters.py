"""Filters and tones made by hand: what they add up to, what they answer to, and what a gallery shows of them."""

import numpy as np
import pytest

from core.demos.images import filters
from core.demos.images.convolution_2d import slide
from core.demos.images.filter_cascade import strength, through
from core.demos.images.sample_images import CREDITS, VIEWS, city, landscape, view
from core.demos.signals import tone_correlation
from core.lessons.answers import AnswerError
from pages.ui.translations import words_in
from pages.widgets.convolution import filter_gallery
from pages.widgets.signals import tone_finder


TEXTS = words_in(filter_gallery.__file__, "en")


@pytest.mark.parametrize("size, sigma", [(1, 1), (3, 1), (5, 0.7), (9, 3)])
def test_blurring_kernels_keep_the_brightness_and_are_symmetric(size, sigma):
    for kernel in (filters.gaussian(size, sigma), filters.mean(size, size)):
        assert kernel.sum() == pytest.approx(1)
        assert kernel == pytest.approx(kernel[::-1, ::-1])
        assert slide(np.full((12, 12), 7.0), kernel).map == pytest.approx(7)


def test_the_kept_part_of_a_gaussian_is_what_one_counts_in_draws():
    draws = np.random.default_rng(0).normal(0, 1.5, 200_000)
    assert filters.gaussian_kept(5, 1.5) == pytest.approx((np.abs(draws) < 2.5).mean(), abs=0.005)


@pytest.mark.parametrize("degrees", range(0, 360, 45))
def test_an_edge_filter_answers_most_to_its_own_direction(degrees):
    i, j = np.indices((9, 9)) - 4
    angle = np.radians(degrees)
    edge = (-np.cos(angle) * j - np.sin(angle) * i > 0.1).astype(float)
    answers = {other: slide(edge, filters.edge(other)).map[3, 3] for other in range(0, 360, 45)}
    assert max(answers, key=answers.get) == degrees
    assert slide(np.ones((5, 5)), filters.edge(degrees)).map == pytest.approx(0)


def test_blur_and_edge_in_one_kernel_are_blur_and_then_edge():
    image = view("temple")[:30, :40]
    one = slide(image, filters.blurred_edge(5, 1.5, 30)).map
    two = slide(slide(image, filters.gaussian(5, 1.5)).map, filters.edge(30)).map
    assert one == pytest.approx(two, abs=1e-9)


def test_only_a_tone_that_is_there_answers():
    chord = tone_correlation.chord(3, 7, 32)
    assert [tone_correlation.responses(chord, waves, 32)[0] for waves in range(1, 9)] == pytest.approx(
        [0, 0, 16, 0, 0, 0, 16, 0]
    )


def test_in_a_melody_the_answer_says_where_the_tone_is():
    result = np.abs(tone_correlation.responses(tone_correlation.melody(3, 7, 32), 3, 32))
    assert result[:33].max() == pytest.approx(16)
    assert result[64:] == pytest.approx(0, abs=1e-9)


def test_a_tone_is_audible_and_does_not_clip():
    for signal in ("chord", "melody"):
        sound = tone_finder.sound(tone_finder.Options(signal=signal))
        assert sound.shape == (12_000,)
        assert 0.3 < np.abs(sound).max() <= 1


def test_long_lines_tell_the_city_from_the_fields_and_edges_do_not():
    town, fields = strength(city()), strength(landscape())
    assert town["mean |E|"] < fields["mean |E|"]
    assert town["mean V²"] > 50 * fields["mean V²"]
    assert through(city(), "edges")[1] == (3, 3)
    assert through(city(), "lines")[1] == (11, 3)


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_is_a_grey_image_with_its_credit(name):
    image = view(name)
    assert image.ndim == 2
    assert max(image.shape) <= 96
    assert image.min() >= 0
    assert 200 < image.max() <= 255
    assert CREDITS[name]


@pytest.mark.parametrize("name", [name for name in filter_gallery.KERNELS if name != "own"])
def test_every_kernel_of_the_gallery_is_drawn_grey_only_if_it_blurs(name):
    kernel = filter_gallery.build_kernel(name, {"size": 5, "sigma": 1, "angle": 30})
    image = view("temple")
    data = filter_gallery.drawn(image, kernel, slide(image, kernel).map, TEXTS)
    assert bool(data["grey"]) == (name in ("mean", "gaussian"))
    assert data["patch"] == list(kernel.shape)
    assert len(data["map"]) == image.shape[0] - len(kernel) + 1


def test_a_kernel_of_ones_own_is_read_or_refused_in_a_sentence():
    assert filter_gallery.typed("1 0 −1\n2 0 -2", TEXTS).tolist() == [[1, 0, -1], [2, 0, -2]]
    for text in ("", "1 2\n3", "1 " * 16, "a"):
        with pytest.raises(AnswerError):
            filter_gallery.typed(text, TEXTS)


def test_noise_is_the_same_each_time_and_stays_within_a_image():
    image = np.full((20, 20), 120.0)
    noisy = filter_gallery.noisy(image, 40)
    assert (noisy == filter_gallery.noisy(image, 40)).all()
    assert 30 < noisy.std() < 50
    assert noisy.min() >= 0
    assert noisy.max() <= 255
    assert (filter_gallery.noisy(image, 0) == image).all()
