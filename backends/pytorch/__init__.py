"""PyTorch behind the boundary."""

LABEL = "PyTorch"
REQUIRES = "torch"
COLOR = "#EE4C2C"
DASH = "dash"
