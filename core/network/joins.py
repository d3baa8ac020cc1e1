"""Where ways through a block meet again: the sum of a residual block, the join of branches, or why they do not fit."""

from core.network.composites import Branches, Residual
from core.network.errors import NetworkError
from core.network.layers import Conv2D


Shape = tuple[int, ...]


def shortcut(block: Residual, input: Shape, output: Shape) -> Conv2D:
    """The 1x1 convolution that leads from the input of a residual block to what its layers give. Its name has a dot,
    which no layer's own name can have. Raises NetworkError where no stride leads there."""
    if len(input) != 3 or len(output) != 3:
        raise NetworkError(
            block.name,
            f"a 1x1 shortcut is a convolution from maps to maps, but here {output} has to be added to {input}",
            ["the identity shortcut, with layers inside that keep the shape", "moving the block before Flatten"],
        )
    down, right = map(stride, input[1:], output[1:])
    if down is None or right is None:
        raise NetworkError(
            block.name,
            f"no stride of a 1x1 shortcut leads from {_cells(input)} to {_cells(output)} cells",
            [
                f'padding "same" in the layers inside: they then keep {_cells(input)} cells',
                'padding "same" and stride 2 in one of them: that halves the cells',
            ],
        )
    return Conv2D.model_construct(
        name=f"{block.name}.shortcut",
        maps=output[0],
        kernel=(1, 1),
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
            _ways_to_equal_shapes(input, output),
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
                ['padding "same" and stride 1 in every branch', "the same stride in every branch"],
            )
    channels = [shape[0] for shape in outputs]
    return (sum(channels), *first[1:]), f"{' + '.join(map(str, channels))} = {sum(channels)}, one after the other"


def _ways_to_equal_shapes(input: Shape, output: Shape) -> list[str]:
    if len(input) == len(output) == 3:
        fits = None not in tuple(map(stride, input[1:], output[1:]))
        keeps = 'padding "same" and stride 1 in the layers inside' if input[1:] != output[1:] else ""
        as_many = f"{input[0]} kernels in the last convolution inside" if input[0] != output[0] else ""
        return (["the 1x1 shortcut, which brings the input to that shape"] if fits else []) + [
            ", and ".join(filter(None, (keeps, as_many)))
        ]
    if len(input) == len(output) == 1:
        return [f"{input[0]} units in the last dense layer inside"]
    return ["moving Flatten out of the block, behind it", "removing the block"]


def _text(shape: Shape) -> str:
    return "(" + " x ".join(map(str, shape)) + ")"


def _cells(shape: Shape) -> str:
    return f"{shape[1]} x {shape[2]}"
