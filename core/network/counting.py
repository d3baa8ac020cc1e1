"""How many parameters, multiply-adds and bytes a network needs, and how far each unit sees."""

from dataclasses import dataclass
from math import prod

from core.network.layers import Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.network.shapes import Shape, Step, product_text, reach, trace


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
    """One bill a layer; raises NetworkError as `trace` does."""
    bills, field, jump = [], (1, 1), (1, 1)
    for step in trace(network):
        if field is not None:
            field, jump = _receptive(step, field, jump)
        shapes = weight_shapes(step)
        bills.append(
            Cost(
                step=step,
                parameters=sum(prod(shape) for shape in shapes.values()),
                parameter_text=_parameter_text(shapes),
                multiply_adds=_multiply_adds(step, shapes),
                activation_bytes=prod(step.output) * bytes_per_number,
                receptive_field=field,
                jump=jump,
            )
        )
    return bills


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
    return f"{product_text(weights)} + {biases[0]:,} = {prod(weights) + biases[0]:,}"


def _receptive(step: Step, field, jump):
    """Each layer adds (reach - 1) jumps to the field and multiplies the jump by its stride."""
    match step.layer:
        case Conv2D(kernel=kernel, stride=stride, dilation=dilation):
            spans = tuple(reach(k, d) for k, d in zip(kernel, dilation, strict=True))
        case Pool(window=window) as pool:
            spans, stride = window, pool.step
        case Flatten() | Dense():
            return None, None
        case _:
            return field, jump
    field = tuple(f + (span - 1) * j for f, span, j in zip(field, spans, jump, strict=True))
    jump = tuple(j * s for j, s in zip(jump, stride, strict=True))
    return field, jump
