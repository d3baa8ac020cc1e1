"""The layer grammar: hypothesis strategies that draw valid and invalid networks of any layers in any order.

A new layer gets an entry in KINDS; a block may draw its inner layers from `some_layers`.
"""

from hypothesis import strategies as st

from core.network.blocks import Branches, Residual
from core.network.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Normal,
    OneOverInOut,
    OneOverOut,
    UniformOverIn,
)
from core.network.layers import (
    Activation,
    BatchNorm,
    Bias,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LocallyConnected,
    Pool,
)
from core.network.network import Network
from core.network.shapes import NetworkError, output_shape


CLASSES = 3

initials = st.one_of(
    st.sampled_from([GlorotUniform(), GlorotNormal(), HeNormal(), HeUniform(), UniformOverIn()]),
    st.builds(Normal, std=st.sampled_from([0.1, 0.5])),
    st.builds(Constant, value=st.sampled_from([-0.5, 0.1])),
    st.builds(OneOverOut, pool_area=st.sampled_from([1, 4])),
    st.builds(OneOverInOut, pool_area=st.sampled_from([1, 4])),
)
biases = st.builds(Normal, std=st.just(0.3))
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
cells = st.integers(0, 2)
paddings = st.one_of(
    st.sampled_from(["valid", "same", "full"]), st.tuples(st.tuples(cells, cells), st.tuples(cells, cells))
)
windows = {
    "filters": st.integers(1, 6),
    "kernel_size": pairs,
    "stride": pairs,
    "padding": paddings,
    "pad_value": st.sampled_from([0.0, -1.0]),
    "bias": st.sampled_from(["per channel", "per unit", "none"]),
    "weights": initials,
    "biases": biases,
}
KINDS = {
    "dense": st.builds(
        Dense, units=st.integers(1, 6), bias=st.sampled_from(["per unit", "none"]), weights=initials, biases=biases
    ),
    "conv2d": st.builds(Conv2D, **windows, dilation=pairs, inputs_per_filter=st.none() | st.integers(1, 4)),
    "locally_connected": st.builds(LocallyConnected, **windows),
    "bias": st.builds(Bias, bias=st.sampled_from(["per channel", "per unit"]), biases=biases),
    "batch_norm": st.builds(
        BatchNorm, momentum=st.sampled_from([0.0, 0.5, 0.99]), epsilon=st.sampled_from([1e-3, 1e-5]), gamma=initials
    ),
    "pool": st.builds(
        Pool,
        mode=st.sampled_from(["max", "average", "sum", "l2"]),
        window=pairs,
        stride=st.none() | pairs,
        padding=st.sampled_from(["valid", "same", "ceil"]),
    ),
    "global_average_pool": st.builds(GlobalAveragePool),
    "activation": st.builds(
        Activation,
        function=st.sampled_from(["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "maxout", "softmax"]),
        slope=st.sampled_from([0.01, 0.3]),
        alpha=st.sampled_from([0.5, 1.0]),
        pieces=st.integers(2, 3),
    ),
    "flatten": st.builds(Flatten),
    "dropout": st.builds(Dropout, rate=st.sampled_from([0.0, 0.3, 0.6])),
}


size_preserving = st.one_of(
    st.builds(
        Conv2D, filters=st.integers(1, 4), kernel_size=pairs, padding=st.just("same"), weights=initials, biases=biases
    ),
    st.builds(
        Pool, mode=st.sampled_from(["max", "average"]), window=pairs, stride=st.just((1, 1)), padding=st.just("same")
    ),
    KINDS["activation"],
    KINDS["batch_norm"],
    KINDS["dropout"],
)
"""Layers that keep height and width: their sums and concatenations usually fit."""


def _residual(layers):
    rows = st.lists(layers, min_size=1, max_size=3)
    return st.builds(Residual, layers=rows, shortcut=st.sampled_from(["identity", "1x1", "1x1"]), weights=initials)


def _branches(layers):
    return st.builds(Branches, rows=st.lists(st.lists(layers, max_size=2), min_size=2, max_size=3))


KINDS["residual"] = st.one_of(
    _residual(size_preserving), _residual(st.one_of(*KINDS.values())), _residual(_branches(size_preserving))
)
KINDS["branches"] = st.one_of(
    _branches(size_preserving), _branches(st.one_of(*KINDS.values())), _branches(_residual(size_preserving))
)


def some_layers(most: int = 5):
    """Any layers in any order, mostly those that take feature maps."""
    on_feature_maps = st.one_of(
        *(KINDS[kind] for kind in KINDS if kind not in ("dense", "flatten", "global_average_pool"))
    )
    return st.lists(
        st.one_of(on_feature_maps, on_feature_maps, on_feature_maps, *KINDS.values()), min_size=1, max_size=most
    )


ends = st.sampled_from(
    [
        [Flatten(), Dense(units=CLASSES)],
        [GlobalAveragePool(), Dense(units=CLASSES)],
        [Flatten(), Dense(units=4, bias="none"), BatchNorm(), Dense(units=CLASSES)],
        [Dense(units=CLASSES)],
        [],
    ]
)
shapes = st.tuples(st.integers(1, 4), st.integers(3, 8), st.integers(3, 8))
as_drawn = st.builds(
    lambda shape, middle, end: Network(input_shape=shape, layers=[*middle, *end]), shapes, some_layers(), ends
)


def fitted(shape, layers) -> Network:
    """The network without the layers that do not fit where they were drawn, and with a trainable output layer."""
    kept: list = []
    for layer in layers:
        try:
            output = output_shape(Network(input_shape=shape, layers=[*kept, layer]))
        except NetworkError:
            continue
        kept.append(layer)
    end = [Dense(units=CLASSES)] if kept and len(output) == 1 else [Flatten(), Dense(units=CLASSES)]
    return Network(input_shape=shape, layers=[*kept, *end])


valid = st.builds(fitted, shapes, some_layers())
networks = st.one_of(as_drawn, valid, valid)
