"""The TensorFlow backend: a network of Keras layers that trains on data held on the device."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, cast

import numpy as np
import tensorflow as tf

from backends.tensorflow.layers import module
from backends.tensorflow.losses import per_sample_loss
from backends.tensorflow.optimizers import Tensor, update
from core.arrays import Array
from core.backend import Backend, BackendError, Device, Gradients, Masks, Model, State, Weights
from core.network.costs import weight_shapes
from core.network.layers import BatchNorm, Dropout
from core.network.network import Network
from core.network.running_statistics import initial_statistics
from core.network.shapes import Step, flat, outline, trace
from core.network.training_order import training_order
from core.numerics.losses import prior_offsets
from core.numerics.optimizers import decays, slot_names
from core.numerics.penalties import by_weight
from core.recipe.training import TrainingRecipe


ROWS_AT_ONCE = 1000
"""The batch size of `predict`: more would only fill the memory with activations."""


class TensorFlowBackend(Backend):
    def __init__(self) -> None:
        for gpu in tf.config.list_physical_devices("GPU"):
            tf.config.experimental.set_memory_growth(gpu, True)  # allocate what is needed instead of all memory

    def devices(self) -> list[Device]:
        return [Device("cpu", "CPU"), *_gpu_devices()]

    def version(self) -> str:
        return cast(str, tf.__version__)

    def build(self, network: Network, weights: Weights, training: TrainingRecipe, device: str = "cpu") -> Model:
        known = [device.id for device in self.devices()]
        if device not in known:
            raise BackendError(f"TensorFlow has no device {device!r} here; it has {', '.join(known)}")
        return TensorFlowModel(network, weights, training, device if ":" in device else f"{device}:0")


class TensorFlowModel(Model):
    def __init__(self, network: Network, weights: Weights, training: TrainingRecipe, device: str):
        _full_precision()
        self.device, self.dtype = device, training.precision
        self.optimizer, self.loss = training.optimizer, training.loss
        self.outline, self.training_order = outline(network), training_order(network)
        self.layers: dict[str, Any] = {}
        self.weights: dict[str, Tensor] = {}
        with tf.device(self.device):
            for step in flat(self.outline):
                name = step.layer.name
                self.layers[name] = layer = module(step, self.dtype)
                parts = zip(weight_shapes(step), layer.weights, strict=True)
                self.weights |= {f"{name}.{part}": weight.value for part, weight in parts}
            self.offsets = tf.Variable(tf.zeros(self.outline[-1].output[0], self.dtype))
            self.slots = {
                slot: [tf.Variable(tf.zeros_like(weight)) for weight in self.weights.values()]
                for slot in slot_names(self.optimizer)
            }
            self.fresh = initial_statistics(network, self.dtype)
            self.statistics = {name: self._running(name) for name in self.fresh}
        self.normalising = {step.layer.name for step in trace(network) if isinstance(step.layer, BatchNorm)}
        self.penalties_for = partial(by_weight, network, training)
        self.penalties = self.penalties_for(0)
        self._signature = _signature(network, self.dtype)
        self.restore(State(weights))

    def load(self, x: Array, y: Array, weight: Array | None = None) -> None:
        with tf.device(self.device):
            weight = np.ones(len(y)) if weight is None else weight
            self.data = self._inside(x), tf.constant(y, tf.int32), tf.constant(weight, self.dtype)
            if (penalties := self.penalties_for(len(y))) != self.penalties:
                self.penalties = penalties
                self.__dict__.pop("_train", None)  # constants of the graph: it has to be traced again
            self.offsets.assign(prior_offsets(self.loss, y, self.offsets.shape[0]))

    def steps(self, order: Array, rates: Array, masks: Masks) -> Array:
        numbers = range(self.step + 1, self.step + 1 + len(order))
        with tf.device(self.device):
            batches, learning_rates = tf.constant(order, tf.int32), tf.constant(rates, tf.float64)
            step_numbers = tf.constant(numbers, tf.float64)
            losses = self._train(self.data, batches, learning_rates, step_numbers, _inside_masks(masks))
        self.step += len(order)
        return cast(Array, losses.numpy())

    def predict(self, x: Array) -> Array:
        starts = range(0, max(len(x), 1), ROWS_AT_ONCE)
        return np.concatenate([self._logits(x[start : start + ROWS_AT_ONCE]) for start in starts])

    def activations(self, x: Array) -> dict[str, Array]:
        with tf.device(self.device):
            return {name: _array(y) for name, y in self._outputs(self._inside(x)).items()}

    def gradients(self, x: Array, seed: Array) -> Gradients:
        weights = self.weights
        with tf.device(self.device), tf.GradientTape() as tape:
            images = self._inside(x)
            tape.watch(images)
            outputs = self._outputs(images)
        *_, logits = outputs.values()
        sources = (images, list(weights.values()), list(outputs.values()))
        dx, dweights, doutputs = tape.gradient(
            logits, sources, tf.constant(seed, self.dtype), tf.UnconnectedGradients.ZERO
        )
        return Gradients(
            _array(dx),
            {name: _weight_out(gradient) for name, gradient in zip(weights, dweights, strict=True)},
            {name: _array(gradient) for name, gradient in zip(outputs, doutputs, strict=True)},
        )

    def state(self) -> State:
        slots = {
            f"{slot}/{name}": _weight_out(values[index])
            for index, name in enumerate(self.weights)
            for slot, values in self.slots.items()
        }
        weights, statistics = (
            {name: _weight_out(value) for name, value in values.items()} for values in (self.weights, self.statistics)
        )
        return State(weights, slots, self.step, statistics=statistics)

    def restore(self, state: State) -> None:
        for name, weight in self.weights.items():
            weight.assign(_fitting(name, state.weights, weight))
        for slot, values in self.slots.items():
            for name, value in zip(self.weights, values, strict=True):
                known = f"{slot}/{name}" in state.slots
                value.assign(_fitting(f"{slot}/{name}", state.slots, value) if known else tf.zeros_like(value))
        statistics = self.fresh | state.statistics
        for name, value in self.statistics.items():
            value.assign(_fitting(name, statistics, value))
        self.step = state.step

    def _running(self, name: str) -> Tensor:
        """The variable of the layer that holds a running statistic."""
        layer, statistic = name.rsplit(".", 1)
        return getattr(self.layers[layer], statistic)

    @cached_property
    def _train(self) -> Callable[..., Tensor]:
        """`_make_steps` as a graph, traced once."""
        function = tf.function(self._make_steps, self._signature, autograph=False)
        return cast(Callable[..., Tensor], function.get_concrete_function())

    def _make_steps(
        self, data: tuple[Tensor, ...], order: Tensor, rates: Tensor, numbers: Tensor, masks: dict[str, Tensor]
    ) -> Tensor:
        """The graph of S steps: a loop inside TensorFlow, so that one graph serves every S and B."""
        return tf.map_fn(
            lambda step: self._make_step(data, *step),
            (order, rates, numbers, masks),
            fn_output_signature=self.dtype,
            parallel_iterations=1,
        )

    def _make_step(
        self, data: tuple[Tensor, ...], rows: Tensor, learning_rate: Tensor, number: Tensor, masks: dict[str, Tensor]
    ) -> Tensor:
        weights = list(self.weights.values())
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            x, y, weight = (tf.gather(column, rows) for column in data)
            loss = self._loss(x, y, weight, masks)
        decaying = [weight for name, weight in self.weights.items() if decays(name)]
        update(self.optimizer, weights, tape.gradient(loss, weights), self.slots, learning_rate, number, decaying)
        return loss

    def _loss(self, x: Tensor, y: Tensor, weight: Tensor, masks: dict[str, Tensor]) -> Tensor:
        x = self._row(self.training_order, x, masks, training=True)
        losses = weight * per_sample_loss(self.loss, x, y, self.offsets)
        loss = tf.reduce_sum(losses) if self.loss.reduction == "sum" else tf.reduce_mean(losses)
        for name, penalty in self.penalties.items():
            w = self.weights[name]
            loss += penalty.l2 / 2 * tf.reduce_sum(w * w) + penalty.l1 * tf.reduce_sum(tf.abs(w))
        return loss

    def _row(
        self,
        steps: tuple[Step, ...],
        x: Tensor,
        masks: dict[str, Tensor],
        outputs: dict[str, Tensor] | None = None,
        training: bool = False,
    ) -> Tensor:
        """x after these steps; stores the output of each in `outputs`."""
        for step in steps:
            y = self._layer(step, x, masks, outputs, training)
            if outputs is not None:
                outputs[step.layer.name] = y = tf.identity(y)  # keeps its gradient separate even if y is x
            x = y
        return x

    def _layer(
        self,
        step: Step,
        x: Tensor,
        masks: dict[str, Tensor],
        outputs: dict[str, Tensor] | None,
        training: bool,
    ) -> Tensor:
        name, layer = step.layer.name, self.layers[step.layer.name]
        if step.rows:
            return layer([self._row(row, x, masks, outputs, training) for row in step.rows])
        if name in self.normalising:
            return layer(x, training=training)
        return layer(x, masks[name]) if name in masks else layer(x)

    def _outputs(self, x: Tensor) -> dict[str, Tensor]:
        outputs: dict[str, Tensor] = {}
        self._row(self.outline, x, {}, outputs)
        return outputs

    def _logits(self, x: Array) -> Array:
        with tf.device(self.device):
            return cast(Array, self._row(self.outline, self._inside(x), {}).numpy())

    def _inside(self, x: Array) -> Tensor:
        """(N, C, H, W) -> (N, H, W, C)"""
        return tf.constant(np.moveaxis(x, 1, -1), self.dtype)


def _inside_masks(masks: Masks) -> dict[str, Tensor]:
    """(S, B, C, H, W) -> (S, B, H, W, C)"""
    return {name: tf.constant(np.moveaxis(mask, 2, -1)) for name, mask in masks.items()}


def _array(tensor: Tensor) -> Array:
    """(N, H, W, C) -> (N, C, H, W); (N, D) stays."""
    return np.ascontiguousarray(np.moveaxis(tensor.numpy(), -1, 1))


def _weight_in(weight: Array) -> Array:
    """Kernels (out, in, kh, kw) -> (kh, kw, in, out), also those of a locally connected layer; dense weights
    (out, in) -> (in, out); a bias per unit (C, H, W) -> (H, W, C); vectors stay."""
    if weight.ndim == 3:
        return np.moveaxis(weight, 0, -1)
    return np.moveaxis(weight, (0, 1), (-1, -2)) if weight.ndim > 1 else weight


def _weight_out(weight: Tensor) -> Array:
    """The inverse of `_weight_in`."""
    values = weight.numpy()
    if values.ndim > 1:
        values = np.moveaxis(values, -1, 0) if values.ndim == 3 else np.moveaxis(values, (-1, -2), (0, 1))
    return np.ascontiguousarray(values).copy()


def _fitting(name: str, arrays: dict[str, Array], own: Tensor) -> Array:
    """arrays[name] in TensorFlow's layout. Raises BackendError if it is missing or its shape differs from `own`."""
    if name not in arrays:
        raise BackendError(f"this state has no {name!r}: it belongs to another network")
    if arrays[name].shape != (shape := _weight_out(own).shape):
        raise BackendError(f"{name!r} has the shape {arrays[name].shape} in this state, but {shape} in this network")
    return _weight_in(arrays[name]).astype(own.dtype.as_numpy_dtype)


def _signature(network: Network, dtype: str) -> list[Any]:
    """The inputs of the training graph; the numbers of images, of steps and of images per step are left open."""
    channels, height, width = network.input_shape
    data = (
        tf.TensorSpec([None, height, width, channels], dtype),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], dtype),
    )
    masks = {
        step.layer.name: tf.TensorSpec([None, None, *step.output[1:], step.output[0]], tf.bool)
        for step in trace(network)
        if isinstance(step.layer, Dropout)
    }
    return [data, tf.TensorSpec([None, None], tf.int32), *[tf.TensorSpec([None], tf.float64)] * 2, masks]


def _full_precision() -> None:
    """Turn NVIDIA's TF32 off: it keeps only 10 of float32's 23 mantissa bits, and experiments ask for float32."""
    tf.config.experimental.enable_tensor_float_32_execution(False)


def _gpu_devices() -> list[Device]:
    """Without their memory, which TensorFlow does not report."""
    gpus = tf.config.list_physical_devices("GPU")
    names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus]
    return [Device(f"gpu:{i}", name) for i, name in enumerate(names)]


BACKEND = TensorFlowBackend()
