"""How many parameters, multiply-adds and bytes a network needs, and how far each unit sees."""

from dataclasses import dataclass
from math import prod

from core.network.layers import Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.network.shapes import Shape, Step, outline, reach


@dataclass(frozen=True)
class Cost:
    """One layer's bill, for one picture."""

    step: Step
    parameters: int
    parameter_text: str
    multiply_adds: int
    activation_bytes: int
    """Bytes of this layer's output for one picture."""
    receptive_field: tuple[int, int] | None
    """Input cells (height, width) that one output sees; None once the layer sees everything."""
    jump: tuple[int, int] | None
    """Input cells between two neighbouring outputs."""
    parameters_inside: int = 0
    """Of a block: the sum over all that is within it, billed there."""


@dataclass(frozen=True)
class Sight:
    """How far one output sees into the input, and how far apart two neighbours look. The input sees itself."""

    field: tuple[int, int] = (1, 1)
    jump: tuple[int, int] = (1, 1)


def weight_shapes(step: Step) -> dict[str, Shape]:
    """{"weights": ..., "biases": ...} of a layer that learns, {} of one that does not."""
    match step.layer:
        case Dense(units=units):
            return {"weights": (units, step.input[0]), "biases": (units,)}
        case Conv2D(maps=maps, kernel=kernel):
            return {"weights": (maps, step.input[0], *kernel), "biases": (maps,)}
    return {}


def fans(shape: Shape) -> tuple[int, int]:
    """(fan_in, fan_out) of a weight array: how many inputs feed an output, how many outputs an input feeds."""
    field = prod(shape[2:])
    return shape[1] * field, shape[0] * field


def costs(network: Network, bytes_per_number: int = 4) -> list[Cost]:
    """One bill a step of `trace`; raises NetworkError as it does. A block's own bill is that of its sum or join: what is
    within it has bills of its own."""
    bills: list[Cost] = []
    _charge(outline(network), Sight(), bytes_per_number, bills)
    return bills


def _charge(row: tuple[Step, ...], sight: Sight | None, bytes_per_number: int, bills: list[Cost]) -> Sight | None:
    """Writes the bills of a row's steps, of those within blocks first; what is seen at its end."""
    for step in row:
        first = len(bills)
        if step.rows:
            sight = _widest([_charge(inner, sight, bytes_per_number, bills) for inner in step.rows])
        else:
            sight = _receptive(step, sight)
        shapes = weight_shapes(step)
        bills.append(
            Cost(
                step=step,
                parameters=sum(prod(shape) for shape in shapes.values()),
                parameter_text=_parameter_text(shapes),
                multiply_adds=_multiply_adds(step, shapes),
                activation_bytes=prod(step.output) * bytes_per_number,
                receptive_field=sight.field if sight else None,
                jump=sight.jump if sight else None,
                parameters_inside=sum(bill.parameters for bill in bills[first:]),
            )
        )
    return sight


def parameters(network: Network) -> int:
    return sum(bill.parameters for bill in costs(network))


def training_bytes(network: Network, batch: int, bytes_per_number: int = 4, slots: int = 0) -> int:
    """Bytes held while training: weights, gradients, `slots` arrays a weight for the optimizer, and each activation
    with its gradient for a whole batch. Frameworks add workspace of their own."""
    bills = costs(network, bytes_per_number)
    weights = sum(bill.parameters for bill in bills) * bytes_per_number
    inputs = prod(network.input_shape) * bytes_per_number
    return weights * (2 + slots) + 2 * batch * (inputs + sum(bill.activation_bytes for bill in bills))


def _multiply_adds(step: Step, shapes: dict[str, Shape]) -> int:
    """Dense: one for each weight. Convolution: every weight once for each output position."""
    if not shapes:
        return 0
    return prod(shapes["weights"]) * prod(step.output[1:])


def _parameter_text(shapes: dict[str, Shape]) -> str:
    if not shapes:
        return "0"
    weights, biases = shapes["weights"], shapes["biases"]
    return " * ".join(map(str, weights)) + f" + {biases[0]} = {prod(weights) + biases[0]:,}"


def _receptive(step: Step, sight: Sight | None) -> Sight | None:
    """Each layer adds (reach - 1) jumps to the field and multiplies the jump by its stride."""
    match step.layer:
        case Conv2D(kernel=kernel, stride=stride, dilation=dilation):
            spans = reach(kernel[0], dilation[0]), reach(kernel[1], dilation[1])
        case Pool(window=spans, step=stride):
            pass
        case Flatten() | Dense():
            return None
        case _:
            return sight
    if sight is None:
        return None
    (height, width), (down, right) = sight.field, sight.jump
    field = height + (spans[0] - 1) * down, width + (spans[1] - 1) * right
    return Sight(field, (down * stride[0], right * stride[1]))


def _widest(sights: list[Sight | None]) -> Sight | None:
    """Where ways meet, an output sees what the widest of them sees."""
    fields = [sight.field for sight in sights if sight is not None]
    jumps = [sight.jump for sight in sights if sight is not None]
    if len(fields) < len(sights):
        return None
    return Sight(_largest(fields), _largest(jumps))


def _largest(pairs: list[tuple[int, int]]) -> tuple[int, int]:
    heights, widths = zip(*pairs, strict=True)
    return max(heights), max(widths)
