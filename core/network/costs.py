"""How many parameters, connections, units, multiply-adds and bytes a network needs, and each unit's receptive field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod

from core.network.layers import BatchNorm, Bias, Conv2D, Dense, Flatten, GlobalAveragePool, LocallyConnected, Pool
from core.network.network import Network
from core.network.shapes import Shape, Step, flat, outline, pads, product_text, reach, trace


@dataclass(frozen=True)
class Cost:
    """What one layer costs for one image."""

    step: Step
    parameters: int
    parameter_text: str
    multiply_adds: int
    connections: int
    """How often its parameters are used: a shared one counts once per position, and padding counts like any cell."""
    activation_bytes: int
    """Bytes of this layer's output for one image."""
    receptive_field: tuple[int, int] | None
    """Input cells (height, width) that one output depends on; None once that is the whole input."""
    jump: tuple[int, int] | None
    """Distance in input cells between two neighbouring outputs."""
    start: tuple[int, int] | None = None
    """The first input cell (row, column) that output (0, 0) depends on; negative where it is padding."""
    parameters_inside: int = 0
    """For a block: the total of the layers inside it, each of which has a cost of its own in the list."""


@dataclass(frozen=True)
class ReceptiveField:
    """The input cells that one output depends on, the distance between two neighbouring outputs, and the first cell of
    output (0, 0). For the input itself, field and jump are one cell."""

    field: tuple[int, int] = (1, 1)
    jump: tuple[int, int] = (1, 1)
    start: tuple[int, int] = (0, 0)


def weight_shapes(step: Step) -> dict[str, Shape]:
    """{"weights": ..., "biases": ...} of a layer with parameters, {} for any other."""
    match step.layer:
        case Dense(units=units, bias=bias):
            return {"weights": (units, step.input[0])} | _biases(bias, step)
        case Conv2D(filters=filters, kernel_size=kernel_size, inputs_per_filter=inputs_per_filter, bias=bias):
            return {"weights": (filters, inputs_per_filter or step.input[0], *kernel_size)} | _biases(bias, step)
        case LocallyConnected(filters=filters, kernel_size=kernel_size, bias=bias):
            return {"weights": (filters, step.input[0], *kernel_size, *step.output[1:])} | _biases(bias, step)
        case Bias(bias=bias):
            return _biases(bias, step)
        case BatchNorm():
            return {"gamma": step.input[:1], "beta": step.input[:1]}
    return {}


def _biases(bias: str, step: Step) -> dict[str, Shape]:
    if bias == "none":
        return {}
    return {"biases": step.output if bias == "per unit" else step.output[:1]}


def fans(step: Step) -> tuple[float, float]:
    """(fan_in, fan_out) of a layer's weights: how many inputs feed an output, and how many outputs an input feeds (away
    from the borders, at stride 1; on average if filters read only some of the channels)."""
    shape = weight_shapes(step).get("weights")
    if shape is None:  # a bias, or gamma and beta: one number in, one out
        return 1, 1
    field = prod(shape[2:4])
    return shape[1] * field, shape[0] * field * shape[1] / step.input[0]


def costs(network: Network, bytes_per_number: int = 4) -> list[Cost]:
    """One cost per step of `trace`; raises NetworkError as `trace` does. A block's cost covers only its sum or
    concatenation: the layers inside have their own."""
    layer_costs: list[Cost] = []
    _add_costs(outline(network), ReceptiveField(), bytes_per_number, layer_costs)
    return layer_costs


def _add_costs(
    row: tuple[Step, ...], field_seen: ReceptiveField | None, bytes_per_number: int, layer_costs: list[Cost]
) -> ReceptiveField | None:
    """Appends the costs of a row's steps, a block's contents before the block. Returns the row's receptive field."""
    for step in row:
        first = len(layer_costs)
        if step.rows:
            field_seen = _widest([_add_costs(inner, field_seen, bytes_per_number, layer_costs) for inner in step.rows])
        else:
            field_seen = _receptive(step, field_seen)
        shapes = weight_shapes(step)
        layer_costs.append(
            Cost(
                step=step,
                parameters=sum(prod(shape) for shape in shapes.values()),
                parameter_text=_parameter_text(shapes),
                multiply_adds=_multiply_adds(step, shapes),
                connections=sum(_uses(step, shape) for shape in shapes.values()),
                activation_bytes=prod(step.output) * bytes_per_number,
                receptive_field=field_seen.field if field_seen else None,
                jump=field_seen.jump if field_seen else None,
                start=field_seen.start if field_seen else None,
                parameters_inside=sum(cost.parameters for cost in layer_costs[first:]),
            )
        )
    return field_seen


def outermost(layer_costs: list[Cost]) -> list[Cost]:
    """The costs of the layers that are not inside a block."""
    within = {step.layer.name for cost in layer_costs for row in cost.step.rows for step in flat(row)}
    return [cost for cost in layer_costs if cost.step.layer.name not in within]


def parameters(network: Network) -> int:
    return sum(cost.parameters for cost in costs(network))


def connections(network: Network) -> int:
    """How often parameters are used for one image: the lines in a drawing that shows every unit."""
    return sum(cost.connections for cost in costs(network))


def units(network: Network) -> int:
    """Input cells plus the outputs of all layers with weights; pools and activations add none."""
    summing = [step for step in trace(network) if "weights" in weight_shapes(step)]
    return prod(network.input_shape) + sum(prod(step.output) for step in summing)


def training_bytes(network: Network, batch: int, bytes_per_number: int = 4, slots: int = 0) -> int:
    """Bytes held while training: weights, gradients, `slots` numbers per weight for the optimizer, and all activations
    and their gradients for one batch. Frameworks need extra workspace."""
    layer_costs = costs(network, bytes_per_number)
    weights = sum(cost.parameters for cost in layer_costs) * bytes_per_number
    inputs = prod(network.input_shape) * bytes_per_number
    return weights * (2 + slots) + 2 * batch * (inputs + sum(cost.activation_bytes for cost in layer_costs))


def _multiply_adds(step: Step, shapes: dict[str, Shape]) -> int:
    """Every use of a weight, and one for each number that batch norm scales; adding a bias does not count."""
    return sum(_uses(step, shapes[part]) for part in ("weights", "gamma") if part in shapes)


def _uses(step: Step, shape: Shape) -> int:
    """How often parameters of this shape are used for one image: shared ones at every position."""
    unshared = shape == step.output or len(shape) == 6  # one bias per unit, or a kernel per position
    return prod(shape) * (1 if unshared else prod(step.output[1:]))


def _parameter_text(shapes: dict[str, Shape]) -> str:
    """20 * 1 * 5 * 5 + 20 = 520"""
    if not shapes:
        return "0"
    terms = map(product_text, shapes.values())
    return " + ".join(terms) + f" = {sum(map(prod, shapes.values())):,}"


def _receptive(step: Step, field_seen: ReceptiveField | None) -> ReceptiveField | None:
    """A layer adds (reach - 1) jumps to the receptive field, begins one jump earlier for each cell of padding, and
    multiplies the jump by its stride."""
    match step.layer:
        case (
            Conv2D(kernel_size=kernel_size, stride=stride, dilation=dilation)
            | LocallyConnected(kernel_size=kernel_size, stride=stride, dilation=dilation)
        ):
            spans = reach(kernel_size[0], dilation[0]), reach(kernel_size[1], dilation[1])
        case Pool(window=spans, step=stride):
            pass
        case Flatten() | Dense() | GlobalAveragePool():
            return None
        case _:
            return field_seen
    if field_seen is None:
        return None
    (height, width), (down, right), (top, left) = field_seen.field, field_seen.jump, field_seen.start
    (above, _), (before, _) = pads(step.layer, *step.input[1:])
    field = height + (spans[0] - 1) * down, width + (spans[1] - 1) * right
    return ReceptiveField(field, (down * stride[0], right * stride[1]), (top - above * down, left - before * right))


def _widest(fields_seen: list[ReceptiveField | None]) -> ReceptiveField | None:
    """Where the paths of a block merge, an output depends on the cells of all of them."""
    fields = [field_seen for field_seen in fields_seen if field_seen is not None]
    if len(fields) < len(fields_seen):
        return None
    starts = _of_both(min, [one.start for one in fields])
    ends = _of_both(max, [(one.start[0] + one.field[0], one.start[1] + one.field[1]) for one in fields])
    jump = _of_both(max, [one.jump for one in fields])
    return ReceptiveField((ends[0] - starts[0], ends[1] - starts[1]), jump, starts)


def _of_both(choose: Callable[[Iterable[int]], int], pairs: list[tuple[int, int]]) -> tuple[int, int]:
    heights, widths = zip(*pairs, strict=True)
    return choose(heights), choose(widths)
