"""When training diverges: find the layer whose weights, output or gradient overflowed first."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.backend import Model, State
from core.numerics import losses
from core.recipe.losses import Loss


@dataclass(frozen=True)
class FirstOverflow:
    """The first array with a number that is not finite, or so large that its square is not finite."""

    layer: str
    what: str
    """weights, biases, output or gradient"""
    largest: float

    def __str__(self) -> str:
        size = "not a number" if np.isnan(self.largest) else f"largest {self.largest:.1e}"
        return f"{self.layer}'s {self.what} overflowed first ({size})"


Batch = Callable[[int], tuple[Array, Array]]
"""Step number -> x and y of its batch."""
NamedArray = tuple[str, str, Array]
"""Layer name; "weights", "biases", "output" or "gradient"; the numbers."""


def find_first_overflow(
    model: Model, before: State, bad_step: int, repeat: Callable[[int], None], batch: Batch, loss: Loss
) -> FirstOverflow | None:
    """Find what made the loss of step number `bad_step` infinite or NaN; None if every number is in range.

    `before` is the state after an earlier step; `repeat(n)` makes step n again, `batch(n)` returns its x and y. Two
    steps are examined, first forward, then backward: `bad_step`, and the step before it, whose gradient produced the
    current weights.
    """
    model.restore(before)
    for step in range(before.step + 1, bad_step):
        if step == bad_step - 1 and (overflow := first(everything(model, batch(step), loss))):
            return overflow
        repeat(step)
    return first(everything(model, batch(bad_step), loss))


def first(arrays: Iterator[NamedArray]) -> FirstOverflow | None:
    """The first of these arrays that overflowed; None if all are in range."""
    for layer, what, values in arrays:
        largest = float(np.max(np.abs(values), initial=0))
        if not largest < np.sqrt(np.finfo(values.dtype).max):
            return FirstOverflow(layer, what, largest)
    return None


def everything(model: Model, batch: tuple[Array, Array], loss: Loss) -> Iterator[NamedArray]:
    """Everything that one step computes: forward, then backward from the last layer, with dropout off."""
    x, y = batch
    outputs = yield from forward(model, x)
    *_, logits = outputs.values()
    with np.errstate(all="ignore"):
        _, seed = losses.batch_loss(loss, logits, y)
    gradients = model.gradients(x, seed)
    for layer in reversed(outputs):
        yield layer, "gradient", gradients.activations.get(layer, np.zeros(1))
        for _, values in _arrays_of(gradients.weights, layer):
            yield layer, "gradient", values


def forward(model: Model, x: Array) -> Generator[NamedArray, None, dict[str, Array]]:
    """Yields each layer's weights and output, in order; returns the outputs by layer name."""
    weights, outputs = model.state().weights, model.activations(x)
    for layer, output in outputs.items():
        for part, values in _arrays_of(weights, layer):
            yield layer, part, values
        yield layer, "output", output
    return outputs


def _arrays_of(arrays: dict[str, Array], layer: str) -> list[tuple[str, Array]]:
    return [(name.removeprefix(f"{layer}."), a) for name, a in arrays.items() if name.startswith(f"{layer}.")]
