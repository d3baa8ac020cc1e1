"""The Runs page in a real browser: a run is ticked with the keyboard, named, deleted, brought back, exported, and its
link opens in Build."""

import zipfile

import pytest

from core.experiment.experiment import changed
from core.runs import index
from tests.support.apps import ended_run
from tests.support.browser import SCHEMES, complaints, open_page, server, wait_for_words, wait_idle
from tests.support.small import small_experiment


pytestmark = pytest.mark.browser


@pytest.fixture
def runs(browser, tmp_path):
    """Newest first: PyTorch with seed 2, the reference with seed 2, the reference with seed 1."""
    folder = tmp_path / "runs"
    for backend, seed in (("reference", 1), ("reference", 2), ("pytorch", 2)):
        ended_run(backend, [2.5, 2.0 / seed, 1.5], changed(small_experiment(seed=seed), title=f"seed {seed}"), folder)
    return folder


@pytest.fixture
def address(runs):
    with server(runs) as address:
        yield address


def rows(page):
    """The table is drawn on a canvas."""
    return page.locator("[data-testid=stDataFrame] canvas").first


def tick(page, position: int) -> None:
    """With the keyboard alone: Tab from the last filter into the table, down to the row, then Shift and Space."""
    page.get_by_role("combobox", name="Order").focus()
    while page.evaluate("document.activeElement.tagName") != "CANVAS":
        page.keyboard.press("Tab")
    for row in range(1, position + 1):
        page.keyboard.press("ArrowDown")
        page.wait_for_function("cell => document.activeElement.id === cell", arg=f"glide-cell-1-{row}")
    page.keyboard.press("Shift+Space")


def click(page, box: int) -> None:
    """With the mouse, on the box in front of a row."""
    area = rows(page).bounding_box()
    page.mouse.click(area["x"] + 16, area["y"] + 36 * box + 54)
    wait_idle(page)


def test_a_run_is_named_deleted_brought_back_exported_and_opened_from_its_link(browser, address, runs, tmp_path):
    page = open_page(browser, f"{address}/runs", accept_downloads=True)
    tick(page, 1)
    page.get_by_role("heading", name="seed 2").wait_for()
    page.get_by_role("textbox", name="Name").fill("the good one")
    page.get_by_role("button", name="Save name and note").click()
    page.get_by_role("heading", name="the good one").wait_for()
    wait_idle(page)
    named = next(entry for entry in index.listing(runs) if entry.name == "the good one")
    assert (named.backend, named.seed) == ("reference", 2)

    page.get_by_role("textbox", name="Name").fill("![no image](http://example.org/x.png) *and* no `code`: $1$")
    page.get_by_role("button", name="Save name and note").click()
    page.get_by_role("heading", name="![no image](http://example.org/x.png) *and* no `code`: $1$").wait_for()
    page.get_by_role("textbox", name="Name").fill("the good one")
    page.get_by_role("button", name="Save name and note").click()
    page.get_by_role("heading", name="the good one").wait_for()
    wait_idle(page)

    page.get_by_role("button", name="Delete this run").click()
    wait_for_words(page, "1 run is in the trash now")
    assert named.id not in [entry.id for entry in index.listing(runs)]
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name="the good one").wait_for()
    wait_idle(page)

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Everything (zip)").click()
    packed = tmp_path / coming.value.suggested_filename
    coming.value.save_as(packed)
    with zipfile.ZipFile(packed) as archive:
        assert f"{named.id}/events.jsonl" in archive.namelist()
    page.keyboard.press("Escape")

    page.get_by_text("Experiment as a link").click()
    link = page.locator("code", has_text="?experiment=").inner_text()
    assert link.startswith(f"{address}/build?experiment=")
    friend = open_page(browser, link)
    wait_for_words(friend, "Loaded from the link: seed 2")
    assert "experiment=" not in friend.url
    assert page.errors == []
    assert page.outside == []
    assert friend.errors == []
    assert friend.outside == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_runs_laid_together_break_no_rule_and_fit_a_narrow_screen(browser, address, scheme):
    page = open_page(browser, f"{address}/runs", color_scheme=scheme)
    for box in range(3):
        click(page, box)
    wait_for_words(page, "Group runs that differ only in their seed")
    page.locator(".js-plotly-plot").first.wait_for()
    assert complaints(page) == []
