"""The mathematics of convolutional networks in NumPy, one idea per file.

A layer is a function `forward(x, ...) -> (y, backprop)`. `backprop(dy)` returns `(dx, {"weights": dW, "biases": db})`,
or `(dx, {})` if the layer has nothing to learn.
"""
