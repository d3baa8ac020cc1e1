"""The Transfer page: a plan made of choices, measured in a process of its own, and found again by its link."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import backends
from backends.executors import transfer_jobs
from core.experiment.experiment import changed
from core.runs.folder import create, runs_folder
from core.runs.trainer import record
from core.transfer import plan as plans
from core.transfer.plan import FEATURES, Plan
from pages.recorded import shipped
from tests.support.apps import PAGES, ROOT, errors, ran, words
from tests.support.small import small_experiment


pytestmark = pytest.mark.usefixtures("no_processes")


def trained_run(**fields):
    run = create(changed(small_experiment(epochs=1), **fields), "reference")
    assert record(run, backends.load("reference"), "reference", "cpu") == "finished"
    return run


def visit(**parameters) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    for name, value in parameters.items():
        app.query_params[name] = value
    return ran(app.switch_page(PAGES["transfer"]).run())


def linked(run, **parameters):
    given = {"classes": "3,5,8", "each": "5,10", "draws": "3"} | parameters
    return visit(run=run.id, layer="pool1", data="digits-16x16", **given)


def planned(run, **fields) -> Plan:
    given = {"classes": (3, 5, 8), "each": (5, 10), "draws": 3} | fields
    return Plan(run=run.id, step=run.state_at().step, layer="pool1", data="digits-16x16", **given)


def test_one_click_measures_and_a_link_finds_the_result_again():
    run = trained_run()
    app = ran(linked(run).button(key="transfer-start").click().run())
    assert not [button for button in app.button if button.label.startswith("Measure")]
    job = transfer_jobs.of(planned(run))
    job.wait(120)
    assert (job.ended, job.error) == (True, "")
    assert job.share == 1
    result = plans.load(planned(run), runs_folder())
    for again in (ran(app.run()), linked(run)):
        assert f"{result.images} test images" in words(again)
        assert "Measure again" in [button.label for button in again.button]
        [shown] = [table.value for table in again.table if "features" in table.value.columns]
        assert list(shown.columns) == ["features", "5 per class", "10 per class"]
        assert [cell.split("**")[1] for cell in shown["features"]] == list(FEATURES.values())
        accuracies = result.accuracies("network", 10)
        expected = f"{100 * np.mean(accuracies):.1f} ± {100 * np.std(accuracies, ddof=1):.1f} %"
        assert shown["10 per class"].iloc[0].replace("\N{NO-BREAK SPACE}", " ") == expected
    assert "Draws" in [picker.label for picker in again.selectbox]
    assert f"{result.images} test images" not in words(linked(run, draws="5")), "another plan"


def test_a_stopped_measurement_leaves_nothing():
    run = trained_run()
    app = ran(linked(run, each="5,10,20", draws="20").button(key="transfer-start").click().run())
    ran(app.button(key="transfer-stop").click().run())
    plan = planned(run, each=(5, 10, 20), draws=20)
    transfer_jobs.of(plan).wait(60)
    assert plans.load(plan, runs_folder()) is None
    assert "Measure" in [button.label for button in linked(run, each="5,10,20", draws="20").button]


def test_what_cannot_be_measured_is_said():
    run = trained_run()
    app = linked(run, each="5,500")
    app.button(key="transfer-start").click().run()
    transfer_jobs.of(planned(run, each=(5, 500))).wait(120)
    assert "training images of class '3', but the plan needs 500 per class" in errors(ran(app.run()))


def test_classes_that_the_network_has_not_seen_are_chosen_at_first():
    run = trained_run(**{"data.train": None, "data.per_class": [20] * 6 + [0] * 4})
    app = visit(run=run.id)
    [classes] = [picker for picker in app.multiselect if picker.label == "Classes"]
    assert classes.value == [6, 7, 8, 9]
    [layer] = [picker for picker in app.selectbox if picker.label == "Cut after layer"]
    assert layer.value == "dropout1", "what comes before the last dense layer"


def test_links_to_what_is_not_here_say_so():
    run = trained_run()
    assert "There is no network “gone” here" in visit(run="gone").warning[0].value
    assert "Layer “conv9” cannot be used here" in visit(run=run.id, layer="conv9").warning[0].value
    assert "There is no data set “nothing”" in visit(run=run.id, data="nothing").warning[0].value


def test_a_data_set_that_is_not_here_says_how_to_get_it(own_data_folder):
    run = trained_run()
    assert "MNIST is not here" in words(visit(run=run.id, data="mnist"))


def test_a_single_class_is_no_plan():
    run = trained_run()
    assert "at least two classes" in words(linked(run, classes="3"))


def test_no_number_of_images_is_no_plan():
    run = trained_run()
    app = linked(run)
    app.session_state["transfer-each"] = []
    assert "at least one number of training images" in words(ran(app.run()))


def test_without_a_run_the_networks_that_come_along_are_there():
    app = visit()
    [network] = [picker for picker in app.selectbox if picker.label == "Trained network"]
    assert network.value in shipped.shipped()
    assert [label for label in network.options if "comes with ConvScope" in label] == network.options
