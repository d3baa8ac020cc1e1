"""Every widget by itself in a real browser: its table follows what is shown, and no word is fixed."""

import json
import re

import numpy as np
import pytest

from core.data import catalogue
from core.demos.images.pixel_permutation import shuffle_order
from core.demos.learning.function_curves import BENDS
from core.numerics.losses import softmax
from pages import widgets
from pages.widgets.images import pixel_shuffle
from tests.support import stage
from tests.support.browser import open_page, wait_idle


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def staged(one_browser, tmp_path_factory):
    with stage.serve(tmp_path_factory.mktemp("stage")) as address:
        yield address


# --- the tables of the browser's own widgets


def opened(browser, address: str, name: str):
    page = open_page(browser, f"{address}/?widget={name}")
    for folded in page.locator(".widget details").all():
        folded.locator("summary").click()
        if folded.get_by_role("region").count():
            folded.locator("td").first.wait_for()  # a table is made when it hears that it was opened
    return page


def table(page, index: int = 0) -> list[list]:
    """Rows below the heading; numbers as numbers."""
    rows = page.locator(".widget details table").nth(index).locator("tr").all()[1:]
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
        result = np.array(table(page))
        assert result[:, 0].tolist() == along[::-1].tolist()
        assert result[:, 1:] == near(BENDS[bend](z.ravel())[0].reshape(z.shape))
        curve = np.array(table(page, 1))
        assert curve[:, 1] == near(BENDS[bend](curve[:, 0])[0])
        assert len(curve) == 13
        weights[0], bias, bend = move(page, "w₁", "ArrowRight"), move(page, "b", "ArrowLeft"), "elu"
        page.locator(".widget select").select_option(bend)
    assert page.errors == []


@pytest.mark.slow
def test_the_tables_of_two_layers_follow_the_weights(browser, staged):
    page = opened(browser, staged, "two_layers")
    options = stage.uses("two_layers")[0]
    w, u, x = (np.array(options[name], float) for name in ("first", "second", "input"))
    for bend in ("linear", "tanh"):
        page.locator(".widget select").select_option(bend)
        w[0, 0] = move(page, "w₁₁", "ArrowRight")
        hidden, collapsed = BENDS[bend](w @ x)[0], u @ w
        said = {row[0]: row[1:] for row in table(page)}
        assert [said[f"h{low}"][0] for low in "₁₂"] == near(hidden)
        assert said["w₁₁"][0] == w[0, 0]
        assert [said[f"v{low}"][1] for low in "₁₂"] == near(collapsed)
        assert said["z"] == near([u @ hidden, collapsed @ x])
        line = np.array(table(page, 1))
        positions = np.array([[at, x[1]] for at in line[:, 0]])
        assert line[:, 1] == near([u @ BENDS[bend](w @ position)[0] for position in positions])
        assert line[:, 2] == near(positions @ collapsed)
    assert page.errors == []


@pytest.mark.slow
def test_the_table_of_a_shuffle_says_where_every_pixel_goes(browser, staged):
    page = opened(browser, staged, "pixel_shuffle")
    images = catalogue.load("digits").images[: pixel_shuffle.SHOWN, 0].reshape(pixel_shuffle.SHOWN, -1)
    for seed in (1, 2):
        order = shuffle_order(784, seed)
        result = page.locator(".widget details table").evaluate(
            "table => [...table.rows].slice(1).map(row => [...row.cells].map(cell => cell.textContent))"
        )
        assert len(result) == 784
        for index, (at, to, *levels) in enumerate(result):
            row, column = map(int, to.split(", "))
            assert order[28 * (row - 1) + column - 1] == index
            assert at == f"{index // 28 + 1}, {index % 28 + 1}"
            assert list(map(int, levels)) == images[:, index].tolist()
        page.locator(".widget button").click()
    assert page.errors == []


@pytest.mark.slow
def test_the_table_of_softmax_follows_a_logit(browser, staged):
    page = opened(browser, staged, "softmax_bars")
    z = np.array(stage.uses("softmax_bars")[0]["logits"], float)
    for _ in range(2):
        result = table(page)
        assert [row[0] for row in result] == ["cat", "dog", "bird"]
        assert [row[1:] for row in result] == near(np.stack([z, np.exp(z), softmax(z[None])[0]], axis=1))
        z[0] = move(page, "cat", "ArrowLeft")
    assert page.errors == []


@pytest.mark.slow
def test_the_table_of_a_weight_image_follows_the_pixel(browser, staged):
    page = opened(browser, staged, "weight_images")
    field = page.locator(".widget [role=application]")
    for _ in range(2):
        field.press("ArrowDown")
        weights = json.loads(page.locator(".widget").get_attribute("data-value"))
        result = np.array(table(page))
        assert result[:, 1] == near(weights)
        assert result[:, 3].sum() == pytest.approx(1, abs=1e-3)
        page.locator(".widget button").click()
    assert page.errors == []


def test_the_table_of_painted_points_has_the_new_one(browser, staged):
    page = opened(browser, staged, "boundary_painter")
    before = table(page)
    page.locator(".widget button", has_text="Paint orange").click()
    page.locator(".widget [role=application]").press("ArrowUp")
    page.locator(".widget [role=application]").press("Enter")
    assert table(page) == [*before, [len(before), 0, 0.2, "△"]]
    assert page.errors == []


def test_a_table_stays_open_and_true_on_another_screen(browser, staged):
    page = opened(browser, staged, "neuron")
    move(page, "w₂", "End")
    before = table(page)
    page.set_viewport_size({"width": 500, "height": 800})
    wait_idle(page, settle=500)
    assert page.locator(".widget details[open]").count() == 2
    assert table(page) == before


# --- every widget: its images, and its words


QUICK = ("descent", "threshold")
"""The other widgets take too long for every test run."""
WALKED = [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in widgets.names()]

NO_WORDS = {
    "style": "threshold",
    "annotation": "backprop_graph",  # the source of a formula
    "code": "best_patches",  # commands
    ".code": "convolution_2d",  # lines of a program
    "[data-testid=stCode]": "best_patches",
    ".modebar": "baselines",  # Plotly's buttons
    "[data-testid=stElementToolbar]": "recorded_errors",  # Streamlit's
    "[data-testid=stTooltipIcon]": "draw_digit",
    "[data-testid=stIconMaterial]": "best_patches",
}
"""What a lesson's language need not translate, and a widget that has it."""

STREAMLITS = "Choose an option|Selected values|Clear all|Remove|Open"
"""What Streamlit's menus tell a screen reader."""
WEIGHTS = r"\bW[a-z]{2}\b"
"""Named after the ends of their wire."""
NAMES = [
    "ReLU",
    "MNIST",
    "SVHN",
    "FER2013",
    "PyTorch",
    "TensorFlow",
    "NumPy",
    "Keras",
    "Momentum",
    "Nesterov",
    "Adagrad",
    "RMSProp",
    "Adadelta",
    "Adam",
    "SGD",
    "max",
    "floor",
    "cpu",
    "reference",
    "JSON",
]
"""Said so in every language."""
CORES = {
    "builder": "the drawing, the names of layers and the presets are the lab's",
    "experiment": "the drawing and the names of layers are the lab's",
    "living_network": "the names of layers, and the card of a shipped network",
    "measured": "what was measured is told by the recording",
    "recorded_judgement": "the experiment has a title of its own",
    "resampling": "what was measured is told by the recording",
    "filter_gallery": "where its images come from; the photographs' licences ask for it",
}
"""Widgets with words of core, which no widget's table holds: they stay English, and are named here with the reason."""

WORD = "[A-Za-z]{3,}"

IMAGES = """() => {
  const found = { images: 0, tables: 0 };
  const walk = (root) => root.querySelectorAll('*').forEach((one) => {
    if (one.shadowRoot) walk(one.shadowRoot);
    if (one.matches('td, [data-testid=stDataFrame] canvas')) found.tables += 1;
    else if (one.matches('canvas, img, .plot, .grid')) found.images += 1;
    else if (one.matches('svg') && one.getBoundingClientRect().height > 60) found.images += 1;
  });
  document.querySelectorAll('[class*=st-key-stage-]').forEach(walk);
  return found;
}"""

TEXTS = """(none) => {
  const found = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent);
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (node.matches(none)) return;
      for (const name of ['aria-label', 'aria-valuetext', 'title', 'alt', 'placeholder'])
        found.push(node.getAttribute(name) ?? '');
      if (node.shadowRoot) node.shadowRoot.childNodes.forEach(walk);
    }
    node.childNodes.forEach(walk);
  };
  document.querySelectorAll('[class*=st-key-stage-]').forEach(walk);
  return found.map((text) => text.trim()).filter((text) => text);
}"""

DRAWN = """() => [['figure > .plot', '.main-svg'], ['[data-testid=stTable]', 'td'],
  ['[data-testid=stDataFrame]', 'canvas']].every(
  ([whole, part]) => [...document.querySelectorAll(whole)].every(one => one.querySelector(part)))"""
"""Streamlit fetches the code of charts and tables when the first one is shown."""


def unfolded(browser, address: str, name: str, more: str = ""):
    """A widget as its lessons use it, with its charts drawn and everything that is folded away opened."""
    page = open_page(browser, f"{address}/?widget={name}{more}")
    for folded in page.locator("[data-testid=stExpander] summary").all():
        folded.click()
        wait_idle(page)
    page.wait_for_function(DRAWN)
    page.locator(".widget details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    wait_idle(page)
    return page


@pytest.fixture(scope="module")
def looked():
    """What was seen of a widget: opening it takes seconds, and two tests ask."""
    return {}


@pytest.fixture(params=WALKED)
def seen(request, browser, staged, looked):
    """(its name, its images and tables, its texts with every word of its own replaced by a mark)"""
    name = request.param
    if name not in looked:
        page = unfolded(browser, staged, name, f"&lang={stage.MARKED}")
        looked[name] = name, page.evaluate(IMAGES), page.evaluate(TEXTS, ", ".join(NO_WORDS))
        assert page.errors == []
    return looked[name]


def test_a_widget_that_draws_a_image_has_its_numbers_as_a_table(seen):
    name, result, _ = seen
    assert result["tables"] or not result["images"], f"{name}: {result}"


def test_a_widget_says_nothing_that_no_language_can_say_otherwise(seen):
    """What is left beside the marks are names, what the lesson wrote, and what core says."""
    name, _, texts = seen
    assert any(stage.MARK in text for text in texts), "nothing is marked"
    left = words_left(name, texts)
    assert bool(left) == (name in CORES), left


@pytest.mark.parametrize(
    "selector, name",
    [
        *NO_WORDS.items(),
        ("figure > .plot .main-svg", "baselines"),
        ("[data-testid=stTable] td", "baselines"),
        ("[data-testid=stDataFrame] canvas", "recorded_errors"),
    ],
)
@pytest.mark.slow
def test_what_the_tests_of_widgets_look_for_is_there_to_be_found(browser, staged, selector, name):
    page = unfolded(browser, staged, name)
    assert page.locator(f"[class*=st-key-stage-] :is({selector})").count()


def words_left(name: str, texts: list[str]) -> set[str]:
    """Three letters or more: shorter ones stand in formulas."""
    reported = re.sub(f"{STREAMLITS}|{WEIGHTS}", "", "\n".join(texts))
    known = {*NAMES, *re.findall(WORD, " ".join(map(str, stage.uses(name))))}
    return set(re.findall(WORD, reported)) - known
