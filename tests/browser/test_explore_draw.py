"""The views Draw and show and Break it in a browser: mouse, keyboard, upload, sliders, and classes of one's own."""

import io
import shutil

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from core.data import catalogue
from core.data.sources.uploads import read_upload
from core.experiment import presets
from core.experiment.experiment import changed
from pages.ui.plotly_js import provide_plotly
from tests.support.browser import ROOT, fits, open_page, server, wait_idle
from tests.support.explored import SCRIPT, trained_run
from tests.support.hand_drawn import STROKES, draw_with_the_mouse
from tests.support.uploads import packed_files


pytestmark = [pytest.mark.browser, pytest.mark.slow]
KEYS = {
    "right": "ArrowRight",
    "left": "ArrowLeft",
    "up": "ArrowUp",
    "down": "ArrowDown",
}
THREE = [("right", 8), ("down", 6), ("left", 6), ("right", 6), ("down", 8), ("left", 9)]
"""A 3 of straight lines, from its upper left corner."""


def shapes(kind: str, rng: np.random.Generator) -> Image.Image:
    """A dark ring or a dark cross, somewhere on bright paper."""
    rows, columns = np.mgrid[:40, :40]
    y, x = rows - rng.integers(15, 25), columns - rng.integers(15, 25)
    size, flat = rng.integers(8, 14), rng.uniform(0.6, 1)
    y, x = y / size, x / size / flat
    ink = np.abs(np.hypot(y, x) - 1) < 0.2
    if kind == "cross":
        ink = (np.abs(np.abs(y) - np.abs(x)) < 0.2) & (np.hypot(y, x) < 1.2)
    return Image.fromarray(np.where(ink, 20, 235).astype(np.uint8))


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def explored(tmp_path_factory):
    """(address, ids of runs on digits, on two own classes, and of a network too large for the browser)."""
    root = tmp_path_factory.mktemp("explored")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVSCOPE_DATA", str(root / "data"))
        rng = np.random.default_rng(1)
        files = {f"{kind}/{k}.png": png(shapes(kind, rng)) for kind in ("cross", "ring") for k in range(150)}
        own = catalogue.keep(read_upload(packed_files(files), "shapes.zip", 28, 1).dataset)
        quick = {"training.epochs": 8, "training.batch_size": 32, "training.optimizer.kind": "adam"}
        runs = [
            trained_run(root / "runs", changed(presets.experiment("small-keras-cnn", data), **quick))
            for data in ("digits", own)
        ]
        large = changed(presets.experiment("dense-500-50-10", "digits"), **{**quick, "training.epochs": 2})
        runs.append(trained_run(root / "runs", large))
        (root / "explored.py").write_text(SCRIPT)
        provide_plotly()
        shutil.copytree(ROOT / "static", root / "static")
        with server(root / "runs", str(root / "explored.py"), PYTHONPATH=str(ROOT)) as address:
            yield address, *(run.id for run in runs)


def opened(browser, address, run, view="draw", **context):
    return open_page(browser, f"{address}/?run={run}&view={view}", **context)


def verdict(page):
    return page.get_by_text("Next comes")


def test_a_three_is_drawn_with_the_mouse(browser, explored):
    page = opened(browser, explored[0], "mnist-cnn")
    draw_with_the_mouse(page, page.locator(".draw-pad"), 3)
    expect(verdict(page)).to_contain_text("says 3", timeout=60_000)
    page.get_by_role("button", name="Clear").click()
    expect(verdict(page)).to_have_count(0, timeout=60_000)
    assert page.errors == []


def test_a_three_is_drawn_by_keyboard(browser, explored):
    page = opened(browser, explored[0], "mnist-cnn")
    page.locator(".draw-pad").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    for way, steps in THREE:
        for _ in range(steps):
            page.keyboard.press(KEYS[way])
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("says 3", timeout=60_000)
    assert page.errors == []
    assert page.outside == []
    assert fits(page, 400)


def test_at_least_eight_of_ten_digits_drawn_by_mouse_are_read_by_the_shipped_network(browser, explored):
    page = opened(browser, explored[0], "mnist-cnn")
    pad, right = page.locator(".draw-pad"), []
    for digit in STROKES:
        draw_with_the_mouse(page, pad, digit)
        expect(verdict(page)).to_be_visible(timeout=60_000)
        wait_idle(page, settle=300)
        right.append(f"says {digit}," in verdict(page).inner_text())
        page.get_by_role("button", name="Clear").click()
        expect(verdict(page)).to_have_count(0, timeout=60_000)
    assert sum(right) >= 8, right


def test_a_digit_is_uploaded(browser, explored):
    page = opened(browser, *explored[:2])
    page.get_by_role("radio", name="Upload").click()
    wait_idle(page)
    zero = catalogue.load("digits").images[1300:]
    labels = catalogue.load("digits").labels[1300:]
    image = zero[int(np.flatnonzero(labels == 0)[0])][0]
    big = Image.fromarray(255 - image).resize((300, 300), Image.Resampling.BICUBIC)
    page.locator("input[type=file]").set_input_files({"name": "zero.png", "mimeType": "image/png", "buffer": png(big)})
    expect(verdict(page)).to_contain_text("says 0", timeout=60_000)
    expect(page.get_by_text("Inverted: the data set has white ink on black.")).to_be_visible()
    assert page.errors == []


def test_two_own_classes_are_told_apart_drawn_and_uploaded(browser, explored):
    page = opened(browser, explored[0], explored[2])
    pad = page.locator(".draw-pad")
    draw_with_the_mouse(page, pad, 0)
    expect(verdict(page)).to_contain_text("says ring", timeout=60_000)
    page.get_by_role("radio", name="Upload").click()
    wait_idle(page)
    cross = png(shapes("cross", np.random.default_rng(9)))
    page.locator("input[type=file]").set_input_files({"name": "cross.png", "mimeType": "image/png", "buffer": cross})
    expect(verdict(page)).to_contain_text("says cross", timeout=60_000)
    expect(page.get_by_text("Scaled from 40 × 40 to 28 × 28 pixels.")).to_be_visible()
    assert page.errors == []


def test_a_slider_breaks_the_answer_and_the_curve_says_where(browser, explored):
    page = opened(browser, *explored[:2], view="break")
    widget = page.locator(".widget", has=page.locator(".broken-image"))
    expect(widget).to_have_attribute("data-right", "true", timeout=60_000)
    page.get_by_label("Zoom", exact=True).focus()
    expect(page.locator(".broken-where")).to_contain_text("Along “Zoom”", timeout=60_000)
    page.get_by_label("Negative", exact=True).focus()
    page.keyboard.press("End")
    expect(widget).to_have_attribute("data-right", "false", timeout=60_000)
    expect(page.locator(".broken-verdict")).to_contain_text("Broken: it says")
    page.get_by_role("button", name="Undo all changes").click()
    expect(widget).to_have_attribute("data-right", "true", timeout=60_000)
    page.get_by_text("The curve as a table").click()
    page.locator(".widget table tr").nth(10).wait_for(state="attached")  # filled when the browser has opened it
    assert page.errors == []
    assert fits(page, 400)


def test_a_network_too_large_for_the_browser_is_asked_when_the_slider_is_released(browser, explored):
    page = opened(browser, explored[0], explored[3], view="break")
    expect(page.locator(".broken-verdict")).to_contain_text("says", timeout=60_000)
    expect(page.locator(".broken-where")).to_contain_text("Along “Shift right”")
    before = page.locator(".bars").text_content()
    page.get_by_label("Rotate", exact=True).focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".broken-where")).to_contain_text("“Rotate”", timeout=60_000)
    expect(page.locator(".bars")).not_to_have_text(before, timeout=60_000)
    expect(page.get_by_text("NumPy reference computes the answers.")).to_be_visible()
    assert page.errors == []
