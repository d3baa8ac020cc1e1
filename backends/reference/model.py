"""Forward, backward and a step, in NumPy: the definition that the other backends are tested against."""

import os
import platform
from dataclasses import dataclass, field
from functools import partial

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


IMAGES_AT_ONCE = 256
"""How many images go through the network together when nothing has to come back."""

one_thread = ThreadpoolController().wrap(limits=1, user_api="blas")
"""The matrix products of one block of images are small: BLAS threads would wait for one another longer than they
compute (on two cores a step of small-keras-cnn took 14 ms with one thread, 60 ms with two)."""

quietly = np.errstate(over="ignore", invalid="ignore")
"""As in the frameworks, a run that explodes gives inf and nan without a warning: the loop looks at the loss."""


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
        seen = [Trace() for _ in _parts(x)]
        for part, of_part in zip(_parts(x), seen, strict=True):
            self._forward(part, of_part)
        return {name: np.concatenate([of_part.outputs[name] for of_part in seen]) for name in self._own}

    @one_thread
    @quietly
    def gradients(self, x: Array, seed: Array) -> Gradients:
        seen = Trace()
        _, backprop = self._forward(x, seen)
        dx, dweights = backprop(np.asarray(seed, self._dtype))
        return Gradients(dx, self._in_order(dweights), {name: seen.gradients[name] for name in self._own})

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

    def _loss(self, rows: Array, masks: Masks) -> tuple[float, Weights]:
        """Of one batch and of the weights' size, with its gradients."""
        outputs, backprop = self._forward(self._x[rows], Trace(), masks)
        loss, doutputs = losses.batch_loss(
            self._training_loss, outputs, self._y[rows], self._weight[rows], self._offsets
        )
        gradients = self._in_order(backprop(doutputs)[1])
        for name, penalty in self._penalties.items():
            loss = loss + penalties.cost(self._weights[name], penalty)
            gradients[name] = gradients[name] + penalties.gradient(self._weights[name], penalty)
        return loss, gradients

    def _forward(self, x: Array, seen: "Trace", masks: Masks | None = None):
        """-> logits and backprop(dlogits) -> dx, {"conv1.weights": ...}. Masks mean training: dropout is on, and below
        the lowest layer that learns no gradient is wanted; batch norm takes the batch's statistics."""
        return self._row(self._outline, seen, masks)(np.asarray(x, self._dtype))

    def _row(self, steps, seen: "Trace", masks: Masks | None):
        return combinators.chain([seen.noting(step.layer.name, self._layer(step, seen, masks)) for step in steps])

    def _layer(self, step: Step, seen: "Trace", masks: Masks | None):
        """The layer as a function x -> y, backprop; a block puts the rows within it together."""
        match step.layer:
            case Residual():
                return combinators.add(*(self._row(row, seen, masks) for row in step.rows))
            case Branches():
                return combinators.join([self._row(row, seen, masks) for row in step.rows])
        return self._plain(step.layer, masks)

    def _plain(self, layer, masks: Masks | None):
        training = masks is not None
        weights = {part: self._weights[f"{layer.name}.{part}"] for part in self._own[layer.name]}
        mask = masks[layer.name] if training and isinstance(layer, Dropout) else None

        def named(x):
            known = self._known(layer, x, training) if isinstance(layer, BatchNorm) else None
            y, backprop = forward(layer, x, weights, mask, not (training and layer.name == self._lowest_learner), known)
            return y, lambda dy: _under_name(layer.name, *backprop(dy))

        return named

    def _known(self, layer: BatchNorm, x: Array, training: bool) -> Weights | None:
        """A layer's running statistics; while training none, but they are moved."""
        names = {part: f"{layer.name}.{part}" for part in ("running_mean", "running_variance")}
        known = {part: self._statistics[name] for part, name in names.items()}
        if not training:
            return known
        after = moved_statistics(layer, x, known)
        self._statistics = self._statistics | {name: after[part] for part, name in names.items()}
        return None

    def _in_order(self, gradients: Weights) -> Weights:
        return {name: gradients[name] for name in self._weights}


@dataclass
class Trace:
    """What passes while a batch goes through the network and its gradient comes back, by layer."""

    outputs: dict[str, Array] = field(default_factory=dict)
    gradients: dict[str, Array] = field(default_factory=dict)

    def noting(self, name: str, layer):
        """The same function, that leaves a note of each."""

        def forward(x):
            self.outputs[name], backprop = layer(x)
            return self.outputs[name], lambda dy: backprop(self.gradients.setdefault(name, dy))

        return forward


def _lowest_learner(row: tuple[Step, ...]) -> str:
    """The layer below which nothing learns; "" where that is a block, with several ways from below."""
    lowest = next((step for step in row if any(map(weight_shapes, flat((step,))))), None)
    return lowest.layer.name if lowest and not lowest.rows else ""


def _under_name(name: str, dx: Array, gradients: Weights) -> tuple[Array, Weights]:
    return dx, {f"{name}.{part}": gradient for part, gradient in gradients.items()}


def _parts(x: Array) -> list[Array]:
    """A long row of images in pieces; a short or empty one is one piece."""
    return [x[start : start + IMAGES_AT_ONCE] for start in range(0, max(len(x), 1), IMAGES_AT_ONCE)]


def _like(own: Array, name: str, arrays: dict[str, Array]) -> Array:
    """A copy of arrays[name] in the precision of our own. Raises BackendError where it is missing or does not fit."""
    if name not in arrays:
        raise BackendError(f"this state has no {name!r}: it belongs to another network")
    if arrays[name].shape != own.shape:
        raise BackendError(
            f"{name!r} has the shape {arrays[name].shape} in this state, but {own.shape} in this network"
        )
    return np.array(arrays[name], own.dtype)


BACKEND = ReferenceBackend()
