"""Networks: a preset's name or one line of layers; their shapes, parameters and receptive fields."""

from core.experiment import presets
from core.network import costs, notation
from core.network.network import Network


__all__ = ["network_field", "network_parameters", "network_shape", "whole_batches"]


def network_shape(network: str, layer: str = "", shape=None) -> tuple[int, ...]:
    """The shape after a layer ("conv2"), or at the end, for one image."""
    return _bill(network, layer, shape).step.output


def network_parameters(network: str, layer: str = "", shape=None) -> int:
    """Of one layer, or of all."""
    made = _network(network, shape)
    return _bill(network, layer, shape).parameters if layer else costs.parameters(made)


def network_field(network: str, layer: str, shape=None) -> list[int]:
    """[receptive field, jump] in cells of the input, along the height."""
    cost = _bill(network, layer, shape)
    if cost.receptive_field is None or cost.jump is None:
        raise ValueError(f"{layer} sees the whole input")
    return [cost.receptive_field[0], cost.jump[0]]


def whole_batches(images: int, batch: int) -> int:
    """How many images are left when the last, incomplete batch is dropped."""
    return images // batch * batch


def _network(network: str, shape) -> Network:
    if network in presets.names():
        return presets.get(network).network()
    channels, height, width = map(int, shape)
    return notation.network(network, (channels, height, width))


def _bill(network: str, layer: str, shape) -> costs.Cost:
    layer_costs = costs.costs(_network(network, shape))
    return next(cost for cost in layer_costs if cost.step.layer.name == layer) if layer else layer_costs[-1]
