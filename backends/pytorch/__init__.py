"""PyTorch behind the boundary."""

LABEL = "PyTorch"
REQUIRES = "torch"
COLOR = "#EE4C2C"
DASH = "dash"

ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "20000"}
"""Threads that wait for each other spin for some microseconds, not for milliseconds: where two runs share the cores, each
is then almost three times as fast."""
