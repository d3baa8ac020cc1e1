"""Blocks on the Build page, without a browser: added, filled, mended, undone, trained."""

import pytest

from core.network.blocks import Branches, Residual
from core.network.network import names_in
from tests.support.apps import errors, ran, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


def layers_of(app) -> list[dict]:
    return [row.layer for row in app.session_state["lab"].draft.rows]


def block_of(app, kind: str) -> dict:
    return next(layer for layer in layers_of(app) if layer["kind"] == kind)


def click(app, ending: str):
    """The button whose key ends so; of several, the first."""
    return ran(next(button for button in app.button if button.key and button.key.endswith(ending)).click().run())


def network_of(app):
    experiment = app.session_state["lab"].draft.check().experiment
    return experiment and experiment.network


def test_a_residual_block_is_built_by_clicks_and_shows_its_layers_inside():
    app = click(visit("build"), "add-residual")
    block = next(layer for layer in network_of(app).layers if isinstance(layer, Residual))
    assert [layer.kind for layer in block.layers] == ["conv2d", "activation", "conv2d"]
    assert not errors(app)
    said = words(app)
    assert "Inside" in said
    assert "y = F(x)" in said
    assert all(f"**{layer.name}**" in said for layer in block.layers)


def test_layers_inside_are_added_moved_doubled_and_removed():
    app = click(visit("build"), "add-residual")
    first, middle, last = (layer["name"] for layer in block_of(app, "residual")["layers"])
    click(app, "-in-add-batch_norm")
    names = [layer["name"] for layer in block_of(app, "residual")["layers"]]
    assert names[:3] == [first, middle, last]
    assert len(names) == 4
    click(app, f"-in-{names[3]}-up")
    click(app, f"-in-{middle}-copy")
    click(app, f"-in-{first}-remove")
    kinds = [layer["kind"] for layer in block_of(app, "residual")["layers"]]
    assert kinds == ["activation", "activation", "batch_norm", "conv2d"]
    assert len(names_in(layers_of(app))) == len([*layers_of(app), *block_of(app, "residual")["layers"]])
    click(app, "undo")
    assert [layer["kind"] for layer in block_of(app, "residual")["layers"]] == [
        "conv2d",
        "activation",
        "activation",
        "batch_norm",
        "conv2d",
    ]


def test_shapes_that_do_not_add_up_are_mended_by_the_1x1_shortcut():
    app = click(visit("build"), "add-residual")
    name = block_of(app, "residual")["layers"][0]["name"]
    ran(next(box for box in app.selectbox if box.key.endswith("-shortcut")).select("identity").run())
    stride = next(field for field in app.text_input if field.key.endswith(f"-in-{name}-stride"))
    ran(stride.set_value("2").run())
    assert network_of(app) is None
    assert "only equal shapes can be added" in errors(app)
    ran(next(button for button in app.button if button.label.startswith("Use the 1x1 shortcut")).click().run())
    assert block_of(app, "residual")["shortcut"] == "1x1"
    assert network_of(app)
    assert not errors(app)


def test_a_mistake_inside_is_told_and_mended_at_the_layer_inside():
    app = click(visit("build"), "add-residual")
    name = block_of(app, "residual")["layers"][0]["name"]
    kernel = next(field for field in app.text_input if field.key.endswith(f"-in-{name}-kernel_size"))
    ran(kernel.set_value("seven").run())
    assert f"**{name}**: Kernel size: enter one number" in errors(app)
    assert f"See {name} inside" in errors(app)
    ran(next(button for button in app.button if button.label.startswith("Use kernel size 3")).click().run())
    assert network_of(app)
    assert not errors(app)


def test_an_inception_block_is_built_by_clicks():
    app = click(visit("build"), "add-branches")
    click(app, "-branch")
    assert block_of(app, "branches")["rows"][-1] == []
    click(app, "-branch4-add-conv2d")
    click(app, "-branch3-add-conv2d")
    block = next(layer for layer in network_of(app).layers if isinstance(layer, Branches))
    assert [[layer.kind for layer in row] for row in block.rows] == [
        ["conv2d"],
        ["conv2d"],
        ["pool", "conv2d"],
        ["conv2d"],
    ]
    click(app, "-branch1-remove")
    assert len(block_of(app, "branches")["rows"]) == 3
    assert not errors(app)


def test_blocks_stand_within_blocks():
    app = click(visit("build"), "add-branches")
    click(app, "-branch1-add-residual")
    click(app, "-in-add-dropout")
    inner = block_of(app, "branches")["rows"][0][1]
    assert [layer["kind"] for layer in inner["layers"]][-1] == "dropout"
    assert network_of(app)


def test_presets_with_blocks_open_with_all_their_cards():
    for preset in ("small-resnet", "inception"):
        app = visit("build")
        app.session_state["lab"].draft.choose_preset(preset)
        app = ran(app.run())
        assert not errors(app)
        assert network_of(app)
        assert all(f"**{name}**" in words(app) for name in names_in(layers_of(app)))
