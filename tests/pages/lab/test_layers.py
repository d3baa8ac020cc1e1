"""Build without a browser: layers, their fields and their arithmetic; nothing that was typed is lost."""

import re

import pytest

from core.drafts.draft import Draft
from core.experiment import presets
from core.experiment.experiment import changed
from core.figures import blocks
from core.formulas import initializers as initial_formulas
from core.network.costs import costs
from core.network.network import Network
from pages.parts.build.layer_editor import INITIALS, sides
from pages.parts.session.state import first_experiment
from tests.support.apps import HUGE, PAGES, begins, cards, errors, key_of, mend, ran, unfolded, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


def test_the_arithmetic_of_a_layer_follows_its_settings():
    app = visit("build")
    app.text_input(key=key_of(app, "-kernel_size", "text_input")).set_value("5").run()
    assert "(28 - 5 + 2\\*2) / 1 + 1 = 28" in words(ran(app))


def test_a_kernel_that_is_no_number_is_explained_and_stays_in_its_field():
    app = visit("build")
    key = key_of(app, "-kernel_size", "text_input")
    ran(app.text_input(key=key).set_value("three").run())
    assert "enter one number from 1 to 1,000,000, for example 3, or height x width" in errors(app)
    assert app.text_input(key=key).value == "three"
    assert app.button(key="to-train").disabled
    ran(app.switch_page(PAGES["train"]).run())
    assert app.button(key="start").disabled
    ran(app.switch_page(PAGES["build"]).run())
    assert app.text_input(key=key).value == "three"
    ran(app.text_input(key=key).set_value("3 x 5").run())
    assert not app.error
    assert not app.button(key="to-train").disabled


def test_a_window_larger_than_its_map_names_the_layer_the_numbers_and_the_repair():
    app = visit("build")
    ran(app.button(key="add-pool").click().run())
    ran(app.text_input(key=key_of(app, "-window", "text_input")).set_value("40").run())
    assert "pool1" in errors(app)
    assert "A window of 40 does not fit into a height of 28" in errors(app)
    ran(mend(app, "Use a window of at most 28").click().run())
    assert errors(app) == ""


@pytest.mark.parametrize("typed", ["[[1, 2]]", "[]", "[1]", '["a"]', "[[1,2],[3,4],[5,6]]", "²", "[" * 9999])
def test_odd_padding_is_explained_and_stays_as_it_was_typed(typed):
    app = visit("build")
    draft = app.session_state["lab"].draft
    draft.set_layer(0, "padding", sides(typed))
    ran(app.run())
    assert draft.rows[0].layer["padding"] == typed
    assert "Padding: choose one from the list, or enter a number of cells" in errors(app)


@pytest.mark.parametrize("typed", ["99999999999", "9" * 5000, "²", "0", "-1", ""])
def test_a_kernel_that_cannot_be_is_explained(typed):
    app = visit("build")
    ran(app.text_input(key=key_of(app, "-kernel_size", "text_input")).set_value(typed).run())
    assert "Kernel size: enter one number from 1 to 1,000,000" in errors(app)
    ran(app.text_input(key=key_of(app, "-filters", "text_input")).set_value(typed).run())
    assert app.button(key="to-train").disabled


def test_a_stride_of_zero_is_no_empty_field():
    app = visit("build")
    ran(app.button(key="add-pool").click().run())
    ran(app.text_input(key=key_of(app, "-step", "text_input")).set_value("0").run())
    assert "Stride: enter one number from 1" in errors(app)
    ran(app.text_input(key=key_of(app, "-step", "text_input")).set_value("").run())
    assert not app.error


@pytest.mark.parametrize("function", ["relu", "leaky_relu", "elu", "maxout"])
def test_every_function_shows_its_own_settings(function):
    app = visit("build")
    ran(app.selectbox(key=key_of(app, "-function", "selectbox")).select(function).run())
    ends = {"leaky_relu": "-slope", "elu": "-alpha", "maxout": "-pieces"}
    shown = [end for end in ends.values() if any((field.key or "").endswith(end) for field in app.text_input)]
    assert shown == ([ends[function]] if function in ends else [])


def test_the_largest_numbers_stay_in_the_table_and_in_the_drawing():
    app = visit("build")
    app.session_state["lab"].draft.set_layer(0, "padding", 999_999)
    ran(app.run())
    assert "2,000,0" in app.dataframe[0].value["output"][0]
    html = blocks.drawing((1, 8, 8), costs(Network(input_shape=(1, 8, 8), layers=[HUGE])))
    assert max(map(int, re.findall(r"width:(\d+)px", html))) < 200


def test_layers_are_added_moved_duplicated_and_removed():
    app = visit("build")
    assert cards(app) == ["conv1", "act1", "flatten1", "dense1"]
    ran(app.button(key="add-pool").click().run())
    assert cards(app) == ["conv1", "act1", "pool1", "flatten1", "dense1"]
    ran(app.button(key=key_of(app, "-up", nth=2)).click().run())
    assert cards(app) == ["conv1", "pool1", "act1", "flatten1", "dense1"]
    ran(app.button(key=key_of(app, "-copy")).click().run())
    assert cards(app) == ["conv1", "conv2", "pool1", "act1", "flatten1", "dense1"]
    for _ in range(6):
        ran(app.button(key=key_of(app, "-remove")).click().run())
    assert "The network has no layers yet" in errors(app)


def test_another_data_set_fits_the_network_to_its_images_and_classes():
    app = visit("build")
    ran(app.selectbox(key="data").select("fer2013").run())
    assert not app.error
    assert "1 × 48 × 48" in words(app)
    assert ":green[**7**]" in words(app)


def test_a_wrong_number_of_units_at_the_end_says_how_many_classes_there_are():
    app = visit("build")
    ran(app.text_input(key=key_of(app, "-units", "text_input")).set_value("9").run())
    assert "**dense1**: The network ends in 9 numbers, but Digits has 10 classes" in errors(app)
    ran(mend(app, "Give dense1 10 units").click().run())
    assert errors(app) == ""
    assert not app.button(key="to-train").disabled


def test_an_experiment_is_loaded_from_json_and_a_wrong_one_is_refused_in_words():
    app = visit("build")
    wanted = changed(presets.experiment("lenet-theano", "digits"), **{"seed": 2**60})
    ran(unfolded(app, "files").file_uploader(key="load").upload("e.json", wanted.to_json().encode()).run())
    assert cards(app)[:3] == ["conv1", "pool1", "act1"]
    app = visit("build")
    ran(unfolded(app, "files").file_uploader(key="load").upload("e.json", b'{"seed": -1}').run())
    assert "e.json could not be loaded: this is not an experiment" in errors(app)
    app = visit("build")
    ran(unfolded(app, "files").file_uploader(key="load").upload("e.json", b"\xff\xfe\x00").run())
    assert "this is not a text file" in errors(app)


def test_an_experiment_for_images_of_another_shape_is_fitted_and_it_is_said():
    app = visit("build")
    other = changed(first_experiment(), **{"network.input_shape": [1, 48, 48]})
    ran(unfolded(app, "files").file_uploader(key="load").upload("e.json", other.to_json().encode()).run())
    assert "takes images of 1 × 48 × 48, but Digits has 1 × 28 × 28" in words(app)
    assert not app.error
    assert not app.button(key="to-train").disabled


def test_a_draft_of_another_shape_than_its_images_cannot_be_trained():
    report = Draft.of(changed(first_experiment(), **{"network.input_shape": [1, 48, 48]})).check()
    assert report.experiment is None
    assert "Digits has 1 × 28 × 28" in report.general[0].sentence


@pytest.mark.parametrize("content", [b"{", b"[" * 5000, b"9" * 5000, b""])
def test_a_file_that_is_no_json_is_refused_in_few_words_and_once(content):
    app = visit("build")
    ran(unfolded(app, "files").file_uploader(key="load").upload("e.json", content).run())
    assert "e.json could not be loaded: this file is not" in errors(app)
    assert len(errors(app)) < 90
    ran(app.run())
    assert not app.error


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_can_be_drawn_and_trained(name):
    app = visit("build")
    ran(app.selectbox(key="preset").select(name).run())
    assert not app.error
    assert not app.button(key="to-train").disabled


def test_each_new_layer_is_added_explained_and_can_be_trained():
    app = visit("build")
    for kind in ("batch_norm", "bias", "locally_connected", "global_average_pool"):
        ran(app.button(key=f"add-{kind}").click().run())
        assert not app.error, kind
    said = words(app)
    assert "running estimates" in said
    assert r"\sqrt{\sigma^2 + 10^{-5}}" in said
    assert r"0.9\,\mu_r" in said
    assert "each position has its own kernels" in said
    assert "Adds one number per feature map" in said
    assert not app.button(key="to-train").disabled
    ran(app.text_input(key=key_of(app, "-momentum", "text_input")).set_value("0.5").run())
    assert r"0.5\,\mu_r" in words(app)
    ran(app.text_input(key=key_of(app, "-momentum", "text_input")).set_value("1").run())
    assert "omentum: must be smaller than 1" in errors(app)


@pytest.mark.parametrize("block, order", [(0, ["conv", "pool", "bias", "act"]), (1, ["conv", "bias", "act", "pool"])])
def test_a_click_adds_a_block_in_either_order_and_says_whether_it_matters(block, order):
    app = visit("build")
    ran(app.selectbox(key="preset").select("network3-dense").run())
    ran(app.button(key=f"block-{block}").click().run())
    assert [name.rstrip("0123456789") for name in cards(app)[:5]] == [*order, "flatten"]
    assert "Both orders give the same numbers here" in words(app)
    ran(app.selectbox(key=key_of(app, "-mode", "selectbox")).select("average").run())
    assert "The order matters here" in words(app)


def test_partial_connections_padding_and_biases_are_set_under_more():
    app = visit("build")
    ran(app.selectbox(key="preset").select("zip-net").run())
    assert "1-4 see 1-8; 5-8 see 5-12; 9-12 see 1-4, 9-12" in words(app)
    assert app.text_input(key=key_of(app, "-sees", "text_input", 1)).value == "8"
    assert [app.text_input(key=key_of(app, "-pad_value", "text_input", nth)).value for nth in (0, 1)] == ["-1"] * 2
    ran(app.text_input(key=key_of(app, "-sees", "text_input", 1)).set_value("13").run())
    assert "ach filter should read 13 input channels, but there are only 12" in errors(app)
    ran(app.text_input(key=key_of(app, "-sees", "text_input", 1)).set_value("").run())
    assert not app.error
    assert "1-4 see 1-8" not in words(app)
    ran(app.selectbox(key=key_of(app, "-sharing", "selectbox", 1)).select("none").run())
    assert not app.error
    assert any("3,600 parameters" in text.value for text in app.markdown)


def test_the_zip_net_counts_units_and_connections_and_takes_images_from_minus_one_to_one():
    app = visit("build")
    ran(app.selectbox(key="data").select("digits-16x16").run())
    ran(app.selectbox(key="preset").select("zip-net").run())
    assert app.metric[0].value == "9,760"
    assert "1,256 units" in words(app)
    assert "64,660 connections" in words(app)
    ran(app.switch_page(PAGES["train"]).run())
    assert app.selectbox(key=begins(app, "scaling-", "selectbox")).value == "signed"


def test_every_start_of_the_weights_is_explained_with_the_numbers_of_its_layer():
    app = visit("build")
    ran(app.selectbox(key="preset").select("network3-dense").run())
    picker = lambda: app.selectbox(key=key_of(app, "-weights", "selectbox"))
    for kind in INITIALS:
        ran(picker().select(kind).run())
        assert not app.error
        assert initial_formulas.SENTENCES[kind] in words(app)
    ran(picker().select("he_normal").run())
    assert r"\sqrt{\dfrac{2}{784}} = 0.0505076" in words(app)
    ran(picker().select("normal").run())
    ran(app.text_input(key=key_of(app, "-weights-std", "text_input")).set_value("0.25").run())
    assert r"\sigma = 0.25" in words(app)
    assert "Standard deviation" in [field.label for field in app.text_input]
