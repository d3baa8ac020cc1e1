"""The shape of the data after every layer, with the arithmetic behind it, or why a layer does not fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from core.network import merging
from core.network.blocks import Branches, Layer, Residual
from core.network.errors import NetworkError
from core.network.layers import (
    Activation,
    BatchNorm,
    Bias,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LocallyConnected,
    Pool,
    Sides,
)
from core.network.network import Network
from core.network.repairs import Change, Insert, MoveToMaps, Remove, Repair, Replace, Widen


Shape = tuple[int, ...]
"""(C, H, W) for images and feature maps, (features,) after Flatten or Dense."""


@dataclass(frozen=True)
class Step:
    """What one layer does to a shape."""

    layer: Layer
    input: Shape
    output: Shape
    arithmetic: str
    rows: tuple[tuple["Step", ...], ...] = ()
    """For a block: the parallel paths from its input to its output. A path without steps passes the input on unchanged:
    an empty branch, an identity shortcut."""


def trace(network: Network) -> list[Step]:
    """One step per layer, in the order of the data: the layers inside a block come before the block, whose output is
    the sum or the concatenation. A 1x1 shortcut is a separate step. Raises NetworkError at the first invalid layer."""
    return list(flat(outline(network)))


def outline(network: Network) -> tuple[Step, ...]:
    """One step per layer of the outermost row; a block's step contains the steps inside it. Raises as `trace` does."""
    return steps_of(network.layers, tuple(network.input_shape))


def flat(row: tuple[Step, ...]) -> Iterator[Step]:
    for step in row:
        for inner in step.rows:
            yield from flat(inner)
        yield step


def steps_of(layers: Sequence[Layer], shape: Shape) -> tuple[Step, ...]:
    """The steps of a row of layers on an input of `shape`."""
    steps: list[Step] = []
    for layer in layers:
        steps.append(_step(layer, shape))
        shape = steps[-1].output
    return tuple(steps)


def _step(layer: Layer, shape: Shape) -> Step:
    match layer:
        case Residual():
            return _residual(layer, shape)
        case Branches():
            return _branches(layer, shape)
    return Step(layer, shape, *_after(layer, shape))


def _residual(block: Residual, shape: Shape) -> Step:
    if not block.layers:
        raise NetworkError(
            block.name,
            "a residual block without layers only adds its input to itself",
            [
                'put a convolution with padding "same" inside',
                Repair("remove the block", (Remove(block.name),)),
            ],
        )
    path = steps_of(block.layers, shape)
    output = path[-1].output
    shortcut = () if block.shortcut == "identity" else steps_of([merging.shortcut(block, shape, output)], shape)
    return Step(block, shape, *merging.summed(block, _end(shortcut, shape), output), rows=(path, shortcut))


def _branches(block: Branches, shape: Shape) -> Step:
    if len(block.rows) < 2:
        raise NetworkError(
            block.name,
            "a branches block needs at least two branches",
            [
                Repair(
                    "add an empty branch, which passes the input on",
                    (Change(block.name, {"rows": _with_empty(block)}),),
                ),
                Repair("remove the block", (Remove(block.name),)),
            ],
        )
    paths = tuple(steps_of(row, shape) for row in block.rows)
    return Step(block, shape, *merging.joined(block, [_end(path, shape) for path in paths]), rows=paths)


def _with_empty(block: Branches) -> list[Any]:
    return [*block.model_dump(mode="json")["rows"], *[[]] * (2 - len(block.rows))]


def _end(path: tuple[Step, ...], shape: Shape) -> Shape:
    """The shape at the end of a path; a path without steps keeps the shape of its input."""
    return path[-1].output if path else shape


def output_shape(network: Network) -> Shape:
    return trace(network)[-1].output


def pads(layer: Conv2D | LocallyConnected | Pool, height: int, width: int) -> Sides:
    """((top, bottom), (left, right)) in cells. If "same" needs an odd number, the extra cell is at the bottom or on the
    right. "ceil": how far the last windows extend beyond the bottom and the right."""
    if not isinstance(layer.padding, str):
        return layer.padding
    match layer:
        case Pool(window=kernel, step=stride):
            dilation = (1, 1)
        case _:
            kernel, stride, dilation = layer.kernel_size, layer.stride, layer.dilation
    sides = zip((height, width), kernel, stride, dilation, strict=True)
    top_bottom, left_right = (_pads_along(layer.padding, *side) for side in sides)
    return top_bottom, left_right


def reach(kernel: int, dilation: int) -> int:
    """Cells a dilated kernel spans: (k - 1) * dilation + 1."""
    return (kernel - 1) * dilation + 1


def _pads_along(padding: str, size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    span = reach(kernel, dilation)
    if padding == "valid":
        return 0, 0
    if padding == "full":
        return span - 1, span - 1
    if padding == "ceil":
        return 0, _overhang(size, span, stride)
    total = max((-(-size // stride) - 1) * stride + span - size, 0)
    return total // 2, total - total // 2


def _overhang(size: int, window: int, stride: int) -> int:
    """How many cells the last window extends beyond the image when the number of windows is rounded up; a window that
    would start outside the image does not count (as with `ceil_mode` of torch.nn.MaxPool2d)."""
    last = -(-(size - window) // stride) * stride
    last -= stride if last >= size else 0
    return max(last + window - size, 0)


def _after(layer: Layer, shape: Shape) -> tuple[Shape, str]:
    match layer:
        case Conv2D() | LocallyConnected():
            return _after_conv(layer, shape)
        case GlobalAveragePool():
            return _after_global_pool(layer, shape)
        case Pool():
            return _after_pool(layer, shape)
        case Dense():
            return _after_dense(layer, shape)
        case Flatten():
            return (prod(shape),), f"{product_text(shape)} = {prod(shape):,}"
        case Activation(function="maxout"):
            return _after_maxout(layer, shape)
        case Activation() | Dropout() | Bias() | BatchNorm():
            return shape, "the shape stays the same"
    raise TypeError(f"no shape rule for {type(layer).__name__}")


def _after_conv(layer: Conv2D | LocallyConnected, shape: Shape) -> tuple[Shape, str]:
    _require_maps(layer, shape, "a convolution slides over an image")
    channels, height, width = shape
    if isinstance(layer, Conv2D) and (layer.inputs_per_filter or 0) > channels:
        raise NetworkError(
            layer.name,
            f"each filter should read {layer.inputs_per_filter} input channels, but there are only {channels}",
            [
                Repair(f"let each filter read all {channels}", (Change(layer.name, {"inputs_per_filter": None}),)),
                Repair(
                    f"give the layer before it {layer.inputs_per_filter} filters",
                    (Widen(layer.name, layer.inputs_per_filter or 0),),
                ),
            ],
        )
    sides = pads(layer, height, width)
    sizes, texts = [], []
    for axis, size, k, s, d, (before, after) in zip(
        ("height", "width"), (height, width), layer.kernel_size, layer.stride, layer.dilation, sides, strict=True
    ):
        span = reach(k, d)
        if span > size + before + after:
            raise NetworkError(
                layer.name,
                f"a kernel spanning {span:,} cells does not fit into a {axis} of {size:,} + {before + after:,} padding",
                _smaller_kernel(layer, shape),
            )
        sizes.append((size - span + before + after) // s + 1)
        texts.append(_size_text(size, k, d, before, after, s, sizes[-1]))
    return (layer.filters, sizes[0], sizes[1]), _join(texts) + "; " + _filters_text(layer, sizes)


def _filters_text(layer: Conv2D | LocallyConnected, sizes: list[int]) -> str:
    filters, maps = _count(layer.filters, "filter"), _count(layer.filters, "map")
    if isinstance(layer, LocallyConnected):
        return f"{filters} at each of {product_text(sizes)} = {prod(sizes):,} positions -> {maps}"
    return f"{filters} -> {maps}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)


def _after_pool(layer: Pool, shape: Shape) -> tuple[Shape, str]:
    _require_maps(layer, shape, "pooling summarises windows of feature maps")
    channels, height, width = shape
    sizes, texts = [], []
    for axis, size, window, step, (before, after) in zip(
        ("height", "width"), (height, width), layer.window, layer.step, pads(layer, height, width), strict=True
    ):
        if window > size + before + after:
            raise NetworkError(
                layer.name,
                f"a window of {window:,} does not fit into a {axis} of {size:,}",
                _smaller_window(layer, shape),
            )
        sizes.append((size - window + before + after) // step + 1)
        texts.append(_size_text(size, window, 1, before, after, step, sizes[-1]))
    return (channels, sizes[0], sizes[1]), _join(texts)


def _after_global_pool(layer: GlobalAveragePool, shape: Shape) -> tuple[Shape, str]:
    _require_maps(layer, shape, "a global average pool takes the mean of each feature map")
    channels, *cells = shape
    mean = f"the mean of {product_text(cells)} = {prod(cells):,} cells of each feature map"
    return (channels,), f"{mean} -> {channels:,} numbers"


def _smaller_kernel(layer: Conv2D | LocallyConnected, shape: Shape) -> list[Repair]:
    """The largest kernel that fits along both axes, or padding."""
    _, height, width = shape
    sides = zip((height, width), pads(layer, height, width), layer.kernel_size, layer.dilation, strict=True)
    fitting = [min(k, (size + sum(pad) - 1) // d + 1) for size, pad, k, d in sides]
    return [
        Repair(f"use a kernel of at most {_pair_text(fitting)}", (Change(layer.name, {"kernel_size": fitting}),)),
        Repair('use padding "same"', (Change(layer.name, {"padding": "same"}),)),
        Repair("pool and stride less before it"),
    ]


def _smaller_window(layer: Pool, shape: Shape) -> list[Repair]:
    fitting = [min(window, size) for window, size in zip(layer.window, shape[1:], strict=True)]
    return [
        Repair(f"use a window of at most {_pair_text(fitting)}", (Change(layer.name, {"window": fitting}),)),
        Repair("remove this layer", (Remove(layer.name),)),
        Repair("pool less before it"),
    ]


def _after_dense(layer: Dense, shape: Shape) -> tuple[Shape, str]:
    if len(shape) != 1:
        _, height, width = shape
        slides = {"kind": "conv2d", "filters": layer.units, "kernel_size": [height, width]}
        raise NetworkError(
            layer.name,
            f"a dense layer takes a list of numbers, but its input is feature maps of shape {shape}",
            [
                Repair("put a Flatten layer before it", (Insert(({"kind": "flatten"},), before=layer.name),)),
                Repair(
                    f"make it a convolution with a {height:,}x{width:,} kernel, then Flatten",
                    (Replace(layer.name, (slides, {"kind": "flatten"})),),
                ),
            ],
        )
    return (layer.units,), f"{shape[0]:,} numbers -> {layer.units:,} units"


def _after_maxout(layer: Activation, shape: Shape) -> tuple[Shape, str]:
    channels, pieces = shape[0], layer.pieces
    if channels % pieces:
        divisor = next((p for p in range(2, channels + 1) if channels % p == 0), None)
        wider = channels + pieces - channels % pieces
        raise NetworkError(
            layer.name,
            f"maxout takes the largest of every {pieces:,} channels, but {channels:,} is not divisible by {pieces:,}",
            [
                Repair(f"give the layer before it {wider:,} units or filters", (Widen(layer.name, wider),)),
                Repair(f"use {divisor:,} pieces", (Change(layer.name, {"pieces": divisor}),))
                if divisor
                else Repair("use relu instead of maxout", (Change(layer.name, {"function": "relu"}),)),
            ],
        )
    return (channels // pieces, *shape[1:]), f"{channels:,} / {pieces:,} = {channels // pieces:,}"


def _require_maps(layer: Layer, shape: Shape, why: str) -> None:
    if len(shape) != 3:
        raise NetworkError(
            layer.name,
            f"{why} (C, H, W), but its input is a list of {shape[0]:,} numbers",
            [
                Repair("move this layer before Flatten", (MoveToMaps(layer.name),)),
                Repair("remove it", (Remove(layer.name),)),
            ],
        )


def product_text(shape: Sequence[int]) -> str:
    return " * ".join(f"{side:,}" for side in shape)


def _pair_text(pair: Sequence[int]) -> str:
    return f"{pair[0]:,}" if pair[0] == pair[1] else f"{pair[0]:,} x {pair[1]:,}"


def _size_text(size: int, k: int, d: int, before: int, after: int, stride: int, result: int) -> str:
    """(28 - 5 + 2*0) / 1 + 1 = 24; uneven padding and dilation are written out, and floor if there is a remainder."""
    kernel = f"{k:,}" if d == 1 else f"[({k:,} - 1)*{d:,} + 1]"
    padding = f"2*{before:,}" if before == after else f"{before:,} + {after:,}"
    exact = (size - reach(k, d) + before + after) % stride == 0
    fraction = f"({size:,} - {kernel} + {padding}) / {stride:,}"
    return f"{fraction} + 1 = {result:,}" if exact else f"floor({fraction}) + 1 = {result:,}"


def _join(texts: list[str]) -> str:
    return texts[0] if texts[0] == texts[1] else f"height {texts[0]}, width {texts[1]}"


def shape_text(shape: Shape) -> str:
    return " × ".join(f"{side:,}" for side in shape)
