"""A bias by itself: one number a map (or feature), or one a unit, added to all images."""


def forward(x, b):
    """x (N, C, ...), b (C,) or (C, ...) -> x + b and the way back."""
    wide = b.reshape(*b.shape, *[1] * (x.ndim - 1 - b.ndim))

    def backprop(dy):
        over = tuple(axis + 1 for axis in range(b.ndim, x.ndim - 1))
        return dy, {"biases": dy.sum(axis=(0, *over))}

    return x + wide, backprop


def added(layer, b):
    """y and backprop of a layer without a bias -> the same with one; `b` None leaves it as it is."""
    if b is None:
        return layer
    y, backprop = layer
    biased, backprop_bias = forward(y, b)

    def both(dy):
        dx, result = backprop(dy)
        return dx, result | backprop_bias(dy)[1]

    return biased, both
