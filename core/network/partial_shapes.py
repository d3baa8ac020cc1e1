"""Layers in a row as far as they go: the shape after each, and where and why it ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.network.blocks import Layer
from core.network.costs import Cost, costs
from core.network.errors import NetworkError
from core.network.network import Network


@dataclass(frozen=True)
class Track:
    """One bill for each layer that can be; `problem` is the sentence of the first that cannot."""

    costs: tuple[Cost, ...]
    problem: str


def track(input_shape: tuple[int, int, int], layers: Sequence[Layer]) -> Track:
    """Never raises NetworkError: what does not fit is told."""
    for count in range(len(layers), 0, -1):
        try:
            network = Network(input_shape=input_shape, layers=tuple(layers[:count]))
            result = tuple(costs(network))
        except NetworkError as error:
            problem = f"{error.problem}. Try: {'; or '.join(map(str, error.repairs))}."
        else:
            return Track(result, problem if count < len(layers) else "")
    return Track((), problem if layers else "")
