"""The Imbalance page by itself: stories, class counts, remedies with their numbers, and what came of runs."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import backends
from backends.executors.local import LocalExecutor
from core.data import catalogue
from core.data.prepared import chosen_rows, class_counts, prepare
from core.experiment import presets
from core.experiment.imbalance_remedies import remedy_of
from core.metrics.baselines import baselines
from core.metrics.confusion import confusion
from core.metrics.paired_seeds import paired
from core.metrics.rare_class import rare_scores
from core.network.initial_weights import initial_weights
from core.runs import predictions
from core.runs.events import EventWriter
from core.runs.folder import all_runs, create
from core.runs.predictions import Predictions
from core.training.loop import steps
from pages.parts.session.imbalance_plan import Plan
from pages.ui.formatting import share
from tests.support.apps import ROOT, begins, errors, ran, words


@pytest.fixture(autouse=True)
def started(monkeypatch, tmp_path):
    """No process is started and nobody's data are seen; the runs that would start."""
    runs = []
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(LocalExecutor, "warm", lambda *_: None)
    monkeypatch.setattr(LocalExecutor, "submit", lambda self, run: runs.append(run))
    return runs


def visit() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    return ran(app.switch_page("pages/lab/imbalance.py").run())


def tables(app: AppTest) -> str:
    return "\n".join(table.value.to_csv() for table in app.table)


def tick(app: AppTest, remedies: list[str]) -> None:
    """These, and no others."""
    for box in app.checkbox:
        if box.key.startswith("remedy-"):
            box.set_value(box.key.removeprefix("remedy-") in remedies)
    ran(app.run())


def finished_comparison(seeds=3, remedies=("none", "class-weights"), better=0.3):
    """Runs that finished: the right class is ahead before noise, the rare one only with a remedy."""
    plan = Plan.first()
    plan.remedies, plan.seeds = list(remedies), seeds
    dataset = catalogue.load(plan.draft.data["name"])
    for number, experiment in enumerate(plan.experiments()):
        run = create(experiment, "reference", group="together")
        rows = chosen_rows(dataset, experiment.data, experiment.seed)
        rng = np.random.default_rng(number)
        counts = np.bincount(dataset.labels[rows.train], minlength=10)
        for part in ("validation", "test"):
            labels = dataset.labels[getattr(rows, part)]
            logits = 3 * np.eye(10)[labels] + rng.normal(size=(len(labels), 10))
            logits[:, 8] -= 3 if remedy_of(experiment) == "none" else 3 * (1 - better)
            said = Predictions(logits.astype(np.float32), labels, getattr(rows, part), counts)
            predictions.save(run.predictions_path, part, said)
        with EventWriter(run.events_path) as events:
            events.write(
                "started", step=0, total_steps=1, steps_per_epoch=1, backend="reference", device="cpu", version="1"
            )
            events.write("steps", step=1, losses=[2.0], seconds=1.0)
            events.write("finished", step=1, result={})
        run.release()


def test_it_opens_with_both_stories_and_their_numbers():
    shown = words(visit())
    assert "547 disgusted and 4,953 angry faces: 1 to 9.05" in shown
    assert "90.1\N{NO-BREAK SPACE}%" in shown
    assert "accuracy of 99.0\N{NO-BREAK SPACE}%" in shown
    assert "finds 0.0\N{NO-BREAK SPACE}%" in shown


def test_a_story_puts_its_data_in_place():
    app = visit()
    ran(app.button(key="story-ill").click().run())
    assert app.selectbox(key="imbalance-data").value == "screening"
    assert not app.error
    ran(app.button(key="story-fer").click().run())
    assert app.selectbox(key="imbalance-data").value == "faces"
    assert not app.error


def test_the_weights_of_fer_are_computed_as_the_curriculum_has_them():
    shown = tables(visit())
    assert "**disgust**,547,9.372" in shown
    assert '**happy**,"8,989",0.570' in shown


def test_a_class_can_be_made_rare_and_only_training_images_go():
    app = visit()
    ran(app.text_input(key=begins(app, "keep-counts-3-", "text_input")).set_value("7").run())
    assert "214 validation and 510 test images never change" in words(app)
    assert "**3**,7," in tables(app)
    assert "**8**,5," in tables(app)


def test_a_long_tail_and_a_wrong_number_are_told():
    app = visit()
    ran(app.selectbox(key=begins(app, "imbalance-kind-", "selectbox")).select("long_tail").run())
    assert "**9**,6," in tables(app), "110 in the largest class, a twentieth of it in the last: 5.5"
    ran(app.text_input(key=begins(app, "ratio-", "text_input")).set_value("many").run())
    assert "enter a number" in errors(app)
    assert app.button(key="start-remedies").disabled


def test_chosen_remedies_and_the_rare_class_have_formulas_with_the_counts_as_they_are():
    app = visit()
    assert r"\min_j n_j = 5" in words(app)
    assert "n'_{8} = 5" in words(app)
    ran(app.text_input(key=begins(app, "keep-counts-8-", "text_input")).set_value("7").run())
    assert r"\min_j n_j = 7" in words(app)
    assert "(1 - 0.9)" not in words(app)
    ran(app.checkbox(key="remedy-focal").check().run())
    assert "(1 - 0.9)^{2} = 0.01" in words(app)
    ran(app.text_input(key="remedy-gamma").set_value("3").run())
    assert "(1 - 0.9)^{3} = 0.001" in words(app)


@pytest.mark.parametrize("wrong", ["0", "200", "x"])
def test_a_count_that_cannot_be_is_a_sentence(wrong):
    app = visit()
    ran(app.text_input(key=begins(app, "keep-counts-3-", "text_input")).set_value(wrong).run())
    assert app.error
    assert app.button(key="start-remedies").disabled


def test_what_is_typed_wrongly_is_said_once_and_by_the_name_of_its_field():
    app = visit()
    box = lambda key: app.text_input(key=key)
    ran(box(begins(app, "keep-counts-3-", "text_input")).set_value("x").run())
    assert [it.value for it in app.error] == ["Class 3: enter a whole number; got x."]
    ran(box(begins(app, "keep-counts-3-", "text_input")).set_value("").run())
    for key, wrong, said in (
        ("remedy-shift", "abc", "Largest shift (pixels): enter a whole number; got abc."),
        ("remedy-degrees", "999", "Largest rotation (degrees): must be at most 180; got 999.0."),
        ("remedy-times", "0", "Most copies of an image: must be at least 1; got 0."),
        (begins(app, "remedy-steps", "text_input"), "", "Steps: enter a whole number; got nothing."),
    ):
        before = box(key).value
        ran(box(key).set_value(wrong).run())
        assert [it.value for it in app.error] == [said]
        assert app.button(key="start-remedies").disabled
        ran(box(key).set_value(before).run())
    assert not app.error
    assert not app.button(key="start-remedies").disabled


def test_one_remedy_alone_and_no_seed_are_refused():
    app = visit()
    tick(app, ["none"])
    assert "Choose at least two remedies" in errors(app)
    tick(app, ["none", "focal"])
    ran(app.text_input(key="remedy-seeds").set_value("0").run())
    assert "whole number from 1 to 20" in errors(app)
    assert app.button(key="start-remedies").disabled


def test_that_the_loss_of_a_preset_gives_way_to_cross_entropy_is_said():
    app = visit()
    name = next(it for it in presets.names() if presets.get(it).training.loss.kind == "squared_error")
    assert "plain cross-entropy instead" not in words(app)
    app = ran(app.selectbox(key=begins(app, "preset", "selectbox")).set_value(name).run())
    assert "uses squared error (MSE)" in words(app)
    assert "plain cross-entropy instead" in words(app)


def test_start_makes_one_run_for_every_remedy_and_seed_in_one_group(started):
    app = visit()
    tick(app, ["none", "transformed-copies", "focal"])
    ran(app.text_input(key="remedy-seeds").set_value("2").run())
    ran(app.button(key="start-remedies").click().run())
    assert [(remedy_of(run.experiment), run.experiment.seed) for run in started] == [
        (remedy, seed) for seed in (1, 2) for remedy in ("none", "transformed-copies", "focal")
    ]
    assert len({run.group for run in started}) == 1
    assert not app.error
    assert "0 of 6 runs have finished" in words(app)


def test_finished_runs_have_their_scores_their_differences_and_a_moved_threshold():
    finished_comparison()
    app = visit()
    shown = words(app)
    assert "**Class weights** compared with none: +" in shown
    assert "larger than seed noise" in shown
    assert "**Recall of the rare class**, moved compared with original: +" in shown
    assert "None, moved" in tables(app)


def test_the_differences_and_the_moved_threshold_can_be_saved_with_all_digits():
    finished_comparison()
    app = visit()
    group = all_runs()[0].group
    for table in ("differences", "moved"):
        app.session_state[f"numbers-{table}-{group}"] = True
    ran(app.run())
    apart, moved = (
        next(it.value for it in app.dataframe if column in it.value.columns) for column in ("deviation", "trained with")
    )
    (against_none,) = apart[apart["remedy"] == "Class weights"].itertuples()
    assert against_none.against == "None"
    assert against_none.low <= against_none.mean <= against_none.high
    seeds = {run.experiment.seed for run in all_runs()}
    of_none = moved[moved["trained with"] == "None"]
    assert set(of_none["seed"]) == seeds
    assert len(of_none) == 2 * len(seeds)
    runs = {run.experiment.seed: run for run in all_runs() if remedy_of(run.experiment) == "none"}
    for _, row in of_none[of_none["τ"] == 0].iterrows():
        recording = predictions.load(runs[row["seed"]].predictions_path, "test")
        right = rare_scores(confusion(recording.labels, recording.logits.argmax(axis=1), 10), 8)
        assert row["recall of the rare class"] == right.recall


def test_the_scores_in_the_table_are_those_of_the_predictions():
    finished_comparison(seeds=1)
    run = next(run for run in all_runs() if remedy_of(run.experiment) == "none")
    recording = predictions.load(run.predictions_path, "test")
    scores = rare_scores(confusion(recording.labels, recording.logits.argmax(axis=1), 10), 8)
    shown = tables(visit())
    assert f"**{share(scores.recall)}**" in shown
    assert f"**{share(scores.macro_f1)}**" in shown
    assert "nothing can be said about seed noise" in words(visit())


def test_three_guessers_stand_beside_the_remedies_in_table_chart_and_file():
    """Digits: 510 test images, and 5 eights among the training images before any remedy, even if it repeats them."""
    finished_comparison(seeds=2, remedies=("none", "oversample"))
    run = all_runs()[0]
    truth = predictions.load(run.predictions_path, "test").labels
    training = class_counts(catalogue.load(run.experiment.data.name), run.experiment.data, run.experiment.seed)["kept"]
    known = baselines(np.bincount(truth, minlength=10), training)
    app = visit()
    app.session_state[f"numbers-remedies-{run.group}"] = True
    ran(app.run())
    every = next(it.value for it in app.dataframe if {"remedy", "seed", "accuracy"} <= set(it.value.columns))
    for who, accuracy in (("Majority", known.majority), ("Prior-matched", known.prior), ("Uniform", known.uniform)):
        rows = every[every["remedy"] == f"{who} guess"]
        assert list(rows["seed"]) == [1, 2]
        assert rows["accuracy"].to_numpy() == pytest.approx([accuracy] * 2)
        assert rows["balanced accuracy"].to_numpy() == pytest.approx([0.1, 0.1])
        assert f"*{who} guess*,–," in tables(app)
        assert f"**{share(accuracy)}**" in tables(app)
    prior = every[every["remedy"] == "Prior-matched guess"]["recall of the rare class"]
    assert prior.to_numpy() == pytest.approx([training[8] / training.sum()] * 2)
    assert training[8] == 5


def test_the_simulation_is_computed_when_it_is_asked_for():
    app = visit()
    assert "Mean ± standard deviation" not in words(app)
    ran(app.select_slider(key="draws").set_value(20).run())
    ran(app.button(key="simulate").click().run())
    assert "Mean ± standard deviation over 20 draws" in words(app)
    assert "Noisy copies" in tables(app)


@pytest.mark.slow  # 10 trainings
def test_what_it_opens_with_shows_a_difference_that_is_larger_than_seed_noise():
    plan, dataset = Plan.first(), catalogue.load("digits-16x16")
    plan.remedies, result = ["none", "class-weights"], {"none": [], "class-weights": []}
    for experiment in plan.experiments():
        data = prepare(dataset, experiment.data, experiment.seed)
        weights = initial_weights(experiment.network, experiment.seed)
        model = backends.load("reference").build(experiment.network, weights, experiment.training)
        assert [report.step for report in steps(model, data, experiment)][-1] == plan.steps
        said = model.predict(data.test.x).argmax(axis=1)
        result[remedy_of(experiment)].append(float(np.mean(said[data.test.y == 8] == 8)))
    assert plan.seeds == 5 and paired(result["none"], result["class-weights"]).verdict == "larger", result
