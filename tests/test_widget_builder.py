"""The builder of lesson 11: networks in one line, gaps and what students type into them; the lesson's listings run."""

import re
from pathlib import Path

import pytest

from core.network import one_line, presets
from core.network.counting import costs, parameters
from core.network.errors import NetworkError
from core.network.network import Network
from pages.widgets import builder
from tests.golden import G14_PRESETS


LESSON = Path(__file__).parents[1] / "pages/learn/content/en/l11.md"
LIVE = "conv {32} {3} > relu > conv {32} 3 > relu > pool {2} > flatten > dense {128} > relu > dense {10}"
TEXTS = builder.WORDS["en"]


def listing(word: str) -> str:
    return next(code for code in re.findall(r"```python\n(.*?)```", LESSON.read_text(), re.DOTALL) if word in code)


def test_one_line_says_the_same_network_as_the_preset():
    made = one_line.network(one_line.filled(LIVE, [gap.right for gap in one_line.gaps(LIVE)]), (1, 28, 28))
    assert made.layers == presets.get("live-cnn").network().layers


def test_padding_and_the_kind_of_pooling_can_be_said():
    conv, pool = one_line.layers("conv 8 5 same > pool 3 average")
    assert (conv.padding, pool.how, pool.window) == ("same", "average", (3, 3))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("convo 3 3", "there is no such layer"),
        ("conv many 3", "it cannot be with many 3"),
        ("conv 0 3", "it cannot be with 0 3"),
        ("conv", "it cannot be with no values"),
        ("relu 3", "there is no such layer"),
        ("dense 10 >", "there is no such layer"),
    ],
)
def test_a_line_that_cannot_be_is_refused_in_a_sentence(line, words):
    with pytest.raises(NetworkError, match=words):
        one_line.layers(line)


def test_gaps_know_their_layer_their_field_and_the_right_value():
    assert [(gap.kind, gap.field, gap.right) for gap in one_line.gaps(LIVE)] == [
        ("conv", "maps", "32"),
        ("conv", "kernel", "3"),
        ("conv", "maps", "32"),
        ("pool", "window", "2"),
        ("dense", "units", "128"),
        ("dense", "units", "10"),
    ]
    with pytest.raises(NetworkError, match="no value of it"):
        one_line.gaps("relu > flatten {2}")


def test_a_line_of_the_lesson_that_does_not_fit_together_is_an_error_of_the_author():
    with pytest.raises(ValueError, match="there is no such layer"):
        builder.Options(line="conv 3 5 > fold")


@pytest.mark.parametrize("name", G14_PRESETS)
def test_the_table_of_a_preset_adds_up_to_its_golden_count(name):
    made: Network = presets.get(name).network()
    bills = costs(made)
    options = builder.Options(presets=(name,))
    shown = [row[3] for row in builder.rows(made, bills, options, TEXTS)[1:]]
    sums = [int(text.split("=")[-1].replace("\\", "").replace(",", "")) for text in shown]
    assert sum(sums) == G14_PRESETS[name]


def test_the_listing_for_pytorch_is_the_network_of_the_gaps():
    torch = pytest.importorskip("torch")
    names: dict = {}
    exec(listing("nn.Sequential"), names)
    model = names["model"].eval()
    assert sum(p.numel() for p in model.parameters()) == parameters(presets.get("live-cnn").network())
    assert model(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


def test_the_listing_for_keras_is_the_network_of_the_gaps():
    pytest.importorskip("tensorflow")
    names: dict = {}
    exec(listing("keras.Sequential"), names)
    assert names["model"].count_params() == parameters(presets.get("live-cnn").network())
    assert names["model"].output_shape == (None, 10)
