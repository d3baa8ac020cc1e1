"""Where the paths through a block merge: the sum of a residual block, the concatenation of branches, or why neither
fits."""

from core.network.blocks import Branches, Residual, every_layer, rows_of
from core.network.errors import NetworkError
from core.network.layers import Conv2D
from core.network.repairs import Change, Remove, Repair


Shape = tuple[int, ...]


def shortcut(block: Residual, input: Shape, output: Shape) -> Conv2D:
    """The 1x1 convolution that gives a residual block's input the shape of its layers' output. Its name has a dot,
    which the name of a typed layer cannot have. Raises NetworkError if no stride fits."""
    if len(input) != 3 or len(output) != 3:
        raise NetworkError(
            block.name,
            f"a 1x1 shortcut is a convolution and needs feature maps, but here {output} is added to {input}",
            [
                Repair("use the identity shortcut", (Change(block.name, {"shortcut": "identity"}),)),
                "let the layers inside keep the shape",
            ],
        )
    down, right = map(stride, input[1:], output[1:])
    if down is None or right is None:
        raise NetworkError(
            block.name,
            f"no stride of a 1x1 shortcut turns {_cells(input)} cells into {_cells(output)}",
            [_same_padding(block), f"let the layers inside keep {_cells(input)} cells, or halve them with stride 2"],
        )
    return Conv2D.model_construct(
        name=f"{block.name}.shortcut",
        filters=output[0],
        kernel_size=(1, 1),
        stride=(down, right),
        weights=block.weights,
        biases=block.biases,
    )


def stride(size: int, target: int) -> int | None:
    """The smallest stride with which a 1-cell kernel fits `target` times along `size`; None if there is none."""
    return next((step for step in range(1, size + 1) if (size - 1) // step + 1 == target), None)


def summed(block: Residual, input: Shape, output: Shape) -> tuple[Shape, str]:
    """Shape and arithmetic of the sum of the shortcut's output and the layers' output."""
    if input != output:
        raise NetworkError(
            block.name,
            f"it adds its layers' output {output} to its input {input}, but only equal shapes can be added",
            _repairs_for_shapes(block, input, output),
        )
    return output, f"{_text(output)} + {_text(input)}, element by element"


def joined(block: Branches, outputs: list[Shape]) -> tuple[Shape, str]:
    """Shape and arithmetic of the concatenation along the channels."""
    first = outputs[0]
    for number, other in enumerate(outputs[1:], start=2):
        if other[1:] != first[1:]:
            raise NetworkError(
                block.name,
                f"branch 1 outputs {first}, branch {number} outputs {other}: only feature maps of the same height and "
                "width can be concatenated",
                [_same_padding(block), "use the same stride in every branch"],
            )
    channels = [shape[0] for shape in outputs]
    return (sum(channels), *first[1:]), f"{' + '.join(map(str, channels))} = {sum(channels)}, one after the other"


def _repairs_for_shapes(block: Residual, input: Shape, output: Shape) -> list[Repair | str]:
    if len(input) == len(output) == 3:
        return _repairs_for_maps(block, input, output)
    if len(input) == len(output) == 1:
        return [_with_count(block, "dense", "units", input[0])]
    return ["move Flatten out of the block and after it", Repair("remove the block", (Remove(block.name),))]


def _repairs_for_maps(block: Residual, input: Shape, output: Shape) -> list[Repair | str]:
    if input[1:] == output[1:]:
        shortcut = Repair("use the 1x1 shortcut", (Change(block.name, {"shortcut": "1x1"}),))
        return [shortcut, _with_count(block, "conv2d", "filters", input[0])]
    if None in map(stride, input[1:], output[1:]):
        return [_same_padding(block), f"let the layers inside keep {_cells(input)} cells"]
    shortcut = Repair("use the 1x1 shortcut, which strides too", (Change(block.name, {"shortcut": "1x1"}),))
    return [shortcut, f"use stride 1 inside, which keeps {_cells(input)} cells"]


def _same_padding(block: Residual | Branches) -> Repair:
    """Sets the padding of every layer inside that has one; strides have to be fixed by hand."""
    padded = [layer for row in rows_of(block) for layer in every_layer(row) if hasattr(layer, "padding")]
    edits = tuple(Change(layer.name, {"padding": "same"}) for layer in padded)
    return Repair('use padding "same" in the layers inside', edits)


def _with_count(block: Residual, kind: str, field: str, count: int) -> Repair:
    """Sets the units or filters of the last layer of this kind inside the block."""
    last = next((layer for layer in reversed(block.layers) if layer.kind == kind), None)
    edits = (Change(last.name, {field: count}),) if last else ()
    noun = "filters" if field == "filters" else field
    return Repair(f"give {last.name if last else 'the last layer inside'} {count:,} {noun}", edits)


def _text(shape: Shape) -> str:
    return "(" + " x ".join(map(str, shape)) + ")"


def _cells(shape: Shape) -> str:
    return f"{shape[1]} x {shape[2]}"
