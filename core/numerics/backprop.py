"""The type of the backward pass that every layer here returns with its output."""

from collections.abc import Callable
from typing import Any

from core.arrays import Array


Backprop = Callable[[Array], tuple[Any, dict[str, Array]]]
"""dy -> (dx, {"weights": dW, ...}). dx is an Array, or None if nothing below the layer needs it."""
Layer = Callable[[Array], tuple[Array, Backprop]]
"""x -> (y, backprop)."""
