"""Another order of the layers that comes to the same with less work, for backends that train in it."""

from core.network.layers import Activation, Pool
from core.network.network import Network


def training_order(network: Network) -> list[str]:
    """The layers' names as training runs them: a max pool before the ReLU in front of it. The largest relu(x) is the
    relu of the largest x, and so are their gradients, for a fraction of the work."""
    order = list(network.layers)
    for place in range(1, len(order)):
        match order[place - 1 : place + 1]:
            case [Activation(function="relu") as relu, Pool(how="max") as pool]:
                order[place - 1 : place + 1] = pool, relu
    return [layer.name for layer in order]
