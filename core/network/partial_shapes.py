"""Layer shapes up to the first layer that does not fit, and why it does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.network.blocks import Layer
from core.network.costs import Cost, costs
from core.network.errors import NetworkError
from core.network.network import Network


@dataclass(frozen=True)
class Track:
    """The cost of each layer that fits; `problem` is the message about the first one that does not, else ""."""

    costs: tuple[Cost, ...]
    problem: str


def track(input_shape: tuple[int, int, int], layers: Sequence[Layer]) -> Track:
    """Never raises NetworkError: the result reports the layer that does not fit."""
    for count in range(len(layers), 0, -1):
        try:
            network = Network(input_shape=input_shape, layers=tuple(layers[:count]))
            result = tuple(costs(network))
        except NetworkError as error:
            problem = f"{error.problem}. Try: {'; or '.join(map(str, error.repairs))}."
        else:
            return Track(result, problem if count < len(layers) else "")
    return Track((), problem if layers else "")
