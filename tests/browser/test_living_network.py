"""The living network on Home in a browser: drawn on, opened down to a pixel, scrubbed, broken, trained by one step."""

import numpy as np
import pytest

import backends
from core.arrays import Array
from pages.recorded import shipped
from pages.widgets.explain.living_network import Options
from tests.support.browser import complaints, open_page, wait_idle


pytestmark = pytest.mark.browser

THREE = [
    (0.30, 0.26),
    (0.50, 0.16),
    (0.67, 0.26),
    (0.64, 0.40),
    (0.48, 0.48),
    (0.66, 0.57),
    (0.69, 0.72),
    (0.52, 0.84),
    (0.30, 0.76),
]
"""A 3, in shares of the pad, across and down."""


def opened(browser, address, sent=None, **context):
    page = open_page(browser, address, sent, **context)
    widget = page.locator(".widget", has=page.locator(".living-stage"))
    widget.locator(".net-tile").first.wait_for()
    wait_idle(page, settle=300)
    return page, widget


def told(widget, name: str) -> str:
    return widget.get_attribute(f"data-{name}") or ""


def wait_until(page, widget, name: str, value: str) -> None:
    page.wait_for_function(
        "([node, name, value]) => node.getAttribute(`data-${name}`) === value",
        arg=[widget.element_handle(), name, value],
        timeout=20_000,
    )


def probabilities(widget) -> Array:
    texts = widget.locator(".score-value").all_text_contents()
    return np.array([float(text.removesuffix(" %")) for text in texts]) / 100


def outputs(step: int | None = None) -> dict[str, Array]:
    """What the reference computes for the digit that Home shows first."""
    run = shipped.shipped()[Options().network]
    images, labels = shipped.examples(run)
    state, recipe = run.state_at(step), run.experiment.training
    model = backends.load("reference").build(run.experiment.network, state.weights, recipe, "cpu")
    model.restore(state)
    first = images[[*labels].index(Options().digit)][None]
    return {name: values[0] for name, values in model.activations(run.scaling().apply(first)).items()}


def drag(page, widget, points) -> None:
    box = widget.locator(".pad").bounding_box()
    place = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*place[0])
    page.mouse.down()
    for x, y in place[1:]:
        page.mouse.move(x, y, steps=5)
    page.mouse.up()


def test_a_three_is_drawn_with_the_mouse_and_read_at_once_without_the_server(browser, address):
    sent = []
    page, widget = opened(browser, address, sent)
    widget.get_by_role("button", name="Clear").click()
    before = len(sent)
    drag(page, widget, THREE)
    wait_until(page, widget, "value", "3")
    assert float(told(widget, "ms")) < 100
    assert len(sent) == before
    assert widget.locator(".score.best .score-name").inner_text() == "3"
    assert page.errors == []
    assert page.outside == []


def test_a_one_is_drawn_with_the_keyboard(browser, address):
    page, widget = opened(browser, address)
    widget.get_by_role("button", name="Clear").click()
    pad = widget.locator(".pad")
    pad.focus()
    page.keyboard.press("Space")
    for _ in range(16):
        page.keyboard.press("ArrowDown")
    assert pad.get_attribute("data-down") == "true"
    page.keyboard.press("Enter")
    wait_until(page, widget, "value", "1")
    assert "The network says 1" in widget.locator(".only-heard").first.text_content()


def test_map_sum_cell_pixel_in_three_clicks_with_cores_numbers_and_escape_goes_back(browser, address):
    page, widget = opened(browser, address)
    values = outputs()
    first, after = list(values)[:2]
    widget.locator(".net-tile").nth(2).click()
    assert told(widget, "open") == f"{after}:2"
    widget.locator(".net-panel .net-sum").wait_for()
    page.wait_for_timeout(300)
    result = widget.locator(".net-panel [data-which=after]")
    side = result.bounding_box()["width"]
    result.click(position={"x": side / 2, "y": side / 3})
    row, column = map(int, told(widget, "cell").split(","))
    card = widget.locator(".net-card")
    assert float(card.get_attribute("data-total")) == pytest.approx(values[first][2, row, column], rel=1e-4, abs=1e-6)
    assert float(card.get_attribute("data-value")) == pytest.approx(values[after][2, row, column], rel=1e-4, abs=1e-6)
    card.locator(".net-figure.input [role=button]").nth(6).click()
    assert told(widget, "pixel") == f"{row + 1},{column + 1}"
    assert "Pixel row" in widget.locator(".living-line").inner_text()
    for name, left in (("pixel", ""), ("cell", ""), ("open", "")):
        page.keyboard.press("Escape")
        assert told(widget, name) == left
    assert page.errors == []


def test_every_score_is_cores_now_and_at_a_remembered_step(browser, address):
    page, widget = opened(browser, address)
    logits = list(outputs().values())[-1]
    shares = np.exp(logits - logits.max())
    assert probabilities(widget) == pytest.approx(shares / shares.sum(), abs=0.0006)
    time = widget.locator("input[type=range][aria-label='Training step']")
    time.press("Home")
    wait_until(page, widget, "step", "0")
    logits = list(outputs(0).values())[-1]
    shares = np.exp(logits - logits.max())
    assert probabilities(widget) == pytest.approx(shares / shares.sum(), abs=0.003)  # kept in float16
    time.press("End")
    assert told(widget, "step") != "0"


def test_knocking_out_a_filter_changes_the_scores_and_reset_puts_it_back(browser, address):
    page, widget = opened(browser, address)
    before = probabilities(widget)
    sure = told(widget, "sure")
    widget.locator(".net-tile").nth(3).click()
    widget.get_by_role("button", name="Knock out").click()
    assert told(widget, "sure") != sure
    assert "filter 4 out" in widget.locator(".living-changed").inner_text()
    widget.get_by_role("button", name="Reset").click()
    wait_until(page, widget, "sure", sure)
    assert probabilities(widget) == pytest.approx(before)


def test_one_training_step_lowers_the_loss_and_undo_takes_it_back(browser, address):
    page, widget = opened(browser, address, reduced_motion="reduce")
    loss, step = float(told(widget, "loss")), int(told(widget, "step"))
    widget.get_by_role("button", name="Train one step").click()
    wait_until(page, widget, "step", str(step + 1))
    assert float(told(widget, "loss")) < loss
    widget.get_by_role("button", name="Undo").click()
    wait_until(page, widget, "step", str(step))
    assert float(told(widget, "loss")) == pytest.approx(loss)


def test_maps_are_reached_with_the_arrow_keys_and_opened_with_enter(browser, address):
    page, widget = opened(browser, address)
    widget.locator(".net-tile").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    name, map_ = told(widget, "open").split(":")
    assert name == list(outputs())[2]
    assert map_ == "1"


def test_the_page_is_accessible_narrow_and_without_errors(browser, address):
    page, widget = opened(browser, address)
    widget.locator(".net-tile").nth(2).click()
    widget.locator(".net-panel [data-which=after]").click()
    assert complaints(page) == []


def test_each_click_is_one_training_step_and_the_line_says_what_is_true(browser, address):
    page, widget = opened(browser, address)
    step = int(told(widget, "step"))
    for _ in range(4):
        widget.get_by_role("button", name="Train one step").click()
    assert int(told(widget, "step")) == step + 3  # the fourth is still shown
    wait_until(page, widget, "step", str(step + 4))
    line = widget.locator(".living-line")
    assert "changed by one step" in line.inner_text()
    widget.get_by_role("button", name="Undo").click()
    assert int(told(widget, "step")) == step + 3
    assert "changed by one step" not in line.inner_text()
    assert "The network says" in line.inner_text()


def test_the_right_answer_follows_the_drawing_and_an_empty_pad_teaches_nothing(browser, address):
    page, widget = opened(browser, address)
    widget.get_by_role("button", name="Clear").click()
    assert widget.get_by_role("button", name="Train one step").is_disabled()
    drag(page, widget, THREE)
    wait_until(page, widget, "value", "3")
    assert widget.get_by_label("right answer").input_value() == "3"
    assert widget.get_by_role("button", name="Train one step").is_enabled()
