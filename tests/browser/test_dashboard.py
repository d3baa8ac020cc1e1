"""The dashboard in a real browser: training from the page, live curves, deep links, accessibility, narrow screens."""

import pytest

from core.runs.events import EventWriter
from tests.support.apps import ended_run
from tests.support.browser import RUNS, SCHEMES, complaints, open_page, points, server, wait_for_words, wait_idle
from tests.support.train_page import train


pytestmark = pytest.mark.browser

PAGES = ["train", *(pytest.param(name, marks=pytest.mark.slow) for name in ("", "lessons", "compare"))]
"""The others are tried where their own tests have opened everything on them."""


@pytest.fixture(scope="module")
def with_runs(one_browser, tmp_path_factory):
    """A server that finds two ended runs."""
    folder = tmp_path_factory.mktemp("made") / "runs"
    ended_run("reference", [2.5, 2.0, 1.5], folder=folder)
    ended_run("pytorch", [2.5, 2.0, 1.2], folder=folder)
    with server(folder) as address:
        yield address


@pytest.fixture(scope="module")
def with_stopped(one_browser, tmp_path_factory):
    """A server that finds a run that was stopped and another one beside it."""
    folder = tmp_path_factory.mktemp("stopped") / "runs"
    for backend in ("pytorch", "tensorflow"):
        run = ended_run(backend, [2.5, 2.0, 1.5], folder=folder)
        with EventWriter(run.events_path) as events:
            events.write("stopped", step=3, reason="you stopped it")
    with server(folder) as address:
        yield address


def wait_for_points(page, curves: int, at_least: int, timeout: float = 60_000) -> None:
    page.wait_for_function(
        """([plots, curves, least]) => {
          const plot = document.querySelector(plots);
          const ofRuns = (_, k) => plot._fullData[k].name !== 'validation';
          const drawn = [...plot?.calcdata ?? []].filter(ofRuns).map(c => c.length);
          return drawn.length === curves && drawn.every(count => count >= least);
        }""",
        arg=[RUNS, curves, at_least],
        timeout=timeout,
    )


def test_two_backends_are_trained_from_the_page_and_the_zoom_stays(browser, address):
    page = open_page(browser, f"{address}/train")
    train(page, ("NumPy reference", "PyTorch"), 2)
    wait_for_points(page, curves=2, at_least=2)
    area = page.locator(f"{RUNS} .nsewdrag").first
    area.hover(position={"x": 30, "y": 100})  # waits while the page around it grows
    page.mouse.down()
    at = area.bounding_box()
    page.mouse.move(at["x"] + 200, at["y"] + 220, steps=5)
    page.mouse.up()
    page.wait_for_function("plots => document.querySelector(plots).layout.xaxis.autorange === false", arg=RUNS)
    zoomed = page.evaluate("plots => document.querySelector(plots).layout.xaxis.range", RUNS)
    wait_for_words(page, "Final results")
    wait_idle(page)
    assert page.evaluate("plots => document.querySelector(plots).layout.xaxis.range", RUNS) == zoomed
    assert points(page) == [68, 68]
    names, firsts, colors = page.evaluate(
        """plots => { const drawn = document.querySelector(plots)._fullData.filter(t => t.name !== 'validation');
        return [drawn.map(t => t.name), drawn.map(t => t.y[0]), drawn.map(t => t.line.color + t.line.dash)]; }""",
        RUNS,
    )
    assert names == ["NumPy reference", "PyTorch"]
    assert len(set(colors)) == 2
    assert firsts[0] == pytest.approx(firsts[1], rel=1e-6)
    page.get_by_role("link", name="Compare these runs").click()
    wait_for_words(page, "The first losses to the last digit")
    wait_idle(page)
    assert points(page) == [68, 68]
    page.go_back()
    wait_for_words(page, "Final results")
    wait_idle(page)
    assert page.errors == []
    assert page.outside == []


@pytest.mark.parametrize(
    "name, parameter", [pytest.param("Train", "group", marks=pytest.mark.slow), ("Evaluate", "run")]
)
def test_one_step_back_leaves_a_page_whose_address_names_a_run(browser, with_runs, name, parameter):
    page = open_page(browser, with_runs)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(f"**/{name.lower()}?{parameter}=*")
    wait_idle(page)
    address = page.url
    page.go_back()
    wait_for_words(page, "Train your own")
    page.go_forward()
    page.wait_for_url(address)
    wait_idle(page)
    page.reload()
    wait_idle(page)
    assert page.url == address
    assert page.get_by_role("heading", name=name, exact=True).is_visible()
    assert page.errors == []


@pytest.mark.slow
def test_early_stopping_is_seen_to_stop(browser, address):
    page = open_page(browser, f"{address}/train")
    page.get_by_text("Early stopping and limits", exact=True).click()
    patience = page.get_by_role("textbox", name="Patience (epochs)")
    patience.fill("1")
    patience.press("Enter")
    wait_idle(page)
    train(page, ("NumPy reference",), 500)
    wait_for_words(page, "Early stopping: for 1 epoch, the validation loss did not fall below", timeout=120_000)
    wait_for_words(page, "were restored")
    wait_idle(page)
    assert 0 < points(page)[0] < 500 * 34
    assert page.errors == []


def test_a_run_is_paused_found_again_after_a_reload_stopped_and_resumed(browser, address):
    page = open_page(browser, f"{address}/train")
    train(page, ("NumPy reference",), 500)
    wait_for_points(page, curves=1, at_least=2)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Continue").wait_for()
    made = points(page)
    page.reload()
    wait_idle(page)
    wait_for_points(page, curves=1, at_least=2)
    assert points(page) == made
    page.get_by_role("button", name="Continue").click()
    wait_for_points(page, curves=1, at_least=made[0] + 2)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Resume", exact=True).wait_for()
    stopped = points(page)[0]
    page.get_by_role("button", name="Resume", exact=True).click()
    wait_for_points(page, curves=1, at_least=stopped + 2)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Resume", exact=True).wait_for()
    wait_idle(page)
    assert page.errors == []


def test_a_deep_link_is_the_very_first_visit_of_a_fresh_server(browser, tmp_path):
    with server(tmp_path / "runs") as fresh:
        page = open_page(browser, f"{fresh}/compare")
        assert page.get_by_role("heading", name="Compare").is_visible()
        assert page.get_by_text("Page not found").count() == 0
        assert page.errors == []


def test_a_typing_error_is_explained_where_it_was_made_and_stays(browser, address):
    page = open_page(browser, f"{address}/build")
    kernel = page.get_by_role("textbox", name="Kernel size", exact=True)
    kernel.fill("three")
    kernel.press("Enter")
    wait_for_words(page, "enter one number")
    wait_idle(page)
    page.get_by_role("link", name="Home").click()
    wait_for_words(page, "Train your own")
    page.go_back()
    wait_for_words(page, "enter one number")
    assert kernel.input_value() == "three"
    assert page.errors == []


@pytest.mark.slow
def test_no_chart_offers_to_be_uploaded_and_no_button_is_clipped(browser, with_stopped):
    page = open_page(browser, f"{with_stopped}/train", viewport={"width": 1280, "height": 900})
    bar = page.locator(f"{RUNS} .modebar").first
    page.locator(RUNS).first.hover()
    titles = page.locator(".modebar-btn").evaluate_all(
        "all => all.map(b => (b.dataset.title ?? '') + (b.getAttribute('data-attr') ?? '') + (b.ariaLabel ?? ''))"
    )
    assert titles
    assert not [title for title in titles if "share" in title.lower() or "cloud" in title.lower()]
    legend = page.locator(f"{RUNS} .legend").first
    assert not _overlap(bar.bounding_box(), legend.bounding_box())
    clipped = page.locator("button").evaluate_all(
        """all => all.filter(b => [b, ...b.querySelectorAll('*')].some(e => e.scrollWidth > e.clientWidth + 1
          && getComputedStyle(e).overflow !== 'visible')).map(b => b.innerText)"""
    )
    assert [words for words in clipped if words] == []
    assert page.get_by_role("button", name="Resume elsewhere").first.is_visible()


def _overlap(a, b) -> bool:
    return all(a[at] < b[at] + b[size] and b[at] < a[at] + a[size] for at, size in (("x", "width"), ("y", "height")))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_a_rule_of_accessibility_or_sticks_out_of_a_narrow_screen(browser, with_runs, name, scheme):
    assert complaints(open_page(browser, f"{with_runs}/{name}", color_scheme=scheme)) == []
