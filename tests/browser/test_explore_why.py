"""From a confusion to one cell's arithmetic, in four clicks."""

import numpy as np
import pytest

import backends
from backends.executors.inline import InlineExecutor
from core.data import catalogue
from core.experiment.experiment import changed
from core.explain.attribution import grad_cam
from core.network.initial_weights import initial_weights
from core.runs import predictions
from pages.parts.session.state import first_experiment
from tests.support.browser import open_page, server, wait_for_words, wait_idle


pytestmark = pytest.mark.browser


def test_a_confusion_an_image_grad_cam_and_one_cells_sum_in_four_clicks(one_browser, browser, tmp_path):
    reference = backends.load("reference")
    experiment = changed(first_experiment(), **{"training.epochs": 1, "data.train": 300})
    run = InlineExecutor(reference).start(experiment, "reference", folder=tmp_path / "runs")
    saved = predictions.load(run.predictions_path, "test")
    said = saved.logits.argmax(axis=1)
    pairs = sorted(
        {(int(true), int(answer)) for true, answer in zip(saved.labels, said, strict=True) if true != answer}
    )
    true, answer = pairs[0]
    with server(tmp_path / "runs") as address:
        page = open_page(browser, f"{address}/evaluate?run={run.id}")
        wait_for_words(page, "What it confuses")
        page.get_by_role("button", name=f"true {true}, predicted {answer}:").click()
        image = page.get_by_role("img", name=f"true {true}, predicted {answer} with").first
        image.click()
        wait_for_words(page, "Grad-CAM, cell by cell")
        row = int(page.url.split("image=")[1].split("&")[0])
        page.get_by_text("Grad-CAM, cell by cell").click()
        board = page.locator(".cam-board")
        board.wait_for()
        wait_idle(page)
        board.locator("canvas").first.click(position={"x": 40, "y": 40})
        widget = page.locator(".widget", has=board)
        cell = tuple(map(int, widget.get_attribute("data-at").split(",")))
        shown = float(widget.get_attribute("data-value"))
        assert "ReLU" in widget.locator(".equation").inner_text()
        assert page.errors == []
    index = int(np.flatnonzero(saved.rows == row)[0])
    assert (saved.labels[index], said[index]) == (true, answer)
    network, recipe = run.experiment.network, run.experiment.training
    model = reference.build(network, initial_weights(network, 1, recipe.precision), recipe)
    model.restore(run.state_at())
    pixels = run.scaling().apply(catalogue.load("digits").images[[row]], recipe.precision)[0]
    layer = [one.name for one in network.layers if one.kind in ("conv2d", "activation", "pool")][-1]
    expected = grad_cam(model, pixels, answer, layer)
    assert shown == pytest.approx(expected[cell], rel=1e-4, abs=1e-6)
