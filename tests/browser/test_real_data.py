"""Real images from the page: FER2013 and SVHN files train for one epoch on every backend; a restarted dashboard finds
what the one before it trained."""

import numpy as np
import pytest

import backends
from core.data import catalogue
from core.runs import folder, predictions
from tests.support.browser import open_page, server, wait_for_words, wait_idle
from tests.support.train_page import train


pytestmark = [pytest.mark.browser, pytest.mark.slow]
EVERY_BACKEND = ("NumPy reference", "PyTorch", "TensorFlow")


@pytest.mark.parametrize("name", ["fer2013", "svhn"])
def test_files_train_for_one_epoch_on_every_backend_from_the_page(browser, name, tmp_path, real_data, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_DATA", str(real_data))
    if sentence := catalogue.missing(name):
        pytest.skip(sentence)
    runs = tmp_path / "runs"
    with server(runs, CONVSCOPE_DATA=str(real_data)) as address:
        page = open_page(browser, f"{address}/train")
        page.get_by_role("combobox", name="Data").click()
        page.get_by_role("option", name=catalogue.describe(name).label).click()
        wait_idle(page)
        train(page, EVERY_BACKEND, 1)
        wait_for_words(page, "Final results", timeout=240_000)
        assert page.errors == []
    made = folder.all_runs(runs)
    assert sorted(run.backend for run in made) == sorted(backends.names())
    for run in made:
        status = run.status()
        assert status.state == "finished" and run.experiment.data.name == name, status.reason
        kept = predictions.load(run.predictions_path, "test")
        assert (kept.labels == catalogue.load(name).labels[kept.rows]).all()
        assert status.result["test"]["accuracy"] == pytest.approx(np.mean(kept.logits.argmax(axis=1) == kept.labels))


def test_a_restarted_dashboard_finds_its_stopped_and_finished_runs(browser, tmp_path):
    runs = tmp_path / "runs"
    with server(runs) as address:
        page = open_page(browser, f"{address}/train")
        train(page, ("NumPy reference",), 1)
        wait_for_words(page, "Final results")
        train(page, ("NumPy reference",), 500)
        page.get_by_role("button", name="Pause").wait_for()
    with server(runs) as address:
        page = open_page(browser, f"{address}/train")
        wait_for_words(page, "stopped")
        assert page.get_by_text("The dashboard was closed").count() == 1
        page.get_by_role("button", name="Resume", exact=True).click()
        page.get_by_role("button", name="Pause").wait_for()
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Resume", exact=True).wait_for()
        assert page.errors == []
    assert sorted(run.status().state for run in folder.all_runs(runs)) == ["finished", "stopped"]
