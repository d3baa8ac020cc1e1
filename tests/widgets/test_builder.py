"""The builder of lesson 11: networks in one line, gaps and what students type into them; the lesson's listings run."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import backends
from core.experiment import presets
from core.network import notation
from core.network.costs import costs
from core.network.errors import NetworkError
from core.network.network import Network
from pages.ui.translations import words_in
from pages.widgets.networks import builder
from tests.support.golden import G14_PRESETS


LESSON = Path(__file__).parents[2] / "pages/learn/content/en/l11.md"
LIVE = "conv {32} {3} > relu > conv {32} 3 > relu > pool {2} > flatten > dense {128} > relu > dense {10}"
TEXTS = words_in(builder.__file__, "en")


def listing(word: str) -> str:
    return next(code for code in re.findall(r"```python\n(.*?)```", LESSON.read_text(), re.DOTALL) if word in code)


def test_one_line_says_the_same_network_as_the_preset():
    made = notation.network(notation.filled(LIVE, [gap.right for gap in notation.gaps(LIVE)]), (1, 28, 28))
    assert made.layers == presets.get("live-cnn").network().layers


def test_padding_and_the_kind_of_pooling_can_be_said():
    conv, pool = notation.layers("conv 8 5 same > pool 3 average")
    assert (conv.padding, pool.mode, pool.window) == ("same", "average", (3, 3))


@pytest.mark.parametrize(
    "line, words",
    [
        ("convo 3 3", "there is no such layer"),
        ("conv many 3", "its values are invalid: many 3"),
        ("conv 0 3", "its values are invalid: 0 3"),
        ("conv", "its values are invalid: there are none"),
        ("relu 3", "there is no such layer"),
        ("dense 10 >", "there is no such layer"),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_a_sentence(line, words):
    with pytest.raises(NetworkError, match=words):
        notation.layers(line)


def test_gaps_know_their_layer_their_field_and_the_right_value():
    assert [(gap.kind, gap.field, gap.right) for gap in notation.gaps(LIVE)] == [
        ("conv", "filters", "32"),
        ("conv", "kernel_size", "3"),
        ("conv", "filters", "32"),
        ("pool", "window", "2"),
        ("dense", "units", "128"),
        ("dense", "units", "10"),
    ]
    with pytest.raises(NetworkError, match="not one of its values"):
        notation.gaps("relu > flatten {2}")


def test_a_line_of_the_lesson_that_does_not_fit_together_is_an_error_of_the_author():
    with pytest.raises(ValueError, match="there is no such layer"):
        builder.Options(line="conv 3 5 > fold")


@pytest.mark.parametrize("name", G14_PRESETS)
def test_the_table_of_a_preset_adds_up_to_its_golden_count(name):
    made: Network = presets.get(name).network()
    layer_costs = costs(made)
    options = builder.Options(presets=(name,))
    shown = [row[3] for row in builder.rows(made, layer_costs, options, TEXTS)[1:]]
    sums = [int(text.split("=")[-1].replace("\\", "").replace(",", "")) for text in shown]
    assert sum(sums) == G14_PRESETS[name]


def test_the_lines_for_compiling_and_fitting_train_the_keras_code_of_the_gaps():
    pytest.importorskip("tensorflow")
    names: dict = {}
    exec(backends.source("tensorflow", presets.get("live-cnn").network()), names)
    names |= {"X": np.random.default_rng(1).random((10, 28, 28, 1)), "Y": np.arange(10)}
    exec(listing("model.compile").replace("epochs=12", "epochs=1, verbose=0"), names)
    assert names["model"].optimizer.iterations == 1
    assert np.asarray(names["probabilities"]).sum(axis=1) == pytest.approx(1, abs=1e-4)


def two_widgets() -> None:
    from pages.widgets.networks import builder, network_code

    line = "conv {4} 3 > flatten > dense {10}"
    builder.show(builder.Options(line=line, name="gaps"), "build")
    network_code.show(network_code.Options(line=line, of="gaps"), "code")


def test_the_code_is_that_of_the_network_in_the_gaps_and_until_then_of_the_one_asked_for():
    app = AppTest.from_function(two_widgets, default_timeout=60).run()
    assert "nn.Conv2d(1, 4, 3)" in code_of(app)
    app.text_input("build-gap-0").set_value("6")
    app.text_input("build-gap-1").set_value("7").run()
    assert not app.exception
    assert "nn.Conv2d(1, 6, 3)" in code_of(app)
    assert "nn.Linear(4056, 7)" in code_of(app)
    app.text_input("build-gap-0").set_value("none").run()
    assert "nn.Conv2d(1, 4, 3)" in code_of(app), "what cannot be is no network: the one asked for is shown"


def code_of(app) -> str:
    """In PyTorch."""
    return app.radio("code-language").set_value("pytorch").run().code[-1].value


def test_the_code_can_be_had_in_each_language():
    app = AppTest.from_function(two_widgets, default_timeout=60).run()
    result = {name: app.radio("code-language").set_value(name).run().code[-1].value for name in app.radio[0].options}
    assert not app.exception
    assert len(set(result.values())) == 4
    assert Network.model_validate_json(result["JSON"]) == notation.network("conv 4 3 > flatten > dense 10", (1, 28, 28))
