"""A network as JSON for the arithmetic in the browser (pages/ui/browser/network_engine.js): every layer with its shapes
and with all that only Python computes resolved: padding in cells, the channels a filter reads, weight names."""

from typing import Any

from core.network.connection_table import seen
from core.network.costs import weight_shapes
from core.network.layers import Activation, BatchNorm, Bias, Conv2D, Dense, Dropout, Flatten, LocallyConnected, Pool
from core.network.network import Network
from core.network.shapes import Shape, Step, outline, pads


RESOLVED = {"weights", "biases", "gamma", "beta", "padding", "inputs_per_filter", "layers", "rows", "shortcut"}
"""The fields of layers that say how weights start, or that other entries of an op replace."""


def described(network: Network) -> dict[str, Any]:
    """{"input_shape": [C, H, W], "ops": [...]}, one op per layer of the outermost row. Raises NetworkError.

    An op has the fields of its layer, and:
    input, output   shapes
    weights         the names of its weights: ["conv1.weights", "conv1.biases"]
    pads            [[top, bottom], [left, right]] in cells, of a layer with windows
    stride          [down, right] of a layer with windows; a pool always has one
    dilation        [down, right] of a convolution and a locally connected layer
    reads           the input channels of each filter; null if a filter reads all
    maps            of a dense layer: the shape [C, H, W] that was flattened into its input; null if none was
    rows            of a block: its rows of ops; of a residual block, the layers and the shortcut ([] for identity)
    """
    ops, _ = _row(outline(network), None)
    return {"input_shape": list(network.input_shape), "ops": ops}


def _row(steps: tuple[Step, ...], maps: Shape | None) -> tuple[list[dict[str, Any]], Shape | None]:
    """The ops of a row, and the shape of the maps that its output was flattened from; `maps` is that of its input."""
    ops = []
    for step in steps:
        ops.append(_op(step, maps))
        maps = _flattened(step, maps)
    return ops, maps


def _flattened(step: Step, maps: Shape | None) -> Shape | None:
    match step.layer:
        case Flatten():
            return step.input if len(step.input) == 3 else maps
        case Activation(function="maxout"):
            return None
        case Activation() | Dropout() | Bias() | BatchNorm():
            return maps
    return None


def _op(step: Step, maps: Shape | None) -> dict[str, Any]:
    layer = step.layer
    op = layer.model_dump(mode="json", exclude=RESOLVED)
    op |= {"input": list(step.input), "output": list(step.output)}
    op["weights"] = [f"{layer.name}.{part}" for part in weight_shapes(step)]
    if step.rows:
        op["rows"] = [_row(row, maps)[0] for row in step.rows]
    match layer:
        case Conv2D(filters=filters, inputs_per_filter=count):
            op["reads"] = seen(filters, step.input[0], count).tolist() if count else None
        case LocallyConnected():
            op |= {"reads": None, "dilation": [1, 1]}
        case Pool():
            op["stride"] = list(layer.step)
        case Dense():
            op["maps"] = list(maps) if maps else None
    if isinstance(layer, Conv2D | LocallyConnected | Pool):
        op["pads"] = [list(side) for side in pads(layer, *step.input[1:])]
    return op
