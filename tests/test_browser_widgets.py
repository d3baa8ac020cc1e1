"""Every widget by itself in a real browser: its table follows what is shown, every picture has one, and no word is fixed to English."""

import re

import numpy as np
import pytest

from core.data import catalogue
from core.data.pixel_order import shuffle_order
from core.maths.curves import BENDS
from core.maths.losses import softmax
from pages import widgets
from pages.widgets import pixel_shuffle
from tests import stage
from tests.browser import open_page, wait_idle


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def staged(one_browser, tmp_path_factory):
    with stage.serve(tmp_path_factory.mktemp("stage")) as address:
        yield address


# --- the tables of the browser's own widgets


def opened(browser, address: str, name: str):
    page = open_page(browser, f"{address}/?widget={name}")
    for title in page.locator(".widget details summary").all():
        title.click()
    return page


def table(page, place: int = 0) -> list[list]:
    """Rows below the heading; numbers as numbers."""
    rows = page.locator(".widget details table").nth(place).locator("tr").all()[1:]
    return [[number(cell) for cell in row.locator("th, td").all_text_contents()] for row in rows]


def number(text: str):
    try:
        return float(text.replace("−", "-"))
    except ValueError:
        return text


def move(page, name: str, key: str) -> float:
    """Presses a key on the slider of this name; its new value."""
    slider = page.locator(f".widget input[type=range][aria-label='{name}']")
    slider.press(key)
    return float(slider.input_value())


def near(numbers):
    """Tables show four digits."""
    return pytest.approx(np.array(numbers), rel=6e-4, abs=1e-6)


def test_the_tables_of_a_neuron_follow_its_weights_and_its_bend(browser, staged):
    page = opened(browser, staged, "neuron")
    weights, bias, bend = [0.5, -1.0], 0.0, "sigmoid"
    along = np.arange(-3, 4)
    for _ in range(3):
        z = weights[0] * along[None, :] + weights[1] * along[::-1, None] + bias
        found = np.array(table(page))
        assert found[:, 0].tolist() == along[::-1].tolist()
        assert found[:, 1:] == near(BENDS[bend](z.ravel())[0].reshape(z.shape))
        curve = np.array(table(page, 1))
        assert curve[:, 1] == near(BENDS[bend](curve[:, 0])[0]) and len(curve) == 13
        weights[0], bias, bend = move(page, "w₁", "ArrowRight"), move(page, "b", "ArrowLeft"), "elu"
        page.locator(".widget select").select_option(bend)
    assert page.errors == []


def test_the_tables_of_two_layers_follow_the_weights(browser, staged):
    page = opened(browser, staged, "two_layers")
    options = stage.uses("two_layers")[0]
    w, u, x = (np.array(options[name], float) for name in ("first", "second", "input"))
    for bend in ("linear", "tanh"):
        page.locator(".widget select").select_option(bend)
        w[0, 0] = move(page, "w₁₁", "ArrowRight")
        hidden, collapsed = BENDS[bend](w @ x)[0], u @ w
        said = {row[0]: row[1:] for row in table(page)}
        assert [said[f"h{low}"][0] for low in "₁₂"] == near(hidden) and said["w₁₁"][0] == w[0, 0]
        assert [said[f"v{low}"][1] for low in "₁₂"] == near(collapsed)
        assert said["z"] == near([u @ hidden, collapsed @ x])
        line = np.array(table(page, 1))
        places = np.array([[at, x[1]] for at in line[:, 0]])
        assert line[:, 1] == near([u @ BENDS[bend](w @ place)[0] for place in places])
        assert line[:, 2] == near(places @ collapsed)
    assert page.errors == []


def test_the_table_of_a_shuffle_says_where_every_pixel_goes(browser, staged):
    page = opened(browser, staged, "pixel_shuffle")
    pictures = catalogue.load("digits").pictures[: pixel_shuffle.SHOWN, 0].reshape(pixel_shuffle.SHOWN, -1)
    for seed in (1, 2):
        order = shuffle_order(784, seed)
        found = page.locator(".widget details table").evaluate(
            "table => [...table.rows].slice(1).map(row => [...row.cells].map(cell => cell.textContent))"
        )
        assert len(found) == 784
        for place, (at, to, *levels) in enumerate(found):
            row, column = map(int, to.split(", "))
            assert order[28 * (row - 1) + column - 1] == place and at == f"{place // 28 + 1}, {place % 28 + 1}"
            assert list(map(int, levels)) == pictures[:, place].tolist()
        page.locator(".widget button").click()
    assert page.errors == []


def test_the_table_of_softmax_follows_a_logit(browser, staged):
    page = opened(browser, staged, "softmax_bars")
    z = np.array(stage.uses("softmax_bars")[0]["logits"], float)
    for _ in range(2):
        found = table(page)
        assert [row[0] for row in found] == ["cat", "dog", "bird"]
        assert [row[1:] for row in found] == near(np.stack([z, np.exp(z), softmax(z[None])[0]], axis=1))
        z[0] = move(page, "cat", "ArrowLeft")
    assert page.errors == []


def test_a_table_stays_open_and_true_on_another_screen(browser, staged):
    page = opened(browser, staged, "neuron")
    move(page, "w₂", "End")
    before = table(page)
    page.set_viewport_size({"width": 500, "height": 800})
    wait_idle(page, settle=500)
    assert page.locator(".widget details[open]").count() == 2 and table(page) == before
