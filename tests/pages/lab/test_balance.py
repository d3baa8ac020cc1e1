"""Class weights and balanced batches on the Train page."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.data import catalogue
from core.data.prepared import class_counts
from core.drafts.draft import Draft
from core.experiment.experiment import changed
from core.formulas import balance as formulas
from core.recipe.class_weights import BalancedWeights, CustomWeights
from core.runs.folder import all_runs
from pages.parts.session.state import first_experiment
from tests.support.apps import begins, errors, ran, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


def latex(app: AppTest) -> str:
    return "\n".join(element.value for element in app.latex)


def choose(app: AppTest, start: str, value: str) -> AppTest:
    return ran(app.selectbox(key=begins(app, start, "selectbox")).select(value).run())


def type_in(app: AppTest, start: str, text: str) -> AppTest:
    return ran(app.text_input(key=begins(app, start, "text_input")).set_value(text).run())


def started(app: AppTest) -> list:
    ran(app.button(key="start").click().run())
    return [run.experiment.training for run in all_runs()]


def test_weights_by_hand_stand_in_the_formula_and_in_the_experiment():
    app = choose(visit("train"), "class-weights-", "custom")
    app = type_in(type_in(app, "class-weight-3-", "2.5"), "class-weight-0-", "0")
    assert r"&\ w_{0} = 0,\ w_{3} = 2.5 \\[4pt] &\ w_k = 1\text{ for the others}" in latex(app)
    assert formulas.WEIGHTS["custom"] in words(app)
    recipes = started(app)
    assert recipes
    assert {recipe.class_weights for recipe in recipes} == {CustomWeights(weights=(0, 1, 1, 2.5, 1, 1, 1, 1, 1, 1))}


def test_by_hand_begins_with_what_the_classes_count_now():
    app = choose(visit("train"), "class-weights-", "balanced")
    experiment = first_experiment()
    counts = class_counts(catalogue.load("digits"), experiment.data, experiment.seed)["trained with"]
    assert r"\frac{N}{K\,n_k} = \frac{1{,}073}{10\; n_k}" in latex(app)
    assert counts.sum() == 1073
    app = choose(app, "class-weights-", "custom")
    [first] = [element.value for element in app.text_input if (element.key or "").startswith("class-weight-0-")]
    assert float(first) == pytest.approx(counts.sum() / (10 * counts[0]), abs=0.005)


def test_what_is_no_weight_is_kept_as_it_was_typed_and_said():
    app = type_in(choose(visit("train"), "class-weights-", "custom"), "class-weight-1-", "many")
    assert "class weight: enter a number" in errors(app).lower()
    assert app.button(key="start").disabled
    assert app.text_input(key=begins(app, "class-weight-1-", "text_input")).value == "many"
    app = type_in(app, "class-weight-1-", "-1")
    assert "class weight: must be at least 0" in errors(app).lower()


def test_weights_of_other_classes_do_not_stay_when_the_data_change():
    app = type_in(choose(visit("train"), "class-weights-", "custom"), "class-weight-1-", "7")
    ran(app.selectbox(key=begins(app, "data", "selectbox")).select("screening").run())
    fields = [element.value for element in app.text_input if (element.key or "").startswith("class-weight-")]
    assert fields == ["1", "1"]
    assert not errors(app)


def test_an_experiment_with_the_wrong_number_of_weights_cannot_be_started_and_is_mended_by_typing():
    document = changed(first_experiment(), **{"training.class_weights": {"kind": "custom", "weights": [1, 2]}})
    draft = Draft.of(document)
    [problem] = draft.check().general
    assert "2 class weights" in problem.sentence
    assert "10 classes" in problem.sentence
    draft.set_class_weight(9, 4.0)
    assert draft.check().experiment.training.class_weights.weights == (1, 2, 1, 1, 1, 1, 1, 1, 1, 4)


def test_balanced_batches_can_be_chosen_with_their_arithmetic():
    app = choose(visit("train"), "batch-order-", "balanced")
    assert r"\frac{B}{K} = \frac{32}{10} = 3.2" in latex(app)
    assert formulas.ORDERS["balanced"] in words(app)
    assert {recipe.order for recipe in started(app)} == {"balanced"}


def test_an_experiment_that_has_both_opens_on_train_as_it_is():
    weights = [1.0, 1, 1, 1, 1, 1, 1, 1, 9, 1]
    fields = {"training.class_weights": {"kind": "custom", "weights": weights}, "training.order": "balanced"}
    experiment = changed(first_experiment(), **fields)
    app = visit("train")
    app.session_state["lab"].draft = Draft.of(experiment)
    ran(app.run())
    assert json.loads(app.session_state["lab"].draft.check().experiment.to_json()) == json.loads(experiment.to_json())
    assert app.selectbox(key=begins(app, "batch-order-", "selectbox")).value == "balanced"
    assert app.text_input(key=begins(app, "class-weight-8-", "text_input")).value == "9"


def test_every_order_and_kind_of_weights_has_its_sentence():
    from typing import get_args

    from core.recipe.class_weights import AnyWeights
    from core.recipe.training import TrainingRecipe

    assert set(get_args(TrainingRecipe.model_fields["order"].annotation)) == set(formulas.ORDERS)
    assert {kind.model_fields["kind"].default for kind in get_args(AnyWeights)} == set(formulas.WEIGHTS)


def test_formulas_say_mean_or_sum_and_cut_a_long_list():
    assert r"\frac{1}{B}" in formulas.weighted_loss(BalancedWeights(), summed=False)
    assert r"\frac{1}{B}" not in formulas.weighted_loss(BalancedWeights(), summed=True)
    many = formulas.weighted_loss(CustomWeights(weights=tuple(range(100))), summed=False)
    assert "w_{9} = 9 " in many
    assert "w_{10}" not in many
    assert many.endswith(r"&\ \dots \end{aligned}")
    assert "w_{1}" not in many, "a weight of 1 is not worth a word"
    assert "for the others" not in formulas.weighted_loss(CustomWeights(weights=(2, 3)), summed=False)
