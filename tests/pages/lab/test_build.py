"""Build without a browser: undo, repairs, presets, and what changed."""

import pytest

from core.drafts.draft import Draft
from core.drafts.undo_history import History
from core.experiment import presets
from core.experiment.experiment import changed
from core.figures.bars import cost_bars
from core.network.costs import costs
from core.network.network import Network
from pages.parts.session.state import first_experiment
from tests.support.apps import begins, cards, ended_run, errors, key_of, mend, ran, unfolded, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


def undo(app):
    return ran(app.button(key="undo").click().run())


def redo(app):
    return ran(app.button(key="redo").click().run())


def test_every_kind_of_change_is_undone_step_by_step_and_made_again():
    app = visit("build")
    assert app.button(key="undo").disabled
    ran(app.button(key="add-pool").click().run())
    ran(app.text_input(key=key_of(app, "-kernel_size", "text_input")).set_value("seven").run())
    ran(app.button(key="take-live-cnn").click().run())
    ran(app.selectbox(key="data").select("fer2013").run())
    seen = [cards(app)]
    for _ in range(4):
        undo(app)
        seen.append(cards(app))
    assert seen[4] == ["conv1", "act1", "flatten1", "dense1"]
    assert app.button(key="undo").disabled
    assert seen[2] == seen[3] == ["conv1", "act1", "pool1", "flatten1", "dense1"]
    assert "1 × 28 × 28" in words(app)
    for before in reversed(seen[:-1]):
        redo(app)
        assert cards(app) == before
    assert "1 × 48 × 48" in words(app)
    assert app.button(key="redo").disabled


def test_what_was_typed_wrong_comes_back_by_undo():
    app = visit("build")
    ran(app.text_input(key=key_of(app, "-kernel_size", "text_input")).set_value("seven").run())
    ran(mend(app, "Use kernel size 3").click().run())
    assert errors(app) == ""
    undo(app)
    assert app.text_input(key=key_of(app, "-kernel_size", "text_input")).value == "seven"


def test_a_loaded_file_can_be_undone():
    app = visit("build")
    text = presets.experiment("lenet-theano", "digits").to_json()
    ran(unfolded(app, "files").file_uploader(key="load").upload("e.json", text.encode()).run())
    assert cards(app)[:3] == ["conv1", "pool1", "act1"]
    assert cards(undo(app)) == ["conv1", "act1", "flatten1", "dense1"]


def test_another_change_after_undo_ends_what_could_be_made_again():
    history, draft = History(), Draft.of(first_experiment())
    history.note(draft)
    draft.remove(0)
    draft = history.undo(draft)
    assert len(draft.rows) == 4
    assert len(history.redo(draft).rows) == 3
    draft = history.undo(history.redo(draft))
    draft.add("pool")
    history.note(draft)
    assert history.future == []
    assert history.redo(draft) is draft


def test_layers_that_an_undo_leaves_alone_keep_their_widgets():
    history, draft = History(), Draft.of(first_experiment())
    history.note(draft)
    tickets = [row.ticket for row in draft.rows]
    draft.set_layer(0, "filters", 3)
    back = history.undo(draft)
    assert [row.ticket for row in back.rows][1:] == tickets[1:]
    assert back.rows[0].ticket != tickets[0]


@pytest.mark.parametrize("order", [[3, 1], [], ["a"] * 4])
def test_an_order_of_other_layers_changes_nothing(order):
    draft = Draft.of(first_experiment(), "small-keras-cnn")
    before = [row.ticket for row in draft.rows]
    draft.reorder(order)
    assert [row.ticket for row in draft.rows] == before
    assert draft.preset


def test_two_layers_of_one_name_are_mended_by_a_click():
    app = visit("build")
    ran(app.text_input(key=key_of(app, "-name", "text_input", nth=1)).set_value("conv1").run())
    assert "2 layers have this name" in errors(app)
    ran(mend(app, "Give the last one a different name").click().run())
    assert errors(app) == ""
    assert cards(app) == ["conv1", "act1", "flatten1", "dense1"]


def test_an_empty_network_begins_with_a_click():
    app = visit("build")
    for _ in range(4):
        ran(app.button(key=key_of(app, "-remove")).click().run())
    ran(mend(app, "Start with Flatten and a Dense layer with 10 units").click().run())
    assert errors(app) == ""
    assert cards(app) == ["flatten1", "dense1"]


def test_a_network_for_other_images_is_fitted_by_a_click():
    draft = Draft.of(changed(first_experiment(), **{"network.input_shape": [1, 48, 48]}))
    draft.apply_repair(draft.check().general[0].repairs[0])
    assert draft.check().experiment is not None
    assert draft.shape == (1, 28, 28)


def test_a_preset_is_taken_without_a_question():
    app = visit("build")
    assert app.button(key="take-small-keras-cnn").disabled
    ran(app.button(key="take-network3-dense").click().run())
    assert cards(app) == ["flatten1", "dense1", "act1", "dense2"]
    assert app.button(key="take-network3-dense").label == "In use"


def test_what_changed_since_the_preset_is_told_layer_by_layer():
    app = visit("build")
    assert "No layer changed: the same number of parameters." in words(app)
    ran(app.button(key="add-dropout").click().run())
    ran(app.text_input(key=key_of(app, "-filters", "text_input")).set_value("16").run())
    assert "1 added, 1 changed: 125,600 fewer parameters." in words(app)


@pytest.mark.parametrize("against", ["opened", "run", "file"])
def test_the_draft_is_compared_with_other_networks(against):
    ended_run("reference", [1.0], presets.experiment("network3-dense", "digits"))
    app = visit("build")
    ran(app.selectbox(key=begins(app, "against-", "selectbox")).select(against).run())
    if against == "file":
        text = presets.experiment("network3-dense", "digits").to_json()
        ran(app.file_uploader(key="against-file").upload("e.json", text.encode()).run())
    said = words(app)
    assert ("No layer changed" in said) if against == "opened" else ("171,700 more parameters" in said)


def test_a_file_to_compare_with_that_is_no_experiment_is_refused_in_words():
    app = visit("build")
    ran(app.selectbox(key=begins(app, "against-", "selectbox")).select("file").run())
    ran(app.file_uploader(key="against-file").upload("e.json", b"{").run())
    assert "could not be read" in errors(app)
    assert "not valid JSON" in errors(app)


def test_bars_name_each_layer_that_costs_and_its_share():
    layers = [
        {"kind": "conv2d", "filters": 1, "kernel_size": 3},
        {"kind": "flatten"},
        {"kind": "dense", "units": 1_000},
    ]
    html = cost_bars(costs(Network(input_shape=(1, 28, 28), layers=layers)), "parameters")
    assert "677,000" in html
    assert "100.0 %" in html
    assert "&lt; 0.1 %" in html
    assert "flatten1" not in html


def test_the_network_is_shown_as_code_when_it_is_asked_for_and_follows_what_is_changed():
    app = visit("build")
    assert not any("nn.Sequential" in code.value for code in app.code)
    unfolded(app, "as-code")
    ran(app.radio(key="as-code-language").set_value("pytorch").run())
    assert any("nn.Sequential" in code.value for code in app.code)
    ran(app.button(key="take-live-cnn").click().run())
    assert any("nn.Linear(4608, 128)" in code.value for code in app.code)
