"""The drawing pad of lesson 11 in a browser: mouse, keyboard and finger draw; only a lifted pen asks the server."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import open_page, wait_idle


pytestmark = [pytest.mark.browser, pytest.mark.slow]


def opened(browser, address, sent=None, **context):
    page = open_page(browser, f"{address}/lesson?lesson=l11", sent, **context)
    page.locator("[class*=st-key-l11-corner] button", has_text="Show me without guessing").click(timeout=60_000)
    wait_idle(page)
    widget = page.locator(".widget", has=page.locator(".draw-pad"))
    widget.locator(".draw-pad").scroll_into_view_if_needed()
    wait_idle(page, settle=500)
    return page, widget


def says(widget, digit: int) -> None:
    expect(widget.locator(".draw-verdict")).to_contain_text(f"The network says {digit}", timeout=60_000)
    assert widget.get_attribute("data-value") == str(digit)


def test_a_one_is_drawn_with_the_mouse_and_by_keyboard_and_asks_only_when_the_pen_is_lifted(browser, address):
    sent = []
    page, widget = opened(browser, address, sent)
    pad, box = widget.locator(".draw-pad"), widget.locator(".draw-pad").bounding_box()
    before = len(sent)
    page.mouse.move(box["x"] + 0.55 * box["width"], box["y"] + 0.15 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.85 * box["height"], steps=8)
    assert len(sent) == before
    assert int(widget.get_attribute("data-ink")) > 5000
    page.mouse.up()
    says(widget, 1)
    assert len(sent) > before
    assert "▸ 1" in widget.locator(".bars").inner_text()
    assert widget.locator(".draw-maps canvas").count() == 8

    widget.get_by_role("button", name="Clear").click()
    expect(widget.locator(".draw-verdict")).to_contain_text("Draw a digit")
    wait_idle(page, settle=500)
    pad.focus()
    while float(widget.get_attribute("data-pen").split(",")[1]) > 5:
        page.keyboard.press("ArrowUp")
    before = len(sent)
    page.keyboard.press("Space")
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    assert widget.get_attribute("data-down") == "true"
    assert len(sent) == before
    page.keyboard.press("Enter")
    says(widget, 1)
    widget.get_by_text("The images as tables").click()
    expect(widget.locator("details table td").nth(28 * 28 - 1)).to_be_attached()
    assert page.errors == []
    assert page.outside == []


def test_examples_are_taken_in_turn_and_the_switch_asks_again(browser, address):
    page, widget = opened(browser, address)
    for digit in (0, 1):
        widget.get_by_role("button", name="Use an example").click()
        says(widget, digit)
    widget.get_by_role("button", name="Clear").click()
    expect(widget.locator(".draw-verdict")).to_contain_text("Draw a digit", timeout=60_000)
    box = widget.locator(".draw-pad").bounding_box()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.1 * box["width"], box["y"] + 0.4 * box["height"], steps=4)
    page.mouse.up()
    says(widget, 1)
    sure = widget.get_attribute("data-sure")
    page.get_by_text("Centre it as in MNIST").click()
    expect(widget).not_to_have_attribute("data-sure", sure, timeout=60_000)
    assert page.errors == []


def test_a_finger_draws_and_the_page_stays_where_it_is(browser, address):
    page, widget = opened(browser, address, has_touch=True, viewport={"width": 400, "height": 800})
    box = widget.locator(".draw-pad").bounding_box()
    top = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    touch = page.context.new_cdp_session(page)
    x = box["x"] + box["width"] / 2
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": box["y"] + 40}]})
    for step in range(1, 9):
        at = {"x": x, "y": box["y"] + 40 + step * (box["height"] - 80) / 8}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    says(widget, 1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == top
    assert page.errors == []
