"""The layers that can be added on Build, each with its default values, and groups of several layers."""

from typing import Any


NEW_LAYERS: dict[str, dict[str, Any]] = {
    "conv2d": {"filters": 16, "kernel_size": 3},
    "locally_connected": {"filters": 4, "kernel_size": 3},
    "pool": {"mode": "max", "window": 2},
    "global_average_pool": {},
    "activation": {"function": "relu"},
    "batch_norm": {"momentum": 0.9, "epsilon": 1e-5},
    "bias": {"bias": "per channel"},
    "flatten": {},
    "dense": {"units": 64},
    "dropout": {"rate": 0.5},
    "residual": {
        "layers": [
            {"kind": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same"},
            {"kind": "activation", "function": "relu"},
            {"kind": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same"},
        ],
        "shortcut": "1x1",
    },
    "branches": {
        "rows": [
            [{"kind": "conv2d", "filters": 8, "kernel_size": 1}],
            [{"kind": "conv2d", "filters": 8, "kernel_size": 3, "padding": "same"}],
            [{"kind": "pool", "mode": "max", "window": 3, "stride": 1, "padding": "same"}],
        ]
    },
}
OF_MAPS = ("conv2d", "locally_connected", "pool", "global_average_pool", "residual", "branches")
"""Kinds of layers that take feature maps."""
_CONV: dict[str, Any] = {"kind": "conv2d", "filters": 16, "kernel_size": 5}
_POOL: dict[str, Any] = {"kind": "pool"}
_ACTIVATION: dict[str, Any] = {"kind": "activation"}
BLOCKS: dict[str, tuple[dict[str, Any], ...]] = {
    "conv, pool, bias, activation": (
        {**_CONV, "bias": "none"},
        {**_POOL, **NEW_LAYERS["pool"]},
        {"kind": "bias", "bias": "per channel"},
        {**_ACTIVATION, "function": "tanh"},
    ),
    "conv, bias, activation, pool": (
        {**_CONV, "bias": "none"},
        {"kind": "bias", "bias": "per channel"},
        {**_ACTIVATION, "function": "relu"},
        {**_POOL, **NEW_LAYERS["pool"]},
    ),
}
"""Both orders of the conv-pool block: as in network3 and the Theano tutorials, and as in TensorFlow's."""
