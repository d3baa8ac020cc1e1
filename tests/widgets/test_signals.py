"""Convolution along a line against NumPy and FFT, echoes as convolutions, the sounds and the rounds of the game."""

import base64

import numpy as np
import pytest

from core.demos.signals import audio
from core.demos.signals.convolution_1d import MODES, SignalError, delta, echoed, impulse_response, slide_line, step
from core.network.errors import NetworkError
from core.random import generator
from pages.ui.translations import words_in
from pages.widgets.signals import echo, which_kernel
from tests.support.browser import open_page, wait_idle
from tests.support.lesson_pages import MOVING, answer_all
from tests.support.lessons import LESSONS


X, W = generator(1, "signal").normal(size=9), generator(2, "kernel").normal(size=4)


@pytest.mark.parametrize("mode", ["full", "valid"])
def test_with_the_flip_it_is_numpys_convolution_and_without_its_correlation(mode):
    assert slide_line(X, W, mode).result == pytest.approx(np.convolve(X, W, mode))
    assert slide_line(X, W, mode, flip=False).result == pytest.approx(np.correlate(X, W, mode))


@pytest.mark.parametrize("flip", [True, False])
def test_wrapped_it_is_a_product_of_fourier_transforms(flip):
    spectrum = np.fft.fft(W, len(X))
    product = np.fft.fft(X) * (spectrum if flip else spectrum.conj())
    assert slide_line(X, W, "wrap", flip).result == pytest.approx(np.fft.ifft(product).real)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize("length", [3, 4])
def test_each_output_is_the_sum_that_its_index_says(mode, flip, length):
    line = slide_line(X, W[:length], mode, flip)
    for k, value in enumerate(line.result):
        n, positions = k + line.first, [(-m if flip else m) for m in range(length)]
        met = [X[(n + p) % 9] if mode == "wrap" else X[n + p] if 0 <= n + p < 9 else 0 for p in positions]
        assert value == pytest.approx(np.dot(met, W[:length])), n
        assert value == pytest.approx(line.bordered[k : k + length] @ line.kernel)


def test_same_keeps_the_length_for_odd_and_even_kernels():
    for length in range(1, 6):
        assert len(slide_line(X, np.ones(length), "same").result) == len(X)


def test_a_kernel_that_does_not_go_with_its_signal_is_refused_in_a_sentence():
    with pytest.raises(SignalError, match="more than once"):
        slide_line([1, 2], [1, 1, 1], "wrap")
    with pytest.raises(NetworkError):
        slide_line([1, 2], [1, 1, 1], "valid")


def test_an_echo_is_a_convolution_with_its_impulse_response():
    late, weights = [3, 7], [0.5, 0.25]
    assert echoed(X, late, weights) == pytest.approx(np.convolve(X, impulse_response(late, weights)))
    assert echoed(X, late, weights, cut=True) == pytest.approx(np.convolve(X, impulse_response(late, weights))[:9])
    assert echoed(delta(), late, weights).tolist() == impulse_response(late, weights).tolist()
    assert echoed(X, [2, 2], [0.5, 0.5]) == pytest.approx(np.convolve(X, [1, 0, 1])), "two echoes at once add up"


def test_the_change_of_a_step_is_a_delta():
    assert slide_line(step(6, 2), [1, -1], "full").result[:6].tolist() == delta(2, 6).tolist()


@pytest.mark.parametrize("name", audio.SOUNDS)
def test_what_is_played_is_what_core_computed(name):
    data = echo.drawn(name, [(0.3, 0.5), (0.6, 0.25)], False, words_in(echo.__file__, "en"))
    before, after = (np.frombuffer(base64.b64decode(one), "<i2") / 32767 * data["loudest"] for one in data["sounds"])
    assert before == pytest.approx(audio.SOUNDS[name](), abs=1e-4)
    assert after == pytest.approx(echoed(audio.SOUNDS[name](), [2400, 4800], [0.5, 0.25]), abs=1e-4)
    assert max(np.abs(before).max(), np.abs(after).max()) == pytest.approx(data["loudest"], abs=1e-4)
    assert data["kernel"] == [[0.0, 1.0], [0.3, 0.5], [0.6, 0.25]]
    drawn = np.array(data["after"])
    assert drawn[:, 0].min() == pytest.approx(after.min(), abs=1e-4)
    assert drawn[:, 1].max() == pytest.approx(after.max(), abs=1e-4)


def test_each_round_of_the_game_has_another_signal_and_tells_its_kernels_apart():
    part = next(p for p in LESSONS["en/l05"].parts if getattr(p, "name", "") == "which_kernel")
    options = which_kernel.Options(**LESSONS["en/l05"].options(part))
    rounds = [which_kernel.drawn(options, number, words_in(which_kernel.__file__, "en")) for number in range(20)]
    assert len({tuple(one["signal"]) for one in rounds}) > 15
    assert len({tuple(one["answers"]) for one in rounds}) > 5
    for one in rounds:
        assert len({tuple(output) for output in one["outputs"]}) == len(options.kernels)
        for output, position in zip(one["outputs"], one["answers"], strict=True):
            kernel = list(options.kernels.values())[position]
            assert output == pytest.approx(np.convolve(one["signal"], kernel))


@pytest.mark.slow
@pytest.mark.browser
def test_the_lesson_in_a_browser_products_add_up_sounds_play_and_the_game_is_won(browser, address):
    page = open_page(browser, f"{address}/lesson?lesson=l05")
    answer_all(page, LESSONS["en/l05"])
    for index in range(page.locator(MOVING).count()):
        widget = page.locator(".widget", has=page.locator("[role=application]")).nth(index)
        widget.locator("[role=application]").press("Home")
        seen = set()
        while (cell := widget.evaluate("w => w.dataset.cell")) not in seen:
            seen.add(cell)
            value, terms = widget.evaluate("w => [Number(w.dataset.value), JSON.parse(w.dataset.terms)]")
            assert sum(a * b for a, b in terms) == pytest.approx(value, abs=1e-9), cell
            widget.locator("[role=application]").press("ArrowRight")
        assert len(seen) > 2
    valley = page.locator(".widget", has=page.get_by_role("button", name="Play it with echo")).first
    valley.get_by_role("button", name="Play it with echo").click()
    assert valley.evaluate("w => w.dataset.playing") == "after"
    late = round((0.72 + 0.6) * audio.RATE)
    assert int(valley.evaluate("w => w.dataset.samples")) == late
    valley.get_by_role("button", name="Stop").click()
    assert valley.evaluate("w => w.dataset.playing") is None
    game = page.locator(".widget", has=page.locator(".outputs"))
    part = next(p for p in LESSONS["en/l05"].parts if getattr(p, "name", "") == "which_kernel")
    options = which_kernel.Options(**LESSONS["en/l05"].options(part))
    answers = which_kernel.drawn(options, 0, words_in(which_kernel.__file__, "en"))["answers"]
    for k, answer in enumerate(answers):
        assert "4 of 4" not in game.inner_text()
        game.locator("select").nth(k).select_option(str(answer))
        game.get_by_role("button", name="Check").click()
    assert "4 of 4 right" in game.inner_text()
    wait_idle(page)
    assert page.errors == []
    assert page.outside == []
