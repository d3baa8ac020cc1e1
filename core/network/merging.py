"""Where ways through a block meet again: the sum of a residual block, the join of branches, or why they do not fit."""

from core.network.blocks import Branches, Residual, every_layer, rows_of
from core.network.errors import NetworkError
from core.network.layers import Conv2D
from core.network.repairs import Change, Remove, Repair


Shape = tuple[int, ...]


def shortcut(block: Residual, input: Shape, output: Shape) -> Conv2D:
    """The 1x1 convolution that leads from the input of a residual block to what its layers give. Its name has a dot,
    which no layer's own name can have. Raises NetworkError where no stride leads there."""
    if len(input) != 3 or len(output) != 3:
        raise NetworkError(
            block.name,
            f"a 1x1 shortcut is a convolution from maps to maps, but here {output} has to be added to {input}",
            [
                Repair("take the identity shortcut", (Change(block.name, {"shortcut": "identity"}),)),
                "let the layers inside keep the shape",
            ],
        )
    down, right = map(stride, input[1:], output[1:])
    if down is None or right is None:
        raise NetworkError(
            block.name,
            f"no stride of a 1x1 shortcut leads from {_cells(input)} to {_cells(output)} cells",
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


def stride(size: int, wanted: int) -> int | None:
    """The smallest stride with which a kernel of one cell finds `wanted` places along `size`; None: there is none."""
    return next((step for step in range(1, size + 1) if (size - 1) // step + 1 == wanted), None)


def summed(block: Residual, input: Shape, output: Shape) -> tuple[Shape, str]:
    """Of what the shortcut gives and what the layers give."""
    if input != output:
        raise NetworkError(
            block.name,
            f"it adds {output}, what its layers give, to {input}, its input: only equal shapes add up",
            _ways_to_equal_shapes(block, input, output),
        )
    return output, f"{_text(output)} + {_text(input)}, number by number"


def joined(block: Branches, outputs: list[Shape]) -> tuple[Shape, str]:
    """Along the channels."""
    first = outputs[0]
    for number, other in enumerate(outputs[1:], start=2):
        if other[1:] != first[1:]:
            raise NetworkError(
                block.name,
                f"branch 1 gives {first}, branch {number} gives {other}: only maps of one height and width can be joined",
                [_same_padding(block), "stride by the same number in every branch"],
            )
    channels = [shape[0] for shape in outputs]
    return (sum(channels), *first[1:]), f"{' + '.join(map(str, channels))} = {sum(channels)}, one after the other"


def _ways_to_equal_shapes(block: Residual, input: Shape, output: Shape) -> list[Repair | str]:
    if len(input) == len(output) == 3:
        return _ways_to_equal_maps(block, input, output)
    if len(input) == len(output) == 1:
        return [_as_many(block, "dense", "units", input[0])]
    return ["move Flatten out of the block, behind it", Repair("remove the block", (Remove(block.name),))]


def _ways_to_equal_maps(block: Residual, input: Shape, output: Shape) -> list[Repair | str]:
    if input[1:] == output[1:]:
        shortcut = Repair("take the 1x1 shortcut", (Change(block.name, {"shortcut": "1x1"}),))
        return [shortcut, _as_many(block, "conv2d", "filters", input[0])]
    if None in map(stride, input[1:], output[1:]):
        return [_same_padding(block), f"let the layers inside keep {_cells(input)} cells"]
    shortcut = Repair("take the 1x1 shortcut, which strides too", (Change(block.name, {"shortcut": "1x1"}),))
    return [shortcut, f"stride by 1 inside, which keeps {_cells(input)} cells"]


def _same_padding(block: Residual | Branches) -> Repair:
    """In every layer inside that has a padding; a person has to see to the strides."""
    padded = [layer for row in rows_of(block) for layer in every_layer(row) if hasattr(layer, "padding")]
    edits = tuple(Change(layer.name, {"padding": "same"}) for layer in padded)
    return Repair('take padding "same" in the layers inside', edits)


def _as_many(block: Residual, kind: str, field: str, count: int) -> Repair:
    """Units or maps in the last such layer inside, where nothing behind it changes their number."""
    last = next((layer for layer in reversed(block.layers) if layer.kind == kind), None)
    edits = (Change(last.name, {field: count}),) if last else ()
    noun = "filters" if field == "filters" else field
    return Repair(f"give {last.name if last else 'the last layer inside'} {count:,} {noun}", edits)


def _text(shape: Shape) -> str:
    return "(" + " x ".join(map(str, shape)) + ")"


def _cells(shape: Shape) -> str:
    return f"{shape[1]} x {shape[2]}"
