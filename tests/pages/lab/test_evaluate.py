"""The Evaluate page: scores beside baselines, cells that open their images, thresholds that move counts."""

import csv
import io
import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import backends
from backends.executors import robustness_jobs
from core.data import catalogue
from core.experiment.experiment import changed
from core.formulas import measures as measure_formulas
from core.metrics.calibration import reliability
from core.metrics.robustness import ALL, POINTS
from core.metrics.threshold import outcome
from core.runs import predictions, robustness
from core.runs.events import EventWriter
from core.runs.folder import create
from core.runs.robustness import Point, Robustness
from core.runs.trainer import record
from pages.ui.formatting import percent, share
from pages.ui.number_table import csv_text
from tests.support import apps
from tests.support.apps import PAGES, ROOT, ended_run, errors, first_experiment, ran, words
from tests.support.evaluated_run import evaluated_run, judged
from tests.support.small import small_experiment


pytestmark = pytest.mark.usefixtures("no_processes")


def visit() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    return ran(app.switch_page("pages/lab/evaluate.py").run())


def begins(app: AppTest, start: str, kind: str) -> str:
    return next(element.key for element in getattr(app, kind) if element.key and element.key.startswith(start))


def tables(app: AppTest) -> str:
    return "\n".join(table.value.to_csv() for table in app.table)


def test_without_a_run_the_page_says_what_to_do():
    assert "no run has ended" in words(visit())


def test_a_run_from_before_predictions_were_kept_says_so():
    ended_run("reference", [2.0, 1.0])
    assert "from a version of ConvScope that did not store predictions" in words(visit())


def test_a_stopped_run_says_to_resume_it():
    run = create(first_experiment(), "reference")
    run.leave_queue("you took it out of the queue")
    assert "This run is stopped" in words(visit())


def test_accuracy_never_stands_without_its_guessers():
    run = evaluated_run()
    shown = tables(visit())
    result = run.status().result["test"]["accuracy"]
    assert share(result) in shown
    assert share(0.1) in shown
    assert all(guesser in shown for guesser in ("majority", "prior-matched", "uniform"))


def test_the_error_stands_beside_the_accuracy_and_the_test_at_the_best_validation_epoch_below():
    run = evaluated_run()
    with EventWriter(run.events_path) as events:
        best = {"validation": {"loss": 0.3, "accuracy": 0.95}, "test": {"loss": 0.25, "accuracy": 0.9375}}
        events.write("epoch", epoch=1, step=2, seconds=0.1, **best)
    shown = visit().table[0].value.set_index("part")
    result = run.status().result["validation"]["accuracy"]
    assert shown.loc["**Validation**", "error"] == share(1 - result) != shown.loc["**Validation**", "accuracy"]
    at_best = shown.loc["**Test at the best validation epoch (1)**"]
    assert (at_best["accuracy"], at_best["error"], at_best["loss"]) == (share(0.9375), share(0.0625), "0.2500")
    assert at_best["majority"] == shown.loc["**Test**", "majority"]


@pytest.mark.parametrize("page", ["train", "compare"])
def test_where_runs_end_the_most_frequent_class_stands_beside_their_accuracy(page):
    """As Evaluate has it; a dash for a run that kept nothing."""
    run = evaluated_run()
    ended_run("reference", [2.0, 1.0])
    recording = predictions.load(run.predictions_path, "test")
    right = float(np.mean(recording.labels == np.argmax(recording.training_counts)))
    assert 0 < right < 0.2
    results = next(table.value for table in apps.visit(page).table if "result" in table.value.columns)
    reported = results.set_index("result").loc["**test accuracy of the majority baseline**"]
    assert reported["PyTorch"] == percent(right)
    assert reported["NumPy reference"] == "–"


def test_the_most_frequent_confusion_is_open_at_first_and_another_cell_opens_its_images():
    run = evaluated_run()
    app, result = visit(), judged(run)
    true, said = result.most_confused()
    assert f"True {true}, predicted {said}: {result.matrix[true, said]} image" in words(app)
    ran(app.selectbox(key=begins(app, "true-", "selectbox")).select(4).run())
    ran(app.selectbox(key=begins(app, "said-", "selectbox")).select(4).run())
    assert f"True 4, predicted 4: {result.matrix[4, 4]} images" in words(app)
    assert app.get("html")
    assert 'alt="true 4, predicted 4 with' in "".join(e.proto.body for e in app.get("html"))


def test_a_cell_nobody_fell_into_says_so():
    run = evaluated_run(noise=0.01)
    app = visit()
    assert judged(run).right.all()
    ran(app.selectbox(key=begins(app, "said-", "selectbox")).select(7).run())
    assert "predicted 7: 0 images" in words(app)
    assert "never happened" in words(app)


def test_the_threshold_moves_the_four_counts():
    run = evaluated_run()
    app, result = visit(), judged(run)
    before = tables(app)
    ran(app.slider(key=begins(app, "threshold-", "slider")).set_value(0.9).run())
    after = tables(app)
    yes = result.probabilities[:, 0] >= 0.9
    positives = int(np.sum(yes & (result.labels == 0)))
    assert before != after
    assert f"{positives} :small[true positives]" in after


def test_scores_averages_calibration_and_the_guess_carry_their_numbers():
    run = evaluated_run()
    app, result = visit(), judged(run)
    cells = outcome(result.labels == 0, result.probabilities[:, 0], 0.5)
    assert measure_formulas.four_cells(cells)["precision"] in tables(app)
    said = words(app)
    assert all(formula in said for formula in measure_formulas.averaged_recall(result.matrix).values())
    assert measure_formulas.expected_error(reliability(result.confidence, result.right)) in said
    assert r"\sum_k \pi_k q_k = 0." in said


def test_refusing_says_how_many_and_how_often_the_rest_is_wrong():
    run = evaluated_run()
    app, result = visit(), judged(run)
    ran(app.slider(key=begins(app, "refuse-", "slider")).set_value(0.95).run())
    refused = np.mean(result.confidence < 0.95)
    assert f"Rejected: **{share(refused)}**" in words(app)


def test_another_part_is_judged_by_itself():
    run = evaluated_run()
    app = visit()
    ran(app.radio(key=begins(app, "part-", "radio")).set_value("validation").run())
    true, said = judged(run, "validation").most_confused()
    assert f"True {true}, predicted {said}:" in words(app)


def test_a_damaged_file_is_said_to_be_so():
    run = evaluated_run()
    path = run.predictions_path / "test.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    assert "cannot be read" in errors(visit())


def test_a_class_that_does_not_occur_has_a_dash_and_nothing_to_tell_apart():
    run = evaluated_run(experiment=changed(first_experiment(), **{"data.test": 3}), parts=("test",))
    absent = next(label for label in range(10) if label not in judged(run).labels)
    app = visit()
    assert "0/0" in words(app)
    ran(app.selectbox(key=begins(app, "class-", "selectbox")).select(absent).run())
    assert f"None of these images are {absent}" in words(app)


def test_images_that_are_not_here_leave_the_numbers(monkeypatch):
    evaluated_run(experiment=changed(first_experiment(), **{"title": "x"}))
    from core.data.dataset import DataError

    def gone(name):
        raise DataError("It is gone.")

    monkeypatch.setattr(catalogue, "load", gone)
    shown = words(visit())
    assert "cannot be shown. It is gone." in shown
    assert "Rejected:" in shown


def test_a_csv_has_all_digits_and_an_empty_cell_for_0_by_0():
    text = csv_text({"class": ["a", "b,c"], "precision": np.array([1 / 3, np.nan]), "n": np.array([1, 2])})
    assert list(csv.reader(io.StringIO(text))) == [
        ["class", "precision", "n"],
        ["a", repr(1 / 3), "1"],
        ["b,c", "", "2"],
    ]


def test_a_table_is_sent_when_it_is_opened():
    run = evaluated_run()
    app = visit()
    assert not app.dataframe
    app.session_state[f"numbers-roc-{run.id}-test-0"] = True
    ran(app.run())
    assert list(app.dataframe[0].value.columns) == ["threshold", "FPR", "TPR"]


def test_the_four_counts_can_be_saved_with_their_scores():
    run = evaluated_run()
    app, result = visit(), judged(run)
    app.session_state[f"numbers-cells-{run.id}-test-0"] = True
    ran(app.slider(key=begins(app, "threshold-", "slider")).set_value(0.9).run())
    (row,) = app.dataframe[0].value.to_dict("records")
    yes, right = result.probabilities[:, 0] >= 0.9, result.labels == 0
    assert (row["threshold"], row["tp"], row["fp"]) == (0.9, np.sum(yes & right), np.sum(yes & ~right))
    assert row["precision"] == np.mean(right[yes])
    assert row["recall"] == np.mean(yes[right])


@pytest.mark.parametrize("page, parameter", [("evaluate", "run"), ("train", "group")])
def test_a_link_to_a_run_that_is_gone_says_so_and_its_words_are_no_markdown(page, parameter):
    run = evaluated_run()
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app.query_params[parameter] = "![x](https://elsewhere)"
    app = ran(app.switch_page(PAGES[page]).run())
    assert r"\!\[x\]\(https\:\/\/elsewhere\)" in app.warning[0].value
    assert said_in_the_address(app, parameter) == {"run": run.id, "group": run.group}[parameter]


def test_the_chosen_run_stays_and_stands_in_the_link():
    runs = [evaluated_run(), evaluated_run(noise=0.5)]
    app = visit()
    other = next(run.id for run in runs if run.id != app.selectbox(key="evaluated").value)
    ran(app.selectbox(key="evaluated").select(other).run())
    ran(app.run())
    assert app.selectbox(key="evaluated").value == other
    assert said_in_the_address(app, "run") == other


def said_in_the_address(app, parameter: str) -> str | None:
    sources = [element.proto.body for element in app.main.get("html") if "location" in element.proto.body]
    said = dict(json.loads(re.search(r"\)\(\.\.\.(\[.*?\])\)</script>", source)[1]) for source in sources)
    return said[parameter]


# --- a vote of several runs


def cells(app: AppTest, header: str) -> list[list[str]]:
    [shown] = [table.value for table in app.table if header in table.value.columns]
    return shown.values.tolist()


def test_a_vote_is_judged_beside_its_members_and_in_detail():
    voters = [evaluated_run(noise=2.0, rng_seed=seed) for seed in (1, 2, 3)]
    app = visit()
    first = app.selectbox(key="evaluated").value
    [picker] = [picker for picker in app.multiselect if picker.label == "Vote with"]
    assert len(picker.options) == 2
    for run in voters:
        if run.id != first:
            picker.select(run.id)
    app = ran(picker.run())
    mean = np.mean([judged(run).probabilities for run in voters], axis=0)
    labels = judged(voters[0]).labels
    accuracy = np.mean(np.argmax(mean, axis=1) == labels)
    *singles, vote = cells(app, "vote − network")
    assert vote[:2] == ["**Vote of 3**", f"**{share(accuracy)}**"]
    assert sorted(row[1] for row in singles) == sorted(share(np.mean(judged(run).right)) for run in voters)
    assert accuracy > max(np.mean(judged(run).right) for run in voters)
    assert f"accuracy: {share(accuracy)}" in words(app), "the details are those of the vote"
    others = {run.id for run in voters} - {first}
    assert set(said_in_the_address(app, "vote").split(",")) == others
    ran(app.radio(key="judged").set_value("This run").run())
    alone = next(np.mean(judged(run).right) for run in voters if run.id == first)
    assert f"accuracy: {share(alone)}" in words(app)


def test_a_link_to_a_vote_opens_it_and_a_run_that_cannot_vote_says_why():
    fits, first = evaluated_run(rng_seed=1), evaluated_run(rng_seed=2)
    fewer = evaluated_run(experiment=changed(first_experiment(), **{"data.test": 30}), parts=("test",))
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app.query_params["run"], app.query_params["vote"] = first.id, f"{fits.id},{fewer.id},gone"
    app = ran(app.switch_page(PAGES["evaluate"]).run())
    assert cells(app, "vote − network")[-1][0] == "**Vote of 2**"
    assert "cannot vote: its test images are others" in app.warning[0].value


def test_one_run_has_nobody_to_vote_with():
    evaluated_run()
    app = visit()
    assert "let both vote" in words(app)
    assert said_in_the_address(app, "vote") is None


# --- on changed images


def trained_run():
    run = create(small_experiment(epochs=1), "reference")
    assert record(run, backends.load("reference"), "reference", "cpu") == "finished"
    return run


def swept(run, right=30, step=2) -> Robustness:
    """A file as the command leaves it, with as many right answers at every strength."""
    positions = [(None, 0.0), *((change.name, float(strength)) for change in ALL for strength in change.strengths)]
    points = [Point(change=name, strength=strength, right=right, accuracy=right / 50) for name, strength in positions]
    result = Robustness(
        date="2026-11-21T12:00:00+00:00", experiment=run.experiment.hash, backend="pytorch", version="1", step=step,
        images=50, guessing=0.1, points=tuple(points),
    )  # fmt: skip
    (run.path / robustness.FILE).write_text(result.model_dump_json())
    return result


def charts(app: AppTest) -> list[dict]:
    """What is sent of the charts of changed images."""
    sent = [json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.json]
    return [data for data in sent if data.get("alt", "").startswith("Accuracy over ")]


def test_one_click_measures_a_run_on_changed_images_in_a_process_of_its_own():
    run = trained_run()
    app = visit()
    assert "Where does it fail?" in words(app)
    assert robustness.load(run.path) is None
    ran(app.button(key=f"measure-changed-{run.id}").click().run())
    assert not [button for button in app.button if button.label.startswith("Measure")], "it is at it"
    sweep = robustness_jobs.of(run)
    sweep.wait(120)
    assert sweep.ended
    assert sweep.error == ""
    assert sweep.done == POINTS + 1
    ran(app.run())
    recording = robustness.load(run.path)
    assert f"{recording.images} test images" in words(app)
    assert "Measure again" in [button.label for button in app.button]
    assert recording.clean == pytest.approx(run.status().result["test"]["accuracy"])


def test_what_cannot_be_measured_is_said_where_it_was_asked_for():
    run = trained_run()
    (run.path / "state").rename(run.path / "gone")
    app = visit()
    app.button(key=f"measure-changed-{run.id}").click().run()
    robustness_jobs.of(run).wait(120)
    assert "has no saved weights" in errors(ran(app.run()))
    assert robustness.load(run.path) is None


def test_a_stopped_measurement_leaves_nothing_and_can_be_asked_for_again():
    run = trained_run()
    sweep = robustness_jobs.start(run)
    assert robustness_jobs.start(run) is sweep
    sweep.stop()
    sweep.wait(60)
    assert sweep.ended
    assert sweep.error == ""
    assert robustness.load(run.path) is None
    assert "Measure" in [button.label for button in visit().button]


def test_weights_that_are_no_longer_the_runs_are_told_from_the_last_ones():
    run = evaluated_run()
    swept(run)
    assert "trained on since" not in words(visit())
    swept(run, step=1)
    assert "measured after step 1, and the run has trained further" in words(visit())


def test_a_damaged_measurement_says_to_measure_again():
    run = evaluated_run()
    (run.path / robustness.FILE).write_text("{")
    assert "The stored results cannot be read" in words(visit())


def test_runs_on_the_same_data_can_be_laid_beside_each_other():
    other, small, run = evaluated_run(), evaluated_run(experiment=small_experiment()), evaluated_run()
    swept(run), swept(other, right=20), swept(small)
    app = ran(visit().selectbox(key="evaluated").select(run.id).run())
    [beside] = [picker for picker in app.multiselect if picker.label == "Compare with"]
    assert len(beside.options) == 1, "the other run has other images"
    drawn = [(len(data["traces"]), data["alt"]) for data in charts(ran(beside.select(other.id).run()))]
    assert [count for count, _ in drawn] == [2] * len(ALL)
    assert all("60.0" in alt and "40.0" in alt for _, alt in drawn)
    columns = robustness.table([robustness.load(it.path) for it in (run, other)], ["a", "b"])
    assert set(columns["a"]) == {0.6}
    assert set(columns["b"]) == {0.4}


def test_points_have_nothing_to_shift():
    layers = [{"kind": "flatten"}, {"kind": "dense", "units": 10}]
    experiment = changed(first_experiment(), network={"input_shape": [1, 1, 2], "layers": layers})
    evaluated_run(experiment=experiment)
    assert "too small to shift or rotate" in words(visit())
