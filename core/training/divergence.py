"""When training blows up: which layer was the first, told by the weights, outputs and gradients at that point."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.backend import Model, State
from core.numerics import losses


@dataclass(frozen=True)
class FirstOverflow:
    """The first numbers that are none, or so large that their square is none."""

    layer: str
    what: str
    """weights, biases, output or gradient"""
    largest: float

    def __str__(self) -> str:
        size = "no number any more" if np.isnan(self.largest) else f"largest {self.largest:.1e}"
        return f"{self.layer}'s {self.what} overflowed first ({size})"


Batch = Callable[[int], tuple[Array, Array]]


def find_first_overflow(
    model: Model, before: State, bad: int, remake: Callable[[int], None], batch: Batch, loss
) -> FirstOverflow | None:
    """Of the loss of step number `bad`, which is no number. `before` is a state of some step before it; `remake(n)`
    makes step n again, `batch(n)` gives its x and y. Two steps are looked at, forward and then backward: `bad` and the
    one before it, whose gradient made the weights. None where every number is in bounds."""
    model.restore(before)
    for step in range(before.step + 1, bad):
        if step == bad - 1 and (result := first(everything(model, batch(step), loss))):
            return result
        remake(step)
    return first(everything(model, batch(bad), loss))


def first(numbers: Iterator[tuple[str, str, Array]]) -> FirstOverflow | None:
    for layer, what, values in numbers:
        largest = float(np.max(np.abs(values), initial=0))
        if not largest < np.sqrt(np.finfo(values.dtype).max):
            return FirstOverflow(layer, what, largest)
    return None


def everything(model: Model, batch: tuple[Array, Array], loss) -> Iterator[tuple[str, str, Array]]:
    """Forward, then backward from the last layer: (layer, what, numbers), dropout off."""
    x, y = batch
    outputs = yield from forward(model, x)
    *_, logits = outputs.values()
    with np.errstate(all="ignore"):
        _, seed = losses.batch_loss(loss, logits, y)
    gradients = model.gradients(x, seed)
    for layer in reversed(outputs):
        yield layer, "gradient", gradients.activations.get(layer, np.zeros(1))
        for _, values in _parts(gradients.weights, layer):
            yield layer, "gradient", values


def forward(model: Model, x: Array):
    """Each layer's weights and output, in order. -> the outputs"""
    weights, outputs = model.state().weights, model.activations(x)
    for layer, output in outputs.items():
        for part, values in _parts(weights, layer):
            yield layer, part, values
        yield layer, "output", output
    return outputs


def _parts(arrays: dict[str, Array], layer: str) -> list[tuple[str, Array]]:
    return [(name.removeprefix(f"{layer}."), a) for name, a in arrays.items() if name.startswith(f"{layer}.")]
