"""Imbalance in a real browser: a comparison from Start to its sentence, on real digits with a real host."""

import pytest

from core.experiment.imbalance_remedies import remedy_of
from core.runs.folder import all_runs
from tests.support.browser import SCHEMES, complaints, open_page, server, wait_for_words, wait_idle


pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("made") / "runs"


@pytest.fixture(scope="module")
def address(folder):
    with server(folder, CONVSCOPE_DATA=str(folder.parent / "data")) as result:
        yield f"{result}/imbalance"


def choose(page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click()
    page.keyboard.type(option)
    page.get_by_role("option", name=option).click()
    wait_idle(page)
    assert page.get_by_role("combobox", name=label).input_value() == option


def fill(page, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).fill(value)
    page.get_by_label(label, exact=True).press("Enter")
    wait_idle(page)


def test_a_comparison_of_two_remedies_over_three_seeds_finishes_with_its_sentence(browser, address, folder):
    page = open_page(browser, address)
    choose(page, "Backend", "NumPy reference")
    for remedy in ("Undersample", "Shifted and rotated copies"):
        page.get_by_test_id("stCheckbox").filter(has_text=remedy).locator("label").click()
        wait_idle(page)
    fill(page, "Steps", "12")
    fill(page, "Seeds", "3")
    wait_for_words(page, "2 remedies × 3 seeds: 6 runs")
    page.get_by_role("button", name="Start training", exact=True).click()
    wait_for_words(page, "of 6 runs have finished")
    wait_for_words(page, "on average over 3 pairs of seeds", 240_000)
    wait_idle(page)
    shown = page.inner_text("[data-testid=stMain]")
    assert "Class weights against none: " in shown
    assert "seed noise." in shown
    assert "of 6 runs have finished" not in shown, "nothing ticks any more"
    runs = all_runs(folder)
    assert sorted((remedy_of(run.experiment), run.experiment.seed) for run in runs) == [
        (remedy, seed) for remedy in ("class-weights", "none") for seed in (1, 2, 3)
    ]
    assert {run.status().state for run in runs} == {"finished"}
    assert len({run.group for run in runs}) == 1
    assert {run.backend for run in runs} == {"reference"}
    assert page.errors == []
    assert page.outside == []


def test_a_comparison_can_be_stopped_on_its_way(browser, address, folder):
    before = {run.id for run in all_runs(folder)}
    page = open_page(browser, address)
    choose(page, "Backend", "NumPy reference")
    fill(page, "Steps", "100000")
    page.get_by_role("button", name="Start training", exact=True).click()
    wait_for_words(page, "of 100,000")  # the first one is training; what only waits is taken out of the queue instead
    page.get_by_role("button", name="Stop all").click()
    wait_for_words(page, "You stopped it", 60_000)
    page.wait_for_function("() => !document.body.innerText.includes('runs have finished')", timeout=60_000)
    assert {run.status().state for run in all_runs(folder) if run.id not in before} == {"stopped"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_imbalance_breaks_no_rule_of_accessibility_and_fits_a_narrow_screen(browser, address, scheme):
    page = open_page(browser, address, color_scheme=scheme)
    wait_for_words(page, "Why oversampling beats undersampling")
    assert complaints(page) == []
