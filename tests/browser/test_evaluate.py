"""Evaluate in a real browser: a dragged threshold, a pressed cell, the keyboard, a narrow screen, accessibility."""

from pathlib import Path

import pytest

from tests.support.browser import SCHEMES, complaints, open_page, server, wait_for_words, wait_idle
from tests.support.evaluated_run import evaluated_run, judged


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made(one_browser, tmp_path_factory):
    """(address of a server that finds one evaluated run, what that run said)"""
    folder = tmp_path_factory.mktemp("made") / "runs"
    run = evaluated_run(folder)
    with server(folder) as address:
        yield f"{address}/evaluate", judged(run)


def counts(page) -> list[str]:
    """TP, FN, FP, TN as the page shows them."""
    cells = page.locator("table", has_text="predicted yes").locator("tbody td").all_inner_texts()
    return [cell for cell in cells if "positives" in cell or "negatives" in cell]


def ring(page, chart: str) -> tuple[float, float]:
    """Where the threshold stands on a curve."""
    return page.wait_for_function(
        """words => { const figure = [...document.querySelectorAll('figure')].find(f => f.innerText.startsWith(words));
        const ring = figure?.querySelector('.js-plotly-plot')?.layout.shapes.find(s => s.name === 'threshold');
        return ring && [ring.xanchor, ring.yanchor]; }""",
        arg=chart,
    ).json_value()


def test_dragging_the_threshold_moves_the_four_counts_and_the_ring_on_both_curves(browser, made):
    page = open_page(browser, made[0])
    wait_for_words(page, "ROC: the area under the curve")
    before, positions = counts(page), (ring(page, "ROC"), ring(page, "Precision"))
    thumb = page.get_by_role("slider", name="Decision threshold")
    thumb.scroll_into_view_if_needed()
    at = thumb.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(at["x"] + 200, at["y"] + at["height"] / 2, steps=8)
    page.mouse.up()
    wait_idle(page)
    threshold = float(thumb.input_value())
    assert threshold > 0.6
    result = made[1]
    yes, positive = result.probabilities[:, 0] >= threshold, result.labels == 0
    assert counts(page) != before
    expected = [sum(positive & yes), sum(positive & ~yes), sum(~positive & yes), sum(~positive & ~yes)]
    assert [int(cell.split()[0].replace(",", "")) for cell in counts(page)] == expected
    now = (ring(page, "ROC"), ring(page, "Precision"))
    assert now[0] != positions[0]
    assert now[1] != positions[1]
    assert now[0][1] == now[1][0] == pytest.approx(expected[0] / sum(positive)), "both rings stand at the same recall"
    assert page.errors == []
    assert page.outside == []


def test_a_confusion_cell_opens_its_images_by_mouse_and_by_keyboard(browser, made):
    page, result = open_page(browser, made[0]), made[1]
    page.get_by_role("button", name="true 3, predicted 3:").click()
    wait_for_words(page, f"True 3, predicted 3: {result.matrix[3, 3]} images")
    wait_idle(page)
    shown = page.get_by_role("img", name="true 3, predicted 3 with")
    assert shown.count() == min(24, result.matrix[3, 3])
    assert shown.first.evaluate("image => image.complete && image.naturalWidth") == 28
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_for_words(page, f"True 3, predicted 4: {result.matrix[3, 4]} image")
    wait_idle(page)
    assert page.get_by_role("button", name="true 3, predicted 4:").get_attribute("aria-pressed") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    wait_for_words(page, f"True 4, predicted 4: {result.matrix[4, 4]} image")
    assert page.errors == []


@pytest.mark.slow
def test_a_table_is_opened_and_comes_as_csv(browser, made):
    page, result = open_page(browser, made[0]), made[1]
    page.get_by_text("The confusion matrix as a table").click()
    button = page.get_by_role("button", name="Save as CSV")
    button.wait_for()
    wait_idle(page)
    with page.expect_download() as download:
        button.click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0].startswith("truth,said 0,said 1")
    assert len(lines) == 11
    assert lines[4] == "3," + ",".join(map(str, result.matrix[3]))


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_evaluate_breaks_no_rule_of_accessibility_and_fits_a_narrow_screen(browser, made, scheme):
    page = open_page(browser, made[0], color_scheme=scheme)
    wait_for_words(page, "The hardest images")
    assert complaints(page) == []
