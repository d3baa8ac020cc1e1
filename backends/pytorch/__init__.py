"""The PyTorch backend."""

LABEL = "PyTorch"
REQUIRES = "torch"
COLOR = "#EE4C2C"
DASH = "dash"

ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "20000"}
"""Waiting threads spin for microseconds instead of milliseconds: when two runs share the cores, this makes each almost
three times as fast."""
