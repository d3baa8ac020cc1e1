"""TensorFlow behind the boundary: a row of Keras layers that trains on data resident on the device."""

import os


os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever a file in the home folder says

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from backends.tensorflow.layers import layer  # noqa: E402
from backends.tensorflow.optimizers import slot_names, update  # noqa: E402
from core.backend import Array, Backend, BackendError, Device, Gradients, Masks, Model, State, Weights  # noqa: E402
from core.experiment import TrainingRecipe  # noqa: E402
from core.network.counting import weight_shapes  # noqa: E402
from core.network.network import Network  # noqa: E402
from core.network.shapes import trace  # noqa: E402


ROWS_AT_ONCE = 1000
"""How many pictures are predicted together: activations of more would only fill the memory."""


class TensorFlowBackend(Backend):
    def devices(self) -> list[Device]:
        return [Device("cpu", "CPU"), *_gpu_devices()]

    def version(self) -> str:
        return tf.__version__

    def build(self, network: Network, weights: Weights, training: TrainingRecipe, device: str = "cpu") -> Model:
        known = [found.id for found in self.devices()]
        if device not in known:
            raise BackendError(f"TensorFlow has no device {device!r} here; it has {', '.join(known)}")
        return TensorFlowModel(network, weights, training, f"/{device}" if ":" in device else f"/{device}:0")


class TensorFlowModel(Model):
    def __init__(self, network: Network, weights: Weights, training: TrainingRecipe, device: str):
        _full_precision()
        self.device, self.optimizer, self.dtype = device, training.optimizer, training.precision
        self.layers, self.weights, self.weight = {}, {}, None
        with tf.device(device):
            for step in trace(network):
                name = step.layer.name
                self.layers[name] = built = layer(step, self.dtype)
                parts = [variable.value for variable in built.weights]
                self.weights |= {f"{name}.{part}": w for part, w in zip(weight_shapes(step), parts, strict=True)}
            self.slots = {
                slot: [tf.Variable(tf.zeros_like(w)) for w in self.weights.values()] for slot in slot_names(self.optimizer)
            }
        self._train = tf.function(self._train, reduce_retracing=True)
        self.restore(State(weights))

    def load(self, x: Array, y: Array, weight: Array | None = None) -> None:
        with tf.device(self.device):
            self.x, self.y = self._inside(x), tf.constant(y, tf.int32)
            self.weight = self._tensor(np.ones(len(y)) if weight is None else weight)

    def steps(self, order: Array, rates: Array, masks: Masks) -> Array:
        with tf.device(self.device):
            data = self.x, self.y, self.weight
            masks = {name: _channels_last(tf.constant(mask)) for name, mask in masks.items()}
            order, rates = tf.constant(order, tf.int32), tf.constant(rates, tf.float64)
            losses = self._train(*data, order, rates, masks, tf.constant(self.step, tf.float64))
        self.step += len(order)
        return losses.numpy()
