"""Forward pass, backward pass and training step in NumPy: the definition that the other backends are tested against."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import numpy as np
from threadpoolctl import ThreadpoolController

from backends.reference.layers import forward, moved_statistics
from core.arrays import Array
from core.backend import Backend, BackendError, Device, Gradients, Masks, Model, State, Weights
from core.network.blocks import Branches, Residual
from core.network.costs import weight_shapes
from core.network.layers import BatchNorm, Dropout
from core.network.network import Network
from core.network.running_statistics import initial_statistics
from core.network.shapes import Step, flat, outline
from core.numerics import combinators, losses, optimizers, penalties
from core.recipe.training import TrainingRecipe


Backprop = Callable[[Array], tuple[Any, Weights]]
Function = Callable[[Array], tuple[Array, Backprop]]
"""x -> y and backprop(dy) -> dx, {"conv1.weights": ...}; dx is None where it is not needed."""

F = TypeVar("F", bound=Callable[..., Any])

IMAGES_AT_ONCE = 256
"""The batch size of `predict` and `activations`, which need no gradients."""

one_thread: Callable[[F], F] = ThreadpoolController().wrap(limits=1, user_api="blas")
"""The matrix products of one batch are small, so BLAS threads would spend more time waiting for one another than
computing (on two cores a step of small-keras-cnn took 14 ms with one thread and 60 ms with two)."""

quietly = np.errstate(over="ignore", invalid="ignore")
"""As in the frameworks, a diverging run yields inf and nan without a warning; the training loop checks the loss."""


class ReferenceBackend(Backend):
    def devices(self) -> list[Device]:
        return [Device("cpu", f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")]

    def version(self) -> str:
        return np.__version__

    def build(self, network: Network, weights: Weights, training: TrainingRecipe, device: str = "cpu") -> Model:
        if device != "cpu":
            raise BackendError(f"the NumPy reference computes on the CPU only; there is no device {device!r}")
        return ReferenceModel(network, weights, training)


class ReferenceModel(Model):
    def __init__(self, network: Network, weights: Weights, training: TrainingRecipe):
        self._outline = outline(network)
        self._own = {step.layer.name: tuple(weight_shapes(step)) for step in flat(self._outline)}
        self._lowest_learner = _lowest_learner(self._outline)
        self._classes = self._outline[-1].output[0]
        self._optimizer, self._training_loss = training.optimizer, training.loss
        self._penalties_for = partial(penalties.by_weight, network, training)
        self._dtype = np.dtype(training.precision)
        self._weights = {name: np.array(w, self._dtype) for name, w in weights.items()}
        self._slots = optimizers.empty_slots(self._optimizer, self._weights)
        self._fresh = initial_statistics(network, self._dtype)
        self._statistics = self._fresh
        self._step = 0

    def load(self, x: Array, y: Array, weight: Array | None = None) -> None:
        self._x, self._y = np.asarray(x, self._dtype), np.asarray(y)
        self._weight = np.ones(len(y), self._dtype) if weight is None else np.asarray(weight, self._dtype)
        self._penalties = self._penalties_for(len(y))
        self._offsets = losses.prior_offsets(self._training_loss, self._y, self._classes).astype(self._dtype)

    @one_thread
    @quietly
    def steps(self, order: Array, rates: Array, masks: Masks) -> Array:
        result = np.empty(len(order), self._dtype)
        for s, (rows, rate) in enumerate(zip(order, rates, strict=True)):
            result[s], gradients = self._loss(rows, {name: mask[s] for name, mask in masks.items()})
            self._step += 1
            self._weights, self._slots = optimizers.step(
                self._optimizer, self._weights, gradients, self._slots, self._step, rate
            )
        return result

    @one_thread
    @quietly
    def predict(self, x: Array) -> Array:
        return np.concatenate([self._forward(part, Trace())[0] for part in _parts(x)])

    @one_thread
    @quietly
    def activations(self, x: Array) -> dict[str, Array]:
        parts = _parts(x)
        traces = [Trace() for _ in parts]
        for part, trace in zip(parts, traces, strict=True):
            self._forward(part, trace)
        return {name: np.concatenate([trace.outputs[name] for trace in traces]) for name in self._own}

    @one_thread
    @quietly
    def gradients(self, x: Array, seed: Array) -> Gradients:
        trace = Trace()
        _, backprop = self._forward(x, trace)
        dx, dweights = backprop(np.asarray(seed, self._dtype))
        return Gradients(dx, self._in_order(dweights), {name: trace.gradients[name] for name in self._own})

    def state(self) -> State:
        weights, slots, statistics = (
            {name: a.copy() for name, a in arrays.items()} for arrays in (self._weights, self._slots, self._statistics)
        )
        return State(weights, slots, self._step, statistics=statistics)

    def restore(self, state: State) -> None:
        empty = optimizers.empty_slots(self._optimizer, self._weights)
        self._weights = {name: _like(w, name, state.weights) for name, w in self._weights.items()}
        self._slots = {name: _like(zeros, name, {name: zeros} | state.slots) for name, zeros in empty.items()}
        self._statistics = {
            name: _like(start, name, {name: start} | state.statistics) for name, start in self._fresh.items()
        }
        self._step = state.step

    def _loss(self, rows: Array, masks: Masks) -> tuple[np.floating[Any], Weights]:
        """The loss of one batch plus the penalties, and its gradients."""
        outputs, backprop = self._forward(self._x[rows], Trace(), masks)
        loss, doutputs = losses.batch_loss(
            self._training_loss, outputs, self._y[rows], self._weight[rows], self._offsets
        )
        gradients = self._in_order(backprop(doutputs)[1])
        for name, penalty in self._penalties.items():
            loss = loss + penalties.cost(self._weights[name], penalty)
            gradients[name] = gradients[name] + penalties.gradient(self._weights[name], penalty)
        return loss, gradients

    def _forward(self, x: Array, trace: "Trace", masks: Masks | None = None) -> tuple[Array, Backprop]:
        """-> logits and backprop(dlogits) -> dx, {"conv1.weights": ...}. Masks mean training: dropout is on,
        batch norm uses the statistics of the batch, and below the lowest layer with weights no gradient is computed."""
        return self._row(self._outline, trace, masks)(np.asarray(x, self._dtype))

    def _row(self, steps: tuple[Step, ...], trace: "Trace", masks: Masks | None) -> Function:
        return combinators.chain([trace.recording(step.layer.name, self._layer(step, trace, masks)) for step in steps])

    def _layer(self, step: Step, trace: "Trace", masks: Masks | None) -> Function:
        """The layer as a function x -> y, backprop; a block combines the rows it contains."""
        match step.layer:
            case Residual():
                return combinators.add(*(self._row(row, trace, masks) for row in step.rows))
            case Branches():
                return combinators.join([self._row(row, trace, masks) for row in step.rows])
        return self._plain(step.layer, masks)

    def _plain(self, layer: Any, masks: Masks | None) -> Function:
        training = masks is not None
        weights = {part: self._weights[f"{layer.name}.{part}"] for part in self._own[layer.name]}
        mask = masks[layer.name] if masks is not None and isinstance(layer, Dropout) else None

        def named(x: Array) -> tuple[Array, Backprop]:
            statistics = self._running(layer, x, training) if isinstance(layer, BatchNorm) else None
            need_input_grad = not (training and layer.name == self._lowest_learner)
            y, backprop = forward(layer, x, weights, mask, need_input_grad, statistics)
            return y, lambda dy: _under_name(layer.name, *backprop(dy))

        return named

    def _running(self, layer: BatchNorm, x: Array, training: bool) -> Weights | None:
        """A layer's running statistics. In training they are updated with x, and the result is None."""
        names = {part: f"{layer.name}.{part}" for part in ("running_mean", "running_variance")}
        statistics = {part: self._statistics[name] for part, name in names.items()}
        if not training:
            return statistics
        after = moved_statistics(layer, x, statistics)
        self._statistics = self._statistics | {name: after[part] for part, name in names.items()}
        return None

    def _in_order(self, gradients: Weights) -> Weights:
        return {name: gradients[name] for name in self._weights}


@dataclass
class Trace:
    """Every layer's output and gradient from one forward and backward pass, by layer name."""

    outputs: dict[str, Array] = field(default_factory=dict)
    gradients: dict[str, Array] = field(default_factory=dict)

    def recording(self, name: str, layer: Function) -> Function:
        """The same function, which also records its output and gradient here."""

        def forward(x: Array) -> tuple[Array, Backprop]:
            self.outputs[name], backprop = layer(x)
            return self.outputs[name], lambda dy: backprop(self.gradients.setdefault(name, dy))

        return forward


def _lowest_learner(row: tuple[Step, ...]) -> str:
    """The lowest layer with weights; "" if it is inside a block, which has several paths from below."""
    lowest = next((step for step in row if any(map(weight_shapes, flat((step,))))), None)
    return lowest.layer.name if lowest and not lowest.rows else ""


def _under_name(name: str, dx: Array, gradients: Weights) -> tuple[Array, Weights]:
    return dx, {f"{name}.{part}": gradient for part, gradient in gradients.items()}


def _parts(x: Array) -> list[Array]:
    """x in parts of at most IMAGES_AT_ONCE images; a short or empty x is a single part."""
    return [x[start : start + IMAGES_AT_ONCE] for start in range(0, max(len(x), 1), IMAGES_AT_ONCE)]


def _like(own: Array, name: str, arrays: dict[str, Array]) -> Array:
    """A copy of arrays[name] in the precision of `own`. Raises BackendError if it is missing or has another shape."""
    if name not in arrays:
        raise BackendError(f"this state has no {name!r}: it belongs to another network")
    if arrays[name].shape != own.shape:
        raise BackendError(
            f"{name!r} has the shape {arrays[name].shape} in this state, but {own.shape} in this network"
        )
    return np.array(arrays[name], own.dtype)


BACKEND = ReferenceBackend()
