"""core's layers in Keras: one small layer a layer, pictures (N, H, W, C) as TensorFlow likes them."""

import keras
import tensorflow as tf
from tensorflow import Tensor

from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.shapes import Step, pads


CHANNELS_LAST = {"data_format": "channels_last"}
"""Said to every layer: Keras would otherwise take it from a file in the home folder."""


def layer(step: Step, dtype: str) -> keras.Layer:
    """The Keras layer for one step of a network. Its weights are not set yet: they come from core."""
    match step.layer:
        case Dense(units=units):
            return keras.layers.Dense(units, dtype=dtype)
        case Conv2D() as conv:
            return Convolution(conv, step.input, dtype=dtype)
        case Pool() as pool:
            return Pooling(pool, dtype=dtype)
        case Activation() as activation:
            return Nonlinearity(activation, dtype=dtype)
        case Flatten():
            return ChannelMajorFlatten(dtype=dtype)
        case Dropout(rate=rate):
            return MaskedDropout(rate, dtype=dtype)
    raise TypeError(f"no TensorFlow layer for {type(step.layer).__name__}")
