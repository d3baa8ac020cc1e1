"""The graph of lesson 4 in a real browser: a step shows core's numbers, a weight is clicked, edited, and put back."""

import pytest

from backends.contract.golden import G12
from core.demos.learning.backprop_graph import graph, passes, with_parameter
from tests.support.browser import open_page, wait_idle


pytestmark = [pytest.mark.browser, pytest.mark.slow]

NET = graph(G12["x"], G12["W"], G12["b"])


def test_a_weight_is_edited_and_the_whole_graph_follows(browser, address):
    page = open_page(browser, f"{address}/lesson?lesson=l04#forward")
    widget = page.locator(".widget", has=page.locator("[role=application]")).nth(1)
    for _ in range(7):
        widget.get_by_role("button", name="Next step").click()
    assert f"{passes(NET).result:.6g}" in widget.locator(".told").inner_text()
    widget.locator("select").select_option("W_fz")
    assert "W_fz".replace("_", "") in widget.locator(".told").inner_text().replace("\n", "")
    field = widget.locator("input[type=number]")
    field.fill("-2")
    field.press("Enter")
    wait_idle(page)
    changed = passes(with_parameter(NET, "W_fz", -2)).result
    widget.locator("select").select_option("z")
    assert f"{changed:.6g}" in widget.locator(".told").inner_text()
    widget.get_by_role("button", name="Reset all weights").click()
    wait_idle(page)
    assert f"{passes(NET).result:.6g}" in widget.locator(".told").inner_text()
    assert page.errors == []
    assert page.outside == []
