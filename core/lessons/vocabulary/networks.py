"""Networks, given as a preset's name or as one line of layers: their shapes, parameters and receptive fields."""

from collections.abc import Sequence

from core.experiment import presets
from core.network import costs, notation
from core.network.network import Network


__all__ = ["network_field", "network_parameters", "network_shape", "whole_batches"]

Shape = Sequence[int] | None
"""(channels, height, width) of the input; not needed for a preset."""


def network_shape(network: str, layer: str = "", shape: Shape = None) -> tuple[int, ...]:
    """The shape for one image after a layer such as "conv2", or at the end of the network."""
    return _cost(network, layer, shape).step.output


def network_parameters(network: str, layer: str = "", shape: Shape = None) -> int:
    """The number of parameters of one layer, or of the whole network."""
    return _cost(network, layer, shape).parameters if layer else costs.parameters(_network(network, shape))


def network_field(network: str, layer: str, shape: Shape = None) -> list[int]:
    """[receptive field, jump] of a layer in cells of the input, along the height."""
    cost = _cost(network, layer, shape)
    if cost.receptive_field is None or cost.jump is None:
        raise ValueError(f"{layer} sees the whole input: name a convolution or pooling layer")
    return [cost.receptive_field[0], cost.jump[0]]


def whole_batches(images: int, batch: int) -> int:
    """How many images remain when the last, incomplete batch is dropped."""
    return images // batch * batch


def _network(network: str, shape: Shape) -> Network:
    if network in presets.names():
        return presets.get(network).network()
    if shape is None:
        raise ValueError(f"{network!r} is not a preset: give the shape (channels, height, width) of its input, too")
    channels, height, width = map(int, shape)
    return notation.network(network, (channels, height, width))


def _cost(network: str, layer: str, shape: Shape) -> costs.Cost:
    layer_costs = costs.costs(_network(network, shape))
    return next(cost for cost in layer_costs if cost.step.layer.name == layer) if layer else layer_costs[-1]
