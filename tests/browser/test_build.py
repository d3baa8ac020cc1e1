"""Build in a real browser: blocks moved by mouse and keyboard, undo, repairs."""

import pytest

from tests.support.browser import SCHEMES, complaints, open_page, wait_idle


pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, address):
    page = open_page(browser, f"{address}/build")
    page.locator("ol li.layer").first.wait_for()
    yield page
    assert page.errors == []
    assert page.outside == []


def block(page, name: str):
    return page.locator("ol li.layer button").filter(has_text=name)


def drawn(page) -> list[str]:
    return [
        words.split(",")[0]
        for words in page.locator("ol li.layer button").evaluate_all("all => all.map(b => b.ariaLabel)")
    ]


def cards(page) -> list[str]:
    """Names of the cards, in their order."""
    return page.locator("[class*='st-key-layer-'] strong:first-child").evaluate_all(
        "all => [...new Set(all.map(e => e.innerText))].filter(name => /^[a-z]+\\d+$/.test(name))"
    )


def order_is(page, *names: str) -> None:
    """Waits until the drawing and the cards stand like this."""
    page.wait_for_function(
        """names => { const cards = [...document.querySelectorAll("[class*='st-key-layer-'] strong:first-child")]
          .map(e => e.innerText).filter(name => /^[a-z]+\\d+$/.test(name));
        const blocks = [...document.querySelectorAll('ol li.layer button')].map(b => b.ariaLabel.split(',')[0]);
        return blocks.join() === names && [...new Set(cards)].join() === names; }""",
        arg=",".join(names),
    )
    wait_idle(page)
    assert drawn(page) == cards(page) == list(names)


def test_a_block_is_moved_doubled_and_removed_by_keyboard_and_all_of_it_undone(page):
    block(page, "act1").focus()
    page.keyboard.press("Alt+ArrowRight")
    order_is(page, "conv1", "flatten1", "act1", "dense1")
    assert page.locator("p.live").inner_text() == "act1 is now layer 3 of 4"
    assert page.evaluate("document.activeElement.ariaLabel").startswith("act1, Activation, layer 3 of 4")
    page.keyboard.press("Alt+ArrowUp")
    order_is(page, "conv1", "act1", "flatten1", "dense1")
    page.keyboard.press("d")
    order_is(page, "conv1", "act1", "act2", "flatten1", "dense1")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("act2")
    page.keyboard.press("Delete")
    order_is(page, "conv1", "act1", "flatten1", "dense1")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("flatten1")
    for names in (
        ["conv1", "act1", "act2", "flatten1", "dense1"],
        ["conv1", "act1", "flatten1", "dense1"],
        ["conv1", "flatten1", "act1", "dense1"],
        ["conv1", "act1", "flatten1", "dense1"],
    ):
        page.keyboard.press("Control+z")
        order_is(page, *names)
    page.keyboard.press("Control+Shift+z")
    order_is(page, "conv1", "flatten1", "act1", "dense1")


def test_keys_pressed_faster_than_the_page_answers_all_count(page):
    block(page, "conv1").focus()
    for _ in range(3):
        page.keyboard.press("Alt+ArrowRight")
    order_is(page, "act1", "flatten1", "dense1", "conv1")


def test_a_block_is_dragged_to_another_place(page):
    start, target = (block(page, name).bounding_box() for name in ("dense1", "act1"))
    page.mouse.move(start["x"] + 10, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(target["x"] + 8, target["y"] + 30, steps=6)
    page.mouse.up()
    order_is(page, "conv1", "dense1", "act1", "flatten1")


def test_a_repair_is_clicked_and_the_error_is_gone(page):
    block(page, "flatten1").focus()
    page.keyboard.press("Delete")
    order_is(page, "conv1", "act1", "dense1")
    page.get_by_text("a dense layer takes a list of numbers").or_(
        page.get_by_text("A dense layer takes a list of numbers")
    ).wait_for()
    page.get_by_role("button", name="Put a Flatten layer before it").click()
    order_is(page, "conv1", "act1", "flatten1", "dense1")
    assert page.get_by_role("alert").count() == 0
    assert page.get_by_role("button", name="Train this network").is_enabled()


@pytest.mark.slow
def test_pointing_at_a_block_tells_its_arithmetic(page):
    block(page, "flatten1").hover()
    page.get_by_text("32 * 28 * 28 = 25,088").first.wait_for()
    assert "flatten1 (Flatten) gives 25,088: 32 * 28 * 28 = 25,088" in page.locator("p.about").inner_text()


@pytest.mark.slow
def test_undo_in_a_field_that_is_being_typed_in_belongs_to_the_field(page):
    field = page.get_by_role("textbox", name="Filters")
    field.fill("5")
    field.press("Enter")
    wait_idle(page)
    field.focus()
    page.keyboard.type("7")
    page.keyboard.press("Control+z")
    wait_idle(page)
    assert field.input_value() == "5"


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_presets_repairs_and_differences_break_no_rule_and_fit_on_a_narrow_screen(browser, address, scheme):
    page = open_page(browser, f"{address}/build", color_scheme=scheme)
    page.get_by_text("All presets").click()
    page.locator(".st-key-take-live-cnn button").first.click()
    order_is(page, "conv1", "act1", "conv2", "act2", "pool1", "flatten1", "dense1", "act3", "dense2")
    block(page, "flatten1").focus()
    page.keyboard.press("d")
    order_is(page, "conv1", "act1", "conv2", "act2", "pool1", "flatten1", "flatten2", "dense1", "act3", "dense2")
    page.get_by_text("What changed", exact=True).click()
    wait_idle(page)
    block(page, "flatten1").focus()
    page.keyboard.press("Alt+ArrowLeft")
    order_is(page, "conv1", "act1", "conv2", "act2", "flatten1", "pool1", "flatten2", "dense1", "act3", "dense2")
    assert page.get_by_role("button", name="Move this layer before Flatten").is_visible()
    assert complaints(page) == []
