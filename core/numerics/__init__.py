"""The subject itself, in NumPy: one idea a file. A layer is `forward(x, ...) -> (y, backprop)`, and `backprop(dy)` gives
`(dx, {"weights": dW, "biases": db})`, or `(dx, {})` where nothing is learnt."""
