"""The learning-rate finder in a real browser: a real run in a host, its chart, one click that takes its rate."""

import pytest

from core.runs.folder import all_runs
from tests.support.browser import open_page, server, wait_idle


pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_the_rate_that_was_found_is_taken_with_one_click_and_the_list_of_runs_stays_empty(browser, tmp_path):
    runs = tmp_path / "runs"
    with server(runs) as address:
        page = open_page(browser, f"{address}/train")
        page.get_by_text("Learning-rate finder", exact=True).click()
        page.get_by_role("button", name="Test learning rates in NumPy reference").click()
        take = page.get_by_role("button", name="Use ")
        take.wait_for(timeout=90_000)
        wait_idle(page, timeout=90_000)
        plot = page.locator("[class*='st-key-rates-tried'] .js-plotly-plot")
        assert plot.evaluate("plot => plot.layout.xaxis.type") == "log"
        drawn = plot.evaluate("plot => plot.calcdata.map(curve => curve.length)")
        assert len(drawn) == 2
        assert 30 < drawn[0] == drawn[1] <= 100
        rate = float(take.inner_text().removeprefix("Use "))
        take.click()
        wait_idle(page, timeout=90_000)
        assert float(page.get_by_label("Learning rate", exact=True).first.input_value()) == rate
        assert page.errors == []
    assert all_runs(runs) == []
    assert len(all_runs(runs / ".rates")) == 1
