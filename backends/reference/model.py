"""Forward, backward and a step, in NumPy: the definition that the other backends are tested against."""

import os
import platform
from collections.abc import Iterator
from functools import partial

import numpy as np
from threadpoolctl import ThreadpoolController

from backends.reference.layers import forward, moved_statistics
from core.backend import Array, Backend, BackendError, Device, Gradients, Masks, Model, State, Weights
from core.experiment import TrainingRecipe
from core.maths import losses, optimizers, penalties
from core.network.counting import weight_shapes
from core.network.layers import BatchNorm, Dropout
from core.network.network import Network
from core.network.shapes import trace
from core.network.statistics import initial_statistics


PICTURES_AT_ONCE = 256
"""How many pictures go through the network together when nothing has to come back."""

one_thread = ThreadpoolController().wrap(limits=1, user_api="blas")
"""The matrix products of one block of pictures are small: BLAS threads would wait for one another longer than they
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
        steps = trace(network)
        self._layers = network.layers
        self._own = {step.layer.name: tuple(weight_shapes(step)) for step in steps}
        self._lowest_learner = next((name for name, parts in self._own.items() if parts), None)
        self._classes = steps[-1].output[0]
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
        found = np.empty(len(order), self._dtype)
        for s, (rows, rate) in enumerate(zip(order, rates, strict=True)):
            found[s], gradients = self._loss(rows, {name: mask[s] for name, mask in masks.items()})
            self._step += 1
            self._weights, self._slots = optimizers.step(
                self._optimizer, self._weights, gradients, self._slots, self._step, rate
            )
        return found

    @one_thread
    @quietly
    def predict(self, x: Array) -> Array:
        return np.concatenate([self._outputs(part)[-1] for part in _parts(x)])

    @one_thread
    @quietly
    def activations(self, x: Array) -> dict[str, Array]:
        parts = [self._outputs(part) for part in _parts(x)]
        return {layer.name: np.concatenate(ys) for layer, *ys in zip(self._layers, *parts, strict=True)}

    @one_thread
    @quietly
    def gradients(self, x: Array, seed: Array) -> Gradients:
        ways_back = [backprop for _, backprop in self._forward(x)]
        return self._backward(ways_back, np.asarray(seed, self._dtype))

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
        outputs, ways_back = zip(*self._forward(self._x[rows], masks), strict=True)
        loss, doutputs = losses.of_batch(
            self._training_loss, outputs[-1], self._y[rows], self._weight[rows], self._offsets
        )
        gradients = self._backward(ways_back, doutputs).weights
        for name, penalty in self._penalties.items():
            loss = loss + penalties.cost(self._weights[name], penalty)
            gradients[name] = gradients[name] + penalties.gradient(self._weights[name], penalty)
        return loss, gradients

    def _outputs(self, x: Array) -> list[Array]:
        return [y for y, _ in self._forward(x)]

    def _forward(self, x: Array, masks: Masks | None = None) -> Iterator[tuple]:
        """Each layer's output and way back, in order. Masks mean training: dropout is on, and below the lowest layer
        that learns no gradient is wanted; batch norm takes the batch's statistics."""
        x = np.asarray(x, self._dtype)
        training = masks is not None
        for layer in self._layers:
            weights = {part: self._weights[f"{layer.name}.{part}"] for part in self._own[layer.name]}
            mask = masks[layer.name] if training and isinstance(layer, Dropout) else None
            known = self._known(layer, x, training) if isinstance(layer, BatchNorm) else None
            x, backprop = forward(layer, x, weights, mask, not (training and layer.name == self._lowest_learner), known)
            yield x, backprop

    def _known(self, layer: BatchNorm, x: Array, training: bool) -> Weights | None:
        """A layer's running statistics; while training none, but they are moved."""
        names = {part: f"{layer.name}.{part}" for part in ("running_mean", "running_variance")}
        known = {part: self._statistics[name] for part, name in names.items()}
        if not training:
            return known
        after = moved_statistics(layer, x, known)
        self._statistics = self._statistics | {name: after[part] for part, name in names.items()}
        return None

    def _backward(self, ways_back, dy: Array) -> Gradients:
        """The chain rule, from the logits down, until a layer passes nothing on."""
        doutputs, dweights = {}, {}
        for layer, backprop in zip(reversed(self._layers), reversed(ways_back), strict=True):
            doutputs[layer.name] = dy
            dy, found = backprop(dy)
            dweights |= {f"{layer.name}.{part}": gradient for part, gradient in found.items()}
            if dy is None:
                break
        in_order = {layer.name: doutputs[layer.name] for layer in self._layers if layer.name in doutputs}
        return Gradients(dy, {name: dweights[name] for name in self._weights}, in_order)


def _parts(x: Array) -> list[Array]:
    """A long row of pictures in pieces; a short or empty one is one piece."""
    return [x[start : start + PICTURES_AT_ONCE] for start in range(0, max(len(x), 1), PICTURES_AT_ONCE)]


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
