"""From the description of a layer to its function in core.maths."""

from core.maths import activations, convolution, dense, dropout, pooling
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.shapes import pads


def forward(layer, x, weights, mask=None, input_too=True):
    """-> y and backprop(dy) -> dx, {"weights": ..., "biases": ...}. `weights` are this layer's, under the same two
    names; without a mask dropout is off; `input_too=False`: nobody will look at dx."""
    match layer:
        case Conv2D(stride=stride, dilation=dilation):
            sides = pads(layer, *x.shape[2:])
            return convolution.forward(x, weights["weights"], weights["biases"], sides, stride, dilation, input_too)
        case Dense():
            return dense.forward(x, weights["weights"], weights["biases"])
        case Pool():
            return _POOLS[layer.how](x, layer.window, layer.step, pads(layer, *x.shape[2:]))
        case Activation():
            return activate(layer, x)
        case Flatten():
            return dense.flatten(x)
        case Dropout(rate=rate):
            return activations.linear(x) if mask is None else dropout.forward(x, mask, rate)
    raise TypeError(f"the reference has no {type(layer).__name__}")


def activate(layer: Activation, x):
    match layer.function:
        case "leaky_relu":
            return activations.leaky_relu(x, layer.slope)
        case "elu":
            return activations.elu(x, layer.alpha)
        case "maxout":
            return activations.maxout(x, layer.pieces)
    return _PLAIN_ACTIVATIONS[layer.function](x)


_POOLS = {"max": pooling.maximum, "average": pooling.average, "sum": pooling.total, "l2": pooling.l2}
_PLAIN_ACTIVATIONS = {
    "linear": activations.linear,
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "relu": activations.relu,
    "softmax": activations.softmax,
}
