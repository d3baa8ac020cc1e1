"""Parts of pages: how numbers are read and shown, words, colours and figures."""

import tomllib

import numpy as np
import pytest

import backends
from core.drafts.draft import Draft
from core.experiment import presets
from core.figures import blocks, colors, curves, montage
from core.network.costs import costs
from pages.parts.build.layer_editor import pair, pair_text, sides, sides_text
from pages.ui.formatting import amount, duration, loss, moment, short, unique_labels
from tests.support.apps import ROOT, begins, ended_run, ran, visit


pytestmark = pytest.mark.usefixtures("no_processes")


@pytest.mark.parametrize(
    "text, value", [("5", 5), ("5 x 3", [5, 3]), ("5×3", [5, 3]), ("5,3", [5, 3]), ("5x", "5x"), ("-1", "-1")]
)
def test_pairs_are_read_as_people_write_them(text, value):
    assert pair(text) == value


def test_sides_and_pairs_are_shown_as_they_are_read():
    for value in (2, [1, 2]):
        assert pair(pair_text(value)) == value
    assert sides(sides_text([[0, 1], [0, 1]])) == [[0, 1], [0, 1]]
    assert sides_text([[2, 2], [2, 2]]) == "2"
    assert sides("[oops") == "[oops"


def test_a_draft_is_the_experiment_it_was_made_of():
    for name in presets.names():
        experiment = presets.experiment(name, "digits")
        assert Draft.of(experiment).check().experiment == experiment


def test_the_words_for_numbers():
    assert [loss(value) for value in (0.12345, 1234.5, 123456.0)] == ["0.1235", "1234.5000", "1.235e+05"]
    assert [duration(s) for s in (0.2, 59, 61, 7300)] == ["under 1 s", "59 s", "1 min 1 s", "2 h 1 min"]
    assert [amount(b) for b in (12, 1234, 23.5e6, 4e9, 8e12)] == ["12 bytes", "1.23 kB", "23.5 MB", "4 GB", "8 TB"]
    assert [short(n) for n in (12, 476_672, 3_000_000)] == ["12", "477 thousand", "3 million"]


def test_equal_labels_are_told_apart_and_times_are_the_readers():
    assert unique_labels({"run-aaaaaa": "x", "run-bbbbbb": "x", "c": "y"}) == {
        "run-aaaaaa": "x (aaaaaa)",
        "run-bbbbbb": "x (bbbbbb)",
        "c": "y",
    }
    created = "2026-11-20T23:30:00.000+00:00"
    assert moment(created, None) == moment(created, "no/where") == "20 Nov 23:30:00"
    assert moment(created, "Europe/Berlin") == "21 Nov 00:30:00"


def test_a_group_that_was_started_in_the_same_second_can_be_chosen():
    for group in ("first", "second"):
        ended_run("reference", [2.0, 1.0], group=group)
    app = visit("train")
    shown = begins(app, "group-", "selectbox")
    assert len(set(app.selectbox(key=shown).options)) == 2
    other = "second" if shown.startswith("group-first-") else "first"
    ran(app.selectbox(key=shown).select(other).run())
    assert app.selectbox(key=begins(app, f"group-{other}-", "selectbox")).value == other


def test_colours_of_the_grammar_are_those_of_the_theme():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    names = {"input": "blue", "kernel": "orange", "output": "green", "gradient": "violet"}
    for ours, mode in ((colors.LIGHT, "light"), (colors.DARK, "dark")):
        assert {part: theme[mode][f"{name}Color"] for part, name in names.items()} == ours


def test_every_backend_has_a_colour_and_a_dash_of_its_own():
    samples_seen = [backends.about(name) for name in backends.names()]
    assert len({look.COLOR for look in samples_seen}) == len({look.DASH for look in samples_seen}) == len(samples_seen)


def test_figures_are_made_of_arrays():
    line = curves.Line("a", "#123456", "dash", np.arange(1, 6), np.array([1.0, 0.5, 0.0, 0.1, 0.2]))
    assert len(curves.losses([line, line]).data) == 2
    assert len(curves.apart([line], 1e-4).data[0].x) == 4, "0 cannot stand on a logarithmic axis"
    assert curves.accuracies([line]).layout.yaxis.tickformat == ".0%"


def test_a_montage_is_a_png_and_a_drawing_says_its_shapes():
    assert montage.montage(np.zeros((5, 1, 8, 8), np.uint8), 3)[:4] == b"\x89PNG"
    assert montage.montage(np.zeros((5, 3, 8, 8), np.uint8), 3)[:4] == b"\x89PNG"
    network = presets.get("lenet-theano").network()
    assert "conv1 20 × 28 × 28" in blocks.drawing(network.input_shape, costs(network))
